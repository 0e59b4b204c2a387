"""Microphone and loudspeaker through PortAudio."""

from collections.abc import Iterator
from dataclasses import dataclass
from threading import Event, Lock, Thread
from typing import Any

import numpy as np

from voicecoach.audio.hold import TakeHold
from voicecoach.audio.intake import Intake
from voicecoach.audio.library import PORTAUDIO, Device, cannot_open
from voicecoach.audio.recorder import Recording, RecordingStatus
from voicecoach.audio.resampling import resampled
from voicecoach.audio.takes import Take
from voicecoach.audio.wav import WavWriter
from voicecoach.clip import SPEECH_RATE, AudioClip, Samples
from voicecoach.errors import AudioError, NoMicrophoneError

_BUFFER_S = 0.4
"""How long Python may be busy elsewhere (loading a model, say) before sound is lost or stutters."""

_TAIL_S = 0.1
"""Silence after a clip, beyond the device's buffer: what a stream's end finds in there is lost."""

_OUTPUT_SILENT_AFTER_S = 2.0
"""A loudspeaker that asks for nothing for so long has gone away."""


@dataclass(frozen=True, slots=True)
class CaptureForm:
    """What a device is asked to deliver.

    Attributes:
        rate: Samples a second.
        channels: Averaged to one where there are several.
    """

    rate: int
    channels: int


class PortAudioRecorder:
    """Opens microphones.

    Args:
        device_name: As `devices` names it; empty for the system's default.
    """

    def __init__(self, device_name: str) -> None:
        self._device_name = device_name

    def devices(self) -> tuple[str, ...]:
        """Names of every microphone there is now, the default first; empty when there is none.

        Raises:
            NoPortAudioError: The library is missing.
            AudioError: It cannot start.
        """
        PORTAUDIO.refresh()
        return tuple(device.name for device in PORTAUDIO.devices("input"))

    def start(self, take: Take) -> Recording:
        """Begin to record into a take.

        Raises:
            NoPortAudioError: The library is missing.
            NoMicrophoneError: No input device, or not the one that was chosen.
            AudioError: The device cannot be opened (busy, no permission), or the file cannot be written.
            HistoryError: The take is in use.
        """
        try:
            return PORTAUDIO.opened(lambda: self._open(take))
        except OSError as error:
            raise AudioError(
                f"{take.audio}: cannot be written: {error.strerror}.", "Check the disk space and permissions."
            ) from error

    def _open(self, take: Take) -> Recording:
        device = PORTAUDIO.choose("input", self._device_name)
        if device is None:
            raise _no_microphone(self._device_name)
        return PortAudioRecording(take, device, _first_possible_form(device))


class PortAudioRecording:
    """A recording in progress. Every method may be called from any thread.

    Args:
        take: Its folder must exist.
        device: The microphone.
        form: What it is asked to deliver.

    Raises:
        AudioError: The device cannot be opened.
        HistoryError: The take is in use.
        OSError: The file cannot be written, as the system gave it.
    """

    def __init__(self, take: Take, device: Device, form: CaptureForm) -> None:
        self._take = take
        self._lock = Lock()
        self._stopped = False
        self._hold = TakeHold(take.folder)
        try:
            writer = WavWriter(take.audio)
        except OSError:
            self._hold.release()
            raise
        self._intake = Intake(writer, form.rate, form.channels, device.name)
        try:
            self._stream = self._open(device, form)
        except AudioError:
            writer.close()
            take.audio.unlink(missing_ok=True)
            self._hold.release()
            raise
        self._intake.begin()

    @property
    def take(self) -> Take:
        """Where it goes."""
        return self._take

    def status(self) -> RecordingStatus:
        """A snapshot; cheap enough to ask twenty times a second."""
        return self._intake.status

    def stop(self) -> Take:
        """Stop, flush and sync; returns the finished take. A second call changes nothing."""
        with self._lock:
            if not self._stopped:
                self._stopped = True
                # A device that went away has nothing to wait for.
                lost = self._intake.status.problem is not None
                self._intake.expect_end()
                PORTAUDIO.close(self._stream, at_once=lost)
                self._intake.stop()
                self._hold.release()
        return self._take

    def _open(self, device: Device, form: CaptureForm) -> Any:
        intake = self._intake

        def keep(block: Samples, _frames: int, _time: object, flags: Any) -> None:
            intake.push(block.copy(), overflowed=flags.input_overflow)

        with PORTAUDIO.locked() as sounddevice:
            try:
                stream = sounddevice.InputStream(
                    samplerate=form.rate,
                    device=device.index,
                    channels=form.channels,
                    dtype="int16",
                    latency=_BUFFER_S,
                    callback=keep,
                    finished_callback=intake.end,
                )
                PORTAUDIO.start(stream)
            except (sounddevice.PortAudioError, ValueError) as error:
                raise cannot_open("input", device.name, error) from error
        return stream


class PortAudioPlayer:
    """Plays clips, one at a time.

    Args:
        device_name: As the system names it; empty for its default.
    """

    def __init__(self, device_name: str) -> None:
        self._device_name = device_name
        self._lock = Lock()
        self._playback: PortAudioPlayback | None = None

    def devices(self) -> tuple[str, ...]:
        """Every loudspeaker by name, the default first; empty when there is none.

        Raises:
            NoPortAudioError: The library is missing.
            AudioError: It cannot start.
        """
        PORTAUDIO.refresh()
        return tuple(device.name for device in PORTAUDIO.devices("output"))

    def play(self, clip: AudioClip, start_s: float = 0.0, end_s: float | None = None) -> "PortAudioPlayback":
        """Begin to play a stretch of a clip, stopping the one before.

        Raises:
            NoPortAudioError: The library is missing.
            AudioError: There is no output device, or it cannot be opened.
        """
        with self._lock:
            if self._playback is not None:
                self._playback.stop()
            first = max(round(start_s * clip.rate), 0)
            last = len(clip.samples) if end_s is None else max(round(end_s * clip.rate), first)
            stretch = AudioClip(clip.samples[first:last], clip.rate)
            self._playback = PORTAUDIO.opened(lambda: self._open(stretch, first / clip.rate))
            return self._playback

    def _open(self, stretch: AudioClip, start_s: float) -> "PortAudioPlayback":
        device = PORTAUDIO.choose("output", self._device_name)
        if device is None:
            raise _no_loudspeaker(self._device_name)
        return PortAudioPlayback(stretch, start_s, device)


class PortAudioPlayback:
    """A clip being played. Every method may be called from any thread.

    Args:
        clip: What to play, whole.
        start_s: What `position_s` counts from.
        device: The loudspeaker.

    Raises:
        AudioError: It cannot be opened.
    """

    def __init__(self, clip: AudioClip, start_s: float, device: Device) -> None:
        self._start_s = start_s
        self._played = 0
        self._handed = 0
        self._ahead = 0
        self._tail = 0
        self._ended = Event()
        self._closed = Event()
        with PORTAUDIO.locked() as sounddevice:
            try:
                self._rate, channels = _output_form(sounddevice, clip.rate, device)
                self._samples = resampled(clip, self._rate).samples
                self._end: type[Exception] = sounddevice.CallbackStop
                self._stream = sounddevice.OutputStream(
                    samplerate=self._rate,
                    device=device.index,
                    channels=channels,
                    dtype="int16",
                    latency=_BUFFER_S,
                    callback=self._fill,
                    finished_callback=self._ended.set,
                )
                self._ahead = round(self._stream.latency * self._rate)
                self._tail = self._ahead + round(_TAIL_S * self._rate)
                PORTAUDIO.start(self._stream)
            except (sounddevice.PortAudioError, ValueError) as error:
                raise cannot_open("output", device.name, error) from error
        # PortAudio forbids closing a stream from its own callbacks.
        Thread(target=self._close_at_end, name="playback-end", daemon=True).start()

    @property
    def position_s(self) -> float:
        """Seconds of the clip that have been heard, as far as the device tells; at its end, all of it."""
        heard = self._played
        if not self._ended.is_set():
            heard = min(heard, max(0, self._handed - self._ahead))
        return self._start_s + heard / self._rate

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until it has ended or was stopped; False when the time ran out first."""
        return self._closed.wait(timeout_s)

    def stop(self) -> None:
        """Fall silent at once. A second call changes nothing."""
        PORTAUDIO.close(self._stream, at_once=True)
        self._ended.set()
        self._closed.set()

    def _fill(self, out: Any, frames: int, _time: object, _flags: object) -> None:
        part = self._samples[self._played : self._played + frames]
        out[: len(part)] = part[:, np.newaxis]
        out[len(part) :] = 0
        self._played += len(part)
        self._handed += frames
        self._tail -= frames - len(part)
        if self._tail <= 0:
            raise self._end

    def _close_at_end(self) -> None:
        before = None
        while not self._ended.wait(_OUTPUT_SILENT_AFTER_S):
            now = (self._played, self._tail)
            if now == before:
                break
            before = now
        PORTAUDIO.close(self._stream, at_once=True)
        self._closed.set()


def _no_microphone(name: str) -> NoMicrophoneError:
    known = ", ".join(device.name for device in PORTAUDIO.devices("input"))
    if name and known:
        return NoMicrophoneError(f"There is no microphone named {name}.", f"There are: {known}.")
    return NoMicrophoneError(
        "There is no microphone.", "Plug one in, or practise from a recording or typed text."
    )


def _no_loudspeaker(name: str) -> AudioError:
    known = ", ".join(device.name for device in PORTAUDIO.devices("output"))
    if name and known:
        return AudioError(f"There is no loudspeaker named {name}.", f"There are: {known}.")
    return AudioError("There is no loudspeaker.", "Plug one in; the question can be read instead.")


def _forms(device: Device) -> Iterator[CaptureForm]:
    """What to ask a device for, the best first."""
    for channels in dict.fromkeys((1, min(2, device.channels), device.channels)):
        for rate in dict.fromkeys((SPEECH_RATE, device.rate, 48_000, 44_100)):
            yield CaptureForm(rate, channels)


def _first_possible_form(device: Device) -> CaptureForm:
    """The best that the device says it can deliver."""
    with PORTAUDIO.locked() as sounddevice:
        refusal: Exception = ValueError("it offers no format that can be recorded")
        for form in _forms(device):
            try:
                sounddevice.check_input_settings(device.index, form.channels, "int16", samplerate=form.rate)
            except (sounddevice.PortAudioError, ValueError) as error:
                refusal = error
            else:
                return form
    raise cannot_open("input", device.name, refusal)


def _output_form(sounddevice: Any, rate: int, device: Device) -> tuple[int, int]:
    """Rate and channels that a loudspeaker takes: the clip's own if it can.

    Raises:
        sounddevice.PortAudioError: It takes none.
    """
    for channels in dict.fromkeys((1, min(2, device.channels), device.channels)):
        for candidate in dict.fromkeys((rate, device.rate)):
            try:
                sounddevice.check_output_settings(device.index, channels, "int16", samplerate=candidate)
            except sounddevice.PortAudioError:
                continue
            return candidate, channels
    return device.rate, device.channels
