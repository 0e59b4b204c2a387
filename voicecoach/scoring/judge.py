"""From an answer and a rubric to the scorecard: pure, deterministic, the same values for the same input."""

from dataclasses import replace

from voicecoach.content.model import Question
from voicecoach.scoring.accuracy import contradicted_points, doubted, judge_accuracy
from voicecoach.scoring.advice import one_cue
from voicecoach.scoring.card import (
    SCHEMA,
    Accuracy,
    Part,
    PointResult,
    ScoreCard,
)
from voicecoach.scoring.coverage import cover, covered_fraction, point_results
from voicecoach.scoring.delivery import judge_delivery
from voicecoach.scoring.evidence import SHIPPED_TERMS, Answer, Rubric, Terms
from voicecoach.scoring.numbers import number_remarks
from voicecoach.scoring.proof import judge_proof
from voicecoach.scoring.rambling import judge_rambling, label_clauses, wasted_seconds
from voicecoach.scoring.structure import align, judge_structure
from voicecoach.scoring.thresholds import SHIPPED
from voicecoach.scoring.timing import judge_timing
from voicecoach.scoring.warnings import raised_warnings

LONG_WEIGHTS = {
    "coverage": 0.5,
    "accuracy": 0.12,
    "structure": 0.14,
    "rambling": 0.08,
    "timing": 0.08,
    "delivery": 0.04,
    "proof": 0.04,
}
DEFINITION_WEIGHTS = {
    "coverage": 0.45,
    "accuracy": 0.35,
    "structure": 0.0,
    "rambling": 0.06,
    "timing": 0.1,
    "delivery": 0.04,
    "proof": 0.0,
}
"""What each part weighs in the overall number; each set sums to 1."""

CONTRADICTION_COST, CHECK_COST = 40.0, 10.0
"""What one wrong statement, and one that should be checked, takes off the accuracy score of 100."""

FULL_REACH = 0.5
"""Fluency counts in full only from this coverage on: well-timed chatter about nothing earns nothing."""


def weights_for(question: Question) -> dict[str, float]:
    """What each part weighs for a question of this kind."""
    return DEFINITION_WEIGHTS if question.is_definition else LONG_WEIGHTS


def judge(rubric: Rubric, answer: Answer, terms: Terms = SHIPPED_TERMS) -> ScoreCard:
    """Judge one answer."""
    question = rubric.question
    coverage = cover(rubric, answer)
    reading = point_results(rubric, answer, coverage, terms, {})
    accuracy = judge_accuracy(rubric, answer, coverage, reading, terms)
    contradicted = contradicted_points(accuracy, reading)
    points = doubted(point_results(rubric, answer, coverage, terms, contradicted), accuracy)
    alignment = align(rubric, answer, coverage)
    structure = judge_structure(rubric, answer, alignment, points)
    notes = label_clauses(rubric, answer, alignment, accuracy.contradictions, points)
    rambling = judge_rambling(rubric, answer, notes, points)
    timing = judge_timing(answer.transcript, question.target_s, points, wasted_seconds(rambling))
    delivery = judge_delivery(answer.transcript, answer.speech)
    told = zip(answer.clauses, notes, strict=True)
    proof = judge_proof(question, tuple(clause for clause, note in told if note.role != "off-point"))
    parts = _parts(
        question,
        points,
        {
            "accuracy": accuracy_score(accuracy),
            "structure": structure.score,
            "rambling": rambling.score,
            "timing": timing.score,
            "delivery": delivery.score,
            "proof": proof.score,
        },
    )
    card = ScoreCard(
        schema=SCHEMA,
        question=question.id,
        engine=answer.transcript.engine,
        duration_s=answer.transcript.duration_s,
        overall=sum(part.weight * part.score for part in parts),
        cue="",
        parts=parts,
        points=points,
        accuracy=accuracy,
        structure=structure,
        rambling=rambling,
        timing=timing,
        delivery=delivery,
        proof=proof,
        clauses=notes,
        warnings=(
            *number_remarks(question.points, points, answer.clauses, answer.transcript.engine.name),
            *raised_warnings(question.warnings, answer.clauses, points, proof),
        ),
        thresholds=None if terms.thresholds == SHIPPED else terms.thresholds,
    )
    return replace(card, cue=one_cue(question, card))


def accuracy_score(accuracy: Accuracy) -> float:
    """100 when nothing was wrong."""
    return max(
        0.0, 100 - CONTRADICTION_COST * len(accuracy.contradictions) - CHECK_COST * len(accuracy.check)
    )


def _parts(question: Question, points: tuple[PointResult, ...], scores: dict[str, float]) -> tuple[Part, ...]:
    """Every part with its weight; all but coverage count only as far as something was said to the point."""
    covered = covered_fraction(points)
    reach = min(1.0, covered / FULL_REACH)
    weights = weights_for(question)
    found = [Part("coverage", 100 * covered, weights["coverage"])]
    found += [Part(name, reach * score, weights[name]) for name, score in scores.items() if weights[name]]
    return tuple(found)
