"""What screens and workers tell the app. Workers carry results and errors here as data."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from textual.message import Message

from voicecoach.audio.recorder import Recording
from voicecoach.audio.takes import Take
from voicecoach.content.model import Area, Question
from voicecoach.errors import VoicecoachError
from voicecoach.history.records import Attempt, AttemptRow
from voicecoach.practice.events import PracticeEvent
from voicecoach.practice.plan import PlanChoice
from voicecoach.scoring.card import Rambling
from voicecoach.speech.shelf import DownloadProgress, ModelEntry

if TYPE_CHECKING:
    from textual.worker import Worker

    from voicecoach.practice.again import TakePair
    from voicecoach.practice.archive import Comparison
    from voicecoach.practice.coach import Coach
    from voicecoach.practice.drill import Choice, Drill
    from voicecoach.practice.overview import Overview
    from voicecoach.practice.progress import Progress
    from voicecoach.practice.spoken import SpokenText


@dataclass
class Trouble(Message):
    """Something failed; the app shows it as one line."""

    error: VoicecoachError


@dataclass
class ReportWritten(Message):
    """A report is there."""

    file: Path


@dataclass
class CoachReady(Message):
    """The bank is read and the engines can be asked for."""

    coach: "Coach"


@dataclass
class CoachFailed(Message):
    """The trainer cannot be set up."""

    error: VoicecoachError


@dataclass
class OverviewReady(Message):
    """The home screen's rows, the takes that never got a card, and who read them."""

    overview: "Overview"
    unfinished: tuple[Take, ...]
    reader: "Worker[None]"


@dataclass
class StartFound(Message):
    """What the start has to offer: unfinished takes, and a model worth having."""

    unfinished: tuple[Take, ...]
    offer: ModelEntry | None


@dataclass
class PlanChosen(Message):
    """Someone chose a date, a plan and a role, or cleared them; `then` follows once it is in force."""

    choice: PlanChoice
    then: Callable[[], object]


@dataclass
class TargetRead(Message):
    """The text of the target job, to be changed; "" where none is set."""

    job: str


@dataclass
class TargetKept(Message):
    """Another target job is in force, or none."""


@dataclass
class LessonsChosen(Message):
    """Someone chose whether, and from when on, corrections count; `then` follows once it is in force."""

    settings: dict[str, str | bool]
    then: Callable[[], object]


@dataclass
class PracticeWanted(Message):
    """Someone chose a question."""

    question: Question


@dataclass
class RetryWanted(Message):
    """Someone wants to say part of an answer again, and to come back to its card afterwards.

    Attributes:
        question: What is asked: one point of the question, or all of it.
        without: Whose cut list is left out this time.
    """

    question: Question
    without: Rambling | None = None


@dataclass
class FileWanted(Message):
    """Someone wants a recording scored on this question, maybe one without a cut list."""

    question: Question
    without: Rambling | None = None


@dataclass
class TextWanted(Message):
    """Someone wants typed words scored on this question, maybe such without a cut list."""

    question: Question
    without: Rambling | None = None


@dataclass
class UnfinishedWanted(Message):
    """Someone wants to see the takes that never got a card."""

    takes: tuple[Take, ...]


@dataclass
class JudgeWanted(Message):
    """There is an answer to judge.

    Attributes:
        question: What was asked.
        start: Begins the work; called in a worker.
        take: The recording behind it, where it was made here.
        typed: Whether it was typed, so that the text dialog gives it back.
    """

    question: Question
    start: Callable[[], Iterator[PracticeEvent]]
    take: Take | None = None
    typed: bool = False


@dataclass
class ChoicesReady(Message):
    """What can be drilled; nothing where that cannot be told."""

    choices: "tuple[Choice, ...]"


@dataclass
class DrillReady(Message):
    """A round of the drill can begin."""

    drill: "Drill"


@dataclass
class CardWanted(Message):
    """There is a card to show."""

    attempt: Attempt


@dataclass
class RecordingStarted(Message):
    """The microphone is open."""

    recording: Recording


@dataclass
class RecordingFailed(Message):
    """The microphone could not be opened."""

    error: VoicecoachError


@dataclass
class MicrophoneMissing(Message):
    """There is no microphone, as far as a look around tells; opening one may succeed all the same."""

    error: VoicecoachError


@dataclass
class TakeFinished(Message):
    """A recording has been stopped and is whole on disk."""

    take: Take


@dataclass
class TakeDiscarded(Message):
    """A recording has been stopped and deleted."""

    restart: bool


@dataclass
class Listener(Message):
    """Which engine will hear the answer, in words; a note where it has limits."""

    name: str
    note: str


@dataclass
class Progressed(Message):
    """Judging moved on."""

    event: PracticeEvent


@dataclass
class JudgingFailed(Message):
    """Judging stopped without a card."""

    error: VoicecoachError


@dataclass
class DownloadWanted(Message):
    """Someone asked for a model.

    Attributes:
        entry: The model.
        then_chosen: Whether the settings are to name it once it is here.
    """

    entry: ModelEntry
    then_chosen: bool = False


@dataclass
class DownloadMoved(Message):
    """Some more of the model has arrived."""

    name: str
    progress: DownloadProgress


@dataclass
class DownloadEnded(Message):
    """The model is here (`error` is None), it failed, or it was cancelled."""

    name: str
    error: VoicecoachError | None
    cancelled: bool = False
    then_chosen: bool = False


@dataclass
class SettingChanged(Message):
    """Someone chose another value for a setting."""

    key: str
    value: str | bool


@dataclass
class TakeDropped(Message):
    """A take that could not be judged has been deleted."""


@dataclass
class JudgingStopped(Message):
    """Judging was stopped and has ended: the take that it held, if any, can be offered from now on."""


@dataclass
class Compared(Message):
    """What came before a take on the same question, or why that cannot be told."""

    comparison: "Comparison | None"
    error: VoicecoachError | None = None


@dataclass
class CompareWanted(Message):
    """Someone wants two takes of a question side by side: this attempt (or its number) and another."""

    attempt: Attempt | int


@dataclass
class TakesCompared(Message):
    """Two takes are compared, or why they cannot be.

    Attributes:
        attempt: The take that the comparison began from.
        others: The other takes of its question, the oldest first.
        at: Which of them it is compared with.
        pair: The two; None where there is no other.
        error: What kept them from being read.
    """

    attempt: Attempt | None = None
    others: tuple[AttemptRow, ...] = ()
    at: int = 0
    pair: "TakePair | None" = None
    error: VoicecoachError | None = None


@dataclass
class ModelAnswerWanted(Message):
    """Someone wants to hear a good answer to this question."""

    question: Question


@dataclass
class ReplayWanted(Message):
    """Someone wants to hear a take of theirs with its transcript moving along."""

    attempt: Attempt


@dataclass
class SoundPrepared(Message):
    """There is sound for lines of text, or why there is none."""

    spoken: "SpokenText | None" = None
    error: VoicecoachError | None = None


@dataclass
class AttemptsRead(Message):
    """The newest attempts, or why they cannot be read.

    Attributes:
        attempts: Those that pass the filter, as many as the list should hold.
        passing: How many pass it.
        total: How many there are.
        error: What kept them from being read.
    """

    attempts: tuple[AttemptRow, ...] = ()
    passing: int = 0
    total: int = 0
    error: VoicecoachError | None = None


@dataclass
class AttemptDeleted(Message):
    """An attempt is gone."""


@dataclass
class TakeGone(Message):
    """An unfinished take has been deleted."""

    take: Take


@dataclass
class DevicesFound(Message):
    """Microphones and loudspeakers by name."""

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


@dataclass
class ModelsFound(Message):
    """The catalogue with what is already here."""

    entries: tuple[ModelEntry, ...]


@dataclass
class ProgressRead(Message):
    """Someone's progress, and the areas in which they have answered something, or why it cannot be read."""

    progress: "Progress | None" = None
    areas: tuple[Area, ...] = ()
    error: VoicecoachError | None = None
