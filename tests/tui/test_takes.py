"""Takes that never got a card are offered at the next start."""

from pathlib import Path

import pytest

from tests.support.scripted_whisper import build_scripted_whisper
from tests.support.sounds import save, silence, tone
from tests.tui.conftest import Desk, MakeDesk, footer_of, settle, shown_screen, told, until, words_on
from tests.tui.samples import NOW
from voicecoach.audio.takes import Take, TakeStore
from voicecoach.tui.app import VoicecoachApp
from voicecoach.tui.messages import TakeGone
from voicecoach.tui.screens.answers import TypedAnswer
from voicecoach.tui.screens.card import CardScreen
from voicecoach.tui.screens.judging import JudgingScreen
from voicecoach.tui.screens.offer import OfferDialog
from voicecoach.tui.screens.takes import TakesDialog

HEARD = "imbalanced data means that one class is much rarer than the other"


def leave_take(desk: Desk, question_id: str = "imbalanced-data", text: str = "") -> Take:
    take = TakeStore(desk.paths.takes).create(question_id, NOW)
    clip = tone(200, 3.0)
    if text:
        # Voices speak at rates of their own.
        clip = desk.engines.decode(save(desk.paths.data / "said.wav", desk.engines.voice().synthesize(text)))
    save(take.audio, clip)
    return take


async def test_an_unfinished_take_is_offered_and_judged(make_desk: MakeDesk, tmp_path: Path) -> None:
    model = build_scripted_whisper(tmp_path / "model", HEARD)
    desk = make_desk(model=str(model))
    take = leave_take(desk, text=HEARD)
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        assert shown_screen(pilot) is TakesDialog
        assert "Handling imbalanced data" in words_on(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: shown_screen(pilot) is CardScreen, "the card")
        await settle(pilot)
    assert [row.take_id for row in desk.coach.attempts()] == [take.id]
    assert desk.coach.unfinished_takes() == ()


async def test_what_was_typed_since_outlives_the_take(make_desk: MakeDesk, tmp_path: Path) -> None:
    desk = make_desk(model=str(build_scripted_whisper(tmp_path / "model", HEARD)))
    take = leave_take(desk, text=HEARD)
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("escape")
        await settle(pilot)
        app = pilot.app
        assert isinstance(app, VoicecoachApp)
        asked = desk.coach.question(take.question_id)
        app._drafts.judging(desk.coach, asked, TypedAnswer("typed since", None))
        await pilot.press("u")
        await settle(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: shown_screen(pilot) is CardScreen, "the card")
        await settle(pilot)
        assert app._drafts.titles == (asked.title,)


async def test_later_keeps_it_and_home_offers_it_again(make_desk: MakeDesk) -> None:
    desk = make_desk()
    take = leave_take(desk)
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("escape")
        await settle(pilot)
        assert "1 unfinished take (u)" in words_on(pilot)
        assert footer_of(pilot)["u"] == "Unfinished"
        await pilot.press("u")
        await settle(pilot)
        assert shown_screen(pilot) is TakesDialog
    assert desk.coach.unfinished_takes() == (take,)


async def test_deleting_asks_and_goes_on_with_the_others(make_desk: MakeDesk) -> None:
    desk = make_desk()
    leave_take(desk)
    leave_take(desk, "define-recall")
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("d", "n")
        await settle(pilot)
        assert len(desk.coach.unfinished_takes()) == 2
        await pilot.press("d", "y")
        await settle(pilot)
        assert shown_screen(pilot) is TakesDialog
        await pilot.press("d", "y")
        await settle(pilot)
        assert shown_screen(pilot) is not TakesDialog
    assert desk.coach.unfinished_takes() == ()


async def test_a_take_that_is_deleted_twice_is_gone_once(make_desk: MakeDesk) -> None:
    desk = make_desk()
    leave_take(desk)
    gone = leave_take(desk, "define-recall")
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        for _ in range(2):
            pilot.app.screen.post_message(TakeGone(gone))
        await settle(pilot)
        assert shown_screen(pilot) is TakesDialog
        assert "Handling imbalanced data" in words_on(pilot)
        assert "Recall" not in words_on(pilot)


async def test_a_take_whose_question_is_unknown_can_still_be_used(make_desk: MakeDesk) -> None:
    desk = make_desk()
    take = leave_take(desk, "a-question-of-last-year")
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert shown_screen(pilot) is TakesDialog
        assert any(str(take.audio) in line for line in told(pilot))


@pytest.mark.parametrize("offer", [True, False])
async def test_the_download_is_offered_after_the_takes(make_desk: MakeDesk, offer: bool) -> None:
    desk = make_desk(offer_download=offer)
    leave_take(desk)
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        assert shown_screen(pilot) is TakesDialog
        await pilot.press("escape")
        await settle(pilot)
        assert ("fetched once from huggingface.co" in words_on(pilot)) is offer


async def test_the_download_is_offered_after_a_take_that_was_judged_first(make_desk: MakeDesk) -> None:
    desk = make_desk(offer_download=True)
    save(leave_take(desk).audio, silence(2.0))
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: "d deletes it" in words_on(pilot), "the failure")
        assert shown_screen(pilot) is JudgingScreen
        await pilot.press("escape")
        await settle(pilot)
        assert shown_screen(pilot) is OfferDialog
        await pilot.press("escape")
        await settle(pilot)
        assert "1 unfinished take (u)" in words_on(pilot)
