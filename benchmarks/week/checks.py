"""What a person would expect of history, schedule, streak and progress after some evenings of practice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from benchmarks.week.living import Clock, Evening
from voicecoach.content.model import whole_id
from voicecoach.history.records import Attempt
from voicecoach.practice.coach import Coach
from voicecoach.practice.progress import Progress, ProgressReader
from voicecoach.practice.usual import ENOUGH_TAKES

TRENDED = "coverage"

LOOK_AHEAD = timedelta(days=120)
"""Longer than the schedule lets anything rest."""


@dataclass(frozen=True, slots=True)
class Check:
    """One expectation.

    Attributes:
        what: In words.
        oddities: What goes against it; empty where it holds.
    """

    what: str
    oddities: tuple[str, ...]


def check_week(coach: Coach, clock: Clock, evenings: Sequence[Evening]) -> tuple[Check, ...]:
    """What holds after any evenings of practice; the clock stands a day after the last."""
    return (
        Check("every answer is in the history, newest first, with its sound", _history(coach, evenings)),
        Check("last and best are those of the cards", _standings(coach, evenings)),
        Check("nothing is due before it was asked", _asked_before_due(evenings)),
        Check(
            "what the last answer missed or got wrong is back soon",
            _lost_are_back(coach, clock, evenings),
        ),
        Check(
            "what was always said comes back later than what was missed", _said_rest(coach, clock, evenings)
        ),
        Check("said again on a later day, a point rests longer", _rest_grows(coach, clock, evenings)),
        Check(
            "the streak counts the evenings, and ends after a day without", _streak(coach, clock, evenings)
        ),
        Check("nothing is usual before five spoken takes, and then it is", _usual(evenings)),
        Check("retries of single points are in no plot", _retries(coach, evenings)),
        Check("whole answers are all in the plots, with the scores of their cards", _plots(coach, evenings)),
    )


def check_trend(progress: Progress, better: bool) -> Check:
    """Whether coverage is told to rise where the answers got better, and not told to where they did not."""
    trend = progress.skill(TRENDED).trend
    where = progress.area or "all areas"
    odd = (trend.direction == "rising") != better
    return Check(
        f"{TRENDED} in {where} is {'' if better else 'not '}told to rise",
        (f"{trend}",) if odd else (),
    )


def check_crutches(progress: Progress, expected: set[str]) -> Check:
    """Whether the words are found that were said evening after evening, and no others."""
    found = {each.word for each in progress.crutches.words}
    odd = (f"found {sorted(found)}, and {sorted(expected)} were said",) if found != expected else ()
    return Check("crutch words are those that were said take after take", odd)


def _history(coach: Coach, evenings: Sequence[Evening]) -> tuple[str, ...]:
    expected = [attempt.id for attempt in _attempts(evenings)][::-1]
    rows = coach.attempts()
    odd = [] if [row.id for row in rows] == expected else [f"{len(rows)} rows, {len(expected)} answers"]
    odd += [f"attempt {each.id} has no sound" for each in _attempts(evenings) if coach.sound_of(each) is None]
    times = [row.started_at for row in rows]
    return (*odd, *(["not newest first"] if times != sorted(times, reverse=True) else []))


def _standings(coach: Coach, evenings: Sequence[Evening]) -> tuple[str, ...]:
    odd = []
    for row in coach.overview().rows:
        scores = [a.card.overall for a in _attempts(evenings) if a.question_id == row.question.id]
        found = (
            None if row.standing is None else (row.standing.last, row.standing.best, row.standing.attempts)
        )
        if found != ((scores[-1], max(scores), len(scores)) if scores else None):
            odd.append(f"{row.question.id}: {found}, and the cards say {scores}")
    return tuple(odd)


def _asked_before_due(evenings: Sequence[Evening]) -> tuple[str, ...]:
    asked: set[str] = set()
    odd = []
    for evening in evenings:
        odd += [f"{evening.day}: {each}" for each in evening.due.keys() - asked]
        asked |= {whole_id(attempt.question_id) for attempt in evening.attempts}
    return tuple(odd)


def _lost_are_back(coach: Coach, clock: Clock, evenings: Sequence[Evening]) -> tuple[str, ...]:
    """On the day after the last answer."""
    odd = []
    for attempt in _last_of_each(_attempts(evenings)):
        asked = whole_id(attempt.question_id)
        days = _due_days(coach, clock, asked)
        said_on = attempt.started_at.astimezone().date()
        for point in attempt.card.points:
            tomorrow = said_on + timedelta(days=1)
            if point.state in ("missing", "contradicted") and days[point.id] > tomorrow:
                odd.append(f"{asked} {point.id}: lost {said_on}, back {days[point.id]}")
    return tuple(odd)


def _said_rest(coach: Coach, clock: Clock, evenings: Sequence[Evening]) -> tuple[str, ...]:
    """What was lost before may be back as soon as what was never said: it has to be said once more."""
    odd = []
    for attempt in _last_of_each(_attempts(evenings)):
        asked = whole_id(attempt.question_id)
        days = _due_days(coach, clock, asked)
        missed = [
            days[point.id]
            for point in attempt.card.points
            if point.state == "missing" and "covered" not in _states(evenings, asked, point.id)
        ]
        for point in attempt.card.points if missed else ():
            if point.state != "covered":
                continue
            was_lost = {"missing", "contradicted"} & _states(evenings, asked, point.id)
            if days[point.id] < max(missed) or (days[point.id] == max(missed) and not was_lost):
                odd.append(f"{asked}: {point.id} back {days[point.id]}, what was missed {max(missed)}")
    return tuple(odd)


def _states(evenings: Sequence[Evening], question_id: str, point_id: str) -> set[str]:
    """What cards have said of a point."""
    its = [a for a in _attempts(evenings) if whole_id(a.question_id) == question_id]
    return {point.state for a in its for point in a.card.points if point.id == point_id}


def _rest_grows(coach: Coach, clock: Clock, evenings: Sequence[Evening]) -> tuple[str, ...]:
    """A point that was never lost, on two days and more, against one of a single day."""
    odd = []
    for question_id in {whole_id(attempt.question_id) for attempt in _attempts(evenings)}:
        answers = [(e.day, a) for e in evenings for a in e.attempts if whole_id(a.question_id) == question_id]
        days = _due_days(coach, clock, question_id)
        for point in coach.question(question_id).points:
            told = [(day, p.state) for day, a in answers for p in a.card.points if p.id == point.id]
            if len({day for day, _ in told}) > 1 and {state for _, state in told} == {"covered"}:
                rest, between = days[point.id] - told[-1][0], told[-1][0] - told[-2][0]
                if rest <= between:
                    odd.append(f"{question_id} {point.id}: rests {rest.days} days after {between.days}")
    return tuple(odd)


def _streak(coach: Coach, clock: Clock, evenings: Sequence[Evening]) -> tuple[str, ...]:
    odd = []
    in_a_row = 0
    for evening in evenings:
        if (evening.streak.days, evening.streak.has_today) != (in_a_row, False):
            odd.append(f"{evening.day}: {evening.streak} after {in_a_row} evenings in a row")
        in_a_row = in_a_row + 1 if evening.attempts else 0
    now = clock.now
    found = []
    for later in (0, 1):
        clock.now = now + timedelta(days=later)
        found.append(coach.schedule.streak().days)
    clock.now = now
    return (*odd, *([f"the days after: {found}"] if found != [in_a_row, 0] else []))


def _usual(evenings: Sequence[Evening]) -> tuple[str, ...]:
    odd, takes = [], 0
    for evening in evenings:
        takes += sum("#" not in attempt.question_id for attempt in evening.attempts)
        pace = evening.after.speech.words_per_minute
        if pace.missing != max(0, ENOUGH_TAKES - takes) or (pace.spread is None) != (takes < ENOUGH_TAKES):
            odd.append(f"{evening.day}: {pace} after {takes} takes")
    return tuple(odd)


def _retries(coach: Coach, evenings: Sequence[Evening]) -> tuple[str, ...]:
    retries = {attempt.started_at for attempt in _attempts(evenings) if "#" in attempt.question_id}
    shown = {take.at for skill in evenings[-1].after.skills for take in skill.takes}
    known = {row.started_at for row in coach.attempts()}
    return tuple(str(each) for each in (retries & shown) | (retries - known))


def _plots(coach: Coach, evenings: Sequence[Evening]) -> tuple[str, ...]:
    whole = [attempt for attempt in _attempts(evenings) if "#" not in attempt.question_id]
    odd = []
    for skill in ProgressReader(coach.engines, coach.bank, coach.clock).read().skills:
        said = {a.started_at: _part(a, skill.skill) for a in whole}
        expected = {at: score for at, score in said.items() if score is not None}
        if {take.at: take.score for take in skill.takes} != expected:
            odd.append(skill.skill)
    return tuple(odd)


def _part(attempt: Attempt, name: str) -> float | None:
    """A part's score; that of its section, where the card has one."""
    card = attempt.card
    own = {
        "structure": card.structure.score,
        "rambling": card.rambling.score,
        "timing": card.timing.score,
        "delivery": card.delivery.score,
        "proof": card.proof.score,
    }
    parts = {part.name: own.get(part.name, part.score) for part in card.parts}
    return (parts | {"overall": card.overall}).get(name)


def _attempts(evenings: Sequence[Evening]) -> list[Attempt]:
    return [attempt for evening in evenings for attempt in evening.attempts]


def _last_of_each(attempts: Sequence[Attempt]) -> list[Attempt]:
    """The last answer to each question that no retry of single points follows."""
    last = {whole_id(attempt.question_id): attempt for attempt in attempts}
    return [attempt for attempt in last.values() if "#" not in attempt.question_id]


def _due_days(coach: Coach, clock: Clock, question_id: str) -> dict[str, date]:
    """The first day on which each point of a question is due."""
    by = clock.now.astimezone().date() + LOOK_AHEAD
    return {each.point.id: each.due_on for each in coach.schedule.due(by).get(question_id, ())}
