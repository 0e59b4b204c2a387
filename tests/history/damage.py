"""Histories to damage, and what is in them."""

import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from tests.history.samples import new_attempt
from voicecoach.history.migrations import MIGRATIONS, migrate
from voicecoach.history.records import Attempt
from voicecoach.history.sqlite import SqliteHistory

PAGE = 4096


def fill(history: SqliteHistory, count: int) -> dict[int, Attempt]:
    """Keep attempts, each on a question of its own: q-0001 and so on."""
    kept: dict[int, Attempt] = {}
    for _ in range(count):
        number = len(kept) + 1
        new = new_attempt(
            f"q-{number:04}", minutes=number, take_id=f"take-{number:04}", said="so it is " * 40
        )
        attempt = history.add(
            replace(new, card=replace(new.card, cue=f"cue {number:04}", engine=new.transcript.engine))
        )
        kept[attempt.id] = attempt
    return kept


def make(file: Path, count: int) -> dict[int, Attempt]:
    """A history with so many attempts, closed, so that no log is left beside it."""
    with closing(SqliteHistory(file)) as history:
        return fill(history, count)


def make_first_version(file: Path, count: int) -> dict[int, Attempt]:
    """The same as the first version of the history had it."""
    newest = file.with_name("newest.sqlite3")
    kept = make(newest, count)
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        migrate(connection, file, MIGRATIONS[:1])
        connection.execute("ATTACH ? AS newest", (str(newest),))
        for table in ("attempts", "transcripts", "cards"):
            connection.execute(f"INSERT INTO {table} SELECT * FROM newest.{table}")  # noqa: S608 - fixed names
    newest.unlink()
    return kept


def make_with_log(file: Path, folded: int, logged: int) -> dict[int, Attempt]:
    """A history as a power cut leaves it: some attempts are in the database, the later ones in its log."""
    source = file.with_name("source") / file.name
    make(source, folded)
    with closing(SqliteHistory(source)) as history:
        fill(history, logged)
        kept = read(history)
        file.parent.mkdir(exist_ok=True, parents=True)
        shutil.copy(source, file)
        shutil.copy(f"{source}-wal", f"{file}-wal")
    shutil.rmtree(source.parent)
    return kept


def read(history: SqliteHistory) -> dict[int, Attempt]:
    """Every attempt, read as the app reads it."""
    found = {}
    for row in history.rows():
        attempt = history.get(row.id)
        assert attempt is not None
        found[row.id] = attempt
    return found


def read_sound(file: Path) -> dict[int, Attempt]:
    """Every attempt of a history that must be sound in every way."""
    with closing(SqliteHistory(file)) as history:
        history.check()
        found = read(history)
        assert sum(standing.attempts for standing in history.standings().values()) == len(found)
        return found


def pages_with(file: Path, text: str) -> set[int]:
    """The pages, counted from 0, in which a text begins."""
    content, pages, at = file.read_bytes(), set(), -1
    while (at := content.find(text.encode(), at + 1)) >= 0:
        pages.add(at // PAGE)
    return pages


def card_page(file: Path, number: int) -> int:
    """The leaf that holds the beginning of an attempt's card."""
    (page,) = pages_with(file, f'"question": "q-{number:04}"')
    return page


def root_page(file: Path, name: str) -> int:
    """The page at which a table begins, counted from 0."""
    with closing(sqlite3.connect(file)) as connection:
        query = "SELECT rootpage FROM sqlite_master WHERE name = ?"
        page: int = connection.execute(query, (name,)).fetchone()[0]
    return page - 1


def overwrite(file: Path, at: int, content: bytes) -> None:
    """Put other bytes in a place."""
    with file.open("rb+") as stream:
        stream.seek(at)
        stream.write(content)


def blank(file: Path, page: int) -> None:
    """Make a page all zeros."""
    overwrite(file, page * PAGE, bytes(PAGE))


def cut(file: Path, size: int) -> None:
    """Drop the end of a file."""
    os.truncate(file, size)
