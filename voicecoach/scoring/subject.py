"""Whether an answer is to the question that was asked, or to another one.

Its stretches nearest to this question, whatever they say of it (points, mistakes, remarks), are looked at
again beside the model answers to every other question of the bank. Where some of those are as near, the
answer is to one of them: what it seems to say of this question's points is then hardly meant so. Only the
nearest stretches count, so that a detour beside a full answer changes nothing.
"""

from dataclasses import dataclass

import numpy as np

from voicecoach.content.model import Question
from voicecoach.scoring.card import RaisedWarning
from voicecoach.scoring.evidence import Answer, Rubric

RULE = "another-question"
"""Id of the remark among the card's warnings."""

STRETCHES = 12
"""So many of an answer's stretches are compared, those nearest to the question."""

NEIGHBOURS = 3
"""An answer is as near to other questions as to so many of the nearest on average: one has a twin."""

ANOTHER, THIS = 0.055, 0.085
"""How much nearer this question is than others: up to the one it is hardly meant, from the other on it is."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What an answer is about.

    Attributes:
        share: How far it is about the question that was asked, 0..1.
        other: Title of the question that it is nearest to, besides.
    """

    share: float = 1.0
    other: str = ""


def is_told_from_others(question: Question) -> bool:
    """Whether answers to it are compared with answers to other questions.

    A story may be about anything, a definition is a sentence or two, and of a question without spoken answers
    too little is known of what people say to it.
    """
    tells_of_anything = question.kind == "story" or any(point.statement for point in question.points)
    return bool(question.remarks) and not (
        tells_of_anything or question.is_definition or question.is_narrowed
    )


def subject_of(rubric: Rubric, answer: Answer) -> Subject:
    """What an answer is about."""
    stretches = [i for i, window in enumerate(answer.windows) if window.last - window.first <= 1]
    if not stretches or not len(rubric.others):
        return Subject()
    said = answer.vectors[stretches]
    denied = [wording.vectors for contrasts in rubric.contrasts for wording in contrasts]
    known = np.vstack([*(point.vectors for point in rubric.points), *denied, rubric.remarks])
    to_this = (said @ known.T).max(axis=1)
    nearest = np.argsort(-to_this, kind="stable")[:STRETCHES]
    others = rubric.question.others
    starts = np.cumsum([0, *(len(other.sentences) for other in others[:-1])])
    to_others = np.maximum.reduceat(said[nearest] @ rubric.others.T, starts, axis=1).mean(axis=0)
    gap = float(to_this[nearest].mean() - np.sort(to_others)[-NEIGHBOURS:].mean())
    share = float(np.clip((gap - ANOTHER) / (THIS - ANOTHER), 0.0, 1.0))
    return Subject(share, others[int(np.argmax(to_others))].title)


def subject_remarks(subject: Subject, answer: Answer) -> tuple[RaisedWarning, ...]:
    """The remark on an answer to another question, or none."""
    if subject.share >= 0.5 or not answer.clauses:
        return ()
    message = (
        f"This sounds like an answer to another question, perhaps “{subject.other}”. "
        "Begin with the words of the one that was asked."
    )
    first = answer.clauses[0]
    return (RaisedWarning(RULE, message, first.text, first.start_s, first.end_s),)
