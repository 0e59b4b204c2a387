"""Technical terms that were probably said where something else of nearly the same sound was heard.

A recogniser that has never met a term writes what it knows instead: "re call", "logistical gresham",
"gradient instead trees". Nothing here rewrites what was heard; a match only counts as evidence that a term
was said.

A term is a word of the rubric's phrasings that everyday English has rarely, alone or with the word beside it.
Runs of one to three words heard are compared with it by their Metaphone codes (Philips, "Hanging on the
Metaphone", Computer Language 7(12), 1990) and their letters (Jaro-Winkler), in three ways:
  spelling  the run, written as one word, is the term: "over fitting", "x g boost"
  sound     the codes are at most one edit in five apart, and the letters are alike; the codes of a single
            word must be the same
  place     a word that stands beside the term in a phrasing was heard beside the run, as in "turn prediction"
            for churn prediction: two edits in five; between two such words one in two
What may as well be meant as it was heard is left alone: a word that the rubric itself uses, an everyday word
that nothing beside it supports, and a run that is as near to the term without its first or last word.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, pairwise
from typing import Literal

from jellyfish import jaro_winkler_similarity, levenshtein_distance, metaphone

from voicecoach.content.spelling import per_million
from voicecoach.scoring.clauses import Clause, Window
from voicecoach.scoring.text import STOP_WORDS, stem, tokens

EVERYDAY = 20.0
"""Times in a million words of everyday English from which on a word is no technical term."""

SHORTEST_TERM, SHORTEST_CODE = 3, 3
"""Fewest letters of a term and of its code: what is shorter sounds like anything."""

LONGEST_RUN, LONGEST_SPELT_RUN = 3, 4
"""Words heard that may be one term; four where it was spelt out, as in "n d c g"."""

SOUND_EDITS, PLACE_EDITS, BETWEEN_EDITS = 0.2, 0.4, 0.5
"""Most edits between two codes, as a share of the term's, and in its place of the longer one's."""

MOST_EDITS = 2
"""Of a code by its sound alone, however long it is."""

ALIKE_WORD, ALIKE_RUN, ALIKE_PAIR, ALIKE_IN_PLACE, ALIKE_BETWEEN = 0.83, 0.75, 0.8, 0.7, 0.5
"""Least similarity of letters: of a single word, of a run to one word or to two, and in the term's place."""

CERTAINLY_ALIKE = 0.9
"""From this similarity of letters on even everyday words count as misheard."""

Term = tuple[str, ...]
"""One word or two."""

Neighbours = tuple[str | None, str | None]
"""Stems of the words to the left and right, None for any."""


@dataclass(frozen=True, slots=True)
class SoundMatch:
    """A run of words heard that was probably a term.

    Attributes:
        first: Index of its first word.
        last: Index of its last word.
        heard: The words.
        term: What was probably said.
        how: Which of the three ways told.
    """

    first: int
    last: int
    heard: tuple[str, ...]
    term: Term
    how: Literal["spelling", "sound", "place"]


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """What a rubric's terms look and sound like.

    Attributes:
        known: Stems of all content words of the rubric, right, wrong and asked.
        singles: Terms of one word by their stem.
        pairs: Terms of two words by both written as one.
        sound: Terms by what is left of their codes after up to MOST_EDITS deletions.
        place: Single words by what stands beside them in a phrasing.
    """

    known: frozenset[str]
    singles: Mapping[str, str]
    pairs: Mapping[str, Term]
    sound: Mapping[str, tuple[Term, ...]]
    place: Mapping[Neighbours, tuple[str, ...]]


@lru_cache(maxsize=256)
def lexicon_of(phrasings: tuple[str, ...], texts: tuple[str, ...]) -> Lexicon:
    """The lexicon of a rubric.

    Args:
        phrasings: Of all its points.
        texts: Everything that the rubric says.
    """
    sound: dict[str, list[Term]] = defaultdict(list)
    place: dict[Neighbours, list[str]] = defaultdict(list)
    said = [tokens(phrasing) for phrasing in phrasings]
    terms = dict.fromkeys(term for words in said for term in _terms(words))
    for term in terms:
        code = _code("".join(term))
        if len(code) >= SHORTEST_CODE:
            for rest in _deletions(code, _edits(len(code))):
                sound[rest].append(term)
    placed = dict.fromkeys(pair for words in said for pair in _places(words))
    for neighbours, word in placed:
        place[neighbours].append(word)
    return Lexicon(
        known=frozenset(stem(word) for text in texts for word in tokens(text) if word not in STOP_WORDS),
        singles={stem(term[0]): term[0] for term in terms if len(term) == 1},
        pairs={"".join(term): term for term in terms if len(term) == 2},
        sound={key: tuple(found) for key, found in sound.items()},
        place={key: tuple(found) for key, found in place.items()},
    )


def matches(lexicon: Lexicon, words: Sequence[str]) -> tuple[SoundMatch, ...]:
    """The terms that were probably said in other words than were heard, in order; no two overlap."""
    stems = [stem(word) for word in words]
    found = sorted((*_spelt(lexicon, words), *_sounding(lexicon, words, stems)), key=lambda each: each[0])
    taken: set[int] = set()
    chosen = []
    for _, match in found:
        run = range(match.first, match.last + 1)
        if taken.isdisjoint(run):
            taken.update(run)
            chosen.append(match)
    return tuple(sorted(chosen, key=lambda match: match.first))


def heard_by_sound(
    lexicon: Lexicon, clauses: Sequence[Clause], windows: Sequence[Window]
) -> list[frozenset[str]]:
    """Per window the stems of the terms that were probably said within it.

    Args:
        lexicon: Of the rubric.
        clauses: The whole answer, in order.
        windows: Runs of them.
    """
    said = [tokens(clause.text) for clause in clauses]
    begins = [0]
    for words in said:
        begins.append(begins[-1] + len(words))
    found = matches(lexicon, [word for words in said for word in words])
    return [
        frozenset(
            stem(word)
            for match in found
            if begins[window.first] <= match.first and match.last < begins[window.last + 1]
            for word in match.term
        )
        for window in windows
    ]


def _terms(words: Sequence[str]) -> Iterator[Term]:
    """The technical words of a phrasing, and the pairs of content words that hold one."""
    for word in words:
        if _is_technical(word):
            yield (word,)
    for pair in pairwise(words):
        if all(map(_is_content, pair)) and any(map(_is_technical, pair)):
            yield pair


def _places(words: Sequence[str]) -> Iterator[tuple[Neighbours, str]]:
    """Each technical word with what stands to its left, to its right and on both sides."""
    around: list[str | None] = [None, *(stem(word) if _is_content(word) else None for word in words), None]
    for left, word, right in zip(around, words, around[2:], strict=False):
        if _is_technical(word):
            for beside in dict.fromkeys(((left, None), (None, right), (left, right))):
                if beside != (None, None):
                    yield beside, word


Ranked = tuple[tuple[int, float, int], SoundMatch]
"""A match with its rank, the best first: the way, the edits as a share, the run's length."""


def _spelt(lexicon: Lexicon, words: Sequence[str]) -> Iterator[Ranked]:
    """Runs that are a term once they are written as one word."""
    for first in range(len(words)):
        for end in range(first + 1, min(first + LONGEST_SPELT_RUN, len(words)) + 1):
            run = tuple(words[first:end])
            spelt = "".join(run)
            if len(run) > 1 and stem(spelt) in lexicon.singles:
                term: Term = (lexicon.singles[stem(spelt)],)
            else:
                term = lexicon.pairs.get(spelt, run)
            if term != run:
                yield (0, 0.0, len(run)), SoundMatch(first, end - 1, run, term, "spelling")


def _sounding(lexicon: Lexicon, words: Sequence[str], stems: Sequence[str]) -> Iterator[Ranked]:
    """Runs of words that the rubric does not use and that sound like a term."""
    known = [each in lexicon.known or not word.isalpha() for word, each in zip(words, stems, strict=True)]
    for first in range(len(words)):
        for end in range(first + 1, min(first + LONGEST_RUN, len(words)) + 1):
            if known[end - 1]:
                break
            run = tuple(words[first:end])
            if STOP_WORDS.issuperset(run):
                continue
            for term, edits in _by_sound(lexicon, run):
                yield (1, edits, len(run)), SoundMatch(first, end - 1, run, term, "sound")
            beside = (stems[first - 1] if first else None, stems[end] if end < len(words) else None)
            for term, edits in _by_place(lexicon, run, beside):
                yield (2, edits, len(run)), SoundMatch(first, end - 1, run, term, "place")


def _by_sound(lexicon: Lexicon, run: tuple[str, ...]) -> Iterator[tuple[Term, float]]:
    """Terms that a run sounds like wherever it stands, with the edits as a share of the term's code."""
    heard = "".join(run)
    code = _code(heard)
    if len(code) < SHORTEST_CODE:
        return
    everyday = all(per_million(word) > EVERYDAY for word in run)
    near = (term for rest in _deletions(code, _edits(len(code) + 1)) for term in lexicon.sound.get(rest, ()))
    for term in dict.fromkeys(near):
        meant = "".join(term)
        edits = levenshtein_distance(code, _code(meant))
        alike = jaro_winkler_similarity(heard, meant)
        if len(run) == 1:
            fits = len(term) == 1 and edits == 0 and alike >= ALIKE_WORD
        else:
            fits = edits <= _edits(len(_code(meant))) and alike >= (ALIKE_RUN, ALIKE_PAIR)[len(term) - 1]
        if fits and (alike >= CERTAINLY_ALIKE or not everyday) and _all_needed(run, meant):
            yield term, edits / len(_code(meant))


def _by_place(lexicon: Lexicon, run: tuple[str, ...], beside: Neighbours) -> Iterator[tuple[Term, float]]:
    """Terms that a run sounds like in the place where it stands, with the edits as a share of a code."""
    heard, (left, right) = "".join(run), beside
    between = lexicon.place.get(beside, ()) if left and right else ()
    for word in dict.fromkeys(
        (*between, *lexicon.place.get((left, None), ()), *lexicon.place.get((None, right), ()))
    ):
        longer = max(len(_code(heard)), len(_code(word)))
        edits = levenshtein_distance(_code(heard), _code(word))
        most, least_alike = (
            (BETWEEN_EDITS, ALIKE_BETWEEN) if word in between else (PLACE_EDITS, ALIKE_IN_PLACE)
        )
        fits = longer >= SHORTEST_CODE and edits <= most * longer
        if fits and jaro_winkler_similarity(heard, word) >= least_alike and _all_needed(run, word):
            yield (word,), edits / longer


def _all_needed(run: tuple[str, ...], meant: str) -> bool:
    """Whether a run sounds less like a term without its first or its last word."""

    def distance(words: tuple[str, ...]) -> tuple[int, float]:
        heard = "".join(words)
        return levenshtein_distance(_code(heard), _code(meant)), -jaro_winkler_similarity(heard, meant)

    return len(run) == 1 or distance(run) < min(distance(run[1:]), distance(run[:-1]))


def _is_content(word: str) -> bool:
    return len(word) >= SHORTEST_TERM and word.isalpha() and word not in STOP_WORDS


def _is_technical(word: str) -> bool:
    return _is_content(word) and per_million(word) <= EVERYDAY


@lru_cache(maxsize=65_536)
def _code(word: str) -> str:
    return metaphone(word)


def _edits(length: int) -> int:
    """How many edits apart a code of this length may be."""
    return min(MOST_EDITS, int(SOUND_EDITS * length))


@lru_cache(maxsize=16_384)
def _deletions(code: str, most: int) -> frozenset[str]:
    """What is left of a code after up to so many deletions: codes so many edits apart have one in common."""
    kept = (combinations(code, len(code) - count) for count in range(most + 1))
    return frozenset("".join(rest) for several in kept for rest in several)
