"""How it sounded: pace, fillers and pauses.

Norms: 100-165 words a minute is fine, 140-160 best (Microsoft Speaker Coach); up to 5 fillers a minute do no
harm and 12 do (Laske & DiGennaro Reed 2024); a silence counts as a pause from 0.2 s and is long from 1.5 s;
a lone pause of up to 2 s is fine, above 3 s it is very long.

Recognisers tend to leave "um" out. Speech that no word covers is where to look for it (Zhu, Caceres & Salamon
2022, "Filler word detection and classification", take their candidates from there). Such a stretch counts
only where it is longer than what drifting word times leave open, and shorter than missed words.
"""

import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise

from voicecoach.scoring.card import Delivery, Filler, Quote
from voicecoach.scoring.text import filled_pause
from voicecoach.scoring.timing import answered_s, words_per_minute
from voicecoach.transcript import Span, Transcript, Word

PAUSE_S, LONG_PAUSE_S, VERY_LONG_PAUSE_S = 0.2, 1.5, 3.0
FINE_PACE, BEST_PACE = (100.0, 165.0), (140.0, 160.0)
HARMLESS_FILLERS, HARMFUL_FILLERS = 5.0, 12.0

FILLED_S = (0.3, 1.0)
"""Shortest and longest speech without a word that is a filled pause (`benchmarks/filled_pauses.py`)."""

_PHRASES = re.compile(
    r"""
    \b(?:
        (?:
            a | the | this | that | these | those | what | which | whatever | some | any | no | every | each
          | another | other | same | such | either | neither | one | first | second | third | last | only
          | my | your | his | her | its | our | their | different | similar | certain | particular
          | specific | special | common | main | new | right | wrong | best | worst | simple | simplest
        )\ (?:kind|sort)\ of
      | (?:
            do | did | would | could | can | let | as | if | once | before | until | when | than | whether
          | what | how
        )\ you\ know
      | (?: what | all | do | did | (?:by|say)(?:\ [\w'-]+){1,5},? )\ i\ mean
      | (?P<filler>
            you\ know(?!\ (?:what|how|why|when|where|who|which|that|the|a|if|whether|your|our|this))
          | i\ mean
          | (?:kind|sort)\ of(?!\ the)
          | basically | literally | obviously
          | (?<=[,.][ ])like(?=,)
          | (?:was|were|is|it's|i'm)\ like(?=\ (?:so|okay|oh|um|uh|you))
          | like(?=\ (?:um|uh|you\ know|i\ mean|literally|basically)\b)
        )
    )\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""Fillers that are whole phrases, only where they cannot be meant: "like a cheetah" is none.

Before the fillers come the same words where they are meant, so that these are passed over: "what kind of",
"as you know", "by recall I mean".
"""


@dataclass(frozen=True, slots=True)
class Losses:
    """Points that a delivery lost, each from 0 on."""

    pace: float
    fillers: float
    pauses: float


def judge_delivery(transcript: Transcript, speech: tuple[Span, ...]) -> Delivery:
    """Pace, fillers and pauses of one take.

    Args:
        transcript: What was heard; recognisers drop some fillers, so counts are "at least".
        speech: Where someone spoke, from the waveform; empty for typed text, which has no pauses.
    """
    pace = words_per_minute(transcript)
    counts = count_fillers(transcript)
    fillers = sum(counts.values())
    filled = wordless(speech, transcript.words)
    duration_s = answered_s(transcript)
    minutes = duration_s / 60
    rate = fillers / minutes if minutes > 0 else 0.0
    pauses = _pauses(speech, transcript.words)
    long_pauses = tuple(_quoted(gap, transcript.words) for gap in pauses if gap.duration_s >= LONG_PAUSE_S)
    delivery = Delivery(
        score=0.0,
        words_per_minute=pace,
        fillers=fillers,
        fillers_per_minute=rate,
        filler_words=tuple(Filler(word, count) for word, count in counts.most_common()),
        pauses=len(pauses),
        long_pauses=long_pauses,
        measured_pauses=bool(speech),
        filled_pauses=tuple(_quoted(span, transcript.words) for span in filled),
    )
    lost = losses(delivery, duration_s)
    score = max(0.0, 100 - lost.pace - lost.fillers - lost.pauses) if transcript.words else 0.0
    return replace(delivery, score=score)


def losses(delivery: Delivery, duration_s: float) -> Losses:
    """What each part took off the score of a delivery.

    Args:
        delivery: What was measured; its score does not matter.
        duration_s: Length of the answer.
    """
    minutes = duration_s / 60
    fillers = delivery.fillers + len(delivery.filled_pauses)
    return Losses(
        _pace_loss(delivery.words_per_minute),
        _filler_loss(fillers / minutes) if minutes > 0 else 0.0,
        _pause_loss([pause.end_s - pause.start_s for pause in delivery.long_pauses], minutes),
    )


def count_fillers(transcript: Transcript) -> Counter[str]:
    """How often each filler was heard, at least; lower case."""
    texts = [word.text for word in transcript.words]
    counts = Counter(filled_pause(text, before) for before, text in pairwise(["", *texts]))
    counts.update((match["filler"] or "").lower() for match in _PHRASES.finditer(transcript.text))
    del counts[""]
    return counts


def wordless(speech: tuple[Span, ...], words: tuple[Word, ...]) -> tuple[Span, ...]:
    """Speech of a filled pause's length that no word covers: probably an "um" that was left out.

    What comes after the last word does not count: that is where keys are pressed and breath is let out.
    """
    shortest, longest = FILLED_S
    found, covered_s, at = [], 0.0, 0
    for span in speech:
        covered_s = max(covered_s, span.start_s)
        while covered_s < span.end_s and at < len(words):
            word = words[at]
            if shortest <= min(word.start_s, span.end_s) - covered_s <= longest:
                found.append(Span(covered_s, min(word.start_s, span.end_s)))
            if word.start_s >= span.end_s:
                break
            covered_s = max(covered_s, word.end_s)
            at += 1
    return tuple(found)


def _pauses(speech: tuple[Span, ...], words: tuple[Word, ...]) -> list[Span]:
    """Silences between stretches of speech, from the first word to the last: a cough before is none."""
    if not words:
        return []
    gaps = [Span(a.end_s, b.start_s) for a, b in pairwise(speech)]
    return [
        gap
        for gap in gaps
        if gap.duration_s >= PAUSE_S and gap.start_s >= words[0].start_s and gap.end_s <= words[-1].end_s
    ]


def _quoted(gap: Span, words: tuple[Word, ...]) -> Quote:
    before = [word.text for word in words if word.start_s < gap.start_s]
    return Quote(" ".join(before[-6:]) or "…", gap.start_s, gap.end_s)


def _pace_loss(pace: float) -> float:
    """Nothing inside 100-165, half a point per word a minute outside, 2 for missing the best band."""
    if pace == 0:
        return 0.0
    slow, fast = FINE_PACE
    outside = max(0.0, slow - pace, pace - fast)
    return min(40.0, 0.5 * outside) + (0.0 if BEST_PACE[0] <= pace <= BEST_PACE[1] else 2.0)


def _filler_loss(rate: float) -> float:
    """Nothing up to 5 a minute, 30 at 12 and above."""
    share = (rate - HARMLESS_FILLERS) / (HARMFUL_FILLERS - HARMLESS_FILLERS)
    return 30 * min(1.0, max(0.0, share))


def _pause_loss(long_pauses_s: list[float], minutes: float) -> float:
    """Beyond one long pause a minute each costs 4, a very long one 8, at most 30."""
    allowed = max(1, round(minutes))
    very_long = sum(duration >= VERY_LONG_PAUSE_S for duration in long_pauses_s)
    return min(30.0, 4.0 * max(0, len(long_pauses_s) - allowed) + 4.0 * very_long)
