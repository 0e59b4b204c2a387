"""A dialog for the job that someone is after."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static, TextArea

from voicecoach.tui.widgets.keys_footer import KeysFooter


class JobDialog(ModalScreen[str]):
    """Takes a job title or description; gives its text, "" to have none, or None to leave it as it is.

    Args:
        job: The one in force, or "".
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "set", "Order the list by it", key_display="^s"),
        Binding("ctrl+d", "clear", "Have none", key_display="^d", priority=True),
        Binding("escape", "leave", "Cancel"),
    ]

    def __init__(self, job: str) -> None:
        super().__init__()
        self._job = job

    def compose(self) -> ComposeResult:
        """The text, and what becomes of it."""
        with Vertical(classes="dialog large"):
            yield Static("Your target job", classes="dialog-title", markup=False)
            yield Static(
                "Type its title, or paste the whole description. It stays on this machine.", markup=False
            )
            yield TextArea(self._job, tab_behavior="focus", show_line_numbers=False, id="job")
        yield KeysFooter()

    def action_set(self) -> None:
        """Hand the text over."""
        self.dismiss(self.query_one(TextArea).text)

    def action_clear(self) -> None:
        """Have no target job."""
        self.dismiss("")

    def action_leave(self) -> None:
        """Leave it as it is."""
        self.dismiss(None)
