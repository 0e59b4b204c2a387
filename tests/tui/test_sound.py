"""The app with a microphone that a program speaks into, in real time."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.scripted_whisper import build_scripted_whisper
from tests.support.sounds import save, tone
from tests.support.virtual_microphone import VirtualMicrophone
from tests.tui.conftest import (
    Desk,
    MakeDesk,
    expect_card_over_home,
    footer_of,
    settle,
    shown_screen,
    told,
    until,
    words_on,
)
from tests.tui.samples import NOW, attempt
from voicecoach.audio.takes import TakeStore
from voicecoach.tui.screens.card import CardScreen
from voicecoach.tui.screens.home import HomeScreen
from voicecoach.tui.screens.practice import PracticeScreen
from voicecoach.tui.screens.takes import TakesDialog
from voicecoach.tui.widgets.now_playing import NowPlaying
from voicecoach.tui.widgets.recording_panel import RecordingPanel
from voicecoach.tui.widgets.target_bar import TargetBar

if TYPE_CHECKING:
    from textual.pilot import Pilot

pytestmark = pytest.mark.audio

SAID = "imbalanced data means that one class is much rarer than the other"


@pytest.fixture
def desk(make_desk: MakeDesk, microphone: VirtualMicrophone, tmp_path: Path) -> Desk:
    model = build_scripted_whisper(tmp_path / "model", SAID)
    return make_desk(quiet=False, model=str(model), voice="espeak")


@pytest.fixture
def spoken(desk: Desk, tmp_path: Path) -> Path:
    """An answer that can be played into the microphone."""
    return save(tmp_path / "spoken.wav", desk.engines.voice().synthesize(SAID))


async def record(pilot: "Pilot[None]", seconds: float) -> None:
    """Start, and wait until so much is recorded."""
    await pilot.press("space")
    await until(
        pilot, lambda: "space" in footer_of(pilot) and "Stop" in footer_of(pilot)["space"], "the start"
    )
    await reach(pilot, seconds)


async def reach(pilot: "Pilot[None]", seconds: float) -> None:
    bar = pilot.app.screen.query_one(RecordingPanel).query_one(TargetBar)
    await until(pilot, lambda: bar.elapsed_s >= seconds, f"{seconds} s of sound")


async def record_answer(
    pilot: "Pilot[None]", desk: Desk, microphone: VirtualMicrophone, spoken: Path
) -> None:
    """Start, and speak the whole answer into the microphone."""
    await record(pilot, 0.0)
    with microphone.speaking(spoken):
        await reach(pilot, desk.engines.decode(spoken).duration_s)


async def test_an_answer_is_spoken_heard_scored_and_played_back(
    desk: Desk, microphone: VirtualMicrophone, spoken: Path
) -> None:
    async with desk.app("imbalanced-data").run_test() as pilot:
        await settle(pilot)
        assert "There is no microphone." not in words_on(pilot)
        await record(pilot, 0.0)
        with microphone.speaking(spoken):
            await until(pilot, lambda: "good" in words_on(pilot), "the level")
            await reach(pilot, desk.engines.decode(spoken).duration_s + 0.5)
        assert "● recording" in words_on(pilot)
        assert "before the target" in words_on(pilot)
        await pilot.press("space")
        await until(pilot, lambda: shown_screen(pilot) is CardScreen, "the card")
        await settle(pilot)
        assert "✓ covered" in words_on(pilot)
        kept = desk.coach.attempt(desk.coach.attempts()[0].id)
        assert kept is not None
        sound = desk.coach.sound_of(kept)
        assert sound is not None
        assert sound.duration_s >= desk.engines.decode(spoken).duration_s

        playing = pilot.app.screen.query_one(NowPlaying)
        await pilot.press("a")
        await until(pilot, lambda: "Playing 0:00-" in words_on(pilot), "the playback")
        assert footer_of(pilot)["escape"] == "Stop"
        await pilot.press("escape")
        await settle(pilot)
        assert not playing.playing
        assert shown_screen(pilot) is CardScreen
        await pilot.press("enter")
        await until(pilot, lambda: playing.playing, "the moment")
        await until(pilot, lambda: not playing.playing, "its end")
        assert told(pilot) == []


async def test_enter_stops_a_moment_that_took_the_place_of_another(desk: Desk) -> None:
    new = attempt(0, 57.4)
    take = TakeStore(desk.paths.takes).create(new.question_id, NOW)
    save(take.audio, tone(200, new.card.duration_s))
    desk.engines.history().add(replace(new, take_id=take.id))
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("h", "enter")
        await until(pilot, lambda: shown_screen(pilot) is CardScreen, "the card")
        await settle(pilot)
        playing = pilot.app.screen.query_one(NowPlaying)
        await pilot.press("enter")
        await until(pilot, lambda: playing.position_s is not None, "the first moment")
        await pilot.press("down", "enter")
        await until(pilot, lambda: "Playing 0:11-" in words_on(pilot), "the second")
        await until(pilot, lambda: playing.position_s is not None, "its sound")
        await pilot.press("enter")
        assert not playing.playing
        await settle(pilot)
        assert told(pilot) == []


async def test_the_question_is_read_aloud_and_can_be_skipped_and_repeated(desk: Desk) -> None:
    async with desk.app("imbalanced-data").run_test() as pilot:
        await settle(pilot)
        playing = pilot.app.screen.query_one(NowPlaying)
        await pilot.press("p")
        await until(pilot, lambda: "Reading the question. Space skips it." in words_on(pilot), "the reading")
        assert footer_of(pilot)["space"] == "Skip the reading"
        await pilot.press("space")
        await until(pilot, lambda: not playing.playing, "the silence")
        assert footer_of(pilot)["space"] == "Record"
        await pilot.press("p")
        await until(pilot, lambda: playing.playing, "the second reading")
        await pilot.press("escape")
        await settle(pilot)
        assert shown_screen(pilot) is HomeScreen
        assert told(pilot) == []


async def test_restart_and_discard_leave_nothing_behind(desk: Desk) -> None:
    async with desk.app("imbalanced-data").run_test() as pilot:
        await settle(pilot)
        await record(pilot, 0.6)
        first = set(desk.paths.takes.iterdir())
        await pilot.press("r")
        await until(pilot, lambda: set(desk.paths.takes.iterdir()).isdisjoint(first), "the new take")
        await until(pilot, lambda: footer_of(pilot).get("space") == "Stop and judge", "the new recording")
        await reach(pilot, 0.6)
        assert len(list(desk.paths.takes.iterdir())) == 1
        await pilot.press("escape")
        await settle(pilot)
        assert list(desk.paths.takes.iterdir()) == []
        assert "Thrown away. Space starts the recording." in words_on(pilot)
        assert shown_screen(pilot) is PracticeScreen
    assert desk.coach.unfinished_takes() == ()


async def test_a_microphone_that_is_unplugged_leaves_what_was_said_judged(
    desk: Desk, microphone: VirtualMicrophone, spoken: Path
) -> None:
    async with desk.app("imbalanced-data").run_test() as pilot:
        await settle(pilot)
        await record_answer(pilot, desk, microphone, spoken)
        microphone.unplug()
        await until(pilot, lambda: shown_screen(pilot) is CardScreen, "the card")
        await settle(pilot)
        assert "✓ covered" in words_on(pilot)
        assert told(pilot)
    assert len(desk.coach.attempts()) == 1


async def test_the_card_takes_the_place_of_a_recording_that_ended_under_the_help(
    desk: Desk, microphone: VirtualMicrophone, spoken: Path
) -> None:
    async with desk.app("imbalanced-data").run_test() as pilot:
        await settle(pilot)
        await record_answer(pilot, desk, microphone, spoken)
        await pilot.press("question_mark")
        microphone.unplug()
        await expect_card_over_home(pilot)


async def test_leaving_the_app_while_recording_keeps_the_take(desk: Desk) -> None:
    async with desk.app("imbalanced-data").run_test() as pilot:
        await settle(pilot)
        await record(pilot, 1.0)
        await pilot.press("ctrl+q")
    assert len(desk.coach.unfinished_takes()) == 1

    async with desk.app().run_test() as pilot:
        await until(pilot, lambda: shown_screen(pilot) is TakesDialog, "the offer")
        await settle(pilot)
        await pilot.press("p")
        await until(pilot, lambda: "Playing. p stops." in words_on(pilot), "the playback")
        await pilot.press("p")
        await settle(pilot)
        assert told(pilot) == []


async def test_the_microphone_and_the_voice_can_be_tried_in_the_settings(
    desk: Desk, microphone: VirtualMicrophone, spoken: Path
) -> None:
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("s")
        await settle(pilot)
        await pilot.press("m")
        await until(pilot, lambda: "Say something:" in words_on(pilot), "the test")
        with microphone.speaking(spoken):
            await until(pilot, lambda: "good" in words_on(pilot), "the level")
            await pilot.press("m")
        assert "Stopped." in words_on(pilot)
        await pilot.press("v")
        await until(pilot, lambda: "Speaking. v stops." in words_on(pilot), "the voice")
        await pilot.press("v")
        await settle(pilot)
        assert told(pilot) == []
    assert not any(desk.paths.takes.iterdir())
