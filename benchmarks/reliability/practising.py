"""Someone who answers one question after the other with the real engines, until the process is killed.

Run by `kills`, which hears on standard output what is being done:

    python -m benchmarks.reliability.practising HOME SPEECH SEED
"""

import json
import random
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import numpy as np

from tests.support.recorders import FedEngines
from voicecoach.clip import SPEECH_RATE, Samples
from voicecoach.config import Paths, Settings
from voicecoach.content.loader import find_bank_folders, load_bank
from voicecoach.errors import VoicecoachError
from voicecoach.history.records import Attempt, NewAttempt
from voicecoach.history.sqlite import SqliteHistory
from voicecoach.practice.coach import Coach
from voicecoach.practice.events import Judged, Working

Phase = Literal[
    "starting", "creating", "recording", "stopping", "transcribing", "judging", "saving", "between"
]

BLOCK_S = 0.1
SHORTEST_S, LONGEST_S = 1.5, 4.0
"""Of an answer, so that many fit into the time there is."""

SETTINGS = Settings(engine="pocketsphinx", speak_questions=False)


@dataclass(frozen=True, slots=True)
class Report:
    """What is about to be done, said before it is.

    Attributes:
        at: On the system's monotonic clock, which all processes share, in seconds.
        phase: What begins or goes on.
        number: Which take of this process, from 1; 0 before the first.
        take_id: Its name; empty until it has one.
        first: Where in the speech the answer begins, in samples.
        fed: Samples that the recording has been given, the block included that it is just about to be given.
    """

    at: float
    phase: Phase
    number: int
    take_id: str
    first: int
    fed: int


class ReportingHistory(SqliteHistory):
    """The history, saying when it begins to save.

    Args:
        file: As for SqliteHistory.
        saving: Called before an attempt is added.
    """

    def __init__(self, file: Path, saving: Callable[[], None]) -> None:
        super().__init__(file)
        self._saving = saving

    def add(self, attempt: NewAttempt) -> Attempt:
        """Keep an attempt."""
        self._saving()
        return super().add(attempt)


class ReportingEngines(FedEngines):
    """The real engines, a microphone that a program speaks into, and a history that says when it saves.

    Args:
        paths: Where things live.
        saving: Called before an attempt is added.
    """

    def __init__(self, paths: Paths, saving: Callable[[], None]) -> None:
        super().__init__(SETTINGS, paths)
        self._database = paths.database
        self._saving = saving

    def history(self) -> SqliteHistory:
        """The history."""
        return self._once("history", lambda: ReportingHistory(self._database, self._saving))


class Person:
    """Starts the trainer and practises.

    Args:
        paths: A home of its own.
        speech: What is said, 16 kHz, shape (n,), of which each answer takes a part.
        seed: Draws questions and answers.
    """

    def __init__(self, paths: Paths, speech: Samples, seed: int) -> None:
        self._speech = speech
        self._draw = random.Random(seed)  # noqa: S311 - nothing secret
        self._number, self._take_id, self._first, self._fed = 0, "", 0, 0
        self._say("starting")
        self._engines = ReportingEngines(paths, lambda: self._say("saving"))
        bank = load_bank(find_bank_folders(None, paths.own_bank))
        self._coach = Coach(self._engines, bank, paths.takes, lambda: datetime.now(UTC))

    def practise(self) -> None:
        """Look round as the app does when it opens, then answer for ever."""
        self._look_round()
        while True:
            self._answer()

    def _answer(self) -> None:
        length = round(self._draw.uniform(SHORTEST_S, LONGEST_S) * SPEECH_RATE)
        self._number, self._take_id, self._fed = self._number + 1, "", 0
        self._first = self._draw.randrange(len(self._speech) - length)
        question = self._draw.choice(self._coach.bank.questions)
        self._say("creating")
        recording = self._coach.start_recording(question)
        self._take_id = recording.take.id
        self._say("recording")
        self._speak(self._speech[self._first : self._first + length])
        self._say("stopping")
        take = recording.stop()
        self._say("transcribing")
        try:
            for event in self._coach.judge_take(take):
                match event:
                    case Working("judging"):
                        self._say("judging")
                    case Judged():
                        self._say("between")
        except VoicecoachError as error:
            # A part of a sentence may hold nothing that is made out; the take stays, and is offered.
            print(f"take {take.id}: {error}", file=sys.stderr)
        self._say("between")
        self._look_round()

    def _speak(self, answer: Samples) -> None:
        """Deliver sound as a microphone does, in real time."""
        block = round(BLOCK_S * SPEECH_RATE)
        began = time.monotonic()
        for start in range(0, len(answer), block):
            samples = answer[start : start + block]
            time.sleep(max(0.0, began + (start + len(samples)) / SPEECH_RATE - time.monotonic()))
            self._fed += len(samples)
            self._say("recording")
            self._engines.recording.feed(samples)

    def _look_round(self) -> None:
        self._coach.overview()
        self._coach.unfinished_takes()

    def _say(self, phase: Phase) -> None:
        report = Report(time.monotonic(), phase, self._number, self._take_id, self._first, self._fed)
        # One write, which a kill cannot cut in two: the pipe takes a line whole or not at all.
        sys.stdout.write(json.dumps(asdict(report)) + "\n")
        sys.stdout.flush()


def home_paths(home: Path) -> Paths:
    """Where things live in a home of its own."""
    return Paths(home / "settings.toml", home / "data", home / "cache")


if __name__ == "__main__":
    Person(home_paths(Path(sys.argv[1])), np.load(sys.argv[2]), int(sys.argv[3])).practise()
