"""`voicecoach round`: an interview round, or the list of them."""

import click

from voicecoach.cli import output
from voicecoach.cli.commands.practice import open_on
from voicecoach.cli.render import plain
from voicecoach.cli.session import Session, pass_session
from voicecoach.cli.talk import ExitCode
from voicecoach.tui.opening import Opening


@click.command("round", epilog="\b\nExample:\n  voicecoach round\n  voicecoach round night-before")
@click.argument("round_id", metavar="[ID]", required=False)
@pass_session
def hold_round(session: Session, round_id: str | None) -> int:
    """Open the app on an interview round; without ID, list the rounds, and those that were held.

    Questions come back to back, with follow-ups from what was missed, and one report at the end. A round that
    was interrupted goes on where it stopped.
    """
    from voicecoach.practice.interviewing import Interviewer  # noqa: PLC0415 - brings numpy

    interviewer = Interviewer(session.coach)
    if round_id is not None:
        return open_on(session, Opening("round", interviewer.interview(round_id).id))
    for line in interviewer.lines():
        last = "" if line.last_at is None else f"  last on {line.last_at.astimezone():%Y-%m-%d}"
        least, most = line.minutes
        output.write_text(
            f"{plain(line.interview.id):<20} {line.questions} questions, {least}-{most} min"
            f"{', open' if line.open_run is not None else ''}{last}"
        )
        output.write_text(f"    {plain(line.interview.label)}: {plain(line.interview.about)}")
    past = interviewer.past()
    if past:
        output.write_text("\nHeld, newest first (`voicecoach report --round NUMBER` writes one as a page):")
    for each in past:
        output.write_text(
            f"{each.run.id:>6}  {each.run.started_at.astimezone():%Y-%m-%d %H:%M}  "
            f"{each.answered} of {each.questions} answered  {plain(each.label)}"
        )
    return ExitCode.FINE
