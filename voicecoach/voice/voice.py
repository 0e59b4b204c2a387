"""What every voice does."""

from typing import Protocol

from voicecoach.clip import AudioClip
from voicecoach.errors import EngineError


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


def speakable(text: str) -> str:
    """The text as engines can take it: without NUL bytes and lone surrogates, which end or break C strings.

    Raises:
        EngineError: It has no words.
    """
    clean = text.replace("\0", " ").encode("utf-8", "replace").decode("utf-8")
    if not any(character.isalnum() for character in clean):
        raise EngineError("There is nothing to speak: the text has no words.")
    return clean
