"""What a person does with the keyboard, through the real coach, judge and history."""

import os
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input, Static, TextArea

from tests.support.disks import mode
from tests.support.scripted_whisper import build_scripted_whisper
from tests.support.sounds import save, silence
from tests.tui.conftest import (
    Desk,
    MakeDesk,
    expect_card_over_home,
    footer_of,
    settle,
    shown_screen,
    told,
    until,
    words_on,
)
from tests.tui.samples import ANSWER, IMBALANCE, NOW, attempt
from voicecoach.audio.takes import TakeStore
from voicecoach.audio.wav import write_wav
from voicecoach.practice.events import PracticeEvent, Working
from voicecoach.practice.hearing import Judgement
from voicecoach.tui.messages import JudgeWanted
from voicecoach.tui.screens import history as history_screen
from voicecoach.tui.screens.answers import FileDialog, PathSuggester, TextDialog
from voicecoach.tui.screens.card import CardScreen
from voicecoach.tui.screens.confirm import ConfirmDialog
from voicecoach.tui.screens.history import HistoryScreen
from voicecoach.tui.screens.home import HomeScreen
from voicecoach.tui.screens.judging import JudgingScreen
from voicecoach.tui.screens.practice import PracticeScreen
from voicecoach.tui.widgets.rows import Rows

if TYPE_CHECKING:
    from textual.pilot import Pilot

posix_only = pytest.mark.skipif(os.name != "posix", reason="Windows has no such permission bits")

HEARD = "imbalanced data means that one class is much rarer than the other"


async def type_answer(pilot: "Pilot[None]", text: str, seconds: str = "") -> None:
    pilot.app.screen.query_one(TextArea).text = text
    pilot.app.screen.query_one("#seconds", Input).value = seconds
    await pilot.press("ctrl+s")


async def typed_card(pilot: "Pilot[None]") -> str:
    """Type the answer to the first question and have it judged; what the card shows."""
    await settle(pilot)
    await pilot.press("home", "down", "t")
    await type_answer(pilot, ANSWER, "24")
    await until(pilot, lambda: shown_screen(pilot) is CardScreen, "the card")
    await settle(pilot)
    return words_on(pilot)


async def test_typed_words_become_a_card_that_can_be_opened_again_and_deleted(make_desk: MakeDesk) -> None:
    desk = make_desk()
    async with desk.app().run_test() as pilot:
        shown = await typed_card(pilot)
        assert "Next time:" in shown
        assert "typed text" in shown
        assert "0:24 of 60-90" in shown
        assert "✓ covered" in shown
        kept = desk.coach.attempts()
        assert [(row.question_id, row.engine, row.duration_s) for row in kept] == [
            ("imbalanced-data", "text", 24.0)
        ]

        await pilot.press("enter")
        await settle(pilot)
        assert not {"play_moment", "play_all"} & {
            each.binding.action for each in pilot.app.screen.active_bindings.values()
        }

        await pilot.press("r")
        await settle(pilot)
        assert shown_screen(pilot) is PracticeScreen
        await pilot.press("escape")
        await settle(pilot)
        assert shown_screen(pilot) is HomeScreen

        await pilot.press("h")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert shown_screen(pilot) is CardScreen
        await pilot.press("d", "n")
        await settle(pilot)
        assert len(desk.coach.attempts()) == 1
        await pilot.press("d", "y")
        await settle(pilot)
        assert shown_screen(pilot) is HistoryScreen
        assert "No attempts yet." in words_on(pilot)
        assert desk.coach.attempts() == ()


async def test_typed_words_that_cannot_be_kept_are_judged_and_given_back(make_desk: MakeDesk) -> None:
    desk = make_desk()
    desk.paths.data.mkdir(parents=True)
    desk.paths.database.write_bytes(b"this is no database, whatever its name says" * 100)
    async with desk.app().run_test(size=(120, 40)) as pilot:
        shown = await typed_card(pilot)
        assert "This card could not be kept" in shown
        assert "✓ covered" in shown
        assert "d" not in footer_of(pilot)
        await pilot.press("d")
        await settle(pilot)
        assert shown_screen(pilot) is CardScreen
        await pilot.press("escape", "t")
        await settle(pilot)
        assert pilot.app.screen.query_one(TextArea).text == ANSWER
        assert pilot.app.screen.query_one("#seconds", Input).value == "24"
        desk.paths.database.unlink()
        await pilot.press("ctrl+s")
        await until(pilot, lambda: shown_screen(pilot) is CardScreen, "the card")
        await settle(pilot)
        assert len(desk.coach.attempts()) == 1
        await pilot.press("escape", "t")
        await settle(pilot)
        assert pilot.app.screen.query_one(TextArea).text == ""


async def test_typed_words_that_cannot_be_judged_are_given_back(make_desk: MakeDesk) -> None:
    async with make_desk().app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("t")
        await type_answer(pilot, "... ?!")
        await until(pilot, lambda: "There are no words to judge." in words_on(pilot), "the failure")
        assert "t on this question gives it back" in words_on(pilot)
        await pilot.press("escape", "t")
        await settle(pilot)
        assert pilot.app.screen.query_one(TextArea).text == "... ?!"


async def test_a_window_that_is_too_small_is_told_once(make_desk: MakeDesk) -> None:
    async with make_desk().app().run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        for size in ((60, 16), (59, 16), (50, 12), (80, 24), (80, 15)):
            await pilot.resize_terminal(*size)
            await settle(pilot)
        assert told(pilot) == ["Make the window at least 80x24."] * 2


async def test_the_text_dialog_says_what_is_missing(make_desk: MakeDesk) -> None:
    async with make_desk().app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("t")
        await type_answer(pilot, "  ")
        assert "There are no words yet." in words_on(pilot)
        for wrong in ("soon", "0", "nan", "4000"):
            await type_answer(pilot, ANSWER, wrong)
            assert f"{wrong!r} is not a number of seconds" in words_on(pilot)
        assert shown_screen(pilot) is TextDialog


async def test_the_file_dialog_completes_and_says_what_is_wrong(make_desk: MakeDesk, tmp_path: Path) -> None:
    (tmp_path / "recordings").mkdir()
    save(tmp_path / "recordings" / "answer.wav", silence(2.0))
    async with make_desk().app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("f", "enter")
        assert "There is no path yet." in words_on(pilot)
        await pilot.press(*"nothing.wav", "enter")
        assert "nothing.wav: there is no such file." in words_on(pilot)
        field = pilot.app.screen.query_one(Input)
        field.value = ""
        await pilot.press(*str(tmp_path / "rec"))
        await until(pilot, lambda: bool(field._suggestion), "the suggestion")
        await pilot.press("right", *"ans")
        await until(pilot, lambda: field._suggestion.endswith("answer.wav"), "the suggestion")
        await pilot.press("right")
        assert field.value == str(tmp_path / "recordings" / "answer.wav")
        assert shown_screen(pilot) is FileDialog


@posix_only
async def test_a_path_that_cannot_be_looked_at_is_not_completed(make_desk: MakeDesk, tmp_path: Path) -> None:
    folder = tmp_path / "recordings"
    folder.mkdir()
    save(folder / "answer.wav", silence(2.0))
    with mode(folder, 0o600):  # it can be listed and not be entered
        assert await PathSuggester().get_suggestion(f"{folder}/ans") is None
        async with make_desk().app().run_test() as pilot:
            await settle(pilot)
            await pilot.press("f", *f"{folder}/ans")
            await settle(pilot)
            assert shown_screen(pilot) is FileDialog
            field = pilot.app.screen.query_one(Input)
            field.value = "an\0swers/a"
            await settle(pilot)
            await pilot.press("enter")
            assert "there is no such file" in words_on(pilot)
            assert shown_screen(pilot) is FileDialog
            assert field._suggestion == ""


async def test_a_silent_file_is_told_in_place(make_desk: MakeDesk, tmp_path: Path) -> None:
    path = save(tmp_path / "silent.wav", silence(2.0))
    desk = make_desk()
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("f", *str(path), "enter")
        await until(pilot, lambda: shown_screen(pilot) is JudgingScreen, "judging")
        await settle(pilot)
        assert "No speech was heard" in words_on(pilot)
        assert "The recording is silent" in words_on(pilot)
        assert footer_of(pilot)["escape"] == "Back"
        await pilot.press("escape")
        assert shown_screen(pilot) is HomeScreen
    assert desk.coach.unfinished_takes() == ()


async def test_a_file_that_is_no_recording_is_told_in_place(make_desk: MakeDesk, tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("This is no sound.", "utf-8")
    async with make_desk().app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("f", *str(path), "enter")
        await until(pilot, lambda: shown_screen(pilot) is JudgingScreen, "judging")
        await settle(pilot)
        assert "That file cannot be read" in words_on(pilot)


async def test_a_recording_is_heard_by_whisper_and_shown(make_desk: MakeDesk, tmp_path: Path) -> None:
    model = build_scripted_whisper(tmp_path / "model", HEARD)
    desk = make_desk(model=str(model))
    path = save(tmp_path / "answer.wav", desk.engines.voice().synthesize(HEARD))
    async with desk.app().run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await pilot.press("home", "down", "f", *str(path), "enter")
        await until(pilot, lambda: shown_screen(pilot) is CardScreen, "the card")
        await settle(pilot)
        shown = words_on(pilot)
        assert "Whisper" in shown
        assert "✓ covered" in shown
        assert "one class is much rarer" in shown
        kept = desk.coach.attempt(desk.coach.attempts()[0].id)
        assert kept is not None
        assert desk.coach.sound_of(kept) is not None


async def test_judging_can_be_cancelled(make_desk: MakeDesk, tmp_path: Path) -> None:
    desk = make_desk(engine="pocketsphinx")
    path = save(tmp_path / "answer.wav", desk.engines.voice().synthesize(ANSWER * 3))
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("f", *str(path), "enter")
        await until(pilot, lambda: "Transcribing" in words_on(pilot), "the recogniser")
        await pilot.press("escape")
        await settle(pilot)
        assert shown_screen(pilot) is HomeScreen
    assert desk.coach.attempts() == ()
    assert list(desk.paths.takes.iterdir()) == []


@pytest.mark.parametrize("over", ["question_mark", "ctrl+p"], ids=["help", "palette"])
async def test_a_judgement_that_ends_under_another_screen_leaves_nothing_behind(
    make_desk: MakeDesk, over: str
) -> None:
    desk, may_go_on = make_desk(), threading.Event()

    def judge_later() -> Iterator[PracticeEvent]:
        yield Working("judging")
        may_go_on.wait()
        yield from desk.coach.judge_text(IMBALANCE, ANSWER, None)

    async with desk.app().run_test() as pilot:
        await settle(pilot)
        try:
            pilot.app.post_message(JudgeWanted(IMBALANCE, judge_later))
            await until(pilot, lambda: "> Judging" in words_on(pilot), "judging")
            await pilot.press(over)
            await until(pilot, lambda: len(pilot.app.screen_stack) == 3, "the screen over it")
        finally:
            may_go_on.set()
        await expect_card_over_home(pilot)
        assert told(pilot) == []


async def test_stopping_tells_that_the_recording_is_kept_only_while_it_is_judged(make_desk: MakeDesk) -> None:
    desk, may_go_on = make_desk(), threading.Event()

    def wait() -> Iterator[PracticeEvent]:
        yield Working("judging")
        may_go_on.wait()

    async with desk.app().run_test() as pilot:
        await settle(pilot)
        take = TakeStore(desk.paths.takes).create(IMBALANCE.id, NOW)
        try:
            for _ in range(2):
                pilot.app.post_message(JudgeWanted(IMBALANCE, wait, take))
                await until(pilot, lambda: "> Judging" in words_on(pilot), "judging")
                if may_go_on.is_set():
                    await settle(pilot)
                await pilot.press("escape")
                may_go_on.set()
                await settle(pilot)
                assert shown_screen(pilot) is HomeScreen
                assert told(pilot) == ["Stopped. The recording is kept: u on the home screen offers it."]
        finally:
            may_go_on.set()


async def test_a_take_whose_judging_was_stopped_is_offered_as_soon_as_it_is_free(make_desk: MakeDesk) -> None:
    desk = make_desk()
    take = TakeStore(desk.paths.takes).create(IMBALANCE.id, NOW)
    write_wav(take.audio, silence(2.0))
    reached, may_go_on = threading.Event(), threading.Event()

    def judge_later() -> Iterator[PracticeEvent]:
        for event in desk.coach.judge_take(take):
            yield event
            reached.set()
            may_go_on.wait()

    async with desk.app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("escape")
        await settle(pilot)
        assert "1 unfinished take (u)" in words_on(pilot)
        try:
            pilot.app.post_message(JudgeWanted(IMBALANCE, judge_later, take))
            await until(pilot, reached.is_set, "the judgement")
            await pilot.press("escape")
            await settle(pilot)
            assert shown_screen(pilot) is HomeScreen
            assert "unfinished" not in words_on(pilot)
        finally:
            may_go_on.set()
        await until(pilot, lambda: "1 unfinished take (u)" in words_on(pilot), "the take")


@pytest.mark.parametrize("kind", ["take", "file"])
async def test_who_stops_while_it_is_judged_has_nothing_kept(
    make_desk: MakeDesk, tmp_path: Path, kind: str
) -> None:
    model = build_scripted_whisper(tmp_path / "model", HEARD)
    desk = make_desk(model=str(model))
    path = save(tmp_path / "said.wav", desk.engines.voice().synthesize(HEARD))
    take = TakeStore(desk.paths.takes).create(IMBALANCE.id, NOW)
    write_wav(take.audio, desk.engines.decode(path))
    reached, may_go_on = threading.Event(), threading.Event()

    def remark(_judgement: Judgement) -> str:
        """The last thing that is found out about an answer."""
        reached.set()
        may_go_on.wait()
        return "This was held up."

    async with desk.app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("escape")
        try:
            start = (
                partial(desk.coach.judge_take, take, remark)
                if kind == "take"
                else partial(desk.coach.judge_file, IMBALANCE, path, remark)
            )
            pilot.app.post_message(JudgeWanted(IMBALANCE, start, take if kind == "take" else None))
            await until(pilot, reached.is_set, "the judgement")
            await pilot.press("escape")
        finally:
            may_go_on.set()
        await settle(pilot)
        assert shown_screen(pilot) is HomeScreen
    assert desk.coach.attempts() == ()
    assert desk.coach.unfinished_takes() == (take,)


async def test_a_recording_that_could_not_be_judged_is_deleted_only_when_that_is_confirmed(
    make_desk: MakeDesk,
) -> None:
    desk = make_desk()
    take = TakeStore(desk.paths.takes).create(IMBALANCE.id, NOW)
    write_wav(take.audio, silence(2.0))
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: "d deletes it" in words_on(pilot), "the failure")
        await pilot.press("d")
        assert shown_screen(pilot) is ConfirmDialog
        await pilot.press("n")
        await settle(pilot)
        assert shown_screen(pilot) is JudgingScreen
        assert desk.coach.unfinished_takes() == (take,)
        await pilot.press("d", "y")
        await settle(pilot)
        assert shown_screen(pilot) is HomeScreen
    assert not take.folder.exists()


async def test_without_a_microphone_one_line_says_what_can_be_done(make_desk: MakeDesk) -> None:
    async with make_desk().app("define-recall").run_test() as pilot:
        await settle(pilot)
        assert "There is no microphone." in words_on(pilot)
        assert "Space starts the recording." not in words_on(pilot)
        assert "f scores a recording, t scores typed words" in words_on(pilot)
        await pilot.press("space")
        await settle(pilot)
        assert "There is no microphone." in words_on(pilot)
        assert footer_of(pilot)["space"] == "Record"
        await pilot.press("t")
        await type_answer(pilot, "Recall is the share of real positives that were found.")
        await until(pilot, lambda: shown_screen(pilot) is CardScreen, "the card")
        await pilot.press("escape")
        assert shown_screen(pilot) is HomeScreen


async def test_the_hint_shows_on_demand(make_desk: MakeDesk) -> None:
    async with make_desk().app("imbalanced-data").run_test() as pilot:
        await settle(pilot)
        assert "Say what breaks" not in words_on(pilot)
        await pilot.press("i")
        assert "Hint: Say what breaks" in words_on(pilot)
        await pilot.press("i")
        assert "Say what breaks" not in words_on(pilot)


def with_attempts(desk: Desk) -> Desk:
    desk.engines.history().add(attempt(5, 71.0))
    desk.engines.history().add(attempt(1, 57.4))
    return desk


async def test_history_filters_by_question(make_desk: MakeDesk) -> None:
    desk = with_attempts(make_desk())
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("h")
        await settle(pilot)
        assert "2 attempts" in words_on(pilot)
        await pilot.press("slash", *"recall")
        await settle(pilot)
        assert "0 of 2 attempts" in words_on(pilot)
        await pilot.press("escape")
        await settle(pilot)
        await pilot.press("o")
        await settle(pilot)
        assert "2 attempts" in words_on(pilot)
        await pilot.press("escape", "escape")
        await pilot.pause()
        assert shown_screen(pilot) is HomeScreen


async def test_a_history_that_cannot_be_read_counts_nothing(make_desk: MakeDesk) -> None:
    desk = make_desk()
    desk.paths.data.mkdir(parents=True)
    desk.paths.database.write_bytes(b"this is no database, whatever its name says" * 100)
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("h")
        await settle(pilot)
        assert str(pilot.app.screen.query_one("#title", Static).content) == "History"
        assert "No attempts yet" not in words_on(pilot)
    desk.paths.database.unlink()


async def test_history_lists_more_towards_the_end(
    make_desk: MakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_screen, "PAGE", 4)
    monkeypatch.setattr(history_screen, "NEAR_THE_END", 1)
    desk = make_desk()
    for day in range(1, 11):
        desk.engines.history().add(attempt(day, 50.0 + day))
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("h")
        await settle(pilot)
        rows = pilot.app.screen.query_one("#attempts", Rows)
        assert "10 attempts, the newest 4 listed" in words_on(pilot)
        await pilot.press("end")
        await settle(pilot)
        assert "10 attempts, the newest 8 listed" in words_on(pilot)
        assert (rows.options.highlighted, rows.options.option_count) == (3, 8)
        await pilot.press("end")
        await settle(pilot)
        assert "listed" not in words_on(pilot)
        await pilot.press("end")
        await settle(pilot)
        assert (rows.options.highlighted, rows.options.option_count) == (9, 10)
        await pilot.press("home", "slash", *"imbalanced")
        await settle(pilot)
        assert "10 attempts, the newest 4 listed" in words_on(pilot)


async def test_history_deletes_what_is_confirmed(make_desk: MakeDesk) -> None:
    desk = with_attempts(make_desk())
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("h")
        await settle(pilot)
        await pilot.press("d")
        assert "Delete the attempt on “Handling imbalanced data” of 19 Nov 2026 18:30" in " ".join(
            words_on(pilot).replace("│", " ").split()
        )
        await pilot.press("escape", "d", "y")
        await settle(pilot)
        assert [row.overall for row in desk.coach.attempts()] == [71.0]
        assert "1 attempt" in words_on(pilot)


async def test_the_card_says_what_enter_plays_and_moves_by_parts(make_desk: MakeDesk) -> None:
    desk = with_attempts(make_desk())
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("h")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert "Enter plays 0:00-0:06" in words_on(pilot)
        await pilot.press("down")
        assert "Enter plays 0:11-0:17" in words_on(pilot)
        await pilot.press("tab")
        await pilot.pause()
        assert words_on(pilot).splitlines()[3].lstrip().startswith("On the clock")
        await pilot.press("tab")
        await pilot.pause()
        assert any(line.lstrip().startswith("Accuracy") for line in words_on(pilot).splitlines()[:5])
        await pilot.press("shift+tab", "shift+tab")
        await pilot.pause()
        assert "Coverage  60" in words_on(pilot)


async def test_a_card_that_has_no_room_has_no_parts_to_go_to(make_desk: MakeDesk) -> None:
    desk = with_attempts(make_desk())
    async with desk.app().run_test(size=(2, 10)) as pilot:
        await settle(pilot)
        await pilot.press("h")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("tab", "shift+tab")
        assert shown_screen(pilot) is CardScreen
        await pilot.resize_terminal(80, 24)
        await settle(pilot)
        assert "✓ covered" in words_on(pilot)


async def test_the_card_follows_the_width(make_desk: MakeDesk) -> None:
    desk = with_attempts(make_desk())
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("h")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        for size in ((120, 40), (80, 24), (60, 20)):
            await pilot.resize_terminal(*size)
            await settle(pilot)
            shown = words_on(pilot)
            assert "✓ covered" in shown
            assert max(map(len, shown.splitlines())) <= size[0]
