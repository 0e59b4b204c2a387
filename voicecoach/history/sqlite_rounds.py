"""Rounds in the history's database."""

import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from voicecoach.errors import HistoryError
from voicecoach.history.database import Database
from voicecoach.history.rounds import ASKED_AS, AskedAs, RoundAnswer, RoundRun
from voicecoach.history.values import read_text, read_time, time_text

_GONE = "This round has been deleted in another window meanwhile."

_ANSWERS = """
    SELECT id, place, asked_as, question_id, take_id, attempt_id, is_passed FROM round_answers
    WHERE run_id = ? ORDER BY place, id
"""


class SqliteRounds:
    """Rounds in the history's database (see RoundStore).

    Args:
        database: The history's, open.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, round_id: str, question_ids: Sequence[str], started_at: datetime) -> RoundRun:
        """Keep a new round with its questions, all waiting."""
        with self._database.telling():
            with self._database.transaction() as connection:
                began = connection.execute(
                    "INSERT INTO rounds (round_id, started_at) VALUES (?, ?)",
                    (round_id, time_text(started_at)),
                )
                run_id = began.lastrowid
                assert run_id is not None  # noqa: S101 - an INSERT always has one
                connection.executemany(
                    "INSERT INTO round_answers (run_id, place, asked_as, question_id)"
                    " VALUES (?, ?, 'question', ?)",
                    [(run_id, place, question_id) for place, question_id in enumerate(question_ids)],
                )
            kept = self.get(run_id)
            if kept is None:
                raise HistoryError(_GONE)
            return kept

    def get(self, run_id: int) -> RoundRun | None:
        """One round, or None when there is none with that id."""
        with self._database.telling():
            row = self._database.connection.execute(
                "SELECT id, round_id, started_at, ended_at FROM rounds WHERE id = ?", (run_id,)
            ).fetchone()
            try:
                return None if row is None else self._run(row)
            except (ValueError, TypeError) as error:
                raise HistoryError(
                    f"{self._database.file}: round {run_id} cannot be read.",
                    "Its answers are in the history.",
                ) from error

    def runs(self, limit: int | None = None) -> tuple[RoundRun, ...]:
        """The newest rounds; one that cannot be read is passed over, its attempts are in the history."""
        with self._database.telling():
            rows = self._database.connection.execute(
                "SELECT id, round_id, started_at, ended_at FROM rounds"
                " ORDER BY started_at DESC, id DESC LIMIT ?",
                (-1 if limit is None else limit,),
            ).fetchall()
            found = []
            for row in rows:
                with suppress(ValueError, TypeError):
                    found.append(self._run(row))
            return tuple(found)

    def add(self, run_id: int, place: int, asked_as: AskedAs, question_id: str) -> RoundAnswer:
        """Keep that something more is asked."""
        with self._database.telling(), self._database.transaction() as connection:
            if connection.execute("SELECT 1 FROM rounds WHERE id = ?", (run_id,)).fetchone() is None:
                raise HistoryError(_GONE)
            added = connection.execute(
                "INSERT INTO round_answers (run_id, place, asked_as, question_id) VALUES (?, ?, ?, ?)",
                (run_id, place, asked_as, question_id),
            )
            assert added.lastrowid is not None  # noqa: S101 - an INSERT always has one
            return RoundAnswer(added.lastrowid, place, asked_as, question_id)

    def take(self, answer_id: int, take_id: str | None) -> None:
        """Keep which take answers; None makes it wait for an answer again."""
        self._change("UPDATE round_answers SET take_id = ? WHERE id = ?", take_id, answer_id)

    def judge(self, answer_id: int, attempt_id: int) -> None:
        """Keep which attempt answers."""
        self._change("UPDATE round_answers SET attempt_id = ? WHERE id = ?", attempt_id, answer_id)

    def pass_over(self, answer_id: int) -> None:
        """Keep that the person passed."""
        self._change("UPDATE round_answers SET is_passed = 1 WHERE id = ?", answer_id)

    def end(self, run_id: int, ended_at: datetime) -> None:
        """Close a round; what is still waiting stays without an answer."""
        self._change("UPDATE rounds SET ended_at = ? WHERE id = ?", time_text(ended_at), run_id)

    def delete(self, run_ids: Sequence[int] = (), answer_ids: Sequence[int] = ()) -> None:
        """Forget rounds, and single answers of others; the attempts stay."""
        with self._database.telling():
            with self._database.transaction() as connection:
                connection.executemany("DELETE FROM rounds WHERE id = ?", [(each,) for each in run_ids])
                connection.executemany(
                    "DELETE FROM round_answers WHERE id = ?", [(each,) for each in answer_ids]
                )
            self._fold_log()

    def clear(self) -> None:
        """Forget every round, those that cannot be read included; the attempts stay."""
        with self._database.telling():
            with self._database.transaction() as connection:
                connection.execute("DELETE FROM rounds")
                connection.execute("DELETE FROM round_answers")
            self._fold_log()

    def _fold_log(self) -> None:
        """The write-ahead log holds the old pages until then; another process that reads puts it off."""
        with suppress(sqlite3.OperationalError):
            self._database.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()

    def _change(self, statement: str, *values: object) -> None:
        with self._database.telling(), self._database.transaction() as connection:
            if not connection.execute(statement, values).rowcount:
                raise HistoryError(_GONE)

    def _run(self, row: Sequence[Any]) -> RoundRun:
        run_id, round_id, started_at, ended_at = row
        answers = self._database.connection.execute(_ANSWERS, (run_id,)).fetchall()
        return RoundRun(
            id=run_id,
            round_id=read_text(round_id),
            started_at=read_time(started_at),
            ended_at=None if ended_at is None else read_time(ended_at),
            answers=tuple(_answer(each) for each in answers),
        )


def _answer(row: Sequence[Any]) -> RoundAnswer:
    answer_id, place, asked_as, question_id, take_id, attempt_id, is_passed = row
    if asked_as not in ASKED_AS or not all(isinstance(each, int) for each in (place, is_passed)):
        raise ValueError("a row that nothing here has written")
    return RoundAnswer(
        id=answer_id,
        place=place,
        asked_as=asked_as,
        question_id=read_text(question_id),
        take_id=None if take_id is None else read_text(take_id),
        attempt_id=attempt_id if isinstance(attempt_id, int) else None,
        is_passed=bool(is_passed),
    )
