"""One skill over time: takes as dots, a median a day as a line, the usual range as two dashed lines."""

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from textual.color import Color
from textual.events import Resize
from textual.theme import Theme
from textual_plotext import PlotextPlot

from voicecoach.tui.wording import day

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voicecoach.practice.progress import ScoredTake, SkillProgress

LEGEND = "• a take   ━ median of the day or the last five   ┄ your usual range"

CELLS_PER_DATE = 14
"""A date and the space to the next one."""

MARGIN = 0.02
"""Of the period, left free before the first and after the last take."""


class SkillPlot(PlotextPlot):
    """The plot."""

    def __init__(self, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._skill: SkillProgress | None = None
        self._first = self._last = 0.0

    def on_mount(self) -> None:
        """Follow the theme; the base class has the plot's ground do so."""
        self.app.theme_changed_signal.subscribe(self, self._draw_again)

    def show(self, skill: "SkillProgress", now: datetime) -> None:
        """Show another skill, from the day of its first take until now."""
        self._skill = skill
        takes = skill.takes
        # A single evening is not stretched over the whole axis: its minutes would look like days.
        began = min(takes[0].at if takes else now, now - timedelta(days=2)).astimezone()
        self._first = _midnight(began.date())
        self._last = now.timestamp()
        self._draw()

    def on_resize(self, _event: Resize) -> None:
        """As many dates as fit."""
        self._draw()

    def _draw_again(self, _theme: Theme) -> None:
        self._draw()

    def _draw(self) -> None:
        skill = self._skill
        if skill is None:
            return
        plot = self.plt
        plot.clear_figure()
        margin = MARGIN * (self._last - self._first)
        left, right = self._first - margin, self._last + margin
        plot.xlim(left, right)
        plot.ylim(0, 100)
        plot.yticks([0, 25, 50, 75, 100])
        dates = self._dates()
        plot.xticks(dates, [day(datetime.fromtimestamp(at).astimezone()) for at in dates])
        spread = skill.usual.spread
        for bound in (spread.low, spread.high) if spread is not None else ():
            plot.plot([left, right], [bound, bound], marker="┄", color=self._rgb("foreground-muted"))
        if skill.line:
            plot.plot(*_points(skill.line), marker="braille", color=self._rgb("accent"))
        if skill.takes:
            plot.scatter(*_points(skill.takes), marker="•", color=self._rgb("primary"))
        self.refresh()

    def _dates(self) -> list[float]:
        """Midnights, so many that their names fit under the axis."""
        at = datetime.fromtimestamp(self._first).astimezone().date()
        days = max(1.0, (self._last - self._first) / 86_400)
        fitting = max(2, self.size.width // CELLS_PER_DATE)
        step = timedelta(days=max(1, round(days / fitting)))
        found = []
        while _midnight(at) <= self._last:
            found.append(_midnight(at))
            at += step
        return found

    def _rgb(self, variable: str) -> tuple[int, int, int]:
        return Color.parse(self.app.theme_variables[variable]).rgb


def _midnight(at: date) -> float:
    """The start of a day, taken by itself: at a change of the clocks a day has 23 or 25 hours."""
    return datetime.combine(at, time()).astimezone().timestamp()


def _points(takes: "Sequence[ScoredTake]") -> tuple[list[float], list[float]]:
    return [take.at.timestamp() for take in takes], [take.score for take in takes]
