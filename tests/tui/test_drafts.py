"""What was typed stays until an answer to its question is kept, in whatever way that is given."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from textual.widgets import TextArea

from tests.support.scripted_whisper import build_scripted_whisper
from tests.support.sounds import save
from tests.tui.conftest import (
    Desk,
    MakeDesk,
    expect_card_over_home,
    settle,
    shown_screen,
    type_into_dialog,
    until,
    words_on,
)
from tests.tui.samples import BANK, IMBALANCE
from voicecoach.content.model import Bank, Round, Slot
from voicecoach.errors import HistoryError
from voicecoach.practice.events import Judged
from voicecoach.tui.app import VoicecoachApp
from voicecoach.tui.drafts import Drafts
from voicecoach.tui.opening import Opening
from voicecoach.tui.screens.answers import TextDialog, TypedAnswer
from voicecoach.tui.screens.confirm import ConfirmDialog
from voicecoach.tui.screens.home import HomeScreen

if TYPE_CHECKING:
    from textual.pilot import Pilot

HEARD = "imbalanced data means that one class is much rarer than the other"
NO_WORDS = "... ?!"
SHORT = Round("short", "Short", "Two questions.", (Slot(2, (IMBALANCE.id, "project-walkthrough")),))
ROUND_BANK = Bank(BANK.questions, BANK.structures, (), (SHORT,))


@pytest.fixture(scope="module")
def scripted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_scripted_whisper(tmp_path_factory.mktemp("scripted"), HEARD)


async def type_no_words(pilot: "Pilot[None]") -> None:
    """Type what cannot be judged, and wait until that is told."""
    await type_into_dialog(pilot, NO_WORDS)
    await until(pilot, lambda: "There are no words to judge." in words_on(pilot), "the failure")
    await settle(pilot)


async def asked(pilot: "Pilot[None]") -> None:
    """Wait until something is asked and can be answered, in the drill or in a round."""
    await until(pilot, lambda: bool(pilot.app.screen.query("Answering, InterviewAnswering")), "the question")
    await settle(pilot)


def drafts_of(pilot: "Pilot[None]") -> Drafts:
    assert isinstance(pilot.app, VoicecoachApp)
    return pilot.app._drafts


def spoken(desk: Desk, folder: Path) -> Path:
    return save(folder / "answer.wav", desk.engines.voice().synthesize(HEARD))


async def test_an_answer_given_otherwise_takes_the_place_of_what_was_typed(
    make_desk: MakeDesk, scripted: Path, tmp_path: Path
) -> None:
    desk = make_desk(model=str(scripted))
    path = spoken(desk, tmp_path)
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("home", "down")
        await type_no_words(pilot)
        await pilot.press("escape", "q")
        await settle(pilot)
        shown = " ".join(words_on(pilot).replace("│", " ").split())
        assert f"Quit without keeping what you typed on “{IMBALANCE.title}”?" in shown
        await pilot.press("n", "f", *str(path), "enter")
        await expect_card_over_home(pilot)
        await pilot.press("t")
        await settle(pilot)
        assert pilot.app.screen.query_one(TextArea).text == ""
        await pilot.press("escape", "q")
        await settle(pilot)
        assert shown_screen(pilot) is not ConfirmDialog
    assert len(desk.coach.attempts()) == 1


@pytest.mark.parametrize("opening", [Opening("drill", "define-recall"), Opening("round", "short")])
async def test_so_it_does_in_the_drill_and_in_a_round(
    make_desk: MakeDesk, scripted: Path, tmp_path: Path, opening: Opening
) -> None:
    desk = make_desk(model=str(scripted), bank=ROUND_BANK)
    path = spoken(desk, tmp_path)
    async with desk.app(opening=opening).run_test() as pilot:
        await asked(pilot)
        await type_no_words(pilot)
        assert len(drafts_of(pilot).titles) == 1
        await asked(pilot)
        await pilot.press("f", *str(path), "enter")
        await until(pilot, lambda: len(desk.coach.attempts()) == 1, "the card")
        await settle(pilot)
        assert drafts_of(pilot).titles == ()


async def test_what_a_round_cannot_keep_as_its_answer_is_given_back(
    make_desk: MakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = make_desk(bank=ROUND_BANK)

    def full(_store: object, _answer_id: int, _attempt_id: int) -> None:
        raise HistoryError("The disk is full.")

    monkeypatch.setattr(type(desk.engines.rounds()), "judge", full)
    async with desk.app(opening=Opening("round", "short")).run_test() as pilot:
        await asked(pilot)
        await type_into_dialog(pilot, HEARD)
        await until(pilot, lambda: "The question once more, then." in words_on(pilot), "the failure")
        await asked(pilot)
        await pilot.press("t")
        await until(pilot, lambda: shown_screen(pilot) is TextDialog, "the dialog")
        await settle(pilot)
        assert pilot.app.screen.query_one(TextArea).text == HEARD


async def test_quitting_counts_the_questions_that_something_was_typed_on(make_desk: MakeDesk) -> None:
    async with make_desk().app().run_test() as pilot:
        await settle(pilot)
        await type_no_words(pilot)
        await pilot.press("escape", "down")
        await type_no_words(pilot)
        await pilot.press("escape", "q")
        await settle(pilot)
        assert "Quit without keeping what you typed on 2 questions?" in words_on(pilot)
        await pilot.press("n")
        await settle(pilot)
        assert shown_screen(pilot) is HomeScreen


def test_who_stops_in_the_moment_it_is_kept_is_not_given_it_back(make_desk: MakeDesk) -> None:
    coach, drafts = make_desk().coach, Drafts()
    judging = drafts.judging(coach, IMBALANCE, TypedAnswer(HEARD, 8.0))
    events = drafts.until_kept(IMBALANCE, judging)()
    assert any(isinstance(event, Judged) for event in events)
    events.close()  # type: ignore[attr-defined]  # a generator, as that of the coach
    assert len(coach.attempts()) == 1
    assert drafts.of(IMBALANCE.id) is None


def test_what_is_typed_while_an_answer_is_judged_stays(make_desk: MakeDesk) -> None:
    coach, drafts = make_desk().coach, Drafts()
    earlier = drafts.until_kept(IMBALANCE, drafts.judging(coach, IMBALANCE, TypedAnswer(HEARD, 8.0)))
    later = TypedAnswer(NO_WORDS, None)
    drafts.judging(coach, IMBALANCE, later)
    list(earlier())
    assert drafts.of(IMBALANCE.id) is later
