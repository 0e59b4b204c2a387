import os
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input

from tests.support.disks import mode
from tests.support.sounds import silence
from tests.tui.conftest import Desk, MakeDesk, footer_of, settle, shown_screen, told, until, words_on
from tests.tui.samples import BANK, NOW, attempt
from voicecoach.audio.takes import TakeStore
from voicecoach.audio.wav import write_wav
from voicecoach.errors import ContentError
from voicecoach.practice.coach import Coach
from voicecoach.practice.overview import Overview
from voicecoach.practice.plan import PlanChoice
from voicecoach.practice.target import TargetFile
from voicecoach.tui.screens import home as home_screen
from voicecoach.tui.screens.home import HomeScreen
from voicecoach.tui.screens.plan import PlanScreen
from voicecoach.tui.screens.practice import PracticeScreen
from voicecoach.tui.widgets.rows import Rows

if TYPE_CHECKING:
    from textual.pilot import Pilot

posix_only = pytest.mark.skipif(os.name != "posix", reason="Windows has no such permission bits")


def titles(app_words: str) -> list[str]:
    known = ("Handling imbalanced data", "Walk me through a project", "Recall", "Design recommendations")
    table = app_words.split("Question", 1)[1]
    return [title for title in known if title in table]


def held(desk: Desk, may_go_on: threading.Event) -> Callable[[], Coach]:
    """Opens the bank once it may."""

    def slow() -> Coach:
        may_go_on.wait()
        return desk.coach

    return slow


async def test_the_first_frame_does_not_wait_for_the_bank(make_desk: MakeDesk) -> None:
    desk, may_go_on = make_desk(), threading.Event()
    async with desk.app(make_coach=held(desk, may_go_on)).run_test() as pilot:
        try:
            await until(pilot, lambda: "Opening the question bank." in words_on(pilot), "the first frame")
            assert "Handling imbalanced data" not in words_on(pilot)
        finally:
            may_go_on.set()
        await settle(pilot)
        assert "Handling imbalanced data" in words_on(pilot)


async def test_a_key_that_needs_the_bank_is_answered_while_it_is_being_opened(
    make_desk: MakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(home_screen, "STILL_OPENING_S", 1000.0)
    desk, may_go_on = make_desk(), threading.Event()
    async with desk.app(make_coach=held(desk, may_go_on)).run_test() as pilot:
        try:
            await until(pilot, lambda: "Opening the question bank." in words_on(pilot), "the first frame")
            await pilot.press("slash", "d", "enter", "escape", "question_mark", "escape")
            assert told(pilot) == [], "typing into the filter and opening the help needs no bank"
            home = pilot.app.screen
            assert isinstance(home, HomeScreen)
            keys = [*"drpogjhsnftukla", "enter"]
            for key in keys:
                home._has_said_opening = False
                await pilot.press(key)
            assert told(pilot) == ["Still opening the question bank."] * len(keys)
            await pilot.press(*keys)
            assert len(told(pilot)) == len(keys), "while it is said, it is not said again"
            assert pilot.app.screen_stack == [home]
        finally:
            may_go_on.set()
        await settle(pilot)
        await pilot.press("o")
        await settle(pilot)
        assert shown_screen(pilot) is PlanScreen
        assert len(told(pilot)) == len(keys)


async def test_the_questions_arrive_without_taking_the_keys_from_the_filter(make_desk: MakeDesk) -> None:
    desk, may_go_on = make_desk(), threading.Event()
    async with desk.app(make_coach=held(desk, may_go_on)).run_test() as pilot:
        try:
            await until(pilot, lambda: "Opening the question bank." in words_on(pilot), "the first frame")
            await pilot.press("slash", *"rec")
        finally:
            may_go_on.set()
        await settle(pilot)
        await pilot.press(*"all")
        await settle(pilot)
        assert pilot.app.screen.query_one("#find", Input).value == "recall"
        assert titles(words_on(pilot)) == ["Recall"]


async def test_a_broken_bank_is_told_in_place_and_the_app_stays(make_desk: MakeDesk) -> None:
    def broken() -> Coach:
        raise ContentError(("prompts/a.toml: title: must be text", "rubrics/b.toml: points: missing"))

    async with make_desk().app(make_coach=broken).run_test() as pilot:
        await settle(pilot)
        shown = words_on(pilot)
        assert "The question bank has errors" in shown
        assert "prompts/a.toml: title: must be text" in shown
        assert "rubrics/b.toml: points: missing" in shown
        await pilot.press("d")
        assert told(pilot) == [], "nothing is being opened"
        await pilot.press("question_mark")
        assert "practise the highlighted question" in words_on(pilot)


async def test_a_question_of_ones_own_that_was_left_out_is_told_and_the_others_are_there(
    make_desk: MakeDesk,
) -> None:
    left_out = ("own/rubrics/mine.toml: points[0].weight: must be above 0",)
    async with make_desk(bank=replace(BANK, left_out=left_out)).app().run_test() as pilot:
        await settle(pilot)
        assert told(pilot) == [f"Left out until it is mended: {left_out[0]}. `voicecoach check` lists all."]
        assert BANK.questions[0].title in words_on(pilot)


async def test_an_older_look_never_covers_a_newer_one(
    make_desk: MakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, may_tell = make_desk(), threading.Event()
    look, begun, ended = desk.coach.overview, list[int](), list[int]()

    def overview(choice: PlanChoice) -> Overview:
        number, seen = len(begun), look(choice)
        begun.append(number)
        if number == 0:
            may_tell.wait()
        ended.append(number)
        return seen

    async with desk.app().run_test(size=(120, 40)) as pilot:
        try:
            await settle(pilot)
            monkeypatch.setattr(desk.coach, "overview", overview)
            home = pilot.app.screen
            assert isinstance(home, HomeScreen)
            home.open_bank(desk.coach)
            await until(pilot, lambda: bool(begun), "the look that is held")
            TargetFile(desk.paths.target_file).write("Fraud detection")
            home.open_bank(desk.coach)
            await until(pilot, lambda: "job Fraud detection" in words_on(pilot), "the newer look")
        finally:
            may_tell.set()
        await settle(pilot)
        assert 0 in ended
        assert "job Fraud detection" in words_on(pilot)


async def test_scores_and_the_suggestion_show(make_desk: MakeDesk) -> None:
    desk = make_desk()
    desk.engines.history().add(attempt(1, 57.4))
    desk.engines.history().add(attempt(3, 81.0))

    async with desk.app().run_test() as pilot:
        await settle(pilot)
        shown = words_on(pilot)
        row = next(line for line in shown.splitlines() if line.startswith(" Handling imbalanced data"))
        assert row.split()[-2:] == ["57", "81"]


async def test_who_is_new_begins_with_the_walkthrough(make_desk: MakeDesk) -> None:
    async with make_desk().app().run_test() as pilot:
        await settle(pilot)
        top = words_on(pilot).splitlines()[0]
        assert "voicecoach   next: Walk me through a project  not tried yet" in top


async def test_what_was_missed_is_due_on_home_and_next(make_desk: MakeDesk) -> None:
    desk = make_desk()
    desk.engines.history().add(attempt(1, 57.4))
    desk.engines.history().add(attempt(2, 57.4))

    async with desk.app().run_test() as pilot:
        await settle(pilot)
        due = {each.point.id for each in desk.coach.schedule.due()["imbalanced-data"]}
        assert due
        top, following, *_ = words_on(pilot).splitlines()
        assert f"{len(due)} point" in top
        assert "2 days in a row, not yet today" in top
        assert "next: Handling imbalanced data" in following
        assert "due" in following
        row = next(each for each in words_on(pilot).splitlines() if each.startswith(" Handling imbalanced"))
        assert row.split()[-3:] == [str(len(due)), "57", "57"]
        await pilot.press("w")
        await pilot.pause()
        assert titles(words_on(pilot)) == ["Handling imbalanced data"]
        assert "due only" in words_on(pilot)
        await pilot.press("w")
        await pilot.pause()
        assert len(titles(words_on(pilot))) == 4
        await pilot.press("w", "x")
        await pilot.pause()
        assert len(titles(words_on(pilot))) == 4
        await pilot.press("n")
        await settle(pilot)
        assert shown_screen(pilot) is PracticeScreen
        assert "one class is very rare" in words_on(pilot)


async def test_an_answer_of_today_makes_the_day_count_and_takes_what_was_due(make_desk: MakeDesk) -> None:
    desk = make_desk()
    desk.engines.history().add(attempt(1, 57.4))
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        assert "practised yesterday" in words_on(pilot).splitlines()[0]
        assert pilot.app.screen.query_one("#questions", Rows).key == "imbalanced-data", (
            "the next one is at hand"
        )
        desk.engines.history().add(attempt(0, 57.4))
        await pilot.press("h")
        await settle(pilot)
        await pilot.press("escape")
        await settle(pilot)
        top = words_on(pilot).splitlines()[0]
        assert "2 days in a row" in top
        assert "not yet today" not in top
        assert desk.coach.schedule.due() == {}
        assert "due" not in top


async def test_the_suggested_question_opens(make_desk: MakeDesk) -> None:
    async with make_desk().app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("n")
        assert shown_screen(pilot) is PracticeScreen
        assert "a machine learning project that you are proud of" in words_on(pilot)


async def test_filters_cycle_and_clear(make_desk: MakeDesk) -> None:
    async with make_desk().app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("l")
        await pilot.pause()
        assert "level easy" in words_on(pilot)
        assert titles(words_on(pilot)) == ["Recall"]
        await pilot.press("k")
        await pilot.pause()
        assert "No question passes these filters." in words_on(pilot)
        await pilot.press("x")
        await pilot.pause()
        assert len(titles(words_on(pilot))) == 4


async def test_the_arrows_work_again_after_filters_that_nothing_passed(make_desk: MakeDesk) -> None:
    async with make_desk().app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("home", "w")
        await settle(pilot)
        assert "No question passes these filters." in words_on(pilot)
        await pilot.press("w")
        await settle(pilot)
        rows = pilot.app.screen.query_one("#questions", Rows)
        first = rows.key
        await pilot.press("down")
        await settle(pilot)
        assert rows.key != first


async def test_find_narrows_by_text_and_esc_leaves_it(make_desk: MakeDesk) -> None:
    async with make_desk().app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("slash", *"marketplace")
        await pilot.pause()
        assert titles(words_on(pilot)) == ["Design recommendations"]
        await pilot.press("enter", "enter")
        await pilot.pause()
        assert shown_screen(pilot) is PracticeScreen
        await pilot.press("escape")
        await settle(pilot)
        await pilot.press("escape")
        await pilot.pause()
        assert len(titles(words_on(pilot))) == 4


async def test_the_footer_offers_only_what_can_be_done(make_desk: MakeDesk) -> None:
    async with make_desk().app().run_test() as pilot:
        await settle(pilot)
        keys = footer_of(pilot)
        assert {"enter", "n", "d", "r", "p", "h", "s", "question_mark", "q"} <= set(keys)
        assert "u" not in keys
        assert "c" not in keys


async def test_the_highlight_survives_coming_back(make_desk: MakeDesk) -> None:
    async with make_desk().app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("home", "down", "enter")
        await pilot.press("escape")
        await settle(pilot)
        assert shown_screen(pilot) is HomeScreen
        assert pilot.app.screen.query_one("#questions", Rows).key == "imbalanced-data"


async def test_an_unreadable_history_leaves_the_questions(make_desk: MakeDesk) -> None:
    desk = make_desk()
    desk.paths.data.mkdir(parents=True)
    desk.paths.database.write_bytes(b"this is no database, whatever its name says" * 100)

    async with desk.app().run_test() as pilot:
        await settle(pilot)
        assert len(titles(words_on(pilot))) == 4
        assert any("history.sqlite3" in line for line in told(pilot))
    desk.paths.database.unlink()


async def test_an_unknown_theme_is_one_line(make_desk: MakeDesk) -> None:
    async with make_desk(theme="no-such-theme").app().run_test() as pilot:
        await settle(pilot)
        assert any("no-such-theme" in line for line in told(pilot))


async def test_practice_can_be_opened_at_once(make_desk: MakeDesk) -> None:
    async with make_desk().app("define-recall").run_test() as pilot:
        await settle(pilot)
        assert "What is recall?" in words_on(pilot)
        assert footer_of(pilot)["space"] == "Record"
        await pilot.press("escape")
        assert shown_screen(pilot) is HomeScreen


async def test_damage_is_found_after_the_list_is_shown_and_told_once(make_desk: MakeDesk) -> None:
    desk = make_desk()
    history = desk.engines.history()
    for minutes in range(40):
        history.add(attempt(minutes, 57.4))
    history.close()
    database = desk.paths.database
    content = bytearray(database.read_bytes())
    marker = content.rindex(b'"question":') // 4096 * 4096
    content[marker : marker + 4096] = bytes(4096)
    database.write_bytes(content)

    desk = make_desk()
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        assert "Handling imbalanced data" in words_on(pilot)
        row = next(line for line in words_on(pilot).splitlines() if "Handling imbalanced data" in line)
        assert row.split()[-1] == "57", "the list comes from what is sound"
        await pilot.press("h")
        await settle(pilot)
        await pilot.press("escape")
        await settle(pilot)
        (line,) = told(pilot)
        assert "the history is damaged" in line
        assert "voicecoach doctor --repair" in line


async def test_a_job_that_cannot_be_read_hides_nothing(make_desk: MakeDesk) -> None:
    desk = make_desk()
    desk.engines.history().add(attempt(1, 57.4))
    take = TakeStore(desk.paths.takes).create("define-recall", NOW)
    write_wav(take.audio, silence(2.0))
    desk.paths.target_file.write_bytes(b"\xff\xff")
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        await pilot.press("escape")
        await settle(pilot)
        shown = words_on(pilot)
        row = next(line for line in shown.splitlines() if line.startswith(" Handling imbalanced data"))
        assert row.split()[-1] == "57"
        assert "1 unfinished take (u)" in shown
        assert "due" in shown.splitlines()[0]
        assert "target --clear" in told(pilot)[0]


def best_score(pilot: "Pilot[None]") -> str:
    """As the list shows it of the question that was answered."""
    rows = words_on(pilot).splitlines()
    return next(row for row in rows if row.startswith(" Handling imbalanced data")).split()[-1]


@posix_only
async def test_takes_that_cannot_be_looked_into_hide_no_score(make_desk: MakeDesk) -> None:
    desk = make_desk()
    desk.engines.history().add(attempt(1, 57.4))
    desk.paths.takes.mkdir(parents=True)
    with mode(desk.paths.takes, 0o300):
        async with desk.app().run_test() as pilot:
            await settle(pilot)
            assert best_score(pilot) == "57"
            assert all(f"{desk.paths.takes}: cannot be read" in each for each in told(pilot))
            assert told(pilot)


@posix_only
async def test_takes_that_cannot_be_looked_into_are_told_of_once(make_desk: MakeDesk) -> None:
    desk = make_desk()
    desk.paths.takes.mkdir(parents=True)
    with mode(desk.paths.takes, 0o300):
        async with desk.app().run_test() as pilot:
            await settle(pilot)
            assert len(told(pilot)) == 1


@posix_only
async def test_takes_that_can_be_listed_but_not_entered_stop_nothing(make_desk: MakeDesk) -> None:
    desk = make_desk()
    desk.engines.history().add(attempt(1, 57.4))
    TakeStore(desk.paths.takes).create("define-recall", NOW - timedelta(days=1))
    with mode(desk.paths.takes, 0o600):
        async with desk.app().run_test() as pilot:
            await settle(pilot)
            assert best_score(pilot) == "57"
            assert told(pilot) == []


async def test_a_sound_history_is_not_talked_about(make_desk: MakeDesk) -> None:
    desk = make_desk()
    desk.engines.history().add(attempt(1, 57.4))
    async with desk.app().run_test() as pilot:
        await settle(pilot)
        assert told(pilot) == []
