"""How far a model download has come; not there while nothing is fetched."""

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import ProgressBar, Static

from voicecoach.speech.shelf import DownloadProgress
from voicecoach.tui.wording import size


class DownloadLine(Horizontal):
    """One line with the model's name and a bar."""

    class Opened(Message):
        """A line that can show what is being fetched: the next piece of it may be long in coming."""

    def __init__(self, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._bar: ProgressBar | None = None

    def compose(self) -> ComposeResult:
        """Words before and after the bar. The bar is there only during a download: it has timers."""
        yield Static(id="download-name", markup=False)
        yield Static(id="download-size", markup=False)

    def on_mount(self) -> None:
        """Nothing is known to be fetched yet."""
        self.display = False
        self.post_message(self.Opened())

    def follow(self, fetching: tuple[str, DownloadProgress] | None) -> None:
        """Show what has arrived of the named model; None clears the line."""
        if not self.children:
            # Its screen is just opening: it has no words to change yet, and asks for them once it has.
            return
        self.display = fetching is not None
        if fetching is None:
            if self._bar is not None:
                self._bar.remove()
                self._bar = None
            return
        if self._bar is None:
            self._bar = ProgressBar(show_eta=False)
            self.mount(self._bar, after="#download-name")
        name, progress = fetching
        self.query_one("#download-name", Static).update(f"Fetching {name}")
        self._bar.update(total=progress.total_bytes, progress=progress.done_bytes)
        here, whole = size(progress.done_bytes), size(progress.total_bytes)
        self.query_one("#download-size", Static).update(f"{here} of {whole}")
