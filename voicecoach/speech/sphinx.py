"""The embedded recogniser: PocketSphinx with the US-English model that its wheel carries."""

import re
import threading
from collections.abc import Generator, Iterator, Sequence
from typing import Any

from voicecoach.clip import SPEECH_RATE, AudioClip, Samples
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

BLOCK = SPEECH_RATE // 10

LOUDNESS = 2000.0
"""Root mean square that speech is brought to, of 32,768."""

DECODING = {"loglevel": "FATAL", "fwdflat": False, "maxhmmpf": 3000}
"""Measured on 16 spoken answers (470 words; four flite and festival voices). The second, flat pass costs half
as much time again and gains nothing (word error rate 23.6 % with it, 22.6 % without). Fewer active states
save a third of the rest and lose nothing. A lighter language model (lw 5.5) helps those clean voices by one
point and harms a mumbling one by more, so it stays. Loudness matters: at a twentieth of it, speech that is
not levelled has a fifth more errors."""

PRONUNCIATION = re.compile(r"\(\d+\)$")


class PocketSphinxTranscriber:
    """PocketSphinx, loaded. It hears English only.

    Raises:
        ModelError: The package or its model is missing or damaged.
    """

    def __init__(self) -> None:
        try:
            from pocketsphinx import Decoder  # noqa: PLC0415 - heavy

            self._decoder: Any = Decoder(**DECODING)
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
            # What the decoder learnt of the last take's sound would make the same take come out otherwise.
            self._decoder.reinit_feat()
            sound = _levelled(clip, speech)
            words: list[Word] = []
            utterances = pack_spans(
                speech,
                clip.duration_s,
                longest_s=LONGEST_UTTERANCE_S,
                widest_gap_s=UTTERANCE_GAP_S,
                padding_s=PADDING_S,
            )
            try:
                for utterance in utterances:
                    words += yield from self._hear(sound, utterance, clip.duration_s)
            except RuntimeError as error:
                raise EngineError(f"PocketSphinx failed: {error}.") from error
            yield TranscriptionProgress(clip.duration_s, clip.duration_s)
            yield TranscriptionDone(Transcript(fit_words(words, speech), "en", clip.duration_s, self._info))

    def _hear(
        self, sound: Samples, utterance: Span, total_s: float
    ) -> Generator[TranscriptionProgress, None, list[Word]]:
        """The words of one utterance, with progress for each second of it.

        The decoder holds Python's lock while it works, so it gets short blocks: screens stay alive meanwhile.
        """
        first = round(utterance.start_s * SPEECH_RATE)
        last = round(utterance.end_s * SPEECH_RATE)
        if last <= first:
            return []
        self._decoder.start_utt()
        try:
            for at in range(first, last, BLOCK):
                self._decoder.process_raw(sound[at : min(at + BLOCK, last)].tobytes())
                if (at - first) % SPEECH_RATE == 0:
                    yield TranscriptionProgress(at / SPEECH_RATE, total_s)
        finally:
            self._decoder.end_utt()
        segments = list(self._decoder.seg()) if self._decoder.hyp() else []
        return [_word(segment, first / SPEECH_RATE) for segment in segments if segment.word[0] not in "<["]


def _word(segment: Any, offset_s: float) -> Word:
    return Word(
        PRONUNCIATION.sub("", segment.word),
        offset_s + segment.start_frame / FRAMES_PER_S,
        offset_s + (segment.end_frame + 1) / FRAMES_PER_S,
        min(1.0, max(0.0, float(segment.prob))),
    )


def _levelled(clip: AudioClip, speech: Sequence[Span]) -> Samples:
    """The clip with its speech at one loudness, since the decoder starts from a fixed idea of it."""
    import numpy as np  # noqa: PLC0415 - keeps the import of this module light

    spoken = [
        clip.samples[round(span.start_s * clip.rate) : round(span.end_s * clip.rate)] for span in speech
    ]
    power = float(np.mean(np.concatenate(spoken).astype(np.float64) ** 2)) if any(map(len, spoken)) else 0.0
    if power == 0.0:
        return clip.samples
    scaled: Samples = np.clip(clip.samples * (LOUDNESS / np.sqrt(power)), -32768, 32767).astype(np.int16)
    return scaled
