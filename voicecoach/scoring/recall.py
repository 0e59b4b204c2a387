"""How much of a point an answer says word by word, for rubrics that have little else to go by.

Each word of a phrasing is set beside the word of the answer that is most alike in its context; the mean of
these cosines, rare words counting more, is the recall of BERTScore (Zhang et al. 2020). A whole sentence's
vector shows what it is about; this shows which of the point's words are missing. A rubric with spoken answers
beside it tells more by those (docs/judging.md).
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log10

import numpy as np
import numpy.typing as npt

from voicecoach.content.spelling import per_million
from voicecoach.scoring.coverage import Matrix, asked_stems, best_two
from voicecoach.scoring.evidence import Answer, Rubric
from voicecoach.scoring.text import STOP_WORDS, for_embedding, stem

COMMONEST, RAREST = 160_000.0, 0.3
"""Occurrences in a million words: of a word that would weigh nothing, and of one that weighs 1."""

LEAST_WEIGHT, EMPTY_WEIGHT = 0.15, 0.05
"""The least that a word weighs, and what one weighs that carries no point by itself."""

ASKED_SHARE = 0.25
"""What is left of the weight of a word of the question."""


@dataclass(frozen=True, slots=True, eq=False)
class WordVectors:
    """A text's pieces of words, each with a vector of length 1 for what it means there.

    Attributes:
        words: Lower-case words and marks, in order.
        word_of: Of each piece the index of its word, shape (pieces,).
        vectors: Shape (pieces, d).
    """

    words: tuple[str, ...]
    word_of: tuple[int, ...]
    vectors: npt.NDArray[np.float16]


ReadWords = Callable[[Sequence[str]], Sequence[WordVectors]]
"""Texts to their words, one each."""


def is_bare(rubric: Rubric) -> bool:
    """Whether a rubric has no spoken answers beside it, which shipped ones have by the hundred."""
    return not len(rubric.remarks)


def recalls(rubric: Rubric, answer: Answer, read: ReadWords) -> Matrix:
    """How much of each point each window says, 0..1, mean of its best two wordings; shape (points, windows).

    Args:
        rubric: The question's.
        answer: What was said.
        read: Asked for the wordings and for the clauses, all at once.
    """
    wordings = [text for point in rubric.points for text in point.texts]
    clauses = [for_embedding(clause.text) for clause in answer.clauses]
    if not clauses:
        return np.zeros((len(rubric.points), 0))
    texts = list(dict.fromkeys((*wordings, *clauses)))
    words = dict(zip(texts, read(texts), strict=True))
    asked = asked_stems(rubric.question)
    said = [words[clause].vectors for clause in clauses]
    pieces = np.concatenate(said).astype(np.float32)
    starts = np.cumsum([0, *map(len, said[:-1])])
    table = np.zeros((len(rubric.points), len(answer.windows)))
    for i, point in enumerate(rubric.points):
        per_wording = []
        for wording in (words[text] for text in point.texts):
            cosines = wording.vectors.astype(np.float32) @ pieces.T
            nearest = np.maximum.reduceat(cosines, starts, axis=1)
            weights = _weights(wording, asked)
            per_wording.append([weights @ nearest[:, w.first : w.last + 1].max(1) for w in answer.windows])
        table[i] = best_two(np.array(per_wording).T)
    return table


def _weights(text: WordVectors, asked: frozenset[str]) -> Matrix:
    """How much each piece of a text weighs, in all 1; the pieces of one word share its weight."""
    pieces = Counter(text.word_of)
    weights = np.array([_weight(text.words[word], asked) / pieces[word] for word in text.word_of])
    found: Matrix = weights / weights.sum()
    return found


def _weight(word: str, asked: frozenset[str]) -> float:
    bare = word.partition("'")[0]
    if {word, bare} & STOP_WORDS or not any(char.isalnum() for char in word):
        return EMPTY_WEIGHT
    frequency = max(per_million(word), per_million(bare), RAREST)
    weight = log10(COMMONEST / frequency) / log10(COMMONEST / RAREST)
    return max(LEAST_WEIGHT, weight) * (ASKED_SHARE if stem(bare) in asked else 1.0)
