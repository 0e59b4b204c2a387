"""Which words of a definition are read once more, one by one, and beside what.

A sentence's vector hardly moves when one word is swapped. Where a clause is near to what contradicts a point
and leans no further to any right phrasing, and where it says a point best, its nearest wordings of both sides
go out (`comparisons`), and a reading comes back (`Compare`): how likely the clause states the point,
contradicts it, or does neither.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from voicecoach.scoring.clauses import Window
from voicecoach.scoring.coverage import READ_FROM, cover, nearest, only_asks
from voicecoach.scoring.evidence import Answer, Direction, Place, Reading, Rubric, Statements, Vectors
from voicecoach.scoring.text import for_embedding

NEAREST = 0.7
"""Below this cosine to a wrong statement a clause is about something else."""

LEAST_MEANING = -0.04
"""The meaning alone must not lean to the right side by more than this."""

LEAST_WORDS = 6
"""A shorter fragment says too little to be accused of anything."""

MOST_CLAUSES = 2
"""Longer windows dilute what they hold."""

WORDINGS_A_SIDE = 3
"""So many wordings of each side are set beside a clause."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is set side by side.

    Attributes:
        text: What was said.
        rights: Wordings of a point, the nearest first.
        wrongs: Wordings of what contradicts it, the nearest first.
    """

    text: str
    rights: tuple[str, ...]
    wrongs: tuple[str, ...]


Compare = Callable[[Sequence[Comparison]], tuple[Reading, ...]]
"""Comparisons to what each text does to its point."""


@dataclass(frozen=True, slots=True, eq=False)
class Leaning:
    """How the windows that may say something wrong lie between right and wrong.

    Attributes:
        windows: Their indices.
        directions: Which way each points.
        right: Cosine to the nearest right phrasing of any point, or remark that says none, shape (windows,).
        meaning: Per point and contrast the cosine to its nearest wording, less `right`, shape (windows,).
        close: Per point and contrast those, as indices into `windows`, that may say what it says.
    """

    windows: tuple[int, ...]
    directions: tuple[Direction, ...]
    right: Vectors
    meaning: tuple[tuple[Vectors, ...], ...]
    close: tuple[tuple[tuple[int, ...], ...], ...]


def is_read(window: Window) -> bool:
    """Whether a window is long enough and short enough to be accused of anything."""
    return window.last - window.first < MOST_CLAUSES and len(window.text.split()) >= LEAST_WORDS


def leaning(rubric: Rubric, answer: Answer) -> Leaning | None:
    """How an answer's windows lie to what is wrong; None where none may say anything wrong."""
    windows = tuple(
        i
        for i, window in enumerate(answer.windows)
        if is_read(window) and not only_asks(rubric.question, answer.stems[i])
    )
    if not windows:
        return None
    spoken, directions = answer.vectors[list(windows)], tuple(answer.directions[i] for i in windows)
    points = rubric.points + rubric.beside
    right: Vectors = np.max([nearest(spoken, directions, point) for point in points], axis=0)
    if len(rubric.remarks):
        right = np.maximum(right, (spoken @ rubric.remarks.T).max(axis=1))
    meaning, close = [], []
    for contrasts in rubric.contrasts:
        near = [nearest(spoken, directions, wrong) for wrong in contrasts]
        meaning.append(tuple(each - right for each in near))
        is_close = ((each >= NEAREST) & (each - right >= LEAST_MEANING) for each in near)
        close.append(tuple(tuple(np.flatnonzero(each).tolist()) for each in is_close))
    return Leaning(windows, directions, right, tuple(meaning), tuple(close))


def comparisons(rubric: Rubric, answer: Answer) -> dict[Place, Comparison]:
    """The windows of a definition to read once more, each with its nearest wordings.

    Those that may contradict a point, and the one that says it best, where it may have been said and has
    contrasts. Those of long answers are not read again: little is won there (docs/judging.md).
    """
    if not rubric.question.is_definition:
        return {}
    lies, coverage = leaning(rubric, answer), cover(rubric, answer)
    found = dict[Place, Comparison]()
    for point, (right, wrongs) in enumerate(zip(rubric.points, rubric.contrasts, strict=True)):
        windows = set() if lies is None else {lies.windows[i] for close in lies.close[point] for i in close}
        if wrongs and coverage.probability(point) >= READ_FROM:
            windows.add(coverage.best[point])
        for window in sorted(windows):
            vector = answer.vectors[window]
            found[point, window] = Comparison(
                for_embedding(answer.windows[window].text),
                _nearest(vector, (right,)),
                _nearest(vector, wrongs),
            )
    return found


def _nearest(vector: Vectors, sides: Sequence[Statements]) -> tuple[str, ...]:
    texts = [text for statements in sides for text in statements.texts]
    cosines = np.concatenate([statements.vectors @ vector for statements in sides])
    return tuple(texts[i] for i in np.argsort(-cosines)[:WORDINGS_A_SIDE].tolist())
