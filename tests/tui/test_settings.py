import hashlib
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input, Select

from tests.support.hub import LoopbackHub
from tests.support.scripted_whisper import build_scripted_whisper
from tests.tui.conftest import MakeDesk, NoLoudspeakers, settle, shown_screen, told, until, words_on
from voicecoach.config import Settings, save_settings
from voicecoach.errors import DownloadError
from voicecoach.speech.catalogue import CATALOGUE, DEFAULT_MODEL, PinnedFile, PinnedModel
from voicecoach.speech.hub import CHUNK_BYTES, find_model
from voicecoach.speech.shelf import DownloadEvent, DownloadProgress, ModelEntry
from voicecoach.tui import desk as desk_module
from voicecoach.tui.app import VoicecoachApp
from voicecoach.tui.messages import DownloadWanted, StartFound
from voicecoach.tui.screens.home import HomeScreen
from voicecoach.tui.screens.offer import OfferDialog
from voicecoach.tui.screens.settings import SettingsScreen
from voicecoach.tui.widgets.download_line import DownloadLine
from voicecoach.tui.widgets.rows import Rows
from voicecoach.tui.wording import size

if TYPE_CHECKING:
    from textual.pilot import Pilot


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


class TelevisionAtHand(NoLoudspeakers):
    """A machine whose loudspeakers have names as HDMI reports them."""

    def devices(self) -> tuple[str, ...]:
        return ("[AV] Samsung", "[/x]")


async def test_names_with_square_brackets_are_shown_and_saved_as_they_are(
    make_desk: MakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = make_desk(input_device="[/x] desk", model="/models/[/mine]")
    monkeypatch.setattr(desk.engines, "player", TelevisionAtHand)
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("s")
        await settle(pilot)
        assert "[/x] desk" in words_on(pilot)
        assert "/models/[/mine] (not here)" in words_on(pilot)
        pilot.app.screen.query_one("#output_device", Select).value = "[AV] Samsung"
        await settle(pilot)
        assert "[AV] Samsung" in words_on(pilot)
    assert desk.saved().output_device == "[AV] Samsung"


async def test_the_palette_changes_the_theme_for_good(make_desk: MakeDesk) -> None:
    desk = make_desk()
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        pilot.app.theme = "nord"
        await settle(pilot)
    assert desk.saved().theme == "nord"


async def test_the_first_start_alone_offers_the_download_and_nothing_is_fetched_unasked(
    make_desk: MakeDesk, hub: LoopbackHub
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
        # Keys of the list that it lies over, pressed a moment too late, answer nothing.
        await pilot.press("n", "d", "enter", "r", "u")
        await settle(pilot)
        assert isinstance(pilot.app.screen, OfferDialog)
        assert desk.saved().offer_download is True
        await pilot.press("escape")
        await settle(pilot)
        assert told(pilot) == ["Whisper small.en is not fetched. The settings (s) offer it at any time."]
    assert hub.requests == []
    assert desk.saved().offer_download is False


@pytest.mark.parametrize("key", ["t", "h", "slash"])
async def test_the_offer_waits_until_the_list_is_on_top(
    make_desk: MakeDesk, hub: LoopbackHub, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    desk, may_look = make_desk(offer_download=True), threading.Event()
    shelf = desk.engines.shelf()
    entries = shelf.entries

    def late() -> tuple[ModelEntry, ...]:
        may_look.wait()
        return entries()

    monkeypatch.setattr(shelf, "entries", late)
    async with desk.app().run_test() as pilot:
        try:
            await until(pilot, lambda: "next:" in words_on(pilot), "the list")
            await pilot.press(key)
            await pilot.pause()
            under_way = (pilot.app.screen, pilot.app.focused)
        finally:
            may_look.set()
        await settle(pilot)
        assert (pilot.app.screen, pilot.app.focused) == under_way
        if key == "slash":
            await pilot.press("escape", "h")
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(pilot.app.screen, OfferDialog)


async def test_an_accepted_download_is_used_from_then_on(make_desk: MakeDesk, hub: LoopbackHub) -> None:
    desk = make_desk(offer_download=True)
    assert desk.engines.transcriber().info.name == "pocketsphinx", "a question may be open meanwhile"
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("y")
        await until(pilot, lambda: any("is here and listens" in line for line in told(pilot)), "the model")
        await pilot.press("s")
        await settle(pilot)
        assert "✓ here" in words_on(pilot)
        assert desk.engines.transcriber().info.name == "whisper"
    assert (desk.paths.models / DEFAULT_MODEL / "model.bin").is_file()
    assert desk.saved().offer_download is False


async def test_nothing_is_offered_while_a_model_is_being_fetched(make_desk: MakeDesk) -> None:
    desk = make_desk()
    entry = desk.engines.shelf().entries()[0]
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        app = pilot.app
        assert isinstance(app, VoicecoachApp)
        for fetching, is_offered in (((entry.name, DownloadProgress(0, 1)), False), (None, True)):
            app._fetching = fetching
            app.post_message(StartFound((), entry))
            await settle(pilot)
            assert isinstance(app.screen, OfferDialog) == is_offered


@pytest.mark.parametrize(
    ("changed", "fetched", "chosen"),
    [
        ({"model": "/models/mine"}, DEFAULT_MODEL, DEFAULT_MODEL),
        ({"model": "base.en"}, "base.en", "base.en"),
        ({"language": "de"}, "small", "auto"),
        ({"model": "base.en", "language": "de"}, "small", "small"),
    ],
    ids=["folder", "name", "language", "both"],
)
async def test_the_offer_is_of_a_model_that_listens_where_what_the_settings_name_is_not_here(
    make_desk: MakeDesk,
    hub: LoopbackHub,
    monkeypatch: pytest.MonkeyPatch,
    *,
    changed: dict[str, str],
    fetched: str,
    chosen: str,
) -> None:
    monkeypatch.setitem(CATALOGUE, fetched, replace(CATALOGUE[DEFAULT_MODEL], name=fetched))
    desk = make_desk(offer_download=True, **changed)
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        assert f"Whisper {fetched}, " in words_on(pilot)
        await pilot.press("y")
        await until(pilot, lambda: any("is here" in line for line in told(pilot)), "the model")
        assert told(pilot) == [f"Whisper {fetched} is here and listens from now on."]
        await settle(pilot)
        folders, language = (desk.paths.models,), desk.engines.settings.language
        assert find_model(desk.engines.settings.model, folders, language) == (fetched, folders[0] / fetched)
    assert desk.saved().model == chosen


async def test_nothing_is_offered_where_the_settings_name_a_model_of_ones_own(
    make_desk: MakeDesk, scripted: Path
) -> None:
    desk = make_desk(offer_download=True, model=str(scripted))
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        assert shown_screen(pilot) is HomeScreen


async def test_a_model_that_does_not_listen_is_not_said_to(make_desk: MakeDesk, hub: LoopbackHub) -> None:
    async with make_desk(offer_download=True, engine="pocketsphinx").app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("y")
        await until(pilot, lambda: any("is here" in line for line in told(pilot)), "the model")
        (line,) = told(pilot)
        assert line.startswith(
            f"Whisper {DEFAULT_MODEL} is here. PocketSphinx goes on listening: the recogniser in the settings"
        )


async def choose_model(pilot: "Pilot[None]", name: str) -> None:
    """In the settings, the model of that name."""
    await pilot.press("s")
    await settle(pilot)
    rows = pilot.app.screen.query_one("#models", Rows)
    rows.options.focus()
    rows.highlight(name)
    await pilot.press("enter")


async def fetch_from_settings(pilot: "Pilot[None]", name: str) -> None:
    await settle(pilot)
    await choose_model(pilot, name)
    await until(pilot, lambda: any("is here" in line for line in told(pilot)), "the model")
    await settle(pilot)


async def test_a_model_fetched_in_the_settings_listens_whatever_else_is_here(
    make_desk: MakeDesk, hub: LoopbackHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(CATALOGUE, "medium.en", replace(CATALOGUE[DEFAULT_MODEL], name="medium.en"))
    desk = make_desk()
    for _ in desk.engines.shelf().download(DEFAULT_MODEL):
        pass
    async with desk.app().run_test() as pilot:
        await fetch_from_settings(pilot, "medium.en")
        assert told(pilot) == ["Whisper medium.en is here and listens from now on."]
        assert pilot.app.screen.query_one("#model", Select).value == "medium.en"
        assert desk.engines.transcriber().info.model == "medium.en"
    assert desk.saved().model == "medium.en"


async def test_a_model_that_cannot_hear_the_language_is_not_chosen(
    make_desk: MakeDesk, hub: LoopbackHub
) -> None:
    desk = make_desk(language="de")
    async with desk.app().run_test() as pilot:
        await fetch_from_settings(pilot, DEFAULT_MODEL)
        assert "It hears English only" in told(pilot)[0]
        assert pilot.app.screen.query_one("#model", Select).value == "auto"


async def test_a_download_is_followed_megabyte_by_megabyte(
    make_desk: MakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = make_desk()
    shelf = desk.engines.shelf()
    shown: list[tuple[str, DownloadProgress] | None] = []
    follow = DownloadLine.follow

    def piecemeal(_name: str) -> Iterator[DownloadEvent]:
        for done in range(0, 3_000_000, CHUNK_BYTES):
            yield DownloadProgress(done, 3_000_000)
        raise DownloadError("The line is cut.")

    def followed(line: DownloadLine, fetching: tuple[str, DownloadProgress] | None) -> None:
        shown.append(fetching)
        follow(line, fetching)

    monkeypatch.setattr(shelf, "download", piecemeal)
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        monkeypatch.setattr(DownloadLine, "follow", followed)
        pilot.app.post_message(DownloadWanted(shelf.entries()[0]))
        await settle(pilot)
        assert told(pilot) == ["The line is cut."]
    assert [each and each[1].done_bytes // 1_000_000 for each in shown] == [0, 0, 1, 2, None]


async def test_a_screen_opened_while_a_download_is_held_up_shows_how_far_it_is(
    make_desk: MakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = make_desk()
    shelf = desk.engines.shelf()
    may_go_on = threading.Event()

    def stalled(_name: str) -> Iterator[DownloadEvent]:
        yield DownloadProgress(1_000_000, 3_000_000)
        may_go_on.wait()
        raise DownloadError("The line is cut.")

    monkeypatch.setattr(shelf, "download", stalled)
    async with desk.app().run_test() as pilot:
        try:
            await settle(pilot)
            pilot.app.post_message(DownloadWanted(shelf.entries()[0]))
            await until(pilot, lambda: "1 MB of 3 MB" in words_on(pilot), "the first megabyte")
            await pilot.press("s")
            await until(pilot, lambda: shown_screen(pilot) is SettingsScreen, "the settings")
            await until(pilot, lambda: "1 MB of 3 MB" in words_on(pilot), "the same there")
        finally:
            may_go_on.set()
        await settle(pilot)
        assert told(pilot) == ["The line is cut."]


async def test_a_line_that_is_not_there_yet_is_passed_over(make_desk: MakeDesk) -> None:
    async with make_desk().app().run_test() as pilot:
        await settle(pilot)
        line = DownloadLine()
        mounted = pilot.app.screen.mount(line)
        line.follow(("small.en", DownloadProgress(1, 2)))
        await mounted
        await settle(pilot)
        line.follow(("small.en", DownloadProgress(1_000_000, 2_000_000)))
        await settle(pilot)
        assert "1 MB of 2 MB" in words_on(pilot)


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
        await choose_model(pilot, DEFAULT_MODEL)
        await until(pilot, reached.is_set, "the first bytes")
        assert f"Fetching {DEFAULT_MODEL}" in words_on(pilot)
        await pilot.press("c")
        may_go_on.set()
        await settle(pilot)
        assert any("is kept; the settings fetch the rest" in line for line in told(pilot))
        assert f"Fetching {DEFAULT_MODEL}" not in words_on(pilot)
    assert not (desk.paths.models / DEFAULT_MODEL / "model.bin").exists()


async def test_a_download_that_fails_while_it_is_being_stopped_is_stopped(
    make_desk: MakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, may_go_on = make_desk(), threading.Event()
    shelf = desk.engines.shelf()

    def stalled(_name: str) -> Iterator[DownloadEvent]:
        yield DownloadProgress(1_000_000, 3_000_000)
        may_go_on.wait()
        raise DownloadError("The line is cut.", "Check the connection.")

    monkeypatch.setattr(shelf, "download", stalled)
    async with desk.app().run_test() as pilot:
        try:
            await settle(pilot)
            pilot.app.post_message(DownloadWanted(shelf.entries()[0]))
            await until(pilot, lambda: "1 MB of 3 MB" in words_on(pilot), "the first megabyte")
            await pilot.press("c", "c")
            assert told(pilot) == ["Stopping the download."]
        finally:
            may_go_on.set()
        await until(pilot, lambda: len(told(pilot)) > 1, "the end")
        assert "is kept; the settings fetch the rest" in told(pilot)[1]


async def test_a_download_that_is_complete_is_no_longer_stopped(
    make_desk: MakeDesk, hub: LoopbackHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = make_desk()
    reached, may_go_on = threading.Event(), threading.Event()
    shelf = desk.engines.shelf()
    fetch = shelf.download

    def held(name: str) -> Iterator[DownloadEvent]:
        """The real download, held up where the model has been put in its place."""
        for event in fetch(name):
            if (desk.paths.models / DEFAULT_MODEL / "model.bin").is_file():
                reached.set()
                may_go_on.wait()
            yield event

    monkeypatch.setattr(shelf, "download", held)
    async with desk.app().run_test() as pilot:
        try:
            await settle(pilot)
            await choose_model(pilot, DEFAULT_MODEL)
            await until(pilot, reached.is_set, "the model")
            await pilot.press("c")
        finally:
            may_go_on.set()
        await until(pilot, lambda: len(told(pilot)) > 1, "the end")
        assert told(pilot)[1].startswith(f"Whisper {DEFAULT_MODEL} is here")


async def test_a_model_that_is_here_is_chosen_with_enter(make_desk: MakeDesk, hub: LoopbackHub) -> None:
    desk = make_desk()
    for _ in desk.engines.shelf().download(DEFAULT_MODEL):
        pass
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        await choose_model(pilot, DEFAULT_MODEL)
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
