"""The one number: what each part weighs, and how they add up.

    overall = sum over the parts of weight x score

Coverage and relevance count as they are, every other part times `reach`: how far the answer comes to half of
its rubric. So well-timed chatter about nothing earns nothing.
"""

from collections.abc import Mapping

from voicecoach.content.model import Question
from voicecoach.scoring.card import Part, ScoreCard

LONG_WEIGHTS = {
    "coverage": 0.45,
    "accuracy": 0.12,
    "structure": 0.14,
    "rambling": 0.08,
    "relevance": 0.05,
    "timing": 0.08,
    "delivery": 0.04,
    "proof": 0.04,
}
DEFINITION_WEIGHTS = {
    "coverage": 0.45,
    "accuracy": 0.35,
    "structure": 0.0,
    "rambling": 0.06,
    "relevance": 0.0,
    "timing": 0.1,
    "delivery": 0.04,
    "proof": 0.0,
}
"""What each part weighs in the overall number; each set sums to 1."""

CONTRADICTION_COST, CHECK_COST = 40.0, 10.0
"""What one wrong statement, and one that should be checked, takes off the accuracy score of 100."""

_UNSCALED = frozenset({"coverage", "relevance"})
"""Parts that count however little was covered."""

FULL_REACH = 0.5
"""Fluency counts in full only from this coverage on."""


def weights_for(question: Question) -> dict[str, float]:
    """What each part weighs for a question of this kind."""
    return DEFINITION_WEIGHTS if question.is_definition else LONG_WEIGHTS


def accuracy_score(contradictions: int, checks: int) -> float:
    """100 when nothing was wrong."""
    return max(0.0, 100 - CONTRADICTION_COST * contradictions - CHECK_COST * checks)


def scores_on(card: ScoreCard) -> dict[str, float]:
    """Scores of a card's parts besides coverage, before reach."""
    return {
        "accuracy": accuracy_score(len(card.accuracy.contradictions), len(card.accuracy.check)),
        "structure": card.structure.score,
        "rambling": card.rambling.score,
        "relevance": card.rambling.relevance,
        "timing": card.timing.score,
        "delivery": card.delivery.score,
        "proof": card.proof.score,
    }


def own_scores(card: ScoreCard) -> dict[str, float]:
    """Scores of the parts that a card has, as its sections show them: before reach, 0..100, by name."""
    scores = scores_on(card)
    return {part.name: scores.get(part.name, part.score) for part in card.parts}


def parts_of(question: Question, covered: float, scores: Mapping[str, float]) -> tuple[Part, ...]:
    """Every part that weighs something, its score as it counts.

    Args:
        question: Its kind decides the weights.
        covered: Weighted share of the rubric that was said.
        scores: Of the other parts, by name, 0..100.
    """
    reach = min(1.0, covered / FULL_REACH)
    weights = weights_for(question)
    every = {"coverage": 100 * covered, **scores}
    return tuple(
        Part(name, score if name in _UNSCALED else reach * score, weights[name])
        for name, score in every.items()
        if weights[name]
    )


def overall(parts: tuple[Part, ...]) -> float:
    """The number, 0..100."""
    return sum(part.weight * part.score for part in parts)
