"""Where time went without adding anything, and what to cut.

A clause works when it is part of the evidence for a point, or says part of one. One that comes close to an
earlier clause without a new point repeats it; one that touches neither a point nor a beat of the structure is
off the point; the rest is context.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations, groupby
from math import inf

import numpy as np

from voicecoach.minutes import is_over, is_under
from voicecoach.scoring.card import (
    ClauseNote,
    ClauseRole,
    Contradiction,
    CurvePoint,
    PointResult,
    PointState,
    Quote,
    Rambling,
    Repeat,
)
from voicecoach.scoring.clauses import Clause, has_sentences
from voicecoach.scoring.coverage import CREDIT
from voicecoach.scoring.evidence import Answer, Rubric
from voicecoach.scoring.structure import Alignment
from voicecoach.scoring.timing import answered_s

REPEAT = 0.68
"""Cosine from which two clauses say the same."""

ON_TOPIC = 0.52
"""A clause this near to the question, a point or a cue is at least context."""

CLOSE_S = 8.0
"""A closing sentence may follow the last new point without counting as rambling."""

MOST_TOGETHER, MOST_TRIED = 3, 40
"""So many sentences are tried together, of so many: the longest, ten thousand ways at most."""

FREE: tuple[ClauseRole, ...] = ("off-point", "repeat", "context")
"""What a clause does that can go."""

SHORTEST_STRETCH_S = 5.0
"""A shorter stretch is more likely a piece of a thought than one: of the sentences in tests/data, which last
7 s in the middle, 28 % are shorter. Of 73 answers there, without punctuation and a third too long for their
window, 72 have something to cut without this bound and 69 with it; judged again, either lot has lost one
point, of 269 and 260.
"""


def label_clauses(
    rubric: Rubric,
    answer: Answer,
    alignment: Alignment,
    contradictions: tuple[Contradiction, ...],
    points: tuple[PointResult, ...],
) -> tuple[ClauseNote, ...]:
    """Every clause with what it did, in order."""
    says = _points_told(points, answer.clauses, ("covered", "partly"))
    may_say = _points_told(points, answer.clauses, ("unsure",))
    single = answer.windows_of_one()
    beats = rubric.question.structure.beats
    notes: list[ClauseNote] = []
    for i, clause in enumerate(answer.clauses):
        wrong = next((c for c in contradictions if _inside(clause, c)), None)
        role: ClauseRole
        point = ""
        if wrong is not None:
            role, point = "contradiction", wrong.point
        elif i in says:
            role, point = "point", says[i]
        elif _repeats(answer, single, i) is not None:
            role = "repeat"
        elif i in may_say or _on_topic(rubric, answer, single[i]) or alignment.told[i] >= 0:
            role = "context"
        else:
            role = "off-point"
        beat = beats[alignment.told[i]].id if alignment.told[i] >= 0 else ""
        notes.append(ClauseNote(clause.text, clause.start_s, clause.end_s, role, point, beat))
    return tuple(notes)


def judge_rambling(
    rubric: Rubric,
    answer: Answer,
    notes: tuple[ClauseNote, ...],
    points: tuple[PointResult, ...],
    relevance: float,
) -> Rambling:
    """Seconds that added nothing, repeats, the coverage curve and the cut list.

    Args:
        rubric: The question's rubric.
        answer: The answer.
        notes: What each clause did.
        points: What was said of each point.
        relevance: 0..100.
    """
    single = answer.windows_of_one()
    off = tuple(_quote(n) for n in notes if n.role == "off-point")
    repeats = []
    for i, note in enumerate(notes):
        first = _repeats(answer, single, i) if note.role == "repeat" else None
        if first is not None:
            earlier = answer.clauses[first]
            repeats.append(Repeat(note.text, note.start_s, note.end_s, earlier.text, earlier.start_s))
    spoken = sum(c.duration_s for c in answer.clauses)
    off_s = sum(q.end_s - q.start_s for q in off)
    repeat_s = sum(r.end_s - r.start_s for r in repeats)
    after_s = _seconds_after_last(answer, points)
    cut, cut_note = _cut_list(rubric, answer, _can_go(notes, points))
    rambling = Rambling(0.0, off_s, after_s, tuple(repeats), off, _curve(points), cut, cut_note, relevance)
    # What only comes after the last point, off the point or repeating nothing, counts half.
    only_after_s = wasted_seconds(rambling) - off_s - repeat_s
    wasted = min(spoken, off_s + repeat_s + 0.5 * only_after_s)
    return replace(rambling, score=100 * (1 - wasted / spoken) if spoken else 0.0)


def wasted_seconds(rambling: Rambling) -> float:
    """Seconds that no listener would miss, each counted once."""
    after_s = rambling.seconds_after_last_new_point
    counted_from = rambling.curve[-1].at_s + CLOSE_S if after_s else inf
    spans = [(each.start_s, each.end_s) for each in rambling.off_point]
    spans += [(each.start_s, each.end_s) for each in rambling.repeats]
    return after_s + sum(max(0.0, min(end, counted_from) - start) for start, end in spans)


def _points_told(
    points: tuple[PointResult, ...], clauses: tuple[Clause, ...], states: tuple[PointState, ...]
) -> dict[int, str]:
    """Which point in one of these states each clause is evidence for; the likelier where two share one."""
    says: dict[int, tuple[float, str]] = {}
    for point in points:
        if point.state not in states or point.start_s is None or point.end_s is None:
            continue
        for i, clause in enumerate(clauses):
            inside = point.start_s <= clause.start_s and clause.end_s <= point.end_s
            if inside and point.probability > says.get(i, (-1.0, ""))[0]:
                says[i] = (point.probability, point.id)
    return {clause: point for clause, (_, point) in says.items()}


def _repeats(answer: Answer, single: dict[int, int], i: int) -> int | None:
    """An earlier clause that says the same as clause i; the one just before may lead into it."""
    if i < 2:
        return None
    mine = answer.vectors[single[i]]
    alike = [float(answer.vectors[single[j]] @ mine) for j in range(i - 1)]
    nearest = int(np.argmax(alike))
    return nearest if alike[nearest] >= REPEAT else None


def _on_topic(rubric: Rubric, answer: Answer, window: int) -> bool:
    mine = answer.vectors[window]
    groups = [rubric.asked[None, :], *(p.vectors for p in rubric.points), *(c.vectors for c in rubric.cues)]
    return max(float((group @ mine).max()) for group in groups) >= ON_TOPIC


def _seconds_after_last(answer: Answer, points: tuple[PointResult, ...]) -> float:
    """Speech after the last point landed, beyond a closing sentence."""
    landings = [p.end_s for p in points if p.state in ("covered", "partly") and p.end_s is not None]
    if not landings or not answer.clauses:
        return 0.0
    return max(0.0, answer.clauses[-1].end_s - max(landings) - CLOSE_S)


def _curve(points: tuple[PointResult, ...]) -> tuple[CurvePoint, ...]:
    """Coverage after each landing, as a fraction of all that was covered; from 0 at the start."""
    landed = sorted(
        (p.end_s, p.weight * CREDIT[p.state]) for p in points if p.end_s is not None and CREDIT[p.state]
    )
    total = sum(credit for _, credit in landed)
    curve, so_far = [CurvePoint(0.0, 0.0)], 0.0
    for at, credit in landed:
        so_far += credit
        curve.append(CurvePoint(at, so_far / total))
    return tuple(curve)


def _can_go(notes: tuple[ClauseNote, ...], points: tuple[PointResult, ...]) -> tuple[bool, ...]:
    """Whether each clause may be cut: it carries no point, nor what may be one."""
    told = [(p.start_s, p.end_s) for p in points if p.start_s is not None and p.end_s is not None]
    return tuple(
        note.role in FREE and not any(start <= note.start_s and note.end_s <= end for start, end in told)
        for note in notes
    )


def _cut_list(rubric: Rubric, answer: Answer, can_go: tuple[bool, ...]) -> tuple[tuple[Quote, ...], str]:
    """Fewest sentences or stretches without a point to drop so that it fits; and what to say about it."""
    window = rubric.question.target_s
    shortest, longest = window
    duration = answered_s(answer.transcript)
    if is_under(duration, window):
        return (), "It is shorter than its window: nothing needs to go."
    if not is_over(duration, window):
        return (), "It fits its window as it is."
    over = f"It runs {duration - longest:.0f} s over"
    if has_sentences(answer.transcript):
        piece, plural = "sentence", "sentences"
        free = _free_sentences(answer.clauses, can_go)
        chosen = _fewest(free, duration, window)
        nothing = (
            f"{over}, but each sentence that could go would leave less than {shortest:.0f} s: say each one "
            "shorter."
            if free
            else f"{over} and every sentence carries a point: say each one shorter."
        )
    else:
        piece, plural = "stretch", "stretches"
        chosen = _fewest_stretches(_free_stretches(answer.clauses, can_go), duration, window)
        nothing = (
            f"{over} and no stretch of {SHORTEST_STRETCH_S:.0f} s or more is without a point: say all of "
            "it shorter."
        )
    if not chosen:
        return (), nothing
    cut = tuple(sorted(chosen, key=lambda q: q.start_s))
    left = duration - sum(map(_lasts, cut))
    count = f"{len(cut)} {piece if len(cut) == 1 else plural}"
    if not is_over(left, window):
        return cut, f"Drop {count} and it fits in {left:.0f} s with every point kept."
    return (
        cut,
        f"Dropping {count} leaves {left:.0f} s, still {left - longest:.0f} s over: say the rest shorter.",
    )


def _lasts(quote: Quote) -> float:
    return quote.end_s - quote.start_s


def _fewest(sentences: list[Quote], duration_s: float, target_s: tuple[float, float]) -> list[Quote]:
    """As few as make it fit and leave what the window asks for, and of those the shortest.

    Where more than MOST_TOGETHER are needed, or nothing makes it fit, the longest that can go.
    """
    longest_first = sorted(sentences, key=_lasts, reverse=True)
    for count in range(1, MOST_TOGETHER + 1):
        ways = ((sum(map(_lasts, way)), way) for way in combinations(longest_first[:MOST_TRIED], count))
        fitting = [
            (lasts, way)
            for lasts, way in ways
            if duration_s - lasts >= target_s[0] and not is_over(duration_s - lasts, target_s)
        ]
        if fitting:
            _, shortest = min(fitting, key=lambda each: each[0])
            return list(shortest)
    gone: list[Quote] = []
    left = duration_s
    for quote in longest_first:
        if is_over(left, target_s) and left - _lasts(quote) >= target_s[0]:
            gone.append(quote)
            left -= _lasts(quote)
    return gone


def _fewest_stretches(
    stretches: list[list[Clause]], duration_s: float, target_s: tuple[float, float]
) -> list[Quote]:
    """The longest stretches, as few as make it fit.

    One that would leave less than the window asks for gives only what leaves enough: a stretch can end with
    any of its clauses, and may be most of the answer.
    """
    shortest = target_s[0]
    chosen: list[Quote] = []
    left = duration_s
    for stretch in sorted(stretches, key=_seconds, reverse=True):
        if not is_over(left, target_s):
            break
        part = _longest_part(stretch, left - shortest)
        if part and _seconds(part) >= SHORTEST_STRETCH_S:
            chosen.append(_said(part))
            left -= _seconds(part)
    return chosen


def _longest_part(stretch: list[Clause], at_most_s: float) -> list[Clause]:
    """The neighbours among a stretch's clauses that last longest, but no longer than that."""
    longest: list[Clause] = []
    first = 0
    for last, clause in enumerate(stretch):
        while first <= last and clause.end_s - stretch[first].start_s > at_most_s:
            first += 1
        part = stretch[first : last + 1]
        if part and (not longest or _seconds(part) > _seconds(longest)):
            longest = part
    return longest


def _free_sentences(clauses: tuple[Clause, ...], can_go: tuple[bool, ...]) -> list[Quote]:
    """Sentences of which every clause can go."""
    found = []
    run: list[int] = []
    for i, clause in enumerate(clauses):
        run.append(i)
        if clause.ends_sentence or i == len(clauses) - 1:
            if all(can_go[j] for j in run):
                found.append(_said([clauses[j] for j in run]))
            run = []
    return found


def _free_stretches(clauses: tuple[Clause, ...], can_go: tuple[bool, ...]) -> list[list[Clause]]:
    """Runs of neighbouring clauses that can go, each as long as it gets."""
    runs = groupby(zip(clauses, can_go, strict=True), key=lambda each: each[1])
    return [[clause for clause, _ in run] for free, run in runs if free]


def _said(clauses: Sequence[Clause]) -> Quote:
    return Quote(" ".join(clause.text for clause in clauses), clauses[0].start_s, clauses[-1].end_s)


def _seconds(clauses: Sequence[Clause]) -> float:
    return clauses[-1].end_s - clauses[0].start_s


def _inside(clause: Clause, wrong: Contradiction) -> bool:
    return wrong.start_s <= clause.start_s and clause.end_s <= wrong.end_s


def _quote(note: ClauseNote) -> Quote:
    return Quote(note.text, note.start_s, note.end_s)
