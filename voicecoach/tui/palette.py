"""What the keys of the screen do, for the command palette: the footer has room for some of them only."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from textual.app import App, SystemCommand
from textual.screen import Screen


def key_commands(app: App[None], screen: Screen[Any]) -> Iterator[SystemCommand]:
    """One command for every key that does something now, keys that only move the highlight left out.

    Args:
        app: Runs it.
        screen: The screen under the palette.
    """
    for active in screen.active_bindings.values():
        binding = active.binding
        own = binding.show or active.node in (screen, app)
        if own and active.enabled and binding.description and not binding.system:
            key = app.get_key_display(binding)
            run = partial(app.run_action, binding.action, active.node)
            yield SystemCommand(binding.description, f"The key {key}", run)
