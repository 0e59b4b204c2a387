"""Measure the match of technical terms by sound: how often it fires, and what it finds again.

    python -m benchmarks.mishearings [--heard]

Nothing was misheard in the typed answers of tests/data/answers.jsonl, so every match there that is not the
same word in another spelling is false; all of them are printed. With --heard a dozen of the answers are
spoken, by espeak-ng and by the system's own voice where there is one (flite on Linux), and heard by
PocketSphinx, which takes some minutes. A term is lost when it was said and is nowhere in the transcript; it
is found again when a match names it. A match that names a term which was never said is false.
"""

import argparse
import time
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import chain

import soxr

from benchmarks.labelled import LabelledAnswer, load
from voicecoach.audio.silero import SileroActivity
from voicecoach.clip import SPEECH_RATE, AudioClip
from voicecoach.config import find_paths
from voicecoach.scoring.sounds import matches
from voicecoach.scoring.text import stem, tokens
from voicecoach.speech.sphinx import PocketSphinxTranscriber
from voicecoach.speech.transcriber import TranscriptionDone, transcribe
from voicecoach.voice.espeak import EspeakVoice
from voicecoach.voice.system import system_voice

SPOKEN = 6
"""Long answers that are spoken, and as many definitions."""

Speak = Callable[[str], AudioClip]


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--heard", action="store_true", help="speak a dozen answers, heard by PocketSphinx")
    heard = parser.parse_args().heard
    answers = load()
    _print_typed(answers)
    if heard:
        for name, speak in _voices():
            _print_heard(name, speak, answers)


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


def _print_heard(name: str, speak: Speak, answers: list[LabelledAnswer]) -> None:
    ears, activity = PocketSphinxTranscriber(), SileroActivity()
    counts: Counter[str] = Counter()
    long = [each for each in answers if each.style == "strong"][:SPOKEN]
    short = [each for each in answers if each.style == "right1"][:SPOKEN]
    print(f"\nspoken by {name}, heard by PocketSphinx")
    for each in (*long, *short):
        sound = speak(each.answer.transcript.text)
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
        print(f"  {each.id}")
        for key in sorted(again | never_said):
            print(f"    {'right' if key in again else 'FALSE'}  {found[key]}")
    print("  terms " + ", ".join(f"{key} {counts[key]}" for key in ("said", "lost", "found again", "false")))


def _voices() -> Iterator[tuple[str, Speak]]:
    voice = system_voice(find_paths().scratch)
    if voice is not None:
        yield voice.name, voice.synthesize
    yield "espeak-ng", EspeakVoice(words_per_minute=150).synthesize


if __name__ == "__main__":
    main()
