"""What stands in a column, read with suspicion: SQLite keeps any value in any column."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from voicecoach.errors import HistoryError
from voicecoach.outside import one_line, quoted
from voicecoach.scoring.contract import LARGEST_NUMBER, LONGEST_TEXT
from voicecoach.transcript import Word

MAX_VALUE_BYTES = 16_000_000
"""Of a text in the database; two hours of speech are 2 MB."""


def read_text(value: object, longest: int = LONGEST_TEXT) -> str:
    """A column's text; any column may hold anything, whatever its declared type."""
    if not isinstance(value, str):
        raise TypeError(f"{quoted(value)} stands where text should be")
    if len(value) > longest:
        raise ValueError(f"a text of {len(value):,} characters is beyond all measure")
    value.encode()  # half of a character, which JSON can smuggle in, cannot be shown
    return value


def text_if_any(value: object) -> str | None:
    """A column's text; None where it holds anything else."""
    try:
        return read_text(value)
    except (ValueError, TypeError):
        return None


def read_number(value: object) -> float:
    """A column's number of seconds or score."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= LARGEST_NUMBER:
        raise TypeError(f"{quoted(value)} stands where a number should be")
    return value


def read_count(value: object) -> int:
    """A column's number of things, of which there is one at least."""
    if not isinstance(value, int) or value < 1:
        raise TypeError(f"{quoted(value)} stands where a count should be")
    return value


def read_time(text: object) -> datetime:
    """As attempts.started_at has it, in UTC."""
    time = datetime.fromisoformat(read_text(text))
    if time.tzinfo is None:
        raise ValueError(f"{quoted(text)} names no time zone")
    return time.astimezone(UTC)


def time_text(time: datetime) -> str:
    """As attempts.started_at has it."""
    return time.astimezone(UTC).isoformat(timespec="microseconds")


def read_words(words: object) -> tuple[Word, ...]:
    """As transcripts.words has them."""
    return tuple(
        Word(read_text(text), read_number(start_s), read_number(end_s), read_number(probability))
        for text, start_s, end_s, probability in json.loads(read_text(words, MAX_VALUE_BYTES))
    )


UNREADABLE = (ValueError, TypeError, AttributeError, OverflowError, RecursionError)
"""What comes of reading a column that holds something else."""


def unreadable(file: Path, attempt_id: object, error: Exception) -> HistoryError:
    """The error for an attempt in that file of which something cannot be read."""
    return HistoryError(
        f"{file}: attempt {attempt_id} cannot be read: {one_line(error)}.",
        "Run `voicecoach doctor --repair`; what it cannot save, the app offers to judge again.",
    )


@contextmanager
def naming(file: Path, attempt_id: object) -> Iterator[None]:
    """Whatever cannot be read within is a fault of that attempt of the history in that file."""
    try:
        yield
    except UNREADABLE as error:
        raise unreadable(file, attempt_id, error) from error
