"""What can be said about a contradiction from one right wording of each point, without any contrast.

A statement can only contradict the point that it is about: each window of the answer belongs to the point
that it says most, and a point is judged by the window of its own that comes nearest to saying it. Four signs,
each in 0..1, and how likely the window says the point after all go into a logistic regression:
  negation   one of the two is negated and the other is not
  opposite   one says a word and the other says its opposite, and not the word itself
  number     both give numbers, and none in common
  direction  the words that both say come in another order ("A causes B", "B causes A")
"""

import re
from collections.abc import Sequence
from itertools import combinations
from math import exp

from voicecoach.scoring.text import content_stems, stem, tokens

NEGATIONS = frozenset("no not never nothing none neither nor without cannot".split())

OPPOSITES = tuple(
    tuple(map(stem, pair.split("/")))
    for pair in """more/less more/fewer higher/lower high/low increase/decrease rise/fall larger/smaller
    large/small bigger/smaller longer/shorter long/short faster/slower stronger/weaker greater/less
    before/after above/below inside/outside open/closed on/off in/out true/false same/different always/never
    all/none positive/negative start/end first/last win/lose with/without hot/cold heat/cool gain/lose
    add/remove connected/separated connected/disconnected complete/incomplete together/apart safe/dangerous
    easier/harder right/left up/down light/dark full/empty wet/dry thick/thin rough/smooth hard/soft
    actual/predicted parallel/series""".split()
)

_NUMBER = re.compile(r"\d+(?:\.\d+)?")

SIGNS = ("negation", "opposite", "number", "direction")
WEIGHTS, SAID_WEIGHT, INTERCEPT = (1.10, 1.72, 1.65, 0.0), -2.11, -0.86
"""Of SIGNS in their order, none below zero, of the probability that the point is said, and the rest."""


def contradictions(
    points: Sequence[str], windows: Sequence[str], said: Sequence[Sequence[float]]
) -> list[float]:
    """How likely an answer contradicts each point, 0..1; 0 where none of it is about the point.

    Args:
        points: A right wording of each.
        windows: The answer's.
        said: Per point how likely each window says it.
    """
    found = []
    for point, window in zip(points, own_windows(said), strict=True):
        if window is None:
            found.append(0.0)
            continue
        probability = said[len(found)][window]
        values = signs(point, windows[window])
        logit = INTERCEPT + SAID_WEIGHT * probability
        logit += sum(weight * value for weight, value in zip(WEIGHTS, values, strict=True))
        found.append(1 / (1 + exp(-logit)))
    return found


def own_windows(said: Sequence[Sequence[float]]) -> list[int | None]:
    """Per point the window about it that comes nearest to saying it; None where all are about others."""
    about = [
        max(range(len(said)), key=lambda point: said[point][w]) for w in range(len(said[0]) if said else 0)
    ]
    found: list[int | None] = []
    for point, row in enumerate(said):
        own = [window for window, whose in enumerate(about) if whose == point]
        found.append(max(own, key=lambda window: row[window]) if own else None)
    return found


def signs(point: str, window: str) -> tuple[float, float, float, float]:
    """Each of SIGNS between two texts, 0..1."""
    right, said = tokens(point), tokens(window)
    return (
        float(_is_negated(right) != _is_negated(said)),
        float(_says_opposite({stem(word) for word in right}, {stem(word) for word in said})),
        float(_other_numbers(point, window)),
        _turned(content_stems(point), content_stems(window)),
    )


def _is_negated(words: Sequence[str]) -> bool:
    """Two negations cancel out."""
    return sum(word in NEGATIONS or word.endswith("n't") for word in words) % 2 == 1


def _says_opposite(right: set[str], said: set[str]) -> bool:
    return any(
        mine in right and yours not in right and yours in said and mine not in said
        for one, other in OPPOSITES
        for mine, yours in ((one, other), (other, one))
    )


def _other_numbers(right: str, said: str) -> bool:
    wanted, found = set(_NUMBER.findall(right)), set(_NUMBER.findall(said))
    return bool(wanted and found and not wanted & found)


def _turned(right: Sequence[str], said: Sequence[str]) -> float:
    """Share of the pairs of words that both say once whose order differs."""
    shared = [word for word in right if right.count(word) == 1 and said.count(word) == 1]
    pairs = [said.index(a) > said.index(b) for a, b in combinations(shared, 2)]
    return sum(pairs) / len(pairs) if pairs else 0.0
