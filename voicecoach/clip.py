"""A stretch of sound in memory."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

SPEECH_RATE = 16_000
"""Samples a second of everything recorded, stored and recognised."""

Samples = npt.NDArray[np.int16]
"""Mono 16-bit samples, shape (n,)."""


@dataclass(frozen=True, slots=True, eq=False)
class AudioClip:
    """Mono sound.

    Attributes:
        samples: int16, shape (n,).
        rate: Samples a second.
    """

    samples: npt.NDArray[np.int16]
    rate: int

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return len(self.samples) / self.rate

    def as_float32(self) -> npt.NDArray[np.float32]:
        """The samples in -1..1, shape (n,)."""
        scaled: npt.NDArray[Any] = self.samples.astype(np.float32) / 32768.0
        return scaled


@dataclass(frozen=True, slots=True)
class CompactSound:
    """A recording as a file's bytes, small enough to be put into a page.

    Attributes:
        data: The file.
        media_type: What it is, such as "audio/mpeg".
    """

    data: bytes
    media_type: str
