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

    def synthesize(self, text: str, stretch: float = 1.0) -> AudioClip:
        """Speak a text.

        Args:
            text: What to say.
            stretch: How many times as long as at the voice's own pace it should take, roughly; a voice that
                cannot go so far goes as far as it can.

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
