"""What lies beside a history: backups from before a migration, and damaged databases that were set aside.

history.before-2.sqlite3                    as it was before it was brought to version 2
history.damaged-20261121T093000Z.sqlite3    as it was before it was repaired; its -wal belongs to it
history.sqlite3.partial                     what a repair writes
history.sqlite3.repairing                   says that a repair is under way or was interrupted; it holds the
                                            damaged database's new name, once there is one
"""

import os
import re
import sqlite3
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

from voicecoach.errors import HistoryError
from voicecoach.history.failures import is_full

_KINDS = r"\.(?:before-[0-9]+|damaged-[0-9TZ.]+)"
_SIDE_FILES = r"(?:-wal|-shm|-journal|\.partial)?"


def behind_link(file: Path) -> Path:
    """A history itself, where it was given as a link: SQLite keeps its log beside that one.

    Raises:
        OSError: The link leads nowhere.
    """
    return Path(os.path.realpath(file, strict=True)) if file.is_symlink() else file


def partial_of(file: Path) -> Path:
    """Where a file is written until it is whole."""
    return file.with_name(file.name + ".partial")


def sign_of_repair(file: Path) -> Path:
    """The file that keeps everybody from opening a history while it is repaired."""
    return file.with_name(file.name + ".repairing")


def databases_beside(file: Path) -> tuple[Path, ...]:
    """Backups and damaged databases beside a history, the newest first.

    Raises:
        OSError: The folder cannot be read.
    """
    found = [path for path in _beside(file, "") if path.is_file()]
    return tuple(sorted(found, key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True))


def delete_copies(file: Path) -> int:
    """Delete every backup and every damaged database beside a history, with their side files.

    Returns:
        How many databases there were.

    Raises:
        OSError: One cannot be deleted.
    """
    databases = _beside(file, "")
    for path in _beside(file, _SIDE_FILES):
        path.unlink(missing_ok=True)
    return len(databases)


def back_up(file: Path, version: int) -> Path:
    """Copy a database as it was committed last, whole or not at all; older backups go.

    The caller holds the database's write lock, so that nothing is added between copy and migration.

    Args:
        file: The database.
        version: What the database is about to become; it names the copy.

    Returns:
        The copy, readable by the owner alone.

    Raises:
        HistoryError: There is no room, or the folder cannot be written; nothing is left of the copy.
    """
    target = file.with_name(f"{file.stem}.before-{version}{file.suffix}")
    partial = partial_of(target)
    try:
        partial.unlink(missing_ok=True)
        os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        _copy(file, partial)
        sync(partial)
        partial.replace(target)
        sync(target.parent)
    except (OSError, sqlite3.Error) as error:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        raise _no_backup(file, target, error) from error
    for older in _beside(file, ""):
        if older != target and older.name.startswith(f"{file.stem}.before-"):
            # A backup that stays too long harms nobody, and deleting words of the history takes it along.
            with suppress(OSError):
                older.unlink()
    return target


def name_aside(file: Path, now: datetime) -> Path:
    """A name that is free for a damaged database."""
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    return file.with_name(f"{file.stem}.damaged-{stamp}{file.suffix}")


def sync(path: Path) -> None:
    """Make a file's content, or the names in a folder, survive a power cut."""
    is_folder = path.is_dir()
    if is_folder and os.name != "posix":
        return
    descriptor = os.open(path, os.O_RDONLY if is_folder else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_only(file: Path) -> sqlite3.Connection:
    """A connection that changes nothing in a database, not even by folding in its log."""
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)


def _copy(file: Path, partial: Path) -> None:
    # A second connection, since SQLite copies nothing over one that holds the write lock.
    with closing(read_only(file)) as source, closing(sqlite3.connect(partial, isolation_level=None)) as copy:
        # The copy counts only once it is whole and synced, so that it needs no journal of its own.
        copy.execute("PRAGMA journal_mode = OFF").fetchone()
        copy.execute("PRAGMA synchronous = OFF")
        source.backup(copy)


def _no_backup(file: Path, target: Path, error: OSError | sqlite3.Error) -> HistoryError:
    left = "so it was not brought up to date and is as it was"
    if is_full(error):
        megabytes = max(1, round(file.stat().st_size / 1e6))
        return HistoryError(
            f"{file}: the disk is too full for a backup of the history, {left}.",
            f"Make room for {megabytes} MB twice over and try again.",
        )
    reason = error.strerror if isinstance(error, OSError) else error
    return HistoryError(
        f"{target}: the backup of the history cannot be written ({reason}), {left}.",
        "Check the disk and the folder's permissions.",
    )


def _beside(file: Path, side_files: str) -> list[Path]:
    name = re.compile(re.escape(file.stem) + _KINDS + re.escape(file.suffix) + side_files)
    try:
        return [file.with_name(each) for each in os.listdir(file.parent) if name.fullmatch(each)]  # noqa: PTH208 - names are enough
    except FileNotFoundError:
        return []
