"""A question with two answers."""

from collections.abc import Callable
from typing import Any, ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Static

from voicecoach.tui.dialog import Dialog
from voicecoach.tui.widgets.keys_footer import KeysFooter

LEAVE_TYPED = "Leave without keeping what you have typed here?"
DELETE_RECORDING = "Delete this recording? It cannot be brought back."


class ConfirmDialog(Dialog[bool]):
    """Asks before something is lost; esc and "No" keep it.

    Args:
        question: What is asked.
        yes: What the agreeing button says.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", "Yes"),
        Binding("n,escape", "answer(False)", "No", key_display="n/esc"),
        Binding("left,right", "app.focus_next", "Other answer", show=False),
    ]

    def __init__(self, question: str, yes: str) -> None:
        super().__init__()
        self._question = question
        self._yes = yes

    def compose(self) -> ComposeResult:
        """The question and its answers; the careful one has the focus."""
        with Vertical(classes="dialog"):
            yield Static(self._question, markup=False)
            with Horizontal(classes="answers"):
                yield Button("No", id="no", compact=True)
                yield Button(self._yes, id="yes", variant="error", compact=True)
        yield KeysFooter()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Answer with a button."""
        self.dismiss(event.button.id == "yes")

    def action_answer(self, answer: bool) -> None:
        """Answer with a key."""
        self.dismiss(answer)


class QuitDialog(ConfirmDialog):
    """Asks before the program ends, over whatever else is being asked.

    Args:
        loss: What would be lost.
    """

    def __init__(self, loss: str) -> None:
        super().__init__(f"Quit without keeping {loss}?", "Quit")


def leave(app: App[Any], go: Callable[[], object], *, loses: bool, question: str = LEAVE_TYPED) -> None:
    """Leave a screen that someone writes in, and ask first where something would be lost.

    Args:
        app: Asks.
        go: Leaves.
        loses: Whether what stands there would be lost.
        question: What is asked then.
    """

    def answered(agreed: bool | None) -> None:
        if agreed:
            go()

    if loses:
        app.push_screen(ConfirmDialog(question, "Leave"), answered)
    else:
        go()
