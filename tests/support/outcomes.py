"""Labelled answers as the judge might have judged them."""

from dataclasses import replace

from voicecoach.practice.evaluation.labelled import Label
from voicecoach.practice.evaluation.outcomes import Outcome, PointOutcome
from voicecoach.scoring.card import PointState


def point(label: Label, state: PointState, probability: float = 0.5, **others: object) -> PointOutcome:
    plain = PointOutcome(
        id="a",
        label=label,
        again=None,
        contradicted=label == "wrong",
        state=state,
        probability=probability,
        accused="",
        quote="the words",
        keyword_overlap=0.0,
        window_cosine=0.0,
    )
    return replace(plain, **others)  # type: ignore[arg-type]


def answer(style: str, *points: PointOutcome, **others: object) -> Outcome:
    plain = Outcome(
        id=style,
        question="q",
        is_definition=False,
        style=style,
        group="development",
        points=points or (point("said", "covered"),),
        main=0,
        verdict="right",
        accusations=0,
        to_check=0,
        overall=50.0,
        structure=50.0,
        rambling=50.0,
    )
    return replace(plain, **others)  # type: ignore[arg-type]
