"""What the judge made of a labelled answer, beside its labels: all that the figures are worked out from."""

from collections.abc import Sequence
from dataclasses import dataclass

from voicecoach.practice.evaluation.labelled import Group, Label, ReadyAnswer
from voicecoach.scoring.card import PointState, ScoreCard, Verdict
from voicecoach.scoring.coverage import cover


@dataclass(frozen=True, slots=True)
class PointOutcome:
    """One point of one answer.

    Attributes:
        id: The point's.
        label: What an expert heard.
        again: What another did; None where nobody was asked.
        contradicted: Whether the labels say that the answer contradicts it.
        state: What the card says.
        probability: That it was said, as judged.
        accused: The words that the card calls a contradiction of it; empty where it calls none so.
        quote: The words that come nearest to saying it.
        keyword_overlap: The baseline's score.
        window_cosine: The baseline's score.
    """

    id: str
    label: Label
    again: Label | None
    contradicted: bool
    state: PointState
    probability: float
    accused: str
    quote: str
    keyword_overlap: float
    window_cosine: float

    @property
    def is_clear(self) -> bool:
        """Whether the label says yes or no."""
        return self.label != "partly"

    @property
    def is_said(self) -> bool:
        """By its label."""
        return self.label == "said"

    @property
    def is_covered(self) -> bool:
        """By the card."""
        return self.state == "covered"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One answer, judged.

    Attributes:
        id: The answer's.
        question: Its question's id.
        is_definition: Whether it defines a term.
        style: How it was written.
        group: Which part of the set it belongs to.
        points: In the rubric's order.
        main: Which of them weighs most.
        verdict: The card's.
        accusations: How many statements the card calls wrong.
        to_check: How many it shows to check.
        overall: 0..100.
        structure: 0..100.
        rambling: 0..100, 100 when every second worked.
    """

    id: str
    question: str
    is_definition: bool
    style: str
    group: Group
    points: tuple[PointOutcome, ...]
    main: int
    verdict: Verdict
    accusations: int
    to_check: int
    overall: float
    structure: float
    rambling: float

    @property
    def contradicts(self) -> bool:
        """Whether the labels say that it contradicts any point."""
        return any(point.contradicted for point in self.points)

    @property
    def is_right(self) -> bool:
        """Whether the labels say that it says the weightiest point and contradicts none."""
        return self.points[self.main].is_said and not self.contradicts


def outcome_of(
    labelled: ReadyAnswer, card: ScoreCard, keyword_overlap: Sequence[float], window_cosine: Sequence[float]
) -> Outcome:
    """What the judge made of an answer.

    Args:
        labelled: The answer.
        card: What the judge says of it.
        keyword_overlap: The baseline's score of each point.
        window_cosine: The same.
    """
    coverage = cover(labelled.rubric, labelled.answer)
    accused = {note.point: note.quote for note in card.accuracy.contradictions}
    points = []
    for i, point in enumerate(card.points):
        best = coverage.best[i]
        nearest = labelled.answer.windows[best].text if best >= 0 else ""
        points.append(
            PointOutcome(
                id=point.id,
                label=labelled.labels[point.id],
                again=labelled.again[point.id] if labelled.again is not None else None,
                contradicted=point.id in labelled.contradicted,
                state=point.state,
                probability=point.probability,
                accused=accused.get(point.id, ""),
                quote=point.quote or nearest,
                keyword_overlap=keyword_overlap[i],
                window_cosine=window_cosine[i],
            )
        )
    weights = [point.weight for point in card.points]
    return Outcome(
        id=labelled.id,
        question=labelled.question.id,
        is_definition=labelled.question.is_definition,
        style=labelled.style,
        group=labelled.group,
        points=tuple(points),
        main=weights.index(max(weights)),
        verdict=card.accuracy.verdict,
        accusations=len(card.accuracy.contradictions),
        to_check=len(card.accuracy.check),
        overall=card.overall,
        structure=card.structure.score,
        rambling=card.rambling.score,
    )
