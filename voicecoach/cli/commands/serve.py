"""`voicecoach serve`: the app in a browser on this machine."""

import sys

import click

from voicecoach.cli import output
from voicecoach.cli.session import Session, pass_session
from voicecoach.cli.talk import ExitCode, say


@click.command(epilog="\b\nExamples:\n  voicecoach serve\n  voicecoach serve --port 8765")
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=0,
    metavar="PORT",
    help="Where to listen; a free one unless told.",
)
@pass_session
def serve(session: Session, port: int) -> int:
    """Open the app to a browser on this machine, until Ctrl-C.

    Prints the address to open; it works on this machine alone, and its token is new each time. Microphone and
    loudspeaker are those of this machine, not the browser's. Each window is an app of its own.
    """
    from voicecoach.serve.server import serve as serve_app  # noqa: PLC0415 - brings aiohttp

    serve_app([sys.executable, "-P", "-m", "voicecoach", *session.arguments], port, _announce)
    return ExitCode.FINE


def _announce(address: str) -> None:
    output.write_text(address)
    say("Open this address in a browser on this machine. Microphone and loudspeaker are this machine's own.")
    say("Ctrl-C ends it.")
