"""Measure the match of technical terms by sound: how often it fires, and what it finds again.

    python -m benchmarks.mishearings [--heard slt rms awb]

Nothing was misheard in the typed answers of tests/data/answers.jsonl, so every match there that is not the
same word in another spelling is false; all of them are printed. With --heard ten of the answers are spoken,
by the voices named in turn (espeak, or one of flite's), and heard by PocketSphinx, which takes some minutes.
A term is lost when it was said and is nowhere in the transcript; it is found again when a match names it. A
match that names a term which was never said is false.
"""

import argparse
import subprocess
import tempfile
import time
import wave
from collections import Counter
from collections.abc import Sequence
from itertools import chain, cycle

import numpy as np
import soxr

from benchmarks.labelled import LabelledAnswer, load
from voicecoach.audio.silero import SileroActivity
from voicecoach.clip import SPEECH_RATE, AudioClip
from voicecoach.scoring.sounds import matches
from voicecoach.scoring.text import stem, tokens
from voicecoach.speech.sphinx import PocketSphinxTranscriber
from voicecoach.speech.transcriber import TranscriptionDone, transcribe
from voicecoach.voice.espeak import EspeakVoice

SPOKEN, STYLES = 10, ("strong", "partial")
"""How many answers are spoken, the first of these styles."""

PACE = 150
"""Words a minute that espeak-ng says; flite keeps to its own."""


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--heard", nargs="+", default=[], metavar="VOICE", help="espeak, or a voice of flite")
    heard = parser.parse_args().heard
    answers = load()
    _print_typed(answers)
    if heard:
        _print_heard(heard, answers)


def _print_typed(answers: list[LabelledAnswer]) -> None:
    said = [tokens(each.answer.transcript.text) for each in answers]
    milliseconds = []
    for _ in ("first time", "again"):
        started = time.process_time()
        found = [matches(each.rubric.lexicon, words) for each, words in zip(answers, said, strict=True)]
        milliseconds.append(1000 * (time.process_time() - started) / len(answers))
    matched = Counter(
        f"{' '.join(match.heard)} -> {' '.join(match.term)} ({match.how})" for match in chain(*found)
    )
    print(f"{len(answers)} typed answers, {sum(map(len, said))} words: {matched.total()} matches")
    for text, count in matched.most_common():
        print(f"  {count:>3}  {text}")
    print(
        "milliseconds of processor time an answer: {:.1f} the first time, {:.1f} again".format(*milliseconds)
    )


def _print_heard(voices: Sequence[str], answers: list[LabelledAnswer]) -> None:
    ears, activity = PocketSphinxTranscriber(), SileroActivity()
    counts: Counter[str] = Counter()
    print("\nspoken and heard by PocketSphinx")
    chosen = [each for each in answers if each.style in STYLES][:SPOKEN]
    for each, voice in zip(chosen, cycle(voices), strict=False):
        sound = _spoken(each.answer.transcript.text, voice)
        clip = AudioClip(soxr.resample(sound.samples, sound.rate, SPEECH_RATE), SPEECH_RATE)
        *_, last = transcribe(ears, clip, activity.speech(clip))
        heard = tokens(last.transcript.text) if isinstance(last, TranscriptionDone) else ()
        said_stems = {stem(word) for word in tokens(each.answer.transcript.text)}
        heard_stems = {stem(word) for word in heard}
        terms = said_stems & each.rubric.lexicon.singles.keys()
        counts["said"] += len(terms)
        counts["lost"] += len(terms - heard_stems)
        found: dict[str, str] = {}
        for match in matches(each.rubric.lexicon, heard):
            for word in match.term:
                found.setdefault(stem(word), f"{' '.join(match.heard)} -> {' '.join(match.term)}")
        again, never_said = found.keys() & terms - heard_stems, found.keys() - said_stems
        counts["found again"] += len(again)
        counts["false"] += len(never_said)
        print(f"  {each.id}, {voice}", flush=True)
        for key in sorted(again | never_said):
            print(f"    {'right' if key in again else 'FALSE'}  {found[key]}")
    print("  terms " + ", ".join(f"{key} {counts[key]}" for key in ("said", "lost", "found again", "false")))


def _spoken(text: str, voice: str) -> AudioClip:
    if voice == "espeak":
        return EspeakVoice(words_per_minute=PACE).synthesize(text)
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        command = ["flite", "-voice", voice, "-t", text, "-o", file.name]
        subprocess.run(command, check=True)
        with wave.open(file.name) as said:
            return AudioClip(
                np.frombuffer(said.readframes(said.getnframes()), "<i2").copy(), said.getframerate()
            )


if __name__ == "__main__":
    main()
