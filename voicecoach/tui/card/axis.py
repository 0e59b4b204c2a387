"""One time axis of an answer, in lanes: beats, points, off the point, pauses, overtime."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from textual.content import Content

from voicecoach.minutes import clock
from voicecoach.scoring.card import ClauseNote, Quote, ScoreCard
from voicecoach.scoring.quotes import evidence
from voicecoach.tui.wording import MUTED, STATE_COLOURS, STATE_SIGNS

LABEL = 11
"""Cells to the left of the axis, for the names of the lanes."""

STEPS_S = (5, 10, 15, 30, 60, 120, 300, 600)
"""Distances between two ticks."""

END_MARK = " the end "

Painted = tuple[str, str]
"""A character and its style."""


class Lane:
    """One line of the axis, painted cell by cell.

    Args:
        width: Cells of the axis.
        span_s: Seconds that the width stands for.
    """

    def __init__(self, width: int, span_s: float) -> None:
        self._span_s = span_s
        self._cells: list[Painted] = [(" ", "")] * width

    def at(self, second: float) -> int:
        """The cell of a second."""
        return min(len(self._cells) - 1, max(0, int(second / self._span_s * len(self._cells))))

    def paint(self, start_s: float, end_s: float, character: str, style: str, text: str = "") -> None:
        """Fill a stretch, at least one cell of it, with its text at its left edge."""
        first, last = self.at(start_s), max(self.at(start_s) + 1, self.at(end_s))
        for x in range(first, last):
            inside = x - first
            self._cells[x] = (text[inside] if inside < len(text) else character, style)

    def write(self, x: int, text: str, style: str) -> None:
        """Put text at a cell, as far as it fits."""
        for offset, character in enumerate(text[: len(self._cells) - x]):
            self._cells[x + offset] = (character, style)

    def content(self, label: str) -> Content:
        """The lane with its name."""
        return Content.assemble((label.ljust(LABEL), MUTED), *self._cells)


def time_axis(card: ScoreCard, labels: dict[str, str], width: int) -> Content:
    """The whole axis.

    Args:
        card: What was said when.
        labels: The beats' names by their ids.
        width: Cells there are, names of the lanes included.
    """
    across = max(20, width - LABEL)
    span_s = max(card.duration_s, card.timing.target_s[1], 1.0)

    def lane() -> Lane:
        return Lane(across, span_s)

    return Content("\n").join(
        [
            _ticks(lane(), span_s, across).content("time"),
            _target(lane(), card).content("target"),
            _beats(lane(), card.clauses, labels).content("beats"),
            _points(lane(), card).content("points"),
            _stretches(lane(), card.rambling.off_point, "~", "$text-warning").content("off point"),
            _stretches(lane(), card.delivery.long_pauses, "▄", "$text-accent").content("long pause"),
            _overtime(lane(), card).content("overtime"),
        ]
    )


def _ticks(lane: Lane, span_s: float, across: int) -> Lane:
    step = next((step for step in STEPS_S if across / (span_s / step) >= 8), STEPS_S[-1])
    for second in range(0, int(span_s) + 1, step):
        label = clock(second)
        if lane.at(second) + len(label) <= across:
            lane.write(lane.at(second), label, MUTED)
    return lane


def _target(lane: Lane, card: ScoreCard) -> Lane:
    low, high = card.timing.target_s
    lane.paint(0.0, card.timing.duration_s, "─", "$foreground 40%")
    lane.paint(low, high, "░", "$text-success")
    end = lane.at(card.timing.duration_s)
    lane.write(end, "┃", "bold $foreground")
    if end >= len(END_MARK):
        lane.write(end - len(END_MARK), END_MARK, "bold $foreground")
    return lane


def _beats(lane: Lane, clauses: Iterable[ClauseNote], labels: dict[str, str]) -> Lane:
    told = [clause for clause in clauses if clause.beat]
    for index, (beat, group) in enumerate(groupby(told, key=lambda clause: clause.beat)):
        run = list(group)
        style = "$text-primary on $primary-muted" if index % 2 == 0 else "$text-secondary on $secondary-muted"
        lane.paint(run[0].start_s, run[-1].end_s, " ", style, labels.get(beat, beat))
    return lane


def _points(lane: Lane, card: ScoreCard) -> Lane:
    for point in card.points:
        said = evidence(card, point)
        if said is not None:
            style = f"bold {STATE_COLOURS[point.state]}"
            lane.paint(said.start_s, said.start_s, STATE_SIGNS[point.state], style)
    return lane


def _overtime(lane: Lane, card: ScoreCard) -> Lane:
    if not card.timing.is_over:
        return _none(lane)
    lane.paint(card.timing.target_s[1], card.timing.duration_s, "━", "$text-error")
    return lane


def _stretches(lane: Lane, quotes: Sequence[Quote], character: str, style: str) -> Lane:
    for quote in quotes:
        lane.paint(quote.start_s, quote.end_s, character, style)
    return lane if quotes else _none(lane)


def _none(lane: Lane) -> Lane:
    lane.write(0, "none", MUTED)
    return lane
