"""The app's screen in a browser: Textual's own driver, which also ends with the server that it talks to."""

import os
from typing import TYPE_CHECKING

from textual import messages
from textual.drivers.web_driver import WebDriver

if TYPE_CHECKING:
    from textual.app import App


class LoopbackDriver(WebDriver):
    """Talks to `voicecoach serve` over stdin and stdout."""

    def __init__(
        self,
        app: "App[object]",
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._write = self._write_while_read  # type: ignore[assignment]  # Textual has a partial there

    def _write_while_read(self, data: bytes) -> int:
        try:
            return os.write(self.fileno, data)
        except BrokenPipeError:
            # The server is gone; the app is leaving for the same reason.
            return len(data)

    def run_input_thread(self) -> None:
        """Leave when nobody can send anything any more: a server that was killed has said no goodbye."""
        super().run_input_thread()
        if not self.exit_event.is_set():
            self._app.post_message(messages.ExitApp())
