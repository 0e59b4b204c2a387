"""`voicecoach target`: the job that the bank is ordered for."""

from pathlib import Path

import click

from voicecoach.cli import output
from voicecoach.cli.commands.score import read_text
from voicecoach.cli.render import plain
from voicecoach.cli.session import Session, pass_session
from voicecoach.cli.talk import ExitCode, say

SHOWN = 10
"""Questions that are listed."""


@click.command(
    epilog='\b\nExamples:\n  voicecoach target "ML engineer, fraud detection"\n'
    "  voicecoach target --file job.pdf\n  voicecoach target --clear"
)
@click.argument("job", metavar="[TEXT]", default="")
@click.option(
    "--file",
    "file",
    type=click.Path(path_type=Path, allow_dash=True),
    metavar="FILE",
    help="A job description: text, Markdown, PDF or .docx; `-` reads UTF-8 text from stdin.",
)
@click.option("--clear", is_flag=True, help="Have no target job.")
@pass_session
def target(session: Session, job: str, file: Path | None, *, clear: bool) -> int:
    """Set the job that you are after, and see which questions it calls for; the app lists them first.

    Without TEXT, shows the job that is set. It is kept in your own folder, and `forget --everything`
    deletes it.
    """
    from voicecoach.practice.target import TargetFile, look_at_target  # noqa: PLC0415 - --help needs none

    if bool(job) + (file is not None) + clear > 1:
        raise click.UsageError("Give the job as text, as a file, or --clear: one of them.")
    kept = TargetFile(session.paths.target_file)
    if clear:
        say("The target job is deleted." if kept.clear() else "There was no target job.")
        return ExitCode.FINE
    if file is not None:
        job = _read(file)
    if job or file is not None:
        if not job.strip():
            raise click.UsageError("There is no text in it.")
        kept.write(job)
    found = look_at_target(session.paths.target_file, session.bank.questions)
    if found is None:
        say("There is no target job. Set one with `voicecoach target TEXT` or --file, or with j in the app.")
        return ExitCode.FINE
    output.write_text(plain(found.name))
    fitting = [question for question in session.bank.questions if found.words(question.id)]
    fitting.sort(key=lambda question: -found.matches[question.id].score)
    for question in fitting[:SHOWN]:
        output.write_text(f"  {question.id}: {', '.join(found.words(question.id))}")
    say(
        f"Of {len(session.bank.questions)} questions {len(fitting)} answer to words of the job"
        f"{'; those that do most are above' if len(fitting) > SHOWN else ''}"
        if fitting
        else "No question answers to its words."
    )
    return ExitCode.FINE


def _read(file: Path) -> str:
    if str(file) == "-":
        return read_text(file)
    from voicecoach.documents.reading import read_document  # noqa: PLC0415 - --help needs none

    return "\n".join(read_document(file).lines)
