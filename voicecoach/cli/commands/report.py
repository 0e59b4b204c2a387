"""`voicecoach report`: a card as a page for a browser."""

from pathlib import Path

import click

from voicecoach.cli import output
from voicecoach.cli.session import Session, pass_session
from voicecoach.cli.talk import ExitCode
from voicecoach.errors import HistoryError


@click.command(epilog="\b\nExamples:\n  voicecoach report 12\n  voicecoach report last -o ~/walkthrough.html")
@click.argument("attempt", metavar="ATTEMPT")
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Where to write it; a new name in the current folder unless told.",
)
@pass_session
def report(session: Session, attempt: str, out: Path | None) -> int:
    """Write one attempt as a self-contained HTML page, with its recording inside.

    ATTEMPT is its number, as `voicecoach history` shows it, or `last`. The page opens in any browser, on a
    phone too, and loads nothing. Nothing is ever overwritten; the file's name goes to stdout.
    """
    from voicecoach.practice.reporting import Reporter  # noqa: PLC0415 - brings jinja2

    coach = session.assembly.coach
    found = coach.attempt(_number(session, attempt))
    if found is None:
        raise HistoryError(f"There is no attempt {attempt}.", "`voicecoach history` shows their numbers.")
    reporter = Reporter(coach)
    file = reporter.write((found,), out) if out is not None else reporter.write_into(Path.cwd(), found)
    output.write_text(str(file))
    return ExitCode.FINE


def _number(session: Session, attempt: str) -> int:
    if attempt == "last":
        newest = session.assembly.engines.history().rows(limit=1)
        if not newest:
            raise HistoryError("There is no attempt yet.", "`voicecoach` opens the app.")
        return newest[0].id
    if not attempt.isascii() or not attempt.isdigit():
        raise click.BadParameter(f"{attempt[:40]!r} is neither a number nor `last`.", param_hint="ATTEMPT")
    return int(attempt[:20])
