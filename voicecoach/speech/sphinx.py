"""The embedded recogniser: PocketSphinx with the US-English model that its wheel carries."""

import re
import threading
from collections.abc import Iterator, Sequence
from typing import Any

from voicecoach.clip import SPEECH_RATE, AudioClip
from voicecoach.errors import EngineError, ModelError
from voicecoach.speech.spans import fit_words, pack_spans
from voicecoach.speech.transcriber import TranscriptionDone, TranscriptionEvent, TranscriptionProgress
from voicecoach.transcript import EngineInfo, Span, Transcript, Word

UTTERANCE_GAP_S = 0.3
"""A pause this long ends an utterance: the language model starts afresh at what is often a sentence."""

LONGEST_UTTERANCE_S = 20.0
PADDING_S = 0.15
FRAMES_PER_S = 100

NOTE = (
    "Heard by the small recogniser that comes with the app, which mishears more; "
    "`voicecoach models download small.en` gets a better one."
)

PRONUNCIATION = re.compile(r"\(\d+\)$")


class PocketSphinxTranscriber:
    """PocketSphinx, loaded. It hears English only.

    Raises:
        ModelError: The package or its model is missing or damaged.
    """

    def __init__(self) -> None:
        try:
            from pocketsphinx import Decoder  # noqa: PLC0415 - heavy

            self._decoder: Any = Decoder(loglevel="FATAL")
        except (ImportError, RuntimeError) as error:
            raise ModelError(
                f"The embedded recogniser cannot be loaded: {error}.",
                "Install it again: pip install --force-reinstall pocketsphinx",
            ) from error
        self._lock = threading.Lock()
        self._info = EngineInfo(name="pocketsphinx", model="en-us", note=NOTE)

    @property
    def info(self) -> EngineInfo:
        """Name, model, and that it mishears more."""
        return self._info

    def transcribe(self, clip: AudioClip, speech: Sequence[Span]) -> Iterator[TranscriptionEvent]:
        """Hear a clip, utterance by utterance; see Transcriber."""
        if clip.rate != SPEECH_RATE:
            raise EngineError(f"PocketSphinx was given {clip.rate} Hz audio; it hears {SPEECH_RATE} Hz.")
        with self._lock:
            yield TranscriptionProgress(0.0, clip.duration_s)
            words: list[Word] = []
            utterances = pack_spans(
                speech,
                clip.duration_s,
                longest_s=LONGEST_UTTERANCE_S,
                widest_gap_s=UTTERANCE_GAP_S,
                padding_s=PADDING_S,
            )
            for utterance in utterances:
                words += self._hear(clip, utterance)
                yield TranscriptionProgress(utterance.end_s, clip.duration_s)
            yield TranscriptionDone(Transcript(fit_words(words, speech), "en", clip.duration_s, self._info))

    def _hear(self, clip: AudioClip, utterance: Span) -> list[Word]:
        first = round(utterance.start_s * clip.rate)
        samples = clip.samples[first : round(utterance.end_s * clip.rate)]
        decoder = self._decoder
        try:
            decoder.start_utt()
            # full_utt normalises the cepstra over the whole utterance, so loudness does not matter.
            decoder.process_raw(samples.tobytes(), full_utt=True)
            decoder.end_utt()
            segments = list(decoder.seg()) if decoder.hyp() else []
        except RuntimeError as error:
            raise EngineError(f"PocketSphinx failed at {utterance.start_s:.1f} s: {error}.") from error
        return [
            Word(
                PRONUNCIATION.sub("", segment.word),
                first / clip.rate + segment.start_frame / FRAMES_PER_S,
                first / clip.rate + (segment.end_frame + 1) / FRAMES_PER_S,
                min(1.0, max(0.0, float(segment.prob))),
            )
            for segment in segments
            if segment.word[0] not in "<["
        ]
