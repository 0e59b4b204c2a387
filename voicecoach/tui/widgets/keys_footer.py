"""The line of keys at the foot of every screen."""

from textual.widgets import Footer


class KeysFooter(Footer):
    """Textual's footer, compact, which lets go of the keys that it has replaced.

    Each key watches the footer's `compact`, and Textual (8.2.8) forgets a watcher that is gone only when the
    watched value is set: without that, a list that stays open for hours keeps every key it ever showed.
    """

    def __init__(self) -> None:
        super().__init__(show_command_palette=False, compact=True)

    async def recompose(self) -> None:
        """Show other keys."""
        await super().recompose()
        self.mutate_reactive(Footer.compact)
