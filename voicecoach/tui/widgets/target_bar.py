"""The clock of an answer on a bar whose target zone is marked."""

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from voicecoach.minutes import clock
from voicecoach.tui.wording import MUTED

ROOM = 1.4
"""How far the bar reaches beyond the end of the zone."""


class TargetBar(Widget):
    """Elapsed time against the window of the question.

    Args:
        target_s: The window, in seconds.
        id: For the style sheet.
    """

    elapsed_s: reactive[float] = reactive(0.0)

    def __init__(self, target_s: tuple[float, float], id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._target_s = target_s

    def render(self) -> Content:
        """Three lines: where the zone is, the bar, and its times."""
        width = max(20, self.size.width)
        low, high = self._target_s
        scale = width / max(high * ROOM, self.elapsed_s * 1.05)
        start, end = round(low * scale), max(round(low * scale) + 1, round(high * scale))
        done = min(width, round(self.elapsed_s * scale))
        cells = []
        for x in range(width):
            in_zone = start <= x < end
            if x < done:
                colour = "$success" if in_zone else ("$primary" if x < start else "$error")
                cells.append(("█", colour))
            else:
                cells.append(("░", "$success") if in_zone else ("─", "$foreground 25%"))
        times = {start: clock(low), end: clock(high)}
        return Content("\n").join(
            [
                Content.assemble(" " * start, ("target".center(end - start)[: end - start], "$text-success")),
                Content.assemble(*cells),
                _labels(times, width),
            ]
        )

    def word(self) -> str:
        """Where the clock stands, in words."""
        low, high = self._target_s
        if self.elapsed_s < low:
            return "before the target"
        if self.elapsed_s <= high:
            return "in the target"
        return f"{clock(self.elapsed_s - high)} over the target"


def _labels(times: dict[int, str], width: int) -> Content:
    line = [" "] * width
    for at, text in times.items():
        first = min(max(0, at - len(text) // 2), width - len(text))
        line[first : first + len(text)] = text
    return Content.styled("".join(line), MUTED)
