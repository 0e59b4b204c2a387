"""Lines of a card, and the small pieces they are put together from."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from textual.content import Content

from voicecoach.content.model import Question
from voicecoach.history.records import Attempt
from voicecoach.minutes import clock
from voicecoach.tui.layout import Cell, row, styled
from voicecoach.tui.wording import MUTED, score_colour

if TYPE_CHECKING:
    from voicecoach.practice.archive import Comparison

INDENT = 2


@dataclass(frozen=True, slots=True)
class Moment:
    """A stretch of the recording that a line plays, in seconds."""

    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class CardLine:
    """One line of the card, which may take several rows of the terminal.

    Attributes:
        content: What it says, already fitted to the width.
        moment: What Enter plays; None where there is nothing to play.
        heading: Whether it heads a section; headings and drawings are passed over by the highlight.
        note: More about it, shown in the line above the footer while it is highlighted.
        point: Id of the rubric point whose verdict it is; empty otherwise.
        cut: Whether it is about what to cut.
        clause: Place of the clause of the transcript that it shows; None elsewhere.
    """

    content: Content
    moment: Moment | None = None
    heading: bool = False
    note: str = ""
    point: str = ""
    cut: bool = False
    clause: int | None = None


@dataclass(frozen=True, slots=True)
class CardView:
    """What a card is drawn from.

    Attributes:
        attempt: The attempt with its card.
        question: What was asked; None when it is no longer in the bank.
        comparison: The last and the best; None while they are being fetched.
        comparison_problem: Why they cannot be had; empty otherwise.
    """

    attempt: Attempt
    question: Question | None
    comparison: "Comparison | None"
    comparison_problem: str = ""


def heading(title: str, width: int, score: float | None = None, remark: str = "") -> CardLine:
    """The line above a section: its title, its score where it has one, a rule to the edge."""
    parts: list[Content] = [styled(title, "bold $text-primary")]
    if score is not None:
        parts.append(styled(f"{score:.0f}", f"bold {score_colour(score)}"))
    if remark:
        parts.append(styled(remark, MUTED))
    text = Content("  ").join(parts).truncate(max(1, width), ellipsis=True)
    rule = max(0, width - text.cell_length - 1)
    return CardLine(
        Content.assemble("\n", text, " ", ("─" * rule, "$foreground 20%")),
        heading=True,
    )


def fact(label: str, value: Content | str, width: int, note: str = "") -> CardLine:
    """A label with what is so."""
    value = styled(value) if isinstance(value, str) else value
    label_width = 20
    return CardLine(
        _indented(
            row(
                Cell(styled(label, MUTED), label_width),
                Cell(value, width - INDENT - label_width - 2, 0),
            )
        ),
        note=note,
    )


def said(quote: str, start_s: float, end_s: float, width: int, label: Content | None = None) -> CardLine:
    """Something that was said, with its second; Enter plays it."""
    label_width = 20 if label is not None else 0
    gap = 2 if label_width else 0
    return CardLine(
        _indented(
            row(
                Cell(styled(clock(start_s), "$text-accent"), 5, align="right"),
                Cell(label or Content(""), label_width, 2),
                Cell(styled(f"“{quote}”"), width - INDENT - 5 - 2 - label_width - gap, 0),
            )
        ),
        Moment(start_s, end_s),
    )


def sentence(text: str, width: int, style: str = "") -> CardLine:
    """A plain sentence, wrapped."""
    return CardLine(_indented(row(Cell(styled(text, style), width - INDENT, 0))))


def beneath(line: CardLine, text: str, width: int, indent: int, style: str = MUTED) -> CardLine:
    """The same line with a remark under it."""
    remark = row(Cell(styled(text, style), width - indent, 0))
    shifted = Content("\n").join(Content(" " * indent) + part for part in remark.split("\n"))
    return replace(line, content=Content("\n").join([line.content, shifted]))


def _indented(content: Content) -> Content:
    lines: Sequence[Content] = content.split("\n")
    return Content("\n").join(Content(" " * INDENT) + line for line in lines)
