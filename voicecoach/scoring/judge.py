"""From an answer and a rubric to the scorecard: pure, deterministic, the same values for the same input."""

from dataclasses import replace

from voicecoach.scoring.accuracy import contradicted_points, doubted, judge_accuracy
from voicecoach.scoring.advice import one_cue
from voicecoach.scoring.card import SCHEMA, ScoreCard
from voicecoach.scoring.coverage import cover, covered_fraction, point_results
from voicecoach.scoring.delivery import judge_delivery
from voicecoach.scoring.evidence import SHIPPED_TERMS, Answer, Rubric, Terms
from voicecoach.scoring.numbers import number_remarks, without_numbers_half_said
from voicecoach.scoring.overall import overall, parts_of, scores_on
from voicecoach.scoring.proof import judge_proof
from voicecoach.scoring.rambling import judge_rambling, label_clauses, wasted_seconds
from voicecoach.scoring.structure import align, judge_structure
from voicecoach.scoring.subject import (
    Subject,
    meant,
    relevance_of,
    subject_of,
    subject_remarks,
)
from voicecoach.scoring.thresholds import SHIPPED
from voicecoach.scoring.timing import judge_timing
from voicecoach.scoring.warnings import raised_warnings


def judge(rubric: Rubric, answer: Answer, terms: Terms = SHIPPED_TERMS) -> ScoreCard:
    """Judge one answer."""
    question = rubric.question
    relevance = relevance_of(rubric, answer)
    coverage, subject = cover(rubric, answer), Subject()
    if not terms.is_meant:
        subject = subject_of(rubric, answer)
        coverage = meant(coverage, question, subject, relevance)
    reading = point_results(rubric, answer, coverage, terms, {})
    accuracy = judge_accuracy(rubric, answer, coverage, reading, terms)
    contradicted = contradicted_points(accuracy, reading)
    points = doubted(point_results(rubric, answer, coverage, terms, contradicted), accuracy)
    halved = without_numbers_half_said(question.points, points, answer.clauses, answer.transcript.engine.name)
    # What the speaker says of a point stands.
    points = tuple(
        point if point.id in terms.ruled else half for point, half in zip(points, halved, strict=True)
    )
    alignment = align(rubric, answer, coverage)
    structure = judge_structure(rubric, answer, alignment, points)
    notes = label_clauses(rubric, answer, alignment, accuracy.contradictions, points)
    rambling = judge_rambling(rubric, answer, notes, points, 100 * subject.share * relevance)
    timing = judge_timing(answer.transcript, question.target_s, points, wasted_seconds(rambling))
    delivery = judge_delivery(answer.transcript, answer.speech)
    told = zip(answer.clauses, notes, strict=True)
    on_point = [clause for clause, note in told if note.role != "off-point"]
    proof = judge_proof(question, on_point, points)
    card = ScoreCard(
        schema=SCHEMA,
        question=question.id,
        engine=answer.transcript.engine,
        duration_s=answer.transcript.duration_s,
        overall=0.0,
        cue="",
        parts=(),
        points=points,
        accuracy=accuracy,
        structure=structure,
        rambling=rambling,
        timing=timing,
        delivery=delivery,
        proof=proof,
        clauses=notes,
        warnings=(
            *subject_remarks(subject, answer, terms.thresholds),
            *number_remarks(question.points, points, answer.clauses, answer.transcript.engine.name),
            *raised_warnings(question.warnings, answer.clauses, points, proof),
        ),
        thresholds=None if terms.thresholds == SHIPPED else terms.thresholds,
    )
    parts = parts_of(question, covered_fraction(points), scores_on(card))
    card = replace(card, overall=overall(parts), parts=parts)
    return replace(card, cue=one_cue(question, card))
