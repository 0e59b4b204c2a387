"""What every recogniser does."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from voicecoach.clip import AudioClip
from voicecoach.transcript import EngineInfo, Span, Transcript


@dataclass(frozen=True, slots=True)
class TranscriptionProgress:
    """How far the recogniser has come, in seconds of audio."""

    done_s: float
    total_s: float


@dataclass(frozen=True, slots=True)
class TranscriptionDone:
    """The last event: the whole transcript."""

    transcript: Transcript


TranscriptionEvent = TranscriptionProgress | TranscriptionDone


class Transcriber(Protocol):
    """A recogniser with its model loaded. Safe to call from one thread at a time (it locks)."""

    @property
    def info(self) -> EngineInfo:
        """Name, model and limits of this engine."""
        ...

    def transcribe(self, clip: AudioClip, speech: Sequence[Span]) -> Iterator[TranscriptionEvent]:
        """Hear a clip.

        Args:
            clip: 16 kHz mono.
            speech: Where someone speaks, in order; the engine need not listen elsewhere.

        Yields:
            Progress, then exactly one TranscriptionDone. Closing the generator cancels the work.

        Raises:
            EngineError: The engine failed on this audio.
        """
        ...
