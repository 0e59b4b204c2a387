"""The errors behind the figures: for each that has a target, the few that tell most. Pure, as they are."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from voicecoach.practice.evaluation.figures import (
    ECE_BINS,
    OVERALL_ORDER,
    PLAIN,
    bins_of,
    groups_of,
    pairs_of,
)
from voicecoach.practice.evaluation.outcomes import Outcome, PointOutcome
from voicecoach.scoring.card import PointResult

MOST = 5
"""How many errors are told of a figure."""


@dataclass(frozen=True, slots=True)
class TellingError:
    """Something that the judge got wrong.

    Attributes:
        where: The question and how the answer was written.
        what: What the labels say, and what the judge says.
        quote: The words it is about; empty where it is about none in particular.
    """

    where: str
    what: str
    quote: str


@dataclass(frozen=True, slots=True)
class ErrorsBehind:
    """What keeps some figures from being better.

    Attributes:
        figures: Names of figures that have a target.
        group: Which part of the set; empty for what is measured on all of it.
        errors: At most MOST, the worst first and no question twice.
    """

    figures: tuple[str, ...]
    group: str
    errors: tuple[TellingError, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    """An error with what it is ranked by: the higher, the worse."""

    worse: float
    question: str
    error: TellingError


_Look = Callable[[Sequence[Outcome]], Iterable[_Found]]


def errors_behind(
    outcomes: Sequence[Outcome], misheard: Sequence[Sequence[PointResult]]
) -> tuple[ErrorsBehind, ...]:
    """The worst errors behind each figure that has a target, but for times.

    Args:
        outcomes: What the judge made of each answer.
        misheard: Of the same answers with word errors, the points as judged then.
    """
    found = [
        ErrorsBehind(figures, name, _worst(look(chosen)))
        for name, chosen in groups_of(outcomes)
        for figures, look in _LOOKS
    ]
    return (*found, ErrorsBehind(("flipped_misheard",), "", _worst(_flipped(outcomes, misheard))))


def _worst(found: Iterable[_Found]) -> tuple[TellingError, ...]:
    chosen: dict[str, TellingError] = {}
    for each in sorted(found, key=lambda each: -each.worse):
        chosen.setdefault(each.question, each.error)
    return tuple(chosen.values())[:MOST]


def _misjudged(outcomes: Sequence[Outcome]) -> Iterable[_Found]:
    """Points whose verdict is not their label's, worst where the judge was surest."""
    for outcome in outcomes:
        for point in outcome.points:
            if point.is_clear and point.is_covered != point.is_said:
                worse = point.probability if point.is_covered else 1 - point.probability
                yield _of_point(worse, outcome, point)


def _misjudged_plain(outcomes: Sequence[Outcome]) -> Iterable[_Found]:
    return _misjudged([outcome for outcome in outcomes if outcome.style == PLAIN])


def _miscalibrated(outcomes: Sequence[Outcome]) -> Iterable[_Found]:
    """Bins in which more or less was said than the probabilities have it."""
    clear = [point for outcome in outcomes for point in outcome.points if point.is_clear]
    probabilities = np.array([point.probability for point in clear])
    said = np.array([point.is_said for point in clear], bool)
    bins = bins_of(probabilities)
    for each in np.unique(bins):
        inside = bins == each
        mean, share = float(probabilities[inside].mean()), float(said[inside].mean())
        where = f"probability {each / ECE_BINS:.1f} to {(each + 1) / ECE_BINS:.1f}"
        what = f"{inside.sum()} points, {mean:.2f} on average; said: {share:.0%}"
        yield _Found(abs(mean - share) * float(inside.sum()), where, TellingError(where, what, ""))


def _not_judged_right(outcomes: Sequence[Outcome]) -> Iterable[_Found]:
    for outcome in outcomes:
        if outcome.is_definition and outcome.is_right and outcome.verdict != "right":
            main = outcome.points[outcome.main]
            yield _of_verdict(1 - main.probability, outcome, main)


def _called_wrong(outcomes: Sequence[Outcome]) -> Iterable[_Found]:
    for outcome in outcomes:
        if outcome.is_definition and outcome.is_right and outcome.verdict == "wrong":
            yield from _accusations(outcome)


def _called_right(outcomes: Sequence[Outcome]) -> Iterable[_Found]:
    for outcome in outcomes:
        if outcome.is_definition and outcome.contradicts and outcome.verdict == "right":
            worst = _surest(outcome)
            yield _of_verdict(worst.probability, outcome, worst)


def _not_found(outcomes: Sequence[Outcome]) -> Iterable[_Found]:
    for outcome in outcomes:
        if not outcome.is_definition and outcome.contradicts and not outcome.accusations:
            worst = _surest(outcome)
            yield _of_point(worst.probability, outcome, worst)


def _strong_accused(outcomes: Sequence[Outcome]) -> Iterable[_Found]:
    for outcome in outcomes:
        if outcome.style == OVERALL_ORDER[0] and not outcome.contradicts:
            yield from _accusations(outcome)


def _out_of_order(outcomes: Sequence[Outcome]) -> Iterable[_Found]:
    for i, better in enumerate(OVERALL_ORDER):
        for worse in OVERALL_ORDER[i + 1 :]:
            yield from _wrong_way_round(outcomes, better, worse, lambda each: each.overall)


def _unstructured(outcomes: Sequence[Outcome]) -> Iterable[_Found]:
    return _wrong_way_round(outcomes, "strong", "disordered", lambda each: each.structure)


def _unrambling(outcomes: Sequence[Outcome]) -> Iterable[_Found]:
    return _wrong_way_round(outcomes, "partial", "rambling", lambda each: each.rambling)


_LOOKS: tuple[tuple[tuple[str, ...], _Look], ...] = (
    (("f1", "kappa"), _misjudged),
    (("f1_plain",), _misjudged_plain),
    (("calibration_error",), _miscalibrated),
    (("right_judged_right",), _not_judged_right),
    (("right_called_wrong",), _called_wrong),
    (("wrong_called_right",), _called_right),
    (("contradiction_found",), _not_found),
    (("strong_accused",), _strong_accused),
    (("order_overall",), _out_of_order),
    (("order_structure",), _unstructured),
    (("order_rambling",), _unrambling),
)


def _flipped(outcomes: Sequence[Outcome], misheard: Sequence[Sequence[PointResult]]) -> Iterable[_Found]:
    for outcome, heard in zip(outcomes, misheard, strict=True):
        for before, after in zip(outcome.points, heard, strict=True):
            if before.is_covered != (after.state == "covered"):
                what = (
                    f"{before.id}: {before.state} ({before.probability:.2f}), "
                    f"misheard {after.state} ({after.probability:.2f})"
                )
                error = TellingError(_where(outcome), what, after.quote or before.quote)
                yield _Found(abs(before.probability - after.probability), outcome.question, error)


def _wrong_way_round(
    outcomes: Sequence[Outcome], better: str, worse: str, number: Callable[[Outcome], float]
) -> Iterable[_Found]:
    for one, other in pairs_of(outcomes, better, worse):
        if number(one) <= number(other):
            error = TellingError(
                f"{one.question}, {better} and {worse}", f"{number(one):.1f} and {number(other):.1f}", ""
            )
            yield _Found(number(other) - number(one), one.question, error)


def _surest(outcome: Outcome) -> PointOutcome:
    """Of the points that it contradicts, the one that the judge thinks likeliest said."""
    return max((each for each in outcome.points if each.contradicted), key=lambda each: each.probability)


def _accusations(outcome: Outcome) -> Iterable[_Found]:
    return [_of_point(point.probability, outcome, point) for point in outcome.points if point.accused]


def _of_point(worse: float, outcome: Outcome, point: PointOutcome) -> _Found:
    accused = ", one wording called wrong" if point.accused else ""
    what = f"{point.id}: label {point.label}, judged {point.state} ({point.probability:.2f}){accused}"
    return _Found(worse, outcome.question, TellingError(_where(outcome), what, point.accused or point.quote))


def _of_verdict(worse: float, outcome: Outcome, point: PointOutcome) -> _Found:
    what = (
        f"verdict {outcome.verdict}; {point.id}: label {point.label}, "
        f"judged {point.state} ({point.probability:.2f})"
    )
    return _Found(worse, outcome.question, TellingError(_where(outcome), what, point.accused or point.quote))


def _where(outcome: Outcome) -> str:
    return f"{outcome.question}, {outcome.style}"
