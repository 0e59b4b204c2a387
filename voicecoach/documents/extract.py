"""The text inside PDF and Word files, in a process of its own: `python -m voicecoach.documents.extract KIND`.

The file comes on stdin; one line of JSON goes to stdout, {"lines": [...]} or {"problem": "..."}. A file made
to harm can cost this process its memory or its time, and nothing else.
"""

import io
import json
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from voicecoach.outside import FileError

if TYPE_CHECKING:
    from docx.oxml.xmlchemy import BaseOxmlElement

MOST_PAGES = 60
MOST_UNPACKED_BYTES = 50_000_000
"""Of a Word file, which is a zip archive; with everything a résumé may have it is a few megabytes."""

MOST_PARTS = 2_000
MOST_CHARACTERS = 500_000
"""Of text; a résumé has five thousand."""

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MARKS = {
    f"{_WORD}tab": "\t",
    f"{_WORD}br": "\n",
    f"{_WORD}cr": "\n",
    f"{_WORD}noBreakHyphen": "-",
}
"""What stands for a character."""

_NOT_READ = (
    f"{_WORD}pPr",
    f"{_WORD}del",
    f"{_WORD}moveFrom",
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
)
"""A paragraph's settings, what was taken out of it, and the second copy of a drawing, for older programs."""

LARGEST_PROCESS_BYTES = 1_500_000_000
LONGEST_CPU_S = 20


def pdf_lines(content: bytes) -> Iterator[str]:
    """The lines of a PDF, page by page.

    Raises:
        FileError: It is no PDF, has a password, or is too long.
    """
    from pypdf import PasswordType, PdfReader  # noqa: PLC0415 - one of the two libraries is enough
    from pypdf.errors import DependencyError, PyPdfError  # noqa: PLC0415 - as above

    try:
        reader = PdfReader(io.BytesIO(content))
        # A document that anyone may read, and only some may print, opens with the empty password.
        if reader.is_encrypted and reader.decrypt("") is PasswordType.NOT_DECRYPTED:
            raise FileError("is protected by a password; save a copy without it")
        count = len(reader.pages)
        if count > MOST_PAGES:
            raise FileError(
                f"has {count} pages, and {MOST_PAGES} are the most that are read; save those you need"
            )
        for page in reader.pages:
            yield from page.extract_text().splitlines()
    except DependencyError as error:
        raise FileError(
            "is encrypted in a way that cannot be read; save a copy without protection"
        ) from error
    except PyPdfError as error:
        raise FileError("is no PDF that can be read, or a damaged one") from error


def word_lines(content: bytes) -> Iterator[str]:
    """The paragraphs of a .docx file, those in tables, fields and text boxes too, in order.

    Raises:
        FileError: It is no Word file, has a password, or unpacks to too much.
    """
    import docx  # noqa: PLC0415 - one of the two libraries is enough

    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileError("is an old Word file (.doc), or one with a password; save it as .docx without one")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED_BYTES:
            raise FileError(f"unpacks to more than {MOST_UNPACKED_BYTES / 1e6:g} MB, which no résumé does")
        document = docx.Document(io.BytesIO(content))
    except zipfile.BadZipFile as error:
        raise FileError("is no Word file that can be read, or a damaged one") from error
    # Not by the library's paragraphs: those leave out what a template's fields and tracked changes hold.
    for paragraph in document.element.body.iter(f"{_WORD}p"):
        if next(paragraph.iterancestors(*_NOT_READ), None) is None:
            yield from "".join(_text(paragraph)).splitlines()


def _text(element: "BaseOxmlElement") -> Iterator[str]:
    """The text of a paragraph, but for paragraphs within it, such as those of a text box."""
    for child in element:
        if child.tag == f"{_WORD}t":
            yield child.text or ""
        elif child.tag in _MARKS:
            yield _MARKS[child.tag]
        elif child.tag != f"{_WORD}p" and child.tag not in _NOT_READ:
            yield from _text(child)


READERS: dict[str, Callable[[bytes], Iterator[str]]] = {"pdf": pdf_lines, "docx": word_lines}


def extract(kind: str, content: bytes) -> dict[str, object]:
    """What goes to stdout for a file."""
    lines: list[str] = []
    count = 0
    try:
        for line in READERS[kind](content):
            count += len(line) + 1
            if count > MOST_CHARACTERS:
                return {"problem": f"holds more than {MOST_CHARACTERS:,} characters of text"}
            lines.append(line)
    except FileError as problem:
        return {"problem": str(problem)}
    except MemoryError:
        return {"problem": "needs more memory than any document should"}
    except Exception:  # the libraries raise whatever a damaged file leads them to
        return {"problem": "is damaged, or not what its name says"}
    return {"lines": lines}


def main() -> None:
    """Read stdin, bounded in memory and time where the system can bound them."""
    with suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415 - not on Windows

        resource.setrlimit(resource.RLIMIT_AS, (LARGEST_PROCESS_BYTES, LARGEST_PROCESS_BYTES))
        resource.setrlimit(resource.RLIMIT_CPU, (LONGEST_CPU_S, LONGEST_CPU_S))
    found = extract(sys.argv[1], sys.stdin.buffer.read())
    # Halves of characters, which a PDF may hold, are written as escapes and read back as such.
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
