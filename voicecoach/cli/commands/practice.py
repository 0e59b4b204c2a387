"""`voicecoach` and `voicecoach practice`: the app."""

import os
import sys

import click

from voicecoach.cli import output
from voicecoach.cli.session import Session, pass_session
from voicecoach.cli.talk import ExitCode
from voicecoach.errors import VoicecoachError
from voicecoach.serve import WEB_DRIVER
from voicecoach.tui.opening import HOME, Opening


@click.command(epilog="\b\nExample:\n  voicecoach practice imbalanced-data")
@click.argument("question_id", metavar="ID")
@pass_session
def practice(session: Session, question_id: str) -> int:
    """Open the app on one question."""
    return open_on(session, Opening("practice", session.question(question_id).id))


def open_app(session: Session) -> int:
    """Open the app on its home screen."""
    return open_on(session, HOME)


def open_on(session: Session, opening: Opening) -> int:
    """Open the app on one of its flows and stay until it is left.

    Raises:
        VoicecoachError: There is no terminal.
    """
    in_browser = os.environ.get("TEXTUAL_DRIVER") == WEB_DRIVER
    has_terminal = sys.stdin is not None and sys.stdin.isatty() and output.is_terminal()
    if not in_browser and not has_terminal:
        raise VoicecoachError(
            "The app needs a terminal.",
            "In a script, use `voicecoach score`; `voicecoach --help` lists the rest.",
        )
    from voicecoach.tui.app import run_app  # noqa: PLC0415 - Textual is for the app alone

    run_app(session.assembly, opening)
    return ExitCode.FINE
