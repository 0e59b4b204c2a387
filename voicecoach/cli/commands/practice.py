"""`voicecoach` and `voicecoach practice`: the app."""

import sys

import click

from voicecoach.cli.session import Session, pass_session
from voicecoach.cli.talk import ExitCode
from voicecoach.errors import VoicecoachError


@click.command(epilog="\b\nExample:\n  voicecoach practice imbalanced-data")
@click.argument("question_id", metavar="ID")
@pass_session
def practice(session: Session, question_id: str) -> int:
    """Open the app on one question."""
    return _open(session, session.question(question_id).id)


def open_app(session: Session) -> int:
    """Open the app on its home screen."""
    return _open(session, None)


def _open(session: Session, question_id: str | None) -> int:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise VoicecoachError(
            "The app needs a terminal.",
            "In a script, use `voicecoach score`; `voicecoach --help` lists the rest.",
        )
    from voicecoach.tui.app import run_app  # noqa: PLC0415 - Textual is for the app alone

    run_app(session.assembly, question_id)
    return ExitCode.FINE
