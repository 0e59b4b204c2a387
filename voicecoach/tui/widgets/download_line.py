"""How far a model download has come; not there while nothing is fetched."""

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import ProgressBar, Static

from voicecoach.speech.shelf import DownloadProgress
from voicecoach.tui.wording import size


class DownloadLine(Horizontal):
    """One line with the model's name and a bar."""

    def compose(self) -> ComposeResult:
        """Words, bar, words."""
        yield Static(id="download-name", markup=False)
        yield ProgressBar(show_eta=False, id="download-bar")
        yield Static(id="download-size", markup=False)

    def on_mount(self) -> None:
        """Nothing is fetched yet."""
        self.display = False

    def follow(self, fetching: tuple[str, DownloadProgress] | None) -> None:
        """Show what has arrived of the named model; None clears the line."""
        self.display = fetching is not None
        if fetching is None:
            return
        name, progress = fetching
        self.query_one("#download-name", Static).update(f"Fetching {name}")
        self.query_one(ProgressBar).update(total=progress.total_bytes, progress=progress.done_bytes)
        here, whole = size(progress.done_bytes), size(progress.total_bytes)
        self.query_one("#download-size", Static).update(f"{here} of {whole}")
