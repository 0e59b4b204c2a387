"""The one file format that takes are kept in: a WAV file, 16 kHz, mono, 16-bit, that a crash cannot break.

The header is patched after the data at every flush, so the file is whole whenever the process dies. The
reader believes the file's length rather than its header where the two disagree.
"""

import errno
import os
import struct
from pathlib import Path
from typing import BinaryIO

import numpy as np

from voicecoach.clip import SPEECH_RATE, AudioClip, Samples
from voicecoach.errors import UnreadableAudioError

HEADER_BYTES = 44
BYTES_PER_SECOND = SPEECH_RATE * 2
LONGEST_S = 2 * 60 * 60
"""An answer takes minutes; a longer file is a mistake, and would fill the memory."""

_LAYOUT = struct.Struct("<4sI4s4sIHHIIHH4sI")
_RIFF_OVERHEAD = HEADER_BYTES - 8


def _header(data_bytes: int) -> bytes:
    """A header for so many bytes of 16 kHz mono 16-bit sound."""
    return _LAYOUT.pack(
        *(b"RIFF", data_bytes + _RIFF_OVERHEAD, b"WAVE"),
        *(b"fmt ", 16, 1, 1, SPEECH_RATE, BYTES_PER_SECOND, 2, 16),
        *(b"data", data_bytes),
    )


class WavWriter:
    """Appends sound to a new file that is valid after every call.

    Not safe to call from several threads at once.

    Args:
        path: Must not exist; made readable by the owner alone.

    Raises:
        OSError: From every method, as the system gave it (disk full, no permission).
    """

    def __init__(self, path: Path) -> None:
        self._file: BinaryIO = os.fdopen(
            os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | _BINARY, 0o600), "wb", 0
        )
        self._data_bytes = 0
        try:
            self._write(0, _header(0))
        except OSError:
            self._file.close()
            path.unlink(missing_ok=True)  # it would bar the next try
            raise

    @property
    def seconds(self) -> float:
        """Length of what has been appended."""
        return self._data_bytes / BYTES_PER_SECOND

    def append(self, samples: Samples) -> None:
        """Hand samples, shape (n,), to the system, then mend the header. Survives the process's death."""
        data = samples.astype("<i2", copy=False).tobytes()
        self._write(HEADER_BYTES + self._data_bytes, data)
        self._data_bytes += len(data)
        self._write(0, _header(self._data_bytes))

    def sync(self) -> None:
        """Wait until the disk has it all. Survives a power cut."""
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Sync and close. A second call changes nothing."""
        if not self._file.closed:
            try:
                self.sync()
            finally:
                self._file.close()

    def _write(self, offset: int, data: bytes) -> None:
        """Write all of it; an unbuffered file may take less at a time."""
        self._file.seek(offset)
        view = memoryview(data)
        while view:
            view = view[self._file.write(view) :]


def write_wav(path: Path, clip: AudioClip) -> None:
    """Write a whole 16 kHz clip to a new file.

    Raises:
        OSError: As the system gave it.
        ValueError: The clip has another rate.
    """
    if clip.rate != SPEECH_RATE:
        raise ValueError(f"a take is {SPEECH_RATE} samples a second, not {clip.rate}")
    writer = WavWriter(path)
    try:
        writer.append(clip.samples)
    finally:
        writer.close()


def wav_bytes(clip: AudioClip) -> bytes:
    """A whole 16 kHz clip as a file's bytes."""
    data = clip.samples.astype("<i2", copy=False).tobytes()
    return _header(len(data)) + data


def check_length(path: Path, seconds: float) -> None:
    """Refuse what is too long to be held in memory.

    Raises:
        UnreadableAudioError: It is longer than two hours.
    """
    if seconds > LONGEST_S:
        raise UnreadableAudioError(
            f"{path}: is longer than two hours, the most that is read.", "Cut the answer out of it first."
        )


def is_take_wav(path: Path) -> bool:
    """Whether a file begins as `WavWriter` begins it.

    Raises:
        OSError: It cannot be read.
    """
    if path.exists() and not path.is_file():  # opening a pipe would wait for somebody to write to it
        raise OSError(errno.EINVAL, "it is not a plain file")
    with path.open("rb") as file:
        head = file.read(HEADER_BYTES)
    expected = _header(0)
    return len(head) == HEADER_BYTES and head[:4] == expected[:4] and head[8:40] == expected[8:40]


def promised_seconds(path: Path) -> float:
    """How much sound the header of a recording tells of; 0 where nothing can be read of it."""
    try:
        if not is_take_wav(path):
            return 0.0
        with path.open("rb") as file:
            *_, promised = _LAYOUT.unpack(file.read(HEADER_BYTES))
    except OSError:
        return 0.0
    seconds: float = promised / BYTES_PER_SECOND
    return seconds


def read_wav(path: Path) -> AudioClip:
    """Read what `WavWriter` wrote, all of it, even where a crash left the header behind.

    Raises:
        UnreadableAudioError: It cannot be read, is not such a file, or is longer than two hours.
    """
    try:
        if not is_take_wav(path):
            raise UnreadableAudioError(f"{path}: this is not a recording of voicecoach.")
        check_length(path, (path.stat().st_size - HEADER_BYTES) / BYTES_PER_SECOND)
        with path.open("rb") as file:
            *_, promised = _LAYOUT.unpack(file.read(HEADER_BYTES))
            file.seek(4)
            (riff_bytes,) = struct.unpack("<I", file.read(4))
            file.seek(HEADER_BYTES)
            # Other programs put more chunks after the sound and count them in the first length.
            ends_with_sound = riff_bytes <= promised + _RIFF_OVERHEAD
            data = bytearray(file.read(-1 if ends_with_sound else promised))
    except FileNotFoundError as error:
        raise UnreadableAudioError(
            f"{path}: the recording cannot be read: it is gone.", "Record the answer again."
        ) from error
    except OSError as error:
        raise UnreadableAudioError(f"{path}: cannot be read: {error.strerror}.") from error
    samples = np.frombuffer(data, "<i2", count=len(data) // 2).astype(np.int16, copy=False)
    return AudioClip(samples, SPEECH_RATE)


_BINARY = getattr(os, "O_BINARY", 0)
"""Windows alone needs to be told."""
