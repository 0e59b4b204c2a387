"""The numbers that a person planned to say: what of them was not heard, or heard differently.

A statement without its numbers is half said, and one remark for the whole answer, a warning of the card,
names them. Where there is room for doubt nothing is made of it: of a statement that was not said at all (the
points tell that), a number that was said rounded, as a fraction or with another statement, a year, a length
of time ("18 months" is a year and a half), and a small whole number ("2 models" is "both models" to many).
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate

from voicecoach.content.model import Point
from voicecoach.content.quantities import FIRST_YEAR, LAST_YEAR, Quantity, quantities
from voicecoach.scoring.card import PointResult, RaisedWarning
from voicecoach.scoring.clauses import Clause
from voicecoach.scoring.text import stem

RULE = "planned-numbers"
"""Id of the remark among the card's warnings."""

MISHEARS_NUMBERS = frozenset({"pocketsphinx"})
"""Of an answer that it heard nobody can tell which number was said."""

SMALL = 10
"""Whole numbers below this are planned and said in too many ways."""

DURATIONS = frozenset(
    {"day", "days", "week", "weeks", "month", "months", "year", "years", "hour", "hours", "minutes"}
)
"""Said in one unit or another."""

MOST_TOLD = 3
"""Numbers named in the remark; the rest are counted."""


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
    said = _numbers_said(points, clauses, engine)
    if said is None:
        return ()
    planned = [number for point in points for number in planned_numbers(point.statement)]
    told: list[str] = []
    first: PointResult | None = None
    for point, result in zip(points, results, strict=True):
        if result.state not in ("covered", "partly") or result.start_s is None or result.end_s is None:
            continue
        lacking = _lacking(point, said)
        start_s, end_s = result.start_s, result.end_s
        within = [heard for heard, clause in said if clause.start_s < end_s and clause.end_s > start_s]
        strays = [heard for heard in within if not any(heard.may_be(number) for number in planned)]
        for number in lacking:
            alike = [stray for stray in strays if _same_unit(number, stray)]
            heard = f" (heard: {alike[0].text})" if len(alike) == 1 and len(lacking) == 1 else ""
            told.append(f"{number.text}{heard}")
            first = first or result
    if first is None or first.start_s is None or first.end_s is None:
        return ()
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
    said = _numbers_said(points, clauses, engine)
    if said is None:
        return tuple(results)
    return tuple(
        replace(result, state="partly") if result.state == "covered" and _lacking(point, said) else result
        for point, result in zip(points, results, strict=True)
    )


def planned_numbers(statement: str) -> tuple[Quantity, ...]:
    """The numbers of a statement that should be said as they are."""
    return tuple(each for each in quantities(statement) if _is_definite(each))


def _numbers_said(
    points: Sequence[Point], clauses: Sequence[Clause], engine: str
) -> tuple[tuple[Quantity, Clause], ...] | None:
    """The numbers of an answer; None where none was planned or nobody can tell which was said."""
    if engine in MISHEARS_NUMBERS or not any(point.statement for point in points):
        return None
    return tuple(_said(clauses))


def _lacking(point: Point, said: Sequence[tuple[Quantity, Clause]]) -> list[Quantity]:
    """The numbers of a point's statement that were said nowhere."""
    return [
        number
        for number in planned_numbers(point.statement)
        if not any(number.may_be(heard) for heard, _ in said)
    ]


def _is_definite(number: Quantity) -> bool:
    whole = float(number.value).is_integer()
    if number.is_percent or not whole:
        return True
    if number.unit in DURATIONS:
        return False
    return number.value >= SMALL and not FIRST_YEAR <= number.value <= LAST_YEAR


def _said(clauses: Sequence[Clause]) -> Iterator[tuple[Quantity, Clause]]:
    """Every number with the clause it begins in; a pause may have cut one in two."""
    ends = list(accumulate(len(clause.text) + 1 for clause in clauses))
    for quantity in quantities(" ".join(clause.text for clause in clauses)):
        yield quantity, clauses[bisect_right(ends, quantity.start)]


def _same_unit(one: Quantity, other: Quantity) -> bool:
    """Whether they count the same: both percentages, or the same word behind them."""
    if one.is_percent or other.is_percent:
        return one.is_percent and other.is_percent
    return bool(one.unit) and stem(one.unit) == stem(other.unit)


def _listed(texts: Sequence[str]) -> str:
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}"
