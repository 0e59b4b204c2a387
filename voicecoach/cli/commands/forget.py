"""`voicecoach forget`: delete what was said to a question, on a day, or ever."""

import sys
from datetime import date, datetime
from typing import TYPE_CHECKING

import click

from voicecoach.cli import output
from voicecoach.cli.session import Session, pass_session
from voicecoach.cli.talk import ExitCode, counted, say, say_error
from voicecoach.minutes import length

if TYPE_CHECKING:
    from voicecoach.practice.forgetting import Belongings


@click.command(
    epilog="\b\nExamples:\n  voicecoach forget --day 2026-11-20\n  voicecoach forget --everything --yes"
)
@click.option("--question", "question_id", metavar="ID", help="What was said to this question and its parts.")
@click.option(
    "--day", type=click.DateTime(["%Y-%m-%d"]), metavar="YYYY-MM-DD", help="What was said that day."
)
@click.option("--everything", is_flag=True, help="All that was ever said, and the target job.")
@click.option("--yes", is_flag=True, help="Do not ask first.")
@pass_session
def forget(
    session: Session, question_id: str | None, day: datetime | None, *, everything: bool, yes: bool
) -> int:
    """Delete recordings, transcripts and cards, and say what was deleted.

    With --question and --day together, what was said to that question on that day. Questions of your own,
    settings and models stay.
    """
    if everything == (question_id is not None or day is not None):
        raise click.UsageError("Say what to forget: --question, --day (or both), or --everything.")
    forgetter = session.assembly.forgetter
    belongings = forgetter.find(question_id, day.date() if day else None)
    if day and not any((belongings.attempts, belongings.rounds, belongings.takes, belongings.copies)):
        say("There is nothing to forget.")
        return ExitCode.FINE
    if not yes:
        _ask(belongings)
    forgotten = forgetter.forget(belongings)
    output.write_text(f"{counted(forgotten.attempts, 'attempt')} deleted, with transcripts and cards")
    if forgotten.rounds:
        output.write_text(
            f"{counted(forgotten.rounds, 'round')} deleted"
            if question_id is None
            else f"the question taken out of {counted(forgotten.rounds, 'round')}"
        )
    if forgotten.copies:
        output.write_text(f"{counted(forgotten.copies, 'backup')} of the history deleted")
    output.write_text(f"{counted(forgotten.takes, 'recording')} deleted")
    output.write_text(f"{counted(forgotten.vectors, 'file')} with vectors of rubrics deleted")
    if forgotten.target:
        output.write_text("the target job deleted")
    for error in forgotten.kept:
        say_error(error)
    return ExitCode.FOUND if forgotten.kept else ExitCode.FINE


def _ask(belongings: "Belongings") -> None:
    if sys.stdin is None or not sys.stdin.isatty():
        raise click.UsageError("There is nobody to ask here; add --yes to delete without being asked.")
    say(f"{counted(len(belongings.attempts), 'attempt')} with transcripts and cards{_between(belongings)}")
    if belongings.rounds:
        say(_rounds(belongings))
    say(f"{counted(len(belongings.takes), 'recording')}, {length(belongings.sound_s)} in all")
    if belongings.copies:
        say(f"{counted(belongings.copies, 'backup')} of the history, which may hold more of it")
    if belongings.target:
        say("the target job")
    click.confirm("Delete them? This cannot be undone", abort=True, err=True)


def _rounds(belongings: "Belongings") -> str:
    count = counted(len(belongings.rounds), "round")
    begun = " begun that day" if belongings.day else ""
    if belongings.question_id is not None:
        return f"the question in {count}{begun}"
    whole = ", as a whole; what was answered in it on other days stays in the history"
    return f"{count}{begun}{whole if belongings.day else ''}"


def _between(belongings: "Belongings") -> str:
    days: list[date] = sorted(row.started_at.astimezone().date() for row in belongings.attempts)
    return f", from {days[0]} to {days[-1]}" if days else ""
