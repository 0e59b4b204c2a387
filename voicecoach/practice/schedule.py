"""What is due: the points that come back, question by question, and the days practised in a row."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from voicecoach.content.model import Bank, Point, Question
from voicecoach.history.schedule import Grade, PastAnswer, ScheduledPoint, ScheduleStore
from voicecoach.practice.engines import Engines
from voicecoach.practice.plan import PlanChoice, due_by

LONGEST_STREAK = 3_650
"""Days that are counted at most; each is one look into the history."""


@dataclass(frozen=True, slots=True)
class DuePoint:
    """A point that has come back.

    Attributes:
        point: As in the rubric.
        due_on: Since when, on the person's calendar.
        grade: How it went last time.
    """

    point: Point
    due_on: date
    grade: Grade

    @property
    def was_lost(self) -> bool:
        """Whether it was missed or wrong last time."""
        return self.grade in ("wrong", "missed")


@dataclass(frozen=True, slots=True)
class Streak:
    """Days in a row with at least one attempt.

    Attributes:
        days: Up to today, or up to yesterday while today can still be practised.
        has_today: Whether today is among them.
    """

    days: int
    has_today: bool


@dataclass(frozen=True, slots=True)
class _Due:
    """What was found due, and what it was found from."""

    scheduled: Mapping[str, tuple[ScheduledPoint, ...]]
    bank: Bank
    by: date
    found: dict[str, tuple[DuePoint, ...]]


NO_STREAK = Streak(0, has_today=False)


class Schedule:
    """What is due, as far as the attempts have been looked at.

    Every method may block and belongs in a worker; every failure is a HistoryError.

    Args:
        engines: For the history.
        bank: Finds the bank whose points come back, as it is now; those that left their rubric do not.
        clock: The time now, aware.
    """

    def __init__(self, engines: Engines, bank: Callable[[], Bank], clock: Callable[[], datetime]) -> None:
        self._engines = engines
        self._bank = bank
        self._clock = clock
        self._due: _Due | None = None

    def catch_up(self) -> bool:
        """Look at the attempts that were added, deleted or judged anew; returns whether there were any."""
        return bool(self._store().catch_up(self._rule, self._clock()))

    def today(self) -> date:
        """The day on the person's calendar."""
        return self._clock().astimezone().date()

    def due(self, by: date | None = None) -> dict[str, tuple[DuePoint, ...]]:
        """Due points by question id, in the rubric's order; questions without any are left out.

        Args:
            by: Points count that are due on this day at the latest; None for today.
        """
        scheduled, bank, day = self._store().points(), self._bank(), by or self.today()
        known = self._due
        if known is None or scheduled is not known.scheduled or bank is not known.bank or day != known.by:
            known = _Due(scheduled, bank, day, due_points(bank.questions, scheduled, day))
            self._due = known
        return dict(known.found)

    def due_on_the_way(self, choice: PlanChoice) -> dict[str, tuple[DuePoint, ...]]:
        """Due points for someone on the way to an interview (see due_by), as `due` gives them."""
        return self.due(due_by(choice, self.today()))

    def streak(self) -> Streak:
        """Days in a row with at least one attempt."""
        return streak(self._days_backwards(), self.today())

    def _rule(self, answers: Sequence[PastAnswer]) -> tuple[ScheduledPoint, ...]:
        # Mostly there is nothing to schedule, and FSRS takes a while to load.
        from voicecoach.practice.spacing import schedule_points  # noqa: PLC0415
        from voicecoach.practice.terms import alternatives  # noqa: PLC0415

        return schedule_points(answers, alternatives(self._bank()))

    def _store(self) -> ScheduleStore:
        return self._engines.schedule()

    def _days_backwards(self) -> Iterator[date]:
        """Days with an attempt, the latest first; one lookup each, however many attempts a day has."""
        store = self._store()
        day = self.today()
        for _ in range(LONGEST_STREAK):
            # The start of a day is taken by itself: at a change of the clocks a day has 23 or 25 hours.
            midnight = datetime.combine(day + timedelta(days=1), time()).astimezone()
            last = store.last_attempt_before(midnight)
            if last is None:
                return
            day = last.astimezone().date()
            yield day
            day -= timedelta(days=1)


def due_points(
    questions: tuple[Question, ...], scheduled: Mapping[str, tuple[ScheduledPoint, ...]], by: date
) -> dict[str, tuple[DuePoint, ...]]:
    """Due points by question id, in the rubric's order; questions without any are left out."""
    found = {}
    for question in questions:
        if question.id not in scheduled:
            continue
        its = {each.point: each for each in scheduled[question.id] if each.due_on <= by}
        due = tuple(
            DuePoint(point, its[point.id].due_on, its[point.id].grade)
            for point in question.points
            if point.id in its
        )
        if due:
            found[question.id] = due
    return found


def streak(days: Iterator[date], today: date) -> Streak:
    """How many days in a row were practised; today need not be among them yet.

    Args:
        days: With at least one attempt, the latest first, none after today.
        today: On the person's calendar.
    """
    count, wanted, has_today = 0, today, False
    for day in days:
        if day == today:
            has_today = True
        elif day != wanted and not (count == 0 and day == today - timedelta(days=1)):
            break
        count += 1
        wanted = day - timedelta(days=1)
    return Streak(count, has_today)
