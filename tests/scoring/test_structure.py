from dataclasses import replace

import numpy as np
import pytest

from tests.scoring.test_clauses import evenly
from tests.support.questions import CONCEPT
from voicecoach.scoring.card import PointResult, StructureResult
from voicecoach.scoring.clauses import split_clauses
from voicecoach.scoring.evidence import Vectors, answer_texts, build_answer, build_rubric, rubric_texts
from voicecoach.scoring.structure import (
    GOING_BACK,
    MOST_GOING_BACK,
    PART_WEIGHTS,
    Alignment,
    judge_structure,
)

DEFINE, FIX, NEITHER = 0, 1, -1


def blank(texts: tuple[str, ...]) -> Vectors:
    return np.zeros((len(texts), 2), np.float32)


@pytest.mark.parametrize(
    ("told", "closes"),
    [
        ((DEFINE, FIX), True),
        ((DEFINE, FIX, NEITHER), True),
        ((DEFINE, FIX, DEFINE), True),
        ((FIX, DEFINE), False),
        ((FIX, DEFINE, FIX), True),
        ((DEFINE,), False),
        ((FIX,), False),
        ((NEITHER,), False),
    ],
)
def test_it_closes_where_the_last_beat_is_told_after_the_others_began(
    told: tuple[int, ...], closes: bool
) -> None:
    transcript = evenly("it means one thing here. " * len(told))
    clauses = split_clauses(transcript, ())
    assert len(clauses) == len(told)
    answer = build_answer(transcript, (), clauses, blank(answer_texts(clauses)))
    rubric = build_rubric(CONCEPT, blank(rubric_texts(CONCEPT)))
    alignment = Alignment(np.zeros((len(told), 2)), told, 1.0)
    assert judge_structure(rubric, answer, alignment, ()).closes is closes


def test_each_time_that_the_speaker_goes_back_costs_some_of_the_order() -> None:
    scores = [structure_of(f"{TOLD}{BACK * times}").score for times in range(6)]

    cost = 100 * PART_WEIGHTS["order"] * GOING_BACK
    assert [scores[0] - score for score in scores[:3]] == pytest.approx([0, cost, 2 * cost])
    assert scores[0] - scores[5] == pytest.approx(100 * PART_WEIGHTS["order"] * MOST_GOING_BACK)


def test_what_opens_an_answer_goes_back_to_nothing() -> None:
    assert structure_of(f"{BACK}{TOLD}").went_back == ()
    assert structure_of(f"That is a good question. {BACK}{TOLD}", opening=1).went_back == ()
    assert len(structure_of(f"{TOLD}{BACK}").went_back) == 1


TOLD, BACK = "It means one thing here. You mend it like this. ", "I should have said first who uses it. "


def structure_of(text: str, opening: int = 0) -> StructureResult:
    """Told in order: after so many clauses of neither beat one of the first, and the rest of the second."""
    rubric = build_rubric(CONCEPT, blank(rubric_texts(CONCEPT)))
    transcript = evenly(text)
    clauses = split_clauses(transcript, ())
    answer = build_answer(transcript, (), clauses, blank(answer_texts(clauses)))
    told = tuple(NEITHER if i < opening else min(i - opening, FIX) for i in range(len(clauses)))
    alignment = Alignment(np.zeros((len(clauses), 2)), told, 1.0)
    return judge_structure(rubric, answer, alignment, ())


def test_one_beat_alone_is_in_order() -> None:
    define, _ = CONCEPT.structure.beats
    alone = replace(
        CONCEPT,
        structure=replace(CONCEPT.structure, beats=(replace(define, share=1.0),)),
        points=CONCEPT.points[:1],
    )
    transcript = evenly("it means one thing here.", 6.0)
    clauses = split_clauses(transcript, ())
    answer = build_answer(transcript, (), clauses, blank(answer_texts(clauses)))
    rubric = build_rubric(alone, blank(rubric_texts(alone)))
    said = PointResult("precision", "P", "define", 2.0, "covered", 0.9, 0.0, 30.0, "q")
    assert judge_structure(rubric, answer, Alignment(np.zeros((1, 1)), (DEFINE,), 1.0), (said,)).score == 100
