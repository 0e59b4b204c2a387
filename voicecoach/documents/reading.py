"""Documents to lines, within bounds of size and time."""

import json
import os
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from voicecoach.documents.document import Document
from voicecoach.errors import DocumentError
from voicecoach.outside import FileError, read_bounded, read_text

MOST_BYTES = 20_000_000
"""Of a PDF or Word file."""

MOST_TEXT_BYTES = 1_000_000
LONGEST_READ_S = 30.0
MOST_LINES = 5_000

LONG_LINE = 160
"""Characters from which a line is cut into its sentences: a paragraph of a Word file is one line."""

PACKED = {".pdf": "pdf", ".docx": "docx"}
WHAT_WORKS = "Give a text, Markdown, PDF or .docx file."

OTHER_FORMATS = {
    b"{\\rtf": "is in Rich Text Format; save it as plain text, PDF or .docx",
    b"%PDF": "is a PDF by its contents; give its name the ending .pdf",
    b"PK\x03\x04": "is packed, as .docx and .odt files are; save it as .docx or PDF",
    b"\xd0\xcf\x11\xe0": "is an old Word file; save it as .docx",
}
"""How files begin that are no text, whatever they are called."""

# "> 90 %" is a quantity, not a quotation.
_LIST_MARK = re.compile(r"^(?!>\s*\d)(?:[-*•‣▪●○◦·–—►➢#>|]+|\(?\d{1,2}[.)])\s+")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9])")


def read_document(path: Path) -> Document:
    """Read a text, Markdown, PDF or Word file.

    Raises:
        DocumentError: It is missing, none of these, protected, damaged, too large, takes too long, or holds
            no text; one line says which.
    """
    path = path.absolute()
    try:
        packed = PACKED.get(path.suffix.lower())
        lines = _unpacked(packed, path) if packed else _plain_lines(path)
    except FileNotFoundError as error:
        raise DocumentError(f"{_shown(path)}: there is no such file.", "Check the path.") from error
    except FileError as problem:
        # Behind a semicolon stands what to do about just this.
        raise DocumentError(
            f"{_shown(path)}: {problem}.", "" if ";" in str(problem) else WHAT_WORKS
        ) from problem
    clean = tuple(_clean_lines(lines))
    if not clean:
        raise DocumentError(
            f"{_shown(path)}: holds no text that can be read.",
            "A scan has to be typed, or saved with its text.",
        )
    if len(clean) > MOST_LINES:
        raise DocumentError(
            f"{_shown(path)}: has more than {MOST_LINES:,} lines.", "Save the part that you need."
        )
    return Document(path, clean)


def _plain_lines(path: Path) -> list[str]:
    """The lines of a text file.

    Raises:
        FileNotFoundError: It is not there.
        FileError: It cannot be read, or is of another format.
    """
    content = read_bounded(path, MOST_TEXT_BYTES)
    for start, problem in OTHER_FORMATS.items():
        if content.startswith(start):
            raise FileError(problem)
    return read_text(path, MOST_TEXT_BYTES).splitlines()


def _unpacked(kind: str, path: Path) -> list[str]:
    """The text in a file that a library has to read, by a process that can be stopped.

    Raises:
        FileNotFoundError: It is not there.
        FileError: It cannot be read.
    """
    content = read_bounded(path, MOST_BYTES)
    if not content:
        raise FileError("is empty")
    root = str(Path(__file__).resolve().parents[2])
    folders = [root, *filter(None, [os.environ.get("PYTHONPATH")])]
    try:
        finished = subprocess.run(
            [sys.executable, "-P", "-m", "voicecoach.documents.extract", kind],
            input=content,
            capture_output=True,
            check=False,
            timeout=LONGEST_READ_S,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(folders)},
        )
    except subprocess.TimeoutExpired as error:
        raise FileError(f"takes longer than {LONGEST_READ_S:.0f} s to read") from error
    except OSError as error:
        raise FileError(f"cannot be read: no process could be started ({error.strerror})") from error
    try:
        found = json.loads(finished.stdout)
    except ValueError as error:  # ended by the system: out of memory or time
        raise FileError("takes more memory or time to read than any document should") from error
    if "problem" in found:
        raise FileError(found["problem"])
    lines: list[str] = found["lines"]
    return lines


def _clean_lines(lines: list[str]) -> Iterator[str]:
    for line in lines:
        # Soft hyphens and the like stand within words; other control characters between them.
        visible = (char for char in line if unicodedata.category(char) != "Cf")
        printable = "".join(char if unicodedata.category(char)[0] != "C" else " " for char in visible)
        text = _LIST_MARK.sub("", " ".join(printable.split()))
        if any(char.isalnum() for char in text):
            yield from _SENTENCE_END.split(text) if len(text) > LONG_LINE else (text,)


def _shown(path: Path) -> str:
    return "".join(char if char.isprintable() else "?" for char in str(path))
