"""What every player does."""

from typing import Protocol

from voicecoach.clip import AudioClip


class Playback(Protocol):
    """A clip being played. Every method may be called from any thread."""

    @property
    def position_s(self) -> float:
        """Seconds of the clip that have been heard, as far as the device tells; at its end, all of it."""
        ...

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait until it has ended or was stopped; False when the time ran out first."""
        ...

    def stop(self) -> None:
        """Fall silent at once. A second call changes nothing."""
        ...


class Player(Protocol):
    """Plays clips, one at a time: a new one stops the one before."""

    def devices(self) -> tuple[str, ...]:
        """Every loudspeaker by name, the default first; empty when there is none.

        Raises:
            NoPortAudioError: The library is missing.
            AudioError: It cannot start.
        """
        ...

    def play(self, clip: AudioClip, start_s: float = 0.0, end_s: float | None = None) -> Playback:
        """Begin to play a stretch of a clip.

        Raises:
            NoPortAudioError: The library is missing.
            AudioError: There is no output device, or it cannot be opened.
        """
        ...
