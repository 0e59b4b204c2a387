"""`voicecoach models`: what can hear an answer, and how to get the better ones."""

import textwrap
from typing import TYPE_CHECKING

import click

from voicecoach.cli import output
from voicecoach.cli.render import WIDTH, plain
from voicecoach.cli.session import Session, pass_session
from voicecoach.cli.talk import ExitCode, progress_bar, say
from voicecoach.config import Settings

if TYPE_CHECKING:
    from voicecoach.speech.shelf import ModelEntry


@click.group(
    invoke_without_command=True,
    epilog="\b\nExamples:\n  voicecoach models\n  voicecoach models download small.en",
)
@click.option("--json", "as_json", is_flag=True, help="A JSON array, smallest model first.")
@click.pass_context
def models(context: click.Context, as_json: bool) -> int | None:
    """List the Whisper models: what is here, what each costs and gains. Touches no network."""
    if context.invoked_subcommand is not None:
        return None
    session = context.ensure_object(Session)
    entries = session.assembly.engines.shelf().entries()
    if as_json:
        output.write_json([_as_dict(entry) for entry in entries])
        return ExitCode.FINE
    for entry in entries:
        output.write_text("\n".join(_lines(entry)))
    _say_built_in(session.settings)
    return ExitCode.FINE


def _say_built_in(settings: Settings) -> None:
    """That no model is needed, where that is so: PocketSphinx hears English alone, and stands in for none."""
    if settings.language != "en":
        return
    if settings.engine == "pocketsphinx":
        say("PocketSphinx is built in, and hears: engine is set to it.")
    elif settings.engine == settings.model == "auto":
        say("PocketSphinx is built in, and hears when none of these is here.")


@models.command(epilog="\b\nExample:\n  voicecoach models download small.en")
@click.argument("name")
@pass_session
def download(session: Session, name: str) -> int:
    """Fetch one model once, checked. A second call goes on where the first was stopped."""
    from voicecoach.speech.shelf import DownloadDone, DownloadProgress  # noqa: PLC0415 - only here

    shelf = session.assembly.engines.shelf()
    names = [entry.name for entry in shelf.entries()]
    if name not in names:
        raise click.UsageError(f"There is no model {name!r}; there are {', '.join(names)}.")
    events = shelf.download(name)
    try:
        with progress_bar(f"Downloading {name}") as move_to:
            for event in events:
                match event:
                    case DownloadProgress(done, total):
                        move_to(done, total)
                    case DownloadDone(path):
                        where = path
    except KeyboardInterrupt:
        say("Stopped. What arrived is kept: the same command goes on from there.")
        raise
    say(f"{name} is ready. Where engine and model are on auto, the best model here is used.")
    output.write_text(str(where))
    return ExitCode.FINE


def _as_dict(entry: "ModelEntry") -> dict[str, object]:
    return {
        "name": entry.name,
        "repository": entry.repository,
        "revision": entry.revision,
        "size_bytes": entry.size_bytes,
        "cost": entry.cost,
        "gain": entry.gain,
        "path": None if entry.path is None else str(entry.path),
        "problem": entry.problem,
    }


def _lines(entry: "ModelEntry") -> list[str]:
    if entry.problem:
        where = f"cannot be used: {plain(entry.problem)} ({entry.path})"
    elif entry.path is None:
        where = f"not here; `voicecoach models download {entry.name}`"
    else:
        where = f"here: {entry.path}"
    lines = [f"{entry.name:<16} {entry.size_bytes / 1e6:>6.0f} MB"]
    for text in (where, f"costs: {entry.cost}", f"gains: {entry.gain}"):
        lines += textwrap.wrap(
            text, WIDTH, initial_indent="  ", subsequent_indent="    ", break_long_words=False
        )
    return lines
