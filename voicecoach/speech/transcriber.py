"""What every recogniser does."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from voicecoach.clip import AudioClip
from voicecoach.speech.spans import Cutting, fit_words, pack_spans
from voicecoach.transcript import EngineInfo, Span, Transcript, Word


@dataclass(frozen=True, slots=True)
class TranscriptionProgress:
    """How far the recogniser has come, in seconds of audio."""

    done_s: float
    total_s: float


@dataclass(frozen=True, slots=True)
class TranscriptionDone:
    """The last event: the whole transcript."""

    transcript: Transcript


TranscriptionEvent = TranscriptionProgress | TranscriptionDone


class Transcriber(Protocol):
    """A recogniser with its model loaded. Threads take turns."""

    @property
    def info(self) -> EngineInfo:
        """Name, model and limits of this engine."""
        ...

    @property
    def language(self) -> str:
        """ISO 639-1 code of what it listens for."""
        ...

    @property
    def cutting(self) -> Cutting:
        """How a whole take is best cut: as long as the engine hears at once."""
        ...

    @property
    def live_cutting(self) -> Cutting:
        """How a take is best cut while it is recorded: a short last stretch is heard soon."""
        ...

    def hear(self, sound: AudioClip) -> tuple[Word, ...]:
        """Hear one stretch; what was heard before makes no difference.

        Args:
            sound: 16 kHz mono, someone speaking.

        Returns:
            The words in order, with times from the start of the stretch.

        Raises:
            EngineError: The engine failed on this audio.
        """
        ...


def transcribe(
    transcriber: Transcriber, clip: AudioClip, speech: Sequence[Span]
) -> Iterator[TranscriptionEvent]:
    """Hear a whole clip, stretch by stretch.

    Args:
        transcriber: The engine.
        clip: 16 kHz mono.
        speech: Where someone speaks, in order; nobody listens elsewhere.

    Yields:
        Progress, then exactly one TranscriptionDone. Closing the generator cancels the work.

    Raises:
        EngineError: The engine failed on this audio.
    """
    total_s = clip.duration_s
    yield TranscriptionProgress(0.0, total_s)
    words: list[Word] = []
    for stretch in pack_spans(speech, total_s, transcriber.cutting):
        first, last = round(stretch.start_s * clip.rate), round(stretch.end_s * clip.rate)
        words += placed(transcriber.hear(AudioClip(clip.samples[first:last], clip.rate)), first / clip.rate)
        yield TranscriptionProgress(min(stretch.end_s, total_s), total_s)
    yield TranscriptionProgress(total_s, total_s)
    yield TranscriptionDone(
        Transcript(fit_words(words, speech), transcriber.language, total_s, transcriber.info)
    )


def placed(words: Sequence[Word], start_s: float) -> list[Word]:
    """The words of a stretch, with times of the take that it begins in at `start_s`."""
    return [Word(w.text, start_s + w.start_s, start_s + w.end_s, w.probability) for w in words]
