"""`voicecoach plan`: the way to an interview, and what is due."""

from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, get_args

import click

from voicecoach.cli import output
from voicecoach.cli.render import plain, wrapped
from voicecoach.cli.session import Session, pass_session
from voicecoach.cli.talk import ExitCode, counted, say
from voicecoach.config import RoleChoice
from voicecoach.practice.plan import (
    PlanChoice,
    PlanView,
    StepProgress,
    chosen,
    plan_choice,
    refuse_unknown,
    standing_in_words,
)
from voicecoach.tui.desk import SettingsDesk

if TYPE_CHECKING:
    from voicecoach.practice.overview import Overview


@click.command(
    epilog="\b\nExamples:\n  voicecoach plan --date 2026-12-01 --role mle\n"
    "  voicecoach plan --json | jq -r '.today[]'"
)
@click.option(
    "--date",
    "interview",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="When the interview is.",
)
@click.option("--role", type=click.Choice(get_args(RoleChoice)), help="Whose interviews.")
@click.option("--plan", "wanted", metavar="ID", help="A plan, or auto for the one that fits the days.")
@click.option("--clear", is_flag=True, help="No interview any more.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@pass_session
def plan(  # noqa: PLR0913 - click hands over each option as an argument
    session: Session,
    *,
    interview: datetime | None,
    role: RoleChoice | None,
    wanted: str | None,
    clear: bool,
    as_json: bool,
) -> int:
    """Today's step on the way to an interview, and every due point; set the date, the role or the plan.

    What was missed or wrong comes back on a later day, graded from what was said. Nothing is ever locked.
    """
    if clear and (interview or role or wanted):
        raise click.UsageError("--clear stands alone.")
    choice = _set(session, interview.date() if interview else None, role, wanted, clear=clear)
    coach = session.coach
    coach.schedule.catch_up()
    overview = coach.overview(choice)
    if overview.trouble is not None:
        say(str(overview.trouble))
    if as_json:
        output.write_json(_as_dict(overview))
    else:
        output.write_text("\n".join(_lines(overview)))
    return ExitCode.FINE


def _set(
    session: Session, interview: date | None, role: RoleChoice | None, wanted: str | None, *, clear: bool
) -> PlanChoice:
    before = plan_choice(session.settings)
    if not (clear or interview or role or wanted):
        return before
    after = PlanChoice()
    if not clear:
        after = replace(before, interview=interview or before.interview, plan=wanted or before.plan)
        if role is not None:
            after = replace(after, role=None if role == "any" else role)
    if wanted and after.interview is None:
        refuse_unknown(wanted, session.bank)
        raise click.UsageError("--plan needs a date: add --date YYYY-MM-DD.")
    today = session.coach.schedule.today()
    desk = SettingsDesk(session.paths.settings_file, session.settings)
    now = plan_choice(desk.change(chosen(after, session.bank, today, before)))
    desk.save()
    return now


def _as_dict(overview: "Overview") -> dict[str, Any]:
    view = overview.plan
    return {
        "interview_date": view.interview.isoformat() if view else None,
        "days_to_go": view.days_to_go if view else None,
        "plan": view.plan.id if view and view.plan else None,
        "role": view.role.role if view and view.role else None,
        "standing": standing_in_words(view) if view else "",
        "steps": [_step_as_dict(each) for each in view.steps] if view else [],
        "today": list(view.today) if view else [],
        "behind": list(view.behind) if view else [],
        "due": [
            {
                "question": row.question.id,
                "points": [
                    {
                        "point": each.point.id,
                        "due_on": each.due_on.isoformat(),
                        "last_time": each.grade,
                    }
                    for each in row.due
                ],
            }
            for row in overview.rows
            if row.due
        ],
        "streak": {"days": overview.streak.days, "has_today": overview.streak.has_today},
        "next": {"question": overview.suggested, "why": overview.why} if overview.suggested else None,
    }


def _step_as_dict(each: StepProgress) -> dict[str, Any]:
    return {
        "label": each.step.label,
        "task": each.step.task,
        "first_day": each.first.isoformat(),
        "last_day": each.last.isoformat(),
        "state": each.state,
        "questions": list(each.questions),
        "done": sorted(each.done),
    }


def _lines(overview: "Overview") -> list[str]:
    view = overview.plan
    lines = [] if view is None else _way(view)
    if view is None:
        lines += wrapped("No interview date is set: `voicecoach plan --date YYYY-MM-DD` sets it.")
    from voicecoach.practice.suggestion import due_in_words  # noqa: PLC0415 - brings pydantic

    lines += ["", f"Due: {counted(overview.due_points, 'point')}"]
    lines += [f"  {plain(row.question.id)}  {due_in_words(row.due)}" for row in overview.rows if row.due]
    if overview.suggested:
        lines += ["", *wrapped(f"Next: {overview.suggested}, {overview.why}.")]
    return lines


def _way(view: PlanView) -> list[str]:
    role = f", for {view.role.label}" if view.role else ""
    name = view.plan.label if view.plan else "Plan"
    days = "over" if view.is_over else f"{counted(view.days_to_go, 'day')} to go"
    lines = [*wrapped(plain(f"{name}{role}: {view.interview.isoformat()}, {days}"))]
    lines += wrapped(standing_in_words(view))
    lines += [""] if view.steps else []
    for each in view.steps:
        span = f"{each.first.isoformat()} to {each.last.isoformat()}"
        done = f"{len(each.done)} of {len(each.questions)}"
        lines.append(f"  {each.state:<6} {span}  {done:>8}  {plain(each.step.label)}")
    if view.today:
        lines += ["", "For today"]
        lines += [
            f"  {plain(each)}{'  (left over)' if each in view.behind_today else ''}" for each in view.today
        ]
    return lines
