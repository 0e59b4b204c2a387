"""Cards set right in the app, with the real judge."""

import json
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, OptionList

from tests.tui.conftest import Desk, MakeDesk, settle, shown_screen, told, until, words_on
from tests.tui.samples import attempt as sample_attempt
from voicecoach.content.loader import find_bank_folders, load_bank
from voicecoach.history.records import Attempt
from voicecoach.practice.events import Judged
from voicecoach.tui.messages import CardWanted
from voicecoach.tui.screens.card import CardScreen
from voicecoach.tui.screens.corrections import CorrectionsScreen
from voicecoach.tui.screens.history import HistoryScreen
from voicecoach.tui.widgets.rows import Rows

DATA = Path(__file__).parents[1] / "data"
ACCUSED = next(
    entry
    for entry in map(json.loads, (DATA / "answers.jsonl").read_text("utf-8").splitlines())
    if (entry["question"], entry["style"]) == ("choose-a-metric", "partial")
)
TURN = "First I would define what counts as turn, a customer who cancels. Then I train a model on old data."


@pytest.fixture
def desk(make_desk: MakeDesk) -> Desk:
    return make_desk(bank=load_bank(find_bank_folders(None, Path("nowhere"))))


def answered(desk: Desk, question_id: str, text: str, duration_s: float | None = None) -> Attempt:
    *_, last = desk.coach.judge_text(desk.coach.question(question_id), text, duration_s)
    assert isinstance(last, Judged)
    return last.attempt


async def show(pilot: Pilot[None], attempt: Attempt) -> CardScreen:
    await settle(pilot)
    pilot.app.post_message(CardWanted(attempt))
    await until(pilot, lambda: isinstance(pilot.app.screen, CardScreen), "the card")
    await settle(pilot)
    assert isinstance(pilot.app.screen, CardScreen)
    return pilot.app.screen


def move_to(screen: CardScreen, *, point: str = "", clause: int | None = None) -> None:
    """Highlight the row of a point, or of a clause."""
    place = next(
        i
        for i, line in enumerate(screen._lines)
        if (clause is not None and line.clause == clause) or (point and line.point == point)
    )
    screen.query_one("#card", OptionList).highlighted = place


async def choose(pilot: Pilot[None], wanted: str) -> None:
    """Choose a verdict by its words, and wait for the card."""
    verdicts = pilot.app.screen.query_one("#verdicts", OptionList)
    labels = [str(verdicts.get_option_at_index(i).prompt) for i in range(verdicts.option_count)]
    verdicts.highlighted = next(i for i, label in enumerate(labels) if wanted in label)
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(pilot.app.screen, CardScreen), "the corrected card")
    await settle(pilot)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_misheard_word_put_right_turns_a_missing_point_to_covered(
    desk: Desk, size: tuple[int, int]
) -> None:
    attempt = answered(desk, "design-churn-delayed-labels", TURN)
    async with desk.app().run_test(size=size) as pilot:
        screen = await show(pilot, attempt)
        move_to(screen, clause=0)
        await pilot.press("e")
        await settle(pilot)
        assert "Heard: First I would define what counts as turn," in words_on(pilot)
        said = pilot.app.screen.query_one("#said", Input)
        said.value = said.value.replace("turn", "churn")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, CardScreen), "the corrected card")
        await settle(pilot)

        assert f"corrected, was {attempt.card.overall:.0f}" in words_on(pilot)
        kept = desk.coach.attempt(attempt.id)
        assert kept is not None
        assert kept.card.points[0].state == "covered"
        move_to(screen, clause=0)
        await settle(pilot)
        assert "heard: “turn,”" in words_on(pilot)

        await pilot.press("e")
        await settle(pilot)
        await pilot.press("ctrl+r", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, CardScreen), "the card as it was")
        await settle(pilot)
        assert desk.coach.attempt(attempt.id) == attempt
        assert "corrected, was" not in words_on(pilot)


async def test_words_added_and_taken_out_are_told_as_such(desk: Desk) -> None:
    attempt = answered(desk, "design-churn-delayed-labels", TURN)
    async with desk.app().run_test(size=(120, 40)) as pilot:
        screen = await show(pilot, attempt)
        move_to(screen, clause=0)
        await pilot.press("e")
        await settle(pilot)
        said = pilot.app.screen.query_one("#said", Input)
        said.value = said.value.replace("what counts as turn", "here what as churn")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, CardScreen), "the corrected card")
        await settle(pilot)
        move_to(screen, clause=0)
        await settle(pilot)
        remark = "heard: “counts”; added where nothing was heard: “here”."
        assert remark in " ".join(words_on(pilot).split())

        pilot.app.push_screen(CorrectionsScreen(desk.coach))
        await settle(pilot)
        shown = " ".join(words_on(pilot).split())
        assert "an unheard word “here”, added where nothing was heard" in shown
        assert "a misheard word “counts” was not said" in shown
        assert "a misheard word “turn,” is “churn,”" in shown


async def test_a_rejected_accusation_vanishes_from_the_card_and_can_be_taken_back(desk: Desk) -> None:
    attempt = answered(desk, ACCUSED["question"], ACCUSED["text"], ACCUSED["duration_s"])
    wrong = attempt.card.accuracy.contradictions[0].point
    async with desk.app().run_test(size=(120, 40)) as pilot:
        screen = await show(pilot, attempt)
        move_to(screen, point=wrong)
        await pilot.press("e")
        await settle(pilot)
        await choose(pilot, "it was right")

        kept = desk.coach.attempt(attempt.id)
        assert kept is not None
        assert wrong not in {note.point for note in kept.card.accuracy.contradictions}
        assert round(kept.card.overall) > round(attempt.card.overall)
        assert "Corrected by you; the judge had called words about it wrong" in words_on(pilot)

        move_to(screen, point=wrong)
        await pilot.press("e")
        await settle(pilot)
        await choose(pilot, "Leave it to the judge")
        assert desk.coach.attempt(attempt.id) == attempt


async def test_what_was_learnt_is_told_and_can_be_reset_switched_off_and_undone(desk: Desk) -> None:
    def accused() -> Attempt:
        return answered(desk, ACCUSED["question"], ACCUSED["text"], ACCUSED["duration_s"])

    from voicecoach.practice.correcting import Corrector  # noqa: PLC0415 - as the app loads it

    corrector, attempt = Corrector(desk.coach), accused()
    while attempt.card.accuracy.contradictions:
        for point in sorted({note.point for note in attempt.card.accuracy.contradictions}):
            attempt = corrector.rule(attempt, point, "covered")
        attempt = accused()
    assert attempt.card.thresholds is not None
    async with desk.app().run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await pilot.press("s")
        await settle(pilot)
        pilot.app.screen.query_one("#voice").focus()
        await pilot.press("e")
        await settle(pilot)
        assert isinstance(pilot.app.screen, CorrectionsScreen)
        shown = words_on(pilot)
        assert "statements are called wrong from a margin of" in shown
        assert "instead of 0.340" in shown

        await pilot.press("n")
        await settle(pilot)
        assert "the shipped ones" in words_on(pilot)
        assert accused().card.accuracy.contradictions, "reset brings it back"
        await pilot.press("n")
        await settle(pilot)
        assert not accused().card.accuracy.contradictions
        await pilot.press("x")
        await settle(pilot)
        assert "adjust nothing" in words_on(pilot)
        assert desk.saved().use_corrections is False
        await pilot.press("x")
        await settle(pilot)

        made = sum(len(each.corrections.rulings) for each in corrector.lessons().attempts)
        await pilot.press("u")
        await settle(pilot)
        assert sum(len(each.corrections.rulings) for each in corrector.lessons().attempts) == made - 1


async def test_a_row_that_is_no_verdict_and_no_clause_says_where_to_go(desk: Desk) -> None:
    attempt = desk.engines.history().add(sample_attempt(1, 57.0))
    async with desk.app().run_test(size=(80, 24)) as pilot:
        screen = await show(pilot, attempt)
        rows = screen.query_one("#card", OptionList)
        rows.highlighted = len(screen._lines) - 1
        await pilot.press("e")
        await settle(pilot)
        assert any("e corrects it" in message for message in told(pilot))


@pytest.mark.parametrize(("flow", "kind"), [("history", HistoryScreen), ("corrections", CorrectionsScreen)])
async def test_what_another_window_has_deleted_leaves_the_list(
    desk: Desk, flow: str, kind: type[object]
) -> None:
    attempt = answered(desk, ACCUSED["question"], ACCUSED["text"], ACCUSED["duration_s"])
    point = attempt.card.points[0].id
    desk.coach.corrector.rule(attempt, point, "covered")
    async with desk.app().run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.app.run_action(flow)
        await settle(pilot)
        rows = pilot.app.screen.query_one(Rows)
        assert rows.options.option_count == 1
        desk.engines.history().delete(attempt.id)
        await pilot.press("enter")
        await settle(pilot)
        assert shown_screen(pilot) is kind
        assert rows.key is None
        assert told(pilot) == []
