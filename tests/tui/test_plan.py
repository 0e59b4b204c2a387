"""The way to the interview, from setting a date to the last day."""

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input, Select, Static

from tests.tui.conftest import Desk, MakeDesk, footer_of, settle, shown_screen, told, words_on
from tests.tui.samples import BANK, CARD, NOW, attempt
from tests.tui.test_snapshots import SIZES, Compare, compare, pressing, with_history
from voicecoach.content.model import Plan, PlanStep, RoleGuide
from voicecoach.tui.screens.home import HomeScreen
from voicecoach.tui.screens.plan import PlanScreen
from voicecoach.tui.screens.plan_dialog import PlanDialog
from voicecoach.tui.screens.practice import PracticeScreen
from voicecoach.tui.widgets.rows import Rows

if TYPE_CHECKING:
    from textual.pilot import Pilot

WEEK = Plan(
    "final-seven-days",
    "The final seven days",
    "Only what pays.",
    (
        PlanStep("Core concepts", "Definitions first.", 3, ("define-recall", "imbalanced-data")),
        PlanStep("Stories", "Your own projects, aloud.", 7, ("project-walkthrough",)),
    ),
)
NIGHT = Plan(
    "night-before",
    "The night before",
    "One evening.",
    (PlanStep("Five answers", "Say each one.", 1, ("project-walkthrough", "imbalanced-data")),),
)
PLANNED = replace(
    BANK,
    plans=(WEEK, NIGHT),
    roles=(RoleGuide("mle", "Machine-learning engineer", "Pipelines.", ("define-recall",)),),
)
TODAY = NOW.date()


@pytest.fixture
def desk(make_desk: MakeDesk) -> Desk:
    return make_desk(bank=PLANNED)


def in_days(count: int) -> str:
    return (TODAY + timedelta(days=count)).isoformat()


async def open_plan(pilot: "Pilot[None]") -> None:
    await settle(pilot)
    await pilot.press("o")
    await settle(pilot)
    assert shown_screen(pilot) is PlanScreen


async def set_date(pilot: "Pilot[None]", text: str) -> None:
    await pilot.press("e")
    await settle(pilot)
    field = pilot.app.screen.query_one("#interview", Input)
    field.value = ""
    await pilot.press(*text)
    await pilot.press("enter")
    await settle(pilot)


async def test_a_date_is_set_kept_and_leads_the_way(desk: Desk) -> None:
    async with desk.app().run_test() as pilot:
        await open_plan(pilot)
        assert "No interview date is set." in words_on(pilot)
        assert "enter" not in footer_of(pilot)
        await set_date(pilot, in_days(7))
        shown = words_on(pilot)
        assert "The final seven days" in shown
        assert "7 days to go" in shown
        assert "On time: 2 left in this step, about 1 a day." in shown
        assert "▸ now   Core concepts" in shown
        assert "· ahead Stories" in shown
        assert pilot.app.screen.query_one("#for-today", Rows).key == "define-recall"
        saved = desk.saved()
        assert (saved.interview_date, saved.plan, saved.plan_start) == (in_days(7), "auto", TODAY.isoformat())
        await pilot.press("escape")
        await settle(pilot)
        assert shown_screen(pilot) is HomeScreen
        top, following, *_ = words_on(pilot).splitlines()
        assert "7 days to go" in top
        assert "next: Recall  in today's step" in following
        await pilot.press("n")
        await settle(pilot)
        assert "What is recall?" in words_on(pilot)


async def test_what_was_practised_is_done_and_a_question_opens_from_the_plan(desk: Desk) -> None:
    desk.engines.history().add(attempt(0, 57.4, replace(CARD, question="define-recall")))
    async with desk.app().run_test() as pilot:
        await open_plan(pilot)
        await set_date(pilot, in_days(7))
        shown = words_on(pilot)
        assert "1 of 2 done" in shown
        row = next(line for line in shown.splitlines() if line.lstrip().startswith("Recall"))
        assert "✓ done" in row
        await pilot.press("enter")
        await settle(pilot)
        assert shown_screen(pilot) is PracticeScreen
        assert "one class is very rare" in words_on(pilot)
        await pilot.press("escape")
        await settle(pilot)
        assert shown_screen(pilot) is PlanScreen


async def test_the_role_and_the_plan_can_be_chosen(desk: Desk) -> None:
    async with desk.app().run_test() as pilot:
        await open_plan(pilot)
        await pilot.press("e")
        await settle(pilot)
        dialog = pilot.app.screen
        assert isinstance(dialog, PlanDialog)
        dialog.query_one("#interview", Input).value = in_days(7)
        dialog.query_one("#role", Select).value = "mle"
        dialog.query_one("#plan", Select).value = "night-before"
        await settle(pilot)
        assert "In 7 days: The night before. One evening." in words_on(pilot)
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert "The night before   Machine-learning engineer" in words_on(pilot)
        saved = desk.saved()
        assert (saved.plan, saved.role) == ("night-before", "mle")


async def test_the_dialog_names_the_plan_that_goes_on_when_only_the_role_is_changed(
    make_desk: MakeDesk,
) -> None:
    desk = make_desk(bank=PLANNED, interview_date=in_days(1), plan_start=in_days(-4))
    async with desk.app().run_test() as pilot:
        await open_plan(pilot)
        await pilot.press("e")
        await settle(pilot)
        pilot.app.screen.query_one("#role", Select).value = "mle"
        await settle(pilot)
        assert "Tomorrow: The final seven days. Only what pays." in words_on(pilot)
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert "The final seven days   Machine-learning engineer" in words_on(pilot)


async def test_tomorrow_is_the_night_before(desk: Desk) -> None:
    async with desk.app().run_test() as pilot:
        await open_plan(pilot)
        await set_date(pilot, in_days(1))
        shown = words_on(pilot)
        assert "The night before" in shown
        assert "the interview is tomorrow" in shown
        assert "▸ now   Five answers" in shown


async def test_plans_and_roles_with_square_brackets_are_shown_as_they_are(make_desk: MakeDesk) -> None:
    plan, role = replace(WEEK, label="[/x] week"), replace(PLANNED.roles[0], label="[ML] engineer")
    async with (
        make_desk(bank=replace(PLANNED, plans=(plan,), roles=(role,)), role="mle").app().run_test() as pilot
    ):
        await open_plan(pilot)
        await pilot.press("e")
        await settle(pilot)
        assert "[ML] engineer" in words_on(pilot)
        pilot.app.screen.query_one("#plan", Select).value = plan.id
        await settle(pilot)
        assert "[/x] week" in words_on(pilot)


async def test_being_behind_is_told_and_locks_nothing(make_desk: MakeDesk) -> None:
    desk = make_desk(bank=PLANNED, interview_date=in_days(3), plan_start=in_days(-4))
    async with desk.app().run_test() as pilot:
        await open_plan(pilot)
        shown = words_on(pilot)
        assert "Behind: 2 questions of earlier steps are left. 1 a day with" in shown
        assert pilot.app.screen.query_one("#plan-standing", Static).has_class("behind")
        assert "left over" in shown
        await pilot.press("down", "enter")
        await settle(pilot)
        assert shown_screen(pilot) is PracticeScreen


async def test_what_was_left_over_and_is_done_today_stays_in_sight(make_desk: MakeDesk) -> None:
    desk = make_desk(bank=PLANNED, interview_date=in_days(3), plan_start=in_days(-4))
    desk.engines.history().add(attempt(0, 57.4, replace(CARD, question="define-recall")))
    async with desk.app().run_test() as pilot:
        await open_plan(pilot)
        shown = words_on(pilot)
        left = "1 question of an earlier step is left for later."
        assert f"Today's share is done: {left}" in shown
        assert "left over" not in shown
        assert pilot.app.screen.query_one("#for-today", Rows).options.option_count == 2
        assert "✓ done" in shown


async def test_a_date_that_is_over_is_one_line_and_a_new_one_can_be_set(make_desk: MakeDesk) -> None:
    desk = make_desk(bank=PLANNED, interview_date=in_days(-2), plan_start=in_days(-9))
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        assert "the interview is over: o sets a new date" in words_on(pilot).splitlines()[0]
        assert "next: Walk me through a project  not tried yet" in words_on(pilot)
        await open_plan(pilot)
        assert f"The interview was on {in_days(-2)}. Set a new date when there is one." in words_on(pilot)
        await set_date(pilot, in_days(0))
        assert "the interview is today" in words_on(pilot)


async def test_the_role_can_be_changed_alone_once_the_interview_is_over(make_desk: MakeDesk) -> None:
    desk = make_desk(bank=PLANNED, interview_date=in_days(-2), plan_start=in_days(-9))
    async with desk.app().run_test() as pilot:
        await open_plan(pilot)
        await pilot.press("e")
        await settle(pilot)
        assert "That interview is over." in words_on(pilot)
        pilot.app.screen.query_one("#role", Select).value = "mle"
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert shown_screen(pilot) is PlanScreen
        assert "Machine-learning engineer" in words_on(pilot)
        assert desk.saved().role == "mle"
        assert desk.saved().interview_date == "", "it was in force for this run only, and nobody chose it"
        await set_date(pilot, in_days(-1))
        assert f"{in_days(-1)} is over: an interview is today or later." in words_on(pilot)


@pytest.mark.parametrize(
    ("typed", "trouble"),
    [
        ("tomorrow", "'tomorrow' is not a day such as 2026-12-01."),
        ("2026-02-30", "'2026-02-30' is not a day such as 2026-12-01."),
        ("2025-01-01", "2025-01-01 is over: an interview is today or later."),
    ],
)
async def test_what_is_no_date_is_said_in_place(desk: Desk, typed: str, trouble: str) -> None:
    async with desk.app().run_test() as pilot:
        await open_plan(pilot)
        await set_date(pilot, typed)
        assert isinstance(pilot.app.screen, PlanDialog)
        assert trouble in words_on(pilot)
        await pilot.press("escape")
        await settle(pilot)
        assert desk.saved().interview_date == ""


async def test_an_empty_date_clears_the_way(make_desk: MakeDesk) -> None:
    desk = make_desk(bank=PLANNED, interview_date=in_days(5), plan_start=in_days(0))
    async with desk.app().run_test() as pilot:
        await open_plan(pilot)
        await pilot.press("e")
        await settle(pilot)
        pilot.app.screen.query_one("#interview", Input).value = ""
        await pilot.press("enter")
        await settle(pilot)
        assert "No interview date is set." in words_on(pilot)
        await pilot.press("escape")
        await settle(pilot)
        assert "to go" not in words_on(pilot).splitlines()[0]


async def test_a_date_that_cannot_be_saved_is_one_line_and_leads_the_way_until_the_end(desk: Desk) -> None:
    desk.paths.settings_file.write_text("theme = [", "utf-8")
    async with desk.app().run_test() as pilot:
        await open_plan(pilot)
        await set_date(pilot, in_days(7))
        (line,) = told(pilot)
        assert "settings.toml" in line
        assert "7 days to go" in words_on(pilot)


def test_the_sample_plan_fits_its_week() -> None:
    assert date.fromisoformat(in_days(WEEK.days)) == TODAY + timedelta(days=7)


@SIZES
def test_the_picture_of_a_plan(snap_compare: Compare, make_desk: MakeDesk, size: tuple[int, int]) -> None:
    desk = make_desk(bank=PLANNED, interview_date=in_days(3), plan_start=in_days(-4), role="mle")
    assert compare(snap_compare, with_history(desk), size, pressing("o"))


@SIZES
def test_the_picture_of_its_dialog(snap_compare: Compare, desk: Desk, size: tuple[int, int]) -> None:
    assert compare(snap_compare, desk, size, pressing("o", "e", *in_days(9)))
