"""The sound of a microphone test lies in the app's own folder, and no crash leaves it there for good."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from tests.support.recorders import FedEngines
from tests.tui.samples import BANK
from voicecoach.clip import SPEECH_RATE
from voicecoach.config import Paths, Settings
from voicecoach.errors import HistoryError
from voicecoach.practice.coach import Coach
from voicecoach.practice.forgetting import Forgetter

NOW = datetime(2026, 11, 20, 18, 30, tzinfo=UTC)
SECOND = np.full(SPEECH_RATE, 1000, np.int16)


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(tmp_path / "settings.toml", tmp_path / "data", tmp_path / "cache")


def make_coach(paths: Paths) -> Coach:
    return Coach(FedEngines(Settings(), paths), BANK, paths.takes, lambda: NOW)


def spoken_test(paths: Paths) -> Coach:
    """A test of the microphone that goes on, a second of it written."""
    engines = FedEngines(Settings(), paths)
    coach = Coach(engines, BANK, paths.takes, lambda: NOW)
    recording = coach.test_microphone()
    engines.recording.feed(SECOND)
    coach.leave_recording(recording)
    return coach


def test_its_end_deletes_it(paths: Paths) -> None:
    engines = FedEngines(Settings(), paths)
    coach = Coach(engines, BANK, paths.takes, lambda: NOW)
    recording = coach.test_microphone()
    engines.recording.feed(SECOND)
    assert list(paths.takes.rglob("audio.wav")) != []

    coach.end_microphone_test(recording)

    assert list(paths.takes.iterdir()) == []


def test_the_next_start_deletes_what_a_crash_left_and_never_offers_it(paths: Paths) -> None:
    spoken_test(paths)
    assert list(paths.takes.rglob("audio.wav")) != []

    assert make_coach(paths).unfinished_takes() == ()

    assert list(paths.takes.iterdir()) == []


def test_forgetting_deletes_what_a_crash_left(paths: Paths) -> None:
    spoken_test(paths)
    forgetter = Forgetter(FedEngines(Settings(), paths), lambda: BANK, paths.takes)

    forgetter.forget(forgetter.find(None, None))

    assert list(paths.takes.iterdir()) == []


def test_a_test_begins_with_nothing_of_the_last_one(paths: Paths) -> None:
    spoken_test(paths)
    coach = make_coach(paths)
    recording = coach.test_microphone()
    assert recording.status().elapsed_s == 0
    coach.end_microphone_test(recording)


def test_two_windows_do_not_disturb_each_other(paths: Paths) -> None:
    coach = make_coach(paths)
    recording = coach.test_microphone()
    other = make_coach(paths)

    with pytest.raises(HistoryError, match="in use"):
        other.test_microphone()
    assert other.unfinished_takes() == ()

    assert (paths.takes / ".scratch" / "audio.wav").exists()
    coach.end_microphone_test(recording)
