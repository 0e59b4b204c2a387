"""What every dialog of the app stands on."""

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen, ScreenResultType

from voicecoach.tui.stack import uncover


class Dialog(ModalScreen[ScreenResultType]):
    """A dialog that closes once.

    Textual (8.2.8) takes off whatever lies on top each time a screen is dismissed: a second Enter, or the
    second click of a double one, would close the screen under the dialog too, and end the app on the last.
    """

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Close, with an answer or without; what has gone already stays as it is."""
        if self not in self.app.screen_stack:
            return AwaitComplete()
        uncover(self.app, self)
        closed: AwaitComplete = super().dismiss(result)
        return closed
