"""How a parser is tried, and what counts as a clear refusal."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from voicecoach.errors import ContentError, VoicecoachError

REPOSITORY = Path(__file__).parents[3]
QUESTION_ID = "imbalanced-data"

Probe = Callable[[Any], None]
"""Gives one case to the parser: returns where it is accepted, raises VoicecoachError where it is refused."""


Prepared = tuple[st.SearchStrategy[Any], Iterable[Any], Probe]
"""The strategy of bad cases, the bombs, and the probe."""

Prepare = Callable[[Path], Prepared]
"""Builds what is whole in an empty folder, with what to spoil."""


@dataclass(frozen=True, slots=True)
class Parser:
    """One reader of things from outside.

    Attributes:
        name: What it reads.
        share: How many of 10,000 cases it gets.
        prepare: Where it begins.
    """

    name: str
    share: int
    prepare: Prepare


def attempt(probe: Probe, case: Any) -> str:
    """Try one case.

    Returns:
        "accepted" or "refused".

    Raises:
        AssertionError: It was refused in words that a person cannot read.
        Exception: It was neither.
    """
    try:
        probe(case)
    except VoicecoachError as error:
        assert_clear(error)
        return "refused"
    return "accepted"


def assert_clear(error: VoicecoachError) -> None:
    """Each problem is one printable line of a length that can be read."""
    lines = error.problems if isinstance(error, ContentError) else (error.message,)
    assert lines
    for line in (*lines, error.hint):
        assert_line(line)
    assert all(lines)


def assert_line(line: str) -> None:
    """One line that a terminal can show as it is."""
    assert len(line) <= 2_500, line[:300]
    assert not any(ord(char) < 32 or 127 <= ord(char) < 160 for char in line), repr(line[:300])
