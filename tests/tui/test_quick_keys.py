"""Keys that come faster than what they ask for opens or closes: bounced, held down, pasted."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from textual.events import Key
from textual.widgets import Input, TextArea

from tests.support.sounds import save, silence
from tests.tui.conftest import MakeDesk, settle, shown_screen, until, words_on
from tests.tui.samples import IMBALANCE, attempt
from voicecoach.content.model import Bank
from voicecoach.tui.screens.drill_choice import DrillDialog
from voicecoach.tui.screens.home import HomeScreen
from voicecoach.tui.widgets.rows import KeyList

if TYPE_CHECKING:
    from textual.pilot import Pilot

BANK = Bank((replace(IMBALANCE, model_answer="Imbalance means that one class is rare."),), (), ())


async def press_at_once(pilot: "Pilot[None]", *keys: str) -> None:
    """Press keys without waiting for what each one does, as `Pilot.press` would."""
    for key in keys:
        pilot.app.post_message(Key(key, key if len(key) == 1 else None))
    await settle(pilot)


def names_of(pilot: "Pilot[None]") -> list[str]:
    return [type(screen).__name__ for screen in pilot.app.screen_stack]


@pytest.mark.parametrize(
    ("keys", "opened"),
    [
        ("tt", ["TextDialog"]),
        ("ff", ["FileDialog"]),
        ("ft", ["FileDialog"]),
        ("tn", ["TextDialog"]),
        ("jj", ["JobDialog"]),
        ("dd", ["DrillScreen", "DrillDialog"]),
        ("rr", ["RoundsScreen"]),
        ("oee", ["PlanScreen", "PlanDialog"]),
        ("nn", ["PracticeScreen"]),
    ],
)
async def test_a_key_of_the_list_opens_one_screen(make_desk: MakeDesk, keys: str, opened: list[str]) -> None:
    async with make_desk().app().run_test() as pilot:
        await settle(pilot)
        await press_at_once(pilot, *keys)
        assert names_of(pilot) == ["HomeScreen", *opened]
        await pilot.press(*["escape"] * len(opened))
        await settle(pilot)
        assert shown_screen(pilot) is HomeScreen


@pytest.mark.parametrize(
    ("keys", "opened"),
    [
        ("mm", ["FollowScreen"]),
        ("yy", ["FollowScreen"]),
        ("my", ["FollowScreen"]),
        ("vv", ["CompareScreen"]),
        ("oo", ["PracticeScreen"]),
        ("ww", ["PracticeScreen"]),
        ("ee", ["VerdictDialog"]),
        ("dd", ["ConfirmDialog"]),
    ],
)
async def test_a_key_of_a_card_opens_one_screen(make_desk: MakeDesk, keys: str, opened: list[str]) -> None:
    desk = make_desk(bank=BANK)
    desk.engines.history().add(attempt(1, 57.4))
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("h", "enter")
        await settle(pilot)
        await press_at_once(pilot, *keys)
        assert names_of(pilot) == ["HomeScreen", "HistoryScreen", "CardScreen", *opened]


async def test_a_second_enter_closes_nothing_but_its_dialog(make_desk: MakeDesk, tmp_path: Path) -> None:
    path = save(tmp_path / "silent.wav", silence(2.0))
    async with make_desk().app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("f")
        pilot.app.screen.query_one("#path", Input).value = str(path)
        await press_at_once(pilot, "enter", "enter")
        await until(pilot, lambda: "The recording is silent" in words_on(pilot), "the judgement")
        assert names_of(pilot) == ["HomeScreen", "JudgingScreen"]
        await pilot.press("escape", "t")
        pilot.app.screen.query_one("#words", TextArea).text = "... ?!"
        pilot.app.screen.query_one("#seconds", Input).focus()
        await settle(pilot)
        await press_at_once(pilot, "enter", "enter")
        await until(pilot, lambda: "There are no words to judge." in words_on(pilot), "the judgement")
        assert names_of(pilot) == ["HomeScreen", "JudgingScreen"]


async def test_a_double_click_on_a_choice_begins_it_and_closes_nothing_else(make_desk: MakeDesk) -> None:
    async with make_desk().app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("d")
        await until(pilot, lambda: shown_screen(pilot) is DrillDialog, "the choice")
        await settle(pilot)
        choices = pilot.app.screen.query_one(KeyList)
        choices.action_select()
        choices.action_select()
        await settle(pilot)
        assert names_of(pilot) == ["HomeScreen", "DrillScreen"]
        assert "What is recall?" in words_on(pilot)
