import numpy as np
import pytest

from tests.scoring.test_clauses import evenly
from tests.support.questions import CONCEPT
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
