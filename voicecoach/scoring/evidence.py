"""What the judge compares: vectors and words of the rubric beside those of the answer.

Texts go out (`rubric_texts`, `answer_texts`), vectors come back as matrices with one row a text, in order.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from voicecoach.content.model import Point, Question
from voicecoach.scoring.card import Ruled
from voicecoach.scoring.claims import AGREED, Claims, against, claims_of, common, telling
from voicecoach.scoring.clauses import Clause, Window, windows
from voicecoach.scoring.shares import Whole, opposed, whole_of
from voicecoach.scoring.sounds import Lexicon, lexicon_of
from voicecoach.scoring.text import content_stems, for_embedding
from voicecoach.scoring.thresholds import SHIPPED, Thresholds
from voicecoach.transcript import Span, Transcript

Vectors = npt.NDArray[np.float32]
"""Unit rows, shape (texts, dimensions)."""


NEAR_A_CONTRAST, NEARER_BY = 0.4, 0.05
"""A text that denies a point says a contrast from this cosine on, and if it is nearer than to any other."""


@dataclass(frozen=True, slots=True, eq=False)
class Statements:
    """Several wordings of one statement.

    Attributes:
        texts: As written.
        vectors: Shape (n, d).
        stems: Each wording's content stems in order.
        wholes: Of which whole each takes a share, where the point and its contrasts differ in that.
        claims: Of a contrast which way all of them point, where that tells it from its point.
    """

    texts: tuple[str, ...]
    vectors: Vectors
    stems: tuple[tuple[str, ...], ...]
    wholes: tuple[Whole | None, ...]
    claims: Claims

    def opposed_to(self, directions: Sequence["Direction"]) -> npt.NDArray[np.bool_]:
        """Which texts take a share of another whole than each wording, or deny it; shape (texts, n)."""
        sides = np.outer(_sides([each.whole for each in directions]), _sides(self.wholes))
        turned = np.array([against(each.claims, self.claims) for each in directions], bool)
        found: npt.NDArray[np.bool_] = (sides < 0) | turned[:, None]
        return found


@dataclass(frozen=True, slots=True)
class Direction:
    """Which way a text points, read from its words.

    Attributes:
        whole: Of which whole it takes a share, where it says so.
        claims: Which way it points.
    """

    whole: Whole | None
    claims: Claims


@dataclass(frozen=True, slots=True, eq=False)
class Rubric:
    """A question's rubric, ready to compare.

    Attributes:
        question: What is asked.
        asked: Vector of the whole question's own text, shape (d,).
        points: One per point.
        contrasts: Per point, one per contrast.
        cues: One per beat of the structure.
        claims: Per point which way it points, where that tells it from its contrasts.
        lexicon: How the terms of the whole question's rubric look and sound.
        remarks: Vectors of what people say besides, shape (n, d).
        others: Vectors of the sentences of the model answers in `question.others`, one after the other,
            shape (n, d); none where answers to this one are not told from those.
        beside: One per point of the whole question that a narrowed one does not ask for. Without them
            nothing would tell its points from the rest of the topic.
    """

    question: Question
    asked: Vectors
    points: tuple[Statements, ...]
    contrasts: tuple[tuple[Statements, ...], ...]
    claims: tuple[Claims, ...]
    cues: tuple[Statements, ...]
    lexicon: Lexicon
    remarks: Vectors
    others: Vectors
    beside: tuple[Statements, ...] = ()


MOST_READ = 4.0
"""Log-odds beyond which a reading says no more."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How likely words do what to a point; natural logarithms of probabilities that sum to 1."""

    states: float
    contradicts: float
    neither: float

    @property
    def contradiction(self) -> float:
        """Log-odds that they contradict the point, at most MOST_READ either way."""
        return _at_most(self.contradicts - float(np.logaddexp(self.states, self.neither)))

    @property
    def statement(self) -> float:
        """Log-odds that they state the point, at most MOST_READ either way."""
        return _at_most(self.states - float(np.logaddexp(self.contradicts, self.neither)))


def _at_most(log_odds: float) -> float:
    return min(MOST_READ, max(-MOST_READ, log_odds))


Place = tuple[int, int]
"""Index of a point and of a window."""


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """An answer, ready to judge.

    Attributes:
        transcript: What was heard.
        speech: Where someone spoke, from the waveform; empty for typed text.
        clauses: The transcript in order.
        windows: Runs of one to three clauses.
        vectors: One row a window.
        stems: Content stems of each window, in order.
        directions: Which way each window points.
        readings: What windows that were compared closely with a point's wordings do to it.
        recalls: How much of each point each window says word by word, shape (points, windows); None where
            the rubric has spoken answers to go by, or nobody read the words.
    """

    transcript: Transcript
    speech: tuple[Span, ...]
    clauses: tuple[Clause, ...]
    windows: tuple[Window, ...]
    vectors: Vectors
    stems: tuple[tuple[str, ...], ...]
    directions: tuple[Direction, ...]
    readings: Mapping[Place, Reading] = field(default_factory=lambda: MappingProxyType({}))
    recalls: npt.NDArray[np.float64] | None = None

    def windows_of_one(self) -> dict[int, int]:
        """Per clause the index of the window that is that clause alone."""
        return {window.first: i for i, window in enumerate(self.windows) if window.first == window.last}


@dataclass(frozen=True, slots=True)
class Terms:
    """What an answer is judged on.

    Attributes:
        thresholds: Where probabilities and margins are cut into verdicts.
        ruled: By id the points whose state the speaker knows; it stands, and everything follows from it.
        is_meant: Whether the speaker says that the answer is to this question.
    """

    thresholds: Thresholds = SHIPPED
    ruled: Mapping[str, Ruled] = field(default_factory=lambda: MappingProxyType({}))
    is_meant: bool = False


SHIPPED_TERMS = Terms()
"""The same for everyone."""


def rubric_texts(question: Question) -> tuple[str, ...]:
    """Every text of a question that needs a vector, in the order `build_rubric` expects.

    A narrowed question has those of the whole one, so that its vectors are there already.
    """
    whole = question.whole
    heard = (text for point in whole.points for text in (*_spoken(point), *_denied(point)))
    return (*_written(whole), *heard, *map(for_embedding, whole.remarks))


def _written(question: Question) -> tuple[str, ...]:
    """What a rubric says itself, without the spoken answers beside it."""
    texts = [question.text]
    for point in question.points:
        texts += point.phrasings
        for contrast in point.contrasts:
            texts += contrast.phrasings
    for beat in question.structure.beats:
        texts += beat.cues
    return tuple(texts)


def _spoken(point: Point) -> tuple[str, ...]:
    return tuple(map(for_embedding, point.spoken))


def _denied(point: Point) -> tuple[str, ...]:
    """What was said against a point, where there is a contrast that may take it in."""
    return tuple(map(for_embedding, point.denied)) if point.contrasts else ()


def build_rubric(question: Question, vectors: Vectors, others: Sequence[Vectors] = ()) -> Rubric:
    """The rubric with its vectors.

    Args:
        question: What is asked.
        vectors: One row per text of `rubric_texts(question)`.
        others: Per answer of `question.others` one row a sentence; nothing where they don't matter.
    """
    rows = iter(vectors)

    def wordings(texts: Sequence[str]) -> _Wordings:
        return tuple(texts), np.array([next(rows) for _ in texts], np.float32).reshape(-1, vectors.shape[1])

    whole = question.whole
    asked = next(rows)
    written = [
        (point, wordings(point.phrasings), [wordings(each.phrasings) for each in point.contrasts])
        for point in whole.points
    ]
    cues = [(beat.id, wordings(beat.cues)) for beat in whole.structure.beats]
    points, contrasts, claimed, beside = [], [], [], []
    asked_for = {point.id for point in question.points}
    for point, phrasings, wrong in written:
        is_mirrored = _is_mirrored(point)
        right_claims, wrong_claims = _claims_of(point)
        said = _statements(_together(phrasings, wordings(_spoken(point))), is_mirrored)
        denials = _by_contrast(wordings(_denied(point)), [vectors for _, vectors in wrong])
        denied = tuple(
            _statements(_together(each, denial), is_mirrored, claims)
            for each, denial, claims in zip(wrong, denials, wrong_claims, strict=True)
        )
        if point.id in asked_for:
            points.append(said)
            contrasts.append(denied)
            claimed.append(right_claims)
        else:
            beside.append(said)
    _, remarks = wordings(whole.remarks)
    told = {beat.id for beat in question.structure.beats}
    return Rubric(
        question,
        asked,
        tuple(points),
        tuple(contrasts),
        tuple(claimed),
        tuple(_statements(each) for beat, each in cues if beat in told),
        # Any word may come in a spoken answer: there it proves no term to be heard as it was said.
        lexicon_of(
            tuple(phrasing for point in whole.points for phrasing in point.phrasings), _written(whole)
        ),
        remarks,
        np.vstack([np.empty((0, vectors.shape[1]), np.float32), *others]),
        tuple(beside),
    )


_Wordings = tuple[tuple[str, ...], Vectors]
"""Texts, and their vectors."""


def _together(one: _Wordings, other: _Wordings) -> _Wordings:
    return (*one[0], *other[0]), np.vstack([one[1], other[1]])


def _statements(wordings: _Wordings, is_mirrored: bool = False, claims: Claims = frozenset()) -> Statements:
    texts, vectors = wordings
    wholes = _wholes(texts) if is_mirrored else (None,) * len(texts)
    return Statements(texts, vectors, tuple(content_stems(t) for t in texts), wholes, claims)


def _by_contrast(denials: _Wordings, contrasts: Sequence[Vectors]) -> list[_Wordings]:
    """What was said against a point, in order of the contrasts that say so; the rest is left out."""
    texts, vectors = denials
    falls = [nearest_contrast(row, contrasts) for row in vectors]
    chosen = [[i for i, fall in enumerate(falls) if fall == number] for number in range(len(contrasts))]
    return [(tuple(texts[i] for i in of_one), vectors[of_one]) for of_one in chosen]


def nearest_contrast(text: Vectors, contrasts: Sequence[Vectors]) -> int | None:
    """Which contrast of a point a text that denies it says, where one is clearly nearest.

    Args:
        text: Shape (d,).
        contrasts: Of each the vectors of its wordings.
    """
    cosines = [float((wordings @ text).max()) for wordings in contrasts]
    order = sorted(range(len(cosines)), key=lambda i: -cosines[i])
    second = cosines[order[1]] if len(order) > 1 else 0.0
    is_clear = bool(order) and cosines[order[0]] >= max(NEAR_A_CONTRAST, second + NEARER_BY)
    return order[0] if is_clear else None


def _sides(wholes: Sequence[Whole | None]) -> npt.NDArray[np.int8]:
    """1 and -1 for either whole, 0 for none: the product of two is negative where they are opposed."""
    return np.array([0 if whole is None else 1 if whole == "actual" else -1 for whole in wholes], np.int8)


def _wholes(texts: Sequence[str]) -> tuple[Whole | None, ...]:
    """The whole of each wording: they say the same, so it is that of nearly all where they name any."""
    named = [whole_of(text) for text in texts]
    votes = Counter(whole for whole in named if whole is not None)
    for whole, count in votes.items():
        if count >= AGREED * votes.total():
            return (whole,) * len(texts)
    return tuple(named)


def _claims_of(point: Point) -> tuple[Claims, list[Claims]]:
    """What tells a point from its contrasts, and each of them from it."""
    right = common(claims_of(text) for text in point.phrasings)
    wrong = [common(claims_of(text) for text in contrast.phrasings) for contrast in point.contrasts]
    return telling(right, wrong), [telling(each, [right]) for each in wrong]


def _is_mirrored(point: Point) -> bool:
    """Whether a point and its contrasts take shares of different wholes."""
    right = {whole_of(text) for text in point.phrasings}
    wrong = {whole_of(text) for contrast in point.contrasts for text in contrast.phrasings}
    return any(opposed(one, other) for one in right for other in wrong)


def answer_texts(clauses: tuple[Clause, ...]) -> tuple[str, ...]:
    """Every text of an answer that needs a vector, in the order `build_answer` expects."""
    return tuple(for_embedding(window.text) for window in windows(clauses))


def build_answer(
    transcript: Transcript, speech: tuple[Span, ...], clauses: tuple[Clause, ...], vectors: Vectors
) -> Answer:
    """The answer with its vectors, one row per text of `answer_texts(clauses)`."""
    cut = windows(clauses)
    stems = tuple(content_stems(window.text) for window in cut)
    directions = tuple(Direction(whole_of(window.text), claims_of(window.text)) for window in cut)
    return Answer(transcript, speech, clauses, cut, vectors, stems, directions)
