"""What comes from outside: files that anyone may have written, and words of theirs in our messages.

And the way back: what a message tells to type in a shell.
"""

import json
import re
import stat
import sys
from pathlib import Path
from typing import Any

MAX_TOML_BYTES = 1_000_000
"""Larger files are refused: no prompt, rubric or settings file comes near, and parsing would take long."""

_MAX_KEY_PARTS = 50
_PART = r"""(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')"""
_LONG_KEY = re.compile(rf"(?<![\w-]){_PART}(?:[ \t]*+\.[ \t]*+{_PART}){{{_MAX_KEY_PARTS}}}")
"""A dotted key (a.b.c) of so many parts that reading it takes time by the square of their number."""

STEERING = re.compile(r"[\x00-\x1f\x7f-\x9f]")
"""Control characters, which steer a terminal."""

_PLAIN_KEY = re.compile(r"[A-Za-z0-9_-]{1,40}")


class FileError(Exception):
    """What is wrong with a file, in words that follow its name."""


def read_bounded(path: Path, most_bytes: int) -> bytes:
    """The whole of a plain file. A pipe or a device, which may never end, is not even opened.

    Raises:
        FileNotFoundError: There is nothing of that name.
        FileError: It is not a plain file, too large, or cannot be read.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise FileError("is not a file that can be read")
        with path.open("rb") as file:
            content = file.read(most_bytes + 1)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise FileError(f"cannot be read: {error.strerror}") from error
    except ValueError as error:  # a NUL byte in the name
        raise FileError("cannot be read: its name is none that a file can have") from error
    if len(content) > most_bytes:
        raise FileError(f"is larger than {most_bytes / 1e6:g} MB, which it never should be")
    return content


def read_text(path: Path, most_bytes: int) -> str:
    """The text of a file in UTF-8, with or without the byte order mark of Windows editors.

    Raises:
        FileNotFoundError: There is nothing of that name.
        FileError: As `read_bounded`, or it is no UTF-8.
    """
    content = read_bounded(path, most_bytes)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise FileError(f"is not UTF-8 text (line {line}); save it as UTF-8") from error


def read_toml(path: Path) -> dict[str, Any]:
    """The tables of a TOML file.

    Raises:
        FileNotFoundError: There is nothing of that name.
        FileError: As `read_text`, or it is no TOML.
    """
    import tomllib  # noqa: PLC0415 - keeps the import of this module light

    text = read_text(path, MAX_TOML_BYTES)
    long_key = _LONG_KEY.search(text)
    if long_key is not None:
        line = text.count("\n", 0, long_key.start()) + 1
        raise FileError(f"is not valid TOML here: a key of more than {_MAX_KEY_PARTS} parts (line {line})")
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise FileError("is not valid TOML: nested too deeply") from error
    except ValueError as error:  # TOMLDecodeError, and plain ones for numbers of thousands of digits
        raise FileError(f"is not valid TOML: {one_line(error)}") from error


def read_json(path: Path, most_bytes: int) -> Any:
    """The value in a JSON file.

    Raises:
        FileNotFoundError: There is nothing of that name.
        FileError: As `read_text`, or it is no JSON.
    """
    text = read_text(path, most_bytes)
    try:
        return json.loads(text)
    except RecursionError as error:
        raise FileError("is not valid JSON: nested too deeply") from error
    except ValueError as error:  # JSONDecodeError, and plain ones for numbers of thousands of digits
        raise FileError(f"is not valid JSON: {one_line(error)}") from error


def quoted(value: object, longest: int = 40) -> str:
    """A value as a message shows it: on one line, no longer than that, and unable to steer a terminal."""
    if isinstance(value, str):
        # Only the beginning is looked at: what is quoted may be as large as a file.
        shown = repr(value[: longest + 1])
        return shown if len(shown) <= longest else shown[: longest - 3] + "..."
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, int):
        # Python refuses to write out thousands of digits.
        return repr(value) if value.bit_length() < 100 else "this huge number"
    return f"this {type(value).__name__}"


def shown_key(key: str) -> str:
    """A key as a message names it; a quoted one of TOML may hold anything."""
    return key if _PLAIN_KEY.fullmatch(key) else quoted(key)


def one_line(error: Exception | str, longest: int = 200) -> str:
    """What an error says, or its name where it says nothing, in one line that cannot steer a terminal."""
    text = " ".join(str(error)[: 4 * longest].split())
    shown = "".join(char if char.isprintable() else "?" for char in text)[:longest]
    return shown or type(error).__name__


def pip(arguments: str) -> str:
    """The command that runs pip for the Python that runs this, which need not be the one that PATH finds."""
    python = sys.executable or "python"
    shown = f'"{python}"' if " " in python else python
    return f"{shown} -m pip {arguments}"
