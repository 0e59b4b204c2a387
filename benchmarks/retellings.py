"""Measure how alike the words of two takes are: recited scripts, retellings, other people's answers.

    python -m benchmarks.retellings [--heard]

tests/data/retellings.jsonl holds answers of tests/data/answers.jsonl told again, written for this
measurement: "free", from the points alone, and "close", sentence by sentence in slightly other
words. A script recited is made by dropping, swapping and adding words. With --heard everything is
spoken by espeak-ng and heard by PocketSphinx first, which takes some minutes: what one recogniser
mishears differently in two takes makes them less alike.
"""

import argparse
import json
import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import combinations

import numpy as np
import soxr

from benchmarks.labelled import DATA
from voicecoach.audio.silero import SileroActivity
from voicecoach.clip import SPEECH_RATE, AudioClip
from voicecoach.scoring.comparison import FEWEST_WORDS, words_alike
from voicecoach.scoring.text import tokens
from voicecoach.speech.sphinx import PocketSphinxTranscriber
from voicecoach.speech.transcriber import TranscriptionDone, transcribe
from voicecoach.voice.espeak import EspeakVoice

SLIPS = (0.05, 0.1, 0.2)
"""Shares of a script's words that are dropped, swapped for another or followed by a filler."""

Hear = Callable[[str, int], Sequence[str]]
"""From a text and its pace in words a minute to the words of the take."""


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--heard", action="store_true", help="spoken by espeak-ng, heard by PocketSphinx")
    heard = parser.parse_args().heard
    for group, values in measured(
        _ears() if heard else lambda text, _pace: tokens(text), heard=heard
    ).items():
        low, median, high = np.quantile(values, (0.0, 0.5, 1.0))
        print(f"{group:<28} {len(values):>3} pairs  least {low:.2f}  median {median:.2f}  most {high:.2f}")


def measured(hear: Hear, *, heard: bool) -> dict[str, list[float]]:
    """How alike the words of each kind of pair are."""
    answers = {each["id"]: each for each in _lines("answers.jsonl")}
    again = _lines("retellings.jsonl")
    chosen = random.Random(2)  # noqa: S311 - a repeatable choice of slips
    found: dict[str, list[float]] = defaultdict(list)
    scripts = {each["of"]: answers[each["of"]]["text"] for each in again}
    first = {name: hear(text, 150) for name, text in scripts.items()}
    for name, text in scripts.items():
        found["the same text"].append(words_alike(first[name], hear(text, 165)))
        for share in SLIPS:
            slipped = " ".join(recited(text.split(), share, chosen))
            found[f"recited, {share:.0%} slips"].append(words_alike(first[name], hear(slipped, 140)))
    for each in again:
        found[f"retold, {each['how']}"].append(words_alike(first[each["of"]], hear(each["text"], 155)))
    if not heard:
        found["others, same question"] = [
            words_alike(tokens(one["text"]), tokens(other["text"]))
            for one, other in combinations(answers.values(), 2)
            if one["question"] == other["question"]
            and min(len(tokens(one["text"])), len(tokens(other["text"]))) >= FEWEST_WORDS
        ]
    return found


def recited(words: Sequence[str], share: float, chosen: random.Random) -> list[str]:
    """A script as it comes out of someone's mouth: a third each of words dropped, swapped and added."""
    said = []
    for word in words:
        slip = chosen.random() / share
        if slip >= 1 / 3:
            said.append(chosen.choice(words) if slip < 2 / 3 else word)
        if 2 / 3 <= slip < 1:
            said.append(chosen.choice(("so", "like", "and", "well")))
    return said


def _ears() -> Hear:
    ears, activity = PocketSphinxTranscriber(), SileroActivity()

    def hear(text: str, pace: int) -> Sequence[str]:
        spoken = EspeakVoice(words_per_minute=pace).synthesize(text)
        clip = AudioClip(soxr.resample(spoken.samples, spoken.rate, SPEECH_RATE), SPEECH_RATE)
        *_, last = transcribe(ears, clip, activity.speech(clip))
        return tokens(last.transcript.text) if isinstance(last, TranscriptionDone) else ()

    return hear


def _lines(name: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in (DATA / name).read_text("utf-8").splitlines()]


if __name__ == "__main__":
    main()
