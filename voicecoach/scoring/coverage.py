"""Which points were said: a probability per point, with the window that says it.

Evidence per point and window is six numbers:
  meaning      cosine to the point's phrasings after projecting out the question's own vector (everything on
               a topic is alike), mean of the best two (one lucky wording is not enough)
  words        share of a phrasing's content words that the window says, rare ones in this rubric counting
               more and the question's own words less (echoing the question covers nothing)
  distinction  cosine to the point minus the mean cosine to the other points of the question
  agreement    cosine to the nearest phrasing minus that to the nearest wording of the point's contrasts
  substance    cosine to the nearest phrasing minus that to the nearest remark that states no point
  recall       how much of a phrasing the window says word by word (`recall.py`); of rubrics without spoken
               answers only
Phrasings are the rubric's own and what people said in the spoken answers beside it. A logistic regression
over these numbers, no weight below zero, gives the probability: one for long answers, one for definitions and
one for rubrics without spoken answers. `benchmarks/fit_judge.py` fits the first two and prints what these
reach on answers that they have not seen; `benchmarks/projects.py` does so of the third.

In a definition the words that say a point best are read closely (`close_reading`), and what that says of them
is weighed with the probability by one more regression (stacking: Wolpert 1992).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

import numpy as np
import numpy.typing as npt

from voicecoach.content.model import Question
from voicecoach.scoring.card import Contradiction, PointResult, PointState
from voicecoach.scoring.clauses import Window
from voicecoach.scoring.evidence import Answer, Direction, Rubric, Statements, Terms, Vectors
from voicecoach.scoring.sounds import heard_by_sound
from voicecoach.scoring.text import content_stems
from voicecoach.scoring.thresholds import Thresholds

Matrix = npt.NDArray[np.float64]

FEATURES = ("meaning", "words", "distinction", "agreement", "substance", "recall")

FULL_AGREEMENT = 0.3
"""Further from every contrast than this adds nothing."""

OPPOSED = 0.3
"""The most that two texts are alike which are opposed word by word."""

USUAL_AGREEMENT = 0.2
"""Taken for a point without contrasts: the mean over the labelled answers."""

FULL_SUBSTANCE = 0.4
"""Further than this from every remark, or nearer to one, changes nothing more."""

USUAL_SUBSTANCE = 0.13
"""Taken for a question without remarks: the mean over the labelled answers."""


@dataclass(frozen=True, slots=True)
class Regression:
    """Weights in the order of FEATURES, and the intercept."""

    weights: tuple[float, ...]
    intercept: float

    def probabilities(self, evidence: Matrix) -> Matrix:
        """Probabilities of evidence of shape (..., features)."""
        found: Matrix = 1.0 / (1.0 + np.exp(-(evidence @ np.array(self.weights) + self.intercept)))
        return found


LONG = Regression((9.1, 7.1, 1.7, 7.1, 6.4, 0.0), -9.4)
DEFINITION = Regression((7.3, 2.3, 1.7, 5.3, 4.8, 0.0), -7.1)
BARE = Regression((5.2, 3.9, 6.5, 0.0, 0.0, 12.9), -10.0)
"""Its scale and intercept are fitted on people's own projects, those of the development set. How its weights
stand to one another is a compromise between all projects (`benchmarks/projects.py`), where the four numbers
help one another, and public sets on other subjects (`benchmarks/calibration.py`), where recall tells most.
"""

READ_FROM = 0.1
"""Points less likely than this are not read closely."""

OWN_LOG_ODDS, READ_LOG_ODDS, READ_INTERCEPT = 0.76, 0.8, -0.25
"""Weights of a point's log-odds and of a close reading's, fitted on the development part of the labelled
definitions (`benchmarks/close_reading.py`); the intercept is raised so that the same thresholds serve."""

_NO_ANSWER = frozenset(content_stems("yes no question"))
"""What people put before a question that they repeat, besides words that never count."""

BY_SOUND = 0.8
"""What a term counts that was probably said under another spelling."""

SHORTER_WINDOW_SLACK = 0.04
"""A shorter window is quoted when its probability is within this of the best."""


@dataclass(frozen=True, slots=True, eq=False)
class Coverage:
    """Evidence for every point.

    Attributes:
        probabilities: Shape (points, windows).
        best: Per point the window that says it best, -1 when there is no window.
    """

    probabilities: Matrix
    best: tuple[int, ...]

    def probability(self, point: int) -> float:
        """How likely the point was said."""
        return float(self.probabilities[point, self.best[point]]) if self.best[point] >= 0 else 0.0

    def meant(self, share: float) -> "Coverage":
        """The same where only this share of such answers is to the question at all."""
        return Coverage(share * self.probabilities, self.best)

    def shifted(self, log_odds: Sequence[float]) -> "Coverage":
        """The same where each point is likelier by so much in every window."""
        likelier = np.exp(np.array(log_odds))[:, None] * self.probabilities
        return Coverage(likelier / (likelier + 1 - self.probabilities), self.best)


def regression_for(rubric: Rubric, answer: Answer) -> Regression:
    """The regression for a question of this kind, and for what is known of an answer to it."""
    if answer.recalls is not None:
        return BARE
    return DEFINITION if rubric.question.is_definition else LONG


def features(rubric: Rubric, answer: Answer) -> Matrix:
    """Evidence, shape (points, windows, features), in the order of FEATURES."""
    all_points = rubric.points + rubric.beside
    count, cut = len(all_points), len(answer.windows)
    table = np.zeros((len(rubric.points), cut, len(FEATURES)))
    rarity = _rarity(rubric)
    spoken = [frozenset(stems) for stems in answer.stems]
    by_sound = heard_by_sound(rubric.lexicon, answer.clauses, answer.windows)
    on_axis = answer.vectors @ rubric.asked
    similarity = np.zeros((count, cut))
    opposed = [point.opposed_to(answer.directions) for point in all_points]
    for i, point in enumerate(all_points):
        similarity[i] = best_two(_apart(answer.vectors @ point.vectors.T, opposed[i]))
    for i, point in enumerate(rubric.points):
        projected = _projected(answer.vectors, on_axis, point.vectors, rubric.asked)
        table[i, :, 0] = best_two(_apart(projected, opposed[i]))
        table[i, :, 1] = best_two(np.where(opposed[i], 0.0, _word_recall(point, spoken, by_sound, rarity)))
    total = similarity.sum(axis=0)
    own = similarity[: len(rubric.points)]
    table[:, :, 2] = own - (total - own) / max(1, count - 1)
    beside = _nearest_remark(rubric, answer)
    for i, (point, contrasts) in enumerate(zip(rubric.points, rubric.contrasts, strict=True)):
        right = nearest(answer.vectors, answer.directions, point)
        table[i, :, 3] = _agreement(right, contrasts, answer)
        table[i, :, 4] = _substance(right, beside)
    if answer.recalls is not None:
        table[:, :, 5] = answer.recalls
    return table


def cover(rubric: Rubric, answer: Answer) -> Coverage:
    """The probability of every point in every window, and where each was said best."""
    if not answer.windows:
        return Coverage(np.zeros((len(rubric.points), 0)), tuple(-1 for _ in rubric.points))
    probabilities = regression_for(rubric, answer).probabilities(features(rubric, answer))
    probabilities[:, [only_asks(rubric.question, stems) for stems in answer.stems]] = 0.0
    length = np.array([window.last - window.first for window in answer.windows])
    best = []
    for row in probabilities:
        near = np.flatnonzero(row >= row.max() - SHORTER_WINDOW_SLACK)
        shortest = near[length[near] == length[near].min()]
        best.append(int(shortest[np.argmax(row[shortest])]))
    coverage = Coverage(probabilities, tuple(best))
    return coverage.shifted([_by_reading(answer, coverage, point) for point in range(len(rubric.points))])


def _by_reading(answer: Answer, coverage: Coverage, point: int) -> float:
    """What a close reading of the words that say a point best adds to its log-odds; 0 where there is none.

    Formulas in single letters count here, which accuracy doubts: measured, they are told better so.
    """
    best, likely = coverage.best[point], coverage.probability(point)
    reading = answer.readings.get((point, best))
    if reading is None or not READ_FROM <= likely < 1:
        return 0.0
    own = log(likely / (1 - likely))
    return (OWN_LOG_ODDS - 1) * own + READ_LOG_ODDS * reading.statement + READ_INTERCEPT


def state_of(probability: float, thresholds: Thresholds) -> PointState:
    """The state a probability stands for."""
    if probability >= thresholds.covered:
        return "covered"
    if probability >= thresholds.partly:
        return "partly"
    return "unsure" if probability >= thresholds.unsure else "missing"


CREDIT: dict[PointState, float] = {
    "covered": 1.0,
    "partly": 0.5,
    "unsure": 0.0,
    "missing": 0.0,
    "contradicted": 0.0,
}
"""What a point in each state adds to coverage, of its weight."""


def point_results(
    rubric: Rubric,
    answer: Answer,
    coverage: Coverage,
    terms: Terms,
    contradicted: Mapping[str, Contradiction],
) -> tuple[PointResult, ...]:
    """Every point with its state, quote and second.

    Args:
        rubric: The question's rubric.
        answer: The answer.
        coverage: How likely each point was said, and where.
        terms: What states are given from; of a point whose state the speaker knows the likeliest words are
            quoted.
        contradicted: By id the points that are contradicted, which quote what contradicts them.
    """
    results = []
    for i, point in enumerate(rubric.question.points):
        probability = coverage.probability(i)
        state: PointState = terms.ruled.get(point.id) or state_of(probability, terms.thresholds)
        quoted: Window | Contradiction | None = contradicted.get(point.id)
        if quoted is not None:
            state = "contradicted"
        elif state != "missing" and coverage.best[i] >= 0:
            quoted = answer.windows[coverage.best[i]]
        results.append(
            PointResult(
                id=point.id,
                label=point.label,
                beat=point.beat,
                weight=point.weight,
                state=state,
                probability=probability,
                start_s=quoted.start_s if quoted else None,
                end_s=quoted.end_s if quoted else None,
                quote=_text_of(quoted),
            )
        )
    return tuple(results)


def _text_of(quoted: Window | Contradiction | None) -> str:
    match quoted:
        case Window(text=text):
            return text
        case Contradiction(quote=quote):
            return quote
        case None:
            return ""


def covered_fraction(points: tuple[PointResult, ...]) -> float:
    """Weighted share of the rubric that was said, 0..1."""
    total = sum(p.weight for p in points)
    return sum(p.weight * CREDIT[p.state] for p in points) / total if total else 0.0


def _agreement(right: Vectors, contrasts: tuple[Statements, ...], answer: Answer) -> Matrix:
    """How much nearer each window is to the point than to what contradicts it, shape (windows,)."""
    if not contrasts:
        return np.full(len(answer.windows), USUAL_AGREEMENT)
    wrong = np.max([nearest(answer.vectors, answer.directions, each) for each in contrasts], axis=0)
    agreement: Matrix = np.minimum(right - wrong, FULL_AGREEMENT).astype(np.float64)
    return agreement


def _nearest_remark(rubric: Rubric, answer: Answer) -> Vectors | None:
    """Cosine of each window to the nearest remark that states no point; None where none is known."""
    if not len(rubric.remarks):
        return None
    found: Vectors = (answer.vectors @ rubric.remarks.T).max(axis=1)
    return found


def _substance(right: Vectors, beside: Vectors | None) -> Matrix:
    """How much nearer each window is to the point than to what states none, shape (windows,)."""
    if beside is None:
        return np.full(len(right), USUAL_SUBSTANCE)
    substance: Matrix = np.clip(right - beside, -FULL_SUBSTANCE, FULL_SUBSTANCE).astype(np.float64)
    return substance


def nearest(spoken: Vectors, directions: Sequence[Direction], statements: Statements) -> Vectors:
    """Cosine of each row to its nearest wording that it is not opposed to, shape (rows,)."""
    found: Vectors = _apart(spoken @ statements.vectors.T, statements.opposed_to(directions)).max(axis=1)
    return found


def _apart(cosines: Vectors, opposed: npt.NDArray[np.bool_]) -> Vectors:
    """The cosines, low where two texts are opposed word by word."""
    return np.where(opposed, np.minimum(cosines, OPPOSED), cosines)


def best_two(similarities: npt.NDArray[np.float32] | Matrix) -> Matrix:
    """Mean of the two highest per row, shape (windows,)."""
    if similarities.shape[1] == 1:
        return similarities[:, 0].astype(np.float64)
    top = np.partition(similarities, -2, axis=1)[:, -2:]
    mean: Matrix = top.mean(axis=1).astype(np.float64)
    return mean


def _projected(
    spoken: npt.NDArray[np.float32],
    on_axis: npt.NDArray[np.float32],
    phrasings: npt.NDArray[np.float32],
    axis: npt.NDArray[np.float32],
) -> npt.NDArray[np.float32]:
    """Cosines after taking the component along `axis` out of both sides."""
    along = phrasings @ axis
    inner = spoken @ phrasings.T - np.outer(on_axis, along)
    lengths = np.outer(np.sqrt(np.clip(1 - on_axis**2, 1e-6, 1)), np.sqrt(np.clip(1 - along**2, 1e-6, 1)))
    cosines: npt.NDArray[np.float32] = (inner / lengths).astype(np.float32)
    return cosines


def _rarity(rubric: Rubric) -> dict[str, float]:
    """How much a stem tells the points of this rubric apart; the question's own words count a quarter."""
    points = [frozenset(s for stems in p.stems for s in stems) for p in rubric.points + rubric.beside]
    asked = asked_stems(rubric.question)
    holding = Counter(stem for stems in points for stem in stems)
    weights = {stem: log(1.0 + len(points) / count) for stem, count in holding.items()}
    return {stem: weight / 4 if stem in asked else weight for stem, weight in weights.items()}


def asked_stems(question: Question) -> frozenset[str]:
    """Content stems of the whole question itself, which prove nothing when they are said."""
    whole = question.whole
    return frozenset(content_stems(whole.text)) | frozenset(content_stems(whole.title))


def only_asks(question: Question, stems: Sequence[str]) -> bool:
    """Whether someone who says this repeats a narrowed question and adds nothing to it.

    A follow-up holds words of its point, so that to say it again would otherwise count as an answer.

    Args:
        question: What is asked; the words of a whole question are discounted one by one instead.
        stems: Content stems of what is said.
    """
    if not question.is_narrowed:
        return False
    return frozenset(stems) <= frozenset(content_stems(question.text)) | _NO_ANSWER


def _word_recall(
    point: Statements,
    spoken: list[frozenset[str]],
    by_sound: list[frozenset[str]],
    rarity: dict[str, float],
) -> Matrix:
    """Per window the weighted word recall of each phrasing, shape (windows, phrasings)."""
    place = {stem: i for i, stem in enumerate(dict.fromkeys(s for stems in point.stems for s in stems))}
    wanted = np.zeros((len(point.stems), len(place)))
    for row, stems in zip(wanted, point.stems, strict=True):
        for stem in stems:
            row[place[stem]] = rarity.get(stem, 0.0)
    told = np.zeros((len(spoken), len(place)))
    for row, said, sounding in zip(told, spoken, by_sound, strict=True):
        row[[place[stem] for stem in sounding if stem in place]] = BY_SOUND
        row[[place[stem] for stem in said if stem in place]] = 1.0
    total = wanted.sum(axis=1)
    table: Matrix = told @ wanted.T / np.where(total, total, 1.0)
    return table
