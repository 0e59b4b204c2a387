"""The settings as the app sees them: what is in force, and what a change writes to the file."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from voicecoach.config import Settings, load_settings, save_settings


class SettingsDesk:
    """Keeps the settings in force apart from those in the file.

    A flag or an environment variable is in force for this run only: changing something else must not write
    it down.

    Args:
        file: settings.toml; need not exist.
        current: The settings in force, from every source.
    """

    def __init__(self, file: Path, current: Settings) -> None:
        self.file = file
        self._current = current

    @property
    def current(self) -> Settings:
        """The settings in force."""
        return self._current

    def change(self, key: str, value: str | bool) -> Settings:
        """Put one setting in force and save it.

        Raises:
            SettingsError: The value is wrong, or the file cannot be read or written; nothing has changed.
        """
        return self.change_all({key: value})

    def change_all(self, changed: Mapping[str, str | bool]) -> Settings:
        """Put several settings in force and save them together.

        Raises:
            SettingsError: A value is wrong, or the file cannot be read or written; nothing has changed.
        """
        save_settings(self.file, load_settings(self.file, {}, changed))
        self._current = replace(self._current, **changed)  # type: ignore[arg-type]  # load_settings checked it
        return self._current
