"""The program: global options, the list of commands, and what becomes of their errors."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import click

from voicecoach.cli import output
from voicecoach.cli.commands.bank import list_questions, show
from voicecoach.cli.commands.check import check
from voicecoach.cli.commands.demo import demo
from voicecoach.cli.commands.doctor import doctor
from voicecoach.cli.commands.drill import drill
from voicecoach.cli.commands.eval import evaluate
from voicecoach.cli.commands.export import export
from voicecoach.cli.commands.forget import forget
from voicecoach.cli.commands.history import history
from voicecoach.cli.commands.models import models
from voicecoach.cli.commands.new import new
from voicecoach.cli.commands.plan import plan
from voicecoach.cli.commands.practice import open_app, practice
from voicecoach.cli.commands.progress import progress
from voicecoach.cli.commands.project import project
from voicecoach.cli.commands.report import report
from voicecoach.cli.commands.round import hold_round
from voicecoach.cli.commands.score import score
from voicecoach.cli.commands.serve import serve
from voicecoach.cli.commands.target import target
from voicecoach.cli.session import Session, pass_session
from voicecoach.cli.talk import EXIT_CODES, ExitCode, say, say_crash, say_error, say_usage
from voicecoach.config import EngineChoice, VoiceChoice
from voicecoach.errors import VoicecoachError
from voicecoach.outside import quoted

_EXIT_CODE_LINES = "\n".join(f"  {code.value:>3}  {meaning}" for code, meaning in EXIT_CODES)

EPILOG = f"""\b
Examples:
  voicecoach
  voicecoach practice imbalanced-data
  voicecoach score answer.wav --question imbalanced-data

\b
Exit codes:
{_EXIT_CODE_LINES}

stdout is data, stderr is talk. Nothing leaves this machine but a model download that you ask for.
"""


def _show_version(context: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if not wanted:
        return
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 - brings email and sockets

    try:
        number = version("voicecoach")
    except PackageNotFoundError:
        number = "(run from a folder, not installed)"
    output.write_text(f"voicecoach {number}")
    context.exit()


@click.group(
    invoke_without_command=True,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--bank",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="A folder with prompts/ and rubrics/ whose questions are added to the bank.",
)
@click.option("--engine", type=click.Choice(get_args(EngineChoice)), help="Who hears the answer.")
@click.option("--model", metavar="NAME|FOLDER", help="Which Whisper model hears it.")
@click.option("--language", metavar="CODE", help="Language that Whisper listens for, such as en.")
@click.option("--voice", type=click.Choice(get_args(VoiceChoice)), help="Who speaks the question.")
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_version,
    help="Show the version.",
)
@click.pass_context
def cli(  # noqa: PLR0913 - click hands over each option as an argument
    context: click.Context,
    *,
    bank: Path | None,
    engine: str | None,
    model: str | None,
    language: str | None,
    voice: str | None,
) -> int | None:
    """Practise spoken interview answers, offline: hear a question, answer aloud, see a card.

    Without a command the app opens. The options below stand before the command and win over the
    environment (VOICECOACH_ENGINE and so on) and the settings file.
    """
    given = {"engine": engine, "model": model, "language": language, "voice": voice}
    context.obj = Session(bank, {key: value for key, value in given.items() if value is not None})
    if context.invoked_subcommand is None:
        return int(context.invoke(pass_session(open_app)))
    return None


for command in (
    practice,
    drill,
    project,
    hold_round,
    target,
    score,
    list_questions,
    show,
    history,
    plan,
    progress,
    report,
    export,
    forget,
    new,
    check,
    evaluate,
    doctor,
    models,
    demo,
    serve,
):
    cli.add_command(command)


def run(arguments: Sequence[str]) -> int:
    """Run one command line.

    Args:
        arguments: Without the program's name.

    Returns:
        The exit code; every error has been told on stderr.
    """
    try:
        _refuse_unwritable(arguments)
        code = _invoke(arguments)
    except SystemExit:
        # So click ends where whoever read its help stopped reading.
        return ExitCode.PIPE_CLOSED
    except (click.Abort, KeyboardInterrupt):
        say("voicecoach: stopped")
        return ExitCode.INTERRUPTED
    except click.ClickException as error:
        say_usage(error, _moved_hint(error))
        return ExitCode.USAGE
    except VoicecoachError as error:
        say_error(error)
        return ExitCode.FAILED
    except Exception as error:  # the last stop: nobody should be shown a traceback
        say_crash(error)
        return ExitCode.BUG
    return int(code or ExitCode.FINE)


def _invoke(arguments: Sequence[str]) -> int | None:
    try:
        code: int | None = cli.main(args=list(arguments), prog_name="voicecoach", standalone_mode=False)
    except OSError:
        # click writes its help by itself; what stdout did not take of it still waits there.
        output.flush()
        raise
    return code


def main() -> None:
    """The `voicecoach` program."""
    sys.exit(run(sys.argv[1:]))


def _refuse_unwritable(arguments: Sequence[str]) -> None:
    """No shell can hand these over, but whoever calls `run` can."""
    for argument in arguments:
        try:
            written = os.fsencode(argument)
        except UnicodeEncodeError:
            written = b"\0"
        if b"\0" in written:
            raise click.UsageError(f"{quoted(argument)} is no text that a command line can hold.")


def _moved_hint(error: click.ClickException) -> str:
    """Where a global option belongs, when it stood behind the command."""
    if isinstance(error, click.NoSuchOption):
        names = {name for option in cli.params for name in option.opts}
        if error.option_name in names:
            return f" {error.option_name} stands before the command."
    return ""
