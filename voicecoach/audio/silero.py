"""Speech in the waveform, found by the Silero model that faster-whisper carries."""

from collections import deque
from threading import Lock
from typing import Any

from voicecoach.audio.activity import SpeechFollower
from voicecoach.clip import SPEECH_RATE, AudioClip, Samples
from voicecoach.errors import EngineError
from voicecoach.transcript import Span

_FRAME = 512
"""What the model judges at a time, in samples: 32 ms."""

_CONTEXT = 64
"""Samples of the frame before that the model is shown with each."""

_STATE = (1, 1, 128)
"""Shape of what the model remembers, twice."""

_SPEECH, _NO_SPEECH = 0.5, 0.35
"""Probability from which speech begins, and below which it ends, as Silero recommends."""

_PAUSE = SPEECH_RATE // 5
"""A silent pause in a monologue counts from 0.2 s; shorter gaps belong to the words around them."""

_SHORTEST = SPEECH_RATE * 60 // 1000
"""Less than two frames is a click."""

_PAD = _FRAME
"""The model notices the start of a word about a frame late."""

_ENDLESS = 25 * SPEECH_RATE
"""Speech without any pause is parted after so many samples, where it was quietest of late."""

_PARTING_FRAMES = 3 * SPEECH_RATE // _FRAME
"""How far back the quietest frame is looked for."""

_AT_ONCE = 60 * SPEECH_RATE // _FRAME
"""Frames that the model is given at once, however long the clip."""


class SileroActivity:
    """Finds speech with Silero. Loads at the first call; safe to call from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()

    def speech(self, clip: AudioClip) -> tuple[Span, ...]:
        """Stretches of speech, with at least 0.2 s between them; one without any pause is parted.

        Args:
            clip: 16 kHz.

        Raises:
            EngineError: The model cannot be loaded or run.
        """
        if clip.rate != SPEECH_RATE:
            raise ValueError(f"the detector hears {SPEECH_RATE} samples a second, not {clip.rate}")
        following = self.follow()
        following.add(clip.samples)
        return following.spans

    def follow(self) -> SpeechFollower:
        """Begin with a recording that has only just begun."""
        return _Following(self._lock)


class _Following:
    """Judges each frame once, so that it makes no difference how the sound comes.

    From probabilities to spans as in https://github.com/snakers4/silero-vad: speech begins with a frame
    above one threshold and ends where frames stay below another for as long as a pause.

    Args:
        lock: Held while the model runs.
    """

    def __init__(self, lock: Lock) -> None:
        self._lock = lock
        self._spans: list[Span] = []
        self._heard = 0
        self._rest: Samples | None = None
        self._memory: tuple[Any, Any, Any] | None = None
        self._start: int | None = None
        self._quiet_from: int | None = None
        self._powers: deque[float] = deque(maxlen=_PARTING_FRAMES)

    @property
    def spans(self) -> tuple[Span, ...]:
        """Stretches of speech so far; the last may still go on."""
        if self._start is None or self._heard - self._start <= _SHORTEST:
            return tuple(self._spans)
        return (*self._spans, self._padded(self._start, self._heard))

    @property
    def quiet_s(self) -> float:
        """The pause since the last span; 0 while it may still go on."""
        if self._start is not None or not self._spans:
            return 0.0
        return self._heard / SPEECH_RATE - self._spans[-1].end_s

    def add(self, samples: Samples) -> None:
        """Listen on; see SpeechFollower.

        Raises:
            EngineError: The model cannot be loaded or run.
        """
        import numpy as np  # noqa: PLC0415 - keeps the import of this module light

        sound = samples if self._rest is None else np.concatenate((self._rest, samples))
        count = len(sound) // _FRAME
        self._rest = sound[count * _FRAME :].copy()
        begin = self._heard + len(samples) - len(sound)
        self._heard += len(samples)
        for first in range(0, count, _AT_ONCE):
            part = sound[first * _FRAME : min(first + _AT_ONCE, count) * _FRAME]
            frames = part.astype(np.float32).reshape(-1, _FRAME) / 32768
            powers = np.square(frames).mean(axis=1)
            for index, probability in enumerate(self._probabilities(frames), start=first):
                self._powers.append(float(powers[index - first]))
                self._take_in(begin + index * _FRAME, float(probability))

    def _probabilities(self, frames: Any) -> Any:
        """That someone speaks in each frame, shape (n,). Frames have shape (n, 512), in -1..1."""
        import numpy as np  # noqa: PLC0415 - keeps the import of this module light

        try:
            with self._lock:
                import onnxruntime  # type: ignore[import-untyped]  # noqa: PLC0415 - heavy
                from faster_whisper.vad import get_vad_model  # noqa: PLC0415 - brings onnxruntime

                # Windows' own tracing, which ORT_DISABLE_TELEMETRY (telemetry.py) does not switch off.
                onnxruntime.disable_telemetry_events()
                if self._memory is None:
                    nothing = np.zeros(_STATE, np.float32)
                    self._memory = (nothing, nothing, np.zeros(_CONTEXT, np.float32))
                h, c, context = self._memory
                shown = np.concatenate((context[None], frames[:-1, -_CONTEXT:]))
                found, h, c = get_vad_model().session.run(
                    None, {"input": np.concatenate((shown, frames), axis=1), "h": h, "c": c}
                )
        except Exception as error:  # onnxruntime has no common base of its errors
            raise EngineError(
                f"The speech detector cannot run: {error}.", "Reinstall faster-whisper and onnxruntime."
            ) from error
        self._memory = (h, c, frames[-1, -_CONTEXT:].copy())
        return np.ravel(found)

    def _take_in(self, at: int, probability: float) -> None:
        """Judge the frame that begins with a sample."""
        if probability >= _SPEECH:
            self._quiet_from = None
            if self._start is None:
                self._start = at
            elif at - self._start > _ENDLESS:
                self._part(at)
        elif probability < _NO_SPEECH and self._start is not None:
            if self._quiet_from is None:
                self._quiet_from = at
            elif at - self._quiet_from >= _PAUSE:
                if self._quiet_from - self._start > _SHORTEST:
                    self._spans.append(self._padded(self._start, self._quiet_from + _PAD))
                self._start = self._quiet_from = None

    def _part(self, at: int) -> None:
        """End a span that goes on, and begin the next there."""
        if self._start is None:
            return
        quietest = min(range(len(self._powers)), key=self._powers.__getitem__)
        parting = at - (len(self._powers) - 1 - quietest) * _FRAME
        self._spans.append(self._padded(self._start, parting))
        self._start = parting

    def _padded(self, start: int, stop: int) -> Span:
        ended = self._spans[-1].end_s if self._spans else 0.0
        return Span(max(ended, (start - _PAD) / SPEECH_RATE), min(stop, self._heard) / SPEECH_RATE)
