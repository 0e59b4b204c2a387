import io
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.history.damage import PAGE, fill, make, make_with_log
from tests.history.samples import new_attempt
from voicecoach.history.migrations import MIGRATIONS, migrate
from voicecoach.history.pages import MAGIC, Pages, Value
from voicecoach.history.repair import COLUMNS, table_of
from voicecoach.history.sqlite import SqliteHistory

Tables = dict[str, dict[int, tuple[Value, ...]]]


def by_pages(file: Path) -> Tables:
    """Every row that the pages hold, by table."""
    found: Tables = {table: {} for table in COLUMNS}
    log = Path(f"{file}-wal")
    with file.open("rb") as database, log.open("rb") if log.exists() else io.BytesIO() as stream:
        for row_id, values in Pages(database, stream).rows():
            table = table_of(values)
            if table is not None:
                assert row_id not in found[table], "a row is in one place"
                found[table][row_id] = (row_id, *values[1:])
    return found


def by_sqlite(file: Path) -> Tables:
    """Every row as SQLite reads it, from a copy, since reading may fold in the log."""
    with TemporaryDirectory() as folder:
        copy = Path(folder) / file.name
        shutil.copy(file, copy)
        if Path(f"{file}-wal").exists():
            shutil.copy(f"{file}-wal", f"{copy}-wal")
        with closing(sqlite3.connect(copy)) as connection:
            return {
                table: {row[0]: row for row in connection.execute(f"SELECT * FROM {table}")}  # noqa: S608 - fixed
                for table in COLUMNS
            }


def test_the_tables_have_the_columns_that_are_looked_for(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "new", isolation_level=None)) as connection:
        migrate(connection, tmp_path / "new", MIGRATIONS)
        for table, columns in COLUMNS.items():
            assert len(connection.execute(f"PRAGMA table_info({table})").fetchall()) == len(columns)


def test_pages_hold_what_sqlite_reads(tmp_path: Path) -> None:
    file = tmp_path / "history.sqlite3"
    make(file, 200)
    assert by_pages(file) == by_sqlite(file)
    assert len(by_pages(file)["cards"]) == 200


@pytest.mark.parametrize("page_bytes", [512, 1024, 65536])
def test_pages_of_any_size_are_read(tmp_path: Path, page_bytes: int) -> None:
    file = tmp_path / "history.sqlite3"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(f"PRAGMA page_size = {page_bytes}")
        connection.execute("VACUUM")
    make(file, 30)
    assert by_pages(file) == by_sqlite(file)
    assert len(by_pages(file)["cards"]) == 30


def test_a_log_is_read_as_far_as_it_was_committed(tmp_path: Path) -> None:
    file = tmp_path / "data" / "history.sqlite3"
    make_with_log(file, 5, 6)
    log = Path(f"{file}-wal")
    whole = log.read_bytes()
    assert len(by_pages(file)["cards"]) == 11
    counts = set()
    for size in [*range(0, len(whole), 1711), 31, 32, len(whole) - 1]:
        log.write_bytes(whole[:size])
        assert by_pages(file) == by_sqlite(file), f"a log cut after {size} bytes"
        counts.add(len(by_pages(file)["cards"]))
    assert counts == set(range(5, 12)) - {11}, "every attempt of the log was cut off once"


@pytest.mark.parametrize("at", [3, 20, 40, 32 + 5 * (PAGE + 24) + 77])
def test_a_log_with_a_wrong_byte_is_read_as_far_as_sqlite_reads_it(tmp_path: Path, at: int) -> None:
    file = tmp_path / "data" / "history.sqlite3"
    make_with_log(file, 2, 3)
    log = bytearray(Path(f"{file}-wal").read_bytes())
    log[at] ^= 0x10
    Path(f"{file}-wal").write_bytes(log)
    assert by_pages(file) == by_sqlite(file)


STEPS = st.lists(
    st.integers(0, 30) | st.sampled_from(["short", "a longer answer " * 30, "long " * 1500]), max_size=25
)


@settings(max_examples=40, deadline=None)
@given(STEPS)
@example(["short"] * 12 + [0] * 12)
def test_what_was_deleted_is_in_no_page(steps: list[int | str]) -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "history.sqlite3"
        with closing(SqliteHistory(file)) as history:
            for number, step in enumerate(steps):
                rows = history.rows()
                if isinstance(step, str):
                    history.add(new_attempt(f"q-{number}", minutes=number, said=step))
                elif rows:
                    history.delete(rows[step % len(rows)].id)
        assert by_pages(file) == by_sqlite(file)


def garbage() -> Iterator[bytes]:
    """Pages that claim to be leaves, with the cells of a real one spoilt."""
    yield MAGIC + bytes(84)
    yield MAGIC + b"\x00\x01" + bytes(5000)
    yield bytes(PAGE) + b"\x0d" + b"\xff" * (PAGE - 1)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=3 * PAGE), st.binary(max_size=PAGE))
@example(next(garbage()), b"")
@example([*garbage()][1], b"")
@example([*garbage()][2], b"\x37\x7f\x06\x82" + bytes(4000))
def test_garbage_is_passed_over(database: bytes, log: bytes) -> None:
    assert len([*Pages(io.BytesIO(database), io.BytesIO(log)).rows()]) < len(database) + 1
    leaf = b"\x0d" + database[: PAGE - 1].ljust(PAGE - 1, b"\0")
    assert len([*Pages(io.BytesIO(bytes(PAGE) + leaf), None).rows()]) < PAGE


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2**20), st.integers(1, 255)), min_size=1, max_size=60))
def test_flipped_bytes_are_passed_over(flips: list[tuple[int, int]]) -> None:
    content = bytearray(SAMPLE)
    for at, bits in flips:
        content[at % len(content)] ^= bits
    for row_id, values in Pages(io.BytesIO(content), None).rows():
        assert row_id > 0
        assert len(values) <= 32


def _sample() -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "history.sqlite3"
        with closing(SqliteHistory(file)) as history:
            fill(history, 12)
        return file.read_bytes()


SAMPLE = _sample()
