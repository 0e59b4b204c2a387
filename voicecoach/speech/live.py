"""Words from sound that keeps coming: stretches are heard as soon as they end, the last one as if it did."""

from collections.abc import Sequence

from voicecoach.clip import SPEECH_RATE, AudioClip, Samples
from voicecoach.speech.spans import finished_spans, padded
from voicecoach.speech.transcriber import Transcriber, placed
from voicecoach.transcript import Span, Word

_KEPT_S = 2.0
"""Sound that is kept where nobody speaks: a detector may find the start of speech this much later."""


class LiveHearing:
    """Hears a take while it grows. It holds the sound of one stretch at a time. For one thread.

    Args:
        transcriber: Hears the stretches.
    """

    def __init__(self, transcriber: Transcriber) -> None:
        self._transcriber = transcriber
        self._sound: list[Samples] = []
        self._sound_start = 0
        self._sound_end = 0
        self._heard_end = 0
        self._spans_heard = 0
        self._words: list[Word] = []
        self._last_stretch: tuple[int, int] | None = None
        self._last_words: list[Word] = []

    @property
    def words(self) -> tuple[Word, ...]:
        """Everything heard so far, the last stretch included, with times of the take."""
        return (*self._words, *self._last_words)

    @property
    def heard_s(self) -> float:
        """How far into the take the stretches that were heard reach."""
        return self._heard_end / SPEECH_RATE

    @property
    def held_s(self) -> float:
        """How much sound waits to be heard."""
        return (self._sound_end - self._sound_start) / SPEECH_RATE

    def add(self, samples: Samples) -> None:
        """Take in what came next, 16 kHz, shape (n,)."""
        self._sound.append(samples)
        self._sound_end += len(samples)

    def hear_finished(self, speech: Sequence[Span], quiet_s: float) -> bool:
        """Hear the first stretch that nothing can join any more; False where there is none.

        Args:
            speech: All speech of the take so far, in order; the last span may still go on.
            quiet_s: The pause since the last span; 0 while it goes on.

        Raises:
            EngineError: The engine failed on this audio.
        """
        waiting = speech[self._spans_heard :]
        engine = self._transcriber
        count = finished_spans(waiting, quiet_s, engine.live_cutting, engine.cutting)
        if not count:
            self._forget(waiting)
            return False
        gap_s = waiting[count].start_s - waiting[count - 1].end_s if count < len(waiting) else quiet_s
        stretch = self._stretch(speech, waiting[:count], gap_s / 2)
        if stretch != self._last_stretch:
            self._last_words = self._hear(stretch)
        self._words += self._last_words
        self._last_words, self._last_stretch = [], None
        self._spans_heard += count
        return True

    def hear_last(self, speech: Sequence[Span], quiet_s: float) -> bool:
        """Hear what is left as if nothing came after it; False where that has been done.

        Args:
            speech: As for `hear_finished`, which has nothing left to do.
            quiet_s: As for `hear_finished`.

        Raises:
            EngineError: The engine failed on this audio.
        """
        waiting = speech[self._spans_heard :]
        if not waiting:
            return False
        stretch = self._stretch(speech, waiting, quiet_s)
        if stretch == self._last_stretch:
            return False
        self._last_words, self._last_stretch = self._hear(stretch), stretch
        return True

    def _stretch(self, speech: Sequence[Span], group: Sequence[Span], room_s: float) -> tuple[int, int]:
        """First and last sample of a stretch."""
        start_s = group[0].start_s
        before_s = (start_s - speech[self._spans_heard - 1].end_s) / 2 if self._spans_heard else start_s
        stretch = padded(group, before_s, room_s, self._transcriber.live_cutting)
        return round(stretch.start_s * SPEECH_RATE), min(round(stretch.end_s * SPEECH_RATE), self._sound_end)

    def _hear(self, stretch: tuple[int, int]) -> list[Word]:
        import numpy as np  # noqa: PLC0415 - keeps the import of this module light

        first, last = stretch
        self._sound = [np.concatenate(self._sound)]
        sound = self._sound[0][first - self._sound_start : last - self._sound_start]
        words = placed(self._transcriber.hear(AudioClip(sound, SPEECH_RATE)), first / SPEECH_RATE)
        self._heard_end = last
        return words

    def _forget(self, waiting: Sequence[Span]) -> None:
        """Let go of sound that no stretch will need."""
        needed_s = waiting[0].start_s if waiting else self._sound_end / SPEECH_RATE
        needed = round((needed_s - _KEPT_S) * SPEECH_RATE)
        while self._sound and self._sound_start + len(self._sound[0]) <= needed:
            self._sound_start += len(self._sound.pop(0))
        if self._sound and self._sound_start < needed:
            self._sound[0] = self._sound[0][needed - self._sound_start :].copy()
            self._sound_start = needed
