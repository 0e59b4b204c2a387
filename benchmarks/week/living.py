"""Living through evenings of practice with the real coach and engines; only the clock is set."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from voicecoach.history.records import Attempt
from voicecoach.practice.coach import Coach
from voicecoach.practice.events import UNKEPT, Judged
from voicecoach.practice.overview import Overview
from voicecoach.practice.progress import Progress, ProgressReader
from voicecoach.practice.schedule import DuePoint, Streak

BETWEEN_TAKES = timedelta(minutes=6)


class Clock:
    """A clock that stands until it is set."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """The time now, aware."""
        return self.now


@dataclass(frozen=True, slots=True)
class Take:
    """An answer to give: to which question, on which evening, and its sound."""

    evening: int
    question: str
    sound: Path


@dataclass(frozen=True, slots=True)
class Evening:
    """What the trainer showed on one evening.

    Attributes:
        day: On the person's calendar.
        before: The home screen before the first take.
        due: What had come back by then.
        streak: As it stood then.
        attempts: The takes of the evening.
        after: Progress after the last take.
    """

    day: date
    before: Overview
    due: dict[str, tuple[DuePoint, ...]]
    streak: Streak
    attempts: tuple[Attempt, ...]
    after: Progress


def live(coach: Coach, clock: Clock, takes: Sequence[Take]) -> Iterator[Evening]:
    """Practise evening by evening.

    Args:
        coach: Reads `clock`.
        clock: Stands at the first evening's begin.
        takes: In order; an evening without any passes.

    Yields:
        Each evening, once it is over; the clock then stands at the begin of the next.
    """
    reader = ProgressReader(coach.engines, coach.bank, clock)
    begin = clock.now
    for evening in range(max(take.evening for take in takes) + 1):
        clock.now = begin + timedelta(days=evening)
        coach.schedule.catch_up()
        before, due, streak = coach.overview(), coach.schedule.due(), coach.schedule.streak()
        attempts = []
        for take in takes:
            if take.evening == evening:
                attempts.append(_judged(coach, take))
                clock.now += BETWEEN_TAKES
        yield Evening(coach.schedule.today(), before, due, streak, tuple(attempts), reader.read())
    clock.now = begin + timedelta(days=evening + 1)


def _judged(coach: Coach, take: Take) -> Attempt:
    *_, last = coach.judge_file(coach.question(take.question), take.sound)
    if not isinstance(last, Judged) or last.attempt.id == UNKEPT:
        raise RuntimeError(f"{take} was not kept: {last}")
    return last.attempt
