"""The figures: pure, from what the judge made of each labelled answer. A figure of nothing is None.

AUC, F1 and Cohen's kappa are scikit-learn's. A point that was only partly said counts in none of them.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import get_args

import numpy as np
import numpy.typing as npt

from voicecoach.practice.evaluation.labelled import Group
from voicecoach.practice.evaluation.outcomes import Outcome, PointOutcome
from voicecoach.scoring.card import Verdict

Truth = npt.NDArray[np.bool_]
Scores = npt.NDArray[np.float64]

PLAIN = "plain"
"""The style of answers without jargon."""

OVERALL_ORDER = ("strong", "partial", "vague", "offtopic")
"""Styles of long answers from the best to the worst."""

ECE_BINS = 10


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    hits: int
    of: int

    @property
    def fraction(self) -> float | None:
        """0..1; None of nothing."""
        return self.hits / self.of if self.of else None


@dataclass(frozen=True, slots=True)
class Agreement:
    """How yes-or-no verdicts, and the scores they are cut from, agree with labels.

    Attributes:
        auc: How likely a point that was said scores higher than one that was not.
        f1: Of "said".
        kappa: Cohen's.
        threshold: Score from which it says yes; None for the judge, whose card decides.
    """

    auc: float | None
    f1: float | None
    kappa: float | None
    threshold: float | None


@dataclass(frozen=True, slots=True)
class Scorers:
    """The judge beside the baselines, each of which has the threshold of the best F1 on the very same set.

    Attributes:
        points: How many points were clearly said or not said.
        judge: By its card.
        keyword_overlap: A baseline.
        window_cosine: A baseline.
    """

    points: int
    judge: Agreement
    keyword_overlap: Agreement
    window_cosine: Agreement


@dataclass(frozen=True, slots=True)
class StyleFigures:
    """One style of answer.

    Attributes:
        style: How they were written.
        answers: How many.
        said: Points said, of those clearly said or not.
        covered: Points judged covered, of the same.
        accused: Answers in which a statement is called wrong.
    """

    style: str
    answers: int
    said: Share
    covered: Share
    accused: Share


@dataclass(frozen=True, slots=True)
class SecondPass:
    """What a second labelling of some of the answers says.

    Attributes:
        points: How many points both passes call said or not said.
        labels_kappa: Cohen's kappa of the second pass with the first.
        judge_kappa: Of the judge with the first, on the same points.
    """

    points: int
    labels_kappa: float | None
    judge_kappa: float | None


@dataclass(frozen=True, slots=True)
class PointFigures:
    """Whether a point was said.

    Attributes:
        partly: Points left out because they were only partly said.
        every: All other points.
        plain: Those of answers without jargon.
        calibration_error: Expected calibration error of the judge's probabilities.
        styles: In the set's order.
        second: None where nothing was labelled twice.
    """

    partly: int
    every: Scorers
    plain: Scorers
    calibration_error: float | None
    styles: tuple[StyleFigures, ...]
    second: SecondPass | None


@dataclass(frozen=True, slots=True)
class DefinitionFigures:
    """Verdicts on definitions, by what the labels say of them.

    Attributes:
        right: Verdicts on those that say the weightiest point and contradict none.
        wrong: Verdicts on those that contradict a point.
        neither: Verdicts on the rest.
        right_judged_right: Of the right ones.
        right_called_wrong: Of the right ones.
        wrong_called_right: Of the wrong ones.
    """

    right: dict[Verdict, int]
    wrong: dict[Verdict, int]
    neither: dict[Verdict, int]
    right_judged_right: Share
    right_called_wrong: Share
    wrong_called_right: Share


@dataclass(frozen=True, slots=True)
class ContradictionFigures:
    """Answers in which a statement is called wrong.

    Attributes:
        found: Of the long ones that contradict a point.
        found_or_to_check: The same, those counted that are shown to check.
        strong_accused: Of the strong long ones that contradict none.
        others_accused: Of all others, definitions too, that contradict none.
    """

    found: Share
    found_or_to_check: Share
    strong_accused: Share
    others_accused: Share


@dataclass(frozen=True, slots=True)
class OrderFigures:
    """Pairs of long answers to one question that are judged in the right order.

    Attributes:
        overall: Strong above partial above vague above off topic, on the overall number.
        structure: The ordered telling above the disordered one, on structure.
        rambling: The partial one above the rambling one, on rambling.
    """

    overall: Share
    structure: Share
    rambling: Share


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """One part of a labelled set."""

    name: Group
    answers: int
    questions: int
    points: PointFigures
    definitions: DefinitionFigures
    contradictions: ContradictionFigures
    orders: OrderFigures


def groups_of(outcomes: Sequence[Outcome]) -> tuple[tuple[Group, tuple[Outcome, ...]], ...]:
    """The parts of a set that have answers, each with its own."""
    parts = [
        (name, tuple(outcome for outcome in outcomes if outcome.group == name)) for name in get_args(Group)
    ]
    return tuple((name, chosen) for name, chosen in parts if chosen)


def group_figures(outcomes: Sequence[Outcome]) -> tuple[GroupFigures, ...]:
    """Every figure of each part of a set that has answers."""
    return tuple(
        GroupFigures(
            name=name,
            answers=len(chosen),
            questions=len({outcome.question for outcome in chosen}),
            points=point_figures(chosen),
            definitions=definition_figures(chosen),
            contradictions=contradiction_figures(chosen),
            orders=order_figures(chosen),
        )
        for name, chosen in groups_of(outcomes)
    )


def point_figures(outcomes: Sequence[Outcome]) -> PointFigures:
    """How well it is told whether a point was said."""
    labelled = [(outcome.style, point) for outcome in outcomes for point in outcome.points]
    clear = [(style, point) for style, point in labelled if point.is_clear]
    every = [point for _, point in clear]
    truth = np.array([point.is_said for point in every], bool)
    thresholds = tuple(best_threshold(truth, _scores(every, score)) for score in _BASELINES)
    plain = [point for style, point in clear if style == PLAIN]
    probabilities = np.array([point.probability for point in every])
    return PointFigures(
        partly=len(labelled) - len(clear),
        every=_scorers(every, thresholds),
        plain=_scorers(plain, thresholds),
        calibration_error=calibration_error(truth, probabilities),
        styles=tuple(_style(name, outcomes) for name in dict.fromkeys(each.style for each in outcomes)),
        second=_second_pass(every),
    )


def _keyword_overlap(point: PointOutcome) -> float:
    return point.keyword_overlap


def _window_cosine(point: PointOutcome) -> float:
    return point.window_cosine


_BASELINES: tuple[Callable[[PointOutcome], float], ...] = (_keyword_overlap, _window_cosine)


def _scores(points: Sequence[PointOutcome], score: Callable[[PointOutcome], float]) -> Scores:
    return np.array([score(point) for point in points], np.float64)


def _scorers(points: Sequence[PointOutcome], thresholds: tuple[float | None, ...]) -> Scorers:
    truth = np.array([point.is_said for point in points], bool)
    judge = agreement(
        truth,
        np.array([point.probability for point in points]),
        np.array([point.is_covered for point in points], bool),
        None,
    )
    baselines = []
    for score, threshold in zip(_BASELINES, thresholds, strict=True):
        scores = _scores(points, score)
        said = scores >= threshold if threshold is not None else np.zeros(len(points), bool)
        baselines.append(agreement(truth, scores, said, threshold))
    return Scorers(len(points), judge, *baselines)


def agreement(truth: Truth, scores: Scores, said: Truth, threshold: float | None) -> Agreement:
    """How verdicts and scores agree with what is true; all of one length."""
    from sklearn.metrics import f1_score, roc_auc_score  # noqa: PLC0415 - a second, and only this needs it

    # Where all are said, or none, no order can be right or wrong.
    auc = float(roc_auc_score(truth, scores)) if 0 < truth.sum() < len(truth) else None
    f1 = float(f1_score(truth, said)) if (truth | said).any() else None
    return Agreement(auc, f1, kappa(truth, said), threshold)


def kappa(one: Truth, other: Truth) -> float | None:
    """Cohen's kappa; None where both say the same of everything, so that chance alone would agree."""
    from sklearn.metrics import cohen_kappa_score  # noqa: PLC0415 - as above

    if len({*one.tolist(), *other.tolist()}) < 2:
        return None
    return float(cohen_kappa_score(one, other))


def best_threshold(truth: Truth, scores: Scores) -> float | None:
    """Of all scores the one from which on "said" has the best F1, the lowest of equals; None of nothing."""
    from sklearn.metrics import precision_recall_curve  # noqa: PLC0415 - as above

    if not truth.any():
        return None
    precision, recall, thresholds = precision_recall_curve(truth, scores)
    with np.errstate(invalid="ignore"):  # neither precision nor recall: no F1
        f1 = 2 * precision * recall / (precision + recall)
    return float(thresholds[np.nanargmax(f1[:-1])])


def calibration_error(truth: Truth, probabilities: Scores) -> float | None:
    """Expected calibration error over ten bins of equal width.

    The mean over all of how far, in its bin, the mean probability is from the share that is true. Source:
    Naeini, Cooper & Hauskrecht, "Obtaining Well Calibrated Probabilities Using Bayesian Binning", AAAI 2015.
    """
    if not len(truth):
        return None
    bins = bins_of(probabilities)
    off = [abs(float((truth[bins == each] - probabilities[bins == each]).sum())) for each in range(ECE_BINS)]
    return sum(off) / len(truth)


def bins_of(probabilities: Scores) -> npt.NDArray[np.int_]:
    """Which of ECE_BINS bins of equal width each probability is in, the lowest 0."""
    bins: npt.NDArray[np.int_] = np.minimum((probabilities * ECE_BINS).astype(int), ECE_BINS - 1)
    return bins


def _style(style: str, outcomes: Sequence[Outcome]) -> StyleFigures:
    chosen = [outcome for outcome in outcomes if outcome.style == style]
    clear = [point for outcome in chosen for point in outcome.points if point.is_clear]
    return StyleFigures(
        style=style,
        answers=len(chosen),
        said=share(point.is_said for point in clear),
        covered=share(point.is_covered for point in clear),
        accused=share(outcome.accusations > 0 for outcome in chosen),
    )


def _second_pass(clear: Sequence[PointOutcome]) -> SecondPass | None:
    if all(point.again is None for point in clear):
        return None
    twice = [point for point in clear if point.again not in (None, "partly")]
    first = np.array([point.is_said for point in twice], bool)
    second = np.array([point.again == "said" for point in twice], bool)
    judged = np.array([point.is_covered for point in twice], bool)
    return SecondPass(len(twice), kappa(first, second), kappa(first, judged))


def definition_figures(outcomes: Sequence[Outcome]) -> DefinitionFigures:
    """How definitions are judged."""
    definitions = [outcome for outcome in outcomes if outcome.is_definition]
    right = _verdicts(each for each in definitions if each.is_right)
    wrong = _verdicts(each for each in definitions if each.contradicts)
    neither = _verdicts(each for each in definitions if not each.is_right and not each.contradicts)
    return DefinitionFigures(
        right,
        wrong,
        neither,
        right_judged_right=Share(right["right"], sum(right.values())),
        right_called_wrong=Share(right["wrong"], sum(right.values())),
        wrong_called_right=Share(wrong["right"], sum(wrong.values())),
    )


def _verdicts(outcomes: Iterable[Outcome]) -> dict[Verdict, int]:
    found = [outcome.verdict for outcome in outcomes]
    return {verdict: found.count(verdict) for verdict in ("right", "unsure", "vague", "wrong")}


def contradiction_figures(outcomes: Sequence[Outcome]) -> ContradictionFigures:
    """How often something is called wrong, rightly and not."""
    contradicting = [each for each in outcomes if each.contradicts and not each.is_definition]
    harmless = [each for each in outcomes if not each.contradicts]
    strong = [each for each in harmless if each.style == OVERALL_ORDER[0]]
    others = [each for each in harmless if each.style != OVERALL_ORDER[0]]
    return ContradictionFigures(
        found=share(each.accusations > 0 for each in contradicting),
        found_or_to_check=share(each.accusations + each.to_check > 0 for each in contradicting),
        strong_accused=share(each.accusations > 0 for each in strong),
        others_accused=share(each.accusations > 0 for each in others),
    )


def order_figures(outcomes: Sequence[Outcome]) -> OrderFigures:
    """How often the better of two long answers to one question is judged better."""
    overall = [
        better.overall > worse.overall
        for i, style in enumerate(OVERALL_ORDER)
        for other in OVERALL_ORDER[i + 1 :]
        for better, worse in pairs_of(outcomes, style, other)
    ]
    return OrderFigures(
        share(overall),
        share(a.structure > b.structure for a, b in pairs_of(outcomes, "strong", "disordered")),
        share(a.rambling > b.rambling for a, b in pairs_of(outcomes, "partial", "rambling")),
    )


def pairs_of(outcomes: Sequence[Outcome], better: str, worse: str) -> list[tuple[Outcome, Outcome]]:
    """Long answers to one question, one in the better style and one in the worse."""
    long = [each for each in outcomes if not each.is_definition]
    return [
        (a, b)
        for a, b in product(long, long)
        if a.question == b.question and a.style == better and b.style == worse
    ]


def flips(before: Iterable[Sequence[bool]], after: Iterable[Sequence[bool]]) -> Share:
    """Points whose verdict, covered or not, differs between two hearings of the same answers.

    Args:
        before: Per answer whether each of its points is covered.
        after: The same, of the other hearing.
    """
    return share(
        a != b for one, other in zip(before, after, strict=True) for a, b in zip(one, other, strict=True)
    )


def share(flags: Iterable[bool]) -> Share:
    """How many of them hold."""
    values = list(flags)
    return Share(sum(values), len(values))
