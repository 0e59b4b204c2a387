"""`voicecoach history`: what was practised, and how it went."""

import textwrap
from typing import TYPE_CHECKING

import click

from voicecoach.cli import output
from voicecoach.cli.render import WIDTH, clock, plain
from voicecoach.cli.session import Session, pass_session
from voicecoach.cli.talk import ExitCode, say

if TYPE_CHECKING:
    from voicecoach.history.records import AttemptRow


@click.command(epilog="\b\nExample:\n  voicecoach history --json | jq '.[0].overall'")
@click.option("--json", "as_json", is_flag=True, help="A JSON array, newest first.")
@pass_session
def history(session: Session, as_json: bool) -> int:
    """Every attempt, newest first: when, which question, its number and its cue."""
    rows = session.assembly.engines.history().rows()
    if as_json:
        output.write_json([_as_dict(row) for row in rows])
        return ExitCode.FINE
    if not rows:
        say("No attempt yet. `voicecoach` opens the app.")
    for row in rows:
        output.write_text(_line(row))
    return ExitCode.FINE


def _as_dict(row: "AttemptRow") -> dict[str, object]:
    return {
        "attempt": row.id,
        "question": row.question_id,
        "started_at": row.started_at.isoformat(),
        "engine": row.engine,
        "duration_s": round(row.duration_s, 3),
        "overall": round(row.overall, 3),
        "cue": row.cue,
        "take": row.take_id,
    }


def _line(row: "AttemptRow") -> str:
    when = row.started_at.astimezone().strftime("%Y-%m-%d %H:%M")
    head = f"{when}  {row.overall:>3.0f}  {clock(row.duration_s):>5}  {plain(row.question_id)}"
    cue = textwrap.wrap(plain(row.cue), WIDTH, initial_indent=" " * 18, subsequent_indent=" " * 18)
    return "\n".join((head, *cue))
