"""`voicecoach drill`: the definition drill in the app."""

import click

from voicecoach.cli.commands.practice import open_on
from voicecoach.cli.session import Session, pass_session
from voicecoach.tui.opening import Opening


@click.command(epilog="\b\nExamples:\n  voicecoach drill\n  voicecoach drill precision recall data-drift")
@click.argument("terms", metavar="[TERM]...", nargs=-1)
@pass_session
def drill(session: Session, terms: tuple[str, ...]) -> int:
    """Open the app on the definition drill.

    A TERM is a definition's title or id, with or without "define-"; without any the app asks which to drill.
    """
    from voicecoach.practice.terms import all_terms, find_term  # noqa: PLC0415 - --help needs none

    known = all_terms(session.bank) if terms else ()
    return open_on(session, Opening("drill", " ".join(find_term(known, name).id for name in terms)))
