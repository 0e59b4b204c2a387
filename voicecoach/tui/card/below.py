"""The lower part of a card: accuracy, structure, rambling, timing, delivery, proof, and what came before."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.content import Content

from voicecoach.minutes import clock, length
from voicecoach.report.wording import NOT_COUNTED, is_counted, nothing_found, padding, together, window
from voicecoach.scoring.card import BeatResult, Contradiction, CurvePoint, Quote, ScoreCard
from voicecoach.scoring.overall import own_scores
from voicecoach.tui.card.lines import CardLine, CardView, Moment, beneath, fact, heading, said, sentence
from voicecoach.tui.layout import GAP, Cell, row, styled
from voicecoach.tui.wording import (
    MUTED,
    VERDICT_WORDS,
    day,
    difference,
    engine,
    plural,
    score_colour,
    your_thresholds,
)

if TYPE_CHECKING:
    from voicecoach.practice.archive import PastCard

BARS = "▁▂▃▄▅▆▇█"

NOT_MEASURED = "not measured for typed text"


def accuracy(view: CardView, width: int) -> list[CardLine]:
    """What was wrong, with why; what lies in the unsure band is offered to be checked."""
    found = view.attempt.card.accuracy
    word, colour = VERDICT_WORDS[found.told_as]
    lines = [heading("Accuracy", width), fact("verdict", styled(word, f"bold {colour}"), width)]
    lines += [_wrong(each, styled("✗ wrong", "$text-error"), width) for each in found.contradictions]
    lines += [_wrong(each, styled("? check this", "$text-accent"), width) for each in found.check]
    if not found.contradictions and not found.check:
        lines.append(sentence(nothing_found(found.verdict), width))
    return lines


def _wrong(found: Contradiction, label: Content, width: int) -> CardLine:
    line = said(found.quote, found.start_s, found.end_s, width, label)
    return replace(beneath(line, found.why, width, 2 + 5 + GAP + 20 + GAP), point=found.point)


def warnings(view: CardView, width: int) -> list[CardLine]:
    """What an interviewer would remark on in the answer as a whole; nothing where there is nothing."""
    raised = view.attempt.card.warnings
    if not raised:
        return []
    lines = [heading("What an interviewer would remark on", width)]
    for each in raised:
        line = said(each.quote, each.start_s, each.end_s, width, styled("! remark", "$text-warning"))
        lines.append(beneath(line, each.message, width, 2 + 5 + GAP + 20 + GAP))
    return lines


def structure(view: CardView, width: int) -> list[CardLine]:
    """Each beat with when it was told and how long it took against its budget."""
    told = view.attempt.card.structure
    lines = [_part(view, "Structure", told.score, width)]
    lines += [_beat(beat, width) for beat in told.beats]
    names = {beat.id: beat.label for beat in told.beats}
    lines.append(fact("told in this order", " > ".join(names.get(b, b) for b in told.order) or "-", width))
    if told.missing:
        lines.append(fact("not told", ", ".join(names.get(b, b) for b in told.missing), width))
    first = "never" if told.first_point_s is None else f"at {clock(told.first_point_s)}"
    lines.append(fact("first point landed", first, width))
    lines.append(fact("closes", "yes" if told.closes else "no: the last beat does not end it", width))
    lines += [
        said(each.quote, each.start_s, each.end_s, width, styled("← went back", "$text-warning"))
        for each in told.went_back
    ]
    return lines


def _part(view: CardView, title: str, score: float, width: int) -> CardLine:
    """The heading of a part that some questions do not count."""
    if is_counted(view.attempt.card, title.lower()):
        return heading(title, width, score)
    return heading(title, width, remark=NOT_COUNTED)


def _beat(beat: BeatResult, width: int) -> CardLine:
    was_told = beat.start_s is not None and beat.end_s is not None
    spent = f"{beat.spoken_s:.0f} s of {beat.budget_s:.0f} s"
    across = max(8, width - 2 - 5 - 20 - 14 - 3 * GAP)
    scale = across / max(beat.budget_s * 2, beat.spoken_s, 1.0)
    inside, over = (
        round(min(beat.spoken_s, beat.budget_s) * scale),
        round(max(0.0, beat.spoken_s - beat.budget_s) * scale),
    )
    rest = max(0, round(beat.budget_s * scale) - inside)
    bar = Content.assemble(
        ("█" * inside, "$success"), ("░" * rest, "$foreground 40%"), ("█" * over, "$warning")
    )
    label = beat.label if was_told else f"{beat.label} (not told)"
    content = row(
        Cell(styled(""), 0),
        Cell(styled(clock(beat.start_s) if beat.start_s is not None else "-", "$text-accent"), 7, 1, "right"),
        Cell(styled(label, "" if was_told else MUTED), 20, 2),
        Cell(styled(spent), 14, 1, "right"),
        Cell(bar, across),
    )
    moment = None
    if beat.start_s is not None and beat.end_s is not None:
        moment = Moment(beat.start_s, beat.end_s)
    over_words = f"{beat.spoken_s - beat.budget_s:.0f} s over its budget" if over else ""
    return CardLine(content, moment, note=over_words)


def rambling(view: CardView, width: int) -> list[CardLine]:
    """Seconds that added nothing, ideas said again, and what to cut."""
    found = view.attempt.card.rambling
    lines = [
        heading("Rambling", width, found.score, "100 when every second worked"),
        fact("off the point", f"{found.seconds_off_point:.0f} s", width),
        fact(
            "after the last point",
            f"{found.seconds_after_last_new_point:.0f} s that added nothing new",
            width,
        ),
        fact("covered over time", _curve(found.curve, view.attempt.card.duration_s, width - 26), width),
    ]
    lines += [
        said(q.quote, q.start_s, q.end_s, width, styled("~ off the point", "$text-warning"))
        for q in found.off_point
    ]
    for repeat in found.repeats:
        again = styled("↺ said before", "$text-warning")
        line = said(repeat.quote, repeat.start_s, repeat.end_s, width, again)
        first = f"first at {clock(repeat.first_start_s)}: “{repeat.first_quote}”"
        lines.append(beneath(line, first, width, 2 + 5 + GAP + 20 + GAP))
    lines += [
        replace(said(q.quote, q.start_s, q.end_s, width, styled("- cut this", "$text-accent")), cut=True)
        for q in found.cut
    ]
    if found.cut_note:
        lines.append(replace(fact("what to cut", found.cut_note, width), cut=bool(found.cut)))
    return lines


def _curve(curve: tuple[CurvePoint, ...], duration_s: float, width: int) -> Content:
    width = max(10, min(60, width - 21))
    heights = []
    for x in range(width):
        at_s = (x + 1) * duration_s / width
        reached = max((point.fraction for point in curve if point.at_s <= at_s), default=0.0)
        heights.append(BARS[min(len(BARS) - 1, int(reached * len(BARS)))])
    most = next((point.at_s for point in curve if point.fraction >= 0.8), None)
    words = f"  80 % of it by {clock(most)}" if most is not None else ""
    return Content.assemble(("".join(heights), "$text-primary"), (words, MUTED))


def timing(view: CardView, width: int) -> list[CardLine]:
    """Length against the window, and what would have been said by an interruption."""
    found = view.attempt.card.timing
    low, high = found.target_s
    if found.is_over:
        verdict = f"{found.duration_s - high:.0f} s too long"
    elif found.is_under:
        verdict = f"{low - found.duration_s:.0f} s too short"
    else:
        verdict = "in the window"
    against = f"{found.duration_s:.0f} s, {verdict}{padding(found)} (target {window(found.target_s)})"
    lines = [heading("Timing", width, found.score), fact("length", against, width)]
    lines += [
        fact(
            f"stopped at {i.at_s:.0f} s", f"{i.covered * 100:.0f} % of the rubric would have been said", width
        )
        for i in found.interrupted
    ]
    return lines


def delivery(view: CardView, width: int) -> list[CardLine]:
    """Pace, pauses, fillers."""
    found = view.attempt.card.delivery
    typed = view.attempt.card.engine.name == "text"
    harmless = " (up to 5 do no harm)"
    pace = f"{found.words_per_minute:.0f} words a minute (140-160 is easiest to follow)"
    if typed:
        pace = NOT_MEASURED
    lines = [heading("Delivery", width, found.score), fact("pace", pace, width)]
    fillers = f"at least {found.fillers}, {found.fillers_per_minute:.1f} a minute"
    # What does no harm is all of them together.
    fillers += harmless if not found.filled_pauses else ""
    if not found.fillers:
        fillers = "none heard (recognisers leave some out)"
    if found.filler_words:
        fillers += ": " + ", ".join(f"{f.word} {f.count}" for f in found.filler_words)
    lines.append(fact("fillers", fillers, width))
    if found.filled_pauses:
        more = f"at least {len(found.filled_pauses)} more, in the sound without a word"
        lines.append(fact("um, uh", f"{more}: {together(view.attempt.card)}{harmless}", width))
        label = styled("probably um, after", "$text-accent")
        lines += [said(q.quote, q.start_s, q.end_s, width, label) for q in found.filled_pauses]
    if typed or not found.measured_pauses:
        lines.append(fact("pauses", NOT_MEASURED if typed else "not measured: there is no recording", width))
        return lines
    long = plural(len(found.long_pauses), "long one")
    lines.append(fact("pauses", f"{found.pauses} of 0.2 s and more, {long} of 1.5 s and more", width))
    for q in found.long_pauses:
        label = styled(f"{q.end_s - q.start_s:.1f} s after", "$text-accent")
        lines += [said(q.quote, q.start_s, q.end_s, width, label)]
    return lines


def proof(view: CardView, width: int) -> list[CardLine]:
    """Ownership and specifics, with their quotes."""
    found = view.attempt.card.proof
    lines = [
        _part(view, "Proof", found.score, width),
        fact("ownership", f"clauses that say what you did yourself: {found.first_person}", width),
        fact("", f"“we” or “our”: {plural(found.team, 'time')}", width),
    ]
    kinds: tuple[tuple[str, str, tuple[Quote, ...]], ...] = (
        ("number", "numbers", found.numbers),
        ("baseline", "baselines", found.baselines),
        ("decision", "decisions", found.decisions),
    )
    for name, names, quotes in kinds:
        if not quotes:
            lines.append(fact(names, styled("none", "$text-warning"), width))
        lines += _quotes(quotes, styled(f"✓ {name}", "$text-success"), width)
    lines += _quotes(found.vague, styled("~ who did what?", "$text-warning"), width)
    return lines


def _quotes(quotes: Iterable[Quote], label: Content, width: int) -> list[CardLine]:
    return [said(q.quote, q.start_s, q.end_s, width, label) for q in quotes]


def comparison(view: CardView, width: int) -> list[CardLine]:
    """This take against the last and the best."""
    lines = [heading("Against your other takes", width)]
    if view.comparison_problem:
        return [*lines, sentence(view.comparison_problem, width, "$text-warning")]
    if view.comparison is None:
        return [*lines, sentence("Looking them up.", width, MUTED)]
    last, best = view.comparison.last, view.comparison.best
    if last is None and best is None:
        return [*lines, sentence("This is your first take on this question.", width)]
    card = view.attempt.card
    now, then, top = ("this take", _past_name("last", last), _past_name("best", best))
    lines.append(_compared("", [styled(each, MUTED) for each in (now, then, top)], width))
    pasts = [past.card if past else None for past in (last, best)]
    lines.append(_scores("overall", card.overall, [p.overall if p else None for p in pasts], width))
    ran = [length(p.timing.duration_s) if p else "-" for p in (card, *pasts)]
    lengths = [styled(each) for each in ran]
    lines.append(_compared("length", lengths, width))
    scores = [own_scores(p) if p else {} for p in pasts]
    for name, score in own_scores(card).items():
        lines.append(_scores(name, score, [each.get(name) for each in scores], width))
    if last is not None:
        lines += _moved(card, last.card, width)
    return lines


def _moved(card: ScoreCard, before: ScoreCard, width: int) -> list[CardLine]:
    labels = {point.id: point.label for point in card.points}
    # A rubric that was changed in between has points that only one of the two was judged by.
    shared = labels.keys() & {point.id for point in before.points}
    now = {point.id for point in card.points if point.state == "covered"} & shared
    then = {point.id for point in before.points if point.state == "covered"} & shared
    lines = []
    if now - then:
        gained = ", ".join(labels[each] for each in sorted(now - then))
        lines.append(fact("covered since last", styled(gained, "$text-success"), width))
    if then - now:
        lost = ", ".join(labels[each] for each in sorted(then - now))
        lines.append(fact("lost since last", styled(lost, "$text-warning"), width))
    return lines


def _past_name(name: str, past: "PastCard | None") -> str:
    return f"{name}, {day(past.started_at)}" if past else f"no {name}"


def _scores(label: str, now: float, others: list[float | None], width: int) -> CardLine:
    cells = [styled(f"{now:.0f}", f"bold {score_colour(now)}")]
    cells += [
        styled("-") if other is None else styled(f"{other:.0f} ({difference(now, other)})")
        for other in others
    ]
    return _compared(label, cells, width)


def _compared(label: str, cells: list[Content], width: int) -> CardLine:
    column = min(18, (width - 22 - 3 * GAP) // 3)
    content = row(
        Cell(styled(f"  {label}", MUTED), 22),
        *(Cell(cell, column, 1, "right") for cell in cells),
    )
    return CardLine(content)


def number(view: CardView, width: int) -> list[CardLine]:
    """How the overall number comes about, and what heard the answer."""
    card = view.attempt.card
    lines = [heading("How the number comes about", width, card.overall)]
    for part in card.parts:
        share = (
            f"{part.score:3.0f} x {part.weight * 100:.0f} %"
            if part.weight
            else f"{part.score:3.0f}, not counted"
        )
        lines.append(fact(part.name, share, width))
    if _held_back(card):
        why = "All but coverage and relevance count only as far as something was said to the point."
        lines.append(sentence(why, width, MUTED))
    if card.judged is not None:
        first = f"{card.judged.overall:.0f}, before you corrected it"
        lines.append(fact("first judged", first, width))
    if card.thresholds is not None:
        lines.append(fact("thresholds", your_thresholds(card.thresholds), width))
    lines.append(fact("heard by", engine(card.engine), width))
    if card.engine.note:
        lines.append(fact("", card.engine.note, width))
    return lines


def _held_back(card: ScoreCard) -> bool:
    """Whether a part counts less than it scores."""
    own = own_scores(card)
    return any(round(own[part.name]) != round(part.score) for part in card.parts)
