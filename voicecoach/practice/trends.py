"""Whether scores rise: takes are compared with earlier takes on the same question, never across questions.

The test is Kendall's for several series at once (Hirsch & Slack 1984, there for the months of a year): within
each question every pair of takes counts +1 where the later scored higher and -1 where it scored lower; the
sum over all questions, against what it would vary by if the order meant nothing, says how likely chance is.
Harder questions that come later, or a new recogniser, so make no trend.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

Direction = Literal["rising", "falling", "unclear", "too few"]

ENOUGH_TAKES = 8
"""Takes on questions that were answered more than once; with fewer nothing is said of a trend."""

CHANCE = 0.01
"""A trend is told only where chance alone would show it more rarely than this."""

LEAST_CHANGE = 3.0
"""Points by which the later of two takes must typically differ; less could not be felt."""


@dataclass(frozen=True, slots=True)
class Trend:
    """What repeats of the same questions say.

    Attributes:
        direction: What may be claimed.
        repeated: Takes on questions that were answered more than once, heard by the same engine.
        higher: Pairs of takes on the same question of which the later scored higher.
        lower: Pairs of which the later scored lower; in the others both scored the same.
        pairs: All of them.
        change: Median difference over the pairs, later less earlier; 0 where there are none.
    """

    direction: Direction
    repeated: int
    higher: int
    lower: int
    pairs: int
    change: float


def trend_of(series: Iterable[Sequence[float]]) -> Trend:
    """The trend of several series of scores.

    Args:
        series: Scores, oldest first; only those of one series are compared with each other.
    """
    repeats = [scores for scores in series if len(scores) > 1]
    repeated = sum(map(len, repeats))
    changes = np.concatenate([_changes(scores) for scores in repeats]) if repeats else np.empty(0)
    higher, lower = int(np.sum(changes > 0)), int(np.sum(changes < 0))
    change = float(np.median(changes)) if repeats else 0.0
    direction: Direction = "unclear"
    if repeated < ENOUGH_TAKES:
        direction = "too few"
    elif abs(change) >= LEAST_CHANGE and _chance(higher - lower, repeats) < CHANCE:
        direction = "rising" if change > 0 else "falling"
    return Trend(direction, repeated, higher, lower, len(changes), change)


def _changes(scores: Sequence[float]) -> npt.NDArray[np.float64]:
    """Later less earlier, of every pair."""
    values = np.asarray(scores, np.float64)
    earlier, later = np.triu_indices(len(values), 1)
    return values[later] - values[earlier]


def _chance(surplus: int, repeats: Sequence[Sequence[float]]) -> float:
    """How often such a surplus, or a greater one either way, comes about where the order means nothing."""
    variance = sum(map(_variance, repeats))
    if not variance or not surplus:
        return 1.0
    return math.erfc((abs(surplus) - 1) / math.sqrt(2 * variance))


def _variance(scores: Sequence[float]) -> float:
    """Of the sum of signs over the pairs of one series, equal scores allowed for (Kendall 1975)."""
    return (_term(len(scores)) - sum(map(_term, Counter(scores).values()))) / 18


def _term(count: int) -> int:
    return count * (count - 1) * (2 * count + 5)
