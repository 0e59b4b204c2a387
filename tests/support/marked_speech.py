"""Speech with quiet chords mixed in that a sounding Whisper hears as words: see `sounding_whisper`."""

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from voicecoach.clip import SPEECH_RATE, AudioClip
from voicecoach.transcript import Span, Word

WORDS = (
    "data model train label split leak score metric recall batch layer loss weight query cache "
    "drift shift alert trial prior noise error sample tune prune rank embed token graph tree "
    "forest boost kernel margin bias"
).split()
"""What the markers say: as many as there are chords."""

TONE_BANDS = (65, 67, 69, 71, 73, 75, 77)
"""Mel bands with a tone in their middle: apart, so that a tone reaches its own only."""

TONE_HZ = (4497, 4856, 5244, 5662, 6114, 6602, 7129)
"""The middles of TONE_BANDS."""

CHORDS = tuple(itertools.combinations(range(len(TONE_BANDS)), 3))
"""The tones of each word."""

SPEECH_BELOW_HZ = 4100
SPEECH_LEVEL = 0.8
TONE_LEVEL = 0.03
"""Amplitudes: what the speech is multiplied by, and a tone, of full scale."""

MARKER_S = 0.14
MARKER_EDGE_S = 0.02
SPACING_S = 0.34
"""Between words, at the least. One token a word, so it is about the tokens a second of a usual speaker."""

SHORTEST_SPAN_S = 0.2


def mark_speech(
    clip: AudioClip, find_speech: Callable[[AudioClip], Sequence[Span]], seed: int = 0
) -> tuple[AudioClip, tuple[Word, ...]]:
    """Put markers under speech.

    Args:
        clip: Speech at 16 kHz. It comes back a little quieter, without what it has above 4.1 kHz.
        find_speech: Tells where it speaks. A span has as many words, evenly spread, as fit 0.34 s apart.
        seed: Draws the words.

    Returns:
        The marked clip, and the words that perfect hearing would give, each with its share of its span.
    """
    draw = np.random.default_rng(seed)
    spectrum = SPEECH_LEVEL * np.fft.rfft(clip.as_float32().astype(np.float64))
    spectrum[np.fft.rfftfreq(len(clip.samples), 1 / clip.rate) > SPEECH_BELOW_HZ] = 0
    sound = np.fft.irfft(spectrum, len(clip.samples))
    words: list[Word] = []
    index = -1
    for span in find_speech(_clip(sound)):
        if span.duration_s < SHORTEST_SPAN_S:
            continue
        count = max(1, int(span.duration_s / SPACING_S))
        share_s = span.duration_s / count
        for place in range(count):
            # Never the same word twice in a row, so that a word heard twice is plain to see.
            index = (index + int(draw.integers(1, len(WORDS)))) % len(WORDS)
            start_s = span.start_s + share_s * place
            _add_marker(sound, CHORDS[index], start_s + share_s / 2)
            words.append(Word(WORDS[index], start_s, start_s + share_s))
    return _clip(sound), tuple(words)


def _clip(sound: npt.NDArray[np.floating[Any]]) -> AudioClip:
    return AudioClip(np.clip(np.rint(sound * 32768), -32768, 32767).astype(np.int16), SPEECH_RATE)


def _add_marker(sound: npt.NDArray[np.floating[Any]], chord: tuple[int, ...], middle_s: float) -> None:
    start = round((middle_s - MARKER_S / 2) * SPEECH_RATE)
    moments = np.arange(round(MARKER_S * SPEECH_RATE)) / SPEECH_RATE
    edge = np.minimum(np.minimum(moments, moments[::-1]) / MARKER_EDGE_S, 1)
    tones = sum(np.sin(2 * np.pi * TONE_HZ[tone] * moments) for tone in chord)
    sound[start : start + len(moments)] += TONE_LEVEL * np.sin(edge * np.pi / 2) ** 2 * tones
