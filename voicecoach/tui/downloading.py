"""The part of the app that fetches models, one at a time, and says how far it is."""

from collections.abc import Generator
from typing import TYPE_CHECKING

from textual import work
from textual.worker import get_current_worker

from voicecoach.config import Settings
from voicecoach.errors import VoicecoachError
from voicecoach.speech.local import hears
from voicecoach.speech.shelf import DownloadDone, DownloadProgress, ModelEntry
from voicecoach.tui import messages as told
from voicecoach.tui.base import CoachedApp
from voicecoach.tui.desk import SettingsDesk
from voicecoach.tui.screens.settings import SettingsScreen
from voicecoach.tui.widgets.download_line import DownloadLine

if TYPE_CHECKING:
    from voicecoach.practice.coach import Coach

MEGABYTE = 1_000_000


class DownloadingApp(CoachedApp):
    """An app that fetches a model while someone practises.

    Args:
        desk: Keeps the settings.
    """

    def __init__(self, desk: SettingsDesk) -> None:
        super().__init__(desk)
        self._fetching: tuple[str, DownloadProgress] | None = None

    def on_download_wanted(self, message: told.DownloadWanted) -> None:
        """Fetch a model; one at a time."""
        if self._fetching is not None:
            self.notify(f"{self._fetching[0]} is being fetched: wait for it, or cancel it with c.")
        elif self._coach is not None:
            self._fetching = (message.entry.name, DownloadProgress(0, message.entry.size_bytes))
            self._show_download()
            self._refresh_keys()
            self._download(self._coach, message.entry, then_chosen=message.then_chosen)

    @work(thread=True, group="download")
    def _download(self, coach: "Coach", entry: ModelEntry, *, then_chosen: bool) -> None:
        worker = get_current_worker()
        told_mb, is_whole = -1, False
        try:
            events = coach.engines.shelf().download(entry.name)
            for event in events:
                # Once all of it has arrived there is nothing left to stop: it is checked and put in place.
                is_whole = isinstance(event, DownloadDone) or event.done_bytes == event.total_bytes
                if worker.is_cancelled and not is_whole:
                    break
                # It comes in small pieces, thousands in all: nobody sees less than a megabyte of it.
                if isinstance(event, DownloadProgress) and event.done_bytes // MEGABYTE != told_mb:
                    told_mb = event.done_bytes // MEGABYTE
                    self.post_message(told.DownloadMoved(entry.name, event))
            if isinstance(events, Generator):
                events.close()
        except VoicecoachError as error:
            # What goes wrong with a download that is being stopped is nothing to see to, a wrong checksum is.
            is_stopped = worker.is_cancelled and not is_whole
            self.post_message(told.DownloadEnded(entry.name, None if is_stopped else error, is_stopped))
        else:
            self.post_message(told.DownloadEnded(entry.name, None, not is_whole, then_chosen))

    def on_download_moved(self, message: told.DownloadMoved) -> None:
        """Follow the download."""
        if self._fetching is not None:
            self._fetching = (message.name, message.progress)
            self._show_download()

    def on_download_line_opened(self, _message: DownloadLine.Opened) -> None:
        """Show a screen that has just opened what is being fetched."""
        self._show_download()

    def on_download_ended(self, message: told.DownloadEnded) -> None:
        """Use the model from now on, or say why it is not here."""
        self._fetching = None
        self._show_download()
        self._refresh_keys()
        if message.error is not None:
            self._show_error(message.error)
        elif message.cancelled:
            self.notify(f"Stopped. What has arrived of {message.name} is kept; the settings fetch the rest.")
        elif self._coach is not None:
            self._use(self._coach, message.name, then_chosen=message.then_chosen)
        for screen in self.screen_stack:
            if isinstance(screen, SettingsScreen):
                screen.look_for_models()

    def _use(self, coach: "Coach", name: str, *, then_chosen: bool) -> None:
        """Have a model that has arrived listen where that is wanted, and say whether it does."""
        settings = self._desk.current
        if then_chosen and hears(name, settings.language):
            settings = self._choose({"model": name})
        coach.engines.reload(settings)
        coach.engines.reload()  # what was loaded while it came listens no longer
        self.notify(f"Whisper {name} is here{_whether_it_listens(name, settings)}", markup=False)

    def action_cancel_download(self) -> None:
        """Stop fetching, which ends with the next piece that comes; what has arrived is kept."""
        if self.workers.cancel_group(self, "download"):
            self.notify("Stopping the download.")

    def _show_download(self) -> None:
        for screen in self.screen_stack:
            for line in screen.query(DownloadLine):
                line.follow(self._fetching)

    def _refresh_keys(self) -> None:
        """A download can be cancelled while it goes on."""
        for screen in self.screen_stack:
            screen.refresh_bindings()


def _whether_it_listens(name: str, settings: Settings) -> str:
    """What the settings in force mean for a model that has arrived."""
    if settings.engine == "pocketsphinx":
        return ". PocketSphinx goes on listening: the recogniser in the settings (s) changes that."
    if not hears(name, settings.language):
        return f". It hears English only, and the language in the settings is {settings.language!r}."
    return " and listens from now on."
