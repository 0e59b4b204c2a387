"""A person at practice in a home of their own: the real coach and engines, and a microphone that is fed."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from tests.support.recorders import FedEngines
from tests.support.virtual_microphone import wait_until
from voicecoach.audio.recorder import Recording
from voicecoach.audio.takes import Take
from voicecoach.clip import SPEECH_RATE, AudioClip
from voicecoach.config import Paths, Settings
from voicecoach.content.loader import find_bank_folders, load_bank
from voicecoach.content.model import Bank, Question
from voicecoach.errors import VoicecoachError
from voicecoach.history.records import Attempt
from voicecoach.practice.coach import Coach
from voicecoach.practice.events import Judged

SPOKEN = Path(__file__).parents[2] / "voicecoach" / "demo" / "answer.ogg"
"""Two minutes of someone speaking."""

HEARD = "of all that it flagged how many were really positive"
"""What the scripted Whisper of these tests makes of a window of speech."""

BEGAN = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
_BLOCK = SPEECH_RATE // 5


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = BEGAN

    def __call__(self) -> datetime:
        return self.now


class Practice:
    """One run of the program without its screen.

    Args:
        home: Settings, data and cache lie in it.
        settings: As for the engines.
    """

    def __init__(self, home: Path, settings: Settings) -> None:
        self.paths = Paths(home / "settings.toml", home / "data", home / "cache")
        self.engines = FedEngines(settings, self.paths)
        self.clock = Clock()
        folders = find_bank_folders(None, self.paths.own_bank)
        # A person's own questions change; what ships stays as it is.
        bank = load_bank(folders) if len(folders) > 1 else _shipped_bank(folders)
        self.coach = Coach(self.engines, bank, self.paths.takes, self.clock)

    def question(self, question_id: str = "define-precision") -> Question:
        """What is asked."""
        return self.coach.question(question_id)

    def begin(self) -> Recording:
        """Start to record."""
        return self.coach.start_recording(self.question())

    def say(self, clip: AudioClip) -> None:
        """Speak into the running recording, and wait until it is on disk or cannot be."""
        recording = self.engines.recording
        wanted = recording.status().elapsed_s + clip.duration_s
        for start in range(0, len(clip.samples), _BLOCK):
            recording.feed(clip.samples[start : start + _BLOCK])
        wait_until(
            lambda: recording.status().elapsed_s >= wanted - 1e-6 or recording.status().problem is not None,
            "what was said",
        )

    def record(self, clip: AudioClip) -> Take:
        """Record an answer from start to stop."""
        recording = self.begin()
        self.say(clip)
        return recording.stop()

    def judge(self, take: Take) -> Attempt:
        """The attempt that a take becomes."""
        *_, last = self.coach.judge_take(take)
        if not isinstance(last, Judged):
            raise TypeError(f"the last event is {last}")
        return last.attempt

    def typed(self, text: str) -> Attempt:
        """The attempt that typed words become."""
        *_, last = self.coach.judge_text(self.question(), text, None)
        if not isinstance(last, Judged):
            raise TypeError(f"the last event is {last}")
        return last.attempt

    def close(self) -> None:
        """As when the program ends; what cannot be opened need not be closed."""
        try:
            self.engines.history().close()
        except VoicecoachError:
            return


@contextmanager
def practising(home: Path, settings: Settings) -> Iterator[Practice]:
    """A run of the program that ends with the block."""
    practice = Practice(home, settings)
    try:
        yield practice
    finally:
        practice.close()


@cache
def _shipped_bank(folders: tuple[Path, ...]) -> Bank:
    return load_bank(folders)


def one_line(error: VoicecoachError) -> str:
    """What a person is told, which must fit one line."""
    told = str(error)
    if not told.strip() or "\n" in told or "Traceback" in told:
        raise AssertionError(f"no clear line: {told!r}")
    return told
