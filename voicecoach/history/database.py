"""One open history database: private, in WAL mode, of the newest shape, for one thread at a time."""

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from voicecoach.errors import HistoryError
from voicecoach.history.copies import behind_link, sign_of_repair
from voicecoach.history.failures import damaged, history_failures
from voicecoach.history.migrations import migrate
from voicecoach.history.soundness import look_for_tables
from voicecoach.history.values import MAX_VALUE_BYTES
from voicecoach.private import make_private_folder

_BUSY_TIMEOUT_MS = 10_000
_RETRY_S = 0.02


class Database:
    """A connection that threads share in turns; processes wait for one another.

    Whatever keeps something in the history does so through `telling` and `transaction`.

    Args:
        file: Or a link to it. Made when it does not exist, with its folder; both readable by the owner alone.

    Attributes:
        file: The database itself, where it was given as a link.
        connection: In autocommit mode; used within `telling` only.

    Raises:
        HistoryError: The file cannot be opened, is damaged, or was written by a newer voicecoach.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self._lock = threading.RLock()
        with self.telling():
            self.file = file = behind_link(file)
            _make_private(file)
            _refuse_unopenable(file)
            found = file.stat()
            self.connection = sqlite3.connect(
                file, timeout=_BUSY_TIMEOUT_MS / 1000, isolation_level=None, check_same_thread=False
            )
            try:
                self._prepare()
                _refuse_replaced(file, found)
            except BaseException:
                self.connection.close()
                raise

    @contextmanager
    def telling(self) -> Iterator[None]:
        """One thread at a time, and every failure as a HistoryError."""
        with history_failures(self.file), self._lock:
            yield

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All statements or none; on disk when it ends, even if the power goes the next moment."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield self.connection
            self.connection.execute("COMMIT")
        except BaseException:
            # A failed COMMIT may have ended the transaction by itself.
            with suppress(sqlite3.OperationalError):
                self.connection.execute("ROLLBACK")
            raise

    def close(self) -> None:
        """Close it. A second call changes nothing."""
        with self.telling():
            self.connection.close()

    def _prepare(self) -> None:
        connection = self.connection
        # What somebody else has put into the file must not fill the memory.
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE_BYTES)
        # A byte that is no text spoils the value that it stands in (values.read_text), not the whole answer.
        connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA secure_delete = ON").fetchone()
        self._switch_to_wal()
        connection.execute("PRAGMA synchronous = FULL")
        try:
            migrate(connection, self.file)
            look_for_tables(connection)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_ERROR:
                raise damaged(self.file, error) from error
            raise

    def _switch_to_wal(self) -> None:
        """Each process that first opens a new file wants this switch, and needs the lock the others hold.

        SQLite's own time-out does not cover it: two that wait for each other are refused at once.

        Raises:
            HistoryError: The disk has no shared memory, without which SQLite keeps another kind of journal; a
                repair knows nothing of that one, and would throw it away.
        """
        deadline = time.monotonic() + _BUSY_TIMEOUT_MS / 1000
        while self.connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            try:
                mode = self.connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                    raise
                time.sleep(_RETRY_S)
            else:
                if mode != "wal":
                    raise HistoryError(
                        f"{self.file}: the history cannot be kept safely on this disk (no write-ahead log).",
                        "Keep it on a disk of this machine: set VOICECOACH_HOME to a folder there.",
                    )


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
