"""A written answer, spoken by a voice and heard by a recogniser."""

from collections.abc import Callable

from voicecoach.clip import SPEECH_RATE, AudioClip
from voicecoach.practice.engines import Engines
from voicecoach.practice.spoken import NATURAL_PACE, speak
from voicecoach.speech.transcriber import TranscriptionDone, transcribe
from voicecoach.transcript import Span, Transcript

Resample = Callable[[AudioClip, int], AudioClip]
"""A clip at another rate, in samples a second."""


def spoken_and_heard(
    engines: Engines, resample: Resample, text: str, duration_s: float | None
) -> tuple[Transcript, tuple[Span, ...]]:
    """What the recogniser makes of a text that the voice speaks, and where it heard someone speak.

    Args:
        engines: The voice, the speech detector and the recogniser.
        resample: Voices have rates of their own.
        text: What is said.
        duration_s: How long it is to take; None for the voice's natural pace.

    Raises:
        EngineError: An engine cannot be loaded, or failed.
    """
    pace = 60 * len(text.split()) / duration_s if duration_s is not None else NATURAL_PACE
    clip = resample(speak(engines.voice(), text, pace).clip, SPEECH_RATE)
    speech = engines.activity().speech(clip)
    *_, last = transcribe(engines.transcriber(), clip, speech)
    assert isinstance(last, TranscriptionDone)  # noqa: S101 - the last event always brings one
    return last.transcript, tuple(speech)
