"""Which terms a round of the drill asks, and how many."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from voicecoach.practice.drill import SHORT_ROUND, SIZES, Choice
from voicecoach.tui.dialog import Dialog
from voicecoach.tui.layout import styled
from voicecoach.tui.widgets.keys_footer import KeysFooter
from voicecoach.tui.widgets.rows import Column, Row, Rows
from voicecoach.tui.wording import MUTED, plural

COLUMNS = (Column("Terms", 0), Column("How many", 8, "right"))


class DrillDialog(Dialog[tuple[Choice, int]]):
    """Takes the terms and the length of a round.

    Args:
        choices: What there is to drill, at least one.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "start", "Start"),
        Binding("left", "size(-1)", "Shorter"),
        Binding("right", "size(1)", "Longer"),
        Binding("escape", "dismiss_none", "Cancel"),
    ]

    def __init__(self, choices: Sequence[Choice]) -> None:
        super().__init__()
        self._choices = tuple(choices)
        self._length = SIZES.index(SHORT_ROUND)

    def compose(self) -> ComposeResult:
        """The choices, and the length."""
        with Vertical(classes="dialog"):
            yield Static("Definition drill", classes="dialog-title", markup=False)
            yield Rows(COLUMNS, id="choices")
            yield Static(id="round-size")
        yield KeysFooter()

    def on_mount(self) -> None:
        """Fill the list."""
        self.call_after_refresh(self._fill)

    def _fill(self) -> None:
        rows = self.query_one(Rows)
        rows.set_rows(
            [
                Row(str(index), (styled(choice.label), styled(str(len(choice.terms)))))
                for index, choice in enumerate(self._choices)
            ]
        )
        rows.options.focus()
        self._show_length()

    def _chosen(self) -> Choice:
        key = self.query_one(Rows).key
        return self._choices[int(key) if key is not None else 0]

    def _show_length(self) -> None:
        size = min(SIZES[self._length], len(self._chosen().terms))
        line = Content.assemble(
            ("This round: ", MUTED), (plural(size, "term"), "bold"), (", each with a second step.", MUTED)
        )
        self.query_one("#round-size", Static).update(line)

    def on_rows_moved(self) -> None:
        """A choice may hold fewer terms than the round would ask."""
        self._show_length()

    def on_rows_chosen(self) -> None:
        """A click on a row does what Enter does."""
        self.action_start()

    def action_size(self, step: int) -> None:
        """A shorter or a longer round."""
        self._length = max(0, min(len(SIZES) - 1, self._length + step))
        self._show_length()

    def action_start(self) -> None:
        """Begin the round."""
        self.dismiss((self._chosen(), SIZES[self._length]))

    def action_dismiss_none(self) -> None:
        """Leave without a round."""
        self.dismiss(None)
