"""Takes on disk: one folder each, found again after a crash.

takes/<id>/take.json    question and start, written before the first block of audio
takes/<id>/audio.wav    16 kHz mono 16-bit; its header is true after every flush
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Take:
    """One answer on disk.

    Attributes:
        id: The folder's name, sortable by time.
        question_id: What was asked.
        started_at: Aware, in UTC.
        folder: Where it lives.
    """

    id: str
    question_id: str
    started_at: datetime
    folder: Path

    @property
    def audio(self) -> Path:
        """The recording; it need not exist yet."""
        return self.folder / "audio.wav"
