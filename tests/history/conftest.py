"""An empty history of each test's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from voicecoach.history.sqlite import SqliteHistory


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "history.sqlite3"


@pytest.fixture
def history(file: Path) -> Iterator[SqliteHistory]:
    opened = SqliteHistory(file)
    yield opened
    opened.close()
