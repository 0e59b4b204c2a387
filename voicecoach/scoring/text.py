"""Words as the judge compares them. Nothing here rewrites what a person is shown."""

import re
from collections.abc import Sequence
from functools import lru_cache

SENTENCE_END = (".", "?", "!")

_TOKEN = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")

FILLED_PAUSES = frozenset({"um", "uh", "er", "erm", "uhm", "umm", "hmm", "mm", "ah", "eh"})
"""Sounds that are never words."""

STOP_WORDS = frozenset(
    """a an the and or but so then than that this these those it its it's is are was were be been being am
    do does did done have has had having i you he she we they me him her us them my your his our their
    of to in on at by for with from as into about over under up down out off if when while because
    there here what which who whom how why where can could would should will shall may might must just
    also very really quite some any each every all both more most much many such own same other
    i'm i'd i've i'll you're we're we've we'd they're that's there's let's one ones get gets got
    like well okay yeah right sort kind thing things say says said mean means basically actually""".split()
)
"""Words that carry no point by themselves."""


def lowered(text: str) -> str:
    """In lower case, its apostrophes straight."""
    return text.lower().replace("’", "'")


def filled_pause(word: str, before: str) -> str:
    """The filled pause that a word is; empty for an abbreviation ("ER") and a unit ("5 mm").

    Args:
        word: With its marks.
        before: The word in front of it, or "".
    """
    bare = re.sub(r"[^a-z0-9']", "", word.lower())
    is_unit = bare == "mm" and before[-1:].isdigit()
    return bare if bare in FILLED_PAUSES and not word.isupper() and not is_unit else ""


def without_filled_pauses(texts: Sequence[str]) -> tuple[str, ...]:
    """Texts that follow one another, each without its filled pauses and the commas around those."""
    kept: list[list[str]] = []
    before, last = "", [""]
    for text in texts:
        kept.append([])
        for word in text.split():
            if not filled_pause(word, before):
                last = kept[-1]
                last.append(word)
            elif not last[-1].endswith(SENTENCE_END):
                end = word[-1] if word.endswith(SENTENCE_END) and not word.endswith("...") else ""
                last[-1] = last[-1].removesuffix(",") + end
            before = word
    return tuple(" ".join(words) for words in kept)


def tokens(text: str) -> tuple[str, ...]:
    """Lower-case words of a text, filled pauses left out."""
    return tuple(t for t in _TOKEN.findall(lowered(text)) if t not in FILLED_PAUSES)


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """A light suffix stripper, enough to match predict, predicts, predicted and prediction."""
    for suffix in ("ations", "ation", "ings", "ions", "ing", "ion", "ers", "ed", "er", "ly", "es", "s", "e"):
        if word.endswith(suffix) and len(word) - len(suffix) >= 4:
            return word[: -len(suffix)]
    return word


@lru_cache(maxsize=16_384)
def content_stems(text: str) -> tuple[str, ...]:
    """Stems of the words that carry meaning, in order."""
    return tuple(stem(t) for t in tokens(text) if t not in STOP_WORDS)


_CHATTER = re.compile(
    r"\b(?:you know|i mean|sort of|kind of|let me think|so yeah|okay so|basically|actually)\b[ ,]*",
    re.IGNORECASE,
)


@lru_cache(maxsize=16_384)
def for_embedding(text: str) -> str:
    """The text without filled pauses, chatter and stutters, so that they do not blur its vector."""
    words: list[str] = []
    for word in _CHATTER.sub("", text).split():
        bare = word.strip(".,;:!?").lower()
        if bare in FILLED_PAUSES or (words and bare == words[-1].strip(".,;:!?").lower()):
            continue
        words.append(word)
    return " ".join(words) or text
