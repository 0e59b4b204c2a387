"""The progress screen, driven by its keys over a real history."""

import re
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from textual.app import App

from tests.tui.conftest import Desk, MakeDesk, settle, shown_screen, words_on
from tests.tui.samples import BANK, CARD, attempt
from voicecoach.practice.progress import ScoredTake, SkillProgress
from voicecoach.practice.trends import Trend
from voicecoach.practice.usual import Usual
from voicecoach.scoring.card import Part
from voicecoach.tui.screens.home import HomeScreen
from voicecoach.tui.screens.progress import ProgressScreen
from voicecoach.tui.widgets.skill_plot import SkillPlot

if TYPE_CHECKING:
    from textual.pilot import Pilot

Compare = Callable[..., bool]
Act = Callable[["Pilot[None]"], Awaitable[None]]

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
THEMES = pytest.mark.parametrize("theme", ["textual-dark", "textual-light"], ids=["dark", "light"])


def with_a_week(desk: Desk) -> Desk:
    """Each question on three days, better each time; accuracy up and down."""
    history = desk.engines.history()
    for days_ago in (6, 4, 2):
        for number, question in enumerate(BANK.questions):
            parts = (
                Part("coverage", 85.0 - 8 * days_ago - 3 * number, 0.6),
                Part("accuracy", 60.0 + 40 * ((days_ago // 2 + number) % 2), 0.4),
            )
            card = replace(CARD, question=question.id, parts=parts)
            card = replace(card, timing=replace(card.timing, target_s=question.target_s))
            history.add(attempt(days_ago, 70.0 - 2 * days_ago, card))
    return desk


def pressing(*keys: str) -> Act:
    async def act(pilot: "Pilot[None]") -> None:
        await settle(pilot)
        for key in keys:
            await pilot.press(key)
            await settle(pilot)

    return act


@SIZES
async def test_skill_by_skill_area_by_area(make_desk: MakeDesk, size: tuple[int, int]) -> None:
    app = with_a_week(make_desk()).app()
    async with app.run_test(size=size) as pilot:
        await pressing("g")(pilot)
        assert shown_screen(pilot) is ProgressScreen
        assert "overall   all areas, last 30 days" in words_on(pilot)

        await pressing("right")(pilot)
        shown = " ".join(words_on(pilot).split())
        assert "coverage   all areas" in words_on(pilot)
        assert "Rising: of 12 pairs of takes on the same question" in shown
        assert "14 Nov" in shown

        await pressing("right")(pilot)
        assert "No clear trend: of 12 pairs" in " ".join(words_on(pilot).split())

        await pressing("a")(pilot)
        assert "accuracy   behavioural, last 30 days" in words_on(pilot)
        assert "Too few to tell a trend" in words_on(pilot)

        await pressing("p")(pilot)
        assert "accuracy   behavioural, all takes" in words_on(pilot)

        await pressing("a", "a", "a", "a", "left", "left", "left")(pilot)
        assert "proof   all areas, all takes" in words_on(pilot)
        assert "No take with a score for proof" in words_on(pilot)

        await pressing("escape")(pilot)
        assert shown_screen(pilot) is HomeScreen


async def test_what_is_usual_can_be_read_to_its_end_by_keyboard(make_desk: MakeDesk) -> None:
    async with with_a_week(make_desk()).app().run_test(size=(80, 24)) as pilot:
        await pressing("g")(pilot)
        assert "How you usually speak" in words_on(pilot)
        assert "points or more." not in words_on(pilot)

        await pressing(*["down"] * 9)(pilot)
        assert "points or more." in words_on(pilot)


async def test_a_history_that_cannot_be_read_is_one_line(make_desk: MakeDesk) -> None:
    desk = make_desk()
    async with desk.app().run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        desk.engines.history().close()
        await pressing("g")(pilot)
        assert "the history is closed" in " ".join(words_on(pilot).split())


@pytest.fixture
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The clock on this machine, where it is turned back on 25 Oct 2026 and forward on 29 Mar."""
    if not hasattr(time, "tzset"):
        pytest.skip("the time zone cannot be set here")
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Europe/Berlin")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("berlin")
@pytest.mark.parametrize(
    ("first", "days"),
    [
        (
            datetime(2026, 10, 20, 9, tzinfo=UTC),
            "20 Oct,21 Oct,22 Oct,23 Oct,24 Oct,25 Oct,26 Oct,27 Oct,28 Oct",
        ),
        (datetime(2026, 3, 29, 20, tzinfo=UTC), "29 Mar,30 Mar,31 Mar,1 Apr"),
    ],
    ids=["autumn", "from the day in spring on"],
)
async def test_every_day_is_named_once_over_a_change_of_the_clocks(first: datetime, days: str) -> None:
    named = days.split(",")
    now = first + timedelta(days=len(named) - 1, hours=1)
    takes = tuple(ScoredTake(at, 60.0) for at in (first, now))
    skill = SkillProgress("overall", takes, (), Trend("too few", 0, 0, 0, 0, 0.0), Usual(0, None))
    async with App[None]().run_test(size=(200, 24)) as pilot:
        plot = SkillPlot()
        await pilot.app.mount(plot)
        plot.show(skill, now)
        await settle(pilot)
        assert re.findall(r"\d+ [A-Z][a-z]{2}", words_on(pilot)) == named


@SIZES
@THEMES
def test_picture(snap_compare: Compare, make_desk: MakeDesk, size: tuple[int, int], theme: str) -> None:
    desk = with_a_week(make_desk(theme=theme))
    assert snap_compare(desk.app(), terminal_size=size, run_before=pressing("g", "right"))


@SIZES
def test_picture_of_no_takes(snap_compare: Compare, make_desk: MakeDesk, size: tuple[int, int]) -> None:
    assert snap_compare(make_desk().app(), terminal_size=size, run_before=pressing("g"))


async def test_another_theme_repaints_the_plot(make_desk: MakeDesk) -> None:
    async with with_a_week(make_desk(theme="textual-dark")).app().run_test(size=(80, 24)) as pilot:
        await pressing("g", "right")(pilot)
        before = _plot_colours(pilot)
        pilot.app.theme = "textual-light"
        await settle(pilot)
        assert before.isdisjoint(_plot_colours(pilot))


def _plot_colours(pilot: "Pilot[None]") -> set[str]:
    """Colours in which the plot's first row of marks is painted."""
    region = pilot.app.screen.query_one("#plot").region
    strips = pilot.app.screen._compositor.render_strips()
    return {
        str(segment.style.bgcolor)
        for strip in strips[region.y : region.bottom]
        for segment in strip.crop(region.x, region.right)
        if segment.style is not None
    }
