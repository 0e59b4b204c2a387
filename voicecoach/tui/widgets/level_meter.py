"""How loud the microphone is at this moment."""

import math

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from voicecoach.audio.recorder import RecordingStatus
from voicecoach.tui.wording import MUTED

FLOOR_DB = -60.0
"""What the left end of the meter stands for, in decibels below full scale."""

QUIET_DB = -42.0
"""Below this the word beside the meter is "quiet"."""


def decibels(level: float) -> float:
    """A level of 0..1 in decibels below full scale, no lower than the floor."""
    return max(FLOOR_DB, 20 * math.log10(level)) if level > 0 else FLOOR_DB


class LevelMeter(Widget):
    """A bar for loudness with a mark at the peak, and one word that says the same."""

    rms: reactive[float] = reactive(0.0)
    peak: reactive[float] = reactive(0.0)
    clipped: reactive[bool] = reactive(default=False)

    def show_status(self, status: RecordingStatus) -> None:
        """Follow a recording."""
        self.rms, self.peak, self.clipped = status.rms, status.peak, status.clipped

    def render(self) -> Content:
        """The bar and its word."""
        word, colour = self._word()
        width = max(10, self.size.width - 12)
        filled = self._cells(self.rms, width)
        at_peak = max(filled, self._cells(self.peak, width))
        return Content.assemble(
            ("█" * filled, colour),
            ("━" * max(0, at_peak - filled), colour),
            ("─" * (width - at_peak), "$foreground 20%"),
            "  ",
            (word, colour),
        )

    def _cells(self, level: float, width: int) -> int:
        return round(width * (decibels(level) - FLOOR_DB) / -FLOOR_DB)

    def _word(self) -> tuple[str, str]:
        if self.clipped:
            return "too loud", "$text-error"
        if decibels(self.peak) < QUIET_DB:
            return "quiet", MUTED
        return "good", "$text-success"
