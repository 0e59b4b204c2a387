"""Recordings in the formats that people have."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from voicecoach.clip import AudioClip

FORMATS = {
    "wav": ("pcm_s16le", "s16", 16_000),
    "wav24.wav": ("pcm_s24le", "s32", 48_000),
    "mp3": ("libmp3lame", "s16p", 44_100),
    "flac": ("flac", "s16", 44_100),
    "ogg": ("libopus", "s16", 48_000),
    "vorbis.ogg": ("vorbis", "fltp", 48_000),
    "m4a": ("aac", "fltp", 44_100),
    "webm": ("libopus", "s16", 48_000),
}
"""Codec, sample format and rate, by ending."""


def encode(path: Path, ending: str, clip: AudioClip, layout: str = "stereo") -> Path:
    """Write a clip with PyAV, resampled to what the format takes.

    Args:
        path: The new file.
        ending: A key of FORMATS.
        clip: Mono.
        layout: "mono" or "stereo".

    Returns:
        The path.
    """
    import av  # noqa: PLC0415 - heavy

    codec, form, rate = FORMATS[ending]
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream(codec, rate=rate, options={"strict": "experimental"})
        stream.layout = layout
        stream.format = form
        resampler = av.AudioResampler(form, layout, rate, frame_size=stream.codec_context.frame_size or 1024)
        channels = {"mono": 1, "stereo": 2}[layout]
        frame = av.AudioFrame.from_ndarray(np.repeat(clip.samples, channels)[np.newaxis, :], "s16", layout)
        frame.sample_rate, frame.time_base, frame.pts = clip.rate, Fraction(1, clip.rate), 0
        for part in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))
    return path
