"""The definition drill as a person does it: in a real terminal, with a microphone and a voice that speaks."""

import json
from pathlib import Path

import pytest

from tests.support.sounds import save
from tests.support.terminal import terminal
from tests.support.virtual_microphone import VirtualMicrophone
from voicecoach.config import find_paths
from voicecoach.history.sqlite import SqliteHistory
from voicecoach.voice.espeak import EspeakVoice

pytestmark = [pytest.mark.audio, pytest.mark.timeout(600)]

SAID = "Of everything the model flags as positive, precision is the share that really is positive."


@pytest.fixture
def spoken(tmp_path: Path) -> Path:
    return save(tmp_path / "spoken.wav", EspeakVoice().synthesize(SAID))


def at_home(folder: Path, microphone: VirtualMicrophone) -> dict[str, str]:
    return {
        **microphone.environment,
        "VOICECOACH_HOME": str(folder / "home"),
        "VOICECOACH_OFFER_DOWNLOAD": "false",
        "VOICECOACH_ENGINE": "pocketsphinx",
        "VOICECOACH_VOICE": "espeak",
    }


def test_a_term_is_read_answered_and_told_and_the_exact_version_is_spoken(
    short_folder: Path, microphone: VirtualMicrophone, spoken: Path
) -> None:
    environment = at_home(short_folder, microphone)
    with terminal(short_folder, environment, "drill", "precision") as app:
        app.wait_for("How do you define precision for a classifier?")
        # Nobody presses a key: the recording starts when the term has been read.
        app.wait_for("Stop and judge")
        microphone.speak(spoken)
        app.press("Space")
        told = app.wait_for("Say it like this: Precision is the share of the positive predictions")
        assert "You said: “" in told or "Heard: “" in told
        app.wait_for("Saying it.")
        app.press("Escape")
        app.wait_for("crisp at once")
        app.press("Escape")
        app.wait_for("next:")
        app.press("C-q")
        app.wait_for_end()
    history = SqliteHistory(find_paths(environment).database)
    (row,) = history.rows()
    history.close()
    assert row.question_id == "define-precision#definition"


def test_an_answer_of_a_killed_drill_is_offered_and_judged_by_what_was_asked(
    short_folder: Path, microphone: VirtualMicrophone, spoken: Path
) -> None:
    environment = {**at_home(short_folder, microphone), "VOICECOACH_SPEAK_QUESTIONS": "false"}
    takes = find_paths(environment).takes
    with terminal(short_folder, environment, "drill", "precision") as app:
        app.wait_for("space Record")
        app.press("Space")
        app.wait_for("Stop and judge")
        microphone.speak(spoken)
        app.kill()
    (take,) = takes.iterdir()
    assert json.loads((take / "take.json").read_text("utf-8"))["question_id"] == "define-precision#definition"
    with terminal(short_folder, environment) as app:
        app.wait_for("These answers were recorded and never judged.")
        app.wait_for("0:0")
        app.press("Enter")
        app.wait_for("Next time:")
        app.press("C-q")
        app.wait_for_end()
    history = SqliteHistory(find_paths(environment).database)
    assert [(row.question_id, row.take_id) for row in history.rows()] == [
        ("define-precision#definition", take.name)
    ]
    history.close()
