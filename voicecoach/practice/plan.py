"""The way to an interview date: which step of which plan is on today, what is done, and what is left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from math import ceil
from typing import Literal

from voicecoach.config import Settings
from voicecoach.content.model import Bank, Plan, PlanStep, Question, Role, RoleGuide, whole_id
from voicecoach.content.project import projects_of
from voicecoach.errors import SettingsError
from voicecoach.outside import quoted
from voicecoach.practice.rounds import GENERAL_WALKTHROUGH

BY_DAYS: tuple[tuple[int, str], ...] = ((10, "four-weeks"), (2, "final-seven-days"), (0, "night-before"))
"""The plan that fits, by the least number of days there are from its start to the interview."""

StepState = Literal["done", "now", "over", "ahead"]


@dataclass(frozen=True, slots=True)
class PlanChoice:
    """What a person has chosen.

    Attributes:
        interview: The date, or None while none is set.
        plan: Id of a plan, or "auto" for the one that fits the days there are.
        role: Whose interviews; None for any.
        start: The day on which it was chosen; None where nobody noted it.
    """

    interview: date | None = None
    plan: str = "auto"
    role: Role | None = None
    start: date | None = None


NO_PLAN = PlanChoice()


@dataclass(frozen=True, slots=True)
class StepProgress:
    """One step of a plan, fitted into the days there are.

    Attributes:
        step: As the bank has it.
        first: Its first day.
        last: Its last day.
        questions: Those that the role's interviews ask, in the plan's order.
        done: Those of them that were practised since the plan began; one that an earlier step had asked
            already counts from this step's first day on.
        state: Done, on today, over with something left, or still ahead.
    """

    step: PlanStep
    first: date
    last: date
    questions: tuple[str, ...]
    done: frozenset[str]
    state: StepState

    @property
    def left(self) -> tuple[str, ...]:
        """What has not been practised yet."""
        return tuple(each for each in self.questions if each not in self.done)


@dataclass(frozen=True, slots=True)
class PlanView:
    """Where someone is on the way to the interview.

    Attributes:
        plan: The plan; None once the interview is over, or where the bank has none.
        role: What its interviews look for; None for any role.
        interview: The date.
        days_to_go: 0 on the day itself, negative after it.
        steps: In order.
        caught_up: What earlier steps had left over and was practised today, the earliest first.
    """

    plan: Plan | None
    role: RoleGuide | None
    interview: date
    days_to_go: int
    steps: tuple[StepProgress, ...] = ()
    caught_up: tuple[str, ...] = ()

    @property
    def is_over(self) -> bool:
        """Whether the interview has been."""
        return self.days_to_go < 0

    @property
    def now(self) -> tuple[StepProgress, ...]:
        """Today's steps: several where the days are few."""
        return tuple(each for each in self.steps if each.state == "now")

    @property
    def behind(self) -> tuple[str, ...]:
        """Questions of steps that are over and were not practised, the earliest first."""
        return _left_over(self.steps)

    @property
    def share(self) -> int:
        """How many of what was left over this morning belong to each day there is."""
        return ceil((len(self.behind) + len(self.caught_up)) / max(1, self.days_to_go))

    @property
    def behind_today(self) -> tuple[str, ...]:
        """Those of them that are left of today's share, for all to be done before the interview."""
        return self.behind[: max(0, self.share - len(self.caught_up))]

    @property
    def today(self) -> tuple[str, ...]:
        """What is left for today: today's steps in their order, then what an earlier step left over."""
        wanted = dict.fromkeys(question for each in self.now for question in each.left)
        return tuple(dict.fromkeys((*wanted, *self.behind_today)))


def plan_choice(settings: Settings) -> PlanChoice:
    """What the settings say; they have checked the dates and the role."""
    return PlanChoice(
        interview=_day(settings.interview_date),
        plan=settings.plan,
        role=None if settings.role == "any" else settings.role,
        start=_day(settings.plan_start),
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def chosen(
    choice: PlanChoice, bank: Bank, today: date, before: PlanChoice = NO_PLAN
) -> dict[str, str | bool]:
    """The settings to change for a choice to be in force.

    What is in force already is left out: it may come from a flag or the environment, for this run only.

    Args:
        choice: What is chosen now; its start does not matter.
        bank: Knows the plans.
        today: On the person's calendar: the plan's first day, unless date and plan are what they were.
        before: What was chosen until now.

    Raises:
        SettingsError: A date is set that is over, or there is no such plan. A date that was set before stays
            though it is over meanwhile, so that the role can be changed alone.
    """
    if choice.interview is None:
        return _changes(before, PlanChoice(role=choice.role))
    if choice.interview < today and choice.interview != before.interview:
        raise SettingsError(
            f"{choice.interview.isoformat()} is over: an interview is today or later.",
            f"Today is {today.isoformat()}.",
        )
    refuse_unknown(choice.plan, bank)
    return _changes(before, replace(choice, start=_start_of(choice, today, before)))


def _changes(before: PlanChoice, after: PlanChoice) -> dict[str, str | bool]:
    was, now = (
        {
            "interview_date": each.interview.isoformat() if each.interview else "",
            "plan": each.plan,
            "role": each.role or "any",
            "plan_start": each.start.isoformat() if each.start else "",
        }
        for each in (before, after)
    )
    return {key: value for key, value in now.items() if value != was[key]}


def _start_of(choice: PlanChoice, today: date, before: PlanChoice) -> date:
    is_new = (choice.interview, choice.plan) != (before.interview, before.plan)
    return today if is_new or before.start is None else before.start


def look_ahead(bank: Bank, choice: PlanChoice, today: date, before: PlanChoice = NO_PLAN) -> PlanView | None:
    """The way to the interview that a choice would put in force, with nothing practised; None without a date.

    Args:
        bank: Has the plans and the roles.
        choice: What would be chosen; its start does not matter.
        today: On the person's calendar.
        before: What was chosen until now.
    """
    return look_at_plan(bank, replace(choice, start=_start_of(choice, today, before)), {}, {}, today)


def refuse_unknown(plan: str, bank: Bank) -> None:
    """See that a plan can be chosen.

    Args:
        plan: Its id, or "auto".
        bank: Knows the plans.

    Raises:
        SettingsError: There is no such plan.
    """
    known = ("auto", *(each.id for each in bank.plans))
    if plan not in known:
        raise SettingsError(f"There is no plan {quoted(plan, 60)}.", f"The plans are {', '.join(known)}.")


def days_practised(bank: Bank, last_at: Mapping[str, datetime]) -> dict[str, date]:
    """The last day of each question of the bank that was practised, on the person's calendar.

    A definition that was drilled was practised, though the drill asks for a part of it at a time; and whoever
    told a project of their own has practised the general walkthrough.

    Args:
        bank: Knows which questions are definitions, and which are the person's own projects.
        last_at: By question id when it was last asked, aware.
    """
    definitions = {question.id for question in bank.questions if question.is_definition}
    own = {project.id for project in projects_of(bank)}
    found: dict[str, date] = {}
    for asked, moment in last_at.items():
        day = moment.astimezone().date()
        practised = [whole_id(asked) if whole_id(asked) in definitions else asked]
        if asked in own:
            practised.append(GENERAL_WALKTHROUGH)
        for each in practised:
            found[each] = max(day, found.get(each, day))
    return found


def look_at_plan(
    bank: Bank,
    choice: PlanChoice,
    last_practised: Mapping[str, date],
    before_today: Mapping[str, date],
    today: date,
) -> PlanView | None:
    """Where someone is; None while no interview date is set.

    Args:
        bank: Has the plans and the roles.
        choice: What the person has chosen. A plan that the bank does not have is taken for "auto".
        last_practised: The last day of each question that was ever practised.
        before_today: The same as it was when today began.
        today: On the person's calendar.
    """
    if choice.interview is None:
        return None
    role = next((each for each in bank.roles if each.role == choice.role), None)
    days_to_go = (choice.interview - today).days
    start = min(choice.start or today, today, choice.interview)
    plan = fitting_plan(bank.plans, choice.plan, (choice.interview - start).days)
    if plan is None or days_to_go < 0:
        return PlanView(None, role, choice.interview, days_to_go)
    if choice.start is None:
        # Nobody noted when it began: as if it had in time.
        start = min(today, choice.interview - timedelta(days=plan.days))
    days = max(1, (choice.interview - start).days)
    asked = [_asked_for(bank, step, choice.role) for step in plan.steps]
    steps, in_the_morning = (
        _steps(plan, asked, (start, days), practised, today) for practised in (last_practised, before_today)
    )
    still_left = frozenset(_left_over(steps))
    caught_up = tuple(each for each in _left_over(in_the_morning) if each not in still_left)
    return PlanView(plan, role, choice.interview, days_to_go, steps, caught_up)


def _steps(
    plan: Plan,
    asked: Sequence[tuple[str, ...]],
    course: tuple[date, int],
    last_practised: Mapping[str, date],
    today: date,
) -> tuple[StepProgress, ...]:
    """The plan's steps over the days of a course, given as its first day and their number."""
    start, days = course
    # On the day itself the last step is still the one that is on.
    day = min((today - start).days, days - 1)
    steps = []
    ends: dict[str, int] = {}  # by question the last day of the first step that asks it
    for step, questions, (first, last) in zip(plan.steps, asked, spread(plan, days), strict=True):
        state: StepState = "now" if first <= day <= last else "ahead" if day < first else "over"
        begins = start + timedelta(days=first)
        # Steps that share a day want what they both ask once.
        since = {each: begins if ends.setdefault(each, last) < first else start for each in questions}
        done = frozenset(
            each for each, wanted in since.items() if last_practised.get(each, date.min) >= wanted
        )
        if len(done) == len(questions) and state != "now":
            state = "done"
        steps.append(StepProgress(step, begins, start + timedelta(days=last), questions, done, state))
    return tuple(steps)


def _left_over(steps: Sequence[StepProgress]) -> tuple[str, ...]:
    """What steps that are over have left and those of today do not ask again, the earliest first."""
    now = {question for each in steps if each.state == "now" for question in each.questions}
    found = dict.fromkeys(q for each in steps if each.state == "over" for q in each.left)
    return tuple(each for each in found if each not in now)


def fitting_plan(plans: Sequence[Plan], wanted: str, days: int) -> Plan | None:
    """The wanted plan, or the one that fits so many days; None where there is none at all."""
    by_id = {plan.id: plan for plan in plans}
    if wanted in by_id:
        return by_id[wanted]
    fits = next(plan for least, plan in BY_DAYS if days >= least or least == 0)
    return by_id.get(fits) or min(plans, key=lambda plan: abs(plan.days - days), default=None)


def spread(plan: Plan, days: int) -> tuple[tuple[int, int], ...]:
    """The first and last day of each step, from 0, the plan stretched or squeezed into so many days.

    Every step keeps its share of the days, and every day has a step. With fewer days than steps several
    steps fall on one day.
    """
    found = []
    next_day = 0
    for step in plan.steps:
        last = max(0, round(step.last_day * days / plan.days + 1e-9) - 1)
        first = min(next_day, last)
        found.append((first, last))
        next_day = last + 1
    return tuple(found)


def due_by(choice: PlanChoice, today: date) -> date:
    """The day by which points count as due: what would come back on the day itself is due the evening before.

    Args:
        choice: What the person has chosen.
        today: On the person's calendar.
    """
    tomorrow = today + timedelta(days=1)
    return tomorrow if choice.interview == tomorrow else today


def standing_in_words(view: PlanView) -> str:
    """Whether someone is behind, and what that means; a lock on nothing."""
    if view.is_over:
        return f"The interview was on {view.interview.isoformat()}. Set a new date when there is one."
    if view.plan is None:
        return "The question bank has no plan. What is due still comes first."
    left_today = len(view.today)
    if view.days_to_go == 0 and left_today:
        are_left = "1 question is" if left_today == 1 else f"{left_today} questions are"
        return f"The interview is today: {are_left} left of the plan, for whatever time there is."
    if view.behind:
        return _behind_in_words(view)
    if not left_today:
        return "Today's step is done. What is due still comes first."
    days = max((each.last - _today(view)).days + 1 for each in view.now)
    return f"On time: {left_today} left in this step, about {ceil(left_today / days)} a day."


def _behind_in_words(view: PlanView) -> str:
    count = len(view.behind)
    left = "1 question of an earlier step is" if count == 1 else f"{count} questions of earlier steps are"
    if not view.behind_today:
        done = "Today's share" if view.today else "Today's step"
        return f"{done} is done: {left} left for later."
    if count == 1:
        return f"Behind: {left} left. It is added to today's."
    return f"Behind: {left} left. {view.share} a day with today's step fits them in."


def _today(view: PlanView) -> date:
    return view.interview - timedelta(days=view.days_to_go)


def _asked_for(bank: Bank, step: PlanStep, role: Role | None) -> tuple[str, ...]:
    """The step's questions that the role's interviews ask; all of them where they ask none."""
    known: dict[str, Question] = {question.id: question for question in bank.questions}
    here = tuple(each for each in step.questions if each in known)
    asked = tuple(each for each in here if role is None or role in known[each].roles)
    return asked or here
