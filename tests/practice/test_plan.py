"""The way to the interview: steps fitted into the days there are, what is done, and what is left."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.config import RoleChoice, Settings, with_changes
from voicecoach.content.loader import find_bank_folders, load_bank
from voicecoach.content.model import Bank, Role
from voicecoach.errors import SettingsError
from voicecoach.practice.plan import (
    PlanChoice,
    PlanView,
    chosen,
    days_practised,
    due_by,
    fitting_plan,
    look_ahead,
    look_at_plan,
    plan_choice,
    spread,
    standing_in_words,
)

TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Bank:
    return load_bank(find_bank_folders(None, tmp_path_factory.mktemp("none-of-their-own")))


def days(count: int) -> date:
    return TODAY + timedelta(days=count)


def view_of(
    bank: Bank, choice: PlanChoice, today: date = TODAY, practised: dict[str, date] | None = None
) -> PlanView:
    """Where someone is who practised nothing twice."""
    last = practised or {}
    before_today = {question: day for question, day in last.items() if day < today}
    found = look_at_plan(bank, choice, last, before_today, today)
    assert found is not None
    return found


def test_without_a_date_there_is_no_plan(bank: Bank) -> None:
    assert look_at_plan(bank, PlanChoice(role="mle"), {}, {}, TODAY) is None


@pytest.mark.parametrize(
    ("days_there_are", "plan"),
    [
        (0, "night-before"),
        (1, "night-before"),
        (2, "final-seven-days"),
        (9, "final-seven-days"),
        (10, "four-weeks"),
        (28, "four-weeks"),
        (200, "four-weeks"),
    ],
)
def test_the_plan_fits_the_days_there_are(bank: Bank, days_there_are: int, plan: str) -> None:
    found = view_of(bank, PlanChoice(days(days_there_are), start=TODAY))
    assert found.plan is not None
    assert found.plan.id == plan
    assert found.days_to_go == days_there_are
    assert found.now
    assert found.steps[-1].last == days(max(1, days_there_are) - 1), "it ends the day before the interview"


def test_a_plan_that_was_chosen_stays_whatever_the_days(bank: Bank) -> None:
    found = view_of(bank, PlanChoice(days(3), "four-weeks", start=TODAY))
    assert found.plan is not None
    assert found.plan.id == "four-weeks"
    unknown = view_of(bank, PlanChoice(days(3), "no-such-plan", start=TODAY))
    assert unknown.plan is not None
    assert unknown.plan.id == "final-seven-days"


def test_a_bank_with_other_plans_gives_the_nearest_and_one_without_none(bank: Bank) -> None:
    own = tuple(replace(plan, id=f"own-{plan.id}") for plan in bank.plans)
    assert fitting_plan(own, "auto", 20) in own
    assert fitting_plan((), "auto", 20) is None
    empty = view_of(replace(bank, plans=()), PlanChoice(days(5), start=TODAY))
    assert (empty.plan, empty.steps, empty.today) == (None, (), ())
    assert "no plan" in standing_in_words(empty)


def test_the_steps_of_the_week_are_those_of_the_plan_when_there_is_a_week(bank: Bank) -> None:
    found = view_of(bank, PlanChoice(days(7), start=TODAY))
    last_days = [each.step.last_day for each in found.steps]
    assert [(each.last - TODAY).days + 1 for each in found.steps] == last_days
    assert [(each.first - TODAY).days for each in found.steps] == [0, *last_days[:-1]]
    assert [each.state for each in found.steps] == ["now", "ahead", "ahead", "ahead", "ahead"]


@given(st.integers(0, 400), st.sampled_from(["night-before", "final-seven-days", "four-weeks"]))
def test_every_day_has_a_step_and_every_step_a_day(bank: Bank, days_there_are: int, name: str) -> None:
    plan = next(each for each in bank.plans if each.id == name)
    length = max(1, days_there_are)
    spans = spread(plan, length)
    assert len(spans) == len(plan.steps)
    assert all(0 <= first <= last < length for first, last in spans)
    assert {day for first, last in spans for day in range(first, last + 1)} == set(range(length))
    assert list(spans) == sorted(spans)


def test_a_step_is_done_by_practising_it_since_the_plan_began(bank: Bank) -> None:
    choice = PlanChoice(days(7), start=TODAY)
    first = view_of(bank, choice).steps[0].questions
    practised = dict.fromkeys(first, TODAY)
    found = view_of(bank, choice, practised=practised)
    assert (found.steps[0].left, found.steps[0].state) == ((), "now")
    assert standing_in_words(found).startswith("Today's step is done.")
    assert view_of(bank, choice, days(3), practised).steps[0].state == "done"
    before = dict.fromkeys(first, days(-1))
    assert view_of(bank, choice, practised=before).steps[0].left == first


def test_what_is_seen_ahead_is_the_plan_that_saving_runs(bank: Bank) -> None:
    interview = days(5)
    before = PlanChoice(interview, start=days(-18))
    for choice, plan in (
        (PlanChoice(interview, role="mle"), "four-weeks"),
        (PlanChoice(interview, "night-before"), "night-before"),
        (PlanChoice(days(6)), "final-seven-days"),
    ):
        saved = plan_choice(with_changes(settings_of(before), chosen(choice, bank, TODAY, before)))
        ahead = look_ahead(bank, choice, TODAY, before)
        assert ahead == view_of(bank, saved)
        assert ahead is not None
        assert ahead.plan is not None
        assert ahead.plan.id == plan
    assert look_ahead(bank, PlanChoice(role="mle"), TODAY, before) is None


def settings_of(choice: PlanChoice) -> Settings:
    """Settings that have the choice in force."""
    return Settings(
        interview_date=choice.interview.isoformat() if choice.interview else "",
        plan=choice.plan,
        role=choice.role or "any",
        plan_start=choice.start.isoformat() if choice.start else "",
    )


def last_at(*practised: tuple[str, int]) -> dict[str, datetime]:
    """When each was asked: at noon, so many days from now."""
    return {each: datetime.combine(days(day), time(12)).astimezone() for each, day in practised}


def test_a_drilled_definition_was_practised_and_a_retried_point_of_another_question_was_not(
    bank: Bank,
) -> None:
    found = days_practised(
        bank,
        last_at(
            ("define-precision#what", -2),
            ("define-precision", -3),
            ("define-recall", 0),
            ("define-recall#what", -1),
            ("imbalanced-data#baseline", 0),
        ),
    )
    assert (found["define-precision"], found["define-recall"]) == (days(-2), TODAY)
    assert "imbalanced-data" not in found
    step = view_of(bank, PlanChoice(days(7), start=days(-2)), practised=found).steps[0]
    assert step.done == {"define-precision", "define-recall"}


def test_a_project_of_ones_own_counts_as_the_walkthrough(bank: Bank) -> None:
    general = bank.find("project-walkthrough")
    assert general is not None
    told = tuple(replace(point, statement="18 % fewer late parcels") for point in general.points)
    own = replace(bank, questions=(*bank.questions, replace(general, id="my-parcels", points=told)))
    assert days_practised(own, last_at(("my-parcels", -1), ("project-walkthrough", -9))) == {
        "my-parcels": days(-1),
        "project-walkthrough": days(-1),
    }
    assert days_practised(own, last_at(("my-parcels#impact", 0))) == {"my-parcels#impact": TODAY}


def test_what_was_left_is_spread_over_the_days_there_still_are(bank: Bank) -> None:
    choice = PlanChoice(days(7), start=TODAY)
    steps = view_of(bank, choice).steps
    late = view_of(bank, choice, days(4))
    left = [*steps[0].questions, *steps[1].questions]
    assert late.behind == tuple(dict.fromkeys(left))
    assert late.days_to_go == 3
    a_day = -(-len(late.behind) // 3)
    assert late.behind_today == late.behind[:a_day]
    assert late.today == (*steps[2].questions, *late.behind_today)
    assert standing_in_words(late) == (
        f"Behind: {len(late.behind)} questions of earlier steps are left. "
        f"{a_day} a day with today's step fits them in."
    )
    caught_up = view_of(bank, choice, days(4), dict.fromkeys(left, days(4)))
    assert caught_up.behind == ()
    assert standing_in_words(caught_up).startswith("On time: ")
    one = view_of(bank, choice, days(4), dict.fromkeys(left[1:], days(3)))
    assert standing_in_words(one) == "Behind: 1 question of an earlier step is left. It is added to today's."


def test_todays_share_of_what_was_left_gets_done(bank: Bank) -> None:
    choice, today = PlanChoice(days(7), start=TODAY), days(4)
    morning = view_of(bank, choice, today)
    share, rest = morning.behind_today, morning.behind[len(morning.behind_today) :]
    assert len(rest) > 1

    half = view_of(bank, choice, today, dict.fromkeys(share[1:], today))
    assert (half.behind_today, half.caught_up) == (share[:1], share[1:])
    assert f"{len(share)} a day with today's step" in standing_in_words(half)
    other = view_of(bank, choice, today, {rest[0]: today})
    assert other.behind_today == share[:-1], "any of them counts"

    done = view_of(bank, choice, today, dict.fromkeys(share, today))
    assert (done.behind_today, done.caught_up, done.behind) == ((), share, rest)
    assert done.today == done.now[0].questions
    left = f"{len(rest)} questions of earlier steps are left for later."
    assert standing_in_words(done) == f"Today's share is done: {left}"
    all_of_it = dict.fromkeys((*share, *done.today), today)
    assert standing_in_words(view_of(bank, choice, today, all_of_it)) == f"Today's step is done: {left}"
    tomorrow = view_of(bank, choice, days(5), dict.fromkeys(share, today))
    assert tomorrow.caught_up == ()
    assert set(rest) <= set(tomorrow.behind)
    assert tomorrow.behind_today


def test_practising_once_more_what_was_done_before_today_catches_nothing_up(bank: Bank) -> None:
    choice = PlanChoice(days(7), start=TODAY)
    step = view_of(bank, choice).steps[0].questions
    found = look_at_plan(
        bank, choice, dict.fromkeys(step, days(4)), dict.fromkeys(step[1:], days(1)), days(4)
    )
    assert found is not None
    assert found.caught_up == step[:1]


def test_what_a_later_step_asks_again_is_to_be_practised_again(bank: Bank) -> None:
    choice = PlanChoice(days(7), start=TODAY)
    steps = view_of(bank, choice).steps
    again = [q for q in steps[-1].questions if any(q in each.questions for each in steps[:-1])]
    assert again
    early = dict.fromkeys((q for each in steps[:-1] for q in each.questions), days(1))
    last_day = view_of(bank, choice, days(6), early)
    assert last_day.steps[-1].done == frozenset()
    assert all(each.state == "done" for each in last_day.steps[:-1])
    told = view_of(bank, choice, days(6), early | dict.fromkeys(again, days(6)))
    assert told.steps[-1].done == frozenset(again)


def test_steps_that_share_a_day_ask_a_question_once(bank: Bank) -> None:
    choice = PlanChoice(days(1), "final-seven-days", start=TODAY)
    steps = view_of(bank, choice).steps
    practised = dict.fromkeys((q for each in steps for q in each.questions), TODAY)
    assert view_of(bank, choice, TODAY, practised).today == ()
    stretched = PlanChoice(days(3), "final-seven-days", start=TODAY)
    shared = [each for each in view_of(bank, stretched).steps if each.last == days(2)]
    assert len(shared) > 1
    practised = dict.fromkeys((q for each in shared for q in each.questions), days(2))
    assert all(not each.left for each in view_of(bank, stretched, days(2), practised).steps[-len(shared) :])


def test_a_question_that_several_steps_of_a_day_share_is_left_once(bank: Bank) -> None:
    found = view_of(bank, PlanChoice(days(1), "final-seven-days", start=TODAY))
    assert len(found.now) > 1
    assert sum(len(each.left) for each in found.now) > len(found.today)
    count = len(found.today)
    assert standing_in_words(found) == f"On time: {count} left in this step, about {count} a day."


def test_a_question_that_today_asks_again_is_not_behind(bank: Bank) -> None:
    last_day = view_of(bank, PlanChoice(days(7), start=TODAY), days(6))
    assert "project-walkthrough" in last_day.now[0].questions
    assert "project-walkthrough" not in last_day.behind
    assert len(set(last_day.today)) == len(last_day.today)


def test_on_the_day_itself_the_last_step_is_on_and_then_it_is_over(bank: Bank) -> None:
    choice = PlanChoice(days(7), start=TODAY)
    on_the_day = view_of(bank, choice, days(7))
    assert (on_the_day.days_to_go, on_the_day.is_over) == (0, False)
    assert on_the_day.now == on_the_day.steps[-1:]
    asked = [each for step in on_the_day.steps for each in step.questions]
    left = len(set(asked))
    assert standing_in_words(on_the_day) == (
        f"The interview is today: {left} questions are left of the plan, for whatever time there is."
    )
    last = on_the_day.steps[-1].questions
    before = {each for each in asked if each not in last}
    only_last = view_of(bank, choice, days(7), dict.fromkeys((*before, *last[1:]), days(6)))
    assert (only_last.behind, only_last.today) == ((), last[:1])
    assert standing_in_words(only_last) == (
        "The interview is today: 1 question is left of the plan, for whatever time there is."
    )
    done = view_of(bank, choice, days(7), dict.fromkeys(asked, days(6)))
    assert standing_in_words(done) == "Today's step is done. What is due still comes first."
    over = view_of(bank, choice, days(8))
    assert (over.is_over, over.plan, over.today) == (True, None, ())
    assert standing_in_words(over) == "The interview was on 2026-11-28. Set a new date when there is one."


def test_a_date_from_the_environment_alone_counts_as_begun_in_time(bank: Bank) -> None:
    found = view_of(bank, PlanChoice(days(3), "final-seven-days"))
    assert [each.state for each in found.steps] == ["over", "over", "now", "ahead", "ahead"]


def test_a_clock_that_went_back_before_the_start_begins_today(bank: Bank) -> None:
    found = view_of(bank, PlanChoice(days(20), start=days(5)))
    assert found.steps[0].first == TODAY
    assert found.now == found.steps[:1]


def test_a_role_leaves_out_what_its_interviews_do_not_ask(bank: Bank) -> None:
    by_id = {question.id: question for question in bank.questions}
    for role in get_args(Role):
        found = view_of(bank, PlanChoice(days(28), role=role, start=TODAY))
        assert found.role is not None
        assert found.role.role == role
        for step in found.steps:
            assert step.questions
            assert all(role in by_id[each].roles for each in step.questions)
    whole = view_of(bank, PlanChoice(days(28), start=TODAY))
    assert sum(len(each.questions) for each in whole.steps) > sum(
        len(each.questions) for each in view_of(bank, PlanChoice(days(28), role="ai-engineer")).steps
    )


def test_what_would_come_back_on_the_day_of_the_interview_is_due_the_evening_before() -> None:
    assert due_by(PlanChoice(days(1)), TODAY) == days(1)
    assert due_by(PlanChoice(days(2)), TODAY) == TODAY
    assert due_by(PlanChoice(TODAY), TODAY) == TODAY
    assert due_by(PlanChoice(), TODAY) == TODAY


def test_a_choice_becomes_settings_and_comes_back(bank: Bank) -> None:
    choice = PlanChoice(days(5), "four-weeks", "ai-engineer", start=TODAY)
    assert plan_choice(Settings(**chosen(choice, bank, TODAY))) == choice  # type: ignore[arg-type]  # keys of it
    other_role = replace(choice, role="mle")
    assert chosen(other_role, bank, days(2), choice) == {"role": "mle"}, "the plan goes on"
    other_day = replace(choice, interview=days(9))
    assert chosen(other_day, bank, days(2), choice)["plan_start"] == days(2).isoformat()
    assert plan_choice(Settings()) == PlanChoice()
    cleared = chosen(PlanChoice(role="mle", plan="four-weeks"), bank, TODAY)
    assert plan_choice(Settings(**cleared)) == PlanChoice(role="mle")  # type: ignore[arg-type]  # keys of it


def test_the_role_can_be_changed_alone_once_the_interview_is_over(bank: Bank) -> None:
    was = PlanChoice(days(-1), "four-weeks", "ai-engineer", start=days(-9))
    now = replace(was, role="mle")
    assert plan_choice(with_changes(settings_of(was), chosen(now, bank, TODAY, was))) == now
    with pytest.raises(SettingsError, match="2026-11-19 is over"):
        chosen(replace(now, interview=days(-2)), bank, TODAY, was)


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        (PlanChoice(days(-1)), "2026-11-20 is over"),
        (PlanChoice(days(5), "six-weeks"), "There is no plan 'six-weeks'"),
    ],
)
def test_what_cannot_be_planned_is_one_line(bank: Bank, choice: PlanChoice, message: str) -> None:
    with pytest.raises(SettingsError, match=message) as caught:
        chosen(choice, bank, TODAY)
    assert "\n" not in str(caught.value)
    assert caught.value.hint


def test_the_settings_know_every_role() -> None:
    assert get_args(RoleChoice) == ("any", *get_args(Role))
