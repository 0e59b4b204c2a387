"""Sound with the lines that are said in it: a text spoken at a natural pace, and one's own take."""

import re
from dataclasses import dataclass

import numpy as np

from voicecoach.clip import AudioClip
from voicecoach.errors import AudioError
from voicecoach.voice.voice import Voice

NATURAL_PACE = 155.0
"""Words a minute, pauses between sentences included: in the upper half of the 140-160 easiest to follow."""

NEAR_ENOUGH = 0.02
"""By how much of it the pace may differ from the one that is wanted."""

MOST_TRIES = 4
"""Voices follow what they are asked only roughly, so what comes out is measured and asked for again."""

SLOWEST, FASTEST = 3.0, 0.33

SENTENCE_PAUSE_S, PARAGRAPH_PAUSE_S = 0.35, 0.7

_SENTENCE_END = re.compile(r"(?:(?<=[.?!])|(?<=[.?!][\"'”’)]))\s+")


@dataclass(frozen=True, slots=True)
class SpokenLine:
    """One line of a text, and when it is said."""

    text: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class SpokenText:
    """Sound, and the lines that are said in it, in order of time."""

    clip: AudioClip
    lines: tuple[SpokenLine, ...]

    @property
    def words_per_minute(self) -> float:
        """Words over the time from the start of the first to the end of the last line."""
        words = sum(len(line.text.split()) for line in self.lines)
        return 60 * words / (self.lines[-1].end_s - self.lines[0].start_s)


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text, paragraphs apart."""
    return tuple(sentence for paragraph in _paragraphs(text) for sentence in paragraph)


def speak(voice: Voice, text: str, words_per_minute: float = NATURAL_PACE) -> SpokenText:
    """Speak a text sentence by sentence at a pace that is measured on the sound.

    Args:
        voice: Speaks it.
        text: One paragraph or several, blank lines between them.
        words_per_minute: The pace, pauses included; a voice that cannot go so far comes as near as it can.

    Raises:
        EngineError: The text has no words, or the voice cannot speak.
    """
    said = sentences(text)
    pauses_s = [pause for paragraph in _paragraphs(text) for pause in _pauses(len(paragraph))][:-1]
    wanted_s = 60 * len(text.split()) / words_per_minute - sum(pauses_s)
    stretch = 1.0
    for _ in range(MOST_TRIES):
        clips = [voice.synthesize(sentence, stretch) for sentence in said] or [voice.synthesize(text)]
        spoken_s = sum(clip.duration_s for clip in clips)
        if wanted_s <= 0 or abs(spoken_s / wanted_s - 1) <= NEAR_ENOUGH:
            break
        stretch = min(SLOWEST, max(FASTEST, stretch * wanted_s / spoken_s))
    return _joined(said, clips, pauses_s)


def replay(sound: AudioClip | None, lines: tuple[SpokenLine, ...]) -> SpokenText:
    """A take's own sound with its lines.

    Raises:
        AudioError: There is no sound.
    """
    if sound is None:
        raise AudioError("There is no recording of this answer.")
    return SpokenText(sound, lines)


def _paragraphs(text: str) -> list[list[str]]:
    found = []
    for paragraph in re.split(r"\n\s*\n", text):
        flowing = " ".join(paragraph.split())
        parts = [part for part in _SENTENCE_END.split(flowing) if any(map(str.isalnum, part))]
        if parts:
            found.append(parts)
    return found


def _pauses(count: int) -> list[float]:
    return [SENTENCE_PAUSE_S] * (count - 1) + [PARAGRAPH_PAUSE_S]


def _joined(said: tuple[str, ...], clips: list[AudioClip], pauses_s: list[float]) -> SpokenText:
    rate = clips[0].rate
    pieces, lines, at = [], [], 0
    for sentence, clip, pause_s in zip(said, clips, (*pauses_s, 0.0), strict=True):
        end = at + len(clip.samples)
        lines.append(SpokenLine(sentence, at / rate, end / rate))
        pieces += [clip.samples, np.zeros(round(pause_s * rate), np.int16)]
        at = end + len(pieces[-1])
    return SpokenText(AudioClip(np.concatenate(pieces), rate), tuple(lines))
