"""The app over a home with something broken in it: it opens, says one line, and practice goes on."""

from pathlib import Path

import pytest

from tests.support.practising import Practice, practising
from tests.tui.conftest import settle, shown_screen, told, until, words_on
from voicecoach.clip import AudioClip
from voicecoach.config import Settings
from voicecoach.practice.events import UNKEPT
from voicecoach.tui.app import VoicecoachApp
from voicecoach.tui.desk import SettingsDesk
from voicecoach.tui.messages import PracticeWanted
from voicecoach.tui.screens.card import CardScreen
from voicecoach.tui.screens.practice import PracticeScreen
from voicecoach.tui.widgets.rows import Rows


def app_of(practice: Practice, settings: Settings) -> VoicecoachApp:
    return VoicecoachApp(lambda: practice.coach, SettingsDesk(practice.paths.settings_file, settings))


@pytest.mark.parametrize(
    "damage",
    [b"no database at all " * 300, b"", b"SQLite format 3\0" + bytes(5_000)],
    ids=["another file", "empty", "zeros"],
)
async def test_the_app_opens_over_a_damaged_history_and_an_answer_is_judged(
    tmp_path: Path, model: Path, speech: AudioClip, damage: bytes
) -> None:
    settings = Settings(model=str(model), speak_questions=False, offer_download=False)
    with practising(tmp_path, settings) as practice:
        practice.paths.data.mkdir(parents=True)
        practice.paths.database.write_bytes(damage)
        async with app_of(practice, settings).run_test() as pilot:
            await settle(pilot)
            listed = pilot.app.screen.query_one("#questions", Rows).options.option_count
            assert listed == len(practice.coach.bank.questions)
            lines = set(told(pilot))
            if damage:
                assert len(lines) == 1, "the same line each time it is met"
                assert "the history is damaged" in lines.pop()
            pilot.app.post_message(PracticeWanted(practice.question()))
            await until(pilot, lambda: shown_screen(pilot) is PracticeScreen, "the question")
            await settle(pilot)
            await pilot.press("space")
            await until(pilot, lambda: "waiting for the microphone" in words_on(pilot), "the recording")
            practice.say(speech)
            await pilot.press("space")
            await until(pilot, lambda: shown_screen(pilot) is CardScreen, "the card")
            await settle(pilot)
            kept = "could not be kept" not in " ".join(words_on(pilot).split())
            assert kept == (not damage)
        take = practice.engines.recording.take
        assert practice.paths.database.read_bytes().startswith(damage)
        # Once the broken file is out of the way, the take is offered and judged.
        if damage:
            practice.paths.database.unlink()
            assert practice.coach.unfinished_takes() == (take,)
            assert practice.judge(take).id != UNKEPT
