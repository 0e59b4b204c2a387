"""What a person is told where the history fails."""

import errno
import sqlite3
from pathlib import Path

import pytest

from voicecoach.errors import HistoryError
from voicecoach.history.failures import history_failures, is_full

FULL_DEVICE = Path("/dev/full")
"""Has no room for a single byte."""

HISTORY = Path("history.sqlite3")


@pytest.mark.skipif(not FULL_DEVICE.exists(), reason="only Linux has such a device")
def test_a_full_disk_that_the_system_tells_of_asks_for_room() -> None:
    with pytest.raises(HistoryError) as full, history_failures(HISTORY):
        FULL_DEVICE.write_bytes(b"x")
    assert str(full.value) == f"{HISTORY}: No space left on device. Make room and try again."


def test_a_folder_that_cannot_be_used_asks_for_its_permissions(tmp_path: Path) -> None:
    with pytest.raises(HistoryError) as refused, history_failures(HISTORY):
        tmp_path.read_bytes()
    assert refused.value.hint == "Check the folder and its permissions."


def test_a_full_disk_is_known_whoever_tells_of_it(tmp_path: Path) -> None:
    assert is_full(OSError(errno.EDQUOT, "Disk quota exceeded"))
    connection = sqlite3.connect(tmp_path / "small.sqlite3")
    connection.execute("PRAGMA max_page_count = 2").fetchone()
    connection.execute("CREATE TABLE words (said)")
    with pytest.raises(sqlite3.OperationalError) as full:
        connection.execute("INSERT INTO words VALUES (zeroblob(100000))")
    assert is_full(full.value)
    assert not is_full(sqlite3.OperationalError("no such table"))
    connection.close()
