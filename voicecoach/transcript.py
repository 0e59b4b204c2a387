"""What was said: words with times, whichever engine heard them.

It stands below `scoring` and `speech` because the judge reads it and the recognisers write it.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time, in seconds from the start of the take."""

    start_s: float
    end_s: float

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.end_s - self.start_s


@dataclass(frozen=True, slots=True)
class Word:
    """One word as heard.

    Attributes:
        text: The word with its own punctuation and no white space.
        start_s: Seconds from the start of the take.
        end_s: Seconds from the start of the take.
        probability: The engine's confidence, 0..1; 1 where it gives none.
    """

    text: str
    start_s: float
    end_s: float
    probability: float = 1.0


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """Which engine heard the answer.

    Attributes:
        name: "whisper", "pocketsphinx" or "text" (typed, nothing was heard).
        model: The model's name or folder; empty where there is none.
        note: What a person should know of its limits; empty for a good engine.
    """

    name: str
    model: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Transcript:
    """The words of one take, in order of time.

    Attributes:
        words: In order; `start_s` never decreases.
        language: ISO 639-1 code.
        duration_s: Length of the take, silence included.
        engine: What heard it.
    """

    words: tuple[Word, ...]
    language: str
    duration_s: float
    engine: EngineInfo

    @property
    def text(self) -> str:
        """The words joined by single spaces."""
        return " ".join(word.text for word in self.words)
