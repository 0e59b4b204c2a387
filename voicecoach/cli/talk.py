"""The one place that writes to stderr and knows the exit codes."""

import sys
import traceback
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import IntEnum

import click

from voicecoach.config import find_paths
from voicecoach.errors import ContentError, VoicecoachError
from voicecoach.private import make_private_folder, private_opener

CRASH_LOG = "crash.log"
"""Name of the file in the data folder that holds the traceback of the last crash."""

LONGEST_LINE = 2_000
"""Characters of what is said at once."""


class ExitCode(IntEnum):
    """What a script learns from a command."""

    FINE = 0
    FOUND = 1
    """It ran, and something in it failed: a bad batch line, an error in the bank, a fault doctor found."""
    USAGE = 2
    FAILED = 3
    """It could not be done; one line on stderr says why and what to do."""
    BUG = 70
    """An unexpected error; its details are in the crash log."""
    INTERRUPTED = 130
    PIPE_CLOSED = 141
    """Whoever read stdout stopped reading, as `head` does."""


EXIT_CODES = (
    (ExitCode.FINE, "fine"),
    (
        ExitCode.FOUND,
        "it ran, and something in it failed: a batch line, an error check found, a fault doctor found",
    ),
    (ExitCode.USAGE, "the command line is wrong"),
    (ExitCode.FAILED, "it could not be done; stderr says why and what to do"),
    (ExitCode.BUG, "a bug in voicecoach; stderr names the file with the details"),
    (ExitCode.INTERRUPTED, "stopped with Ctrl-C"),
    (ExitCode.PIPE_CLOSED, "whoever read stdout stopped reading"),
)
"""Every exit code and its meaning, as --help and docs/commands.md give them."""


def counted(count: int, one: str, many: str = "") -> str:
    """A number and what it counts; `many` where that takes more than an s."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def say(line: str) -> None:
    """One line for the person; dropped when nobody can read it any more.

    A name in it may hold anything: what could steer the terminal, or break the line, is written as an escape,
    and what is far too long loses its middle.
    """
    if len(line) > LONGEST_LINE:
        line = f"{line[: LONGEST_LINE * 2 // 3]} ... {line[-LONGEST_LINE // 3 :]}"
    try:
        click.echo("".join(map(_harmless, line)), err=True)
    except (OSError, ValueError):
        # A closed or full stderr must not stop the work whose data goes to stdout.
        return


def _harmless(char: str) -> str:
    if unicodedata.category(char)[0] != "C":
        return char
    return char.encode("unicode_escape").decode("ascii")


def say_error(error: VoicecoachError) -> None:
    """One clear line: what happened and what to do. A bank's problems stand on a line each."""
    if isinstance(error, ContentError):
        for problem in error.problems:
            say(f"voicecoach: {problem}")
        if error.hint:
            say(error.hint)
        return
    say(f"voicecoach: {error}")


def say_usage(error: click.ClickException, moved_hint: str) -> None:
    """A wrong command line, as click words it, with a hint where click has none."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    say(f"voicecoach: {error.format_message()}{moved_hint}")
    if context is not None:
        say(f"Try `{context.command_path} --help`.")


def say_crash(error: BaseException) -> None:
    """One line, with the details in a file of the person's own."""
    head = f"voicecoach: unexpected error ({type(error).__name__}); this is a bug."
    try:
        folder = find_paths().data
        make_private_folder(folder)
        log = folder / CRASH_LOG
        with open(log, "w", encoding="utf-8", errors="backslashreplace", opener=private_opener) as file:
            log.chmod(0o600)
            file.write(f"voicecoach crashed at {datetime.now(UTC).isoformat(timespec='seconds')}\n")
            file.writelines(_traceback_without_words(error))
    except (OSError, ValueError, VoicecoachError) as problem:
        say(f"{head} The details could not be written: {problem}")
        return
    say(f"{head} The details are in {log}")


def _traceback_without_words(error: BaseException) -> Iterator[str]:
    """Where it happened: lines of code and kinds of errors, with those that led to it first.

    Neither variables nor messages: a message quotes what could not be read or converted, and that may be what
    somebody said.
    """
    chain: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in chain:
        chain.append(cause)
        cause = cause.__cause__ or cause.__context__
    for each in reversed(chain):
        yield "Traceback (most recent call last):\n"
        yield from traceback.format_tb(each.__traceback__)
        kind = type(each)
        number = f" (errno {each.errno})" if isinstance(each, OSError) and each.errno else ""
        yield f"{kind.__module__}.{kind.__qualname__}{number}\n"


@contextmanager
def progress_bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """How far something long has come: a bar on a terminal, a line for each tenth elsewhere.

    Args:
        label: What is going on.

    Yields:
        A function that takes how much is done and how much there is, in any one unit.
    """
    if sys.stderr is None or not sys.stderr.isatty():
        yield _tenths(label)
        return
    with click.progressbar(length=1, label=label, file=sys.stderr, show_eta=True) as bar:

        def move_to(done: int, total: int) -> None:
            bar.length = max(1, total)
            bar.update(done - bar.pos)

        yield move_to


def _tenths(label: str) -> Callable[[int, int], None]:
    told = -1

    def move_to(done: int, total: int) -> None:
        nonlocal told
        tenth = 10 * done // max(1, total)
        if tenth > told:
            told = tenth
            say(f"{label}: {10 * tenth} %")

    return move_to
