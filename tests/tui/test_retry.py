"""One point again, and the cut version again: with the real judge, and a microphone that is fed."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import soxr

from tests.support.recorders import FedEngines
from tests.support.scripted_whisper import build_scripted_whisper
from tests.tui.conftest import Desk, MakeDesk, settle, shown_screen, told, until, words_on
from tests.tui.samples import CARD, IMBALANCE, NOW, attempt
from tests.tui.test_flows import type_answer
from voicecoach.cli.side_by_side import render_pair
from voicecoach.clip import SPEECH_RATE
from voicecoach.minutes import length
from voicecoach.practice.again import pair_of
from voicecoach.practice.coach import Coach
from voicecoach.tui.screens.card import CardScreen
from voicecoach.tui.screens.home import HomeScreen
from voicecoach.tui.screens.practice import PracticeScreen
from voicecoach.voice.espeak import EspeakVoice

if TYPE_CHECKING:
    from textual.pilot import Pilot

RARE = "imbalanced data means that one class is much rarer than the other"
MOVING = "My landlord was painting the stairs green that month and it smelled of turpentine all day long."
BIKE = "And I had just bought a red bicycle with eight gears from a neighbour who collects old clocks."
ANSWER = (
    f"Imbalanced data means that one class is much rarer than the other. {MOVING} "
    "The trouble is that a model which always says no is right almost every time, so accuracy tells you "
    f"nothing here. {BIKE} "
    "So I choose the threshold from what a missed fraud costs against what a false alarm costs."
)

LONG_END = (
    "I keep the test set as it is, because a resampled one says nothing about the world, and I report "
    "precision and recall for the rare class together with the curve of one against the other."
)


@pytest.fixture
def desk(make_desk: MakeDesk, tmp_path: Path) -> Desk:
    """With a microphone that is fed, and a recogniser that always hears what the rare class is."""
    model = build_scripted_whisper(tmp_path / "model", RARE)
    desk = make_desk(quiet=False, model=str(model))
    desk.engines = FedEngines(desk.settings, desk.paths)
    desk.coach = Coach(desk.engines, desk.bank, desk.paths.takes, lambda: NOW)
    return desk


async def typed(pilot: "Pilot[None]", text: str, seconds: str) -> None:
    await pilot.press("t")
    await settle(pilot)
    await type_answer(pilot, text, seconds)
    await until(pilot, lambda: shown_screen(pilot) is CardScreen, "the card")
    await settle(pilot)


async def spoken(pilot: "Pilot[None]", desk: Desk, text: str) -> None:
    """Say something into the microphone, and wait for its card."""
    engines = desk.engines
    assert isinstance(engines, FedEngines)
    screen = pilot.app.screen
    assert isinstance(screen, PracticeScreen)
    clip = EspeakVoice().synthesize(text)
    samples = soxr.resample(clip.samples, clip.rate, SPEECH_RATE).astype(np.int16)
    await pilot.press("space")
    await until(pilot, lambda: screen.answering.stage == "recording", "the recording")
    engines.recording.feed(samples)
    await until(
        pilot, lambda: engines.recording.status().elapsed_s >= len(samples) / SPEECH_RATE - 0.01, "the sound"
    )
    await pilot.press("space")
    await until(pilot, lambda: shown_screen(pilot) is CardScreen, "the card")
    await settle(pilot)


async def test_one_missed_point_is_asked_judged_alone_and_left_for_the_card_it_came_from(desk: Desk) -> None:
    async with desk.app().run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("home", "down")
        await typed(
            pilot, "So I choose the threshold from what a missed fraud costs against a false alarm.", "8"
        )
        first = pilot.app.screen
        assert "missing" in words_on(pilot)
        assert "o asks just this point" in words_on(pilot)
        await pilot.press("o")
        await settle(pilot)
        assert shown_screen(pilot) is PracticeScreen
        assert "Handling imbalanced data: Say what imbalance means" in words_on(pilot)
        await spoken(pilot, desk, RARE)
        shown = words_on(pilot)
        assert "1 of 1 points covered" in shown
        assert "Explain why accuracy misleads" not in shown
        assert [row.question_id for row in desk.coach.attempts()] == [
            "imbalanced-data#rare",
            "imbalanced-data",
        ]
        await pilot.press("o")
        assert told(pilot)[-1].startswith("Move to a point")
        await pilot.press("escape")
        await settle(pilot)
        assert pilot.app.screen is first
        await pilot.press("escape")
        await settle(pilot)
        assert shown_screen(pilot) is HomeScreen


async def test_the_cut_version_says_what_to_leave_out_and_what_was_said_again(desk: Desk) -> None:
    async with desk.app().run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await pilot.press("home", "down")
        await typed(pilot, ANSWER, "120")
        first = pilot.app.screen
        assert isinstance(first, CardScreen)
        await pilot.press("w")
        await settle(pilot)
        shown = " ".join(words_on(pilot).split())
        assert "Say it again without these:" in shown
        assert MOVING in shown
        assert BIKE in shown
        assert "0:16 “My landlord" in shown
        again = ANSWER.replace(f" {MOVING}", "").replace(BIKE, f"Well, {BIKE.lower()}")
        await typed(pilot, again, "70")
        shown = " ".join(words_on(pilot).split())
        assert "The cut version: 1 of 2 left out." in shown
        assert f"Cut: “{MOVING[:30]}" in shown
        assert f"Said again: “{BIKE[:30]}" in shown
        (row, _) = desk.coach.attempts()
        kept = desk.coach.attempt(row.id)
        assert kept is not None
        assert kept.card.notices[0].startswith("The cut version: 1 of 2 left out.")
        await pilot.press("escape")
        await settle(pilot)
        assert pilot.app.screen is first


async def test_what_to_leave_out_stays_on_the_screen_while_it_is_recorded(desk: Desk) -> None:
    async with desk.app().run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("home", "down")
        await typed(pilot, ANSWER, "120")
        await pilot.press("w")
        await settle(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, PracticeScreen)
        await pilot.press("space")
        await until(pilot, lambda: screen.answering.stage == "recording", "the recording")
        await pilot.pause()
        shown = " ".join(words_on(pilot).split())
        assert "painting the stairs" in shown
        assert screen.max_scroll_y == 0
        assert "○ waiting for the microphone" in shown, "none has delivered any sound"
        assert IMBALANCE.text not in shown
        await pilot.press("escape")
        await settle(pilot)
        await spoken(pilot, desk, RARE)
        assert "The cut version: 2 of 2 left out." in " ".join(words_on(pilot).split())


async def test_an_answer_without_a_cut_list_has_no_cut_version(desk: Desk) -> None:
    async with desk.app().run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("home", "down")
        await typed(pilot, ANSWER, "70")
        await pilot.press("w")
        await settle(pilot)
        assert shown_screen(pilot) is CardScreen
        assert told(pilot)[-1] == "There is nothing to cut. It fits its window as it is."
        await pilot.press("y")
        await settle(pilot)
        assert shown_screen(pilot) is CardScreen
        assert told(pilot)[-1] == "This answer was typed: it has no recording to hear."


async def test_takes_side_by_side_last_as_long_as_their_answers(desk: Desk) -> None:
    for days_ago in (2, 1):
        desk.engines.history().add(attempt(days_ago, 60.0, replace(CARD, duration_s=150.0)))
    async with desk.app().run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("h")
        await settle(pilot)
        await pilot.press("v")
        await settle(pilot)
        shown = words_on(pilot)
        assert shown.count(length(CARD.timing.duration_s)) >= 2
        assert length(150.0) not in shown


async def test_the_cut_version_is_not_scolded_for_keeping_the_rest(desk: Desk) -> None:
    async with desk.app().run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await pilot.press("home", "down")
        whole = f"{ANSWER} {LONG_END}"
        await typed(pilot, whole, "120")
        await pilot.press("w")
        await settle(pilot)
        await typed(pilot, whole.replace(f" {BIKE}", ""), "80")
        await pilot.press("v")
        await settle(pilot)
        shown = " ".join(words_on(pilot).split())
        assert "of the words are the same: this is the cut version, the rest was to stay." in shown
        assert "memorised" not in shown
    newer, older = desk.coach.attempts()
    found = pair_of(desk.engines.history(), older.id, newer.id)
    shown = " ".join(render_pair(found, None).split())
    assert "this is the cut version" in shown
    assert "memorised" not in shown
