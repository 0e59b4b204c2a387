"""Every failure of SQLite and of the disk as one clear line."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from voicecoach.errors import DamagedHistoryError, HistoryError
from voicecoach.outside import one_line

_MAKE_ROOM = "Make room and try again."

_FAILURES = {
    sqlite3.SQLITE_BUSY: ("it is in use by another program", "Close the other voicecoach and try again."),
    sqlite3.SQLITE_LOCKED: ("it is in use by another program", "Close the other voicecoach and try again."),
    sqlite3.SQLITE_READONLY: ("it cannot be written", "Check the permissions of the file and its folder."),
    sqlite3.SQLITE_PERM: ("it may not be opened", "Check the permissions of the file and its folder."),
    sqlite3.SQLITE_CANTOPEN: ("it cannot be opened", "Check the permissions of the file and its folder."),
    sqlite3.SQLITE_FULL: ("the disk is full", _MAKE_ROOM),
    sqlite3.SQLITE_IOERR: ("the disk failed to read or write it", "Check the disk and try again."),
}


@contextmanager
def history_failures(file: Path) -> Iterator[None]:
    """Every failure as a HistoryError.

    Args:
        file: The history, named in errors.
    """
    try:
        yield
    except sqlite3.Error as error:
        raise _as_history_error(file, error) from error
    except OSError as error:
        hint = _MAKE_ROOM if is_full(error) else "Check the folder and its permissions."
        raise HistoryError(f"{file}: {error.strerror or error}.", hint) from error
    except UnicodeDecodeError as error:
        # Python makes text of SQLite's own messages, and a damaged name may be part of one.
        raise damaged(file, "a name in it cannot be read") from error
    except (ValueError, OverflowError) as error:
        raise HistoryError(f"{file}: an attempt cannot be kept or read: {one_line(error)}.") from error


def is_full(error: OSError | sqlite3.Error) -> bool:
    """Whether a failure means that there is no room left, on the disk or in what one may use of it."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    return _kind(error) == sqlite3.SQLITE_FULL


def damaged(file: Path, what: Exception | str) -> DamagedHistoryError:
    """The error for a history whose content is not as it was written."""
    # SQLite tells what is wrong with names out of the file, which may be what is wrong.
    return DamagedHistoryError(
        f"{file}: the history is damaged: {one_line(what)}.",
        "Run `voicecoach doctor --repair`: it saves what can be read and keeps the damaged file.",
    )


def _as_history_error(file: Path, error: sqlite3.Error) -> HistoryError:
    if isinstance(error, sqlite3.ProgrammingError) and "closed" in str(error):
        return HistoryError(f"{file}: the history is closed.")
    kind = _kind(error)
    if kind in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return damaged(file, error)
    what, hint = _FAILURES.get(kind, ("the history failed", ""))
    return HistoryError(f"{file}: {what} ({one_line(error)}).", hint)


def _kind(error: sqlite3.Error) -> int:
    # The low byte is the kind; the rest tells variants of it apart.
    code: int = getattr(error, "sqlite_errorcode", 0)
    return code & 0xFF
