"""Whether an answer said again leaves out what it was meant to leave out."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from voicecoach.scoring.card import ClauseNote, Quote, Rambling, ScoreCard
from voicecoach.scoring.clauses import WINDOW_CLAUSES

SAID_AGAIN = 0.77
"""Cosine from which a run of clauses says a sentence again.

Measured on tests/data: of 48 sentences told again in slightly other words 98 % lie above it, of 164
sentences taken out of an answer 4 % have something else there that does. (At rambling.REPEAT, which compares
single clauses, a fifth would be accused.) Of the 23 stretches to cut of its rambling answers without
punctuation, 39 s in the middle, 96 % lie above it where they are said again and none where they are left out.
"""

CUT_VERSION = "The cut version:"
"""How the notice begins on the card of an answer that was to do without a cut list: all that tells one."""

LONGEST_QUOTE = 60
"""Characters of what was cut that the notice repeats: enough to know it again."""


def in_short(quote: Quote) -> str:
    """What the notice on a cut version calls something that was to be left out."""
    words = quote.quote if len(quote.quote) <= LONGEST_QUOTE else f"{quote.quote[:LONGEST_QUOTE].rstrip()}…"
    return f"“{words}”"


def is_cut_version(before: ScoreCard, after: ScoreCard) -> bool:
    """Whether the later answer is the earlier one said again without its cut list, corrected since or not."""
    remarks = [notice for notice in after.notices if notice.startswith(CUT_VERSION)]
    lists = [card.rambling.cut for card in (before, before.judged) if card is not None and card.rambling.cut]
    return any(all(in_short(quote) in remark for quote in cut) for remark in remarks for cut in lists)


def runs(clauses: Sequence[ClauseNote]) -> tuple[Quote, ...]:
    """Every run of one to three clauses, in order of their first: what a sentence may have become."""
    return tuple(_runs(clauses))


def repeated(rambling: Rambling) -> tuple[bool, ...]:
    """Which sentences of a cut list only repeat what the take says elsewhere, and so may be said once."""
    return tuple(
        any(cut.start_s <= repeat.start_s < cut.end_s for repeat in rambling.repeats) for cut in rambling.cut
    )


def said_again(
    cut: npt.NDArray[np.float32],
    may_be_said: Sequence[bool],
    told: npt.NDArray[np.float32],
    quotes: Sequence[Quote],
) -> tuple[Quote | None, ...]:
    """Where each sentence that was to be left out is said again, in whatever words; None where it is not.

    Args:
        cut: Unit vectors of the sentences, shape (sentences, dimensions).
        may_be_said: Which of them may be said once, and are said again only the second time.
        told: Unit vectors of the answer's runs of clauses, shape (runs, dimensions).
        quotes: Those runs.
    """
    if not quotes:
        return (None,) * len(cut)
    found: list[Quote | None] = []
    for alike, once in zip(cut @ told.T, may_be_said, strict=True):
        best = quotes[int(alike.argmax())]
        near = [quote for quote, value in zip(quotes, alike, strict=True) if value >= SAID_AGAIN]
        if once:
            # Runs that overlap the best one are the same words.
            near = [each for each in near if each.end_s <= best.start_s or each.start_s >= best.end_s]
            found.append(max(near, key=lambda each: each.start_s) if near else None)
        else:
            found.append(best if near else None)
    return tuple(found)


def _runs(clauses: Sequence[ClauseNote]) -> Iterator[Quote]:
    for first in range(len(clauses)):
        for last in range(first, min(first + WINDOW_CLAUSES, len(clauses))):
            run = clauses[first : last + 1]
            yield Quote(" ".join(each.text for each in run), run[0].start_s, run[-1].end_s)
