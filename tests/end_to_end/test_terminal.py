"""The main job as a person does it: a real terminal, a microphone, a voice that speaks the answer."""

import json
from pathlib import Path

import pytest

from tests.support.sounds import save
from tests.support.terminal import Terminal, terminal
from tests.support.virtual_microphone import VirtualMicrophone
from voicecoach.audio.decode import decode
from voicecoach.clip import AudioClip
from voicecoach.config import find_paths
from voicecoach.history.sqlite import SqliteHistory

SPOKEN_ANSWER = Path(__file__).parents[2] / "voicecoach" / "demo" / "answer.ogg"
SPOKEN_S = 16


@pytest.fixture
def spoken(tmp_path: Path) -> Path:
    """The first sentences of the answer that ships with the project, as a recording."""
    clip = decode(SPOKEN_ANSWER)
    return save(tmp_path / "spoken.wav", AudioClip(clip.samples[: SPOKEN_S * clip.rate], clip.rate))


def at_home(folder: Path, microphone: VirtualMicrophone) -> dict[str, str]:
    return {
        **microphone.environment,
        "VOICECOACH_HOME": str(folder / "home"),
        "VOICECOACH_SPEAK_QUESTIONS": "false",
        "VOICECOACH_OFFER_DOWNLOAD": "false",
        "VOICECOACH_ENGINE": "pocketsphinx",
    }


@pytest.mark.audio
@pytest.mark.timeout(600)
def test_an_answer_spoken_into_the_microphone_becomes_a_card(
    short_folder: Path, microphone: VirtualMicrophone, spoken: Path
) -> None:
    environment = at_home(short_folder, microphone)
    with terminal(short_folder, environment, "practice", "imbalanced-data") as app:
        app.wait_for("space Record")
        app.press("Space")
        app.wait_for("Stop and judge")
        microphone.speak(spoken)
        app.press("Space")
        card = app.wait_for("Next time:")
        assert "PocketSphinx" in card
        app.press("Escape")
        app.wait_for("Handling imbalanced data")
        app.press("C-q")
        app.wait_for_end()
    history = SqliteHistory(find_paths(environment).database)
    (row,) = history.rows()
    attempt = history.get(row.id)
    history.close()
    assert attempt is not None
    assert row.duration_s >= SPOKEN_S - 1
    heard = attempt.transcript.text
    assert {"class", "fraud", "model"} <= set(heard.split()), heard
    assert any(p.state == "covered" and p.quote in heard for p in attempt.card.points)


@pytest.mark.audio
@pytest.mark.timeout(600)
def test_a_killed_app_offers_the_take_on_its_next_start(
    short_folder: Path, microphone: VirtualMicrophone, spoken: Path
) -> None:
    environment = at_home(short_folder, microphone)
    takes = find_paths(environment).takes
    with terminal(short_folder, environment, "practice", "imbalanced-data") as app:
        app.wait_for("space Record")
        app.press("Space")
        app.wait_for("Stop and judge")
        microphone.speak(spoken)
        app.kill()
    (take,) = takes.iterdir()
    assert json.loads((take / "take.json").read_text("utf-8"))["question_id"] == "imbalanced-data"
    with terminal(short_folder, environment) as app:
        app.wait_for("These answers were recorded and never judged.")
        # The list fills after the first picture of the dialog; Enter means its highlighted row.
        app.wait_for("0:16")
        app.press("Enter")
        app.wait_for("Next time:")
        app.press("C-q")
        app.wait_for_end()
    history = SqliteHistory(find_paths(environment).database)
    assert [row.take_id for row in history.rows()] == [take.name]
    history.close()


@pytest.mark.audio
@pytest.mark.timeout(900)
def test_a_point_is_answered_again_the_take_is_heard_and_two_takes_are_compared(
    short_folder: Path, microphone: VirtualMicrophone, spoken: Path
) -> None:
    environment = at_home(short_folder, microphone)

    def answer(app: Terminal) -> str:
        app.wait_for("space Record")
        app.press("Space")
        app.wait_for("Stop and judge")
        microphone.speak(spoken)
        app.press("Space")
        return app.wait_for("points covered")

    with terminal(short_folder, environment, "practice", "imbalanced-data") as app:
        first = answer(app)
        app.press("o")
        assert "of 1 points covered" in answer(app)
        app.press("Escape")
        assert first.splitlines()[0] in app.wait_for("Handling imbalanced data  0:")
        app.press("y")
        app.wait_for("Your take")
        app.wait_for("▶")
        app.press("Space")
        app.wait_for("Enter plays from the highlighted line.")
        app.press("Escape")
        app.wait_for("points covered")
        app.press("r")
        answer(app)
        app.press("v")
        assert "after, this take" in app.wait_for("Two takes: Handling imbalanced data")
        app.press("Escape")
        app.wait_for("Next time:")
        app.press("C-q")
        app.wait_for_end()
    history = SqliteHistory(find_paths(environment).database)
    asked = [row.question_id for row in history.rows()]
    history.close()
    assert asked[::2] == ["imbalanced-data", "imbalanced-data"]
    assert asked[1].startswith("imbalanced-data#")
