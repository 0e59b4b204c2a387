"""What the judge is meant to reach, beside what it reached."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from voicecoach.practice.evaluation.evaluator import Evaluation
from voicecoach.practice.evaluation.figures import GroupFigures

Bound = Literal["at least", "at most"]


@dataclass(frozen=True, slots=True)
class Target:
    """A figure's bound."""

    bound: Bound
    value: float

    def is_met(self, found: float) -> bool:
        """Whether a figure keeps it."""
        return found >= self.value if self.bound == "at least" else found <= self.value


TARGETS = {
    "f1": Target("at least", 0.90),
    "kappa": Target("at least", 0.75),
    "f1_plain": Target("at least", 0.85),
    "calibration_error": Target("at most", 0.06),
    "right_judged_right": Target("at least", 0.85),
    "right_called_wrong": Target("at most", 0.03),
    "wrong_called_right": Target("at most", 0.10),
    "contradiction_found": Target("at least", 0.80),
    "strong_accused": Target("at most", 0.05),
    "order_overall": Target("at least", 0.97),
    "order_structure": Target("at least", 0.95),
    "order_rambling": Target("at least", 0.95),
    "flipped_misheard": Target("at most", 0.03),
    "flipped_heard": Target("at most", 0.12),
    "judging_ms": Target("at most", 250.0),
}
"""By name of the figure."""


@dataclass(frozen=True, slots=True)
class HeldAgainst:
    """A figure beside its target.

    Attributes:
        figure: A name in TARGETS.
        group: Which part of the set; empty for what is measured on all of it.
        target: What it is meant to be.
        found: What it is; None of nothing.
        met: None where there is no figure.
    """

    figure: str
    group: str
    target: Target
    found: float | None
    met: bool | None


def held_against_targets(evaluation: Evaluation) -> tuple[HeldAgainst, ...]:
    """Every figure that has a target, those of each part of the set first."""
    found: list[tuple[str, str, float | None]] = [
        (name, group.name, value) for group in evaluation.groups for name, value in _of_group(group)
    ]
    found += [(name, "", value) for name, value in _of_all(evaluation)]
    return tuple(
        HeldAgainst(name, group, TARGETS[name], value, None if value is None else TARGETS[name].is_met(value))
        for name, group, value in found
    )


def _of_group(group: GroupFigures) -> Iterator[tuple[str, float | None]]:
    points, definitions = group.points, group.definitions
    yield "f1", points.every.judge.f1
    yield "kappa", points.every.judge.kappa
    yield "f1_plain", points.plain.judge.f1
    yield "calibration_error", points.calibration_error
    yield "right_judged_right", definitions.right_judged_right.fraction
    yield "right_called_wrong", definitions.right_called_wrong.fraction
    yield "wrong_called_right", definitions.wrong_called_right.fraction
    yield "contradiction_found", group.contradictions.found.fraction
    yield "strong_accused", group.contradictions.strong_accused.fraction
    yield "order_overall", group.orders.overall.fraction
    yield "order_structure", group.orders.structure.fraction
    yield "order_rambling", group.orders.rambling.fraction


def _of_all(evaluation: Evaluation) -> Iterator[tuple[str, float | None]]:
    yield "flipped_misheard", evaluation.misheard.flipped.fraction
    if evaluation.heard is not None:
        yield "flipped_heard", evaluation.heard.flipped.fraction
    yield "judging_ms", evaluation.times.with_embedding_ms
