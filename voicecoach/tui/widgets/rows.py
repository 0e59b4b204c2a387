"""A table for the keyboard: rows in columns that follow the width, one of them highlighted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.events import Resize
from textual.message import Message
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from voicecoach.tui.layout import GAP, Cell, row, styled
from voicecoach.tui.wording import MUTED

SCROLLBAR = 2
"""Cells kept free for the scrollbar, whether it shows or not, so that columns stay where they are."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        title: Its heading.
        width: In cells; 0 shares what the others leave.
        align: Numbers go right.
        lines: How many lines a cell may take.
        wide_only: Whether it is left out on terminals narrower than 100 cells.
    """

    title: str
    width: int
    align: Literal["left", "right"] = "left"
    lines: int = 1
    wide_only: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row: a key that its owner knows, and a cell for each column."""

    key: str
    cells: tuple[Content, ...]


class KeyList(OptionList, inherit_bindings=False):
    """An option list that leaves Enter to its screen, whose footer then says what it does."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "cursor_down", "Down", show=False),
        Binding("up", "cursor_up", "Up", show=False),
        Binding("home", "first", "First", show=False),
        Binding("end", "last", "Last", show=False),
        Binding("pagedown", "page_down", "Page down", show=False),
        Binding("pageup", "page_up", "Page up", show=False),
    ]


class Rows(Vertical):
    """The table.

    Args:
        columns: From left to right.
        empty: What stands there while there are no rows.
        id: For the style sheet.
    """

    class Chosen(Message):
        """A row was clicked."""

        def __init__(self, rows: "Rows", key: str) -> None:
            super().__init__()
            self.rows = rows
            self.key = key

        @property
        def control(self) -> "Rows":
            """The table."""
            return self.rows

    class Moved(Chosen):
        """Another row is highlighted."""

    def __init__(self, columns: Sequence[Column], empty: str = "", id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._columns = tuple(columns)
        self._empty = empty
        self._rows: tuple[Row, ...] = ()
        self._laid_out_for = 0

    def compose(self) -> ComposeResult:
        """Heading, list, and the line for an empty table."""
        yield Static(classes="rows-heading")
        yield KeyList(compact=True, markup=False)
        yield Static(self._empty, classes="rows-empty", markup=False)

    def on_mount(self) -> None:
        """Show that there is nothing yet."""
        self.set_rows(())

    @property
    def options(self) -> OptionList:
        """The list that takes the keys."""
        return self.query_one(KeyList)

    @property
    def key(self) -> str | None:
        """The highlighted row's key."""
        at = self.options.highlighted
        return self._rows[at].key if at is not None and at < len(self._rows) else None

    def set_rows(self, rows: Sequence[Row], empty: str | None = None) -> None:
        """Show other rows; the highlight stays on its key, or else on its place."""
        key, at = self.key, self.options.highlighted or 0
        self._rows = tuple(rows)
        if empty is not None:
            self.query_one(".rows-empty", Static).update(empty)
        self.query_one(".rows-empty").display = not self._rows
        self.options.display = bool(self._rows)
        self._lay_out()
        if self._rows:
            keys = [each.key for each in self._rows]
            self.options.highlighted = keys.index(key) if key in keys else min(at, len(keys) - 1)

    def highlight(self, key: str) -> None:
        """Move to a row."""
        keys = [each.key for each in self._rows]
        if key in keys:
            self.options.highlighted = keys.index(key)

    def on_resize(self, event: Resize) -> None:
        """Fit the columns to the new width."""
        if event.size.width != self._laid_out_for:
            at = self.options.highlighted
            self._lay_out()
            self.options.highlighted = at

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Pass on what Enter chose."""
        event.stop()
        self.post_message(self.Chosen(self, self._rows[event.option_index].key))

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Pass on where the highlight is."""
        event.stop()
        if event.option_index < len(self._rows):
            self.post_message(self.Moved(self, self._rows[event.option_index].key))

    def _widths(self) -> list[int]:
        narrow = self.app.size.width < 100
        total = max(20, self.size.width - SCROLLBAR)
        shown = [not (column.wide_only and narrow) for column in self._columns]
        fixed = sum(column.width for column, here in zip(self._columns, shown, strict=True) if here)
        gaps = GAP * (sum(shown) - 1)
        shares = [here and not column.width for column, here in zip(self._columns, shown, strict=True)]
        each = max(6, (total - fixed - gaps) // max(1, sum(shares)))
        return [
            (each if share else column.width) if here else 0
            for column, here, share in zip(self._columns, shown, shares, strict=True)
        ]

    def _lay_out(self) -> None:
        if not self.size.width:
            return
        self._laid_out_for = self.size.width
        widths = self._widths()
        columns = list(zip(self._columns, widths, strict=True))
        heading = [Cell(styled(c.title, MUTED), width, 1, c.align) for c, width in columns]
        self.query_one(".rows-heading", Static).update(row(*heading))
        self.options.clear_options()
        self.options.add_options(
            Option(
                row(
                    *(
                        Cell(cell, width, column.lines, column.align)
                        for cell, (column, width) in zip(each.cells, columns, strict=True)
                    )
                )
            )
            for each in self._rows
        )
