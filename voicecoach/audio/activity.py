"""What every speech detector does."""

from typing import Protocol

from voicecoach.clip import AudioClip
from voicecoach.transcript import Span


class ActivityDetector(Protocol):
    """Finds speech in the waveform, so that pauses need not be guessed from word times."""

    def speech(self, clip: AudioClip) -> tuple[Span, ...]:
        """Stretches of speech in a 16 kHz clip, in order, not overlapping; empty for silence."""
        ...
