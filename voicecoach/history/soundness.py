"""Whether a database can be trusted: its tables, SQLite's check of all its pages, and a look for halves."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Literal

from voicecoach.history.copies import read_only
from voicecoach.history.migrations import MIGRATIONS

Check = Literal["quick_check", "integrity_check"]
"""SQLite's checks; the second compares indexes with their tables too, and takes several times as long."""

_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)
"""Failures that are the file's own; the last is told where a table is missing."""

TABLES = (
    "attempts",
    "transcripts",
    "cards",
    "standings",
    "schedule",
    "unscheduled",
    "rounds",
    "round_answers",
    "corrections",
)
"""Every table of the newest version."""

LARGEST_VERSION = 10_000
"""No step of a database has such a number: the header is damaged."""

UNREADABLE_NAMES = "the names of its tables cannot be read"

_HALVES = """
    SELECT COUNT(*) FROM attempts WHERE id NOT IN (SELECT attempt_id FROM transcripts)
        OR id NOT IN (SELECT attempt_id FROM cards)
"""


def look_for_tables(connection: sqlite3.Connection) -> None:
    """See that a database of the newest version has its tables; no row is read.

    Raises:
        sqlite3.OperationalError: One is missing, or the schema cannot be read.
    """
    connection.execute(f"SELECT 1 FROM {', '.join(TABLES)} LIMIT 0")  # noqa: S608 - fixed names


def damage_in(file: Path, check: Check) -> str:
    """What is wrong with a database, in a few words; empty where nothing is.

    It reads the whole file and changes nothing, over a connection of its own, so that nobody waits for it.

    Raises:
        sqlite3.Error: It cannot be looked into: locked, no permission, a failing disk.
    """
    try:
        with closing(read_only(file)) as connection:
            # What is wrong is told with names out of the file, which may be what is wrong.
            connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
            found: str = connection.execute(f"PRAGMA {check}(1)").fetchone()[0]
            if found != "ok":
                return " ".join(found.split())[:200]
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            if version > LARGEST_VERSION:
                return f"it says that its version is {version}"
            if version == len(MIGRATIONS):
                look_for_tables(connection)
            if version:
                halves = connection.execute(_HALVES).fetchone()[0]
                if halves:
                    return f"{halves} attempts without transcript or card"
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF not in _DAMAGE:
            raise
        return str(error)
    except UnicodeDecodeError:
        # Python cannot even make SQLite's own error of it, since a damaged name is part of its message.
        return UNREADABLE_NAMES
    return ""
