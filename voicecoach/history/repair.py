"""A damaged history is set aside, and what can be read of it goes into a new one, attempt by attempt.

Whatever is there counts: the damaged database with its log, those set aside by earlier repairs, and backups.
None of them holds what was deleted on purpose, since deleting takes them along (SqliteHistory.delete).

A new database is written and synced as history.sqlite3.partial, the old one gets a second name, and the new
one takes its place. Meanwhile, and after an interruption until a repair has ended, nobody opens the history.
A repair that was interrupted after the old one had its second name reads it by that name: under the first it
may have lost its log.
"""

import hashlib
import math
import os
import shutil
import sqlite3
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import NoneType
from typing import BinaryIO

from voicecoach.errors import DamagedHistoryError, HistoryError
from voicecoach.history.copies import (
    behind_link,
    databases_beside,
    name_aside,
    partial_of,
    sign_of_repair,
    sync,
)
from voicecoach.history.failures import history_failures
from voicecoach.history.migrations import MIGRATIONS, migrate
from voicecoach.history.pages import Pages, Value
from voicecoach.history.repair_rounds import LARGEST_ID, FoundRounds
from voicecoach.history.soundness import LARGEST_VERSION, damage_in
from voicecoach.history.sqlite import SqliteHistory
from voicecoach.private import private_opener
from voicecoach.scoring.contract import from_json

_ID, _TEXT, _TEXT_OR_NONE, _NUMBER = (NoneType,), (str,), (str, NoneType), (int, float)
COLUMNS: dict[str, tuple[tuple[type, ...], ...]] = {
    "attempts": (_ID, _TEXT, _TEXT_OR_NONE, _TEXT, _TEXT, _NUMBER, _NUMBER, _TEXT),
    "transcripts": (_ID, _TEXT, _NUMBER, _TEXT, _TEXT, _TEXT, _TEXT),
    "cards": (_ID, _TEXT),
}
"""What each table's columns hold on disk, by which a row's table is known; the first is the row id itself."""

_SIDE_FILES = ("-wal", "-shm", "-journal")
_LOCK_AT, _LOCK_BYTES = 0x40000002, 510
"""Where every process that has a database open holds a shared lock (SQLite's os.h)."""


@dataclass(frozen=True, slots=True)
class LostAttempt:
    """An attempt of which something is missing or unreadable.

    Attributes:
        id: As lists show it.
        question_id: What was asked; empty where that is lost too.
        started_at: ISO 8601 in UTC; empty where that is lost too.
    """

    id: int
    question_id: str
    started_at: str


@dataclass(frozen=True, slots=True)
class Repair:
    """What a repair did.

    Attributes:
        damage: What was wrong, in a few words.
        set_aside: Where the damaged database is now; None where there was nothing of it.
        saved: How many attempts the new history has.
        from_copies: How many of them came from a backup or from a database set aside earlier.
        lost: Those of which something was found, and not all.
    """

    damage: str
    set_aside: Path | None
    saved: int
    from_copies: int
    lost: tuple[LostAttempt, ...]


def repair(file: Path, now: datetime) -> Repair | None:
    """Mend a history; None where there is nothing to mend.

    Args:
        file: The history, or a link to it; need not exist.
        now: Aware; names what is set aside.

    Raises:
        HistoryError: It is in use, was written by a newer voicecoach, or a file cannot be read or written;
            the history is then as it was.
    """
    with history_failures(file):
        file = behind_link(file)
        damage = _damage(file)
        if not damage:
            return None
        sign = sign_of_repair(file)
        was_interrupted = sign.exists()
        sign.touch(mode=0o600)
        try:
            with _alone(file) as database:
                aside = _set_aside_before(file)
                if aside is None:
                    salvage, saved_here = _rebuild(file, database, _log_of(file))
                    aside = _set_aside(file, database, now)
                    if aside is not None:
                        sign.write_bytes(os.fsencode(aside.name))
                        sync(sign)
                else:
                    with aside.open("rb") as damaged:
                        salvage, saved_here = _rebuild(file, damaged, _log_of(aside))
                    if _is_filled(file) and not _is_same(database, aside):
                        # Somebody has put another history here meanwhile.
                        _set_aside(file, database, now)
        except BaseException:
            with suppress(OSError):
                _delete(partial_of(file))
                if not was_interrupted:
                    sign.unlink()
            raise
        _put_in_place(file)
        sign.unlink()
    saved = len(salvage.whole)
    return Repair(damage, aside, saved, saved - saved_here, salvage.lost())


def _damage(file: Path) -> str:
    """Why a history needs repair; empty where it does not."""
    if sign_of_repair(file).exists():
        return "an earlier repair was interrupted"
    if _is_filled(file):
        return damage_in(file, "integrity_check") or _unreadable_in(file)
    if databases_beside(file) or _is_filled(_log_of(file)):
        return "the file is empty" if file.exists() else "the file is missing"
    return ""


def _unreadable_in(file: Path) -> str:
    """What the app cannot read of a database that SQLite finds sound; empty where there is nothing."""
    try:
        opened = SqliteHistory(file)
    except DamagedHistoryError as error:
        return error.message
    with closing(opened) as history:
        try:
            unreadable = _unreadable(history, (row.id for row in history.rows()))
        except HistoryError as error:
            return error.message
    return f"{len(unreadable)} attempts with a transcript or card that cannot be read" if unreadable else ""


def _rebuild(file: Path, database: BinaryIO, log: Path) -> tuple["_Salvage", int]:
    """Write the new database, and count the attempts that the damaged one with its log gave."""
    _delete(partial_of(file))
    salvage = _Salvage(partial_of(file))
    _salvage_from(salvage, database, log, is_history=True)
    saved_here = len(salvage.whole)
    for copy in databases_beside(file):
        with copy.open("rb") as stream:
            _salvage_from(salvage, stream, _log_of(copy), is_history=False)
    salvage.finish()
    return salvage, saved_here


def _set_aside_before(file: Path) -> Path | None:
    """The damaged database's second name, if a repair was interrupted after it was given one."""
    name = sign_of_repair(file).read_bytes()
    return next((copy for copy in databases_beside(file) if os.fsencode(copy.name) == name), None)


def _is_same(database: BinaryIO, aside: Path) -> bool:
    """Whether that is the database's second name, or a copy of it."""
    if os.path.samestat(os.fstat(database.fileno()), aside.stat()):
        return True
    database.seek(0)
    with aside.open("rb") as other:
        return _digest(database) == _digest(other)


def _digest(stream: BinaryIO) -> bytes:
    digest = hashlib.sha256()
    while block := stream.read(1 << 20):
        digest.update(block)
    return digest.digest()


def _set_aside(file: Path, database: BinaryIO, now: datetime) -> Path | None:
    """Give the damaged database and its log a name that stays theirs, unless both are empty."""
    aside, log = name_aside(file, now), _log_of(file)
    if not _is_filled(file) and not _is_filled(log):
        return None
    if _is_filled(log):
        with log.open("rb") as stream:
            _name_again(log, stream, _log_of(aside))
    _name_again(file, database, aside)
    sync(file.parent)
    return aside


def _put_in_place(file: Path) -> None:
    """From the first line to the last nobody may open the history: it has lost its log, which is aside."""
    for side_file in _SIDE_FILES:
        # A log that stayed would be taken for the new database's.
        Path(f"{file}{side_file}").unlink(missing_ok=True)
    sync(file.parent)
    partial_of(file).replace(file)
    sync(file.parent)


@dataclass
class _Salvage:
    """Fills a new database from one source after the other.

    Attributes:
        file: The new database; made here.
        whole: Attempts that are in it, each read back as the app reads it.
        seen: Every attempt of which a source had anything.
        rounds: Rounds of every source.
    """

    file: Path
    whole: set[int] = field(default_factory=set)
    seen: dict[int, LostAttempt] = field(default_factory=dict)
    rounds: FoundRounds = field(default_factory=FoundRounds)

    def __post_init__(self) -> None:
        os.close(os.open(self.file, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        with self._connected() as connection:
            migrate(connection, self.file)

    def add(self, source: Pages) -> None:
        """Take over the attempts that are whole in one source and not here yet."""
        parts: dict[str, set[int]] = {table: set() for table in COLUMNS}
        with self._connected() as connection:
            connection.execute("BEGIN")
            for row_id, values in source.rows():
                self.rounds.see(row_id, values)
                table = table_of(values)
                if table is None or row_id in self.whole or row_id > LARGEST_ID:
                    continue
                self._see(table, row_id, values)
                if row_id not in parts[table]:
                    parts[table].add(row_id)
                    _insert(connection, table, (row_id, *values[1:]))
            headless = (parts["transcripts"] & parts["cards"]) - parts["attempts"]
            parts["attempts"] |= _insert_lines(connection, headless, source)
            connection.execute("COMMIT")
        in_all = set.intersection(*parts.values())
        with closing(SqliteHistory(self.file)) as history:
            readable = in_all - _unreadable(history, in_all)
        with self._connected() as connection:
            connection.execute("BEGIN")
            for table, key in (("cards", "attempt_id"), ("transcripts", "attempt_id"), ("attempts", "id")):
                connection.executemany(
                    f"DELETE FROM {table} WHERE {key} = ?",  # noqa: S608 - fixed names
                    [(row_id,) for row_id in parts[table] - readable],
                )
            connection.execute("COMMIT")
        self.whole |= readable

    def finish(self) -> None:
        """Check the new database and bring it to disk."""
        with self._connected() as connection:
            # Ids of lost attempts are not given again.
            connection.execute("DELETE FROM sqlite_sequence WHERE name = 'attempts'")
            newest = max(self.seen, default=0)
            connection.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('attempts', ?)", (newest,))
            self.rounds.write(connection, self.whole)
        damage = damage_in(self.file, "integrity_check")
        if damage:
            raise HistoryError(f"{self.file}: what was saved cannot be read back: {damage}.")
        sync(self.file)

    def lost(self) -> tuple[LostAttempt, ...]:
        """What was seen and is not whole, oldest first."""
        return tuple(self.seen[each] for each in sorted(self.seen.keys() - self.whole))

    def _see(self, table: str, row_id: int, values: tuple[Value, ...]) -> None:
        if table == "attempts":
            self.seen[row_id] = LostAttempt(row_id, str(values[1]), str(values[3]))
        else:
            self.seen.setdefault(row_id, LostAttempt(row_id, "", ""))

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self.file, isolation_level=None)) as connection:
            # Nobody sees the file before it is whole and synced. No log is left beside it either.
            connection.execute("PRAGMA journal_mode = OFF").fetchone()
            connection.execute("PRAGMA synchronous = OFF")
            yield connection


def _salvage_from(salvage: _Salvage, database: BinaryIO, log: Path, *, is_history: bool) -> None:
    with ExitStack() as opened:
        stream = opened.enter_context(log.open("rb")) if log.exists() else None
        pages = Pages(database, stream)
        if is_history and len(MIGRATIONS) < pages.version <= LARGEST_VERSION:
            raise HistoryError(
                "The damaged history was written by a newer voicecoach.", "Update voicecoach, then repair it."
            )
        salvage.add(pages)


def _insert(connection: sqlite3.Connection, table: str, values: tuple[Value, ...]) -> None:
    marks = ", ".join("?" * len(values))
    connection.execute(f"INSERT INTO {table} VALUES ({marks})", values)  # noqa: S608 - a key of COLUMNS


def _insert_lines(connection: sqlite3.Connection, attempt_ids: set[int], source: Pages) -> set[int]:
    """Write the lines of attempts whose transcript and card are there: one page holds dozens of such lines.

    The indexes by question, by score and by time have when each began, the one by take has its take, and the
    rest stands in its card.

    Returns:
        The attempts for which that could be done.
    """
    started: dict[int, str] = {}
    takes: dict[int, str] = {}
    for key in source.keys() if attempt_ids else ():
        match key:
            case (
                (str(), str(began), int(attempt_id), int() | float(), _)
                | (str(), int() | float(), str(began), int(attempt_id), int())
                | (str(began), int(attempt_id), int())
            ) if attempt_id in attempt_ids:
                started[attempt_id] = began
            case (str(take_id), int(attempt_id)):
                takes[attempt_id] = take_id
    done = set()
    for attempt_id, started_at in started.items():
        stored = connection.execute("SELECT card FROM cards WHERE attempt_id = ?", (attempt_id,)).fetchone()
        try:
            card = from_json(stored[0])
        except ValueError:
            continue
        line = (takes.get(attempt_id), started_at, card.engine.name, card.duration_s, card.overall, card.cue)
        _insert(connection, "attempts", (attempt_id, card.question, *line))
        done.add(attempt_id)
    return done


def table_of(values: tuple[Value, ...]) -> str | None:
    """The table that a row belongs to, by what its columns hold; None for tables that are made anew."""
    if any(isinstance(value, float) and not math.isfinite(value) for value in values):
        return None
    for table, columns in COLUMNS.items():
        if len(values) == len(columns) and all(map(isinstance, values, columns)):
            return table
    return None


def _unreadable(history: SqliteHistory, attempt_ids: Iterable[int]) -> set[int]:
    """Attempts that the app could not show."""
    unreadable = set()
    for attempt_id in attempt_ids:
        try:
            found = history.get(attempt_id)
        except HistoryError:
            found = None
        if found is None:
            unreadable.add(attempt_id)
    return unreadable


@contextmanager
def _alone(file: Path) -> Iterator[BinaryIO]:
    """The database's bytes, while no other process has it open.

    The lock goes as soon as this process closes any other handle of the same file.
    """
    # Made where it is missing; nothing is written to it.
    with open(file, "ab+", opener=private_opener) as database:
        if not _lock(database):
            raise HistoryError(
                f"{file}: the history is in use, so it was not repaired.",
                "Close every other voicecoach and try again.",
            )
        yield database


if sys.platform == "win32":

    def _lock(_database: BinaryIO) -> bool:
        """Windows itself refuses to replace a file that is open."""
        return True

else:
    import fcntl

    def _lock(database: BinaryIO) -> bool:
        """Keep SQLite out of a file that nobody has open."""
        try:
            fcntl.lockf(database, fcntl.LOCK_EX | fcntl.LOCK_NB, _LOCK_BYTES, _LOCK_AT)
        except OSError:
            return False
        return True


def _name_again(file: Path, content: BinaryIO, name: Path) -> None:
    """Give a file a second name; where the file system has no such thing, copy it."""
    try:
        os.link(file, name)
    except OSError:
        partial = partial_of(name)
        with partial.open("wb") as copy:
            partial.chmod(0o600)
            content.seek(0)
            shutil.copyfileobj(content, copy)
        sync(partial)
        partial.replace(name)


def _delete(database: Path) -> None:
    for each in ("", *_SIDE_FILES):
        Path(f"{database}{each}").unlink(missing_ok=True)


def _log_of(database: Path) -> Path:
    return Path(f"{database}-wal")


def _is_filled(path: Path) -> bool:
    return path.exists() and path.stat().st_size > 0
