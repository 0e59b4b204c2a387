"""Whether an answer is to the question that was asked, or to another one.

Its stretches nearest to this question, whatever they say of it (points, mistakes, remarks), are looked at
again beside the model answers to every other question of the bank. Where some of those are as near, the
answer is to one of them: what it seems to say of this question's points is then hardly meant so. Only the
nearest stretches count, so that a detour beside a full answer changes nothing.

Nor has an answer much to do with the question of which hardly a clause comes near its text: a point
that it says clearly counts all the same, and one that it only seems to say does not.
"""

from dataclasses import dataclass

import numpy as np

from voicecoach.content.model import Question
from voicecoach.scoring.card import RaisedWarning
from voicecoach.scoring.coverage import Coverage, only_asks
from voicecoach.scoring.evidence import Answer, Rubric
from voicecoach.scoring.thresholds import Thresholds

ANOTHER_QUESTION = "another-question"
"""Id of the remark among the card's warnings."""

STRETCHES = 12
"""So many of an answer's stretches are compared, those nearest to the question."""

NEAR = 0.5
"""What is further from all that is known says nothing about the subject."""

FEWEST_STRETCHES = 3
"""Of fewer that tell the subject none is known."""

FEWEST_REMARKS = 12
"""Of fewer the margins below know nothing: the shipped questions have so many at least."""

NEIGHBOURS = 3
"""An answer is as near to other questions as to so many of the nearest on average: one has a twin."""

ANOTHER, THIS = 0.055, 0.085
"""How much nearer this question is than others: up to the one it is hardly meant, from the other on it is."""

BESIDE_THE_QUESTION, ON_THE_QUESTION = 0.35, 0.5
"""Cosines to the question: up to the one a clause is about something else, from the other on about it."""

TELLING_CLAUSES = 3
"""So many clauses on the question show that it was meant."""

DOUBTED_BELOW = 0.2
"""What an answer of less relevance seems to say is doubted: set on the labelled answers, as the next."""

LOST = 1.0
"""What a point's log-odds lose where nothing of the answer is near the question; less where little is."""


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
    return len(question.remarks) >= FEWEST_REMARKS and not (
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
    others = rubric.question.others
    starts = np.cumsum([0, *(len(other.sentences) for other in others[:-1])])
    to_this = (said @ known.T).max(axis=1)
    to_others = np.maximum.reduceat(said @ rubric.others.T, starts, axis=1)
    telling = np.flatnonzero(np.maximum(to_this, to_others.max(axis=1)) >= NEAR)
    if len(telling) < FEWEST_STRETCHES:
        return Subject()
    nearest = telling[np.argsort(-to_this[telling], kind="stable")[:STRETCHES]]
    neighbours = to_others[nearest].mean(axis=0)
    gap = float(to_this[nearest].mean() - np.sort(neighbours)[-NEIGHBOURS:].mean())
    share = float(np.clip((gap - ANOTHER) / (THIS - ANOTHER), 0.0, 1.0))
    return Subject(share, others[int(np.argmax(neighbours))].title)


def relevance_of(rubric: Rubric, answer: Answer) -> float:
    """How clearly the answer is about what was asked, 0..1.

    The few nearest clauses decide, so that saying more never harms. A narrowed question asks for its points,
    as one on the person's own project does: what is near to one of them is about it. What only repeats a
    narrowed question does not count.
    """
    told = [i for i in answer.windows_of_one().values() if not only_asks(rubric.question, answer.stems[i])]
    aims = [rubric.asked[None, :]]
    if rubric.question.is_narrowed or any(point.statement for point in rubric.question.points):
        aims += [point.vectors for point in rubric.points]
    near = np.sort((answer.vectors[told] @ np.concatenate(aims).T).max(axis=1))[-TELLING_CLAUSES:]
    span = ON_THE_QUESTION - BESIDE_THE_QUESTION
    return float(np.clip((near - BESIDE_THE_QUESTION) / span, 0.0, 1.0).sum()) / TELLING_CLAUSES


def lost_beside(question: Question, relevance: float) -> float:
    """What the log-odds of a question's points lose in an answer of this relevance.

    Nothing in a definition, whose question is hardly more than the term.
    """
    return 0.0 if question.is_definition else LOST * (1 - min(1.0, relevance / DOUBTED_BELOW))


def meant(coverage: Coverage, question: Question, subject: Subject, relevance: float) -> Coverage:
    """How likely each point was said, seeing what the answer is about."""
    lost = lost_beside(question, relevance)
    return coverage.shifted([-lost] * len(question.points)).meant(subject.share)


def subject_remarks(subject: Subject, answer: Answer, thresholds: Thresholds) -> tuple[RaisedWarning, ...]:
    """The remark on an answer to another question, of which no point can be covered; or none."""
    if subject.share >= thresholds.covered or not answer.clauses:
        return ()
    message = f"This sounds like an answer to another question, perhaps “{subject.other}”."
    first = answer.clauses[0]
    return (RaisedWarning(ANOTHER_QUESTION, message, first.text, first.start_s, first.end_s),)
