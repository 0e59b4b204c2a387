import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.history.samples import new_attempt
from voicecoach.errors import HistoryError
from voicecoach.history.migrations import MIGRATIONS, migrate
from voicecoach.history.sqlite import SqliteHistory

FIRST = ("CREATE TABLE one (a)", "INSERT INTO one VALUES (1)")
SECOND = ("CREATE TABLE two (b)", "INSERT INTO two SELECT a + 1 FROM one")
FAILS = ("CREATE TABLE three (c)", "INSERT INTO nowhere VALUES (1)")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "history.sqlite3"


@pytest.fixture
def connection(file: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(file, isolation_level=None)) as opened:
        yield opened


def shape(connection: sqlite3.Connection) -> tuple[int, set[str]]:
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    names = {row[0] for row in tables if not row[0].startswith("sqlite_")}
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version, names


def test_each_step_is_taken_once(connection: sqlite3.Connection, file: Path) -> None:
    migrate(connection, file, [FIRST])
    assert shape(connection) == (1, {"one"})
    migrate(connection, file, [FIRST, SECOND])
    migrate(connection, file, [FIRST, SECOND])
    assert shape(connection) == (2, {"one", "two"})
    assert connection.execute("SELECT b FROM two").fetchall() == [(2,)]


def test_a_failed_step_leaves_no_trace(connection: sqlite3.Connection, file: Path) -> None:
    with pytest.raises(sqlite3.OperationalError, match="nowhere"):
        migrate(connection, file, [FIRST, FAILS])
    assert shape(connection) == (1, {"one"})
    assert not connection.in_transaction
    migrate(connection, file, [FIRST, SECOND])
    assert shape(connection) == (2, {"one", "two"})


def test_a_step_that_ends_its_transaction_by_itself_says_what_failed(
    connection: sqlite3.Connection, file: Path
) -> None:
    twice = (
        "CREATE TABLE two (b UNIQUE)",
        "INSERT INTO two VALUES (1)",
        "INSERT OR ROLLBACK INTO two VALUES (1)",
    )
    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        migrate(connection, file, [FIRST, twice])
    assert shape(connection) == (1, {"one"})


def test_a_newer_database_is_not_touched(connection: sqlite3.Connection, file: Path) -> None:
    migrate(connection, file, [FIRST, SECOND])
    with pytest.raises(HistoryError, match="newer voicecoach") as caught:
        migrate(connection, file, [FIRST])
    assert str(file) in caught.value.message
    assert shape(connection) == (2, {"one", "two"})


def test_the_second_of_two_processes_finds_the_step_taken(connection: sqlite3.Connection, file: Path) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        migrate(other, file, [FIRST])
        migrate(connection, file, [FIRST])
        assert connection.execute("SELECT COUNT(*) FROM one").fetchone() == (1,)


def test_the_tables_are_made_from_nothing_and_kept(file: Path) -> None:
    history = SqliteHistory(file)
    kept = history.add(new_attempt())
    history.close()
    with closing(sqlite3.connect(file)) as connection:
        assert shape(connection) == (
            len(MIGRATIONS),
            {
                "attempts",
                "transcripts",
                "cards",
                "standings",
                "schedule",
                "unscheduled",
                "rounds",
                "round_answers",
                "corrections",
            },
        )
    again = SqliteHistory(file)
    assert again.get(kept.id) == kept
    again.close()


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM attempts ORDER BY started_at DESC, id DESC LIMIT 50",
        "SELECT * FROM attempts WHERE question_id = 'q' ORDER BY started_at DESC, id DESC",
        "SELECT * FROM attempts WHERE question_id = 'q' ORDER BY overall DESC, started_at DESC, id DESC",
        "SELECT 1 FROM attempts WHERE take_id = 't'",
        "SELECT * FROM attempts WHERE question_id = 'q' AND (started_at, id) < ('2026', 7)"
        " ORDER BY started_at DESC, id DESC LIMIT 1",
        "SELECT MAX(overall) FROM attempts WHERE question_id = 'q'",
        "SELECT MAX(started_at) FROM attempts WHERE question_id = 'q'",
    ],
)
def test_lists_are_read_through_an_index(file: Path, connection: sqlite3.Connection, query: str) -> None:
    migrate(connection, file)
    plan = " ".join(row[3] for row in connection.execute("EXPLAIN QUERY PLAN " + query))
    assert "USING" in plan
    assert "INDEX" in plan
    assert "TEMP B-TREE" not in plan
