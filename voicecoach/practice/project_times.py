"""A project in the editor, and how long it takes to say."""

from collections.abc import Iterable
from dataclasses import dataclass

from voicecoach.content.model import Structure
from voicecoach.content.project import Project, Version, seconds_to_say
from voicecoach.minutes import is_over

LONG = 1.5
"""So many times its budget a beat may take before the card counts it as too long."""


@dataclass(frozen=True, slots=True)
class BeatTime:
    """How long a beat takes to say, against its budget, in seconds."""

    seconds: float
    budget_s: float

    @property
    def is_long(self) -> bool:
        """Whether the card would count it as too long."""
        return self.seconds > LONG * self.budget_s


@dataclass(frozen=True, slots=True)
class TotalTime:
    """How long all of it takes to say, against its window (shortest, longest), in seconds."""

    seconds: float
    target_s: tuple[float, float]

    @property
    def is_long(self) -> bool:
        """Whether it does not fit, to the second."""
        return is_over(self.seconds, self.target_s)


@dataclass(frozen=True, slots=True)
class OpenProject:
    """A project in the editor.

    Attributes:
        project: As it was read; one that is new has no id yet.
        structure: Its beats with their shares.
        version: What its files held then; None before it is saved for the first time.
    """

    project: Project
    structure: Structure
    version: Version | None

    def time_of(self, beat: str, text: str) -> BeatTime:
        """How long a beat's text takes to say."""
        share = next(each.share for each in self.structure.beats if each.id == beat)
        return BeatTime(seconds_to_say(text), share * sum(self.project.target_s) / 2)

    def total_time(self, texts: Iterable[str]) -> TotalTime:
        """How long the texts of all beats take to say."""
        return total_time(texts, self.project.target_s)


def total_time(texts: Iterable[str], target_s: tuple[float, float]) -> TotalTime:
    """How long texts take to say one after another, against a window (shortest, longest) in seconds."""
    return TotalTime(sum(map(seconds_to_say, texts)), target_s)
