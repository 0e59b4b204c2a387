"""`voicecoach history`: what was practised, how it went, and two takes side by side."""

import textwrap
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from voicecoach.cli import output
from voicecoach.cli.render import WIDTH, plain
from voicecoach.cli.session import Session, pass_session
from voicecoach.cli.talk import ExitCode, say
from voicecoach.minutes import length

if TYPE_CHECKING:
    from voicecoach.history.records import AttemptRow


@click.command(
    epilog="\b\nExamples:\n  voicecoach history --json | jq '.[0].overall'\n"
    "  voicecoach history --compare 3 7"
)
@click.option(
    "--json", "as_json", is_flag=True, help="A JSON array, newest first; with --compare one object."
)
@click.option(
    "--compare",
    type=int,
    nargs=2,
    metavar="A B",
    help="Two takes of one question side by side, by their numbers.",
)
@pass_session
def history(session: Session, as_json: bool, compare: tuple[int, int] | None) -> int:
    """Every attempt, newest first: its number, when, its score, its length, which question, and its cue."""
    if compare is not None:
        return _compare(session, compare, as_json=as_json)
    rows = session.assembly.engines.history().rows()
    if as_json:
        output.write_json([_as_dict(row) for row in rows])
        return ExitCode.FINE
    if not rows:
        say("No attempt yet. `voicecoach` opens the app.")
    for row in rows:
        output.write_text(_line(row))
    return ExitCode.FINE


def _compare(session: Session, compare: tuple[int, int], *, as_json: bool) -> int:
    from voicecoach.cli.side_by_side import render_pair  # noqa: PLC0415 - brings numpy
    from voicecoach.practice.again import pair_of  # noqa: PLC0415 - brings numpy
    from voicecoach.scoring.contract import rounded  # noqa: PLC0415 - brings pydantic

    found = pair_of(session.assembly.engines.history(), *compare)
    if as_json:
        numbers = {"before": found.before.id, "after": found.after.id, "question": found.after.question_id}
        output.write_json({**numbers, **rounded(asdict(found.comparison))})
    else:
        question = session.bank.find(found.after.question_id)
        output.write_text(render_pair(found, question, colour=output.wants_colour()))
    return ExitCode.FINE


def _as_dict(row: "AttemptRow") -> dict[str, object]:
    return {
        "attempt": row.id,
        "question": row.question_id,
        "started_at": row.started_at.isoformat(),
        "engine": row.engine,
        "duration_s": round(row.duration_s, 3),
        "overall": round(row.overall, 3),
        "corrected": row.corrected,
        "cue": row.cue,
        "take": row.take_id,
    }


def _line(row: "AttemptRow") -> str:
    when = row.started_at.astimezone().strftime("%Y-%m-%d %H:%M")
    head = f"{row.id:>5}  {when}  {row.overall:>3.0f}  {length(row.duration_s):>5}  {plain(row.question_id)}"
    if row.corrected:
        head += "  (corrected by you)"
    cue = textwrap.wrap(plain(row.cue), WIDTH, initial_indent=" " * 25, subsequent_indent=" " * 25)
    return "\n".join((head, *cue))
