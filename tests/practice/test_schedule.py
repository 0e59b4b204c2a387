"""What is due today, and how many days in a row were practised."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.practising import BEGAN, practising
from tests.support.questions import CONCEPT
from voicecoach.config import Settings
from voicecoach.history.schedule import Grade, ScheduledPoint
from voicecoach.practice.events import Judged
from voicecoach.practice.schedule import Streak, due_points, streak
from voicecoach.practice.terms import all_terms, find_term

TODAY = date(2026, 11, 21)
SETTINGS = Settings(engine="pocketsphinx")


def scheduled(point: str, due_on: date, grade: Grade = "missed") -> ScheduledPoint:
    return ScheduledPoint(point, due_on, due_on - timedelta(days=1), grade)


def test_points_are_due_from_their_day_on_in_the_rubrics_order() -> None:
    first, second, *_ = (point.id for point in CONCEPT.points)
    found = due_points(
        (CONCEPT,),
        {
            CONCEPT.id: (
                scheduled(second, TODAY),
                scheduled(first, TODAY - timedelta(days=3), "said"),
                scheduled("left-the-rubric", TODAY),
            ),
            "left-the-bank": (scheduled(first, TODAY),),
        },
        TODAY,
    )
    assert [(each.point.id, each.was_lost) for each in found[CONCEPT.id]] == [(first, False), (second, True)]
    assert set(found) == {CONCEPT.id}
    assert due_points((CONCEPT,), {CONCEPT.id: (scheduled(first, TODAY + timedelta(days=1)),)}, TODAY) == {}


@pytest.mark.parametrize(
    ("days_ago", "expected"),
    [
        ((), Streak(0, has_today=False)),
        ((0,), Streak(1, has_today=True)),
        ((1,), Streak(1, has_today=False)),
        ((0, 1, 2), Streak(3, has_today=True)),
        ((1, 2, 3, 5), Streak(3, has_today=False)),
        ((2, 3), Streak(0, has_today=False)),
        ((0, 2), Streak(1, has_today=True)),
    ],
)
def test_a_streak_is_days_in_a_row_and_today_can_still_come(
    days_ago: tuple[int, ...], expected: Streak
) -> None:
    assert streak((TODAY - timedelta(days=each) for each in days_ago), TODAY) == expected


@given(st.sets(st.integers(0, 12)))
def test_a_streak_ends_at_the_first_day_without_an_attempt(days_ago: set[int]) -> None:
    found = streak((TODAY - timedelta(days=each) for each in sorted(days_ago)), TODAY)
    first = 0 if 0 in days_ago else 1
    assert found.has_today == (0 in days_ago)
    assert found.days == next(count for count in range(20) if first + count not in days_ago)


def test_what_was_missed_in_a_real_answer_is_due_tomorrow_and_what_was_said_is_not(tmp_path: Path) -> None:
    with practising(tmp_path, SETTINGS) as practice:
        schedule = practice.coach.schedule
        assert (schedule.due(), schedule.streak()) == ({}, Streak(0, has_today=False))
        card = practice.typed("Of everything that the model flagged, how many were really positive.").card
        assert schedule.due() == {}
        assert schedule.catch_up()
        assert not schedule.catch_up()
        assert schedule.due() == {}, "not on the same day"
        practice.clock.now += timedelta(days=1)
        due = {each.point.id for each in schedule.due()["define-precision"]}
        assert due == {each.id for each in card.points if each.state in ("missing", "contradicted")} != set()
        assert {each.id for each in card.points if each.state == "covered"}.isdisjoint(due)
        assert schedule.streak() == Streak(1, has_today=False)


def test_one_of_two_ways_to_say_what_a_term_is_keeps_it_out_of_the_next_drill(tmp_path: Path) -> None:
    with practising(tmp_path, SETTINGS) as practice:
        first = find_term(all_terms(practice.coach.bank), "F1 score").first
        said = "The F one score is the harmonic mean of precision and recall."
        *_, last = practice.coach.judge_text(first, said, None)
        assert isinstance(last, Judged)
        assert [each.state for each in last.attempt.card.points] == ["covered", "missing"]
        practice.coach.schedule.catch_up()
        practice.clock.now += timedelta(days=1)
        assert practice.coach.schedule.due() == {}


def test_a_streak_follows_the_calendar_of_the_machine(tmp_path: Path, zone: Callable[[str], None]) -> None:
    with practising(tmp_path, SETTINGS) as practice:
        # Half past eleven in the evening in Berlin, on both sides of the night when the clocks go back.
        for day in (23, 24, 25, 26):
            hour = 21 if day < 25 else 22
            practice.clock.now = datetime(2026, 10, day, hour, 30, tzinfo=UTC)
            practice.typed("Of everything that the model flagged, how many were really positive.")
        for name, now, expected in (
            ("Europe/Berlin", practice.clock.now, Streak(4, has_today=True)),
            ("Europe/Berlin", practice.clock.now + timedelta(hours=1), Streak(4, has_today=False)),
            ("Europe/Berlin", practice.clock.now + timedelta(hours=26), Streak(0, has_today=False)),
            ("America/New_York", practice.clock.now, Streak(4, has_today=True)),
            ("Asia/Tokyo", practice.clock.now, Streak(4, has_today=True)),
        ):
            zone(name)
            practice.clock.now = now
            assert practice.coach.schedule.streak() == expected, name


def test_an_attempt_from_the_future_neither_breaks_nor_makes_a_streak(tmp_path: Path) -> None:
    with practising(tmp_path, SETTINGS) as practice:
        practice.typed("Of everything that the model flagged, how many were really positive.")
        practice.clock.now = BEGAN + timedelta(days=4000)
        practice.typed("Of everything that the model flagged, how many were really positive.")
        practice.clock.now = BEGAN
        assert practice.coach.schedule.streak().days == 1
        practice.coach.schedule.catch_up()
        practice.clock.now = BEGAN + timedelta(days=1)
        assert practice.coach.schedule.due() != {}
