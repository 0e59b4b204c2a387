"""A recording as a small file that every browser plays."""

import io
from typing import Any

import numpy as np

from voicecoach.audio.wav import wav_bytes
from voicecoach.clip import AudioClip, CompactSound
from voicecoach.errors import AudioError

CODEC = "libmp3lame"
"""MP3 is the one compact format that Chromium, Firefox and Safari all play, in every build of them."""

BIT_RATE = 32_000
"""Bits a second: speech at 16 kHz is as clear as in the recording. It is constant, so that a browser finds a
second by counting bytes."""

LONG_S = 3_600.0
LONG_BIT_RATE = 24_000
"""For what is longer than LONG_S: two hours stay within the 32 MB that Firefox reads of a page's own data."""

_FRAME = 1_152


def compact(clip: AudioClip) -> CompactSound:
    """MP3, or WAV where this machine's FFmpeg cannot write MP3.

    Raises:
        AudioError: It cannot be encoded.
    """
    import av  # noqa: PLC0415 - heavy, and only a report needs it

    if CODEC not in av.codecs_available:
        return CompactSound(wav_bytes(clip), "audio/wav")
    file = io.BytesIO()
    try:
        with av.open(file, "w", format="mp3") as container:
            stream: Any = container.add_stream(CODEC, rate=clip.rate, layout="mono")
            stream.bit_rate = BIT_RATE if clip.duration_s <= LONG_S else LONG_BIT_RATE
            for start in range(0, len(clip.samples), _FRAME):
                block = clip.samples[start : start + _FRAME]
                frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block[None]), "s16p", "mono")
                frame.rate = clip.rate
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
    except av.FFmpegError as error:
        raise AudioError(f"The recording cannot be made smaller ({error.strerror}).") from error
    return CompactSound(file.getvalue(), "audio/mpeg")
