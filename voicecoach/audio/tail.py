"""A take read while it is still being written."""

import os
from pathlib import Path

from voicecoach.audio.wav import HEADER_BYTES
from voicecoach.clip import SPEECH_RATE, Samples
from voicecoach.errors import UnreadableAudioError


class TakeTail:
    """Reads what has been appended to a take's sound since the last look.

    The sound is on disk at most a block after it was heard, so nothing needs to be handed from thread to
    thread, and a reader that falls behind holds nobody up and needs no memory.

    Args:
        path: A file that `WavWriter` writes, or wrote.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read = 0

    @property
    def read_s(self) -> float:
        """Seconds read so far."""
        return self._read / SPEECH_RATE

    def next(self, longest_s: float) -> Samples:
        """What came next, shape (n,); empty where nothing has.

        Args:
            longest_s: Leave what is more than this for the next call.

        Raises:
            UnreadableAudioError: The file is gone or cannot be read.
        """
        import numpy as np  # noqa: PLC0415 - keeps the import of this module light

        try:
            # Not kept open: a take that is thrown away meanwhile can be deleted on every system.
            with open(self._path, "rb", buffering=0, opener=_without_waiting) as file:
                file.seek(HEADER_BYTES + 2 * self._read, os.SEEK_SET)
                data = file.read(2 * round(longest_s * SPEECH_RATE))
        except OSError as error:
            raise UnreadableAudioError(f"{self._path}: cannot be read: {error.strerror}.") from error
        samples: Samples = np.frombuffer(data, "<i2", count=len(data) // 2).astype(np.int16, copy=False)
        self._read += len(samples)
        return samples


def _without_waiting(path: str, flags: int) -> int:
    """A pipe in a recording's place must not hold up who listens."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
