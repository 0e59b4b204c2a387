"""`voicecoach report`: a card as a page for a browser."""

from pathlib import Path

import click

from voicecoach.cli import output
from voicecoach.cli.session import Session, pass_session
from voicecoach.cli.talk import ExitCode
from voicecoach.errors import HistoryError


@click.command(
    epilog="\b\nExamples:\n  voicecoach report 12\n  voicecoach report last -o ~/walkthrough.html\n"
    "  voicecoach report --round last"
)
@click.argument("attempt", metavar="[ATTEMPT]", required=False)
@click.option(
    "--round",
    "run",
    metavar="ROUND",
    help="A round instead: its number, as `voicecoach round` shows it, or `last`, the newest held.",
)
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Where to write it; a new name in the current folder unless told.",
)
@pass_session
def report(session: Session, attempt: str | None, run: str | None, out: Path | None) -> int:
    """Write one attempt, or a round, as a self-contained HTML page with its recordings inside.

    ATTEMPT is its number, as `voicecoach history` shows it, or `last`. The page opens in any browser, on a
    phone too, and loads nothing. Nothing is ever overwritten; the file's name goes to stdout.
    """
    if (attempt is None) == (run is None):
        raise click.UsageError("Name an attempt, or a round with --round.")
    if attempt is not None:
        file = _report_attempt(session, attempt, out)
    else:
        file = _report_round(session, str(run), out)
    output.write_text(str(file))
    return ExitCode.FINE


def _report_attempt(session: Session, attempt: str, out: Path | None) -> Path:
    from voicecoach.practice.reporting import Reporter  # noqa: PLC0415 - brings jinja2

    coach = session.coach
    newest = (row.id for row in coach.attempts(limit=1)) if attempt == "last" else iter(())
    number = next(newest, 0) if attempt == "last" else _number(attempt, "ATTEMPT")
    found = coach.attempt(number)
    if found is None:
        raise HistoryError(
            "There is no attempt yet." if attempt == "last" else f"There is no attempt {attempt}.",
            "`voicecoach history` shows their numbers.",
        )
    reporter = Reporter(coach)
    return reporter.write(found, out) if out is not None else reporter.write_into(Path.cwd(), found)


def _report_round(session: Session, run: str, out: Path | None) -> Path:
    from voicecoach.practice.interviewing import Interviewer  # noqa: PLC0415 - brings numpy
    from voicecoach.practice.reporting import Reporter  # noqa: PLC0415 - brings jinja2

    coach = session.coach
    interviewer = Interviewer(coach)
    if run == "last":
        number = next((held.run.id for held in interviewer.past()), 0)
    else:
        number = _number(run, "--round")
    if session.assembly.engines.rounds().get(number) is None:
        raise HistoryError(
            "There is no round yet." if run == "last" else f"There is no round {run}.",
            "`voicecoach round` shows their numbers.",
        )
    found = interviewer.report(number)
    reporter = Reporter(coach)
    return (
        reporter.write_round(found, out) if out is not None else reporter.write_round_into(Path.cwd(), found)
    )


def _number(text: str, where: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise click.BadParameter(f"{text[:40]!r} is neither a number nor `last`.", param_hint=where)
    return int(text[:18])
