"""How the answer was ordered: clauses aligned to the structure's beats.

Every clause has an affinity to every beat: the probability that it says a point of that beat, or its
similarity to the beat's cues. Two readings are compared. The free reading gives each clause its best beat,
whatever the order: that is how it was told. The ordered reading is the best monotonic alignment (dynamic
programming): how much of it can be heard as told in order. What the ordered reading loses is disorder, and so
is each time that the speaker goes back ("I should have said first").
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from voicecoach.scoring.backtracking import backtracking
from voicecoach.scoring.card import BeatResult, PointResult, StructureResult
from voicecoach.scoring.coverage import Coverage
from voicecoach.scoring.evidence import Answer, Rubric

Matrix = npt.NDArray[np.float64]

TOLD = 0.4
"""A clause belongs to a beat from this affinity."""

CUE_FLOOR, CUE_CEILING = 0.4, 0.82
"""Cosines to a cue that count as no affinity and as full affinity; cues are generic and weigh CUE_WEIGHT."""
CUE_WEIGHT = 0.7

LATE_START_S = 15.0
"""A first point after this is late: the listener has waited without learning anything."""

GOING_BACK, MOST_GOING_BACK = 0.2, 0.6
"""Of the order, what going back once costs, and at most."""

PART_WEIGHTS = {"told": 0.25, "order": 0.5, "budget": 0.1, "start": 0.05, "close": 0.1}


@dataclass(frozen=True, slots=True, eq=False)
class Alignment:
    """Clauses and beats.

    Attributes:
        affinity: Shape (clauses, beats).
        told: Per clause the index of the beat it was told in, -1 for none.
        ordered_share: What the monotonic alignment keeps of the free reading's affinity, 0..1.
    """

    affinity: Matrix
    told: tuple[int, ...]
    ordered_share: float


def align(rubric: Rubric, answer: Answer, coverage: Coverage) -> Alignment:
    """Read the answer against the beats."""
    affinity = _affinity(rubric, answer, coverage)
    if not len(affinity):
        return Alignment(affinity, (), 0.0)
    told = tuple(int(np.argmax(row)) if row.max() >= TOLD else -1 for row in affinity)
    seconds = np.array([max(clause.duration_s, 0.1) for clause in answer.clauses])
    gains = np.where(affinity >= TOLD, affinity, 0.0) * seconds[:, None]
    free = float(gains.max(axis=1).sum())
    return Alignment(affinity, told, _ordered_gain(gains) / free if free else 0.0)


def judge_structure(
    rubric: Rubric, answer: Answer, alignment: Alignment, points: tuple[PointResult, ...]
) -> StructureResult:
    """Order, seconds per beat against its budget, gaps, the first point and the close."""
    beats = rubric.question.structure.beats
    target = sum(rubric.question.target_s) / 2
    landed = [p.start_s for p in points if p.state in ("covered", "partly") and p.start_s is not None]
    results = []
    for b, beat in enumerate(beats):
        own = [clause for clause, t in zip(answer.clauses, alignment.told, strict=True) if t == b]
        results.append(
            BeatResult(
                id=beat.id,
                label=beat.label,
                start_s=own[0].start_s if own else None,
                end_s=own[-1].end_s if own else None,
                spoken_s=sum(clause.duration_s for clause in own),
                budget_s=beat.share * target,
            )
        )
    order = tuple(dict.fromkeys(beats[t].id for t in alignment.told if t >= 0))
    missing = tuple(beat.id for beat in beats if beat.id not in order)
    closes = _closes(alignment.told, len(beats) - 1)
    first = min(landed) if landed else None
    opening = next((i for i, beat in enumerate(alignment.told) if beat >= 0), len(answer.clauses))
    went_back = backtracking(answer.clauses[opening + 1 :], is_story=rubric.question.kind == "story")
    score = _score(tuple(results), alignment, len(went_back), first, closes=closes)
    return StructureResult(score, tuple(results), order, missing, first, closes, went_back)


def _closes(told: tuple[int, ...], last: int) -> bool:
    """Whether the last beat is still told once all the others have begun; later additions undo nothing.

    Where nothing else was told there is nothing to close, unless nothing else was asked for.
    """
    begun = {beat: told.index(beat) for beat in told if beat >= 0 and beat != last}
    final = max((clause for clause, beat in enumerate(told) if beat == last), default=-1)
    return final > max(begun.values(), default=-1) and (bool(begun) or last == 0)


def _affinity(rubric: Rubric, answer: Answer, coverage: Coverage) -> Matrix:
    """Shape (clauses, beats); a point lends its probability to its beat, a window to each of its clauses."""
    beats = rubric.question.structure.beats
    index = {beat.id: b for b, beat in enumerate(beats)}
    affinity = np.zeros((len(answer.clauses), len(beats)))
    single = answer.windows_of_one()
    for clause, window in single.items():
        for b, cue in enumerate(rubric.cues):
            nearest = float((cue.vectors @ answer.vectors[window]).max())
            scaled = (nearest - CUE_FLOOR) / (CUE_CEILING - CUE_FLOOR)
            affinity[clause, b] = CUE_WEIGHT * min(1.0, max(0.0, scaled))
        for p, point in enumerate(rubric.question.points):
            b = index[point.beat]
            affinity[clause, b] = max(affinity[clause, b], coverage.probabilities[p, window])
    for p, point in enumerate(rubric.question.points):
        if coverage.best[p] >= 0:
            window_of_point = answer.windows[coverage.best[p]]
            b = index[point.beat]
            for clause in range(window_of_point.first, window_of_point.last + 1):
                affinity[clause, b] = max(affinity[clause, b], coverage.probability(p))
    return affinity


def _ordered_gain(gains: Matrix) -> float:
    """The most affinity a monotonic alignment keeps: the beat of a clause never precedes the one before."""
    best = np.zeros(gains.shape[1])
    for row in gains:
        best = np.maximum.accumulate(best) + row
    return float(best.max())


def _score(
    beats: tuple[BeatResult, ...], alignment: Alignment, went_back: int, first: float | None, *, closes: bool
) -> float:
    told = [beat for beat in beats if beat.start_s is not None]
    if not told:
        return 0.0
    share_told = sum(beat.budget_s for beat in told) / sum(beat.budget_s for beat in beats)
    # Random order keeps about half of the affinity, so half counts as none.
    order = max(0.0, 2 * alignment.ordered_share - 1) if len(told) > 1 else 0.5
    if len(beats) == 1:
        order = 1.0  # one beat has no order that could be wrong
    over = sum(max(0.0, beat.spoken_s - 1.5 * beat.budget_s) for beat in told)
    spoken = sum(beat.spoken_s for beat in told)
    parts = {
        "told": share_told,
        "order": max(0.0, order - min(MOST_GOING_BACK, GOING_BACK * went_back)),
        "budget": 1 - min(1.0, over / spoken) if spoken else 0.0,
        "start": 1.0 if first is not None and first <= LATE_START_S else 0.0,
        "close": 1.0 if closes else 0.0,
    }
    # Order and close mean little when hardly anything was told.
    reach = min(1.0, 0.25 + share_told)
    return 100 * reach * sum(PART_WEIGHTS[name] * value for name, value in parts.items())
