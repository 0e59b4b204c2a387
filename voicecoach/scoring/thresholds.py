"""Where probabilities and margins are cut into verdicts."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What a verdict is given from; shipped ones, or those that a person's corrections led to.

    Attributes:
        covered: Probability from which a point is covered.
        partly: Probability from which it is partly covered.
        unsure: Probability from which it is unsure; below it is missing.
        accuse: Margin from which a statement is called wrong.
        check: Margin from which it is shown to check.
    """

    covered: float
    partly: float
    unsure: float
    accuse: float
    check: float


SHIPPED = Thresholds(covered=0.42, partly=0.37, unsure=0.32, accuse=0.34, check=0.26)
"""Set on the labelled answers of docs/judging.md, the same for everyone."""
