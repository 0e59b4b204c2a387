"""Spelling of what a person reads or hears: plain slips only, as false alarms get skipped."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from voicecoach.content.check import Finding, texts_of
from voicecoach.content.model import Question

if TYPE_CHECKING:
    from spellchecker import SpellChecker

FIELD_WORDS = Path(__file__).with_name("field_words.txt")
"""Words of the field that the dictionary lacks, one a line; `#` starts a comment."""

COMMON = 500
"""A slip is told only where a word this frequent is one letter away; the dictionary's rare words count 50."""

SHORTEST_PART, SHORTEST_STEM = 3, 5
"""Fewest letters of each part of a compound ("time stamp"), and of what follows a prefix ("re train")."""

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_ENDING = re.compile(r"'(?:s|d|m|ll|re|ve)$")
_PREFIX = re.compile(r"^(?:re|pre|non|over|under|multi|auto|sub|super|hyper|meta|micro|mis|un|de|co)")
_SENTENCE_START = re.compile(r"(?:^|[.?!:]\s+)[\"'(]*$")
_AMERICAN = (
    (re.compile(r"our"), "or"),
    (re.compile(r"is(?=(?:e|es|ed|er|ers|ing|ation|ations|able)$)"), "iz"),
    (re.compile(r"ys(?=(?:e|es|ed|er|ing)$)"), "yz"),
    (re.compile(r"ll(?=(?:ed|er|ers|ing)$)"), "l"),
    (re.compile(r"tre(?=s?$)"), "ter"),
    (re.compile(r"ogue"), "og"),
    (re.compile(r"ae|oe"), "e"),
    (re.compile(r"ence$"), "ense"),
)
"""From a British spelling to the American one, which is the one the dictionary has."""


def lint_spelling(question: Question) -> Iterator[Finding]:
    """A warning for each word that is one letter away from a common one and is none itself.

    British and American spellings are both right, and so are names (words with a capital inside a
    sentence), compounds and prefixed words.
    """
    texts = [(place, key, text.replace("\u2019", "'")) for place, key, text in texts_of(question)]
    names = {name for _, _, text in texts for name in _names(text)}
    for place, key, text in texts:
        for word in dict.fromkeys(_WORD.findall(text)):
            if word.lower() in names:
                continue
            meant = correction(word)
            if meant:
                yield Finding("warning", place, key, f"{word!r} may be misspelt: is {meant!r} meant?")


@cache
def correction(word: str) -> str:
    """The common word that is meant instead, or nothing where the word is right or simply unknown."""
    lowered = _ENDING.sub("", word.lower())
    if len(lowered) < SHORTEST_PART or _is_right(lowered):
        return ""
    known = _frequencies()
    near = max(_speller().known(_speller().edit_distance_1(lowered)), key=known.__getitem__, default="")
    return near if known.get(near, 0) >= COMMON else ""


@cache
def per_million(word: str) -> float:
    """How often everyday English has a word, singular or plural, in a million; 0 for one it has not."""
    known = _frequencies()
    times = max(known.get(word, 0), known.get(word.removesuffix("s"), 0))
    return times * 1e6 / _speller().word_frequency.total_words


def _is_right(word: str) -> bool:
    unaccented = "".join(
        char for char in unicodedata.normalize("NFKD", word) if not unicodedata.combining(char)
    )
    spellings = {word, unaccented, *_american(word)}
    known = _frequencies()
    if any(spelling in known or spelling in _field_words() for spelling in spellings):
        return True
    cuts = range(SHORTEST_PART, len(word) - SHORTEST_PART + 1)
    if any(known.get(word[:cut], 0) >= COMMON and known.get(word[cut:], 0) >= COMMON for cut in cuts):
        return True
    stems = (_PREFIX.sub("", spelling) for spelling in spellings)
    return any(len(stem) >= SHORTEST_STEM and stem in known for stem in stems)


def _american(word: str) -> Iterable[str]:
    everywhere = word
    for british, american in _AMERICAN:
        yield british.sub(american, word)
        everywhere = british.sub(american, everywhere)
    yield everywhere


def _names(text: str) -> Iterator[str]:
    for match in _WORD.finditer(text):
        if match[0] != match[0].lower() and not _SENTENCE_START.search(text[: match.start()]):
            yield match[0].lower()


@cache
def _speller() -> "SpellChecker":
    from spellchecker import SpellChecker  # noqa: PLC0415 - a quarter of a second, not before it is needed

    return SpellChecker(language="en", distance=1)


def _frequencies() -> dict[str, int]:
    return _speller().word_frequency.dictionary


@cache
def _field_words() -> frozenset[str]:
    lines = FIELD_WORDS.read_text("utf-8").splitlines()
    return frozenset(line.partition("#")[0].strip().lower() for line in lines) - {""}
