"""The upper part of a card: coverage, the time axis, the transcript."""

from dataclasses import replace

from textual.content import Content

from voicecoach.minutes import clock
from voicecoach.scoring.card import ClauseNote, Contradiction, PointResult, Ruling, ScoreCard
from voicecoach.scoring.corrections import fixes_in, ruling_of
from voicecoach.scoring.quotes import evidence
from voicecoach.tui.card.axis import time_axis
from voicecoach.tui.card.lines import CardLine, CardView, Moment, beneath, heading
from voicecoach.tui.layout import GAP, Cell, row, styled
from voicecoach.tui.wording import MUTED, ROLE_WORDS, STATE_COLOURS, STATE_SIGNS, quoted

STATE_WIDTH = 14
ROLE_WIDTH = 16
WIDE = 100
"""Cells from which the transcript names its points beside it."""


def coverage(view: CardView, width: int) -> list[CardLine]:
    """One row a point: state, label, second, your words."""
    card = view.attempt.card
    covered = sum(point.state == "covered" for point in card.points)
    score = next((part.score for part in card.parts if part.name == "coverage"), None)
    remark = f"{covered} of {len(card.points)} points covered"
    lines = [heading("Coverage", width, score, remark)]
    whys = {wrong.point: wrong for wrong in (*card.accuracy.check, *card.accuracy.contradictions)}
    for point in card.points:
        line = _point(card, point, width)
        if point.state in ("contradicted", "unsure") and point.id in whys:
            line = beneath(line, whys[point.id].why, width, STATE_WIDTH + GAP)
        ruling = ruling_of(card, point.id)
        if ruling is not None:
            line = beneath(line, _by_whom(ruling), width, STATE_WIDTH + GAP, "$text-accent")
        lines.append(line)
    return lines


def _by_whom(ruling: Ruling) -> str:
    if ruling.margin is not None and ruling.state != "contradicted":
        return "Corrected by you; the judge had called words about it wrong, or to check."
    if ruling.state == ruling.judged:
        return "You agree with the judge."
    return f"Corrected by you; the judge had said {ruling.judged}."


def _point(card: ScoreCard, point: PointResult, width: int) -> CardLine:
    label_width = max(18, min(44, (width - STATE_WIDTH - 5 - 3 * GAP) * 2 // 5))
    found = evidence(card, point)
    said = styled(f"“{found.quote}”") if found is not None else styled("not said", MUTED)
    state = styled(f"{STATE_SIGNS[point.state]} {point.state}", STATE_COLOURS[point.state])
    content = row(
        Cell(state, STATE_WIDTH),
        Cell(styled(point.label, MUTED if point.state == "missing" else ""), label_width, 2),
        Cell(styled(clock(found.start_s) if found is not None else "-", "$text-accent"), 5, 1, "right"),
        Cell(said, width - STATE_WIDTH - label_width - 5 - 3 * GAP, 2),
    )
    ruling = ruling_of(card, point.id)
    how = f"probability {point.probability:.2f}" if ruling is None else "as you ruled"
    note = f"{point.state}, {how}, weight {point.weight:g}"
    moment = Moment(found.start_s, found.end_s) if found is not None else None
    return CardLine(content, moment, note=note, point=point.id)


def axis(view: CardView, width: int) -> list[CardLine]:
    """The time axis; a drawing, so the highlight passes over it."""
    labels = {beat.id: beat.label for beat in view.attempt.card.structure.beats}
    return [
        heading("On the clock", width),
        CardLine(time_axis(view.attempt.card, labels, width), heading=True),
    ]


def transcript(view: CardView, width: int) -> list[CardLine]:
    """Every clause with what it did, in a word, a sign and a colour."""
    card = view.attempt.card
    labels = {point.id: point.label for point in card.points}
    wrong = {(c.start_s, c.point): c for c in card.accuracy.contradictions}
    head = heading("What you said", width, remark=f"{len(view.attempt.transcript.words)} words")
    lines = [_clause(c, labels, width, wrong.get((c.start_s, c.point))) for c in card.clauses]
    return [head, *(_numbered(card, i, line, width) for i, line in enumerate(lines))]


def _numbered(card: ScoreCard, clause: int, line: CardLine, width: int) -> CardLine:
    """The line of a clause with its place, and with what was heard where that was put right."""
    line = replace(line, clause=clause)
    fixes = fixes_in(card, clause)
    if not fixes:
        return line
    heard = ", ".join(quoted(fix.heard) for fix in fixes if fix.heard)
    added = ", ".join(quoted(fix.said) for fix in fixes if not fix.heard)
    remark = "Words corrected by you"
    remark += f"; heard: {heard}" if heard else ""
    remark += f"; added where nothing was heard: {added}." if added else "."
    return beneath(replace(line, note=remark), remark, width, 5 + ROLE_WIDTH + 2 * GAP, "$text-accent")


def _clause(clause: ClauseNote, labels: dict[str, str], width: int, wrong: Contradiction | None) -> CardLine:
    word, colour = ROLE_WORDS[clause.role]
    about = labels.get(clause.point, "")
    about_width = 30 if width >= WIDE else 0
    gaps = (3 if about_width else 2) * GAP
    content = row(
        Cell(styled(clock(clause.start_s), "$text-accent"), 5, 1, "right"),
        Cell(styled(word, colour), ROLE_WIDTH),
        Cell(_coloured(clause, colour), width - 5 - ROLE_WIDTH - about_width - gaps, 0),
        Cell(styled(about, MUTED), about_width, 2),
    )
    note = wrong.why if wrong is not None else (f"{word[2:]}: {about}" if about else word[2:])
    return CardLine(content, Moment(clause.start_s, clause.end_s), note=note)


def _coloured(clause: ClauseNote, colour: str) -> Content:
    return styled(clause.text, "" if clause.role == "context" else colour)
