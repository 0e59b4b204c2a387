"""A model answer spoken, and a take replayed, the line that is heard marked: through a real loudspeaker."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from textual.widgets import OptionList

from tests.support.scripted_whisper import build_scripted_whisper
from tests.support.sounds import save
from tests.support.virtual_microphone import VirtualMicrophone
from tests.tui.conftest import Desk, MakeDesk, footer_of, settle, shown_screen, told, until, words_on
from tests.tui.samples import BANK
from voicecoach.content.model import Bank
from voicecoach.tui.screens.card import CardScreen
from voicecoach.tui.screens.following import FollowScreen
from voicecoach.tui.screens.practice import PracticeScreen
from voicecoach.tui.widgets.now_playing import NowPlaying

if TYPE_CHECKING:
    from textual.pilot import Pilot

SENTENCES = (
    "One class is much rarer than the other.",
    "A model that says no is right almost always.",
    "So I set the threshold by cost.",
)


def with_answer() -> Bank:
    first, *rest = BANK.questions
    return replace(BANK, questions=(replace(first, model_answer=" ".join(SENTENCES)), *rest))


@pytest.fixture
def desk(make_desk: MakeDesk, microphone: VirtualMicrophone, tmp_path: Path) -> Desk:
    model = build_scripted_whisper(tmp_path / "model", "imbalanced data means that one class is much rarer")
    return make_desk(quiet=False, bank=with_answer(), model=str(model), voice="espeak")


def followed(pilot: "Pilot[None]") -> tuple[FollowScreen, NowPlaying, OptionList]:
    screen = pilot.app.screen
    assert isinstance(screen, FollowScreen)
    return screen, screen.query_one(NowPlaying), screen.query_one("#said", OptionList)


def marked(pilot: "Pilot[None]") -> list[str]:
    """The lines that are marked as being said."""
    return [line for line in words_on(pilot).splitlines() if "▶" in line]


@pytest.mark.audio
async def test_a_model_answer_is_spoken_with_its_sentence_marked_and_stops_at_any_time(desk: Desk) -> None:
    async with desk.app().run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("home", "down", "enter")
        await settle(pilot)
        assert shown_screen(pilot) is PracticeScreen
        await pilot.press("m")
        await until(pilot, lambda: shown_screen(pilot) is FollowScreen, "the model answer")
        _, playing, rows = followed(pilot)
        for sentence in SENTENCES:
            assert sentence in words_on(pilot)
        await until(pilot, lambda: len(marked(pilot)) == 1 and SENTENCES[0] in marked(pilot)[0], "the first")
        assert footer_of(pilot)["space"] == "Stop"
        await until(pilot, lambda: bool(marked(pilot)) and SENTENCES[1] in marked(pilot)[0], "the second")
        assert rows.highlighted == 1, "the highlight goes along"
        await pilot.press("space")
        await until(pilot, lambda: not playing.playing, "the silence")
        assert marked(pilot) == []
        await pilot.press("end", "enter")
        await until(pilot, lambda: bool(marked(pilot)) and SENTENCES[2] in marked(pilot)[0], "the last")
        await until(pilot, lambda: not playing.playing, "the end")
        await pilot.press("escape")
        await settle(pilot)
        assert shown_screen(pilot) is PracticeScreen
        assert told(pilot) == []


@pytest.mark.audio
async def test_a_take_is_replayed_with_its_transcript_moving_along(desk: Desk, tmp_path: Path) -> None:
    spoken = desk.engines.voice().synthesize("imbalanced data means that one class is much rarer")
    list(desk.coach.judge_file(desk.bank.questions[0], save(tmp_path / "take.wav", spoken)))
    async with desk.app().run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("h", "enter")
        await settle(pilot)
        await pilot.press("y")
        await until(pilot, lambda: shown_screen(pilot) is FollowScreen, "the replay")
        _, playing, _ = followed(pilot)
        await until(pilot, lambda: "imbalanced data means" in " ".join(marked(pilot)), "the clause")
        await until(pilot, lambda: not playing.playing, "its end")
        await pilot.press("enter")
        await until(pilot, lambda: playing.playing, "the clause again")
        await pilot.press("escape")
        await until(pilot, lambda: not playing.playing, "the silence")
        assert shown_screen(pilot) is FollowScreen
        await pilot.press("escape")
        await settle(pilot)
        assert shown_screen(pilot) is CardScreen


async def test_without_a_loudspeaker_the_text_can_be_read(make_desk: MakeDesk) -> None:
    async with make_desk(bank=with_answer()).app().run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("home", "down", "enter")
        await settle(pilot)
        await pilot.press("m")
        await settle(pilot)
        assert shown_screen(pilot) is FollowScreen
        assert SENTENCES[2] in words_on(pilot)
        assert told(pilot)[-1] == "There is no loudspeaker."


async def test_keys_are_offered_only_where_there_is_something_to_hear(make_desk: MakeDesk) -> None:
    desk = make_desk()
    list(desk.coach.judge_text(desk.bank.questions[0], "One class is much rarer than the other.", 4.0))
    async with desk.app().run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("h", "enter")
        await settle(pilot)
        for key in ("m", "y"):
            await pilot.press(key)
            await settle(pilot)
            assert shown_screen(pilot) is CardScreen
