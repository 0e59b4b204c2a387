"""Cutting a transcript into clauses and windows.

Recognisers punctuate unreliably or not at all, so cuts come from pauses too, and a stretch without either is
cut at a connective. Windows of one to three clauses are what is compared with a rubric point.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from voicecoach.scoring.text import SENTENCE_END
from voicecoach.transcript import Span, Transcript, Word

ABBREVIATIONS = frozenset({"vs.", "e.g.", "i.e.", "cf.", "approx."})
"""Something always follows these: their full stop ends no sentence."""
PHRASE_END = (",", ";", ":")
CLAUSE_PAUSE_S = 0.35
"""A gap that ends a clause: inside fluent phrases gaps stay below about 0.2-0.3 s."""
SENTENCE_PAUSE_S = 0.7
LONGEST_WORD_S = 0.6
"""A word that seems to last longer was stretched over a silence."""
MIN_WORDS = 4
"""Shorter pieces join their neighbour: they are too little to compare."""
SOFT_WORDS = 12
"""From this length a connective or a comma ends the clause."""
MAX_WORDS = 20
MAX_SENTENCE_WORDS = 80
"""More words to a full stop are not punctuated: of 212 answers with full stops in tests/data none has 40."""
CONNECTIVES = frozenset(
    {"and", "but", "so", "because", "then", "which", "while", "whereas", "if", "when", "finally"}
)
WINDOW_CLAUSES = 3
WINDOW_WORDS = 55


@dataclass(frozen=True, slots=True)
class Clause:
    """A run of words said in one go.

    Attributes:
        text: As heard.
        start_s: Start of its first word.
        end_s: End of its last word.
        words: How many.
        ends_sentence: Whether a full stop or a long pause follows.
    """

    text: str
    start_s: float
    end_s: float
    words: int
    ends_sentence: bool

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.end_s - self.start_s


@dataclass(frozen=True, slots=True)
class Window:
    """Consecutive clauses first..last, both included."""

    first: int
    last: int
    text: str
    start_s: float
    end_s: float


def pauses_after_words(words: tuple[Word, ...], speech: tuple[Span, ...]) -> tuple[float, ...]:
    """Seconds of silence after each word, shape of `words`; 0 after the last.

    Where the waveform was analysed its silences count, each at the word boundary nearest to its middle, since
    recognisers stretch words over pauses; else the gaps between the word times.
    """
    if not speech:
        gaps = [max(0.0, right.start_s - left.end_s) for left, right in pairwise(words)]
        return (*gaps, 0.0) if words else ()
    pauses = [0.0] * len(words)
    boundaries = np.array([min(word.end_s, word.start_s + LONGEST_WORD_S) for word in words[:-1]])
    for before, after in pairwise(speech):
        if len(boundaries):
            nearest = int(np.argmin(np.abs(boundaries - (before.end_s + after.start_s) / 2)))
            pauses[nearest] += after.start_s - before.end_s
    return tuple(pauses)


def split_clauses(transcript: Transcript, speech: tuple[Span, ...]) -> tuple[Clause, ...]:
    """The transcript as clauses, in order; every word is in exactly one.

    Args:
        transcript: What was heard.
        speech: Where someone spoke, from the waveform; empty when there is none.
    """
    pieces: list[tuple[list[Word], bool]] = []
    current: list[Word] = []
    words = transcript.words
    pauses = pauses_after_words(words, speech)
    for i, word in enumerate(words):
        current.append(word)
        following = words[i + 1] if i + 1 < len(words) else None
        pause = pauses[i]
        sentence = following is None or _ends_sentence(word) or pause >= SENTENCE_PAUSE_S
        if sentence or _ends_clause(current, word, following, pause):
            pieces.append((current, sentence))
            current = []
    return tuple(_clause(piece, sentence) for piece, sentence in _join_short(pieces))


def has_sentences(transcript: Transcript) -> bool:
    """Whether the words say where sentences end: PocketSphinx and hasty typists write no full stop.

    One in a long answer, from a word put right by hand, does not say it yet.
    """
    ends = sum(map(_ends_sentence, transcript.words))
    return ends > 0 and len(transcript.words) <= MAX_SENTENCE_WORDS * ends


def windows(clauses: tuple[Clause, ...]) -> tuple[Window, ...]:
    """Every run of one to three clauses of at most WINDOW_WORDS words; a single one may be longer."""
    found = []
    for first in range(len(clauses)):
        count = 0
        for last in range(first, min(first + WINDOW_CLAUSES, len(clauses))):
            count += clauses[last].words
            if last > first and count > WINDOW_WORDS:
                break
            run = clauses[first : last + 1]
            found.append(Window(first, last, " ".join(c.text for c in run), run[0].start_s, run[-1].end_s))
    return tuple(found)


def _ends_sentence(word: Word) -> bool:
    return word.text.endswith(SENTENCE_END) and word.text.lower().lstrip('("“') not in ABBREVIATIONS


def _ends_clause(current: list[Word], word: Word, following: Word | None, pause: float) -> bool:
    if following is None:
        return True
    if pause >= CLAUSE_PAUSE_S and len(current) >= MIN_WORDS:
        return True
    if len(current) >= SOFT_WORDS:
        opens_next = following.text.lower() in CONNECTIVES
        return word.text.endswith(PHRASE_END) or opens_next or len(current) >= MAX_WORDS
    return len(current) >= MIN_WORDS and word.text.endswith((";", ":"))


def _join_short(pieces: list[tuple[list[Word], bool]]) -> list[tuple[list[Word], bool]]:
    """Pieces of fewer than MIN_WORDS words joined to a neighbour, within the sentence where possible."""
    joined: list[tuple[list[Word], bool]] = []
    for piece, sentence in pieces:
        if joined and (len(joined[-1][0]) < MIN_WORDS or (len(piece) < MIN_WORDS and not joined[-1][1])):
            joined[-1] = (joined[-1][0] + piece, sentence)
        else:
            joined.append((piece, sentence))
    if len(joined) > 1 and len(joined[-1][0]) < MIN_WORDS:
        tail, sentence = joined.pop()
        joined[-1] = (joined[-1][0] + tail, sentence)
    return joined


def _clause(words: list[Word], sentence: bool) -> Clause:
    text = " ".join(w.text for w in words)
    return Clause(text, words[0].start_s, max(w.end_s for w in words), len(words), sentence)
