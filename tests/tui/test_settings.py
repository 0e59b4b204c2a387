import hashlib
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.widgets import Input, Select

from tests.support.hub import LoopbackHub
from tests.support.scripted_whisper import build_scripted_whisper
from tests.tui.conftest import MakeDesk, settle, told, until, words_on
from voicecoach.config import Settings, save_settings
from voicecoach.speech.catalogue import CATALOGUE, DEFAULT_MODEL, PinnedFile, PinnedModel
from voicecoach.speech.shelf import DownloadEvent
from voicecoach.tui import desk as desk_module
from voicecoach.tui.screens.offer import OfferDialog
from voicecoach.tui.screens.settings import SettingsScreen
from voicecoach.tui.widgets.rows import Rows
from voicecoach.tui.wording import size


@pytest.fixture(scope="module")
def scripted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_scripted_whisper(tmp_path_factory.mktemp("scripted"), "recall counts what we found")


@pytest.fixture
def hub(scripted: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LoopbackHub]:
    """A hub on this machine whose only model takes the default model's name."""
    content = {path.name: path.read_bytes() for path in sorted(scripted.iterdir())}
    files = tuple(
        PinnedFile(name, len(data), hashlib.sha256(data).hexdigest()) for name, data in content.items()
    )
    model = PinnedModel(DEFAULT_MODEL, "someone/small-test", "0" * 40, files, "no cost", "no gain")
    monkeypatch.setitem(CATALOGUE, model.name, model)
    with LoopbackHub(model.repository, model.revision, content) as running:
        monkeypatch.setenv("HF_ENDPOINT", running.url)
        yield running


async def test_every_choice_is_saved_at_once(make_desk: MakeDesk) -> None:
    desk = make_desk()
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("s")
        await settle(pilot)
        screen = pilot.app.screen
        screen.query_one("#engine", Select).value = "pocketsphinx"
        screen.query_one("#voice", Select).value = "espeak"
        screen.query_one("#speak_questions", Select).value = "yes"
        screen.query_one("#language", Input).value = "de"
        screen.query_one("#theme", Select).value = "textual-light"
        await settle(pilot)
        assert pilot.app.theme == "textual-light"
        assert told(pilot) == []
    saved = desk.saved()
    assert (saved.engine, saved.voice, saved.language) == ("pocketsphinx", "espeak", "de")
    assert (saved.theme, saved.speak_questions) == ("textual-light", True)


async def test_a_choice_by_keyboard_alone(make_desk: MakeDesk) -> None:
    desk = make_desk()
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("s")
        await settle(pilot)
        await pilot.press("tab", "tab", "enter", "down", "down", "enter")
        await settle(pilot)
    assert desk.saved().engine == "pocketsphinx"


async def test_a_setting_from_the_command_line_is_not_written_down(make_desk: MakeDesk) -> None:
    desk = make_desk(engine="pocketsphinx")
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("s")
        await settle(pilot)
        pilot.app.screen.query_one("#voice", Select).value = "espeak"
        await settle(pilot)
    assert (desk.saved().voice, desk.saved().engine) == ("espeak", "auto")


async def test_a_choice_is_in_force_while_it_is_being_saved(
    make_desk: MakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, may_write = make_desk(), threading.Event()
    writers: list[bool] = []

    def held(file: Path, settings: Settings) -> None:
        """The real writing, as on a disk that is slow to answer."""
        writers.append(threading.current_thread() is threading.main_thread())
        may_write.wait()
        save_settings(file, settings)

    monkeypatch.setattr(desk_module, "save_settings", held)
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("s")
        await settle(pilot)
        screen = pilot.app.screen
        screen.query_one("#theme", Select).value = "textual-light"
        screen.query_one("#voice", Select).value = "espeak"
        await until(pilot, lambda: desk.engines.settings.voice == "espeak", "the choice in force")
        await until(pilot, lambda: bool(writers), "the first word to the disk")
        assert pilot.app.theme == "textual-light"
        assert screen.query_one("#voice", Select).value == "espeak"
        assert desk.saved() == Settings()
        may_write.set()
        await settle(pilot)
        assert told(pilot) == []
    assert (desk.saved().theme, desk.saved().voice) == ("textual-light", "espeak")
    assert not any(writers), "nobody waits for the disk on the thread of the screen"


async def test_what_cannot_be_saved_is_one_line_holds_and_is_saved_with_the_next_choice(
    make_desk: MakeDesk,
) -> None:
    desk = make_desk()
    desk.paths.settings_file.write_text("this is = = no TOML", "utf-8")
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("s")
        await settle(pilot)
        select = pilot.app.screen.query_one("#voice", Select)
        select.value = "espeak"
        await settle(pilot)
        (line,) = told(pilot)
        assert line.startswith("settings.toml: ")
        assert "What you chose holds until you quit." in line
        assert (select.value, desk.engines.settings.voice) == ("espeak", "espeak")

        desk.paths.settings_file.write_text("", "utf-8")
        pilot.app.screen.query_one("#theme", Select).value = "textual-light"
        await settle(pilot)
        assert told(pilot) == [line]
    assert (desk.saved().voice, desk.saved().theme) == ("espeak", "textual-light")


async def test_a_wrong_language_is_one_line(make_desk: MakeDesk) -> None:
    desk = make_desk()
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("s")
        await settle(pilot)
        field = pilot.app.screen.query_one("#language", Input)
        field.value = "7x"
        await settle(pilot)
        assert any("two-letter language code" in line for line in told(pilot))
        assert field.value == "en"


async def test_the_palette_changes_the_theme_for_good(make_desk: MakeDesk) -> None:
    desk = make_desk()
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        pilot.app.theme = "nord"
        await settle(pilot)
    assert desk.saved().theme == "nord"


@pytest.mark.parametrize("key", ["n", "escape"])
async def test_the_first_start_alone_offers_the_download_and_nothing_is_fetched_unasked(
    make_desk: MakeDesk, hub: LoopbackHub, key: str
) -> None:
    desk = make_desk(offer_download=True)
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        assert isinstance(pilot.app.screen, OfferDialog)
        assert f"Whisper small.en, {size(CATALOGUE[DEFAULT_MODEL].size_bytes)}, fetched once" in words_on(
            pilot
        )
        assert "no gain" in words_on(pilot)
        assert "the settings (s) and `voicecoach models` offer it" in " ".join(
            words_on(pilot).replace("│", " ").split()
        )
        await pilot.press(key)
        await settle(pilot)
        assert told(pilot) == []
    assert hub.requests == []
    assert desk.saved().offer_download is False


async def test_an_accepted_download_is_used_from_then_on(make_desk: MakeDesk, hub: LoopbackHub) -> None:
    desk = make_desk(offer_download=True)
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("d")
        await until(pilot, lambda: any("is here and listens" in line for line in told(pilot)), "the model")
        await pilot.press("s")
        await settle(pilot)
        assert "✓ here" in words_on(pilot)
        assert desk.engines.transcriber().info.name == "whisper"
    assert (desk.paths.models / DEFAULT_MODEL / "model.bin").is_file()
    assert desk.saved().offer_download is False


async def test_a_download_that_fails_is_one_line(make_desk: MakeDesk, hub: LoopbackHub) -> None:
    hub.faults.refused = 403
    desk = make_desk()
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("s")
        await settle(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, SettingsScreen)
        rows = screen.query_one("#models", Rows)
        rows.options.focus()
        rows.highlight(DEFAULT_MODEL)
        await pilot.press("enter")
        await until(pilot, lambda: bool(told(pilot)), "the failure")
        assert DEFAULT_MODEL in told(pilot)[0]
        assert pilot.app.check_action("cancel_download", ()) is False


async def test_a_download_can_be_cancelled_and_goes_on_later(
    make_desk: MakeDesk, hub: LoopbackHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = make_desk()
    reached, may_go_on = threading.Event(), threading.Event()
    shelf = desk.engines.shelf()
    fetch = shelf.download

    def held(name: str) -> Iterator[DownloadEvent]:
        """The real download, stopped after its first word until the test has pressed the key."""
        for event in fetch(name):
            yield event
            reached.set()
            may_go_on.wait()

    monkeypatch.setattr(shelf, "download", held)
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("s")
        await settle(pilot)
        rows = pilot.app.screen.query_one("#models", Rows)
        rows.options.focus()
        rows.highlight(DEFAULT_MODEL)
        await pilot.press("enter")
        await until(pilot, reached.is_set, "the first bytes")
        assert f"Fetching {DEFAULT_MODEL}" in words_on(pilot)
        await pilot.press("c")
        may_go_on.set()
        await settle(pilot)
        assert any("is kept; the settings fetch the rest" in line for line in told(pilot))
        assert f"Fetching {DEFAULT_MODEL}" not in words_on(pilot)
    assert not (desk.paths.models / DEFAULT_MODEL / "model.bin").exists()


async def test_a_model_that_is_here_is_chosen_with_enter(make_desk: MakeDesk, hub: LoopbackHub) -> None:
    desk = make_desk()
    for _ in desk.engines.shelf().download(DEFAULT_MODEL):
        pass
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("s")
        await settle(pilot)
        rows = pilot.app.screen.query_one("#models", Rows)
        rows.options.focus()
        rows.highlight(DEFAULT_MODEL)
        await pilot.press("enter")
        await settle(pilot)
    assert desk.saved().model == DEFAULT_MODEL


async def test_the_tests_of_missing_devices_are_one_line_each(make_desk: MakeDesk, tmp_path: Path) -> None:
    async with make_desk(voice="espeak").app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("s")
        await settle(pilot)
        await pilot.press("m")
        await settle(pilot)
        await pilot.press("v")
        await settle(pilot)
        assert told(pilot) == ["There is no microphone. Plug one in.", "There is no loudspeaker."]
