"""What is usual for one person: the middle and the spread of their newest takes."""

import statistics
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from voicecoach.history.records import TYPED_ENGINE, TakeMeasures

ENOUGH_TAKES = 5
"""Takes from which on something is usual."""

NEWEST_TAKES = 20
"""Takes that tell it; older ones are how it was."""

WINDOWS = 2
"""Of the questions' windows, those that were asked most have a usual length."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Half of the takes lie between low and high, which are the quartiles; median is the middle one."""

    low: float
    median: float
    high: float


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual of one measure.

    Attributes:
        takes: How many tell it, at most NEWEST_TAKES.
        spread: None where they are too few.
    """

    takes: int
    spread: Spread | None

    @property
    def missing(self) -> int:
        """Takes until something is usual."""
        return max(0, ENOUGH_TAKES - self.takes)


@dataclass(frozen=True, slots=True)
class UsualLength:
    """How long answers to questions with one window usually are, in seconds."""

    target_s: tuple[float, float]
    length: Usual


@dataclass(frozen=True, slots=True)
class UsualSpeech:
    """How someone usually sounds, whatever the question. Typed answers do not count.

    Attributes:
        words_per_minute: Pace.
        fillers_per_minute: At least so many; recognisers drop some.
        pauses_per_minute: Silences within the answer.
        lengths: By the questions' window, the one asked most first.
    """

    words_per_minute: Usual
    fillers_per_minute: Usual
    pauses_per_minute: Usual
    lengths: tuple[UsualLength, ...]


def usual(values: Sequence[float]) -> Usual:
    """What is usual of some values.

    Args:
        values: Newest first.
    """
    newest = values[:NEWEST_TAKES]
    if len(newest) < ENOUGH_TAKES:
        return Usual(len(newest), None)
    return Usual(len(newest), Spread(*statistics.quantiles(newest, n=4, method="inclusive")))


def usual_speech(takes: Sequence[TakeMeasures]) -> UsualSpeech:
    """How someone usually sounds.

    Args:
        takes: Newest first.
    """
    spoken = [take for take in takes if take.engine != TYPED_ENGINE and take.duration_s > 0]
    windows = Counter(take.target_s for take in spoken).most_common(WINDOWS)

    def of(value: Callable[[TakeMeasures], float | None]) -> Usual:
        return usual([found for found in map(value, spoken) if found is not None])

    return UsualSpeech(
        words_per_minute=of(lambda take: take.words_per_minute or None),
        fillers_per_minute=of(lambda take: take.fillers_per_minute),
        pauses_per_minute=of(
            lambda take: None if take.pauses is None else 60 * take.pauses / take.duration_s
        ),
        lengths=tuple(
            UsualLength(window, usual([take.duration_s for take in spoken if take.target_s == window]))
            for window, _ in windows
        ),
    )
