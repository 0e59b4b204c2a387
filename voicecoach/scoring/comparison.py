"""Two takes of one question side by side: pure, like the judging itself.

"Before" is always the take that was recorded first, "after" the one that came later.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Literal

import numpy as np

from voicecoach.scoring.card import PointResult, PointState, Quote, ScoreCard
from voicecoach.scoring.coverage import CREDIT
from voicecoach.scoring.cutting import is_cut_version
from voicecoach.scoring.overall import own_scores
from voicecoach.scoring.text import tokens
from voicecoach.transcript import Transcript

MOVED_S = 3.0
"""A point that lands at least this much earlier or later has moved; less is the length of a clause or two."""

FEWEST_WORDS = 75
"""Words (30 s at 150 a minute) from which a wording counts as recited: definitions, which are shorter, are
meant to be said in the same exact words each time."""

RECITED, RECITED_BY_SPHINX = 0.6, 0.2
"""Share of words said alike from which two takes are nearly word for word the same.

The second where PocketSphinx heard one of them: it mishears one script differently each time. Measured by
`python -m benchmarks.retellings`; docs/judging.md has the figures.
"""

PointMove = Literal["gained", "lost", "wrong", "earlier", "later", "kept", "open"]


@dataclass(frozen=True, slots=True)
class Told:
    """One take: what was said, and what it scored."""

    transcript: Transcript
    card: ScoreCard


@dataclass(frozen=True, slots=True)
class PointChange:
    """One rubric point in both takes.

    Attributes:
        id: The point's id.
        label: What a person sees.
        move: "gained" and "lost": its share of the coverage rose or fell; "wrong": only the later take
            contradicts it; "earlier" and "later": told as well as before, MOVED_S or more apart; "kept": told
            as well, about as soon; "open": it earns nothing in either.
        before: Its state in the earlier take.
        after: Its state in the later take.
        before_s: When it was said; None where it was not.
        after_s: When it was said; None where it was not.
    """

    id: str
    label: str
    move: PointMove
    before: PointState
    after: PointState
    before_s: float | None
    after_s: float | None


@dataclass(frozen=True, slots=True)
class BeatChange:
    """Seconds spent on one beat of the structure in both takes, and those it should take."""

    id: str
    label: str
    before_s: float
    after_s: float
    budget_s: float


@dataclass(frozen=True, slots=True)
class Change:
    """One measure in both takes; None where it was not measured."""

    name: str
    before: float | None
    after: float | None


@dataclass(frozen=True, slots=True)
class Wording:
    """How alike the words are.

    Attributes:
        alike: Share of words said alike, 0..1; None where an answer is too short to tell.
        recited: Whether the two are nearly word for word the same: a memorised script. Never where the later
            take is the cut version of the earlier one, whose rest was to stay.
        longest: The longest run of the same words, as the later take says it; None where there is none.
        cut_version: Whether the later take was to be the earlier one without the sentences of its cut list.
    """

    alike: float | None
    recited: bool
    longest: Quote | None
    cut_version: bool = False


@dataclass(frozen=True, slots=True)
class TakeComparison:
    """Two takes side by side.

    Attributes:
        points: Points that both takes were judged on, in the later card's order.
        unshared: Labels of points that only one was judged on, because the rubric has changed in between.
        beats: In the later card's order.
        overall: 0..100.
        parts: 0..100 each, before reach: what each take's own card shows.
        duration_s: Of the answers, without silence at their ends, in seconds.
        pace: Words a minute; None for typed text.
        wording: How alike the words are.
    """

    points: tuple[PointChange, ...]
    unshared: tuple[str, ...]
    beats: tuple[BeatChange, ...]
    overall: Change
    parts: tuple[Change, ...]
    duration_s: Change
    pace: Change
    wording: Wording


def compare_takes(before: Told, after: Told) -> TakeComparison:
    """Put two takes of one question side by side, the earlier one first."""
    old, new = before.card, after.card
    then = {point.id: point for point in old.points}
    now = {point.id for point in new.points}
    unshared = [p.label for p in new.points if p.id not in then] + [
        p.label for p in old.points if p.id not in now
    ]
    wording = compare_wording(before.transcript, after.transcript)
    if is_cut_version(old, new):
        wording = replace(wording, recited=False, cut_version=True)
    return TakeComparison(
        points=tuple(_point(then[point.id], point) for point in new.points if point.id in then),
        unshared=tuple(unshared),
        beats=_beats(old, new),
        overall=Change("overall", old.overall, new.overall),
        parts=_parts(old, new),
        duration_s=Change("length", old.timing.duration_s, new.timing.duration_s),
        pace=Change("pace", _pace(old), _pace(new)),
        wording=wording,
    )


def compare_wording(before: Transcript, after: Transcript) -> Wording:
    """How much of two takes is word for word the same."""
    old, new = _bare_words(before), _bare_words(after)
    if min(len(old), len(new)) < FEWEST_WORDS:
        return Wording(None, recited=False, longest=None)
    said_then, said_now = [word for word, _ in old], [word for word, _ in new]
    alike = words_alike(said_then, said_now)
    match = SequenceMatcher(None, said_then, said_now, autojunk=False).find_longest_match()
    longest = None
    if match.size:
        words = after.words[new[match.b][1] : new[match.b + match.size - 1][1] + 1]
        longest = Quote(" ".join(word.text for word in words), words[0].start_s, words[-1].end_s)
    by_sphinx = "pocketsphinx" in (before.engine.name, after.engine.name)
    return Wording(alike, alike >= (RECITED_BY_SPHINX if by_sphinx else RECITED), longest)


def words_alike(before: Sequence[str], after: Sequence[str]) -> float:
    """Share of words that two texts have alike in order, 0..1.

    One minus the word-level Levenshtein distance over the longer text's words: what speech recognition calls
    word accuracy (one minus the word error rate), made symmetric.
    """
    longer = max(len(before), len(after))
    if not longer:
        return 0.0
    numbers = {word: number for number, word in enumerate(dict.fromkeys((*before, *after)))}
    old = np.array([numbers[word] for word in before], dtype=np.int64)
    steps = np.arange(len(old) + 1)
    row = steps.copy()
    for count, word in enumerate(after, 1):
        best = np.minimum(row[1:] + 1, row[:-1] + (old != numbers[word]))
        # A running minimum does the insertions along the row, each of which costs one.
        row = np.minimum.accumulate(np.concatenate(([count], best)) - steps) + steps
    return 1 - float(row[-1]) / longer


def _bare_words(transcript: Transcript) -> list[tuple[str, int]]:
    """Words without case, punctuation and filled pauses, each with its index in the transcript."""
    return [(bare, i) for i, word in enumerate(transcript.words) for bare in tokens(word.text)]


def _point(before: PointResult, after: PointResult) -> PointChange:
    return PointChange(
        after.id, after.label, _move(before, after), before.state, after.state, before.start_s, after.start_s
    )


def _move(before: PointResult, after: PointResult) -> PointMove:
    if after.state == "contradicted" and before.state != "contradicted":
        return "wrong"
    credit = CREDIT[after.state] - CREDIT[before.state]
    if credit:
        return "gained" if credit > 0 else "lost"
    if not CREDIT[after.state]:
        return "open"
    if before.start_s is None or after.start_s is None or abs(after.start_s - before.start_s) < MOVED_S:
        return "kept"
    return "earlier" if after.start_s < before.start_s else "later"


def _beats(old: ScoreCard, new: ScoreCard) -> tuple[BeatChange, ...]:
    spent = {beat.id: beat.spoken_s for beat in old.structure.beats}
    return tuple(
        BeatChange(beat.id, beat.label, spent[beat.id], beat.spoken_s, beat.budget_s)
        for beat in new.structure.beats
        if beat.id in spent
    )


def _parts(old: ScoreCard, new: ScoreCard) -> tuple[Change, ...]:
    then, now = own_scores(old), own_scores(new)
    names: Iterable[str] = dict.fromkeys((*now, *then))
    return tuple(Change(name, then.get(name), now.get(name)) for name in names)


def _pace(card: ScoreCard) -> float | None:
    """Typed text is timed at one pace for all, so it has none of its own."""
    return card.delivery.words_per_minute if card.engine.name != "text" else None
