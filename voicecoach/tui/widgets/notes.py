"""A document beside the editor: its lines, of which any can be pulled over with a key."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static
from textual.widgets.option_list import Option

from voicecoach.content.project import GUIDES
from voicecoach.documents.document import Document
from voicecoach.tui.widgets.rows import KeyList
from voicecoach.tui.wording import MUTED

CURRENT = 0
"""For `pull`: into the beat that was written in last."""


class Notes(Vertical):
    """The lines of a document.

    Args:
        beats: How many there are to pull a line into.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", f"pull({CURRENT})", "Pull over"),
        *(
            Binding(str(number), f"pull({number})", f"Into beat {number}", show=False)
            for number in range(1, len(GUIDES) + 1)
        ),
        Binding("escape", "screen.write", "Write"),
    ]

    class Pulled(Message):
        """A line is wanted in a beat, counted from 1; CURRENT is the one that was written in last."""

        def __init__(self, line: str, beat: int) -> None:
            super().__init__()
            self.line = line
            self.beat = beat

    def __init__(self, beats: int) -> None:
        super().__init__(id="notes")
        self._last_key = min(beats, len(GUIDES))
        self._lines: tuple[str, ...] = ()

    def compose(self) -> ComposeResult:
        """The file's name, what the keys do, the lines."""
        yield Static(id="notes-title", markup=False)
        yield KeyList(compact=True, markup=False)

    def show(self, document: Document) -> None:
        """Show a document in the place of the one before."""
        self._lines = document.lines
        keys = f"  enter or 1-{self._last_key} pulls a line over"
        title = Content.assemble((document.path.name, "bold"), (keys, MUTED))
        self.query_one("#notes-title", Static).update(title)
        lines = self.query_one(KeyList)
        lines.clear_options()
        lines.add_options(Option(Content(line)) for line in document.lines)
        lines.highlighted = 0
        lines.focus()

    def action_pull(self, beat: int) -> None:
        """Pull the highlighted line over, and go on to the next."""
        lines = self.query_one(KeyList)
        if lines.highlighted is not None and beat <= self._last_key:
            self.post_message(self.Pulled(self._lines[lines.highlighted], beat))
            lines.action_cursor_down()

    def on_option_list_option_selected(self, event: KeyList.OptionSelected) -> None:
        """A click pulls the line over too."""
        event.stop()
        self.action_pull(CURRENT)
