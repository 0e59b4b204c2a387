"""Around the start of a recording: a microphone that is gone, or is only looked for."""

import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.recorders import FedEngines, FedRecorder
from tests.support.scripted_whisper import build_scripted_whisper
from tests.tui.conftest import Desk, MakeDesk, NoDevices, footer_of, settle, shown_screen, until, words_on
from tests.tui.samples import IMBALANCE, NOW
from voicecoach.audio.recorder import Recording
from voicecoach.audio.takes import Take
from voicecoach.practice.coach import Coach
from voicecoach.tui.screens.practice import PracticeScreen
from voicecoach.tui.screens.settings import SettingsScreen

if TYPE_CHECKING:
    from textual.pilot import Pilot


class LateRecorder(FedRecorder):
    """Looks for microphones, of which it finds none, and opens its own, each when it may."""

    def __init__(self) -> None:
        super().__init__()
        self.may_look, self.may_start = threading.Event(), threading.Event()
        self.starts = 0

    def devices(self) -> tuple[str, ...]:
        self.may_look.wait()
        return ()

    def start(self, take: Take) -> Recording:
        self.starts += 1
        self.may_start.wait()
        return super().start(take)


@pytest.fixture
def desk(make_desk: MakeDesk, tmp_path: Path) -> Desk:
    """With a microphone that is fed."""
    model = build_scripted_whisper(tmp_path / "model", "one class is much rarer than the other")
    desk = make_desk(quiet=False, model=str(model))
    desk.engines = FedEngines(desk.settings, desk.paths)
    desk.coach = Coach(desk.engines, desk.bank, desk.paths.takes, lambda: NOW)
    return desk


@pytest.fixture
def late(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> LateRecorder:
    late = LateRecorder()
    monkeypatch.setattr(desk.engines, "recorder", lambda: late)
    return late


async def reach(pilot: "Pilot[None]", stage: str) -> None:
    screen = pilot.app.screen
    assert isinstance(screen, PracticeScreen)
    await until(pilot, lambda: screen.answering.stage == stage, stage)


async def test_a_recording_that_cannot_be_started_over_leads_back_to_the_question(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk.app(IMBALANCE.id).run_test() as pilot:
        await settle(pilot)
        await pilot.press("space")
        await reach(pilot, "recording")
        with monkeypatch.context() as unplugged:
            unplugged.setattr(desk.engines, "recorder", NoDevices)
            await pilot.press("r")
            await reach(pilot, "ready")
            await settle(pilot)
        shown = words_on(pilot)
        assert "waiting for the microphone" not in shown
        assert "Space tries again." in shown
        assert "There is no microphone. Plug one in." in shown
        assert "f scores a recording, t scores typed words" in shown
        await pilot.press("space")
        await reach(pilot, "recording")
        await pilot.press("escape")
        await settle(pilot)
        assert "Thrown away." in words_on(pilot)
    assert not any(desk.paths.takes.iterdir())


async def test_a_look_around_that_ends_late_does_not_let_a_second_recording_start(
    desk: Desk, late: LateRecorder
) -> None:
    async with desk.app(IMBALANCE.id).run_test() as pilot:
        try:
            await until(pilot, lambda: shown_screen(pilot) is PracticeScreen, "the question")
            await until(pilot, lambda: footer_of(pilot).get("space") == "Record", "the keys")
            await pilot.press("space")
            await until(pilot, lambda: late.starts == 1, "the microphone")
            late.may_look.set()
            looks = [worker for worker in pilot.app.workers if worker.group == "microphone"]
            await until(pilot, lambda: all(look.is_finished for look in looks), "the end of the look around")
            await pilot.pause()
            await pilot.press("space")
            late.may_start.set()
            await reach(pilot, "recording")
            await pilot.press("escape")
            await settle(pilot)
        finally:
            late.may_look.set()
            late.may_start.set()
    assert late.starts == 1
    assert not any(desk.paths.takes.iterdir())


async def test_the_microphone_is_opened_once_for_its_test(desk: Desk, late: LateRecorder) -> None:
    late.may_look.set()
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("s")
        await settle(pilot)
        assert shown_screen(pilot) is SettingsScreen
        try:
            await pilot.press("m", "m")
            await until(pilot, lambda: late.starts == 1, "the microphone")
        finally:
            late.may_start.set()
        await until(pilot, lambda: "Say something:" in words_on(pilot), "the test")
        await pilot.press("m")
        await settle(pilot)
        assert "Stopped." in words_on(pilot)
    assert late.starts == 1
