"""Words as a recogniser might mishear them: dropped, swapped for others, with others between them."""

from collections.abc import Iterable, Sequence
from random import Random

from voicecoach.scoring.text import tokens

WORD_ERROR = 0.09
"""Share of words: what a local Whisper was measured to mishear of spoken technical answers."""


def vocabulary_of(texts: Iterable[str]) -> tuple[str, ...]:
    """Every word of the texts once, in order of the alphabet."""
    return tuple(sorted({token for text in texts for token in tokens(text)}))


def misheard(words: Sequence[str], share: float, vocabulary: Sequence[str], seed: str) -> list[str]:
    """The words with errors, a third each drops, swaps and insertions.

    Args:
        words: What was said.
        share: How likely each word brings an error, 0..1.
        vocabulary: What comes instead or beside, each word as likely; at least one.
        seed: The same one gives the same errors.

    Returns:
        At least one word.
    """
    chosen = Random(seed)  # noqa: S311 - repeatable errors, nothing is kept secret
    heard: list[str] = []
    for word in words:
        if chosen.random() >= share:
            heard.append(word)
            continue
        error = chosen.choice(("drop", "swap", "insert"))
        if error == "insert":
            heard.append(word)
        if error != "drop":
            heard.append(chosen.choice(vocabulary))
    return heard or list(words)
