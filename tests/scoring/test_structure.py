import numpy as np
import pytest

from tests.scoring.test_clauses import evenly
from tests.support.questions import CONCEPT
from voicecoach.scoring.card import StructureResult
from voicecoach.scoring.clauses import split_clauses
from voicecoach.scoring.evidence import Vectors, answer_texts, build_answer, build_rubric, rubric_texts
from voicecoach.scoring.structure import Alignment, judge_structure

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
    rubric = build_rubric(CONCEPT, blank(rubric_texts(CONCEPT)))

    def told(text: str) -> StructureResult:
        transcript = evenly(text)
        clauses = split_clauses(transcript, ())
        answer = build_answer(transcript, (), clauses, blank(answer_texts(clauses)))
        told = tuple(min(i, FIX) for i in range(len(clauses)))
        return judge_structure(rubric, answer, Alignment(np.zeros((len(clauses), 2)), told, 1.0), ())

    straight = told("It means one thing here. You mend it like this. That is all of it.")
    back = told("It means one thing here. Oh, and before that it fails. I should have said why first.")
    assert straight.went_back == ()
    assert [quote.quote for quote in back.went_back] == [
        "Oh, and before that it fails.",
        "I should have said why first.",
    ]
    assert back.score < straight.score
