"""One time axis of an answer, in lanes: beats, points, off the point, long pauses, overtime."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from voicecoach.minutes import clock
from voicecoach.report.wording import STATES, stretch, window
from voicecoach.scoring.card import Quote, ScoreCard
from voicecoach.scoring.quotes import evidence

STEPS_S = (5, 10, 15, 30, 60, 120, 300, 600, 1800)
"""Distances between two ticks."""

SIGN_WIDTH = 2.5
"""Percent of the axis that a sign takes."""

MOST_TICKS = 6
"""So many labels fit beside one another on a phone."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Something on a lane.

    Attributes:
        left: Where it begins, percent of the axis.
        width: Percent of the axis; 0 for a moment, which is drawn as its text.
        look: A colour class of the page.
        text: Written on it.
        says: What it is, in words.
    """

    left: float
    width: float
    look: str
    text: str
    says: str


@dataclass(frozen=True, slots=True)
class Lane:
    """One lane with its name; one without marks says "none"."""

    name: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Axis:
    """The whole drawing.

    Attributes:
        span_s: Seconds that its width stands for.
        ticks: Labels with their place in percent.
        target: Where the window begins and how wide it is, percent.
        target_s: The window.
        end: Where the answer ended, percent.
        end_s: When that was.
        lanes: From top to bottom.
    """

    span_s: float
    ticks: tuple[tuple[float, str], ...]
    target: tuple[float, float]
    target_s: tuple[float, float]
    end: float
    end_s: float
    lanes: tuple[Lane, ...]


def time_axis(card: ScoreCard) -> Axis:
    """Lay out what was said when."""
    low, high = card.timing.target_s
    span_s = max(card.duration_s, high, 1.0)
    scale = 100.0 / span_s
    overtime = (Quote("", high, card.timing.duration_s),) if card.timing.is_over else ()
    return Axis(
        span_s=span_s,
        ticks=tuple(_ticks(span_s)),
        target=(low * scale, (high - low) * scale),
        target_s=card.timing.target_s,
        end=card.timing.duration_s * scale,
        end_s=card.timing.duration_s,
        lanes=(
            Lane("beats", tuple(_beats(card, scale))),
            Lane("points landing", tuple(_points(card, scale))),
            Lane("off the point", tuple(_stretches(card.rambling.off_point, scale, "fair"))),
            Lane("long pauses", tuple(_stretches(card.delivery.long_pauses, scale, "look", "after "))),
            Lane(
                f"overtime, beyond {window(card.timing.target_s)}",
                tuple(_stretches(overtime, scale, "bad")),
            ),
        ),
    )


def _ticks(span_s: float) -> Iterator[tuple[float, str]]:
    step = next((step for step in STEPS_S if span_s / step <= MOST_TICKS), STEPS_S[-1])
    for second in range(0, int(span_s) + 1, step):
        yield 100.0 * second / span_s, clock(second)


def _beats(card: ScoreCard, scale: float) -> Iterator[Mark]:
    labels = {beat.id: beat.label for beat in card.structure.beats}
    told = [clause for clause in card.clauses if clause.beat]
    for index, (beat, group) in enumerate(groupby(told, key=lambda clause: clause.beat)):
        run = list(group)
        start_s, end_s = run[0].start_s, run[-1].end_s
        label = labels.get(beat, beat)
        says = f"{label}, {stretch(start_s, end_s)}"
        yield Mark(
            start_s * scale, (end_s - start_s) * scale, "even" if index % 2 == 0 else "odd", label, says
        )


def _points(card: ScoreCard, scale: float) -> Iterator[Mark]:
    said = [(point, found) for point in card.points if (found := evidence(card, point)) is not None]
    free = 0.0
    for point, found in sorted(said, key=lambda each: each[1].start_s):
        sign, word, look = STATES[point.state]
        # Signs of the same second stand beside one another.
        left = max(found.start_s * scale, free)
        free = left + SIGN_WIDTH
        yield Mark(left, 0.0, look, sign, f"{word} at {clock(found.start_s)}: {point.label}")


def _stretches(quotes: Sequence[Quote], scale: float, look: str, before: str = "") -> Iterator[Mark]:
    for quote in quotes:
        words = f": {before}“{quote.quote}”" if quote.quote else ""
        yield Mark(
            left=quote.start_s * scale,
            width=max(0.3, (quote.end_s - quote.start_s) * scale),
            look=look,
            text="",
            says=f"{stretch(quote.start_s, quote.end_s)}{words}",
        )
