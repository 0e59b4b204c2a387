"""`voicecoach doctor`: what is fine, and what to do about the rest."""

import textwrap
from collections.abc import Iterable
from dataclasses import asdict

import click

from voicecoach.cli import output
from voicecoach.cli.doctor import Finding, State, examine
from voicecoach.cli.render import WIDTH, plain
from voicecoach.cli.repair import mend
from voicecoach.cli.session import Session, pass_session
from voicecoach.cli.talk import ExitCode, say

COLOURS: dict[State, str] = {"ok": "green", "warn": "yellow", "fail": "red"}


@click.command(epilog="\b\nExamples:\n  voicecoach doctor\n  voicecoach doctor --repair")
@click.option(
    "--repair",
    is_flag=True,
    help="Mend history and permissions, sweep leftovers away, and say what was done.",
)
@click.option(
    "--json", "as_json", is_flag=True, help='A JSON array of {"name", "state", "message", "remedy"}.'
)
@pass_session
def doctor(session: Session, *, repair: bool, as_json: bool) -> int:
    """Look at microphone, loudspeaker, models, disk, terminal, folders, history and voice.

    Each is ok, warn (the app does its job, and could do it better) or fail (asking, recording, hearing,
    judging or keeping does not work). The exit code is 1 when anything fails.

    With --repair what is kept is mended instead: a damaged history is set aside, and what can be read of it
    goes into a new one. Recordings are left alone, and nothing that was kept is deleted.
    """
    findings: list[Finding] = []
    for finding in mend(session, say) if repair else examine(session, say):
        findings.append(finding)
        if not as_json:
            output.write_text("\n".join(_lines(finding)))
    if as_json:
        output.write_json([asdict(finding) for finding in findings])
    return ExitCode.FOUND if any(finding.state == "fail" for finding in findings) else ExitCode.FINE


def _lines(finding: Finding) -> Iterable[str]:
    state = f"{finding.state:<4}"
    shown = click.style(state, fg=COLOURS[finding.state]) if output.wants_colour() else state
    first, *rest = textwrap.wrap(f"{finding.name}: {plain(finding.message)}", WIDTH - 6)
    yield f"{shown}  {first}"
    yield from (" " * 6 + line for line in rest)
    yield from textwrap.wrap(
        plain(finding.remedy), WIDTH, initial_indent=" " * 6 + "> ", subsequent_indent=" " * 8
    )
