"""What every recorder does."""

from dataclasses import dataclass
from typing import Protocol

from voicecoach.audio.takes import Take
from voicecoach.errors import AudioError


@dataclass(frozen=True, slots=True)
class RecordingStatus:
    """A snapshot of a running recording.

    Attributes:
        elapsed_s: Seconds of audio on disk or on their way there.
        peak: Loudest sample of the last tenth of a second, 0..1.
        rms: Loudness of the last tenth of a second, 0..1.
        silent_s: Seconds since anything louder than the noise floor.
        clipped: Whether the signal was cut off at full scale in the last two seconds.
        overflows: Times that the device had to throw sound away because the computer did not take it in time:
            each is a gap in the recording. Not every system tells.
        problem: Why no more audio comes (device lost, disk full), or None while all is well.
            What was recorded before is kept either way.
    """

    elapsed_s: float
    peak: float
    rms: float
    silent_s: float
    clipped: bool
    overflows: int
    problem: AudioError | None


class Recording(Protocol):
    """A recording in progress. Every method may be called from any thread."""

    @property
    def take(self) -> Take:
        """Where it goes."""
        ...

    def status(self) -> RecordingStatus:
        """A snapshot; cheap enough to ask twenty times a second."""
        ...

    def stop(self) -> Take:
        """Stop, flush and sync; returns the finished take. A second call changes nothing."""
        ...


class Recorder(Protocol):
    """Opens microphones."""

    def devices(self) -> tuple[str, ...]:
        """Names of every microphone, stable enough to store, the default first; empty when there is none.

        Raises:
            NoPortAudioError: The library is missing.
            AudioError: It cannot start.
        """
        ...

    def start(self, take: Take) -> Recording:
        """Begin to record into a take, 16 kHz mono, whatever the device delivers.

        Raises:
            NoPortAudioError: The library is missing.
            NoMicrophoneError: No input device, or not the one that was chosen.
            AudioError: The device cannot be opened (busy, no permission).
        """
        ...
