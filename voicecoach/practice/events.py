"""What happens between the end of an answer and its card."""

from dataclasses import dataclass
from typing import Literal

from voicecoach.history.records import Attempt
from voicecoach.transcript import Transcript

Stage = Literal["reading", "loading", "listening", "transcribing", "judging", "saving"]

STAGE_LABELS: dict[Stage, str] = {
    "reading": "Reading the recording",
    "loading": "Loading the engines",
    "listening": "Finding speech and pauses",
    "transcribing": "Transcribing",
    "judging": "Judging",
    "saving": "Saving",
}

UNKEPT = 0
"""Id of an attempt that the history could not take; the database counts from 1."""


@dataclass(frozen=True, slots=True)
class Working:
    """A stage began or moved on; `fraction` is 0..1, or None where it cannot be known."""

    stage: Stage
    fraction: float | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """The transcript is there."""

    transcript: Transcript


@dataclass(frozen=True, slots=True)
class Judged:
    """The last event: the attempt with its card is kept."""

    attempt: Attempt


PracticeEvent = Working | Heard | Judged
