"""The same answer once more, without the sentences that the last card said to cut."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from voicecoach.embedding.embedder import Embedder
from voicecoach.minutes import clock
from voicecoach.scoring.card import Rambling
from voicecoach.scoring.cutting import CUT_VERSION, in_short, repeated, runs, said_again
from voicecoach.scoring.text import for_embedding

if TYPE_CHECKING:
    from voicecoach.practice.hearing import Judgement


def remark_on_cut(embedder: Callable[[], Embedder], before: Rambling, judgement: "Judgement") -> str:
    """What the new card says about the sentences that were to be left out.

    Args:
        embedder: Loads what compares their meaning.
        before: The cut list, as the take before said its sentences, and what that take repeats.
        judgement: The answer that was to do without them.

    Raises:
        EngineError: The embedder cannot be loaded or run.
    """
    cut, told = before.cut, runs(judgement.card.clauses)
    texts = [for_embedding(quote.quote) for quote in (*cut, *told)]
    vectors = embedder().encode(texts)
    found = said_again(vectors[: len(cut)], repeated(before), vectors[len(cut) :], told)
    left_out = [in_short(old) for old, again in zip(cut, found, strict=True) if again is None]
    came_back = [
        f"{in_short(old)}, at {clock(again.start_s)}"
        for old, again in zip(cut, found, strict=True)
        if again is not None
    ]
    parts = [f"{CUT_VERSION} {len(left_out)} of {len(cut)} left out."]
    if left_out:
        parts.append(f"Cut: {'; '.join(left_out)}.")
    if came_back:
        parts.append(f"Said again: {'; '.join(came_back)}.")
    return " ".join(parts)
