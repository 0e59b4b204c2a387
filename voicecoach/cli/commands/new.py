"""`voicecoach new`: the files of a question of one's own."""

import shlex
import unicodedata
from difflib import get_close_matches
from pathlib import Path

import click

from voicecoach.cli import output
from voicecoach.cli.session import LONGEST_NAME, Session, pass_session
from voicecoach.cli.talk import ExitCode, say
from voicecoach.content.authoring import texts_in_use, write_question
from voicecoach.content.model import Structure
from voicecoach.errors import ContentError
from voicecoach.outside import quoted

STRUCTURE = "walkthrough"
"""What a question is told in unless another structure is named: most write their own project first."""


@click.command(
    epilog="\b\nExamples:\n  voicecoach new my-project\n"
    "  voicecoach new define-recall-at-k --structure definition"
)
@click.argument("question_id", metavar="ID")
@click.option(
    "--structure", metavar="NAME", help=f"The order to tell its answer in; {STRUCTURE} unless told."
)
@click.option("--title", metavar="TEXT", help="Its short form, for lists.")
@pass_session
def new(session: Session, question_id: str, structure: str | None, title: str | None) -> int:
    """Begin a question of your own: writes its prompt and rubric for you to fill in.

    ID is its name, such as my-project. The files go to your own bank, or to the folder that --bank names,
    and say in comments what to write; nothing is ever overwritten. With the id of a question that is
    there already, its files are copied, and your copies take its place.
    """
    _check_id(question_id)
    folders = _folders(session)
    target = session.bank_folder or session.paths.own_bank
    others = [folder for folder in folders if folder.resolve() != target.resolve()]
    copied = texts_in_use(question_id, others)
    if copied and (structure is not None or title is not None):
        raise click.UsageError(
            f"{question_id!r} is there already, to be copied as it is: leave --structure and --title out."
        )
    if title is not None:
        _check_title(title)
    texts = copied or _skeleton(question_id, _structure(folders, structure or STRUCTURE), title or "")
    for path in write_question(target, question_id, texts):
        output.write_text(str(path))
    check = (
        "voicecoach check" if session.bank_folder is None else f"voicecoach check {shlex.quote(str(target))}"
    )
    if copied:
        say(f"Copied: yours takes the place of the question {question_id!r}. Edit it, then run `{check}`.")
    else:
        say(f"Write over each TODO in these files; `{check}` lists those that are left.")
    return ExitCode.FINE


def _check_id(question_id: str) -> None:
    from pydantic import TypeAdapter, ValidationError  # noqa: PLC0415 - --help needs none

    from voicecoach.content.shapes import Name  # noqa: PLC0415 - --help needs none

    try:
        TypeAdapter(Name).validate_python(question_id)
    except ValidationError as error:
        first = error.errors()[0]
        reason = first.get("ctx", {}).get("error", "is no text")
        raise click.UsageError(f"The id {quoted(question_id, 60)} {reason}.") from error


def _check_title(title: str) -> None:
    # Cc and Cs: control characters, and bytes of the command line that are no text.
    if not title.strip() or any(unicodedata.category(char) in ("Cc", "Cs") for char in title):
        raise click.UsageError("--title must be a line of text.")


def _folders(session: Session) -> tuple[Path, ...]:
    """The banks there are; a folder that --bank names may be a new one, with nothing in it yet."""
    from voicecoach.content.loader import find_bank_folders, is_bank  # noqa: PLC0415 - --help needs none

    named = session.bank_folder
    return find_bank_folders(named if named and is_bank(named) else None, session.paths.own_bank)


def _structure(folders: tuple[Path, ...], name: str) -> Structure:
    """The structure of that name, even while a question of the person's own has mistakes.

    Raises:
        click.UsageError: There is none.
        ContentError: It may be in a bank that cannot be read.
    """
    from voicecoach.content.loader import load_bank  # noqa: PLC0415 - --help needs none

    mistakes: ContentError | None = None
    try:
        known = load_bank(folders).structures
    except ContentError as error:
        mistakes, known = error, load_bank(folders[:1]).structures
    found = next((structure for structure in known if structure.id == name), None)
    if found is not None:
        return found
    if mistakes is not None:
        raise mistakes
    names = [structure.id for structure in known]
    near = get_close_matches(name[:LONGEST_NAME], names, n=1)
    meant = f" (is {near[0]!r} meant?)" if near else ""
    raise click.UsageError(f"There is no structure {quoted(name, 60)}{meant}; there are {', '.join(names)}.")


def _skeleton(question_id: str, structure: Structure, title: str) -> dict[str, bytes]:
    from voicecoach.content.skeleton import (  # noqa: PLC0415 - brings numpy, which --help does without
        prompt_skeleton,
        rubric_skeleton,
    )

    return {
        "prompts": prompt_skeleton(question_id, structure, title).encode(),
        "rubrics": rubric_skeleton(question_id, structure).encode(),
    }
