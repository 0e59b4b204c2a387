"""Fifty answers over seven evenings, by someone who gets better at most questions and forgets a little.

The words are those of tests/data/answers.jsonl, written without sight of the rubrics: vague, wrong, partial
and strong ones to the same questions. On the first evenings half of the sentences begin with "basically".
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path

ANSWERS = Path(__file__).resolve().parents[2] / "tests" / "data" / "answers.jsonl"

HABIT = "basically"
ONE_EVENING = "to be honest"
"""Said again and again, but in one answer alone."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One answer to come.

    Attributes:
        evening: From 0.
        question: Its id; one narrowed to some points is a retry of these.
        style: Which of the answers in answers.jsonl.
    """

    evening: int
    question: str
    style: str


_EVENINGS: dict[str, dict[int, str]] = {
    # Better each time, or better and then good.
    "prevent-leakage": {0: "vague", 3: "partial", 6: "strong"},
    "project-walkthrough": {1: "we", 4: "plain", 6: "strong"},
    "define-precision": {0: "vague", 1: "wrong1", 3: "right1", 5: "right2"},
    "define-recall": {0: "wrong1", 2: "vague", 4: "right1", 6: "right2"},
    "define-f1-score": {0: "vague", 2: "right1", 4: "right2", 6: "right1"},
    "define-roc-auc": {0: "wrong1", 3: "right1", 6: "right2"},
    "define-calibration": {2: "vague", 4: "right1", 6: "right2"},
    "define-class-imbalance": {1: "wrong1", 3: "plain", 5: "right1"},
    "define-data-leakage": {0: "vague", 2: "right1", 5: "right2", 6: "right1"},
    "define-training-serving-skew": {1: "wrong1", 3: "right1", 5: "right2", 6: "right1"},
    "define-data-drift": {1: "vague", 2: "wrong1", 4: "plain", 6: "right1"},
    "define-concept-drift": {1: "wrong1", 3: "plain", 5: "right1"},
    # The same each time.
    "define-pr-auc": {2: "vague", 4: "vague", 6: "vague"},
    # Good from the start.
    "define-overfitting": {1: "right1", 3: "right2", 5: "right1"},
    # One missed point alone.
    "define-recall#miss-cost": {4: "right1"},
    "define-precision#false-alarm-cost": {5: "right2"},
}

PLAN: tuple[Planned, ...] = tuple(
    sorted(
        (
            Planned(evening, question, style)
            for question, evenings in _EVENINGS.items()
            for evening, style in evenings.items()
        ),
        key=lambda planned: planned.evening,
    )
)


def words_of(number: int, planned: Planned) -> str:
    """What is said in one of the planned answers.

    Args:
        number: Its place in PLAN.
        planned: The answer.
    """
    answers = {
        (entry["question"], entry["style"]): entry["text"]
        for entry in map(json.loads, ANSWERS.read_text("utf-8").splitlines())
    }
    text: str = answers[planned.question.partition("#")[0], planned.style]
    if planned.evening < 3:
        text = _with_habit(text, HABIT)
    return _with_habit(text, ONE_EVENING) if number == len(PLAN) // 2 else text


def _with_habit(text: str, habit: str) -> str:
    """Every second sentence begins with it."""
    sentences = re.split(r"(?<=[.!?])\s+", text)
    return " ".join(
        f"{habit.capitalize()}, {each[:1].lower()}{each[1:]}" if place % 2 == 0 else each
        for place, each in enumerate(sentences)
    )
