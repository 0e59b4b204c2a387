"""The numbers that a person planned to say: what of them was not heard, or heard differently.

A statement without its numbers is half said, and so is one whose numbers were turned round ("from 71 to
62"), swapped with another's, said to fall where they rose, in another currency, or for another length of
time; one remark for the whole answer, a warning of the card, names them. Where there is room for doubt
nothing is made of it: of a statement that was not said at all (the points tell that), a number that was said
rounded, as a fraction or with another statement, a year, a length of time that was left out or said loosely
("18 months" is a year and a half), and a small whole number ("2 models" is "both models" to many).
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, combinations
from math import floor, isclose

from voicecoach.content.model import Point
from voicecoach.content.quantities import (
    Change,
    Move,
    Quantity,
    changes,
    fractions,
    is_year,
    moves,
    other_readings,
    quantities,
    read_together,
)
from voicecoach.scoring.card import PointResult, RaisedWarning
from voicecoach.scoring.clauses import Clause
from voicecoach.scoring.text import content_stems, stem, without_filled_pauses

RULE = "planned-numbers"
"""Id of the remark among the card's warnings."""

MISHEARS_NUMBERS = frozenset({"pocketsphinx"})
"""Of an answer that it heard nobody can tell which number was said."""

SMALL = 10
"""Whole numbers below this are planned and said in too many ways."""

DAYS = {
    unit + plural: days
    for unit, days in (
        ("minute", 1 / 1440),
        ("hour", 1 / 24),
        ("day", 1.0),
        ("week", 7.0),
        ("month", 30.44),
        ("year", 365.25),
    )
    for plural in ("", "s")
}
"""Lengths of time are said in one unit or another."""

NEARLY = 0.12
"""Two lengths of time that differ by no more are one: 60 days and two months."""

_UNITS = frozenset(map(stem, DAYS))

_LOOSE_TIME = re.compile(
    r"\b(?:half|quarter|couple|an?|one)\b[\w ]{0,12}\b(?:minute|hour|day|week|month|year)"
)
"""May be any length: "a year and a half"."""

_COSTS = re.compile(r"\bcost(?:s|ing)?\b", re.IGNORECASE)
_GONE = re.compile(
    r"\b(?:used to|until|no longer|any ?more|now (?:\w+ ){0,2}nothing|gone|stopped|went away"
    r"|before(?=$|[,.;:!?]| (?:(?:and )?now|i|we|you|he|she|it|they|that|this)\b))\b"
)
"""A cost that is gone is a saving; what was lost before tax is none."""

CURRENCIES = {"dollars": "$", "dollar": "$", "euros": "€", "euro": "€", "pounds": "£", "pound": "£"}

MOST_TOLD = 3
"""Numbers named in the remark; the rest are counted."""


@dataclass(frozen=True, slots=True)
class _Slip:
    """What a person planned to say of a point and did not.

    Attributes:
        point: Index of the point.
        planned: As it was written down.
        heard: What was said in its place; "" where nobody can tell.
    """

    point: int
    planned: str
    heard: str

    def told(self) -> str:
        """As the remark names it."""
        return f"{self.planned} (heard: {self.heard})" if self.heard else self.planned


@dataclass(frozen=True, slots=True)
class _Said:
    """The numbers of an answer.

    Attributes:
        numbers: Each with the clause that it begins in.
        readings: What two of them may be together: enough for a number, and no sign of another.
        fractions: Halves, quarters, "one in five": enough for a number, and no sign of another.
        changes: From one number to another, of the readings, too.
        moves: By which something rose or fell, was saved or lost, of the readings, too.
    """

    numbers: tuple[tuple[Quantity, Clause], ...]
    readings: tuple[Quantity, ...]
    fractions: tuple[Quantity, ...]
    changes: tuple[Change, ...]
    moves: tuple[Move, ...]

    def may_be(self, number: Quantity) -> bool:
        """Whether a number was said."""
        return any(number.may_be(heard) for heard in (*(each for each, _ in self.numbers), *self.readings))

    def numbers_within(self, result: PointResult) -> list[tuple[Quantity, Clause]]:
        """The numbers of the words that say a point."""
        start_s, end_s = result.start_s, result.end_s
        assert start_s is not None and end_s is not None  # noqa: S101, PT018 - it was said
        return [
            (number, clause)
            for number, clause in self.numbers
            if clause.start_s < end_s and clause.end_s > start_s
        ]

    def within(self, result: PointResult) -> list[Quantity]:
        """The same without their clauses."""
        return [number for number, _ in self.numbers_within(result)]


def number_remarks(
    points: Sequence[Point], results: Sequence[PointResult], clauses: Sequence[Clause], engine: str
) -> tuple[RaisedWarning, ...]:
    """The remark on planned numbers, or none.

    Args:
        points: Of the question; only those with a statement of the person's own count.
        results: The judged points, in the same order.
        clauses: The answer.
        engine: Who heard it.
    """
    slips = _slips(points, results, clauses, engine)
    if not slips:
        return ()
    told = [slip.told() for slip in slips]
    first = results[slips[0].point]
    assert first.start_s is not None and first.end_s is not None  # noqa: S101, PT018 - it was said
    more = f" and {len(told) - MOST_TOLD} more" if len(told) > MOST_TOLD else ""
    message = f"Not heard as you planned: {_listed(told[:MOST_TOLD])}{more}. Say your numbers exactly."
    return (RaisedWarning(RULE, message, first.quote, first.start_s, first.end_s),)


def without_numbers_half_said(
    points: Sequence[Point], results: Sequence[PointResult], clauses: Sequence[Clause], engine: str
) -> tuple[PointResult, ...]:
    """The judged points, those partly covered that were covered but for a number of the person's own.

    Args:
        points: Of the question; only those with a statement of the person's own count.
        results: The judged points, in the same order.
        clauses: The answer.
        engine: Who heard it.
    """
    slipped = {slip.point for slip in _slips(points, results, clauses, engine)}
    return tuple(
        replace(result, state="partly") if result.state == "covered" and i in slipped else result
        for i, result in enumerate(results)
    )


def planned_numbers(statement: str) -> tuple[Quantity, ...]:
    """The numbers of a statement that should be said as they are."""
    return tuple(each for each in quantities(statement) if _is_definite(each))


def _slips(
    points: Sequence[Point], results: Sequence[PointResult], clauses: Sequence[Clause], engine: str
) -> list[_Slip]:
    """What went wrong with the planned numbers of the points that were said, in their order."""
    if engine in MISHEARS_NUMBERS or not any(point.statement for point in points):
        return []
    said = _said(clauses)
    told = [
        i
        for i, result in enumerate(results)
        if points[i].statement
        and result.state in ("covered", "partly")
        and result.start_s is not None
        and result.end_s is not None
    ]
    planned = [number for point in points for number in planned_numbers(point.statement)]
    slips = [
        slip
        for i in told
        for slip in (
            *_lacking(i, points[i], results[i], said, planned),
            *_otherwise_long(i, points, results[i], said),
            *_turned(i, points[i], said),
            *_moved_back(i, points[i], results[i], said),
            *_in_other_money(i, points[i], said),
        )
    ]
    for one, other in combinations(told, 2):
        slips += _swapped(one, other, points, results, said)
    return sorted(slips, key=lambda slip: slip.point)


def _lacking(
    i: int, point: Point, result: PointResult, said: _Said, planned: Sequence[Quantity]
) -> list[_Slip]:
    """The numbers of a point's statement that were said nowhere; `planned` are those of all points."""
    lacking = [
        number
        for number in planned_numbers(point.statement)
        if not said.may_be(number) and not any(_may_be_said_as(number, heard) for heard in said.fractions)
    ]
    strays = [heard for heard in said.within(result) if not any(heard.may_be(number) for number in planned)]
    slips = []
    for number in lacking:
        alike = [stray for stray in strays if _same_unit(number, stray)]
        is_clear = len(alike) == 1 and len(lacking) == 1
        slips.append(_Slip(i, number.text, alike[0].text if is_clear else ""))
    return slips


def _turned(i: int, point: Point, said: _Said) -> list[_Slip]:
    """The changes of a point's statement that were told the other way round, and nowhere as they are."""
    slips = []
    for change in changes(point.statement):
        back = change.reversed()
        turned = [heard for heard in said.changes if heard.may_be(back)]
        if turned and not change.may_be(back) and not any(heard.may_be(change) for heard in said.changes):
            slips.append(_Slip(i, _from_to(change), _from_to(turned[0])))
    return slips


def _otherwise_long(i: int, points: Sequence[Point], result: PointResult, said: _Said) -> list[_Slip]:
    """The lengths of time of a statement for which another was said: of another count, or in another unit."""
    if _LOOSE_TIME.search(result.quote.lower()):
        return []
    statement = points[i].statement
    every = [length for point in points for length in _lengths(quantities(point.statement))]
    words = frozenset(content_stems(statement)) - _UNITS
    strays = [
        stray
        for stray, clause in said.numbers_within(result)
        if stray.unit in DAYS
        and words & frozenset(content_stems(clause.text))
        and not any(stray.unit == length.unit and _is_as_long(stray, length) for length in every)
    ]
    slips = []
    for length in _lengths(quantities(statement)):
        others = [
            other for other in strays if stem(other.unit) == stem(length.unit) or other.value == length.value
        ]
        heard = (*(number for number, _ in said.numbers), *said.readings)
        if others and not any(_may_be_as_long(each, length) for each in heard):
            slips.append(_Slip(i, f"{length.text} {length.unit}", f"{others[0].text} {others[0].unit}"))
    return slips


def _lengths(numbers: Sequence[Quantity]) -> list[Quantity]:
    return [number for number in numbers if number.unit in DAYS and not number.is_percent]


def _may_be_as_long(heard: Quantity, length: Quantity) -> bool:
    """Whether it is, where the unit may have been left out: "five hours, it was nine"."""
    return _is_as_long(heard, length) if heard.unit in DAYS else heard.may_be(length)


def _is_as_long(one: Quantity, other: Quantity) -> bool:
    return isclose(one.value * DAYS[one.unit], other.value * DAYS[other.unit], rel_tol=NEARLY)


def _moved_back(i: int, point: Point, result: PointResult, said: _Said) -> list[_Slip]:
    """What rose in a statement and was said to fall by as much, and the like."""
    is_gone = bool(_GONE.search(result.quote.lower()))
    slips = []
    for move in (move for move in moves(point.statement) if _is_definite(move.number)):
        alike = [
            heard for heard in said.moves if heard.axis == move.axis and heard.number.may_be(move.number)
        ]
        back = [heard for heard in alike if heard.way != move.way and not (is_gone and _is_cost(heard))]
        if back and len(back) == len(alike):
            slips.append(_Slip(i, move.text, back[0].text))
    return slips


def _is_cost(move: Move) -> bool:
    return move.axis == "money" and bool(_COSTS.search(move.text))


def _in_other_money(i: int, point: Point, said: _Said) -> list[_Slip]:
    """The amounts of a statement that were said in another currency only."""
    slips = []
    for amount in planned_numbers(point.statement):
        alike = [heard for heard, _ in said.numbers if heard.may_be(amount)]
        money, others = _money(amount), {_money(heard) for heard in alike}
        if money and others and None not in others and money not in others:
            slips.append(_Slip(i, _with_money(amount), _with_money(alike[0])))
    return slips


def _money(amount: Quantity) -> str | None:
    return CURRENCIES.get(amount.unit) or (amount.text[0] if amount.text[0] in CURRENCIES.values() else None)


def _with_money(amount: Quantity) -> str:
    return f"{amount.text} {amount.unit}" if amount.unit in CURRENCIES else amount.text


def _from_to(change: Change) -> str:
    return f"{change.before.text} to {change.after.text}"


def _swapped(
    one: int, other: int, points: Sequence[Point], results: Sequence[PointResult], said: _Said
) -> list[_Slip]:
    """Two numbers of which each was said where the other belongs."""
    heard_of_one, heard_of_other = said.within(results[one]), said.within(results[other])
    of_one, of_other = planned_numbers(points[one].statement), planned_numbers(points[other].statement)
    slips = []
    for a in of_one:
        for b in of_other:
            a_there, b_here = _among(a, heard_of_other), _among(b, heard_of_one)
            is_swapped = a_there and b_here and not _among(a, heard_of_one) and not _among(b, heard_of_other)
            if is_swapped and not _among(a, of_other) and not _among(b, of_one):
                slips += [_Slip(one, a.text, b_here[0].text), _Slip(other, b.text, a_there[0].text)]
    return slips


def _among(number: Quantity, others: Sequence[Quantity]) -> list[Quantity]:
    return [other for other in others if number.may_be(other)]


def _is_definite(number: Quantity) -> bool:
    whole = float(number.value).is_integer()
    if number.is_percent or not whole:
        return True
    if number.unit in DAYS:
        return False
    return number.value >= SMALL and not is_year(number)


def _may_be_said_as(number: Quantity, fraction: Quantity) -> bool:
    """Whether a fraction may stand for it: for a share any, for 0.5 of something half a second, too."""
    is_share = number.is_percent or 0 < number.value < 1
    if not is_share or (number.is_percent and not fraction.is_percent):
        return False
    # Two thirds are 67 percent to some and 66 to others.
    share = number.value if number.is_percent else 100 * number.value
    return number.may_be(fraction) or (fraction.is_percent and floor(fraction.value) == share)


def _said(clauses: Sequence[Clause]) -> _Said:
    """The numbers of an answer; a pause may have cut one in two, or an "um"."""
    texts = without_filled_pauses([clause.text for clause in clauses])
    text = " ".join(texts)
    ends = list(accumulate(len(each) + 1 for each in texts))
    numbers = tuple((number, clauses[bisect_right(ends, number.start)]) for number in quantities(text))
    readings, told, moved = other_readings(text), changes(text), moves(text)
    if readings:
        together = read_together(text)
        told, moved = (*told, *changes(text, together)), (*moved, *moves(text, together))
    return _Said(numbers, readings, fractions(text), told, moved)


def _same_unit(one: Quantity, other: Quantity) -> bool:
    """Whether they count the same: both percentages, or the same word behind them."""
    if one.is_percent or other.is_percent:
        return one.is_percent and other.is_percent
    return bool(one.unit) and stem(one.unit) == stem(other.unit)


def _listed(texts: Sequence[str]) -> str:
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}"
