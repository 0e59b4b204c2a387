"""Two takes side by side, from the card and from the history."""

import sqlite3
import threading
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from textual.widgets import OptionList

from tests.tui.conftest import PATIENCE_S, Desk, MakeDesk, footer_of, settle, shown_screen, words_on
from tests.tui.samples import ANSWER, CARD, COSTS, attempt
from tests.tui.test_flows import type_answer
from voicecoach.history.records import Attempt
from voicecoach.scoring.card import PointResult
from voicecoach.tui.screens.card import CardScreen
from voicecoach.tui.screens.comparing import ALONE, CompareScreen
from voicecoach.tui.screens.history import HistoryScreen

if TYPE_CHECKING:
    from textual.pilot import Pilot


def changed(card_points: tuple[PointResult, ...]) -> tuple[PointResult, ...]:
    """The sample card's points as an earlier take might have had them."""
    rare, accuracy, labels, threshold = card_points
    return (
        replace(rare, start_s=20.0, end_s=26.0),
        replace(accuracy, state="covered"),
        labels,
        replace(threshold, state="missing", start_s=None, end_s=None, quote=""),
    )


@pytest.fixture
def desk(make_desk: MakeDesk) -> Desk:
    desk = make_desk()
    history = desk.engines.history()
    history.add(attempt(12, 71.0, replace(CARD, points=changed(CARD.points))))
    history.add(attempt(5, 48.0, replace(CARD, question="define-recall")))
    history.add(attempt(3, 66.0))
    history.add(attempt(1, 57.4))
    return desk


async def test_a_card_is_compared_with_the_take_before_and_left_finds_an_older_one(desk: Desk) -> None:
    async with desk.app().run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("h", "enter")
        await settle(pilot)
        assert shown_screen(pilot) is CardScreen
        await pilot.press("v")
        await settle(pilot)
        shown = words_on(pilot)
        assert "Two takes: Handling imbalanced data   the other is 2 of 2" in shown
        assert "before              17 Nov 2026 18:30    66" in shown
        assert "after, this take    19 Nov 2026 18:30    57" in shown
        assert "right" not in footer_of(pilot)
        await pilot.press("left")
        await settle(pilot)
        shown = words_on(pilot)
        assert " 8 Nov 2026 18:30    71" in shown
        assert "1 gained, 1 wrong now, 1 earlier, 1 still open" in shown
        assert "« earlier 20 s" in shown
        assert "0:20 > 0:00" in shown
        assert "left" not in footer_of(pilot)
        await pilot.press("escape")
        await settle(pilot)
        assert shown_screen(pilot) is CardScreen


async def test_an_old_take_in_the_history_is_the_earlier_side(desk: Desk) -> None:
    async with desk.app().run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        await pilot.press("h")
        await settle(pilot)
        await pilot.press("end", "v")
        await settle(pilot)
        shown = words_on(pilot)
        assert "before, this take" in shown
        assert "Seconds per beat" in shown
        assert "118 wpm" in shown
        await pilot.press("right")
        await settle(pilot)
        assert "after               19 Nov 2026 18:30" in words_on(pilot)
        await pilot.press("escape")
        await settle(pilot)
        assert shown_screen(pilot) is HistoryScreen


async def test_presses_that_come_before_the_takes_are_read_are_all_counted(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.engines.history().add(attempt(20, 75.0))
    async with desk.app().run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("h")
        await settle(pilot)
        await pilot.press("v")
        await settle(pilot)
        assert "the other is 3 of 3" in words_on(pilot)
        is_read, read = threading.Event(), desk.coach.attempt

        def slowly(attempt_id: int) -> Attempt | None:
            is_read.wait(PATIENCE_S)
            return read(attempt_id)

        monkeypatch.setattr(desk.coach, "attempt", slowly)
        await pilot.press("left", "left")
        is_read.set()
        await settle(pilot)
        assert "the other is 1 of 3" in words_on(pilot)


async def test_a_take_that_cannot_be_read_leaves_no_comparison_with_another(desk: Desk) -> None:
    async with desk.app().run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("h")
        await settle(pilot)
        await pilot.press("v")
        await settle(pilot)
        assert pilot.app.screen.query_one("#changes", OptionList).option_count
        with closing(sqlite3.connect(desk.paths.database)) as connection, connection:
            connection.execute("UPDATE cards SET card = '{}' WHERE attempt_id = 1")
        await pilot.press("left")
        await settle(pilot)
        for size in ((80, 24), (100, 30)):
            await pilot.resize_terminal(*size)
            await settle(pilot)
            shown = words_on(pilot)
            assert "cannot be read" in shown
            assert "before" not in shown
            assert not pilot.app.screen.query_one("#changes", OptionList).option_count
        await pilot.press("right")
        await settle(pilot)
        assert "before              17 Nov 2026 18:30    66" in words_on(pilot)


async def test_an_only_take_says_so(desk: Desk) -> None:
    async with desk.app().run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("h")
        await settle(pilot)
        await pilot.press("down", "down", "v")
        await settle(pilot)
        assert ALONE in words_on(pilot)


async def typed_again(pilot: "Pilot[None]", text: str) -> None:
    await pilot.press("r")
    await settle(pilot)
    await pilot.press("t")
    await settle(pilot)
    await type_answer(pilot, text, "40")
    await settle(pilot)


async def test_the_same_script_twice_is_warned_of_and_a_free_telling_is_not(make_desk: MakeDesk) -> None:
    """With the real judge; typed, as a recogniser would only add its own mistakes."""
    script = f"{ANSWER} I keep the test set as it is, because {COSTS}, and that is what decides it for us."
    free = (
        "When positives are scarce, scoring ninety nine percent means nothing: a machine that never raises "
        "an alarm gets there. I count how many frauds were caught and how many alarms were deserved. Only if "
        "the plain model struggles do I reach for class weights, or leave out some of the harmless payments. "
        "Where to cut follows from money: what does one fraud that slips through take from us, what does one "
        "unneeded phone call. Then I ask for more labelled cases, since few of them are worth a lot."
    )
    async with make_desk().app().run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("home", "down", "t")
        await type_answer(pilot, script, "40")
        await settle(pilot)
        await typed_again(
            pilot, script.replace("much rarer", "a lot rarer").replace("decides it", "settles it")
        )
        await pilot.press("v")
        await settle(pilot)
        assert shown_screen(pilot) is CompareScreen
        assert "Nearly word for word the same" in words_on(pilot)
        assert "memorised script" in " ".join(words_on(pilot).split())
        await pilot.press("escape")
        await typed_again(pilot, free)
        await pilot.press("v")
        await settle(pilot)
        assert "told afresh" in words_on(pilot)
        await pilot.press("end")
        await settle(pilot)
        assert "not measured for typed text" in words_on(pilot)
