"""Which sentences an answer over its window could do without."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.scoring.test_clauses import evenly
from tests.support.questions import CONCEPT
from voicecoach.scoring.card import ClauseNote, ClauseRole, PointResult, PointState, Rambling
from voicecoach.scoring.clauses import split_clauses
from voicecoach.scoring.evidence import answer_texts, build_answer, build_rubric, rubric_texts
from voicecoach.scoring.rambling import CLOSE_S, FREE, judge_rambling, wasted_seconds

STEP_S = 0.5
WORDS = "one thing here that means it "


def rambling_of(
    *sentences: tuple[int, ClauseRole],
    window_s: tuple[float, float],
    points: tuple[PointResult, ...] = (),
) -> Rambling:
    """Of sentences of so many seconds, each with what it does."""
    words = [(WORDS * seconds).split()[: round(seconds / STEP_S)] for seconds, _ in sentences]
    transcript = evenly(" ".join(f"{' '.join(each)}." for each in words), STEP_S)
    clauses = split_clauses(transcript, ())
    ends = np.cumsum([seconds for seconds, _ in sentences])
    roles = [sentences[int(np.searchsorted(ends, clause.end_s - 0.01))][1] for clause in clauses]
    notes = tuple(
        ClauseNote(clause.text, clause.start_s, clause.end_s, role, "", "")
        for clause, role in zip(clauses, roles, strict=True)
    )
    question = replace(CONCEPT, target_s=window_s)
    rubric = build_rubric(question, np.zeros((len(rubric_texts(question)), 2), np.float32))
    texts = answer_texts(clauses)
    answer = build_answer(transcript, (), clauses, np.zeros((len(texts), 2), np.float32))
    return judge_rambling(rubric, answer, notes, points, 100.0)


def dropped(found: Rambling) -> list[float]:
    return [round(quote.end_s - quote.start_s, 1) for quote in found.cut]


def test_a_sentence_that_the_window_needs_is_kept() -> None:
    found = rambling_of((8, "point"), (24, "off-point"), window_s=(10.0, 30.0))
    assert found.cut == ()
    assert found.cut_note == (
        "It runs 2 s over, but each sentence that could go would leave less than 10 s: say each one shorter."
    )


def test_of_sentences_that_would_do_the_shortest_goes() -> None:
    found = rambling_of((20, "point"), (12, "context"), (4, "off-point"), window_s=(10.0, 33.0))
    assert dropped(found) == [4.0]
    assert found.cut_note == "Drop 1 sentence and it fits in 32 s with every point kept."


def point(state: PointState, start_s: float, end_s: float) -> PointResult:
    return PointResult("precision", "P", "define", 1.0, state, 0.8, start_s, end_s, "q")


def test_what_may_say_a_point_is_not_cut() -> None:
    unsure = point("unsure", 32.0, 36.0)
    found = rambling_of(
        (20, "point"), (12, "context"), (4, "off-point"), window_s=(10.0, 33.0), points=(unsure,)
    )
    assert dropped(found) == [12.0]


def test_a_second_is_wasted_once() -> None:
    said = point("covered", 0.0, 20.0)
    found = rambling_of((20, "point"), (30, "off-point"), window_s=(60.0, 90.0), points=(said,))
    assert found.seconds_off_point == 30
    assert found.seconds_after_last_new_point == 30 - CLOSE_S
    assert wasted_seconds(found) == 30
    earlier = rambling_of((30, "repeat"), (20, "point"), (30, "context"), window_s=(60.0, 90.0))
    assert wasted_seconds(earlier) == 0
    without_point = rambling_of((30, "off-point"), (20, "context"), window_s=(60.0, 90.0))
    assert wasted_seconds(without_point) == 30


def test_what_is_off_the_point_after_the_last_point_costs_no_more_than_elsewhere() -> None:
    said = point("covered", 0.0, 20.0)
    window_s = (60.0, 90.0)
    off = rambling_of((20, "point"), (30, "off-point"), window_s=window_s, points=(said,))
    assert off.score == pytest.approx(100 * 20 / 50)
    again = rambling_of((20, "point"), (30, "repeat"), window_s=window_s, points=(said,))
    both = rambling_of((20, "point"), (18, "context"), (10, "off-point"), window_s=window_s, points=(said,))
    only_context = rambling_of((20, "point"), (28, "context"), window_s=window_s, points=(said,))
    assert again.score >= off.score
    assert only_context.score == pytest.approx(100 * (1 - 0.5 * 20 / 48))
    assert both.score == pytest.approx(100 * (1 - (10 + 0.5 * 10) / 48))


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(2, 30), st.sampled_from(FREE)), max_size=5), st.data())
def test_seconds_off_the_point_never_raise_the_score(
    others: list[tuple[int, ClauseRole]], data: st.DataObject
) -> None:
    at, seconds = data.draw(st.integers(0, len(others))), data.draw(st.integers(2, 30))
    first: tuple[int, ClauseRole] = (10, "point")
    said, window_s = point("covered", 0.0, 10.0), (60.0, 90.0)

    before = rambling_of(first, *others, window_s=window_s, points=(said,))
    padded = (first, *others[:at], (seconds, "off-point"), *others[at:])
    after = rambling_of(*padded, window_s=window_s, points=(said,))

    assert after.score <= before.score + 1e-9
    assert 0 <= after.score <= 100


def test_as_few_as_possible_go() -> None:
    sentences: list[tuple[int, ClauseRole]] = [(3, "off-point"), (9, "context"), (3, "repeat"), (20, "point")]
    found = rambling_of(*sentences, window_s=(10.0, 24.0))
    assert sorted(dropped(found)) == [3.0, 9.0]
    assert found.cut_note.startswith("Drop 2 sentences and it fits in 23 s")


def test_where_all_that_can_go_is_not_enough_the_rest_is_to_be_said_shorter() -> None:
    found = rambling_of((30, "point"), (4, "off-point"), window_s=(10.0, 20.0))
    assert found.cut_note == "Dropping 1 sentence leaves 30 s, still 10 s over: say the rest shorter."


def test_two_that_fit_are_better_than_one_that_does_not() -> None:
    found = rambling_of(
        (4, "point"), (18, "context"), (10, "repeat"), (10, "off-point"), window_s=(14.0, 22.0)
    )
    assert sorted(dropped(found)) == [10.0, 10.0]


@pytest.mark.parametrize(
    ("longest", "note"),
    [
        (33.7, "It fits its window as it is."),
        (33.2, "It runs 1 s over and every sentence carries a point: say each one shorter."),
    ],
)
def test_to_the_second_it_fits(longest: float, note: str) -> None:
    assert rambling_of((34, "point"), window_s=(10.0, longest)).cut_note == note


def test_what_is_half_a_second_too_short_fits() -> None:
    found = rambling_of((34, "point"), window_s=(34.2, 60.0))
    assert found.cut_note == "It fits its window as it is."
