"""Which question to practise next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from voicecoach.content.model import Question
from voicecoach.content.project import project_of
from voicecoach.history.records import Standing
from voicecoach.practice.plan import PlanView
from voicecoach.practice.rounds import GENERAL_WALKTHROUGH
from voicecoach.practice.schedule import DuePoint

LEVELS = ("easy", "medium", "hard")
GOOD = 80.0
"""An overall number from which a question can rest."""

LOST_COUNTS = 2.0
"""A point that was missed or wrong last time weighs so many times as much as any other."""

_SMALL_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question and why it comes next."""

    question_id: str
    why: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What calls for practice, beside how each question went.

    Attributes:
        due: Due points by question id.
        plan: Where someone is on the way to an interview; None without a date.
        drill: What the role's interviews come back to, the most telling first.
        today: On the person's calendar; what was practised today has had its turn.
    """

    due: Mapping[str, tuple[DuePoint, ...]]
    plan: PlanView | None
    drill: tuple[str, ...]
    today: date


def suggest(
    questions: Sequence[Question],
    standings: Mapping[str, Standing],
    practised: Mapping[str, date],
    wanted: Wanted | None = None,
) -> Suggestion | None:
    """The next question.

    First what is due, the heaviest first: within today's step of the plan, then what was missed or wrong
    anywhere. Then what today's step still has; then what else is due. Without any of it: what was never
    tried, the person's own projects and the general walkthrough first since every interview opens with one,
    then what the role comes back to, definitions last, easier before harder; then the lowest last score; once
    all are good, the one that rested longest.

    Args:
        questions: What can be asked.
        standings: By question id; a definition that was only drilled has none.
        practised: The last day of each question that was practised (see days_practised).
        wanted: What calls for practice beside that.
    """
    if not questions:
        return None
    return (_called_for(questions, practised, wanted) if wanted else None) or _otherwise(
        questions, standings, practised, wanted.drill if wanted else ()
    )


def due_in_words(due: Sequence[DuePoint]) -> str:
    """As "3 points due, one wrong last time"."""
    counts = {grade: sum(each.grade == grade for each in due) for grade in ("wrong", "missed")}
    lost = [
        f"{'all' if count == len(due) > 1 else _number(count)} {grade}"
        for grade, count in counts.items()
        if count
    ]
    told = f", {' and '.join(lost)} last time" if lost else ""
    return f"{len(due)} point{'' if len(due) == 1 else 's'} due{told}"


def _called_for(
    questions: Sequence[Question], practised: Mapping[str, date], wanted: Wanted
) -> Suggestion | None:
    known = {question.id: question for question in questions}
    step = [each for each in (wanted.plan.today if wanted.plan else ()) if each in known]
    in_step = {each for now in (wanted.plan.now if wanted.plan else ()) for each in now.questions}
    in_step |= set(step)
    due = [
        each
        for each in questions
        if each.id in wanted.due and practised.get(each.id, date.min) < wanted.today
    ]
    due.sort(key=lambda each: (-_weight(each, wanted.due[each.id]), each.id))
    here = [each.id for each in due if each.id in in_step]
    lost = [each.id for each in due if any(point.was_lost for point in wanted.due[each.id])]
    for question_id in (*here[:1], *lost[:1]):
        return Suggestion(question_id, due_in_words(wanted.due[question_id]))
    if step and wanted.plan is not None:
        left_over = step[0] in wanted.plan.behind
        return Suggestion(step[0], "left over from an earlier step" if left_over else "in today's step")
    return Suggestion(due[0].id, due_in_words(wanted.due[due[0].id])) if due else None


def _otherwise(
    questions: Sequence[Question],
    standings: Mapping[str, Standing],
    practised: Mapping[str, date],
    drill: Sequence[str],
) -> Suggestion:
    places = {question_id: place for place, question_id in enumerate(drill)}
    new = [q for q in questions if q.id not in practised]
    if new:
        first = min(
            new,
            key=lambda q: (
                project_of(q) is None,
                q.id != GENERAL_WALKTHROUGH,
                places.get(q.id, len(places)),
                q.is_definition,
                LEVELS.index(q.level),
                q.id,
            ),
        )
        return Suggestion(first.id, "not tried yet")
    known = [standings[q.id] for q in questions if q.id in standings]
    if not known:  # all are definitions that were only drilled
        rested_longest = min(questions, key=lambda q: practised[q.id])
        return Suggestion(rested_longest.id, "practised the longest ago")
    weakest = min(known, key=lambda s: (s.last, s.last_at))
    if weakest.last < GOOD:
        return Suggestion(weakest.question_id, f"your lowest last score, {weakest.last:.0f}")
    rested = min(known, key=lambda s: s.last_at)
    return Suggestion(rested.question_id, "good, and the longest ago")


def _weight(question: Question, due: Sequence[DuePoint]) -> float:
    """How much of the rubric is due, what was lost counting more."""
    whole = sum(point.weight for point in question.points)
    return sum(each.point.weight * (LOST_COUNTS if each.was_lost else 1.0) for each in due) / whole


def _number(count: int) -> str:
    return _SMALL_NUMBERS[count] if count < len(_SMALL_NUMBERS) else str(count)
