"""A dialog for the job that someone is after."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static, TextArea

from voicecoach.tui.dialog import Dialog
from voicecoach.tui.screens.confirm import leave
from voicecoach.tui.widgets.keys_footer import KeysFooter


class JobDialog(Dialog[str]):
    """Takes a job title or description; gives its text, "" to have none, or None to leave it as it is.

    Args:
        job: The one in force, or "".
        draft: What was to take its place and could not be kept; "" for nothing.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "set", "Order the list by it", key_display="^s"),
        Binding("ctrl+d", "clear", "Have none", key_display="^d", priority=True),
        Binding("escape", "leave", "Cancel"),
    ]

    def __init__(self, job: str, draft: str = "") -> None:
        super().__init__()
        self._job = job
        self._draft = draft

    def compose(self) -> ComposeResult:
        """The text, and what becomes of it."""
        with Vertical(classes="dialog large"):
            yield Static("Your target job", classes="dialog-title", markup=False)
            yield Static(
                "Type its title, or paste the whole description. It stays on this machine.", markup=False
            )
            yield TextArea(self._draft or self._job, tab_behavior="focus", show_line_numbers=False, id="job")
        yield KeysFooter()

    @property
    def is_unsaved(self) -> bool:
        """Whether the text is another one than is in force."""
        return any(area.text.strip() != self._job.strip() for area in self.query("#job").results(TextArea))

    def action_set(self) -> None:
        """Hand the text over."""
        self.dismiss(self.query_one(TextArea).text)

    def action_clear(self) -> None:
        """Have no target job."""
        self.dismiss("")

    def action_leave(self) -> None:
        """Leave it as it is, and ask first where the text has been changed."""
        leave(self.app, lambda: self.dismiss(None), loses=self.is_unsaved)
