"""Attempts in SQLite, readable by their owner alone."""

import json
import os
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from voicecoach.errors import HistoryError
from voicecoach.history.copies import delete_copies, sign_of_repair
from voicecoach.history.failures import damaged, history_failures
from voicecoach.history.migrations import migrate
from voicecoach.history.records import Attempt, AttemptRow, NewAttempt, Standing
from voicecoach.history.soundness import damage_in, look_for_tables
from voicecoach.outside import one_line, quoted
from voicecoach.private import make_private_folder
from voicecoach.scoring.contract import LARGEST_NUMBER, LONGEST_TEXT, from_json, to_json
from voicecoach.transcript import EngineInfo, Span, Transcript, Word

_BUSY_TIMEOUT_MS = 10_000
_RETRY_S = 0.02
_LARGEST_ID = 2**63 - 1
_MAX_VALUE_BYTES = 16_000_000
"""Of a text in the database; two hours of speech are 2 MB."""

_WHOLE = """
    SELECT a.id, a.question_id, a.take_id, a.started_at, a.engine,
           t.language, t.duration_s, t.engine_model, t.engine_note, t.words, t.speech, c.card
    FROM attempts a JOIN transcripts t ON t.attempt_id = a.id JOIN cards c ON c.attempt_id = a.id
"""

_ROWS = "SELECT id, question_id, take_id, started_at, engine, duration_s, overall, cue FROM attempts"

_STANDINGS = "SELECT question_id, attempts, last, best, last_at FROM standings"

_BEFORE = """
    WHERE a.question_id = ? AND (a.started_at, a.id) < (?, ?) ORDER BY a.started_at DESC, a.id DESC LIMIT 1
"""

_BEST_OF_OTHERS = """
    WHERE a.question_id = ? AND a.id <> ? ORDER BY a.overall DESC, a.started_at DESC, a.id DESC LIMIT 1
"""

# Places in the list come back, not ids: a folder's name need not be text that SQLite can return.
_KNOWN_TAKES = "SELECT key FROM json_each(?) WHERE EXISTS (SELECT 1 FROM attempts WHERE take_id = value)"


class SqliteHistory:
    """The history in one SQLite file (see records.History).

    Threads take turns; processes wait for one another.

    An attempt that `add` has returned is on disk, even if the power goes the next moment.

    Args:
        file: Made when it does not exist, with its folder; both readable by the owner alone.

    Raises:
        HistoryError: The file cannot be opened, is damaged, or was written by a newer voicecoach.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.RLock()
        # Home asks for the standings whenever it shows, mostly with one question changed or none.
        self._standings: dict[str, Standing] = {}
        self._standings_version: int | None = None
        self._stale: set[str] = set()
        with self._telling():
            _make_private(file)
            _refuse_unopenable(file)
            found = file.stat()
            self._connection = sqlite3.connect(
                file, timeout=_BUSY_TIMEOUT_MS / 1000, isolation_level=None, check_same_thread=False
            )
            try:
                self._prepare()
                _refuse_replaced(file, found)
            except BaseException:
                self._connection.close()
                raise

    def add(self, attempt: NewAttempt) -> Attempt:
        """Keep an attempt: transcript and card in one transaction.

        Returns:
            The attempt as it will be read back: the card's numbers are rounded as in its JSON.
        """
        transcript = attempt.transcript
        with self._telling(), self._transaction() as connection:
            card_json = to_json(attempt.card)
            card = from_json(card_json)
            started_at = attempt.started_at.astimezone(UTC)
            cursor = connection.execute(
                "INSERT INTO attempts (question_id, take_id, started_at, engine, duration_s, overall, cue)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    attempt.question_id,
                    attempt.take_id,
                    _text_of(started_at),
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
        with self._telling():
            found = self._connection.execute(
                _ROWS + where + order, (*values, -1 if limit is None else limit)
            ).fetchall()
            return tuple(self._row(row) for row in found)

    def standings(self) -> dict[str, Standing]:
        """Last and best per question id."""
        with self._telling():
            # It changes when any other connection has written; what this one wrote is in _stale.
            version = self._connection.execute("PRAGMA data_version").fetchone()[0]
            if version != self._standings_version:
                self._standings = self._read_standings("")
                self._standings_version = version
            else:
                for question_id in self._stale:
                    self._standings.pop(question_id, None)
                    self._standings |= self._read_standings(" WHERE question_id = ?", question_id)
            self._stale.clear()
            return dict(self._standings)

    def before(self, attempt: Attempt) -> Attempt | None:
        """The newest of the attempts on the same question that are older than this one, or None."""
        upto = (_text_of(attempt.started_at), attempt.id or _LARGEST_ID)
        return self._first(_BEFORE, attempt.question_id, *upto)

    def best_of_others(self, attempt: Attempt) -> Attempt | None:
        """The highest overall number on the same question, this attempt left out; the newest of equals."""
        return self._first(_BEST_OF_OTHERS, attempt.question_id, attempt.id)

    def delete(self, *attempt_ids: int) -> None:
        """Forget attempts, all or none: transcripts and cards together. The caller deletes their takes.

        What was written is overwritten on disk, and the copies beside the history go. An id that is not there
        changes nothing.
        """
        ids = [(attempt_id,) for attempt_id in attempt_ids if 0 < attempt_id <= _LARGEST_ID]
        if not ids:
            return
        with self._telling():
            with self._transaction() as connection:
                before = connection.total_changes
                for one in ids:
                    found = connection.execute("SELECT question_id FROM attempts WHERE id = ?", one)
                    self._stale |= {row[0] for row in found}
                    connection.execute("DELETE FROM attempts WHERE id = ?", one)
                if connection.total_changes > before:
                    # What is forgotten must not stay in a backup, nor in a damaged database beside it: those
                    # cannot be changed in part. Gone before the commit, they never outlive it.
                    delete_copies(self._file)
            # The write-ahead log holds the old pages until it is folded into the database; where another
            # process is reading, the next checkpoint does it.
            with suppress(sqlite3.OperationalError):
                self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()

    def known_takes(self, take_ids: Sequence[str]) -> frozenset[str]:
        """Those of these takes that belong to an attempt."""
        with self._telling():
            found = self._connection.execute(_KNOWN_TAKES, (json.dumps(take_ids),))
            return frozenset(take_ids[row[0]] for row in found)

    def delete_copies(self) -> int:
        """Delete backups, and damaged databases that a repair set aside; returns how many there were."""
        with history_failures(self._file):
            return delete_copies(self._file)

    def check(self) -> None:
        """Read the whole database, over a connection of its own: nobody waits for it."""
        with history_failures(self._file):
            damage = damage_in(self._file, "quick_check")
        if damage:
            raise damaged(self._file, damage)

    def close(self) -> None:
        """Close the database. A second call changes nothing."""
        with self._telling():
            self._connection.close()

    def _prepare(self) -> None:
        connection = self._connection
        # What somebody else has put into the file must not fill the memory.
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MAX_VALUE_BYTES)
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA secure_delete = ON").fetchone()
        self._switch_to_wal()
        connection.execute("PRAGMA synchronous = FULL")
        migrate(connection, self._file)
        try:
            look_for_tables(connection)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_ERROR:
                raise damaged(self._file, error) from error
            raise

    def _switch_to_wal(self) -> None:
        """Each process that first opens a new file wants this switch, and needs the lock the others hold.

        SQLite's own time-out does not cover it: two that wait for each other are refused at once.
        """
        deadline = time.monotonic() + _BUSY_TIMEOUT_MS / 1000
        while self._connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            try:
                self._connection.execute("PRAGMA journal_mode = WAL").fetchone()
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                    raise
                time.sleep(_RETRY_S)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield self._connection
            self._connection.execute("COMMIT")
        except BaseException:
            # A failed COMMIT may have ended the transaction by itself.
            with suppress(sqlite3.OperationalError):
                self._connection.execute("ROLLBACK")
            raise

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """One thread at a time, and every failure as a HistoryError."""
        with history_failures(self._file), self._lock:
            yield

    def _read_standings(self, which: str, *values: str) -> dict[str, Standing]:
        return {
            row[0]: Standing(_text(row[0]), row[1], _number(row[2]), _number(row[3]), _time_of(row[4]))
            for row in self._connection.execute(_STANDINGS + which, values)
        }

    def _first(self, which: str, *values: object) -> Attempt | None:
        with self._telling():
            row = self._connection.execute(_WHOLE + which, values).fetchone()
            return None if row is None else self._attempt(row)

    def _row(self, row: tuple[Any, ...]) -> AttemptRow:
        (attempt_id, question_id, take_id, started_at, engine, duration_s, overall, cue) = row
        with self._naming(attempt_id):
            return AttemptRow(
                id=attempt_id,
                question_id=_text(question_id),
                take_id=None if take_id is None else _text(take_id),
                started_at=_time_of(started_at),
                engine=_text(engine),
                duration_s=_number(duration_s),
                overall=_number(overall),
                cue=_text(cue),
            )

    def _attempt(self, row: tuple[Any, ...]) -> Attempt:
        (attempt_id, question_id, take_id, started_at, engine, *rest) = row
        (language, duration_s, engine_model, engine_note, words, speech, card) = rest
        with self._naming(attempt_id):
            return Attempt(
                id=attempt_id,
                question_id=_text(question_id),
                take_id=None if take_id is None else _text(take_id),
                started_at=_time_of(started_at),
                transcript=Transcript(
                    words=tuple(
                        Word(_text(text), _number(start_s), _number(end_s), _number(probability))
                        for text, start_s, end_s, probability in json.loads(_text(words, _MAX_VALUE_BYTES))
                    ),
                    language=_text(language),
                    duration_s=_number(duration_s),
                    engine=EngineInfo(_text(engine), _text(engine_model), _text(engine_note)),
                ),
                speech=tuple(
                    Span(_number(start_s), _number(end_s))
                    for start_s, end_s in json.loads(_text(speech, _MAX_VALUE_BYTES))
                ),
                card=from_json(_text(card, _MAX_VALUE_BYTES)),
            )

    @contextmanager
    def _naming(self, attempt_id: object) -> Iterator[None]:
        """Whatever cannot be read is a fault of that attempt."""
        try:
            yield
        except (ValueError, TypeError, OverflowError, RecursionError) as error:
            raise HistoryError(
                f"{self._file}: attempt {attempt_id} cannot be read: {one_line(error)}.",
                "Delete that attempt, or score its recording again.",
            ) from error


def _text(value: object, longest: int = LONGEST_TEXT) -> str:
    """A column's text; any column may hold anything, whatever its declared type."""
    if not isinstance(value, str):
        raise TypeError(f"{quoted(value)} stands where text should be")
    if len(value) > longest:
        raise ValueError(f"a text of {len(value):,} characters is beyond all measure")
    value.encode()  # half of a character, which JSON can smuggle in, cannot be shown
    return value


def _number(value: object) -> float:
    """A column's number of seconds or score."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= LARGEST_NUMBER:
        raise TypeError(f"{quoted(value)} stands where a number should be")
    return value


def _time_of(text: object) -> datetime:
    """As attempts.started_at has it, in UTC."""
    time = datetime.fromisoformat(_text(text))
    if time.tzinfo is None:
        raise ValueError(f"{quoted(text)} names no time zone")
    return time.astimezone(UTC)


def _text_of(time: datetime) -> str:
    """As attempts.started_at has it."""
    return time.astimezone(UTC).isoformat(timespec="microseconds")


def _make_private(file: Path) -> None:
    """Make the file and its folder, readable by the owner alone; SQLite's side files take after the file."""
    make_private_folder(file.parent)
    try:
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        if file.is_file() and file.stat().st_mode & 0o077:
            # Someone else's file is not ours to change; opening it says what is wrong, if anything is.
            with suppress(OSError):
                file.chmod(0o600)


def _refuse_unopenable(file: Path) -> None:
    """What SQLite would open, and must not.

    Raises:
        HistoryError: The history is being repaired, or has lost all but its log, which SQLite would delete.
    """
    if sign_of_repair(file).exists():
        raise _under_repair(file)
    log = Path(f"{file}-wal")
    if file.stat().st_size == 0 and log.exists() and log.stat().st_size:
        raise damaged(file, "the file is empty")


def _refuse_replaced(file: Path, found: os.stat_result) -> None:
    """A repair that began while the database was being opened has set it aside, or will.

    Args:
        file: The database, open by now.
        found: What it was before it was opened.

    Raises:
        HistoryError: There was such a repair.
    """
    if sign_of_repair(file).exists() or not os.path.samestat(found, file.stat()):
        raise _under_repair(file)


def _under_repair(file: Path) -> HistoryError:
    return HistoryError(
        f"{file}: a repair of the history is under way or was interrupted.",
        "Wait for it, or run `voicecoach doctor --repair` again; nothing is lost.",
    )
