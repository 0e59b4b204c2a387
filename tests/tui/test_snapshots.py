"""Pictures of every screen at both sizes; --snapshot-update takes new ones, which want looking at."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from textual.widgets import Input, TextArea

from tests.support.sounds import save, silence, tone
from tests.tui.conftest import Desk, MakeDesk, settle, until
from tests.tui.samples import CARD, NOW, SPHINX, attempt
from voicecoach.audio.recorder import RecordingStatus
from voicecoach.audio.takes import TakeStore
from voicecoach.audio.wav import write_wav
from voicecoach.errors import NoSpeechError
from voicecoach.history.records import Attempt
from voicecoach.practice.events import Heard, Working
from voicecoach.speech.shelf import DownloadProgress
from voicecoach.tui.messages import CardWanted, DownloadMoved, JudgeWanted, JudgingFailed, Progressed
from voicecoach.tui.screens.confirm import ConfirmDialog
from voicecoach.tui.screens.judging import JudgingScreen
from voicecoach.tui.screens.practice import PracticeScreen
from voicecoach.tui.screens.takes import TakesDialog
from voicecoach.tui.widgets.recording_panel import RecordingPanel
from voicecoach.tui.widgets.rows import Rows

if TYPE_CHECKING:
    from textual.pilot import Pilot

Compare = Callable[..., bool]
Act = Callable[["Pilot[None]"], Awaitable[None]]

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
THEMES = pytest.mark.parametrize("theme", ["textual-dark", "textual-light"], ids=["dark", "light"])


@pytest.fixture
def desk(make_desk: MakeDesk) -> Desk:
    return with_history(make_desk())


def with_history(desk: Desk) -> Desk:
    history = desk.engines.history()
    history.add(attempt(12, 71.0, replace(CARD, cue="Close with the threshold.")))
    history.add(attempt(5, 48.0, replace(CARD, question="define-recall", engine=SPHINX)))
    history.add(attempt(1, 57.4))
    return desk


def pressing(*keys: str) -> Act:
    async def act(pilot: "Pilot[None]") -> None:
        await settle(pilot)
        for key in keys:
            await pilot.press(key)
            await settle(pilot)
        for field in pilot.app.screen.query(Input):
            field.cursor_blink = False
        for area in pilot.app.screen.query(TextArea):
            area.cursor_blink = False
            # A line drawn while the cursor was blinked away is cached as one whose cursor does not blink.
            area._line_cache.clear()
            area.refresh()

    return act


def compare(snap_compare: Compare, desk: Desk, size: tuple[int, int], act: Act) -> bool:
    return snap_compare(desk.app(), terminal_size=size, run_before=act)


@SIZES
@THEMES
def test_home(snap_compare: Compare, make_desk: MakeDesk, size: tuple[int, int], theme: str) -> None:
    assert compare(snap_compare, with_history(make_desk(theme=theme)), size, pressing())


@SIZES
@THEMES
def test_card(snap_compare: Compare, make_desk: MakeDesk, size: tuple[int, int], theme: str) -> None:
    assert compare(snap_compare, with_history(make_desk(theme=theme)), size, pressing("h", "enter"))


@SIZES
@pytest.mark.parametrize("part", [1, 2, 4, 5, 8])
def test_parts_of_the_card(snap_compare: Compare, desk: Desk, size: tuple[int, int], part: int) -> None:
    assert compare(snap_compare, desk, size, pressing("h", "enter", *["tab"] * part))


@SIZES
def test_card_heard_by_the_embedded_engine(snap_compare: Compare, desk: Desk, size: tuple[int, int]) -> None:
    assert compare(snap_compare, desk, size, pressing("h", "down", "enter"))


@SIZES
def test_history(snap_compare: Compare, desk: Desk, size: tuple[int, int]) -> None:
    assert compare(snap_compare, desk, size, pressing("h"))


@SIZES
def test_settings(snap_compare: Compare, desk: Desk, size: tuple[int, int]) -> None:
    assert compare(snap_compare, desk, size, pressing("s"))


@SIZES
def test_help(snap_compare: Compare, desk: Desk, size: tuple[int, int]) -> None:
    assert compare(snap_compare, desk, size, pressing("question_mark"))


@SIZES
def test_practice(snap_compare: Compare, make_desk: MakeDesk, size: tuple[int, int]) -> None:
    # Named, because a machine may have weights of its own that "auto" would find.
    desk = with_history(make_desk(engine="pocketsphinx"))
    assert compare(snap_compare, desk, size, pressing("home", "down", "enter", "i"))


@SIZES
@pytest.mark.parametrize(
    "status",
    [
        RecordingStatus(47.2, 0.4, 0.12, 0.1, clipped=False, overflows=0, problem=None),
        RecordingStatus(71.0, 0.2, 0.05, 0.1, clipped=False, overflows=0, problem=None),
        RecordingStatus(104.0, 1.0, 0.5, 0.0, clipped=True, overflows=0, problem=None),
        RecordingStatus(12.0, 0.001, 0.0005, 8.0, clipped=False, overflows=0, problem=None),
    ],
    ids=["before", "in-target", "over-and-clipped", "silent"],
)
def test_recording(snap_compare: Compare, desk: Desk, size: tuple[int, int], status: RecordingStatus) -> None:
    async def act(pilot: "Pilot[None]") -> None:
        await pressing("home", "down", "enter")(pilot)
        screen = pilot.app.screen
        assert isinstance(screen, PracticeScreen)
        screen.answering.show_recording()
        screen.query_one(RecordingPanel).show_status(status)
        await pilot.pause()

    assert compare(snap_compare, desk, size, act)


@SIZES
@pytest.mark.parametrize("failed", [False, True], ids=["working", "failed"])
def test_judging(snap_compare: Compare, desk: Desk, size: tuple[int, int], failed: bool) -> None:
    take = TakeStore(desk.paths.takes).create("imbalanced-data", NOW)

    async def act(pilot: "Pilot[None]") -> None:
        await settle(pilot)
        write_wav(take.audio, silence(12.0))  # at the start it would be offered
        screen = JudgingScreen(desk.coach, JudgeWanted(desk.bank.questions[0], lambda: iter(()), take))
        await pilot.app.push_screen(screen)
        for event in (Working("reading"), Working("listening"), Working("transcribing", 0.4)):
            screen.post_message(Progressed(event))
        if failed:
            screen.post_message(JudgingFailed(NoSpeechError("No speech was heard in 12 s.", "Try again.")))
        else:
            screen.post_message(Progressed(Heard(attempt(0, 50.0).transcript)))
        await settle(pilot)

    assert compare(snap_compare, desk, size, act)


@SIZES
@pytest.mark.parametrize("key", ["t", "f"], ids=["text", "file"])
def test_answers_that_are_not_spoken(
    snap_compare: Compare, desk: Desk, size: tuple[int, int], key: str
) -> None:
    assert compare(snap_compare, desk, size, pressing("home", "down", key))


@SIZES
@pytest.mark.parametrize("keys", [(), ("d",)], ids=["offer", "delete"])
def test_unfinished_takes(
    snap_compare: Compare, desk: Desk, size: tuple[int, int], keys: tuple[str, ...]
) -> None:
    take = TakeStore(desk.paths.takes).create("imbalanced-data", NOW)
    save(take.audio, tone(200, 3.0))

    async def act(pilot: "Pilot[None]") -> None:
        def filled() -> bool:
            screen = pilot.app.screen
            return isinstance(screen, TakesDialog) and screen.query_one(Rows).key == take.id

        await until(pilot, filled, "the list of takes")
        await pressing(*keys)(pilot)
        wanted = ConfirmDialog if keys else TakesDialog
        await until(pilot, lambda: isinstance(pilot.app.screen, wanted), wanted.__name__)
        await settle(pilot)

    assert compare(snap_compare, desk, size, act)


@SIZES
def test_card_that_could_not_be_kept(snap_compare: Compare, desk: Desk, size: tuple[int, int]) -> None:
    new = attempt(0, 57.4, replace(CARD, notices=("This attempt was not kept: the disk is full.",)))
    unkept = Attempt(0, new.question_id, None, NOW, new.transcript, new.speech, new.card)

    async def act(pilot: "Pilot[None]") -> None:
        await settle(pilot)
        pilot.app.post_message(CardWanted(unkept))
        await settle(pilot)

    assert compare(snap_compare, desk, size, act)


@SIZES
def test_download_offer(snap_compare: Compare, make_desk: MakeDesk, size: tuple[int, int]) -> None:
    assert compare(snap_compare, with_history(make_desk(offer_download=True)), size, pressing())


@SIZES
def test_download_under_way(snap_compare: Compare, desk: Desk, size: tuple[int, int]) -> None:
    async def act(pilot: "Pilot[None]") -> None:
        await settle(pilot)
        app: Any = pilot.app
        app._fetching = ("small.en", DownloadProgress(0, 1))
        app._refresh_keys()
        app.post_message(DownloadMoved("small.en", DownloadProgress(210_000_000, 486_000_000)))
        await settle(pilot)

    assert compare(snap_compare, desk, size, act)


@SIZES
def test_an_empty_history(
    snap_compare: Compare, make_desk: MakeDesk, size: tuple[int, int], tmp_path: Path
) -> None:
    assert compare(snap_compare, make_desk(), size, pressing("h"))


@SIZES
def test_two_takes_side_by_side(snap_compare: Compare, make_desk: MakeDesk, size: tuple[int, int]) -> None:
    desk = make_desk()
    rare, accuracy, *others = CARD.points
    before = replace(CARD, points=(replace(rare, start_s=20.0), replace(accuracy, state="covered"), *others))
    desk.engines.history().add(attempt(12, 71.0, before))
    desk.engines.history().add(attempt(1, 57.4))
    assert compare(snap_compare, desk, size, pressing("h", "v"))


@SIZES
def test_the_cut_version(snap_compare: Compare, make_desk: MakeDesk, size: tuple[int, int]) -> None:
    desk = with_history(make_desk(engine="pocketsphinx"))
    assert compare(snap_compare, desk, size, pressing("h", "enter", "w"))


@SIZES
def test_one_point_again(snap_compare: Compare, make_desk: MakeDesk, size: tuple[int, int]) -> None:
    desk = with_history(make_desk(engine="pocketsphinx"))
    assert compare(snap_compare, desk, size, pressing("h", "enter", "o"))


@SIZES
def test_a_take_that_is_followed(snap_compare: Compare, desk: Desk, size: tuple[int, int]) -> None:
    assert compare(snap_compare, desk, size, pressing("h", "enter", "y"))
