"""What every part of the app stands on: the trainer once it is there, the settings, errors as one line."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from textual import work
from textual.app import App
from textual.await_complete import AwaitComplete
from textual.screen import Screen, ScreenResultCallbackType, ScreenResultType, SystemModalScreen

from voicecoach.config import Settings
from voicecoach.errors import SettingsError, VoicecoachError
from voicecoach.practice.plan import plan_choice
from voicecoach.tui import messages as told
from voicecoach.tui.desk import SettingsDesk
from voicecoach.tui.dialog import Dialog
from voicecoach.tui.screens.confirm import ConfirmDialog
from voicecoach.tui.screens.home import HomeScreen

if TYPE_CHECKING:
    from voicecoach.practice.coach import Coach


class CoachedApp(App[None]):
    """An app that gets its trainer after the first frame.

    Args:
        desk: Keeps the settings.
    """

    def __init__(self, desk: SettingsDesk) -> None:
        super().__init__()
        self._desk = desk
        self._coach: Coach | None = None
        self._home = HomeScreen(lambda: plan_choice(self._desk.current))

    def _choose(self, changed: Mapping[str, str | bool]) -> Settings:
        """Put settings in force at once, and have them saved.

        Raises:
            SettingsError: A value is wrong; nothing has changed.
        """
        settings = self._desk.change(changed)
        self._save_settings()
        return settings

    @work(thread=True, group="settings")
    def _save_settings(self) -> None:
        try:
            self._desk.save()
        except SettingsError as error:
            hint = f"What you chose holds until you quit. {error.hint}"
            self.post_message(told.Trouble(SettingsError(error.message, hint)))

    def push_screen(
        self,
        screen: Screen[ScreenResultType] | str,
        callback: ScreenResultCallbackType[ScreenResultType] | None = None,
        wait_for_dismiss: bool = False,
        *,
        mode: str | None = None,
    ) -> Any:
        """Lay a screen over the one on top, unless an earlier key has brought that one meanwhile.

        What a key asks for may take a moment to open, and the key may be pressed again before, or another
        one: no screen lies over its own kind, and over a dialog lies only what it asks itself.
        """
        if wait_for_dismiss:
            return super().push_screen(screen, callback, wait_for_dismiss=True, mode=mode)
        top = self.screen_stack[-1] if self.screen_stack else None
        may_cover = isinstance(screen, ConfirmDialog | SystemModalScreen) or not isinstance(top, Dialog)
        if type(screen) is type(top) or not may_cover:
            return AwaitComplete()
        return super().push_screen(screen, callback, mode=mode)

    def on_trouble(self, message: told.Trouble) -> None:
        """Show a failure."""
        self._show_error(message.error)

    def _show_error(self, error: VoicecoachError) -> None:
        self.notify(str(error), title=error.title, severity="error", timeout=12, markup=False)
