"""What every speech detector does."""

from typing import Protocol

from voicecoach.clip import AudioClip, Samples
from voicecoach.transcript import Span


class SpeechFollower(Protocol):
    """Finds speech in a recording while it grows. Its memory does not grow with it. For one thread."""

    @property
    def spans(self) -> tuple[Span, ...]:
        """Stretches of speech so far, as `speech` would find them; the last may still go on."""
        ...

    @property
    def quiet_s(self) -> float:
        """The pause since the last span; 0 while it may still go on."""
        ...

    def add(self, samples: Samples) -> None:
        """Listen on.

        Args:
            samples: What came next, 16 kHz, shape (n,).
        """
        ...


class ActivityDetector(Protocol):
    """Finds speech in the waveform, so that pauses need not be guessed from word times."""

    def speech(self, clip: AudioClip) -> tuple[Span, ...]:
        """Stretches of speech in a 16 kHz clip, in order, not overlapping; empty for silence.

        One that goes on for half a minute without a pause is parted, so that it can be heard in pieces.
        """
        ...

    def follow(self) -> SpeechFollower:
        """Begin with a recording that has only just begun."""
        ...
