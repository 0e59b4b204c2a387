"""Every failure of SQLite and of the disk as one clear line."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from voicecoach.errors import HistoryError

_FAILURES = {
    sqlite3.SQLITE_BUSY: ("it is in use by another program", "Close the other voicecoach and try again."),
    sqlite3.SQLITE_LOCKED: ("it is in use by another program", "Close the other voicecoach and try again."),
    sqlite3.SQLITE_READONLY: ("it cannot be written", "Check the permissions of the file and its folder."),
    sqlite3.SQLITE_PERM: ("it may not be opened", "Check the permissions of the file and its folder."),
    sqlite3.SQLITE_CANTOPEN: ("it cannot be opened", "Check the permissions of the file and its folder."),
    sqlite3.SQLITE_FULL: ("the disk is full", "Make room and try again."),
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
        raise HistoryError(
            f"{file}: {error.strerror or error}.", "Check the folder and its permissions."
        ) from error
    except UnicodeDecodeError as error:
        # Only SQLite decodes here, and what it wrote it can decode.
        raise damaged(file, "a text in it cannot be read") from error
    except (ValueError, OverflowError) as error:
        reason = " ".join(str(error).split())[:200]
        raise HistoryError(f"{file}: an attempt cannot be kept or read: {reason}.") from error


def damaged(file: Path, what: object) -> HistoryError:
    """The error for a history whose content is not as it was written."""
    return HistoryError(
        f"{file}: the history is damaged: {what}.",
        "Run `voicecoach doctor --repair`: it saves what can be read and keeps the damaged file.",
    )


def _as_history_error(file: Path, error: sqlite3.Error) -> HistoryError:
    if isinstance(error, sqlite3.ProgrammingError) and "closed" in str(error):
        return HistoryError(f"{file}: the history is closed.")
    # The low byte is the kind; the rest tells variants of it apart.
    kind = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if kind in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return damaged(file, error)
    what, hint = _FAILURES.get(kind, ("the history failed", ""))
    return HistoryError(f"{file}: {what} ({error}).", hint)
