"""When each point of each question comes back, and what the schedule is made from."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, Protocol

from voicecoach.scoring.card import PointState

Grade = Literal["wrong", "missed", "partly", "said", "clear"]
"""How well a point was recalled, told from what was said (see practice.spacing)."""

MOST_ANSWERS = 100
"""The schedule of a question follows from so many of its latest answers, so that none takes long."""

CLOCK_SLACK = timedelta(days=1)
"""An answer from further ahead was kept while the clock was wrong, and counts once its time has come."""


@dataclass(frozen=True, slots=True)
class PointVerdict:
    """What one answer did with one point.

    Attributes:
        point: Its id.
        state: As on the card.
        probability: How likely it was said, 0..1.
        contradicted: Whether something said was called wrong here.
        doubted: Whether the card asks to check something here; it is no verdict.
    """

    point: str
    state: PointState
    probability: float
    contradicted: bool = False
    doubted: bool = False


@dataclass(frozen=True, slots=True)
class PastAnswer:
    """One answer, as far as the schedule needs it.

    Attributes:
        started_at: Aware, in UTC.
        verdicts: Of the points that were asked for; a narrowed question asks for some only.
    """

    started_at: datetime
    verdicts: tuple[PointVerdict, ...]


@dataclass(frozen=True, slots=True)
class ScheduledPoint:
    """When a point comes back.

    Attributes:
        point: Its id.
        due_on: The day from which it is due, on the person's calendar.
        reviewed_on: The day it was last judged.
        grade: How that went.
    """

    point: str
    due_on: date
    reviewed_on: date
    grade: Grade


ScheduleRule = Callable[[Sequence[PastAnswer]], Sequence[ScheduledPoint]]
"""From the answers to a question, oldest first, to the schedule of its points."""


class ScheduleStore(Protocol):
    """The schedule. Safe to use from several threads and processes.

    Every method raises HistoryError, and nothing else, when the database cannot be read or written.
    """

    def points(self) -> Mapping[str, tuple[ScheduledPoint, ...]]:
        """Every scheduled point by the id of its whole question, as far as `catch_up` has come.

        The same object until something changes, so that what follows from it can be kept.
        """
        ...

    def catch_up(self, rule: ScheduleRule, now: datetime) -> int:
        """Schedule the questions anew whose attempts have changed; returns how many there were.

        Args:
            rule: Called within a transaction, with at most MOST_ANSWERS answers.
            now: Aware. Answers from later than CLOCK_SLACK after it do not count yet.
        """
        ...

    def rebuild(self) -> None:
        """Forget the schedule; the next `catch_up` makes all of it again."""
        ...

    def last_attempt_before(self, moment: datetime) -> datetime | None:
        """When the latest attempt that began before a moment began, in UTC, or None."""
        ...
