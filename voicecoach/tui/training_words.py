"""What is due, the days in a row, and the way to the interview, as words with their colours."""

from typing import TYPE_CHECKING

from voicecoach.practice.plan import PlanView
from voicecoach.tui.wording import MUTED, plural

if TYPE_CHECKING:
    from voicecoach.practice.overview import Overview
    from voicecoach.practice.schedule import Streak


def training_words(overview: "Overview") -> list[tuple[str, str]]:
    """The home screen's top line; nothing before the first attempt and without a date."""
    told = []
    if overview.due_points:
        told.append((f"{plural(overview.due_points, 'point')} due", "bold $text-accent"))
    if overview.plan is not None:
        told.append((days_to_go(overview.plan), "$text-warning" if overview.plan.is_over else ""))
    if overview.streak.days:
        told.append((_streak(overview.streak), MUTED))
    return told


def _streak(streak: "Streak") -> str:
    if streak.days == 1:
        return "practised today" if streak.has_today else "practised yesterday"
    return f"{streak.days} days in a row{'' if streak.has_today else ', not yet today'}"


def days_to_go(view: PlanView) -> str:
    """How far the interview is."""
    if view.is_over:
        return "the interview is over: o sets a new date"
    match view.days_to_go:
        case 0:
            return "the interview is today"
        case 1:
            return "the interview is tomorrow"
        case _:
            return f"{view.days_to_go} days to go"
