"""Where someone stands: every question, the next one, the days in a row, and the way to the interview."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import get_args

from voicecoach.content.model import Bank, Kind, Question
from voicecoach.errors import DocumentError
from voicecoach.history.records import Standing
from voicecoach.practice.engines import Engines
from voicecoach.practice.plan import PlanChoice, PlanView, days_practised, look_at_plan
from voicecoach.practice.schedule import NO_STREAK, DuePoint, Schedule, Streak
from voicecoach.practice.suggestion import Wanted, suggest
from voicecoach.practice.target import Target, look_at_target

KINDS = get_args(Kind)


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One line of the home screen."""

    question: Question
    standing: Standing | None
    due: tuple[DuePoint, ...] = ()


@dataclass(frozen=True, slots=True)
class Overview:
    """The home screen: every question, the next one, the days in a row, and the way to the interview.

    Attributes:
        rows: In the order in which they are listed.
        suggested: Id of the next question; None where there is none.
        why: What makes it the next.
        streak: The days in a row.
        plan: The way to the interview; None while no date is set.
        target: The job in force, which orders the rows.
        trouble: Why the job cannot be read; the rows are in their usual order then.
    """

    rows: tuple[QuestionRow, ...]
    suggested: str | None
    why: str
    streak: Streak = NO_STREAK
    plan: PlanView | None = None
    target: Target | None = None
    trouble: DocumentError | None = None

    @property
    def due_points(self) -> int:
        """How many points are due."""
        return sum(len(row.due) for row in self.rows)


def look_over(engines: Engines, bank: Bank, schedule: Schedule, choice: PlanChoice) -> Overview:
    """Every question, with how the person stands, and the next.

    Stories come first and definitions last, unless a target job orders them. What is due is told as far
    as the schedule has caught up. A job that cannot be read orders nothing, and the overview says why.

    Args:
        engines: For the history and the target job.
        bank: What can be asked.
        schedule: Knows what is due.
        choice: The way to an interview, if one is set.

    Raises:
        HistoryError: The history cannot be read.
    """
    standings = engines.history().standings()
    target, trouble = None, None
    try:
        target = look_at_target(engines.paths.target_file, bank.questions)
    except DocumentError as error:
        trouble = error
    today = schedule.today()
    due = schedule.due_on_the_way(choice)
    rows = tuple(
        QuestionRow(question, standings.get(question.id), due.get(question.id, ()))
        for question in _in_order(bank, target)
    )
    practised = days_practised(bank, {each: standing.last_at for each, standing in standings.items()})
    midnight = datetime.combine(today, time()).astimezone()
    before_today = days_practised(bank, engines.history().last_before(midnight)) if choice.interview else {}
    plan = look_at_plan(bank, choice, practised, before_today, today)
    drill = next((role.drill for role in bank.roles if role.role == choice.role), ())
    suggestion = suggest(bank.questions, standings, practised, Wanted(due, plan, drill, today))
    suggested, why = (suggestion.question_id, suggestion.why) if suggestion is not None else (None, "")
    return Overview(rows, suggested, why, schedule.streak(), plan, target, trouble)


def _in_order(bank: Bank, target: Target | None) -> list[Question]:
    in_order = sorted(bank.questions, key=lambda question: (KINDS.index(question.kind), question.title))
    if target is not None:
        in_order.sort(key=target.place)
    return in_order
