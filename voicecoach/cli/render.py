"""The card as plain text, at most 80 columns wide: the number and the one cue first."""

import re
import textwrap
import unicodedata
from collections.abc import Iterable
from typing import Literal

import click

from voicecoach.cli.talk import counted
from voicecoach.content.model import Question
from voicecoach.minutes import clock
from voicecoach.practice.typed import TYPED
from voicecoach.report.wording import NOT_COUNTED, is_counted, padding, together
from voicecoach.scoring.card import (
    BeatResult,
    Contradiction,
    PointResult,
    PointState,
    Quote,
    RaisedWarning,
    Rambling,
    ScoreCard,
    Timing,
    Verdict,
)

WIDTH = 80

Colour = Literal["green", "yellow", "red", "magenta", "cyan"]

STATE_COLOURS: dict[PointState, Colour] = {
    "covered": "green",
    "partly": "yellow",
    "missing": "red",
    "contradicted": "red",
    "unsure": "magenta",
}

VERDICT_WORDS: dict[Verdict, str] = {
    "right": "right, as far as this judge can tell",
    "wrong": "wrong in places",
    "vague": "vague: too little was said exactly enough to judge",
    "unsure": "unsure: check what is quoted below",
}

_ESCAPES = re.compile(r"\x1b\[[0-9;]*m")


def render_card(card: ScoreCard, question: Question, *, colour: bool = False) -> str:
    """The whole card.

    Args:
        card: What the answer scored.
        question: What was asked.
        colour: Whether to add terminal colours; every state is said in words all the same.

    Returns:
        Lines of at most 80 columns, ending in a newline.
    """
    lines = [
        *_head(card, question),
        *_coverage(card.points),
        *_accuracy(card),
        *_warnings(card.warnings),
        *_structure(card),
        *_rambling(card.rambling),
        *_timing(card.timing, spoken=card.engine.name != TYPED.name),
        *_delivery(card),
        *_proof(card),
        *_foot(card),
    ]
    return finished(lines, colour=colour)


def finished(lines: Iterable[str], *, colour: bool) -> str:
    """Lines as one text, without their colours where none are wanted."""
    text = "\n".join(lines).rstrip() + "\n"
    return text if colour else _ESCAPES.sub("", text)


def moment(seconds: float | None) -> str:
    """A moment as m:ss, or a dash for None."""
    return "-" if seconds is None else clock(seconds)


def plain(text: str) -> str:
    """Text on one line without control characters, so that nothing said or typed can steer the terminal."""
    shown = "".join(char for char in text if char.isspace() or unicodedata.category(char)[0] != "C")
    return " ".join(shown.split())


def _head(card: ScoreCard, question: Question) -> Iterable[str]:
    yield from wrapped(f"{plain(question.title)}  ({plain(card.question)})")
    yield ""
    yield f"{click.style(f'{card.overall:.0f}', bold=True)} of 100"
    yield from wrapped(f"Next time: {plain(card.cue)}")
    for notice in card.notices:
        yield from wrapped(f"Note: {plain(notice)}")


def _coverage(points: tuple[PointResult, ...]) -> Iterable[str]:
    covered = sum(point.state == "covered" for point in points)
    yield from title(f"Coverage: {covered} of {len(points)} points covered")
    for point in points:
        state = click.style(f"{point.state:<12}", fg=STATE_COLOURS[point.state])
        first, *rest = textwrap.wrap(plain(point.label), WIDTH - 22) or [""]
        yield f"  {state}  {moment(point.start_s):>5} {first}"
        yield from (" " * 22 + line for line in rest)
        if point.quote:
            yield from _quoted(point.quote, indent=22)


def _accuracy(card: ScoreCard) -> Iterable[str]:
    yield from title(f"Accuracy: {VERDICT_WORDS[card.accuracy.told_as]}")
    yield from _contradictions(card.accuracy.contradictions, card.points)
    if card.accuracy.check:
        yield "  Check this; it may be right, or heard wrongly:"
        yield from _contradictions(card.accuracy.check, card.points)


def _warnings(warnings: tuple[RaisedWarning, ...]) -> Iterable[str]:
    if not warnings:
        return
    yield from title("What an interviewer would remark on")
    for warning in warnings:
        yield from timed(warning.start_s, f'"{plain(warning.quote)}"')
        yield from wrapped(plain(warning.message), indent=9)


def _contradictions(found: tuple[Contradiction, ...], points: tuple[PointResult, ...]) -> Iterable[str]:
    labels = {point.id: point.label for point in points}
    for item in found:
        yield from timed(item.start_s, f'"{plain(item.quote)}"')
        yield from wrapped(
            f"{plain(item.why)} (Point: {plain(labels.get(item.point, item.point))})", indent=9
        )


def _structure(card: ScoreCard) -> Iterable[str]:
    structure = card.structure
    yield from title(f"Structure: {_scored(card, 'structure', structure.score)}")
    for beat in structure.beats:
        yield from _beat(beat)
    if structure.order:
        labels = {beat.id: plain(beat.label) for beat in structure.beats}
        told = " > ".join(labels.get(name, plain(name)) for name in structure.order)
        yield from wrapped(f"Told in this order: {told}", indent=2)
    first = (
        "No point landed."
        if structure.first_point_s is None
        else f"The first point landed at {clock(structure.first_point_s)}."
    )
    closes = "It closes on the last beat." if structure.closes else "It does not close on the last beat."
    yield from wrapped(f"{first} {closes}", indent=2)
    for each in structure.went_back:
        yield from timed(each.start_s, f'went back: "{plain(each.quote)}"')


def _scored(card: ScoreCard, name: str, score: float) -> str:
    """The score of a part that some questions do not count."""
    return f"{score:.0f} of 100" if is_counted(card, name) else NOT_COUNTED


def _beat(beat: BeatResult) -> Iterable[str]:
    if beat.start_s is None:
        when = f"{'missing':<11}  {'':>4}"
    else:
        when = f"{f'{moment(beat.start_s)}-{moment(beat.end_s)}':<11}  {beat.spoken_s:>3.0f}s"
    first, *rest = textwrap.wrap(plain(beat.label), WIDTH - 35) or [""]
    yield f"  {when} of {beat.budget_s:>3.0f}s budget  {first}"
    yield from (" " * 36 + line for line in rest)


def _rambling(rambling: Rambling) -> Iterable[str]:
    yield from title(f"Rambling: {rambling.score:.0f} of 100 (100: every second worked)")
    yield from wrapped(
        f"{rambling.seconds_off_point:.0f} s off the point; "
        f"{rambling.seconds_after_last_new_point:.0f} s after the last new point.",
        indent=2,
    )
    for stretch in rambling.off_point:
        yield from timed(stretch.start_s, f'off the point: "{plain(stretch.quote)}"')
    for repeat in rambling.repeats:
        said = f'said at {clock(repeat.first_start_s)} already: "{plain(repeat.quote)}"'
        yield from timed(repeat.start_s, said)
    if rambling.cut_note:
        yield from wrapped(f"Cut list: {plain(rambling.cut_note)}", indent=2)
    for sentence in rambling.cut:
        yield from timed(sentence.start_s, f'cut "{plain(sentence.quote)}"')


def _timing(timing: Timing, *, spoken: bool) -> Iterable[str]:
    low, high = timing.target_s
    yield from title(f"Timing: {timing.score:.0f} of 100")
    yield from wrapped(
        f"{timing.duration_s:.0f} s against {low:.0f}-{high:.0f} s{padding(timing)}"
        f"{f'; {timing.words_per_minute:.0f} words a minute' if spoken else ', as typed'}.",
        indent=2,
    )
    if timing.interrupted:
        stops = ", ".join(f"{stop.at_s:.0f} s: {stop.covered:.0%}" for stop in timing.interrupted)
        yield from wrapped(f"Covered, had you been stopped at {stops}.", indent=2)


def _delivery(card: ScoreCard) -> Iterable[str]:
    delivery = card.delivery
    yield from title(f"Delivery: {delivery.score:.0f} of 100")
    counts = ", ".join(f"{plain(filler.word)} {filler.count}" for filler in delivery.filler_words)
    yield from wrapped(
        f"At least {counted(delivery.fillers, 'filler')} ({delivery.fillers_per_minute:.1f} a minute)"
        f"{f': {counts}' if counts else ''}.",
        indent=2,
    )
    if delivery.filled_pauses:
        yield from wrapped(
            f"At least {len(delivery.filled_pauses)} more um or uh, in the sound without a word; "
            f"{together(card)}:",
            indent=2,
        )
        for filled in delivery.filled_pauses:
            yield from timed(filled.start_s, f'probably um, after "{plain(filled.quote)}"')
    if not delivery.measured_pauses:
        yield "  Pauses were not measured: there was no sound to measure them in."
        return
    yield f"  {counted(delivery.pauses, 'pause')}, {len(delivery.long_pauses)} of them long."
    for pause in delivery.long_pauses:
        after = f' after "{plain(pause.quote)}"' if pause.quote else ""
        yield from timed(pause.start_s, f"{pause.end_s - pause.start_s:.1f} s{after}")


def _proof(card: ScoreCard) -> Iterable[str]:
    proof = card.proof
    yield from title(f"Proof: {_scored(card, 'proof', proof.score)}")
    yield f'  Clauses that say what you did yourself: {proof.first_person}; "we" or "our": {proof.team}.'
    kinds: tuple[tuple[str, tuple[Quote, ...]], ...] = (
        ("number", proof.numbers),
        ("baseline", proof.baselines),
        ("decision", proof.decisions),
        ("vague", proof.vague),
    )
    for name, quotes in kinds:
        for quote in quotes:
            yield from timed(quote.start_s, f'{name}: "{plain(quote.quote)}"')


def _foot(card: ScoreCard) -> Iterable[str]:
    engine = card.engine
    model = f" ({plain(engine.model)})" if engine.model else ""
    sums = ", ".join(
        f"{part.name} {part.score:.0f} x {part.weight:.2f}" for part in card.parts if part.weight
    )
    yield ""
    yield from wrapped(f"The number: {sums}.")
    yield from wrapped("All but coverage and relevance count only as far as something was said to the point.")
    source = "Typed text" if engine.name == "text" else f"Heard by {plain(engine.name)}{model}"
    yield from wrapped(f"{source}. {plain(engine.note)}".strip())


def title(text: str) -> Iterable[str]:
    """What heads a section, after a blank line."""
    yield ""
    for line in textwrap.wrap(text, WIDTH):
        yield click.style(line, bold=True)


def timed(at_s: float, text: str) -> Iterable[str]:
    """Something said, with its second."""
    first, *rest = textwrap.wrap(text, WIDTH - 9) or [""]
    yield f"  {clock(at_s):>5}  {first}"
    yield from (" " * 9 + line for line in rest)


def _quoted(quote: str, indent: int) -> Iterable[str]:
    return wrapped(f'"{plain(quote)}"', indent)


def wrapped(text: str, indent: int = 0) -> list[str]:
    """A paragraph."""
    margin = " " * indent
    return textwrap.wrap(text, WIDTH, initial_indent=margin, subsequent_indent=margin)
