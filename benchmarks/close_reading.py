"""What reading clauses of definitions once more is worth, with it and without.

    python -m benchmarks.close_reading

Per part of the labelled definitions: how many answers that contradict a point have a statement more
suspicious than those of all but a few answers that contradict none, so that both ways make as many false
accusations, wherever their thresholds lie; and how well it is told which points were said. The weights of
the reading beside the judge's own probability are fitted anew on the development part, for each term without
it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import cohen_kappa_score, f1_score, roc_auc_score

from benchmarks.calibration import log_odds
from benchmarks.labelled import LabelledAnswer, load
from voicecoach.config import Settings, find_paths
from voicecoach.practice.evaluation.labelled import Group
from voicecoach.scoring.accuracy import suspicions
from voicecoach.scoring.coverage import READ_FROM, cover
from voicecoach.scoring.thresholds import SHIPPED
from voicecoach.wiring import assemble

FALSE = (1, 2, 3, 5)
"""So many answers without a wrong statement are accused."""

LEAST = -1.0
"""Below every margin that is worked out."""

Likely = npt.NDArray[np.float64]
"""Probabilities, one a point."""


def main() -> None:
    """Print both ways' figures."""
    wired = assemble(Settings(), find_paths())
    groups: tuple[Group, ...] = ("development", "test")
    for group in groups:
        read = [each for each in load(wired, group) if each.question.is_definition]
        wrong = sum(bool(each.contradicted) for each in read)
        print(f"{group}: {wrong} definitions with a wrong statement, {len(read) - wrong} without")
        _print("with it", read)
        _print("without", [_unread(each) for each in read])
        points = [point for each in read for point in _points(each)]
        said = np.array([point.is_said for point in points])
        _print_points("points, with it", said, np.array([point.likely for point in points]))
        _print_points("without", said, np.array([point.unread for point in points]))
        if group == "development":
            _print_points("fitted anew, its term left out", said, _fitted_elsewhere(points))
            own, reading, intercept = _fitted([point for point in points if point.statement is not None])
            print(f"  fitted: own log-odds {own:.2f}, the reading's {reading:.2f}, intercept {intercept:.2f}")


def _print(name: str, answers: Sequence[LabelledAnswer]) -> None:
    margins = [_suspicion(each) for each in answers]
    is_wrong = [bool(each.contradicted) for each in answers]
    wrong = [margin for margin, told in zip(margins, is_wrong, strict=True) if told]
    others = sorted(
        (margin for margin, told in zip(margins, is_wrong, strict=True) if not told), reverse=True
    )
    found = [f"{sum(margin > others[few] for margin in wrong)} with {few}" for few in FALSE]
    auc = roc_auc_score(is_wrong, margins)
    print(f"  {name}: AUC {auc:.3f}; found, with others accused: {', '.join(found)}")


@dataclass(frozen=True, slots=True)
class _Point:
    """A point of a labelled answer that was clearly said or not.

    Attributes:
        term: What is asked for.
        is_said: What the labels say.
        likely: How likely it was said.
        unread: The same without the reading.
        statement: Log-odds of the reading; None where there is none.
    """

    term: str
    is_said: bool
    likely: float
    unread: float
    statement: float | None


def _unread(answer: LabelledAnswer) -> LabelledAnswer:
    return replace(answer, answer=replace(answer.answer, readings={}))


def _points(answer: LabelledAnswer) -> list[_Point]:
    read, unread = (cover(each.rubric, each.answer) for each in (answer, _unread(answer)))
    found = []
    for i, point in enumerate(answer.question.points):
        reading = answer.answer.readings.get((i, unread.best[i]))
        likely = unread.probability(i)
        statement = None
        if reading is not None and likely >= READ_FROM:
            statement = reading.statement
        if answer.labels[point.id] != "partly":
            is_said = answer.labels[point.id] == "said"
            found.append(_Point(answer.question.id, is_said, read.probability(i), likely, statement))
    return found


def _fitted(points: Sequence[_Point]) -> tuple[float, float, float]:
    """Weights of a point's own log-odds and of the reading's, and the intercept."""
    own_odds = log_odds(np.array([point.unread for point in points]))
    evidence = list(zip(own_odds, [point.statement for point in points], strict=True))
    regression = LogisticRegression().fit(evidence, [point.is_said for point in points])
    (own, reading), (intercept,) = regression.coef_[0], regression.intercept_
    return float(own), float(reading), float(intercept)


def _fitted_elsewhere(points: Sequence[_Point]) -> Likely:
    """How likely each point was said, by weights fitted on the other terms."""
    likely = np.array([point.unread for point in points])
    own_odds = log_odds(likely)
    for term in {point.term for point in points}:
        others = [point for point in points if point.term != term and point.statement is not None]
        own, reading, intercept = _fitted(others)
        for i, point in enumerate(points):
            if point.term == term and point.statement is not None:
                logit = own * own_odds[i] + reading * point.statement + intercept
                likely[i] = 1 / (1 + np.exp(-logit))
    return likely


def _print_points(name: str, said: npt.NDArray[np.bool_], likely: Likely) -> None:
    covered = likely >= SHIPPED.covered
    auc, f1 = roc_auc_score(said, likely), f1_score(said, covered)
    kappa = cohen_kappa_score(said, covered)
    print(f"  {name}: AUC {auc:.3f}, F1 {f1:.3f}, kappa {kappa:.3f} of {len(said)}")


def _suspicion(answer: LabelledAnswer) -> float:
    found = suspicions(answer.rubric, answer.answer, LEAST)
    return max((suspicion.margin for suspicion in found), default=LEAST)


if __name__ == "__main__":
    main()
