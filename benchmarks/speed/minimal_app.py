"""The least that a Textual app can be: the baseline of the app's start and of its idle time."""

from textual.app import App, ComposeResult
from textual.widgets import Footer, Static

from benchmarks.speed.terminal import MINIMAL_TEXT


class MinimalApp(App[None]):
    """One line and a footer."""

    def compose(self) -> ComposeResult:
        """The line and the footer."""
        yield Static(MINIMAL_TEXT)
        yield Footer()


if __name__ == "__main__":
    MinimalApp().run()
