"""The trainer without a screen: what the TUI and the commands call."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from voicecoach.audio.recorder import Recording
from voicecoach.audio.takes import Take
from voicecoach.clip import AudioClip
from voicecoach.content.model import Bank, Question
from voicecoach.history.records import Attempt, AttemptRow, Standing
from voicecoach.practice.engines import Engines
from voicecoach.practice.events import PracticeEvent
from voicecoach.scoring.card import ScoreCard


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One line of the home screen."""

    question: Question
    standing: Standing | None


@dataclass(frozen=True, slots=True)
class Overview:
    """The home screen: every question, and the one to practise next."""

    rows: tuple[QuestionRow, ...]
    suggested: str | None
    why: str


@dataclass(frozen=True, slots=True)
class PastCard:
    """A card of the same question, to compare with."""

    attempt_id: int
    started_at: datetime
    card: ScoreCard


@dataclass(frozen=True, slots=True)
class Comparison:
    """This take against the one before it and the best of all others; None where there is none."""

    last: PastCard | None
    best: PastCard | None


class Coach:
    """Asks, records, judges and remembers.

    Every method may block and belongs in a worker, but for `bank`. Every failure is a VoicecoachError.
    """

    def __init__(
        self, engines: Engines, bank: Bank, takes_folder: Path, clock: Callable[[], datetime]
    ) -> None: ...

    def warm(self) -> None:
        """Load the embedder, the detector and the recogniser, so that the card need not wait for them."""

    def overview(self) -> Overview:
        """Every question with how the person stands on it, and which to take next."""

    def spoken_question(self, question: Question) -> AudioClip:
        """The question as sound: a recording beside the prompt, or the voice."""

    def start_recording(self, question: Question) -> Recording:
        """Make a take and begin to record into it. A take that cannot start leaves nothing behind."""

    def judge_take(self, take: Take) -> Iterator[PracticeEvent]:
        """From a finished take to a kept attempt. Closing the iterator cancels; the take stays."""

    def judge_file(self, question: Question, path: Path) -> Iterator[PracticeEvent]:
        """From a recording made elsewhere; it is copied into a take of its own."""

    def judge_text(self, question: Question, text: str, duration_s: float | None) -> Iterator[PracticeEvent]:
        """From typed words; without a duration they are timed at 150 words a minute."""

    def unfinished_takes(self) -> tuple[Take, ...]:
        """Takes that never got a card (the app was killed, or judging was cancelled), newest first."""

    def discard_take(self, take: Take) -> None:
        """Delete a take that has no attempt."""

    def attempts(self, question_id: str | None = None) -> tuple[AttemptRow, ...]:
        """The history, newest first."""

    def attempt(self, attempt_id: int) -> Attempt | None:
        """One whole attempt."""

    def compare(self, attempt: Attempt) -> Comparison:
        """What came before it on the same question."""

    def sound_of(self, attempt: Attempt) -> AudioClip | None:
        """The attempt's recording, or None for typed text and deleted recordings."""

    def delete_attempt(self, attempt: AttemptRow | Attempt) -> None:
        """Forget an attempt and its recording together."""
