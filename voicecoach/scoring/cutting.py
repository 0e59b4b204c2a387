"""Whether an answer said again leaves out what it was meant to leave out."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from voicecoach.scoring.card import ClauseNote, Quote
from voicecoach.scoring.clauses import WINDOW_CLAUSES

SAID_AGAIN = 0.85
"""Cosine from which a run of clauses says a sentence again.

Measured on tests/data: of 48 sentences told again in slightly other words 98 % lie above it, of 164
sentences taken out of an answer 4 % have something else there that does. (At rambling.REPEAT, which compares
single clauses, a fifth would be accused.)
"""


def runs(clauses: Sequence[ClauseNote]) -> tuple[Quote, ...]:
    """Every run of one to three clauses, in order of their first: what a sentence may have become."""
    return tuple(_runs(clauses))


def said_again(
    cut: npt.NDArray[np.float32], told: npt.NDArray[np.float32], quotes: Sequence[Quote]
) -> tuple[Quote | None, ...]:
    """Where each sentence that was to be left out is said again, in whatever words; None where it is not.

    Args:
        cut: Unit vectors of the sentences, shape (sentences, dimensions).
        told: Unit vectors of the answer's runs of clauses, shape (runs, dimensions).
        quotes: Those runs.
    """
    if not quotes:
        return (None,) * len(cut)
    alike = cut @ told.T
    nearest = alike.argmax(axis=1)
    return tuple(
        quotes[run] if alike[sentence, run] >= SAID_AGAIN else None for sentence, run in enumerate(nearest)
    )


def _runs(clauses: Sequence[ClauseNote]) -> Iterator[Quote]:
    for first in range(len(clauses)):
        for last in range(first, min(first + WINDOW_CLAUSES, len(clauses))):
            run = clauses[first : last + 1]
            yield Quote(" ".join(each.text for each in run), run[0].start_s, run[-1].end_s)
