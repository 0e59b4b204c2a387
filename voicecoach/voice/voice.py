"""What every voice does."""

from typing import Protocol

from voicecoach.clip import AudioClip


class Voice(Protocol):
    """Speaks text into memory; playing it is `audio`'s work."""

    @property
    def name(self) -> str:
        """What a person sees, such as "espeak-ng (en-us)"."""
        ...

    def synthesize(self, text: str) -> AudioClip:
        """Speak a text.

        Raises:
            EngineError: The voice cannot speak.
        """
        ...
