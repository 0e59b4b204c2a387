"""What practice needs from the machine, built on first use.

`wiring` implements this; tests may hand over real engines of their own.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from voicecoach.audio.activity import ActivityDetector
from voicecoach.audio.player import Player
from voicecoach.audio.recorder import Recorder
from voicecoach.clip import AudioClip, CompactSound
from voicecoach.config import Paths, Settings
from voicecoach.documents.document import Document
from voicecoach.embedding.comparer import Comparer
from voicecoach.embedding.embedder import Vectors, WordEmbedder
from voicecoach.history.records import History
from voicecoach.history.rounds import RoundStore
from voicecoach.history.schedule import ScheduleStore
from voicecoach.scoring.close_reading import Comparison
from voicecoach.scoring.evidence import Reading
from voicecoach.speech.shelf import ModelShelf
from voicecoach.speech.transcriber import Transcriber
from voicecoach.voice.voice import Voice


class Engines(Protocol):
    """Every engine, each loaded at its first call and kept. Safe to call from any thread.

    Each method raises the errors its engine names; none touches the network but the shelf's download.
    """

    @property
    def paths(self) -> Paths:
        """Where things live."""
        ...

    @property
    def settings(self) -> Settings:
        """The settings that the engines go by."""
        ...

    def transcriber(self) -> Transcriber:
        """The best recogniser at hand that the settings allow."""
        ...

    def embedder(self) -> WordEmbedder:
        """MiniLM."""
        ...

    def comparer(self) -> Comparer:
        """The network over MiniLM's tokens."""
        ...

    def rubric_vectors(self, texts: Sequence[str]) -> Vectors:
        """The embedder's vectors of a rubric's texts, kept on disk: known texts load no model."""
        ...

    def rubric_readings(self, comparisons: Sequence[Comparison]) -> tuple[Reading, ...]:
        """The comparer's readings of what the bank itself says, kept on disk as `rubric_vectors` is."""
        ...

    def forget_vectors(self, texts: Sequence[str]) -> bool:
        """Delete what `rubric_vectors` keeps of these texts; False where it keeps nothing.

        What `rubric_readings` keeps holds no text and goes with everything only.

        Raises:
            EngineError: The embedder's weights cannot be read.
            HistoryError: The file cannot be deleted.
        """
        ...

    def forget_all_vectors(self) -> int:
        """Delete all that `rubric_vectors` and `rubric_readings` keep; returns of how many lists of texts.

        Raises:
            HistoryError: A file cannot be deleted.
        """
        ...

    def activity(self) -> ActivityDetector:
        """The speech detector."""
        ...

    def voice(self) -> Voice:
        """The voice that the settings ask for, or the best at hand."""
        ...

    def recorder(self) -> Recorder:
        """Opens the microphone that the settings name."""
        ...

    def player(self) -> Player:
        """Plays through the device that the settings name."""
        ...

    def decode(self, path: Path) -> AudioClip:
        """Any file that PyAV reads, as 16 kHz mono.

        Raises:
            UnreadableAudioError: It cannot be decoded, or holds no sound.
        """
        ...

    def compact(self, clip: AudioClip) -> CompactSound:
        """A 16 kHz clip as a small file that every browser plays.

        Raises:
            AudioError: It cannot be encoded.
        """
        ...

    def read_document(self, path: Path) -> Document:
        """The lines of a text, Markdown, PDF or Word file.

        Raises:
            DocumentError: It cannot be read, or is larger than any résumé.
        """
        ...

    def shelf(self) -> ModelShelf:
        """Whisper models, here and on the hub."""
        ...

    def history(self) -> History:
        """The attempts."""
        ...

    def schedule(self) -> ScheduleStore:
        """When each point comes back."""
        ...

    def rounds(self) -> RoundStore:
        """The interview rounds that were held."""
        ...

    def reload(self, settings: Settings | None = None) -> None:
        """Forget what depends on settings that change, so that they take effect.

        Args:
            settings: The new settings; None keeps them, and forgets the recogniser: a model has arrived.
        """
        ...
