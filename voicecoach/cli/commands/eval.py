"""`voicecoach eval`: how well the judge judges, measured on answers that people have labelled."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from voicecoach.cli import output
from voicecoach.cli.session import Session, pass_session
from voicecoach.cli.talk import ExitCode, progress_bar, say

if TYPE_CHECKING:
    from voicecoach.practice.evaluation.evaluator import Evaluation

USUALLY_SPOKEN = 24
"""Hearing an answer takes seconds, so a sample is heard unless all are asked for."""


@click.command(
    "eval", epilog="\b\nExamples:\n  voicecoach eval\n  voicecoach eval ~/labelled --spoken --json"
)
@click.argument(
    "folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="[FOLDER]",
    required=False,
)
@click.option("--spoken", is_flag=True, help="Also have a voice speak answers and the recogniser hear them.")
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    metavar="N",
    help=f"How many answers are spoken; {USUALLY_SPOKEN} unless told, drawn alike in each run.",
)
@click.option("--json", "as_json", is_flag=True, help="The figures as one JSON object.")
@pass_session
def evaluate(session: Session, *, folder: Path | None, spoken: bool, limit: int | None, as_json: bool) -> int:
    """Measure the judge on labelled answers, beside two baselines in the same run.

    FOLDER holds answers.jsonl and labels.jsonl, as docs/judging.md describes them; without it the
    labelled set of this checkout is taken. It takes some minutes.
    """
    from voicecoach.practice.evaluation.labelled import read_labelled, shipped_set  # noqa: PLC0415 - brings numpy
    from voicecoach.practice.evaluation.table import table  # noqa: PLC0415 - brings numpy

    if limit is not None and not spoken:
        raise click.UsageError("--limit is for --spoken.")
    chosen = folder or shipped_set()
    if chosen is None:
        raise click.UsageError("Name a FOLDER: an installed voicecoach has no labelled answers of its own.")
    labelled = read_labelled(chosen, session.bank)
    say(f"Judging {len(labelled.answers)} answers of {chosen}")
    with progress_bar("Measuring") as move_to:
        found = session.assembly.evaluator.measure(
            labelled, (limit or USUALLY_SPOKEN) if spoken else 0, move_to
        )
    if as_json:
        output.write_json(_as_dict(found))
    else:
        output.write_text(table(found))
    return ExitCode.FINE


def _as_dict(evaluation: "Evaluation") -> dict[str, object]:
    """The figures, with what they are held against; the folder by its name as it was given."""
    from voicecoach.practice.evaluation.targets import held_against_targets  # noqa: PLC0415 - brings numpy

    targets = [asdict(each) for each in held_against_targets(evaluation)]
    return {**asdict(evaluation), "folder": str(evaluation.folder), "targets": targets}
