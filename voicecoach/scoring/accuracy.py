"""What was wrong: a margin between a point's contrasts and its right phrasings, with an unsure band.

A bare similarity to a wrong statement proves nothing, since right and wrong share most of their words. Per
clause or pair of clauses four numbers are added:
  meaning   cosine to the nearest wording of the contrast, minus that to the nearest right phrasing of any
            point of the question, or to the nearest of what people say besides
  wording   log-odds of its words and word pairs in the contrast's wordings against the point's right ones,
            per word: "of the predicted" against "of the actual", "not" against nothing
  words     share of a contrast wording's content words, the question's own aside, that the clause says: vague
            talk on the topic is near every statement about it and shares no words with any
  reading   log-odds that it contradicts the point, by a small network that reads it word by word beside its
            nearest right and wrong wordings (`scoring/close_reading.py`)
Where a point and a contrast take shares of different wholes (`scoring/shares.py`), wordings of another whole
than the clause's are left out of the first three, and so is a contrast that the clause points against
(`scoring/claims.py`). A clause whose words lean to the point's side, beside all that contradicts it, is
cleared. A clause that turns its point around is shown to check even where it is near no
contrast; it is called wrong only where the numbers make it suspicious, too.
A false accusation costs more than a miss: between the thresholds `check` and `accuse` the clause is shown to
look at, as no verdict. They are set on the labelled answers so that few right answers are touched;
`benchmarks/judging.py` prints how many are.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from math import log

import numpy as np

from voicecoach.content.model import Point, Question
from voicecoach.scoring.card import Accuracy, Contradiction, PointResult, Ruled, Verdict
from voicecoach.scoring.claims import against
from voicecoach.scoring.clauses import Window
from voicecoach.scoring.close_reading import leaning
from voicecoach.scoring.coverage import Coverage, asked_stems
from voicecoach.scoring.evidence import Answer, Direction, Rubric, Statements, Terms
from voicecoach.scoring.shares import Whole, names_it, other
from voicecoach.scoring.text import stem, tokens
from voicecoach.scoring.thresholds import SHIPPED

WORDING_WEIGHT = 0.15
"""What a unit of log-odds weighs beside a unit of cosine."""

WORDS_WEIGHT = 0.2
"""What saying all of a contrast's words weighs beside a unit of cosine."""

CLEARLY_WRONG_WORDS = 0.4
"""Log-odds from which words lean so far to the wrong side that only a whole right wording clears them."""

CLEARLY_RIGHT_WORDS = -0.25
"""Log-odds, beside all that contradicts a point, up to which words clear a clause of any one contrast."""

WHOLE_WORDING = 0.8
"""Share of a wording's words and pairs from which it was said as a whole: many are like it in part."""

IN_DEFINITIONS = 0.08
"""What is taken off in a definition, whose right and wrong wordings differ by little."""

SHARED_WORDS = 2
"""At least so many content words of one contrast wording must have been said."""

MIXED_UP = 0.25
"""What it adds that a clause takes its share of another whole than every right phrasing does."""

TURNED = 0.14
"""What it adds that a suspicious clause turns its point around."""

DOUBTED = (SHIPPED.check + SHIPPED.accuse) / 2
"""The margin of a clause that turns its point around and is near no contrast: it is shown to check."""

NEAREST_TURNED = 0.6
"""From this cosine on a clause that turns a point around is about it, where no other point is nearer."""

READING_WEIGHT = 0.06
"""What a unit of log-odds of a close reading weighs beside a unit of cosine."""

SMOOTHING = 0.3
"""Added to each count, so that a word seen on one side only is no proof by itself."""

_UNIMPORTANT = frozenset("the a an is are that it so and i you we be to".split())


@dataclass(frozen=True, slots=True)
class Suspicion:
    """The most suspicious window for one contrast; for None it turns the point itself around."""

    point: int
    contrast: int | None
    window: int
    margin: float


class WordOdds:
    """How words and word pairs tell a contrast from its point.

    Args:
        right: The point's phrasings.
        wrong: The contrast's wordings.
    """

    def __init__(self, right: tuple[str, ...], wrong: tuple[str, ...]) -> None:
        self._right = Counter(gram for text in right for gram in _grams(text))
        self._wrong = Counter(gram for text in wrong for gram in _grams(text))
        self._right_total = len(right) + 2 * SMOOTHING
        self._wrong_total = len(wrong) + 2 * SMOOTHING

    def of(self, text: str) -> float:
        """Mean log-odds of a text's words and pairs that either side knows; above 0 leans to wrong."""
        known = [gram for gram in _grams(text) if gram in self._right or gram in self._wrong]
        odds = [
            log((self._wrong[gram] + SMOOTHING) / self._wrong_total)
            - log((self._right[gram] + SMOOTHING) / self._right_total)
            for gram in known
        ]
        # Two pseudo-words of even odds keep a single known word from deciding.
        return sum(odds) / (len(odds) + 2)


@lru_cache(maxsize=64)
def _odds(right: tuple[str, ...], wrong: tuple[str, ...]) -> WordOdds:
    """Counted once for several answers to one question."""
    return WordOdds(right, wrong)


def suspicions(rubric: Rubric, answer: Answer, least: float) -> tuple[Suspicion, ...]:
    """Per contrast its most suspicious window, those of at least this margin."""
    lies = leaning(rubric, answer)
    if lies is None:
        return ()
    asked = asked_stems(rubric.question)
    said = [frozenset(answer.stems[i]) - asked for i in lies.windows]
    spoken = answer.vectors[list(lies.windows)]
    found = []
    for p, contrasts in enumerate(rubric.contrasts):
        turned = np.array([against(each.claims, rubric.claims[p]) for each in lies.directions], bool)
        for c, wrong in enumerate(contrasts):
            meaning, close = lies.meaning[p][c], lies.close[p][c]
            wordings = [frozenset(stems) - asked for stems in wrong.stems]
            ways = {lies.directions[k] for k in close}
            tellings = {each: _telling(rubric, p, wrong, each) for each in ways}
            margins = []
            for k in close:
                window = lies.windows[k]
                shared, recall = _overlap(said[k], wordings)
                wording = _by_wording(rubric, answer, window, tellings[lies.directions[k]], shared)
                if wording is not None:
                    reading = READING_WEIGHT * _contradiction(answer, p, window)
                    margin = float(meaning[k]) + (WORDS_WEIGHT * recall + wording) + reading
                    agrees = turned[k] and margin >= SHIPPED.check
                    margins.append((margin + TURNED if agrees else margin, window))
            if margins and max(margins)[0] >= least:
                margin, window_index = max(margins)
                found.append(Suspicion(p, c, window_index, margin))
        if least <= DOUBTED and not any(suspicion.point == p for suspicion in found):
            # About the point is what is near to it, and nearer than to any other.
            near = np.where(turned, (spoken @ rubric.points[p].vectors.T).max(axis=1), 0.0)
            near[near < np.maximum(NEAREST_TURNED, lies.right)] = 0.0
            if near.any():
                found.append(Suspicion(p, None, lies.windows[int(np.argmax(near))], DOUBTED))
    return tuple(found)


def _contradiction(answer: Answer, point: int, window: int) -> float:
    """Log-odds that a window contradicts a point, by a close reading; 0 where nobody has read it.

    Nor does it count where the words say what a share is taken of: formulas in single letters are beyond it.
    """
    reading = answer.readings.get((point, window))
    if reading is None or answer.directions[window].whole is not None:
        return 0.0
    return reading.contradiction


@dataclass(frozen=True, slots=True)
class _Telling:
    """The wordings on both sides that a clause is not opposed to word by word.

    Attributes:
        rights: Of the point.
        wrongs: Of one contrast.
        odds: Of these two.
        of_point: Of all the point's wordings, and of all that contradicts it.
    """

    rights: tuple[str, ...]
    wrongs: tuple[str, ...]
    odds: WordOdds
    of_point: WordOdds


def _telling(rubric: Rubric, point: int, wrong: Statements, direction: Direction) -> _Telling:
    right = rubric.points[point]
    rights, wrongs = _that_may_say(right, direction), _that_may_say(wrong, direction)
    every_wrong = tuple(text for contrast in rubric.contrasts[point] for text in contrast.texts)
    return _Telling(rights, wrongs, _odds(rights, wrongs), _odds(right.texts, every_wrong))


def _overlap(said: frozenset[str], wordings: Sequence[frozenset[str]]) -> tuple[int, float]:
    """How many words of a wording were said at most, and which share of one at most."""
    return (
        max(len(said & wording) for wording in wordings),
        max((len(said & wording) / len(wording) for wording in wordings if wording), default=0.0),
    )


def _by_wording(rubric: Rubric, answer: Answer, window: int, telling: _Telling, shared: int) -> float | None:
    """What a window's wording adds to the margin for one contrast; None where it clears it of suspicion."""
    text, whole = answer.windows[window].text, answer.directions[window].whole
    if telling.wrongs and not telling.rights:
        is_mix_up = _is_one_sentence(answer, answer.windows[window]) and _mixes_up(text, whole, rubric)
        return MIXED_UP if is_mix_up else None
    if not telling.wrongs or shared < SHARED_WORDS:
        return None
    odds = telling.odds.of(text)
    right, wrong = _held(text, telling.rights), _held(text, telling.wrongs)
    if right > wrong and (odds < CLEARLY_WRONG_WORDS or right >= WHOLE_WORDING):
        return None
    if telling.of_point.of(text) <= CLEARLY_RIGHT_WORDS:
        return None
    return WORDING_WEIGHT * odds - (IN_DEFINITIONS if rubric.question.is_definition else 0.0)


def judge_accuracy(
    rubric: Rubric,
    answer: Answer,
    coverage: Coverage,
    reading: tuple[PointResult, ...],
    terms: Terms,
) -> Accuracy:
    """Contradictions and what to check, one per stretch of the answer, with the verdict.

    Args:
        rubric: The question's rubric.
        answer: The answer.
        coverage: Where each point was said, if it was.
        reading: The points without regard to contradictions.
        terms: What is called wrong, and what is shown to check. Of points whose state the speaker knows
            nothing is suspected that the speaker does not call wrong.
    """
    accused: list[Contradiction] = []
    check: list[Contradiction] = []
    taken: set[int] = set()
    ruled, accuse = terms.ruled, terms.thresholds.accuse
    for suspicion in sorted(suspicions(rubric, answer, terms.thresholds.check), key=lambda s: -s.margin):
        window = answer.windows[suspicion.window]
        point = rubric.question.points[suspicion.point]
        clauses = set(range(window.first, window.last + 1))
        if clauses & taken or ruled.get(point.id, "contradicted") != "contradicted":
            continue
        taken |= clauses
        contrast = suspicion.contrast
        why = _is_right(point) if contrast is None else point.contrasts[contrast].why
        note = Contradiction(point.id, window.text, window.start_s, window.end_s, why, suspicion.margin)
        is_wrong = suspicion.margin >= accuse or point.id in ruled
        (accused if is_wrong else check).append(note)
    accused += _admitted(rubric, answer, coverage, ruled, {note.point for note in accused})
    ordered = tuple(sorted(accused, key=lambda n: n.start_s))
    to_check = tuple(sorted(check, key=lambda n: n.start_s))
    return Accuracy(_verdict(rubric.question, ordered, to_check, reading), ordered, to_check)


def _admitted(
    rubric: Rubric, answer: Answer, coverage: Coverage, ruled: Mapping[str, Ruled], told: set[str]
) -> list[Contradiction]:
    """What the speaker calls wrong and the judge did not suspect: the words nearest to the point."""
    admitted = []
    for point, best in zip(rubric.question.points, coverage.best, strict=True):
        if ruled.get(point.id) == "contradicted" and point.id not in told and best >= 0:
            window = answer.windows[best]
            why = f"You call this wrong yourself. {_is_right(point)}"
            admitted.append(Contradiction(point.id, window.text, window.start_s, window.end_s, why))
    return admitted


def _is_right(point: Point) -> str:
    return f"Right is, for instance: “{point.phrasings[0]}”."


def contradicted_points(accuracy: Accuracy, points: tuple[PointResult, ...]) -> dict[str, Contradiction]:
    """By id the points that were contradicted and not also said rightly somewhere else."""
    wrong: dict[str, Contradiction] = {}
    for note in accuracy.contradictions:
        point = next(p for p in points if p.id == note.point)
        said_elsewhere = (
            point.state == "covered"
            and point.start_s is not None
            and point.end_s is not None
            and (point.end_s <= note.start_s or point.start_s >= note.end_s)
        )
        if not said_elsewhere:
            wrong.setdefault(note.point, note)
    return wrong


def doubted(points: tuple[PointResult, ...], accuracy: Accuracy) -> tuple[PointResult, ...]:
    """The points, with "unsure" for one that was said only in words which are themselves to check."""
    return tuple(
        replace(point, state="unsure")
        if point.state in ("covered", "partly") and any(_rests_on(point, note) for note in accuracy.check)
        else point
        for point in points
    )


def _rests_on(point: PointResult, note: Contradiction) -> bool:
    """Whether a point was said in the very stretch that contradicts it."""
    if point.id != note.point or point.start_s is None or point.end_s is None:
        return False
    return point.start_s < note.end_s and note.start_s < point.end_s


def _verdict(
    question: Question,
    wrong: tuple[Contradiction, ...],
    check: tuple[Contradiction, ...],
    reading: tuple[PointResult, ...],
) -> Verdict:
    """A definition stands or falls with its weightiest point; a long answer with a third of its rubric."""
    if wrong:
        return "wrong"
    if check:
        return "unsure"
    if question.is_definition:
        match max(reading, key=lambda p: p.weight).state:
            case "covered":
                return "right"
            case "partly":
                return "unsure"
            case _:
                return "vague"
    total = sum(p.weight for p in reading)
    share = sum(p.weight for p in reading if p.state == "covered") / total
    return "right" if share >= 1 / 3 else "vague"


def _is_one_sentence(answer: Answer, window: Window) -> bool:
    return not any(clause.ends_sentence for clause in answer.clauses[window.first : window.last])


def _mixes_up(text: str, whole: Whole | None, rubric: Rubric) -> bool:
    """Whether a share of this whole is told of the wrong term: not where the right one is named or asked."""
    if whole is None or names_it(text, whole):
        return False
    is_asked_for = any(whole in point.wholes for point in rubric.points + rubric.beside)
    return not is_asked_for or names_it(text, other(whole))


def _that_may_say(statements: Statements, direction: Direction) -> tuple[str, ...]:
    """The wordings that what is said is not opposed to."""
    opposed = statements.opposed_to([direction])[0]
    return tuple(text for text, is_opposed in zip(statements.texts, opposed, strict=True) if not is_opposed)


def _held(text: str, wordings: tuple[str, ...]) -> float:
    """Share of a wording's words and pairs of words that a text holds, of the one that it holds most of."""
    said = _grams(text)
    return max(len(said & _grams(wording)) / max(1, len(_grams(wording))) for wording in wordings)


@lru_cache(maxsize=16_384)
def _grams(text: str) -> frozenset[str]:
    """Stems of a text, and pairs of stems at most one word apart."""
    words = [stem(token) for token in tokens(text) if token not in _UNIMPORTANT]
    next_to = {f"{a} {b}" for a, b in pairwise(words)}
    one_apart = {f"{a} . {b}" for a, b in zip(words, words[2:], strict=False)}
    return frozenset(words) | next_to | one_apart
