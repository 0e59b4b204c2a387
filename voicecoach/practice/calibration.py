"""What corrections teach: a person's own thresholds, near the shipped ones until much speaks against them.

Only the intercept of the judge's logistic regressions is fitted again ("calibration in the large": D. R. Cox,
Two further applications of a model for binary regression, Biometrika 45, 1958). With x_i how far the evidence
of ruling i lies above its threshold, and y_i what the speaker said, the shift b is where

    sum_i (y_i log p_i + (1 - y_i) log(1 - p_i)) - b^2 / (2 SPREAD^2),   p_i = 1 / (1 + exp(-(x_i + b)))

is greatest: a normal prior of standard deviation SPREAD around "no shift". A threshold t in log-odds becomes
t - b. The slope of the sum falls steadily in b, so there is one answer; another "said" always raises b,
another "not said" lowers it.

Coverage is shifted in log-odds of its probability, all three thresholds alike, by at most MOST_COVERAGE.
Accusing is shifted apart from it, in steps of ACCUSING_STEP, and only ever to the rarer side: the shipped
thresholds are set so that few right answers are touched, and agreeing with accusations can no more than make
up for rejected ones.
"""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from math import exp, log

from voicecoach.scoring.card import Ruled, Ruling
from voicecoach.scoring.thresholds import SHIPPED, Thresholds

COVERAGE_SPREAD = 0.25
"""In log-odds. One ruling moves a threshold by about a hundredth, ten alike by less than a tenth."""

MOST_COVERAGE = 0.8
"""In log-odds: a point is covered from a probability between 0.25 and 0.62."""

ACCUSING_STEP = 0.05
"""Of margin, counted as one unit of log-odds: the larger part of what lies between `check` and `accuse`."""

ACCUSING_SPREAD = 0.45
"""In those units."""

MOST_ACCUSING = 3.0
"""In those units: nothing beyond a margin of 0.49 is ever passed over."""

SAID: dict[Ruled, float] = {"covered": 1.0, "partly": 0.5, "missing": 0.0}
"""What counts as said; half a point speaks for neither side."""

HALVINGS = 50

CERTAIN = 30.0
"""In log-odds; beyond it nothing changes."""

TINIEST = 1e-3
"""Probabilities are kept to three decimals, so 0 and 1 stand for as little and as much as that."""

Evidence = tuple[float, float]
"""How far above its threshold, in log-odds; and whether it was so, 0..1."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """A person's thresholds and what they rest on.

    Attributes:
        thresholds: To judge by from now on.
        coverage: How many rulings told about coverage.
        coverage_agreed: How many of them said what the judge had said.
        accusations: How many told about statements that were called wrong or shown to check.
        rejected: How many of those the speaker says were not wrong.
    """

    thresholds: Thresholds = SHIPPED
    coverage: int = 0
    coverage_agreed: int = 0
    accusations: int = 0
    rejected: int = 0


def calibrate(rulings: Sequence[Ruling]) -> Calibration:
    """The thresholds that rulings lead to, in whatever order they were made."""
    # Words that were suspected say whether suspecting them was right, and nothing about coverage.
    accused = [(ruling, ruling.margin) for ruling in rulings if ruling.margin is not None]
    others = [
        (ruling, SAID[ruling.state]) for ruling in rulings if ruling.margin is None and ruling.state in SAID
    ]
    covered = _log_odds(SHIPPED.covered)
    more = _shift(
        [(_log_odds(ruling.probability) - covered, said) for ruling, said in others], COVERAGE_SPREAD
    )
    wrong = _shift(
        [
            ((margin - SHIPPED.accuse) / ACCUSING_STEP, float(ruling.state == "contradicted"))
            for ruling, margin in accused
        ],
        ACCUSING_SPREAD,
    )
    return Calibration(
        thresholds=_moved(
            max(-MOST_COVERAGE, min(MOST_COVERAGE, more)), max(-MOST_ACCUSING, min(0.0, wrong))
        ),
        coverage=len(others),
        coverage_agreed=sum(ruling.state == ruling.judged for ruling, _ in others),
        accusations=len(accused),
        rejected=sum(ruling.state != "contradicted" for ruling, _ in accused),
    )


def _shift(evidence: Sequence[Evidence], spread: float) -> float:
    """The b of the formula above: where the slope is 0, found by halving an interval."""
    # Each piece of evidence adds at most 1 to the slope, so the root lies within these bounds.
    high = spread**2 * len(evidence)
    low = -high
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        slope = sum(said - _probability(above + middle) for above, said in evidence) - middle / spread**2
        low, high = (middle, high) if slope > 0 else (low, middle)
    return (low + high) / 2


def _moved(more: float, wrong: float) -> Thresholds:
    """The shipped thresholds, shifted by log-odds of coverage and by steps of accusing."""
    if more == wrong == 0:
        return SHIPPED
    rarer = -wrong * ACCUSING_STEP
    moved = Thresholds(
        covered=_probability(_log_odds(SHIPPED.covered) - more),
        partly=_probability(_log_odds(SHIPPED.partly) - more),
        unsure=_probability(_log_odds(SHIPPED.unsure) - more),
        accuse=SHIPPED.accuse + rarer,
        check=SHIPPED.check + rarer,
    )
    # As the card keeps them, so that an answer is judged again by the very same ones.
    return Thresholds(*(round(each, 3) for each in astuple(moved)))


def _log_odds(probability: float) -> float:
    within = min(1 - TINIEST, max(TINIEST, probability))
    return log(within / (1 - within))


def _probability(log_odds: float) -> float:
    return 1 / (1 + exp(-max(-CERTAIN, min(CERTAIN, log_odds))))
