"""The stack of screens: work in the background may end while another screen lies over its own."""

from typing import Any, Protocol, runtime_checkable

from textual.app import App
from textual.screen import Screen


def uncover(app: App[None], screen: Screen[Any]) -> None:
    """Take off whatever lies over a screen of the stack: the help, the palette, a question to confirm.

    Args:
        app: The app.
        screen: One of its stack; nothing happens where it is none.
    """
    while screen in app.screen_stack and app.screen is not screen:
        app.pop_screen()


def close(app: App[None], screen: Screen[Any]) -> None:
    """Take off a screen with whatever lies over it; nothing happens where it has gone already."""
    if screen in app.screen_stack:
        uncover(app, screen)
        app.pop_screen()


@runtime_checkable
class HoldsText(Protocol):
    """A screen that someone writes in."""

    @property
    def is_unsaved(self) -> bool:
        """Whether what stands there would be lost with the screen."""
        ...


def holds_unsaved(app: App[None]) -> bool:
    """Whether text in any screen of the stack would be lost if the program ended."""
    return any(isinstance(screen, HoldsText) and screen.is_unsaved for screen in app.screen_stack)
