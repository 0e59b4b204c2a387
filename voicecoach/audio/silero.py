"""Speech in the waveform, found by the Silero model that faster-whisper carries."""

from threading import Lock

from voicecoach.audio.activity import SpeechFollower
from voicecoach.clip import SPEECH_RATE, AudioClip, Samples
from voicecoach.errors import EngineError
from voicecoach.transcript import Span

_SHORTEST_PAUSE_MS = 200
"""A silent pause in a monologue counts from here; shorter gaps belong to the words around them."""

_PAUSE = _SHORTEST_PAUSE_MS * SPEECH_RATE // 1000
"""The same in samples."""

_SHORTEST_SPEECH_MS = 60
"""Two of the model's windows: less is a click."""

_FRAME = 512
"""What the model judges at a time, in samples: 32 ms."""

_PAD_MS = 32
"""One window of the model, which notices the start of a word about so much late."""

_WINDOW_S = 5 * 60
"""The model sees so much at a time, however long the clip."""

_LEAD_S = 1.0
"""Quiet that the model hears before it judges the rest of a long clip."""

_ENDLESS_S = 25.0
"""Speech without any pause is parted after this, where it is quietest, so that it can be heard meanwhile."""

_PARTING_S = 3.0
"""How far back the quietest moment is looked for."""


class SileroActivity:
    """Finds speech with Silero. Loads at the first call; safe to call from any thread, one clip at a time."""

    def __init__(self) -> None:
        self._lock = Lock()

    def speech(self, clip: AudioClip) -> tuple[Span, ...]:
        """Stretches of speech, with at least 0.2 s between them.

        Args:
            clip: 16 kHz.

        Raises:
            EngineError: The model cannot be loaded or run.
        """
        if clip.rate != SPEECH_RATE:
            raise ValueError(f"the detector hears {SPEECH_RATE} samples a second, not {clip.rate}")
        if not len(clip.samples):
            return ()
        with self._lock:
            return _joined(_spans(clip))

    def follow(self) -> SpeechFollower:
        """Begin with a recording that has only just begun."""
        return _Following(self._lock)


class _Following:
    """Judges what came since the last pause anew each time, which takes milliseconds.

    Args:
        lock: Held while the model runs.
    """

    def __init__(self, lock: Lock) -> None:
        self._lock = lock
        self._settled: list[Span] = []
        self._open: tuple[Span, ...] = ()
        self._tail: Samples | None = None
        self._tail_start = 0

    @property
    def spans(self) -> tuple[Span, ...]:
        """Stretches of speech so far; the last may still go on."""
        return (*self._settled, *self._open)

    @property
    def quiet_s(self) -> float:
        """The pause since the last span; 0 while it may still go on."""
        if self._open or not self._settled:
            return 0.0
        heard = self._tail_start + (0 if self._tail is None else len(self._tail))
        return heard / SPEECH_RATE - self._settled[-1].end_s

    def add(self, samples: Samples) -> None:
        """Listen on; see SpeechFollower.

        Raises:
            EngineError: The model cannot be loaded or run.
        """
        import numpy as np  # noqa: PLC0415 - keeps the import of this module light

        tail = samples if self._tail is None else np.concatenate((self._tail, samples))
        with self._lock:
            spans = _window_spans(AudioClip(tail, SPEECH_RATE))
        begin = self._tail_start
        if spans and self._settled:
            # The tail begins within a frame of the last span's end.
            ended = round(self._settled[-1].end_s * SPEECH_RATE) - begin
            spans[0] = (max(spans[0][0], ended), spans[0][1])
        # A span that goes on ends with the sound; one that has ended is followed by a pause.
        goes_on = bool(spans) and len(tail) - spans[-1][1] < _PAUSE // 2
        settled, spans = (spans[:-1], spans[-1:]) if goes_on else (spans, [])
        if spans and len(tail) - spans[0][0] > _ENDLESS_S * SPEECH_RATE:
            parted = _quietest(tail)
            settled.append((spans[0][0], parted))
            spans = [(parted, len(tail))]
        self._settled += [_seconds(begin + start, begin + stop) for start, stop in settled]
        if settled:
            kept = settled[-1][1]
        elif spans:
            kept = 0
        else:
            kept = max(0, len(tail) - int(_LEAD_S * SPEECH_RATE))
        # On the model's frames as they fall on the whole recording: it hears the same there and here.
        kept -= kept % _FRAME
        self._open = tuple(_seconds(begin + start, begin + stop) for start, stop in spans)
        self._tail, self._tail_start = tail[kept:].copy(), begin + kept


def _spans(clip: AudioClip) -> list[tuple[int, int]]:
    """Starts and ends in samples, window by window."""
    found: list[tuple[int, int]] = []
    total, window = len(clip.samples), int(_WINDOW_S * SPEECH_RATE)
    begin = judged = 0
    while judged < total:
        end = min(begin + window, total)
        part = AudioClip(clip.samples[begin:end], clip.rate)
        spans = [
            (begin + start, begin + stop) for start, stop in _window_spans(part) if begin + stop > judged
        ]
        if end < total and spans and spans[-1][1] >= end and spans[-1][0] > judged:
            # The last stretch goes on beyond the window: the next window judges it whole.
            judged = spans.pop()[0]
            begin = max(judged - int(_LEAD_S * SPEECH_RATE), 0)
        else:
            judged = end
            begin = max(end - int(_LEAD_S * SPEECH_RATE), 0)
        found += spans
    return found


def _window_spans(part: AudioClip) -> list[tuple[int, int]]:
    """The model's judgement of a few minutes."""
    try:
        import onnxruntime  # type: ignore[import-untyped]  # noqa: PLC0415 - heavy
        from faster_whisper.vad import VadOptions, get_speech_timestamps  # noqa: PLC0415 - brings onnxruntime

        # Its builds for Windows report their use to the system unless told not to.
        onnxruntime.disable_telemetry_events()
        options = VadOptions(
            min_speech_duration_ms=_SHORTEST_SPEECH_MS,
            min_silence_duration_ms=_SHORTEST_PAUSE_MS,
            speech_pad_ms=_PAD_MS,
        )
        stretches = get_speech_timestamps(part.as_float32(), options)
    except Exception as error:  # onnxruntime has no common base of its errors
        raise EngineError(
            f"The speech detector cannot run: {error}.", "Reinstall faster-whisper and onnxruntime."
        ) from error
    return [(int(stretch["start"]), int(stretch["end"])) for stretch in stretches]


def _quietest(samples: Samples) -> int:
    """Where the last seconds are quietest, to a window of the model."""
    import numpy as np  # noqa: PLC0415 - keeps the import of this module light

    count = int(_PARTING_S * SPEECH_RATE) // _FRAME
    first = len(samples) - count * _FRAME
    power = np.square(samples[first:].astype(np.float32)).reshape(count, _FRAME).mean(axis=1)
    return first + int(power.argmin()) * _FRAME + _FRAME // 2


def _seconds(start: int, stop: int) -> Span:
    return Span(start / SPEECH_RATE, stop / SPEECH_RATE)


def _joined(spans: list[tuple[int, int]]) -> tuple[Span, ...]:
    """Spans in seconds, where a window's edge made no pause."""
    shortest = _PAUSE - 2 * _PAD_MS * SPEECH_RATE // 1000
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start - merged[-1][1] < shortest:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(_seconds(start, end) for start, end in merged)
