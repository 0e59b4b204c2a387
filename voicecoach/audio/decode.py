"""Any recording that PyAV reads, as 16 kHz mono."""

import os
from pathlib import Path
from typing import Any

import numpy as np

from voicecoach.audio.wav import is_take_wav, read_wav
from voicecoach.clip import SPEECH_RATE, AudioClip
from voicecoach.errors import UnreadableAudioError

LONGEST_S = 2 * 60 * 60
"""An answer takes minutes; a longer file is a mistake, and would fill the memory."""

_BYTES_PER_SECOND = SPEECH_RATE * 2
_WHAT_WORKS = "Give a recording such as WAV, MP3, FLAC, Ogg or M4A."


def decode(path: Path) -> AudioClip:
    """Decode a file; of a damaged one, as much as can be read.

    Raises:
        UnreadableAudioError: It is missing, no file, empty, forbidden, not audio, damaged throughout, or
            longer than two hours.
    """
    path = path.absolute()
    try:
        _check_file(path)
        if is_take_wav(path):
            clip = read_wav(path)
            _check_length(path, clip.duration_s)
        else:
            clip = _decode_any(path)
    except PermissionError as error:
        raise UnreadableAudioError(
            f"{path}: you have no permission to read it.", "Check the file's permissions."
        ) from error
    except OSError as error:
        raise UnreadableAudioError(
            f"{path}: cannot be read: {error.strerror or error}.", _WHAT_WORKS
        ) from error
    if not len(clip.samples):
        raise UnreadableAudioError(f"{path}: holds no sound.", _WHAT_WORKS)
    return clip


def _check_file(path: Path) -> None:
    if path.is_dir():
        raise UnreadableAudioError(f"{path}: is a folder, not a recording.", _WHAT_WORKS)
    if not path.exists():
        raise UnreadableAudioError(f"{path}: there is no such file.", "Check the path.")
    if not path.is_file():
        raise UnreadableAudioError(f"{path}: is not a plain file.", _WHAT_WORKS)
    if path.stat().st_size == 0:
        raise UnreadableAudioError(f"{path}: is empty.", _WHAT_WORKS)
    if not os.access(path, os.R_OK):
        raise PermissionError


def _check_length(path: Path, seconds: float) -> None:
    if seconds > LONGEST_S:
        raise UnreadableAudioError(
            f"{path}: is longer than two hours, the most that is read.", "Cut the answer out of it first."
        )


def _decode_any(path: Path) -> AudioClip:
    """Through PyAV.

    Raises:
        OSError: From the file system.
        UnreadableAudioError: As `decode`.
    """
    import av  # noqa: PLC0415 - heavy, and not needed until a file is read

    try:
        # A playlist must not lead to the network: only files are opened.
        container = av.open(str(path), metadata_errors="ignore", options={"protocol_whitelist": "file"})
    except av.FFmpegError as error:
        raise UnreadableAudioError(
            f"{path}: is not a recording that can be decoded ({error.strerror}).", _WHAT_WORKS
        ) from error
    with container:
        if not container.streams.audio:
            raise UnreadableAudioError(f"{path}: has no audio in it.", _WHAT_WORKS)
        if container.duration is not None:
            _check_length(path, container.duration / av.time_base)
        data = _all_sound(path, container)
    # The buffer is shared, not copied: two hours are 230 MB.
    return AudioClip(np.frombuffer(data, np.int16), SPEECH_RATE)


def _all_sound(path: Path, container: Any) -> bytearray:
    """Every frame that decodes, as 16 kHz mono 16-bit bytes."""
    import av  # noqa: PLC0415 - see above

    data = bytearray()
    converter = _Converter()
    stream = container.streams.audio[0]
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets)
        except StopIteration:
            break
        except av.FFmpegError:
            break  # A file cut short: what came before it stands.
        try:
            for frame in packet.decode():
                data += converter.convert(frame)
        except av.FFmpegError:
            continue  # One damaged packet: the next may be whole.
        _check_length(path, len(data) / _BYTES_PER_SECOND)
    data += converter.finish()
    return data


class _Converter:
    """Resamples frames, whose format may change within a file."""

    def __init__(self) -> None:
        self._resampler: Any = None
        self._format: tuple[str, str, int] | None = None

    def convert(self, frame: Any) -> bytes:
        """Bytes of 16 kHz mono sound that are ready."""
        import av  # noqa: PLC0415 - see above

        form = (frame.format.name, frame.layout.name, frame.sample_rate)
        before = b""
        if form != self._format:
            before = self.finish()
            self._resampler = av.AudioResampler(format="s16", layout="mono", rate=SPEECH_RATE)
            self._format = form
        frame.pts = None  # Broken time stamps would make the filter complain; only the order counts.
        return before + _joined(self._resampler.resample(frame))

    def finish(self) -> bytes:
        """What the filter still holds back."""
        if self._resampler is None:
            return b""
        rest = _joined(self._resampler.resample(None))
        self._resampler = None
        return rest


def _joined(frames: list[Any]) -> bytes:
    return b"".join(frame.to_ndarray().tobytes() for frame in frames if frame is not None)
