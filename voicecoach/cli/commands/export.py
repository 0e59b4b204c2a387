"""`voicecoach export`: every attempt for other programs."""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import click

from voicecoach.cli import output
from voicecoach.cli.session import Session, find_question, pass_session
from voicecoach.cli.talk import ExitCode, say, say_error
from voicecoach.content.model import is_of
from voicecoach.errors import HistoryError

if TYPE_CHECKING:
    from voicecoach.history.records import Attempt, History

DAY = click.DateTime(["%Y-%m-%d"])


@click.command(
    epilog="\b\nExamples:\n  voicecoach export > attempts.json\n"
    "  voicecoach export --format csv --from 2026-11-01 > november.csv"
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["json", "csv"]),
    default="json",
    show_default=True,
    help="JSON has everything; CSV has a row an attempt.",
)
@click.option("--points", is_flag=True, help="With CSV: a row a point instead.")
@click.option(
    "--question", "question_id", metavar="ID", help="Attempts on this question and its parts alone."
)
@click.option("--from", "first", type=DAY, metavar="YYYY-MM-DD", help="Attempts of this day and later.")
@click.option("--to", "last", type=DAY, metavar="YYYY-MM-DD", help="Attempts of this day and earlier.")
@pass_session
def export(  # noqa: PLR0913 - click hands over each option as an argument
    session: Session,
    *,
    form: str,
    points: bool,
    question_id: str | None,
    first: datetime | None,
    last: datetime | None,
) -> int:
    """Write attempts with their transcripts and cards to stdout, oldest first.

    The file that you make of it is yours to keep safe: `forget` does not know of it.
    """
    if points and form != "csv":
        raise click.UsageError("--points goes with --format csv; JSON has the points in each card.")
    if first and last and last < first:
        raise click.UsageError("--to is before --from.")
    begin = _midnight(first, "--from") if first else None
    end = _midnight(last, "--to", days=1) if last else None
    history = session.assembly.engines.history()
    ids = history.attempt_ids(begin, end)
    if question_id is not None:
        asked = _ids_of(history, question_id)
        ids = tuple(each for each in ids if each in asked)
    if not ids:
        if question_id is not None and not asked:
            find_question(session.bank, question_id)
        say("No attempt fits.")
    unreadable: list[int] = []
    attempts = _attempts(history, ids, unreadable)
    if form == "json":
        _write_json(attempts)
    else:
        _write_csv(attempts, points=points)
    return ExitCode.FOUND if unreadable else ExitCode.FINE


def _ids_of(history: "History", question_id: str) -> frozenset[int]:
    """Attempts on a question and on its parts, which the drill and retries ask for by themselves."""
    return frozenset(row.id for row in history.rows() if is_of(row.question_id, question_id))


def _midnight(day: datetime, option: str, days: int = 0) -> datetime:
    """The beginning of a day by this machine's calendar, or of one some days later: not each has 24 hours."""
    try:
        return (day + timedelta(days=days)).astimezone(UTC)
    except (OverflowError, OSError, ValueError) as error:
        raise click.UsageError(f"{option}: no calendar reaches {day:%Y-%m-%d}.") from error


def _attempts(history: "History", ids: Iterable[int], unreadable: list[int]) -> Iterator["Attempt"]:
    """One after another; one that cannot be read is told and left out."""
    for attempt_id in ids:
        try:
            attempt = history.get(attempt_id)
        except HistoryError as error:
            unreadable.append(attempt_id)
            say_error(error)
            continue
        if attempt is not None:  # else it was deleted meanwhile
            yield attempt


def _write_json(attempts: Iterable["Attempt"]) -> None:
    """An array with one attempt a line, so that nothing has to be held."""
    from voicecoach.cli.exporting import as_dict  # noqa: PLC0415 - not needed for --help

    before = "[\n"
    for attempt in attempts:
        output.write_data(before + json.dumps(as_dict(attempt), ensure_ascii=False, allow_nan=False))
        before = ",\n"
    output.write_data("[]\n" if before == "[\n" else "\n]\n")


def _write_csv(attempts: Iterable["Attempt"], *, points: bool) -> None:
    from voicecoach.cli.exporting import (  # noqa: PLC0415 - not needed for --help
        ATTEMPT_COLUMNS,
        POINT_COLUMNS,
        attempt_row,
        csv_line,
        point_rows,
    )

    output.write_data(csv_line(POINT_COLUMNS if points else ATTEMPT_COLUMNS))
    for attempt in attempts:
        rows = point_rows(attempt) if points else [attempt_row(attempt)]
        output.write_data("".join(map(csv_line, rows)))
