"""How answers become grades, and grades days, with the real FSRS."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.history.schedule import Grade, PastAnswer, PointVerdict, ScheduledPoint
from voicecoach.practice.spacing import (
    CLEAR,
    LONGEST_INTERVAL_DAYS,
    PARTLY_DAYS,
    day_of,
    grade_of,
    schedule_points,
)
from voicecoach.scoring.card import PointState

MONDAY = datetime(2026, 11, 16, 20, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def fixed_time_zone(zone: Callable[[str], None]) -> None:
    zone("UTC")


def answer(state: PointState, days: float = 0, probability: float = 0.5, point: str = "trap") -> PastAnswer:
    return PastAnswer(MONDAY + timedelta(days=days), (PointVerdict(point, state, probability),))


def only(answers: Sequence[PastAnswer]) -> ScheduledPoint:
    (found,) = schedule_points(answers)
    return found


def days_until(scheduled: ScheduledPoint) -> int:
    return (scheduled.due_on - scheduled.reviewed_on).days


@pytest.mark.parametrize(
    ("verdict", "grade"),
    [
        (PointVerdict("p", "contradicted", 0.9), "wrong"),
        (PointVerdict("p", "covered", 0.9, contradicted=True), "wrong"),
        (PointVerdict("p", "unsure", 0.3, contradicted=True), "wrong"),
        (PointVerdict("p", "missing", 0.1), "missed"),
        (PointVerdict("p", "partly", 0.4), "partly"),
        (PointVerdict("p", "covered", 0.5), "said"),
        (PointVerdict("p", "covered", CLEAR), "clear"),
        (PointVerdict("p", "covered", CLEAR, doubted=True), "said"),
        (PointVerdict("p", "missing", 0.1, doubted=True), "missed"),
        (PointVerdict("p", "unsure", 0.33), None),
        (PointVerdict("p", "unsure", 0.33, doubted=True), None),
    ],
)
def test_grades_come_from_the_card(verdict: PointVerdict, grade: Grade | None) -> None:
    assert grade_of(verdict) == grade


@pytest.mark.parametrize("state", ["missing", "contradicted"])
def test_what_was_missed_or_wrong_is_back_tomorrow(state: PointState) -> None:
    found = only([answer(state)])
    assert found.reviewed_on == date(2026, 11, 16)
    assert found.due_on == date(2026, 11, 17)


def test_the_better_it_was_the_later_it_comes_back() -> None:
    verdicts: tuple[tuple[PointState, float], ...] = (
        ("missing", 0.1),
        ("partly", 0.4),
        ("covered", 0.5),
        ("covered", 0.95),
    )
    waits = [days_until(only([answer(state, probability=likely)])) for state, likely in verdicts]
    assert waits == sorted(waits)
    assert waits[0] == 1 < waits[2] < waits[3]


def test_what_keeps_being_said_comes_back_ever_more_rarely_and_what_is_lost_tomorrow() -> None:
    answers: list[PastAnswer] = []
    waits = []
    for _ in range(4):
        days = 0 if not answers else (only(answers).due_on - MONDAY.date()).days
        answers.append(answer("covered", days))
        waits.append(days_until(only(answers)))
    assert waits == sorted(set(waits))
    lost = [*answers, answer("missing", days=(only(answers).due_on - MONDAY.date()).days)]
    assert days_until(only(lost)) == 1


def test_an_answer_the_judge_is_unsure_of_changes_nothing() -> None:
    known = [answer("covered"), answer("partly", 3)]
    assert schedule_points([*known, answer("unsure", 4)]) == schedule_points(known)
    assert schedule_points([answer("unsure")]) == ()


def test_saying_it_again_a_minute_later_is_no_better_recall() -> None:
    again = [answer("covered", minutes / 1440, 0.95) for minutes in range(10)]
    assert days_until(only(again)) <= days_until(only([answer("covered", probability=0.95)])) + 1
    assert only(again).grade == "said"
    mended = only([answer("missing"), answer("covered", 0.01, 0.95)])
    assert (mended.grade, days_until(mended)) == ("said", 1), "it was missed today, so it is back tomorrow"


def test_what_an_earlier_answer_of_the_day_left_open_is_no_clear_recall_either() -> None:
    again = [answer("unsure"), answer("covered", 0.01, 0.95)]
    assert only(again) == only([answer("covered", 0.01)])
    assert only([answer("unsure", -1), answer("covered", 0, 0.95)]).grade == "clear", "the day before it was"


def test_what_was_said_by_half_is_soon_back_however_well_it_was_known() -> None:
    known: list[PastAnswer] = []
    for _ in range(5):
        days = 0 if not known else (only(known).due_on - MONDAY.date()).days
        known.append(answer("covered", days, 0.95))
    on = (only(known).due_on - MONDAY.date()).days
    assert days_until(only(known)) == LONGEST_INTERVAL_DAYS
    assert days_until(only([*known, answer("partly", on)])) == PARTLY_DAYS
    assert days_until(only([answer("covered")])) == PARTLY_DAYS, "as what is said for the first time"


def said_of_two(first: PointState, second: PointState) -> PastAnswer:
    return PastAnswer(MONDAY, (PointVerdict("trap", first, 0.5), PointVerdict("fix", second, 0.1)))


def test_of_points_of_which_any_is_right_the_one_left_out_was_not_missed() -> None:
    either = {frozenset({"trap", "fix"})}

    def grades(answer: PastAnswer, alternatives: Collection[frozenset[str]] = either) -> dict[str, Grade]:
        return {each.point: each.grade for each in schedule_points([answer], alternatives)}

    assert grades(said_of_two("covered", "missing")) == {"trap": "said"}
    assert grades(said_of_two("covered", "partly")) == {"trap": "said", "fix": "partly"}
    assert grades(said_of_two("partly", "missing")) == {"trap": "partly", "fix": "missed"}
    assert grades(said_of_two("covered", "missing"), ()) == {"trap": "said", "fix": "missed"}
    whole = said_of_two("covered", "missing")
    whole = replace(whole, verdicts=(*whole.verdicts, PointVerdict("use", "covered", 0.5)))
    assert grades(whole)["fix"] == "missed", "the whole question asks for each"


def test_points_are_scheduled_apart_from_each_other() -> None:
    both = PastAnswer(MONDAY, (PointVerdict("trap", "missing", 0), PointVerdict("fix", "covered", 0.5)))
    found = {each.point: each for each in schedule_points([both, answer("covered", 1, point="fix")])}
    assert found["trap"] == only([answer("missing")])
    assert found["fix"].reviewed_on == date(2026, 11, 17)


@pytest.mark.parametrize(
    ("name", "day"), [("UTC", 16), ("Asia/Tokyo", 17), ("America/Los_Angeles", 16), ("Europe/Berlin", 16)]
)
def test_days_are_those_of_the_persons_calendar(zone: Callable[[str], None], name: str, day: int) -> None:
    zone(name)
    assert day_of(MONDAY) == date(2026, 11, day)
    assert only([answer("missing")]).due_on == date(2026, 11, day + 1)


def test_from_evening_to_morning_is_a_day() -> None:
    evening, morning = MONDAY, MONDAY + timedelta(hours=11)
    said = [PastAnswer(each, (PointVerdict("trap", "covered", 0.5),)) for each in (evening, morning)]
    assert days_until(only(said)) > days_until(only(said[:1]))


VERDICTS = [(state, probability) for state, probability in product(get_args(PointState), (0.0, 0.5, 0.95))]
ANSWERS = st.lists(st.tuples(st.sampled_from(VERDICTS), st.floats(0, 400)), min_size=1, max_size=30)


@given(ANSWERS)
def test_whatever_was_said_every_point_comes_back_within_bounds(
    said: list[tuple[tuple[PointState, float], float]],
) -> None:
    answers = [
        answer(state, days, probability)
        for (state, probability), days in sorted(said, key=lambda each: each[1])
    ]
    found = schedule_points(answers)
    assert found == schedule_points(answers), "the same answers give the same days"
    graded = [each for each in answers if each.verdicts[0].state != "unsure"]
    assert bool(found) == bool(graded)
    for scheduled in found:
        assert scheduled.reviewed_on == graded[-1].started_at.date()
        assert 1 <= days_until(scheduled) <= LONGEST_INTERVAL_DAYS


@given(ANSWERS, st.sampled_from(["missing", "contradicted"]))
def test_whatever_came_before_losing_it_never_delays_it(
    said: list[tuple[tuple[PointState, float], float]], lost: PointState
) -> None:
    answers = [
        answer(state, days, probability)
        for (state, probability), days in sorted(said, key=lambda each: each[1])
    ]
    day = 401
    kept = only([*answers, answer("covered", day)])
    assert only([*answers, answer(lost, day)]).due_on <= kept.due_on
