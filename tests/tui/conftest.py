import asyncio
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from textual.css.query import NoMatches
from textual.widgets import TextArea

from tests.support.embedding import RememberingMiniLm, remembering_minilm
from tests.tui.samples import BANK, NOW
from voicecoach.audio.player import Playback
from voicecoach.audio.recorder import Recording
from voicecoach.audio.takes import Take
from voicecoach.clip import AudioClip
from voicecoach.config import Paths, Settings, load_settings
from voicecoach.content.model import Bank
from voicecoach.errors import AudioError, NoMicrophoneError
from voicecoach.practice.coach import Coach
from voicecoach.speech.hub import HubShelf
from voicecoach.tui.app import VoicecoachApp
from voicecoach.tui.desk import SettingsDesk
from voicecoach.tui.opening import HOME, Opening
from voicecoach.tui.screens.answers import TextDialog
from voicecoach.tui.screens.card import CardScreen
from voicecoach.tui.screens.home import HomeScreen
from voicecoach.wiring import WiredEngines

if TYPE_CHECKING:
    from textual.message_pump import MessagePump
    from textual.pilot import Pilot

PATIENCE_S = 150.0


class NoDevices:
    """A machine without a microphone, whatever the one that runs the tests has."""

    def devices(self) -> tuple[str, ...]:
        return ()

    def start(self, take: Take) -> Recording:
        raise NoMicrophoneError("There is no microphone.", "Plug one in.")


class NoLoudspeakers:
    def devices(self) -> tuple[str, ...]:
        return ()

    def play(self, clip: AudioClip, start_s: float = 0.0, end_s: float | None = None) -> Playback:
        raise AudioError("There is no loudspeaker.")


class QuietEngines(WiredEngines):
    """The real engines on a machine without sound devices; only this test's own models are on the shelf."""

    def __init__(self, settings: Settings, paths: Paths) -> None:
        super().__init__(settings, paths)
        self._own_shelf = HubShelf((paths.models,), paths.models)

    def _minilm(self) -> RememberingMiniLm:
        return remembering_minilm()

    def recorder(self) -> NoDevices:
        return NoDevices()

    def player(self) -> NoLoudspeakers:
        return NoLoudspeakers()

    def shelf(self) -> HubShelf:
        return self._own_shelf


@dataclass
class Desk:
    """Everything one app under test is made of."""

    paths: Paths
    settings: Settings
    bank: Bank = BANK
    quiet: bool = True

    def __post_init__(self) -> None:
        kind = QuietEngines if self.quiet else WiredEngines
        self.engines = kind(self.settings, self.paths)
        seconds = count()
        self.coach = Coach(
            self.engines, self.bank, self.paths.takes, lambda: NOW + timedelta(seconds=next(seconds))
        )

    def app(
        self, question_id: str = "", make_coach: Callable[[], Coach] | None = None, opening: Opening = HOME
    ) -> VoicecoachApp:
        """The app, opened on a question or on any flow."""
        desk = SettingsDesk(self.paths.settings_file, self.settings)
        opening = Opening("practice", question_id) if question_id else opening
        return VoicecoachApp(make_coach or (lambda: self.coach), desk, opening)

    def saved(self) -> Settings:
        """What the settings file says."""
        return load_settings(self.paths.settings_file, {})


MakeDesk = Callable[..., Desk]


@pytest.fixture(autouse=True)
def fixed_time_zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Dates on the screen do not depend on where the tests run."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "UTC")
        if hasattr(time, "tzset"):
            time.tzset()
        yield
    if hasattr(time, "tzset"):
        time.tzset()


@pytest.fixture
def make_desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MakeDesk]:
    """Makes apps over one home; nothing outside it is read or written."""
    for name in list(os.environ):
        if name.startswith("VOICECOACH_"):
            monkeypatch.delenv(name)
    # A relative path keeps this test's folder out of the pictures.
    monkeypatch.chdir(tmp_path)
    paths = Paths(Path("settings.toml"), tmp_path / "data", tmp_path / "cache")
    made: list[Desk] = []

    def make(*, quiet: bool = True, bank: Bank = BANK, **changed: object) -> Desk:
        chosen = {"speak_questions": False, "offer_download": False, **changed}
        made.append(Desk(paths, Settings(**chosen), bank, quiet))  # type: ignore[arg-type]  # keys of Settings
        return made[-1]

    yield make
    for desk in made:
        desk.engines.history().close()


async def settle(pilot: "Pilot[None]") -> None:
    """Wait until every worker has ended and all it told has been shown."""
    quiet_rounds = 0
    while quiet_rounds < 4:  # a worker's message may start the next worker, on a screen that opens meanwhile
        busy = any(not worker.is_finished for worker in pilot.app.workers)
        await pilot.app.workers.wait_for_complete()
        await _messages_handled(pilot)
        await pilot.pause()
        quiet_rounds = 0 if busy else quiet_rounds + 1


async def _messages_handled(pilot: "Pilot[None]") -> None:
    """Wait for the app, its screens and their widgets: `Pilot.pause` waits for the top screen's only."""
    pumps: list[MessagePump] = [pilot.app]
    for screen in pilot.app.screen_stack:
        pumps += [screen, *screen.walk_children(with_self=False)]
    for pump in pumps:
        reached = asyncio.Event()
        if pump.call_later(reached.set):
            while pump.is_running and not reached.is_set():
                await asyncio.sleep(0)


async def until(pilot: "Pilot[None]", condition: Callable[[], bool], what: str) -> None:
    """Wait for something that a worker brings about while others go on."""
    deadline = time.monotonic() + PATIENCE_S
    while not _holds(condition):
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {PATIENCE_S:.0f} s for {what}")
        await pilot.pause(0.02)


def _holds(condition: Callable[[], bool]) -> bool:
    try:
        return condition()
    except NoMatches:
        # A screen that has just opened has no widgets yet.
        return False


def words_on(pilot: "Pilot[None]") -> str:
    """Everything that the screen shows, as lines of text."""
    screen = pilot.app.screen
    return "\n".join(
        "".join(segment.text for segment in strip).rstrip() for strip in screen._compositor.render_strips()
    )


def shown_screen(pilot: "Pilot[None]") -> type[object]:
    """Which screen is on top; mypy would take `isinstance(app.screen, ...)` for settled."""
    return type(pilot.app.screen)


async def type_into_dialog(pilot: "Pilot[None]", text: str) -> None:
    """Open the dialog for typed words, and send these."""
    await pilot.press("t")
    await until(pilot, lambda: shown_screen(pilot) is TextDialog, "the dialog")
    await settle(pilot)
    pilot.app.screen.query_one(TextArea).text = text
    await pilot.press("ctrl+s")


async def expect_card_over_home(pilot: "Pilot[None]") -> None:
    """The card comes, with nothing left between it and the list that it was opened from."""
    await until(pilot, lambda: shown_screen(pilot) is CardScreen, "the card")
    await settle(pilot)
    assert [type(screen) for screen in pilot.app.screen_stack] == [HomeScreen, CardScreen]
    await pilot.press("escape")
    await settle(pilot)
    assert shown_screen(pilot) is HomeScreen


def footer_of(pilot: "Pilot[None]") -> dict[str, str]:
    """What each key does now, for keys that the footer shows."""
    return {
        key: active.binding.description
        for key, active in pilot.app.screen.active_bindings.items()
        if active.binding.show and active.enabled
    }


def told(pilot: "Pilot[None]") -> list[str]:
    """The notifications so far."""
    return [notification.message for notification in pilot.app._notifications]
