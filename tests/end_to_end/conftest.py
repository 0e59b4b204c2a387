"""A place for a real terminal."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.missing import missing
from tests.support.terminal import TMUX


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """Short enough for a socket; pytest's own folders may not be."""
    if TMUX is None:
        missing("no tmux (Debian: apt install tmux)")
    with tempfile.TemporaryDirectory(prefix="term") as folder:
        yield Path(folder)
