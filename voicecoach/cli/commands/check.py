"""`voicecoach check`: lint of prompts and rubrics, the person's own too."""

import sys
from collections.abc import Callable, Iterable, Iterator, Set
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from voicecoach.cli import output
from voicecoach.cli.render import plain
from voicecoach.cli.session import Session, pass_session
from voicecoach.cli.talk import ExitCode, counted, progress_bar, say
from voicecoach.content.authoring import ROOMS, SPOKEN_ROOM, file_of
from voicecoach.errors import ContentError

if TYPE_CHECKING:
    from voicecoach.content.check import Finding

STRUCTURES = "rubrics/structures.toml"
"""What every question leans on."""

SHARED = (STRUCTURES, "rubrics/warnings.toml", "prompts/training.toml")
"""Files of a bank that are no question's."""


@click.command(
    epilog="\b\nExamples:\n  voicecoach check\n  voicecoach check ~/questions/rubrics/my-project.toml"
)
@click.argument("paths", type=click.Path(path_type=Path, exists=True, resolve_path=True), nargs=-1)
@click.option(
    "--json", "as_json", is_flag=True, help='A JSON array of {"severity", "place", "key", "message"}.'
)
@pass_session
def check(session: Session, paths: tuple[Path, ...], as_json: bool) -> int:
    """Lint prompts and rubrics: the whole bank and your own, or only those of PATHS.

    PATHS are bank folders, or files in one; they may use the structures that ship with voicecoach. An
    error judges wrongly, is not written yet or cannot be read, a warning only does it less well. The
    exit code is 1 when there are errors.
    """
    chosen = [(path, _bank_folder(path)) for path in paths]
    folders = _folders(session, [folder for _, folder in chosen])
    mine = _own_names(session)
    findings, shipped = [], 0
    for finding in _findings(session, folders, chosen, mine):
        findings.append(finding)
        # An author would not see theirs among those that are not to mend.
        if not paths and finding.severity == "warning" and Path(finding.place).stem not in mine:
            shipped += 1
        elif not as_json:
            message = ": ".join(part for part in (finding.place, finding.key, finding.message) if part)
            output.write_text(f"{finding.severity:<7}  {plain(message)}")
    if as_json:
        output.write_json([asdict(finding) for finding in findings])
    errors = sum(finding.severity == "error" for finding in findings)
    say(f"{counted(errors, 'error')}, {counted(len(findings) - errors, 'warning')}")
    if shipped and not as_json:
        say(f"{shipped} of the warnings are about questions that ship with voicecoach; --json lists them")
    return ExitCode.FOUND if errors else ExitCode.FINE


def _own_names(session: Session) -> frozenset[str]:
    """Names of the files that are the person's own."""
    own = [folder for folder in (session.paths.own_bank, session.bank_folder) if folder is not None]
    return frozenset(file.stem for folder in own for room in ROOMS for file in (folder / room).glob("*.toml"))


def _bank_folder(path: Path) -> Path:
    """The bank folder that a path is, or lies in."""
    for folder in (path, *path.parents[:3]):
        if any((folder / room).is_dir() for room in ROOMS):
            return folder
    raise click.UsageError(
        f"{path} is neither a bank folder, with prompts/ or rubrics/ in it, nor inside one."
    )


def _folders(session: Session, asked_for: Iterable[Path]) -> tuple[Path, ...]:
    from voicecoach.content.loader import find_bank_folders  # noqa: PLC0415 - --help needs none

    usual = find_bank_folders(session.bank_folder, session.paths.own_bank)
    known = {folder.resolve() for folder in usual}
    return (*usual, *dict.fromkeys(folder for folder in asked_for if folder not in known))


def _findings(
    session: Session, folders: tuple[Path, ...], chosen: list[tuple[Path, Path]], mine: Set[str]
) -> Iterator["Finding"]:
    """What there is to mend: first of the person's own questions, each as it is found, then of the others."""
    from voicecoach.content.check import Finding  # noqa: PLC0415 - brings numpy, which --help does without
    from voicecoach.content.loader import load_usable  # noqa: PLC0415 - --help needs none
    from voicecoach.practice.bank_check import check_bank  # noqa: PLC0415 - brings numpy too

    try:
        bank = load_usable(folders)
    except ContentError as error:
        yield from (Finding("error", *_placed(problem)) for problem in error.problems)
        return
    broken = [Finding("error", *_placed(problem)) for problem in bank.left_out]
    # What such a file would have replaced is in the bank again, and not what was asked about.
    names = {Path(finding.place).stem for finding in broken}
    bank = replace(bank, questions=tuple(q for q in bank.questions if q.id not in names))
    if chosen:
        broken = [finding for finding in broken if _concerns(finding.place, chosen)]
        bank = replace(bank, questions=tuple(q for q in bank.questions if _is_chosen(q.id, chosen)))
    yield from broken
    if not bank.questions:
        if not broken and not any(_holds_shared(*each) for each in chosen):
            raise click.UsageError(f"There is no question in {' or '.join(str(path) for path, _ in chosen)}.")
        return
    say(f"Checking {counted(len(bank.questions), 'question')}")
    own = tuple(question for question in bank.questions if question.id in mine)
    for findings in check_bank(replace(bank, questions=own), session.assembly.engines):
        yield from findings
    others = tuple(question for question in bank.questions if question.id not in mine)
    if not others:
        return
    found: list[Finding] = []
    with _progress() as move_to:
        for done, findings in enumerate(
            check_bank(replace(bank, questions=others), session.assembly.engines), 1
        ):
            found += findings
            move_to(done, len(others))
    yield from found


def _progress() -> AbstractContextManager[Callable[[int, int], None]]:
    """A bar for a person who waits; a log needs none."""
    if sys.stderr is not None and sys.stderr.isatty():
        return progress_bar("Comparing meanings")
    return nullcontext(lambda _done, _total: None)


def _holds_shared(path: Path, folder: Path) -> bool:
    """Whether a path of a bank folder is, or holds, a file that is no question's."""
    return any(file.exists() and file.is_relative_to(path) for file in (folder / shared for shared in SHARED))


def _is_chosen(question_id: str, chosen: list[tuple[Path, Path]]) -> bool:
    """Whether a file of the question lies at, or under, one of the paths. Structures concern them all."""
    return any(
        path == folder / STRUCTURES or (file.exists() and file.is_relative_to(path))
        for path, folder in chosen
        for file in (file_of(folder, room, question_id) for room in (*ROOMS, SPOKEN_ROOM))
    )


def _concerns(place: str, chosen: list[tuple[Path, Path]]) -> bool:
    """Whether a mistake is in a file that the paths ask about, or in one that theirs may lean on."""
    stem = Path(place).stem
    return stem in ("", Path(STRUCTURES).stem) or _is_chosen(stem, chosen)


def _placed(problem: str) -> tuple[str, str, str]:
    """File, key and message of a problem that kept the bank from loading."""
    place, separator, rest = problem.partition(": ")
    if not separator or not place.endswith((".toml", ".txt")):
        return "", "", problem
    key, separator, message = rest.partition(": ")
    return (place, key, message) if separator and " " not in key else (place, "", rest)
