"""Attempts in SQLite, readable by their owner alone."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from voicecoach.errors import HistoryError
from voicecoach.history.copies import databases_beside, delete_copies
from voicecoach.history.database import Database
from voicecoach.history.failures import damaged, history_failures
from voicecoach.history.measures import read_heard, read_measures
from voicecoach.history.migrations import STANDINGS
from voicecoach.history.records import (
    Attempt,
    AttemptRow,
    CorrectedAttempt,
    NewAttempt,
    Standing,
    TakeMeasures,
)
from voicecoach.history.soundness import damage_in
from voicecoach.history.values import (
    MAX_VALUE_BYTES,
    UNREADABLE,
    naming,
    read_count,
    read_number,
    read_text,
    read_time,
    read_words,
    text_if_any,
    time_text,
    unreadable,
)
from voicecoach.scoring.card import ScoreCard
from voicecoach.scoring.contract import corrections_from_json, from_json, to_json
from voicecoach.scoring.corrections import corrections_of, fixed
from voicecoach.transcript import EngineInfo, Span, Transcript

_LARGEST_ID = 2**63 - 1

_WHOLE = """
    SELECT a.id, a.question_id, a.take_id, a.started_at, a.engine,
           t.language, t.duration_s, t.engine_model, t.engine_note, t.words, t.speech, c.card
    FROM attempts a JOIN transcripts t ON t.attempt_id = a.id JOIN cards c ON c.attempt_id = a.id
"""

_ROWS = """
    SELECT id, question_id, take_id, started_at, engine, duration_s, overall, cue,
           EXISTS (SELECT 1 FROM corrections WHERE attempt_id = id)
    FROM attempts
"""

# A CROSS JOIN keeps SQLite from walking over all attempts to save itself the sorting of a few.
CORRECTED = """
    SELECT a.id, a.question_id, a.started_at, c.corrections
    FROM corrections c CROSS JOIN attempts a ON a.id = c.attempt_id ORDER BY a.started_at DESC, a.id DESC
"""

_STANDINGS = "SELECT question_id, attempts, last, best, last_at FROM standings"

_LAST_BEFORE = "SELECT question_id, MAX(started_at) FROM attempts WHERE started_at < ? GROUP BY question_id"

_BEFORE = """
    WHERE a.question_id = ? AND (a.started_at, a.id) < (?, ?) ORDER BY a.started_at DESC, a.id DESC LIMIT 1
"""

_BEST_OF_OTHERS = """
    WHERE a.question_id = ? AND a.id <> ? ORDER BY a.overall DESC, a.started_at DESC, a.id DESC LIMIT 1
"""

# Places in the list come back, not ids: a folder's name need not be text that SQLite can return.
_KNOWN_TAKES = "SELECT key FROM json_each(?) WHERE EXISTS (SELECT 1 FROM attempts WHERE take_id = value)"


UNKNOWN_TIME = datetime.fromtimestamp(0, UTC)
"""Stands in lists where an attempt's start cannot be read."""


class SqliteHistory:
    """The history in one SQLite file (see records.History).

    An attempt that `add` has returned is on disk, even if the power goes the next moment.

    Args:
        file: Made when it does not exist, with its folder; both readable by the owner alone.

    Attributes:
        database: For what else is kept in the same file.

    Raises:
        HistoryError: The file cannot be opened, is damaged, or was written by a newer voicecoach.
    """

    def __init__(self, file: Path) -> None:
        self.database = Database(file)
        # Home asks for the standings whenever it shows, mostly with one question changed or none.
        self._standings: dict[str, Standing] = {}
        self._standings_version: int | None = None
        self._stale: set[str] = set()

    def add(self, attempt: NewAttempt) -> Attempt:
        """Keep an attempt: transcript and card in one transaction.

        Returns:
            The attempt as it will be read back: the card's numbers are rounded as in its JSON.
        """
        transcript = attempt.transcript
        with self.database.telling(), self.database.transaction() as connection:
            card_json = to_json(attempt.card)
            card = from_json(card_json)
            started_at = attempt.started_at.astimezone(UTC)
            cursor = connection.execute(
                "INSERT INTO attempts (question_id, take_id, started_at, engine, duration_s, overall, cue)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    attempt.question_id,
                    attempt.take_id,
                    time_text(started_at),
                    transcript.engine.name,
                    card.duration_s,
                    card.overall,
                    card.cue,
                ),
            )
            attempt_id = cursor.lastrowid
            assert attempt_id is not None  # noqa: S101 - an INSERT always has one
            connection.execute(
                "INSERT INTO transcripts VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    attempt_id,
                    transcript.language,
                    transcript.duration_s,
                    transcript.engine.model,
                    transcript.engine.note,
                    json.dumps([[w.text, w.start_s, w.end_s, w.probability] for w in transcript.words]),
                    json.dumps([[span.start_s, span.end_s] for span in attempt.speech]),
                ),
            )
            connection.execute("INSERT INTO cards VALUES (?, ?)", (attempt_id, card_json))
            self._stale.add(attempt.question_id)
        return Attempt(
            attempt_id,
            attempt.question_id,
            attempt.take_id,
            started_at,
            transcript,
            attempt.speech,
            card,
        )

    def get(self, attempt_id: int) -> Attempt | None:
        """One whole attempt, or None when there is none with that id."""
        if not 0 < attempt_id <= _LARGEST_ID:
            return None
        return self._first("WHERE a.id = ?", attempt_id)

    def rows(
        self, question_ids: Sequence[str] | None = None, limit: int | None = None
    ) -> tuple[AttemptRow, ...]:
        """Attempts, newest first, of some questions or of all."""
        where = "" if question_ids is None else " WHERE question_id IN (SELECT value FROM json_each(?))"
        values = [] if question_ids is None else [json.dumps(question_ids)]
        order = " ORDER BY started_at DESC, id DESC LIMIT ?"
        with self.database.telling():
            found = self.database.connection.execute(
                _ROWS + where + order, (*values, -1 if limit is None else limit)
            ).fetchall()
            return tuple(self._row(row) for row in found)

    def attempt_ids(self, begin: datetime | None = None, end: datetime | None = None) -> tuple[int, ...]:
        """Attempts that began from `begin` on and before `end`, oldest first."""
        bounds = [
            (condition, time_text(moment))
            for condition, moment in (("started_at >= ?", begin), ("started_at < ?", end))
            if moment is not None
        ]
        where = " WHERE " + " AND ".join(condition for condition, _ in bounds) if bounds else ""
        with self.database.telling():
            found = self.database.connection.execute(
                f"SELECT id FROM attempts{where} ORDER BY started_at, id",  # noqa: S608 - fixed text
                [moment for _, moment in bounds],
            )
            return tuple(row[0] for row in found)

    def standings(self) -> dict[str, Standing]:
        """Last and best per question id."""
        with self.database.telling():
            # It changes when any other connection has written; what this one wrote is in _stale.
            version = self.database.connection.execute("PRAGMA data_version").fetchone()[0]
            if version != self._standings_version:
                self._standings = self._read_standings("")
                self._standings_version = version
            else:
                for question_id in self._stale:
                    self._standings.pop(question_id, None)
                    self._standings |= self._read_standings(" WHERE question_id = ?", question_id)
            self._stale.clear()
            return dict(self._standings)

    def last_before(self, moment: datetime) -> dict[str, datetime]:
        """When each question was last asked before a moment, in UTC, by question id."""
        found = {}
        with self.database.telling():
            for question_id, started_at in self.database.connection.execute(
                _LAST_BEFORE, (time_text(moment),)
            ):
                with suppress(*UNREADABLE):
                    found[read_text(question_id)] = read_time(started_at)
        return found

    def measures(
        self, limit: int, question_ids: Sequence[str] | None = None, since: datetime | None = None
    ) -> tuple[TakeMeasures, ...]:
        """Numbers of the newest attempts on whole questions, newest first."""
        return read_measures(self.database, limit, question_ids, since)

    def heard(self, limit: int) -> tuple[Transcript, ...]:
        """What was heard in the newest spoken attempts on whole questions, newest first."""
        return read_heard(self.database, limit)

    def before(self, attempt: Attempt) -> Attempt | None:
        """The newest of the attempts on the same question that are older than this one, or None."""
        upto = (time_text(attempt.started_at), attempt.id or _LARGEST_ID)
        return self._first(_BEFORE, attempt.question_id, *upto)

    def best_of_others(self, attempt: Attempt) -> Attempt | None:
        """The highest overall number on the same question, this attempt left out; the newest of equals."""
        return self._first(_BEST_OF_OTHERS, attempt.question_id, attempt.id)

    def correct(self, attempt: Attempt, card: ScoreCard) -> Attempt:
        """Put a corrected card in the place of an attempt's card, with its number and its cue."""
        with self.database.telling(), self.database.transaction() as connection:
            stored = connection.execute(
                "SELECT card FROM cards WHERE attempt_id = ?", (attempt.id,)
            ).fetchone()
            with naming(self.database.file, attempt.id):
                is_same = (
                    stored is not None and from_json(read_text(stored[0], MAX_VALUE_BYTES)) == attempt.card
                )
            if not is_same:
                done = "deleted" if stored is None else "corrected"
                raise HistoryError(
                    f"This answer has been {done} in another window meanwhile.", "Open it again."
                )
            card_json = to_json(card)
            connection.execute("UPDATE cards SET card = ? WHERE attempt_id = ?", (card_json, attempt.id))
            connection.execute(
                "UPDATE attempts SET overall = ?, cue = ? WHERE id = ?", (card.overall, card.cue, attempt.id)
            )
            self._stale.add(attempt.question_id)
        kept = self.get(attempt.id)
        if kept is None:
            raise HistoryError("This answer has been deleted in another window meanwhile.")
        return kept

    def corrected(self) -> tuple[CorrectedAttempt, ...]:
        """Every attempt that has corrections, newest first."""
        with self.database.telling():
            found = []
            for row in self.database.connection.execute(CORRECTED):
                # One that cannot be read must not keep the others from being heeded.
                with suppress(HistoryError):
                    found.append(self._corrected(row))
            return tuple(found)

    def delete(self, *attempt_ids: int) -> None:
        """Forget attempts, all or none: transcripts and cards together. The caller deletes their takes.

        What was written is overwritten on disk, and the copies beside the history go. An id that is not there
        changes nothing.
        """
        ids = [(attempt_id,) for attempt_id in attempt_ids if 0 < attempt_id <= _LARGEST_ID]
        if not ids:
            return
        with self.database.telling():
            with self.database.transaction() as connection:
                before = connection.total_changes
                connection.executemany("DELETE FROM attempts WHERE id = ?", ids)
                self._standings_version = None
                if connection.total_changes > before:
                    # What is forgotten must not stay in a backup, nor in a damaged database beside it: those
                    # cannot be changed in part. Gone before the commit, they never outlive it.
                    delete_copies(self.database.file)
            # The write-ahead log holds the old pages until it is folded into the database; where another
            # process is reading, the next checkpoint does it.
            with suppress(sqlite3.OperationalError):
                self.database.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()

    def known_takes(self, take_ids: Sequence[str]) -> frozenset[str]:
        """Those of these takes that belong to an attempt."""
        with self.database.telling():
            found = self.database.connection.execute(_KNOWN_TAKES, (json.dumps(take_ids),))
            return frozenset(take_ids[row[0]] for row in found)

    def count_copies(self) -> int:
        """How many backups there are, and damaged databases that a repair set aside."""
        with history_failures(self.database.file):
            return len(databases_beside(self.database.file))

    def delete_copies(self) -> int:
        """Delete backups, and damaged databases that a repair set aside; returns how many there were."""
        with history_failures(self.database.file):
            return delete_copies(self.database.file)

    def check(self) -> None:
        """Read the whole database, over a connection of its own: nobody waits for it."""
        with history_failures(self.database.file):
            damage = damage_in(self.database.file, "quick_check")
        if damage:
            raise damaged(self.database.file, damage)

    def close(self) -> None:
        """Close the database. A second call changes nothing."""
        self.database.close()

    def _read_standings(self, which: str, *values: str) -> dict[str, Standing]:
        rows = self.database.connection.execute(_STANDINGS + which, values).fetchall()
        standings = _standings(rows)
        return standings if len(standings) == len(rows) else self._standings_anew()

    def _standings_anew(self) -> dict[str, Standing]:
        """Made from the attempts, and kept: where a row cannot be read they still know better."""
        connection = self.database.connection
        anew = connection.execute(STANDINGS).fetchall()
        # A row that a damaged attempt has spoilt stays so: writing it again would help nobody.
        if set(anew) != set(connection.execute(_STANDINGS)):
            # Somebody else may be writing, or the disk be full: then it is kept another time.
            with suppress(sqlite3.OperationalError), self.database.transaction():
                connection.execute("DELETE FROM standings")
                # Damaged attempts may have nothing where the table wants something.
                connection.execute(f"INSERT OR IGNORE INTO standings {STANDINGS}")
        return _standings(anew)

    def _first(self, which: str, *values: object) -> Attempt | None:
        with self.database.telling():
            row = self.database.connection.execute(_WHOLE + which, values).fetchone()
            return None if row is None else self._attempt(row)

    def _row(self, row: tuple[Any, ...]) -> AttemptRow:
        """One that cannot be read is in the list all the same, so that it is seen and can be deleted."""
        (attempt_id, question_id, take_id, started_at, engine, duration_s, overall, cue, corrected) = row
        try:
            return AttemptRow(
                id=attempt_id,
                question_id=read_text(question_id),
                take_id=None if take_id is None else read_text(take_id),
                started_at=read_time(started_at),
                engine=read_text(engine),
                duration_s=read_number(duration_s),
                overall=read_number(overall),
                cue=read_text(cue),
                corrected=bool(corrected),
            )
        except UNREADABLE as error:
            asked, take = (text_if_any(value) for value in (question_id, take_id))
            why = unreadable(self.database.file, attempt_id, error).message
            return AttemptRow(attempt_id, asked or "", take, UNKNOWN_TIME, "", 0.0, 0.0, cue=why)

    def _attempt(self, row: tuple[Any, ...]) -> Attempt:
        (attempt_id, question_id, take_id, started_at, engine, *rest) = row
        (language, duration_s, engine_model, engine_note, words, speech, card) = rest
        with naming(self.database.file, attempt_id):
            card_kept = from_json(read_text(card, MAX_VALUE_BYTES))
            heard = Transcript(
                words=read_words(words),
                language=read_text(language),
                duration_s=read_number(duration_s),
                engine=EngineInfo(read_text(engine), read_text(engine_model), read_text(engine_note)),
            )
            fixes = corrections_of(card_kept).fixes
            return Attempt(
                id=attempt_id,
                question_id=read_text(question_id),
                take_id=None if take_id is None else read_text(take_id),
                started_at=read_time(started_at),
                transcript=fixed(heard, fixes),
                speech=tuple(
                    Span(read_number(start_s), read_number(end_s))
                    for start_s, end_s in json.loads(read_text(speech, MAX_VALUE_BYTES))
                ),
                card=card_kept,
                heard=heard if fixes else None,
            )

    def _corrected(self, row: tuple[Any, ...]) -> CorrectedAttempt:
        (attempt_id, question_id, started_at, corrections) = row
        with naming(self.database.file, attempt_id):
            found = corrections_from_json(read_text(corrections, MAX_VALUE_BYTES))
            for ruling in found.rulings:
                read_time(ruling.made_at)
            return CorrectedAttempt(attempt_id, read_text(question_id), read_time(started_at), found)


def _standings(rows: Iterable[tuple[Any, ...]]) -> dict[str, Standing]:
    """Those that can be read: one that an unreadable attempt has spoilt hides no other."""
    found = {}
    for question_id, attempts, last, best, last_at in rows:
        with suppress(*UNREADABLE):
            found[question_id] = Standing(
                read_text(question_id),
                read_count(attempts),
                read_number(last),
                read_number(best),
                read_time(last_at),
            )
    return found
