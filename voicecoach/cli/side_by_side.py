"""Two takes of one question as plain text, at most 80 columns wide."""

from collections.abc import Iterable

import click

from voicecoach.cli.render import Colour, finished, plain, timed, title, wrapped
from voicecoach.content.model import Question
from voicecoach.history.records import Attempt
from voicecoach.minutes import clock, length
from voicecoach.practice.again import TakePair
from voicecoach.scoring.comparison import BeatChange, Change, PointChange, PointMove, TakeComparison, Wording

HEADINGS: tuple[tuple[PointMove, str, Colour | None], ...] = (
    ("gained", "Gained", "green"),
    ("lost", "Lost", "red"),
    ("wrong", "Said wrongly now", "red"),
    ("earlier", "Said earlier", "cyan"),
    ("later", "Said later", "yellow"),
    ("kept", "Kept", None),
    ("open", "Still open", None),
)


def render_pair(pair: TakePair, question: Question | None, *, colour: bool = False) -> str:
    """The whole comparison.

    Args:
        pair: The two takes, and what changed.
        question: What was asked; None when it is no longer in the bank.
        colour: Whether to add terminal colours; every change is said in words all the same.

    Returns:
        Lines of at most 80 columns, ending in a newline.
    """
    found = pair.comparison
    lines = [
        *wrapped(plain(question.title if question is not None else pair.after.question_id)),
        f"before: {_take(pair.before)}",
        f"after:  {_take(pair.after)}",
        "",
        *_wording(found.wording),
        *_points(found),
        *_beats(found.beats),
        *_measures(found),
    ]
    return finished(lines, colour=colour)


def _take(attempt: Attempt) -> str:
    when = attempt.started_at.astimezone().strftime("%Y-%m-%d %H:%M")
    lasted = length(attempt.card.timing.duration_s)
    return f"attempt {attempt.id}, {when}, {lasted}, {attempt.card.overall:.0f} of 100"


def _wording(wording: Wording) -> Iterable[str]:
    if wording.alike is None:
        yield from wrapped("Too short to tell a recited answer from an exact one.")
        return
    if wording.cut_version:
        yield from wrapped(
            f"{wording.alike:.0%} of the words are the same: this is the cut version, the rest was to stay."
        )
        return
    if wording.recited:
        yield from wrapped(
            f"Nearly word for word the same ({wording.alike:.0%} of the words): it sounds like a memorised "
            "script. Tell it again from the points, not from the sentences."
        )
        if wording.longest is not None:
            yield from timed(
                wording.longest.start_s, f'the same run of words: "{plain(wording.longest.quote)}"'
            )
        return
    yield from wrapped(f"{wording.alike:.0%} of the words are the same: told afresh.")


def _points(found: TakeComparison) -> Iterable[str]:
    for move, heading, colour in HEADINGS:
        points = [point for point in found.points if point.move == move]
        if not points:
            continue
        yield from title(f"{heading}: {len(points)}")
        for point in points:
            first, *rest = wrapped(plain(point.label), indent=29)
            yield f"  {click.style(f'{_moment(point):<25}', fg=colour)}  {first.strip()}"
            yield from rest
    if found.unshared:
        yield from title("Not compared: the rubric has changed in between")
        for label in found.unshared:
            yield from wrapped(plain(label), indent=2)


def _moment(point: PointChange) -> str:
    if point.move in ("earlier", "later") and point.before_s is not None and point.after_s is not None:
        by = abs(point.after_s - point.before_s)
        return f"{clock(point.before_s)} > {clock(point.after_s)}, {by:.0f} s {point.move}"
    if point.before == point.after:
        return point.after
    return f"{point.before} > {point.after}"


def _beats(beats: tuple[BeatChange, ...]) -> Iterable[str]:
    if beats:
        yield from title("Seconds per beat: before > after (budget)")
    for beat in beats:
        first, *rest = wrapped(plain(beat.label), indent=29)
        spent = f"{beat.before_s:>4.0f} > {beat.after_s:<4.0f} ({beat.budget_s:.0f})"
        yield f"  {spent:<25}  {first.strip()}"
        yield from rest


def _measures(found: TakeComparison) -> Iterable[str]:
    yield from title("In numbers: before > after")
    yield _change(found.overall)
    for part in found.parts:
        yield _change(part)
    yield _change(found.duration_s, " s")
    yield _change(found.pace, " words a minute")


def _change(change: Change, unit: str = "") -> str:
    before, after = ("-" if value is None else f"{value:.0f}" for value in (change.before, change.after))
    difference = ""
    if change.before is not None and change.after is not None:
        difference = f"  ({round(change.after) - round(change.before):+d})"
    return f"  {change.name:<12}{before:>4} > {after}{unit}{difference}"
