"""The embedded recogniser: PocketSphinx with the US-English model that its wheel carries."""

import re
import threading
from typing import Any

from voicecoach.clip import SPEECH_RATE, AudioClip, Samples
from voicecoach.errors import EngineError, ModelError
from voicecoach.outside import pip
from voicecoach.speech.spans import Cutting
from voicecoach.transcript import EngineInfo, Word

_CUTTING = Cutting(
    longest_s=20.0,
    # The language model starts afresh at what is often a sentence.
    widest_gap_s=0.3,
    padding_s=0.15,
)
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
not levelled has a fifth more errors. Levelling and starting afresh at each utterance, so that it comes out
the same live and afterwards, costs nothing: 24.9 % against 24.7 % with both carried through the take, on 20
answers of five such voices."""

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
                f"Install it again: {pip('install --force-reinstall pocketsphinx')}",
            ) from error
        self._lock = threading.Lock()
        self._info = EngineInfo(name="pocketsphinx", model="en-us", note=NOTE)

    @property
    def info(self) -> EngineInfo:
        """Name, model, and that it mishears more."""
        return self._info

    @property
    def language(self) -> str:
        """English."""
        return "en"

    @property
    def cutting(self) -> Cutting:
        """Utterance by utterance."""
        return _CUTTING

    @property
    def live_cutting(self) -> Cutting:
        """Utterances are short enough as they are."""
        return _CUTTING

    def hear(self, sound: AudioClip) -> tuple[Word, ...]:
        """Hear one utterance; see Transcriber.

        The decoder holds Python's lock while it works, so it gets short blocks: screens stay alive meanwhile.
        """
        if sound.rate != SPEECH_RATE:
            raise EngineError(f"PocketSphinx was given {sound.rate} Hz audio; it hears {SPEECH_RATE} Hz.")
        if not len(sound.samples):
            return ()
        samples = _levelled(sound.samples)
        with self._lock:
            try:
                # What the decoder learnt of the sound before would make the same stretch come out otherwise.
                self._decoder.reinit_feat()
                self._decoder.start_utt()
                try:
                    for at in range(0, len(samples), BLOCK):
                        self._decoder.process_raw(samples[at : at + BLOCK].tobytes())
                finally:
                    self._decoder.end_utt()
                segments = list(self._decoder.seg()) if self._decoder.hyp() else []
            except RuntimeError as error:
                raise EngineError(f"PocketSphinx failed: {error}.") from error
        return tuple(_word(segment) for segment in segments if segment.word[0] not in "<[")


def _word(segment: Any) -> Word:
    return Word(
        PRONUNCIATION.sub("", segment.word),
        segment.start_frame / FRAMES_PER_S,
        (segment.end_frame + 1) / FRAMES_PER_S,
        min(1.0, max(0.0, float(segment.prob))),
    )


def _levelled(samples: Samples) -> Samples:
    """Speech at one loudness, since the decoder starts from a fixed idea of it."""
    import numpy as np  # noqa: PLC0415 - keeps the import of this module light

    power = float(np.mean(samples.astype(np.float64) ** 2))
    if power == 0.0:
        return samples
    scaled: Samples = np.clip(samples * (LOUDNESS / np.sqrt(power)), -32768, 32767).astype(np.int16)
    return scaled
