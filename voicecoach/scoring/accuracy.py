"""What was wrong: a margin between a point's contrasts and its right phrasings, with an unsure band.

A bare similarity to a wrong statement proves nothing, since right and wrong share their words. Per clause or
pair of clauses the contrast must be nearer than every right phrasing of the question, in meaning (cosine) and
in the order of words ("of the predicted" against "of the actual"), and turned round by no negation. A false
accusation costs more than a miss: between CHECK and ACCUSE the clause is shown to look at, as no verdict.
"""

from dataclasses import dataclass

import numpy as np

from voicecoach.content.model import Question
from voicecoach.scoring.card import Accuracy, Contradiction, PointResult, Verdict
from voicecoach.scoring.evidence import Answer, Rubric, Statements
from voicecoach.scoring.text import negated, tokens

MARGIN_FEATURES = ("nearness", "meaning margin", "order margin", "negation mismatch")
MARGIN_WEIGHTS = np.array([4.0, 14.0, 5.0, -2.0])
MARGIN_INTERCEPT = -4.0

ACCUSE = 0.8
CHECK = 0.6
"""Probabilities from which a clause is called wrong, and shown to check."""

NEAREST = 0.5
"""Below this cosine to a wrong statement a clause is about something else."""


@dataclass(frozen=True, slots=True)
class Suspicion:
    """The most suspicious window for one contrast."""

    point: int
    contrast: int
    window: int
    probability: float


def margin_features(
    window_vector: np.ndarray[tuple[int], np.dtype[np.float32]],
    window_text: str,
    wrong: Statements,
    right: tuple[Statements, ...],
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Evidence that one window says the wrong statement, shape (4,), in the order of MARGIN_FEATURES."""
    wrong_similarities = wrong.vectors @ window_vector
    nearest = int(np.argmax(wrong_similarities))
    nearness = _mean_top(wrong_similarities)
    right_nearness = max(_mean_top(statement.vectors @ window_vector) for statement in right)
    order_wrong = max(order_overlap(window_text, text) for text in wrong.texts)
    order_right = max(order_overlap(window_text, text) for s in right for text in s.texts)
    mismatch = float(negated(window_text) != negated(wrong.texts[nearest]))
    return np.array([nearness, nearness - right_nearness, order_wrong - order_right, mismatch])


def order_overlap(left: str, right: str) -> float:
    """How alike two texts are in their words and in the order of words near each other, 0..1."""
    a, b = _ordered(left), _ordered(right)
    return (_dice(frozenset(a), frozenset(b)) + _dice(_pairs(a), _pairs(b))) / 2


def suspicions(rubric: Rubric, answer: Answer) -> tuple[Suspicion, ...]:
    """Per contrast its most suspicious window, those at CHECK and above."""
    found = []
    short = [i for i, window in enumerate(answer.windows) if window.last - window.first <= 1]
    for p, contrasts in enumerate(rubric.contrasts):
        for c, wrong in enumerate(contrasts):
            near = [i for i in short if _mean_top(wrong.vectors @ answer.vectors[i]) >= NEAREST]
            scored = [
                (
                    _probability(
                        margin_features(answer.vectors[i], answer.windows[i].text, wrong, rubric.points)
                    ),
                    i,
                )
                for i in near
            ]
            if scored and max(scored)[0] >= CHECK:
                probability, window = max(scored)
                found.append(Suspicion(p, c, window, probability))
    return tuple(found)


def judge_accuracy(rubric: Rubric, answer: Answer, coverage_of: dict[str, float]) -> Accuracy:
    """Contradictions and what to check, one per stretch of the answer, with the verdict.

    Args:
        rubric: The question's rubric.
        answer: The answer.
        coverage_of: Probability per point id that it was said.
    """
    accused: list[Contradiction] = []
    check: list[Contradiction] = []
    taken: set[int] = set()
    for suspicion in sorted(suspicions(rubric, answer), key=lambda s: -s.probability):
        window = answer.windows[suspicion.window]
        clauses = set(range(window.first, window.last + 1))
        if clauses & taken:
            continue
        taken |= clauses
        point = rubric.question.points[suspicion.point]
        why = point.contrasts[suspicion.contrast].why
        note = Contradiction(point.id, window.text, window.start_s, window.end_s, why)
        (accused if suspicion.probability >= ACCUSE else check).append(note)
    ordered = tuple(sorted(accused, key=lambda n: n.start_s))
    to_check = tuple(sorted(check, key=lambda n: n.start_s))
    return Accuracy(_verdict(rubric.question, ordered, to_check, coverage_of), ordered, to_check)


def contradicted_points(accuracy: Accuracy, points: tuple[PointResult, ...]) -> frozenset[str]:
    """Points that were contradicted and not also said rightly somewhere else."""
    wrong = set()
    for note in accuracy.contradictions:
        point = next(p for p in points if p.id == note.point)
        said_elsewhere = (
            point.state == "covered"
            and point.start_s is not None
            and point.end_s is not None
            and (point.end_s <= note.start_s or point.start_s >= note.end_s)
        )
        if not said_elsewhere:
            wrong.add(note.point)
    return frozenset(wrong)


def _verdict(
    question: Question,
    wrong: tuple[Contradiction, ...],
    check: tuple[Contradiction, ...],
    said: dict[str, float],
) -> Verdict:
    """A definition stands or falls with its weightiest point; a long answer with a third of its rubric."""
    if wrong:
        return "wrong"
    if check:
        return "unsure"
    if question.is_definition:
        core = max(question.points, key=lambda p: p.weight)
        probability = said[core.id]
        if probability >= 0.6:
            return "right"
        return "unsure" if probability >= 0.45 else "vague"
    total = sum(p.weight for p in question.points)
    share = sum(p.weight for p in question.points if said[p.id] >= 0.6) / total
    return "right" if share >= 1 / 3 else "vague"


def _probability(evidence: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    return float(1.0 / (1.0 + np.exp(-(evidence @ MARGIN_WEIGHTS + MARGIN_INTERCEPT))))


def _mean_top(similarities: np.ndarray[tuple[int], np.dtype[np.float32]]) -> float:
    """Mean of the two highest."""
    return float(np.sort(similarities)[-2:].mean())


def _ordered(text: str) -> tuple[str, ...]:
    return tuple(
        t for t in tokens(text) if t not in {"the", "a", "an", "is", "are", "that", "it", "so", "and"}
    )


def _pairs(words: tuple[str, ...]) -> frozenset[tuple[str, str]]:
    """Words followed by one of the next two."""
    return frozenset((a, b) for i, a in enumerate(words) for b in words[i + 1 : i + 3])


def _dice(a: frozenset[object], b: frozenset[object]) -> float:
    return 2 * len(a & b) / (len(a) + len(b)) if a or b else 0.0
