"""Measure how many filled pauses are found where a recogniser leaves them out, and how many false ones.

    python -m benchmarks.filled_pauses [--flite slt rms]

Model answers are spoken phrase by phrase with silences between them, once as they are and once with "um"
and "uh" of 0.28-0.7 s at places that are known: between two silences, or said on to the phrase before,
after or both. espeak-ng speaks, or voices of flite where it is installed. Each take is heard twice:
by PocketSphinx as in the app, and by PocketSphinx that is told the words without "um" and only aligns
them, which stands for a recogniser that leaves every filled pause out.
"""

import argparse
import random
import re
import subprocess
import tempfile
import wave
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import soxr
from pocketsphinx import Decoder

from voicecoach.audio.silero import SileroActivity
from voicecoach.clip import SPEECH_RATE, AudioClip
from voicecoach.config import Paths, Settings
from voicecoach.scoring.delivery import wordless
from voicecoach.speech.spans import fit_words
from voicecoach.speech.sphinx import LOUDNESS, PRONUNCIATION, PocketSphinxTranscriber
from voicecoach.speech.transcriber import TranscriptionDone, transcribe
from voicecoach.transcript import Span, Word
from voicecoach.voice.espeak import EspeakVoice
from voicecoach.wiring import assemble

Sound = npt.NDArray[np.float64]
Say = Callable[[str, float], Sound]
"""From a text and a stretch to its sound at 16 kHz, without silence around it."""

QUESTIONS = ("design-fraud-detection", "labels-30-days-late")
UM_S = (0.28, 0.7)
WORDS = 110


@dataclass(frozen=True, slots=True)
class Spoken:
    """A take, its words, and where "um" is said in it."""

    clip: AudioClip
    text: str
    filled: tuple[Span, ...]


def main() -> None:
    """Print a line per voice and take."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--flite", nargs="*", default=[], help="voices of flite besides espeak-ng")
    voices = {"espeak": _espeak(), **{name: _flite(name) for name in parser.parse_args().flite}}
    ears, activity = PocketSphinxTranscriber(), SileroActivity()
    with tempfile.TemporaryDirectory() as folder:
        bank = assemble(
            Settings(), Paths(*(Path(folder) / name for name in ("s.toml", "data", "cache")))
        ).bank
        texts = [asked.model_answer for name in QUESTIONS if (asked := bank.find(name)) is not None]
    for voice, say in voices.items():
        for text in texts:
            for share in (0.0, 0.5):
                take = spoken(say, text, share, random.Random(voice + text))  # noqa: S311 - repeatable
                speech = activity.speech(take.clip)
                *_, last = transcribe(ears, take.clip, speech)
                heard = last.transcript.words if isinstance(last, TranscriptionDone) else ()
                told = fit_words(aligned(take), speech)
                print(f"{voice:8} {take.clip.duration_s:4.0f} s  um said {len(take.filled):2}", end="")
                for name, words in (("PocketSphinx", heard), ("leaves them out", told)):
                    found = wordless(speech, words)
                    right = sum(any(_overlap(span, um) for um in take.filled) for span in found)
                    print(f"  {name}: found {right:2}, false {len(found) - right}", end="")
                print(flush=True)


def spoken(say: Say, text: str, share: float, chosen: random.Random) -> Spoken:
    """A text phrase by phrase, with a filled pause after this share of the phrases."""
    sounds: list[Sound] = [_silence(0.4)]
    filled = []
    phrases = _phrases(" ".join(text.split()[:WORDS]), chosen)
    for phrase in phrases:
        sounds.append(_levelled(say(phrase, 1.0), LOUDNESS))
        if chosen.random() >= share:
            sounds.append(_silence(chosen.choice((0.02, 0.25, 0.5, 0.9))))
            continue
        before, after = chosen.choice(((True, True), (True, False), (False, True), (False, False)))
        sounds.append(_silence(chosen.uniform(0.25, 0.7) if before else 0.03))
        um = _levelled(_um(say, chosen), 0.8 * LOUDNESS)
        at = sum(map(len, sounds))
        filled.append(Span(at / SPEECH_RATE, (at + len(um)) / SPEECH_RATE))
        sounds += [um, _silence(chosen.uniform(0.25, 0.7) if after else 0.03)]
    sound = np.concatenate([*sounds, _silence(0.5)])
    sound += np.random.default_rng(0).normal(0, 8, len(sound))
    clip = AudioClip(np.clip(sound, -32768, 32767).astype(np.int16), SPEECH_RATE)
    return Spoken(clip, " ".join(phrases), tuple(filled))


def aligned(take: Spoken) -> list[Word]:
    """The words that are said, "um" left out, where PocketSphinx places them."""
    decoder: Any = Decoder(loglevel="FATAL")
    words = re.sub(r"[^a-z' ]+", " ", take.text.lower()).split()
    decoder.set_align_text(" ".join(word for word in words if decoder.lookup_word(word)))
    decoder.start_utt()
    decoder.process_raw(take.clip.samples.tobytes(), full_utt=True)
    decoder.end_utt()
    return [
        Word(PRONUNCIATION.sub("", s.word), s.start_frame / 100, (s.end_frame + 1) / 100)
        for s in decoder.seg()
        if s.word[0] not in "<["
    ]


def _um(say: Say, chosen: random.Random) -> Sound:
    """An "um" or "uh" of about the wanted length; voices follow what they are asked only roughly."""
    word, wanted_s, stretch = chosen.choice(("um", "um", "uh")), chosen.uniform(*UM_S), 1.0
    for _ in range(4):
        sound = say(word, stretch)
        stretch *= wanted_s * SPEECH_RATE / len(sound)
    return sound


def _phrases(text: str, chosen: random.Random) -> list[str]:
    """Four to ten words each, cut at punctuation and, in longer stretches, anywhere."""
    found = []
    for piece in re.split(r"(?<=[.?!,;:])\s+", text):
        words = piece.split()
        while len(words) > 10:
            count = chosen.randint(4, 8)
            found.append(" ".join(words[:count]))
            words = words[count:]
        found.append(" ".join(words))
    return found


def _espeak() -> Say:
    voice = EspeakVoice(words_per_minute=150)

    def say(text: str, stretch: float) -> Sound:
        clip = voice.synthesize(text, stretch)
        return _trimmed(clip.samples, clip.rate)

    return say


def _flite(name: str) -> Say:
    def say(text: str, stretch: float) -> Sound:
        with tempfile.TemporaryDirectory() as folder:
            file = f"{folder}/said.wav"
            command = [
                "flite",
                "-voice",
                name,
                "--setf",
                f"duration_stretch={stretch}",
                "-t",
                text,
                "-o",
                file,
            ]
            subprocess.run(command, check=True)
            with wave.open(file) as said:
                frames = np.frombuffer(said.readframes(said.getnframes()), np.int16)
                return _trimmed(frames, said.getframerate())

    return say


def _trimmed(samples: npt.NDArray[np.int16], rate: int) -> Sound:
    sound = soxr.resample(samples.astype(np.float64), rate, SPEECH_RATE)
    loud = np.flatnonzero(np.abs(sound) > 0.02 * np.abs(sound).max())
    return np.asarray(sound[loud[0] : loud[-1] + 1], np.float64)


def _levelled(sound: Sound, loudness: float) -> Sound:
    return np.asarray(sound * (loudness / np.sqrt(np.mean(sound**2))), np.float64)


def _silence(seconds: float) -> Sound:
    return np.zeros(round(seconds * SPEECH_RATE))


def _overlap(one: Span, other: Span) -> bool:
    return one.start_s < other.end_s and other.start_s < one.end_s


if __name__ == "__main__":
    main()
