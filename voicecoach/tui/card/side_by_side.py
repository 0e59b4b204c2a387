"""Two takes of one question as lines of text."""

from typing import TYPE_CHECKING

from textual.content import Content

from voicecoach.history.records import Attempt
from voicecoach.minutes import clock, length
from voicecoach.tui.card.lines import CardLine, fact, heading, said, sentence
from voicecoach.tui.layout import GAP, Cell, row, styled
from voicecoach.tui.wording import MUTED, STATE_COLOURS, STATE_SIGNS, day_and_time, difference, engine

if TYPE_CHECKING:
    from voicecoach.scoring.comparison import (
        BeatChange,
        Change,
        PointChange,
        PointMove,
        TakeComparison,
        Wording,
    )

MOVES: "dict[PointMove, tuple[str, str]]" = {
    "gained": ("+ gained", "$text-success"),
    "lost": ("- lost", "$text-error"),
    "wrong": ("✗ wrong now", "$text-error"),
    "earlier": ("« earlier", "$text-accent"),
    "later": ("» later", "$text-warning"),
    "kept": ("= kept", MUTED),
    "open": ("○ still open", MUTED),
}
"""A word and a sign for every colour, in the order in which they are listed."""

MOVE_WIDTH, STATE_WIDTH, LANDED_WIDTH, NUMBER = 15, 14, 13, 9


def comparison_lines(found: "TakeComparison", width: int) -> list[CardLine]:
    """Every line of the comparison, fitted to a width in cells."""
    return [
        *_wording(found.wording, width),
        *_points(found, width),
        *_beats(found.beats, width),
        *_measures(found, width),
    ]


def _wording(wording: "Wording", width: int) -> list[CardLine]:
    if wording.alike is None:
        return [sentence("Too short to tell a recited answer from an exact one.", width, MUTED)]
    if wording.cut_version:
        text = (
            f"{wording.alike:.0%} of the words are the same: this is the cut version, the rest was to stay."
        )
        return [sentence(text, width, MUTED)]
    if not wording.recited:
        return [sentence(f"{wording.alike:.0%} of the words are the same: told afresh.", width, MUTED)]
    warning = (
        f"! Nearly word for word the same ({wording.alike:.0%} of the words): it sounds like a memorised "
        "script. Tell it again from the points, not from the sentences."
    )
    lines = [sentence(warning, width, "$text-warning")]
    if wording.longest is not None:
        quote = wording.longest
        label = styled("the same run", "$text-warning")
        lines.append(said(quote.quote, quote.start_s, quote.end_s, width, label))
    return lines


def _points(found: "TakeComparison", width: int) -> list[CardLine]:
    counts = [(move, sum(point.move == move for point in found.points)) for move in MOVES]
    remark = ", ".join(f"{count} {MOVES[move][0].split(' ', 1)[1]}" for move, count in counts if count)
    lines = [heading("Points", width, remark=remark)]
    for move in MOVES:
        lines += [_point(point, width) for point in found.points if point.move == move]
    if found.unshared:
        lines.append(fact("rubric changed", f"not compared: {', '.join(found.unshared)}", width))
    return lines


def _point(point: "PointChange", width: int) -> CardLine:
    word, colour = MOVES[point.move]
    states = Content("\n").join(
        styled(f"{STATE_SIGNS[state]} {state}", STATE_COLOURS[state])
        for state in dict.fromkeys((point.before, point.after))
    )
    landed = f"{_clock(point.before_s)} > {_clock(point.after_s)}"
    if point.move in ("earlier", "later") and point.before_s is not None and point.after_s is not None:
        word = f"{word} {abs(point.after_s - point.before_s):.0f} s"
    label_width = max(12, width - MOVE_WIDTH - STATE_WIDTH - LANDED_WIDTH - 3 * GAP)
    content = row(
        Cell(styled(word, colour), MOVE_WIDTH, 2),
        Cell(styled(point.label), label_width, 3),
        Cell(states, STATE_WIDTH, 2),
        Cell(styled(landed, "$text-accent"), LANDED_WIDTH, 1, "right"),
    )
    return CardLine(content)


def _beats(beats: "tuple[BeatChange, ...]", width: int) -> list[CardLine]:
    if not beats:
        return []
    lines = [heading("Seconds per beat", width), _columns("", ("before", "after", "budget"), width, MUTED)]
    lines += [
        _columns(
            beat.label, (f"{beat.before_s:.0f} s", f"{beat.after_s:.0f} s", f"{beat.budget_s:.0f} s"), width
        )
        for beat in beats
    ]
    return lines


def _measures(found: "TakeComparison", width: int) -> list[CardLine]:
    lines = [heading("In numbers", width), _columns("", ("before", "after", ""), width, MUTED)]
    lines += [_change(change, width) for change in (found.overall, *found.parts)]
    duration = found.duration_s
    lengths = ["-" if value is None else length(value) for value in (duration.before, duration.after)]
    lines.append(_columns("length", (*lengths, ""), width))
    pace = found.pace
    if pace.before is None and pace.after is None:
        lines.append(fact("pace", "not measured for typed text", width))
    else:
        lines.append(_change(pace, width, " wpm"))
    return lines


def _change(change: "Change", width: int, unit: str = "") -> CardLine:
    shown = ["-" if value is None else f"{value:.0f}{unit}" for value in (change.before, change.after)]
    moved = ""
    if change.before is not None and change.after is not None:
        moved = difference(change.after, change.before)
    return _columns(change.name, (*shown, moved), width)


def _columns(label: str, cells: tuple[str, ...], width: int, style: str = "") -> CardLine:
    content = row(
        Cell(styled(f"  {label}", style), max(12, min(36, width - 3 * (NUMBER + GAP))), 2),
        *(Cell(styled(cell, style), NUMBER, 1, "right") for cell in cells),
    )
    return CardLine(content)


def _clock(second: float | None) -> str:
    return "-" if second is None else clock(second)


def take_line(attempt: Attempt, name: str, width: int, style: str = "") -> Content:
    """One of the two takes, in a line."""
    return row(
        Cell(styled(name, style), 18),
        Cell(styled(day_and_time(attempt.started_at)), 17),
        Cell(styled(f"{attempt.card.overall:.0f}", "bold"), 4, 1, "right"),
        Cell(styled(length(attempt.card.timing.duration_s)), 6, 1, "right"),
        Cell(styled(engine(attempt.card.engine), MUTED), max(0, width - 45 - 4 * GAP)),
    )
