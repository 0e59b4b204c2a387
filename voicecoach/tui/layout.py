"""Rows of text in columns, wrapped and cut to the width there is; choices to select from."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from textual.content import Content

GAP = 2
"""Blank cells between columns."""

Choice = tuple[str, str]
"""What a person reads, and the value that is saved."""


def choices_of(choices: Iterable[Choice]) -> list[Choice]:
    """Choices as a select takes them: it reads markup in what a person is to read."""
    # Textual's own `escape` (8.2.8) leaves "[AV]" as it is, which is markup all the same.
    return [(words.replace("[", r"\["), value) for words, value in choices]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a row.

    Attributes:
        content: What it says.
        width: In terminal cells.
        lines: How many lines it may take before it is cut with an ellipsis; 0 for any number.
        align: Numbers go right.
    """

    content: Content
    width: int
    lines: int = 1
    align: Literal["left", "right"] = "left"

    def wrapped(self) -> list[Content]:
        """Its lines, each padded to the width."""
        if self.width < 1:
            return []
        if self.lines == 1:
            lines = [self.content.truncate(self.width, ellipsis=True)]
        else:
            lines = self.content.wrap(self.width)
        if self.lines and len(lines) > self.lines:
            last = Content(" ").join(lines[self.lines - 1 :]).truncate(self.width, ellipsis=True)
            lines = [*lines[: self.lines - 1], last]
        padded = []
        for line in lines:
            line = line.rstrip()  # noqa: PLW2901 - wrapping leaves the blank it broke at
            blank = max(0, self.width - line.cell_length)
            padded.append(line.pad_left(blank) if self.align == "right" else line.pad_right(blank))
        return padded


def row(*cells: Cell) -> Content:
    """Cells side by side, as many lines as the tallest needs."""
    shown = [cell for cell in cells if cell.width > 0]
    columns = [cell.wrapped() for cell in shown]
    height = max((len(column) for column in columns), default=0)
    lines = []
    for y in range(height):
        parts = [
            column[y] if y < len(column) else Content(" " * cell.width)
            for cell, column in zip(shown, columns, strict=True)
        ]
        lines.append(Content(" " * GAP).join(parts))
    return Content("\n").join(lines)


def styled(text: str, style: str = "") -> Content:
    """Text in one style, taken literally."""
    return Content.styled(text, style) if style else Content(text)
