"""Esc asks before it throws away what someone has typed."""

from typing import TYPE_CHECKING

from textual.widgets import Input, TextArea

from tests.tui.conftest import MakeDesk, settle, shown_screen, told, until, words_on
from tests.tui.samples import attempt
from voicecoach.practice.target import TargetFile
from voicecoach.tui.screens.answers import TextDialog
from voicecoach.tui.screens.card import CardScreen
from voicecoach.tui.screens.confirm import LEAVE_TYPED, ConfirmDialog, QuitDialog
from voicecoach.tui.screens.correcting import WordsDialog
from voicecoach.tui.screens.home import HomeScreen
from voicecoach.tui.screens.job import JobDialog

if TYPE_CHECKING:
    from textual.pilot import Pilot

JOB = "Machine-learning engineer, fraud detection"


async def press(pilot: "Pilot[None]", *keys: str) -> type[object]:
    """Press keys one after the other; the screen that is on top then."""
    for key in keys:
        await pilot.press(key)
        await settle(pilot)
    return shown_screen(pilot)


async def test_words_that_were_typed_are_not_thrown_away_unasked(make_desk: MakeDesk) -> None:
    async with make_desk().app().run_test() as pilot:
        await settle(pilot)
        assert await press(pilot, "t", *"I chose") is TextDialog
        assert await press(pilot, "escape") is ConfirmDialog
        assert LEAVE_TYPED in " ".join(words_on(pilot).split())
        assert await press(pilot, "escape") is TextDialog, "a second esc keeps them"
        assert pilot.app.screen.query_one(TextArea).text == "I chose"
        assert await press(pilot, "escape", "n") is TextDialog
        assert await press(pilot, "escape", "y") is HomeScreen


async def test_where_nothing_is_lost_esc_asks_nothing(make_desk: MakeDesk) -> None:
    async with make_desk().app().run_test() as pilot:
        await settle(pilot)
        assert await press(pilot, "t", "space", "escape") is HomeScreen, "no words"

        await press(pilot, "t")
        pilot.app.screen.query_one(TextArea).text = "... ?!"
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "There are no words to judge." in words_on(pilot), "the failure")
        assert await press(pilot, "escape", "q") is QuitDialog, "it is kept until one quits"
        await press(pilot, "n", "t")
        assert pilot.app.screen.query_one(TextArea).text == "... ?!"
        assert await press(pilot, "escape") is HomeScreen, "they are given back again"
        await press(pilot, "t", "end", "x")
        assert pilot.app.screen.query_one(TextArea).text != "... ?!"
        assert await press(pilot, "escape") is ConfirmDialog


async def test_another_target_job_is_not_thrown_away_unasked(make_desk: MakeDesk) -> None:
    desk = make_desk()
    TargetFile(desk.paths.target_file).write(JOB)
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        assert await press(pilot, "j", "escape") is HomeScreen, "nothing was changed"
        await press(pilot, "j")
        pilot.app.screen.query_one(TextArea).text = f"{JOB}, senior"
        assert await press(pilot, "escape") is ConfirmDialog
        assert await press(pilot, "n") is JobDialog
        assert await press(pilot, "ctrl+q") is QuitDialog
        assert "Quit without keeping what you have typed here?" in " ".join(words_on(pilot).split())
        assert await press(pilot, "n", "escape", "y") is HomeScreen
        assert await press(pilot, "j") is JobDialog
        assert pilot.app.screen.query_one(TextArea).text.strip() == JOB
    assert TargetFile(desk.paths.target_file).read().strip() == JOB


async def test_a_job_that_could_not_be_kept_is_not_thrown_away_either(make_desk: MakeDesk) -> None:
    desk = make_desk()
    TargetFile(desk.paths.target_file).write(JOB)
    too_long = "fraud " * 10_000
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        await press(pilot, "j")
        pilot.app.screen.query_one(TextArea).text = too_long
        assert await press(pilot, "ctrl+s") is JobDialog
        assert any("more than 50,000 characters" in each for each in told(pilot))
        assert await press(pilot, "escape", "n") is JobDialog
        assert pilot.app.screen.query_one(TextArea).text == too_long
        assert await press(pilot, "escape", "y", "j") is JobDialog
        assert pilot.app.screen.query_one(TextArea).text.strip() == JOB


async def test_words_that_were_put_right_are_not_thrown_away_unasked(make_desk: MakeDesk) -> None:
    desk = make_desk()
    desk.engines.history().add(attempt(1, 57.4))
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        assert await press(pilot, "h", "enter") is CardScreen
        card = pilot.app.screen
        assert isinstance(card, CardScreen)
        clause = next(i for i, line in enumerate(card._lines) if line.clause is not None)
        card.query_one("#card").highlighted = clause  # type: ignore[attr-defined]  # an option list
        assert await press(pilot, "e", "escape") is CardScreen
        await press(pilot, "e")
        pilot.app.screen.query_one("#said", Input).value = "something else"
        assert await press(pilot, "escape") is ConfirmDialog
        assert await press(pilot, "n") is WordsDialog
        assert await press(pilot, "escape", "y") is CardScreen
