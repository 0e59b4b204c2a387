"""The one place that writes to stdout: data, and nothing but data."""

import io
import json
import os
import sys
from typing import Any

import click

from voicecoach.cli.talk import ExitCode
from voicecoach.errors import VoicecoachError


def write_text(text: str) -> None:
    """Text for a person or a script, flushed.

    What the terminal's encoding cannot show is written as an escape, so that no name or quote stops a
    command.

    Raises:
        VoicecoachError: stdout cannot be written to (a full disk).
        click.exceptions.Exit: Whoever read stdout stopped reading.
    """
    _write(text if text.endswith("\n") else text + "\n", encoding=None)


def write_json(value: Any) -> None:
    """One JSON value on one line, always UTF-8.

    Raises:
        VoicecoachError: stdout cannot be written to (a full disk).
        click.exceptions.Exit: Whoever read stdout stopped reading.
    """
    _write(json.dumps(value, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")


def write_data(text: str) -> None:
    """Text in a format of its own, as it is, always UTF-8.

    Raises:
        VoicecoachError: stdout cannot be written to (a full disk).
        click.exceptions.Exit: Whoever read stdout stopped reading.
    """
    _write(text, encoding="utf-8")


def flush() -> None:
    """What others have written to stdout.

    Raises:
        VoicecoachError: stdout cannot be written to (a full disk).
        click.exceptions.Exit: Whoever read stdout stopped reading.
    """
    _write("", encoding=None)


def is_terminal() -> bool:
    """Whether a person reads stdout rather than a program."""
    return sys.stdout is not None and sys.stdout.isatty()


def wants_colour() -> bool:
    """Whether text on stdout may be coloured: a terminal that asked for no plain text (no-color.org)."""
    return is_terminal() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _write(text: str, encoding: str | None) -> None:
    if sys.stdout is None:
        return
    try:
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.flush()
            # A lone surrogate becomes \udXXX, which in JSON is the right way to write it.
            chosen = encoding or sys.stdout.encoding
            sys.stdout.buffer.write(text.encode(chosen, "backslashreplace"))
            sys.stdout.buffer.flush()
        else:
            sys.stdout.write(text)
            sys.stdout.flush()
    except BrokenPipeError:
        # Python flushes stdout once more at exit and would complain there.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise click.exceptions.Exit(ExitCode.PIPE_CLOSED) from None
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise VoicecoachError(
            f"The output cannot be written: {error.strerror}.", "Is the disk full?"
        ) from error
