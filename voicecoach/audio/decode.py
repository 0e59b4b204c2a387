"""Any recording that PyAV reads, as 16 kHz mono."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from voicecoach.audio.wav import LONGEST_S, check_length, is_take_wav, read_wav
from voicecoach.clip import SPEECH_RATE, AudioClip
from voicecoach.errors import UnreadableAudioError

FORMATS = (
    "3gp,aac,ac3,aiff,amr,amrnb,amrwb,ape,asf,au,avi,caf,flac,flv,m4a,matroska,mov,mp3,mp4,mpeg,mpegts,ogg,"
    "tta,voc,w64,wav,webm,wv"
)
"""Files that hold their own sound, by FFmpeg's names. Playlists are none: they lead to other files, or to
pipes that never end."""

SLOWEST_RATE, FASTEST_RATE = 4_000, 384_000
"""Samples a second of any recording. A damaged header may claim a billion, and the filter for that would fill
the memory."""

LONGEST_READ_S = 20.0
"""For the head of a file, and for each piece of it: the next of a damaged one may never come."""

MOST_VALUES = LONGEST_S * 2 * 48_000
"""Samples of all channels together: silence can be packed so tightly that a small file would take minutes."""

_BYTES_PER_SECOND = SPEECH_RATE * 2
_ALONE = {"protocol_whitelist": "file", "format_whitelist": FORMATS}
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
        clip = read_wav(path) if is_take_wav(path) else _decode_any(path)
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


def _check_frame(path: Path, rate: int) -> None:
    if not SLOWEST_RATE <= rate <= FASTEST_RATE:
        raise UnreadableAudioError(f"{path}: claims to have {rate} samples a second.", _WHAT_WORKS)


def _check_values(path: Path, values: int) -> None:
    if values > MOST_VALUES:
        raise UnreadableAudioError(
            f"{path}: holds more sound than two hours of 48 kHz stereo, the most that is read.",
            "Save it with fewer channels or samples a second, or cut the answer out of it.",
        )


def _decode_any(path: Path) -> AudioClip:
    """Through PyAV.

    Raises:
        OSError: From the file system.
        UnreadableAudioError: As `decode`.
    """
    import av  # noqa: PLC0415 - heavy, and not needed until a file is read

    try:
        container = av.open(str(path), metadata_errors="ignore", options=_ALONE, timeout=LONGEST_READ_S)
    except av.FFmpegError as error:
        raise UnreadableAudioError(
            f"{path}: is not a recording that can be decoded ({error.strerror}).", _WHAT_WORKS
        ) from error
    with container:
        if not container.streams.audio:
            raise UnreadableAudioError(f"{path}: has no audio in it.", _WHAT_WORKS)
        if container.duration is not None:
            check_length(path, container.duration / av.time_base)
        data = _all_sound(path, container)
    # The buffer is shared, not copied: two hours are 230 MB.
    return AudioClip(np.frombuffer(data, np.int16), SPEECH_RATE)


def _all_sound(path: Path, container: Any) -> bytearray:
    """Every frame that decodes, as 16 kHz mono 16-bit bytes."""
    import av  # noqa: PLC0415 - see above

    data = bytearray()
    values = 0
    failure = ""
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
                _check_frame(path, frame.sample_rate)
                data += converter.convert(frame)
                values += frame.samples * frame.layout.nb_channels
                check_length(path, len(data) / _BYTES_PER_SECOND)
                _check_values(path, values)
        except av.FFmpegError as error:
            failure = error.strerror or str(error)
            continue  # One damaged packet: the next may be whole.
    with suppress(av.FFmpegError):
        data += converter.finish()
    if failure and not data:
        raise UnreadableAudioError(
            f"{path}: none of its sound can be decoded ({failure}).", "Save it as WAV or MP3, mono or stereo."
        )
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
