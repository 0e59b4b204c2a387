"""Speech in the waveform, found by the Silero model that faster-whisper carries."""

from threading import Lock

from voicecoach.clip import SPEECH_RATE, AudioClip
from voicecoach.errors import EngineError
from voicecoach.transcript import Span

_SHORTEST_PAUSE_MS = 200
"""A silent pause in a monologue counts from here; shorter gaps belong to the words around them."""

_SHORTEST_SPEECH_MS = 60
"""Two of the model's windows: less is a click."""

_PAD_MS = 32
"""One window of the model, which notices the start of a word about so much late."""

_WINDOW_S = 5 * 60
"""The model sees so much at a time, however long the clip."""

_LEAD_S = 1.0
"""Quiet that the model hears before it judges the rest of a long clip."""


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


def _joined(spans: list[tuple[int, int]]) -> tuple[Span, ...]:
    """Spans in seconds, where a window's edge made no pause."""
    shortest = _SHORTEST_PAUSE_MS * SPEECH_RATE // 1000 - 2 * _PAD_MS * SPEECH_RATE // 1000
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start - merged[-1][1] < shortest:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(Span(start / SPEECH_RATE, end / SPEECH_RATE) for start, end in merged)
