"""Typed text as a transcript, so that it can be judged like speech."""

from voicecoach.history.records import TYPED_ENGINE
from voicecoach.transcript import EngineInfo, Transcript, Word

TYPED_WORDS_PER_MINUTE = 150.0
"""Assumed where no duration is given: the middle of a pace that is easy to follow."""

TYPED = EngineInfo(TYPED_ENGINE, "", "Typed, not spoken: pauses and pace are not measured.")


def transcript_of(text: str, duration_s: float | None) -> Transcript:
    """Words spread evenly over the duration, or over the time they take at 150 words a minute.

    Args:
        text: What was typed.
        duration_s: How long it was or would be, above 0; None when unknown.
    """
    words = text.split()
    seconds = duration_s if duration_s is not None else 60 * len(words) / TYPED_WORDS_PER_MINUTE
    step = seconds / len(words) if words else 0.0
    return Transcript(
        words=tuple(Word(word, i * step, (i + 1) * step) for i, word in enumerate(words)),
        language="en",
        duration_s=seconds,
        engine=TYPED,
    )
