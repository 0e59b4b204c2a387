"""Sounds to play, and what to look for in their recordings."""

import wave
from pathlib import Path

import numpy as np
import numpy.typing as npt

from voicecoach.clip import AudioClip, Samples

_SEGMENT_S = 0.5


def tone(frequency: float, seconds: float, rate: int = 16_000, level: float = 0.4) -> AudioClip:
    """A sine, its level a fraction of full scale."""
    moments = np.arange(round(seconds * rate)) / rate
    return AudioClip((np.sin(2 * np.pi * frequency * moments) * level * 32767).astype(np.int16), rate)


def noise(seconds: float, rate: int = 16_000, level: float = 0.1, seed: int = 7) -> AudioClip:
    """Noise that is nowhere like itself, so that a lost block shows."""
    values = np.random.default_rng(seed).normal(0, level, round(seconds * rate))
    return AudioClip((np.clip(values, -1, 1) * 32767).astype(np.int16), rate)


def silence(seconds: float, rate: int = 16_000) -> AudioClip:
    """Digital silence."""
    return AudioClip(np.zeros(round(seconds * rate), np.int16), rate)


def joined(*clips: AudioClip) -> AudioClip:
    """One clip after the other, all of one rate."""
    return AudioClip(np.concatenate([clip.samples for clip in clips]), clips[0].rate)


def save(path: Path, clip: AudioClip) -> Path:
    """Write a WAV file with the standard library, which shares nothing with the code under test."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(clip.rate)
        file.writeframes(clip.samples.tobytes())
    return path


def main_frequency(samples: Samples, rate: int = 16_000) -> float:
    """The strongest frequency in Hz."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum) * rate / len(samples))


def offsets(played: AudioClip, recorded: AudioClip) -> tuple[list[int], list[float]]:
    """Where each half second of what was played begins in the recording.

    Returns:
        Offsets in samples, each less the segment's own start, so that they are all alike where nothing was
        lost; and how alike (0..1) the segment and its place in the recording are.
    """
    found, likeness = [], []
    length = round(_SEGMENT_S * played.rate)
    heard = recorded.samples.astype(np.float64)
    for start in range(0, len(played.samples) - length + 1, length):
        segment = played.samples[start : start + length].astype(np.float64)
        place, alike = _find(segment, heard)
        found.append(place - start)
        likeness.append(alike)
    return found, likeness


def _find(segment: npt.NDArray[np.float64], heard: npt.NDArray[np.float64]) -> tuple[int, float]:
    size = len(segment) + len(heard)
    products = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(segment, size)), size)
    place = int(np.argmax(products[: len(heard) - len(segment) + 1]))
    there = heard[place : place + len(segment)]
    scale = float(np.linalg.norm(segment) * np.linalg.norm(there)) or 1.0
    return place, float(products[place]) / scale
