"""The settings as the app sees them: what is in force, and what is written to the file."""

from collections.abc import Mapping
from pathlib import Path
from threading import Lock

from voicecoach.config import Settings, load_settings, save_settings, with_changes
from voicecoach.errors import SettingsError


class SettingsDesk:
    """Keeps the settings in force apart from those in the file.

    A flag or an environment variable is in force for this run only: changing something else must not write
    it down. Every method may be called from any thread.

    Args:
        file: settings.toml; need not exist.
        current: The settings in force, from every source.
    """

    def __init__(self, file: Path, current: Settings) -> None:
        self.file = file
        self._current = current
        self._unsaved: dict[str, str | bool] = {}
        self._changing = Lock()
        self._writing = Lock()

    @property
    def current(self) -> Settings:
        """The settings in force."""
        return self._current

    def change(self, changed: Mapping[str, str | bool]) -> Settings:
        """Put settings in force; `save` writes them to the file.

        Raises:
            SettingsError: A value is wrong; nothing has changed.
        """
        with self._changing:
            self._current = with_changes(self._current, changed)
            self._unsaved |= changed
            return self._current

    def save(self) -> None:
        """Write what has been put in force since the file was last written; may block.

        Raises:
            SettingsError: The file cannot be read or written. It is as it was, and the next call tries again.
        """
        with self._writing:
            with self._changing:
                unsaved, self._unsaved = self._unsaved, {}
            if not unsaved:
                return
            try:
                save_settings(self.file, load_settings(self.file, {}, unsaved))
            except SettingsError:
                with self._changing:
                    self._unsaved = unsaved | self._unsaved
                raise
