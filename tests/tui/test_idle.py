"""The app rests when nothing moves: no timer goes on waking the processor."""

import asyncio
import gc
import inspect
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from textual.timer import Timer
from textual.widgets import Input
from textual.widgets._footer import FooterKey

from tests.support.sounds import save, silence
from tests.tui.conftest import MakeDesk, settle, shown_screen, until
from tests.tui.samples import attempt
from voicecoach.speech.shelf import DownloadProgress
from voicecoach.tui.messages import DownloadEnded, DownloadMoved
from voicecoach.tui.screens.card import CardScreen
from voicecoach.tui.screens.history import HistoryScreen
from voicecoach.tui.screens.home import HomeScreen
from voicecoach.tui.screens.judging import JudgingScreen
from voicecoach.tui.screens.practice import PracticeScreen
from voicecoach.tui.screens.settings import SettingsScreen
from voicecoach.tui.widgets.download_line import DownloadLine

if TYPE_CHECKING:
    from textual.pilot import Pilot


def ticking() -> list[Timer]:
    """Timers of any widget that go on and are not paused, those of hidden widgets too."""
    locals_of_timers = [
        inspect.getcoroutinelocals(coroutine)
        for coroutine in (task.get_coro() for task in asyncio.all_tasks())
        if inspect.iscoroutine(coroutine) and coroutine.__qualname__ == Timer._run_timer.__qualname__
    ]
    timers = [each["self"] for each in locals_of_timers]
    return [timer for timer in timers if timer._repeat is None and timer._active.is_set()]


async def expect_rest(pilot: "Pilot[None]") -> None:
    await settle(pilot)
    # Textual pauses the timer that it paints by a moment after the last picture.
    await until(pilot, lambda: not ticking(), f"the end of {ticking()}")


@pytest.mark.parametrize(
    ("keys", "screen"),
    [
        ([], HomeScreen),
        (["enter"], PracticeScreen),
        (["h"], HistoryScreen),
        (["h", "enter"], CardScreen),
        (["s"], SettingsScreen),
    ],
    ids=["home", "practice", "history", "card", "settings"],
)
async def test_no_timer_ticks_while_nothing_moves(
    make_desk: MakeDesk, keys: list[str], screen: type[object]
) -> None:
    desk = make_desk()
    desk.engines.history().add(attempt(1, 57.4))
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        for key in keys:
            await pilot.press(key)
            await settle(pilot)
        assert shown_screen(pilot) is screen
        await expect_rest(pilot)


async def test_the_bar_of_a_download_goes_with_it(make_desk: MakeDesk) -> None:
    app = make_desk().app()
    async with app.run_test() as pilot:
        await settle(pilot)
        app._fetching = ("small.en", DownloadProgress(0, 1))
        app.post_message(DownloadMoved("small.en", DownloadProgress(1, 2)))
        await settle(pilot)
        assert ticking()
        app.post_message(DownloadEnded("small.en", None, cancelled=True))
        await expect_rest(pilot)
        assert not app.screen.query(DownloadLine).first().display


async def test_a_judgement_that_failed_rests(make_desk: MakeDesk, tmp_path: Path) -> None:
    desk = make_desk()
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("f")
        pilot.app.screen.query_one("#path", Input).value = str(save(tmp_path / "silence.wav", silence(3.0)))
        await pilot.press("enter")
        await settle(pilot)
        assert shown_screen(pilot) is JudgingScreen
        await expect_rest(pilot)


async def test_a_list_that_stays_open_keeps_only_the_keys_that_it_shows(make_desk: MakeDesk) -> None:
    desk = make_desk()
    async with desk.app().run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        counts = []
        for _ in range(4):
            await pilot.press("h")
            await settle(pilot)
            await pilot.press("escape")
            await settle(pilot)
            gc.collect()
            counts.append(sum(type(each) is FooterKey for each in gc.get_objects()))
    # A visit to another screen shows this one's keys twice anew, some twenty.
    assert counts[-1] - counts[0] < 20
