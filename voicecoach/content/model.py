"""The values a question is made of."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Kind = Literal[
    "story",
    "fundamentals",
    "metrics",
    "data",
    "debugging",
    "experimentation",
    "production",
    "design",
    "llm",
    "coding",
    "definition",
]
Area = Literal["behavioural", "data", "modelling", "evaluation", "production", "systems", "llm", "coding"]
Level = Literal["easy", "medium", "hard"]
Role = Literal["mle", "applied-scientist", "ai-engineer"]


@dataclass(frozen=True, slots=True)
class Beat:
    """One part of a structure, told in its place.

    Attributes:
        id: Unique within its structure.
        label: What a person sees.
        share: Fraction of the target time it should take; a structure's shares sum to 1.
        cues: Sentences as people say them when they are in this beat, whatever the topic.
    """

    id: str
    label: str
    share: float
    cues: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Structure:
    """The order in which an answer of this kind is told."""

    id: str
    label: str
    beats: tuple[Beat, ...]


@dataclass(frozen=True, slots=True)
class Contrast:
    """A common wrong statement beside a point.

    Attributes:
        phrasings: The wrong statement in several wordings.
        why: One sentence: why it is wrong and what to say instead.
    """

    phrasings: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Point:
    """One thing a good answer says.

    Attributes:
        id: Unique within its rubric.
        label: What a person sees, as an instruction ("Name the baseline").
        beat: Id of the structure's beat it belongs to.
        weight: Relative importance, above 0.
        phrasings: The point as people say it: textbook, plain, by example, by formula.
        contrasts: What people get wrong here.
    """

    id: str
    label: str
    beat: str
    weight: float
    phrasings: tuple[str, ...]
    contrasts: tuple[Contrast, ...] = ()


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What an interviewer asks when a point was missed."""

    point: str
    ask: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question with everything needed to ask and judge it.

    Attributes:
        id: Fixed name, so that recordings and results stay comparable.
        title: Short on-screen form.
        text: The question as an interviewer says it aloud.
        kind: What sort of question.
        area: What it is about.
        level: How hard.
        roles: Which interviews ask it.
        structure: The order to tell it in.
        target_s: Window for the answer, (shortest, longest) in seconds.
        points: The rubric.
        hint: A nudge shown before recording; may be empty.
        model_answer: A sayable answer in the structure's order; may be empty.
        follow_ups: Asked when their point was missed.
        recording: A recording of the question beside its prompt file, which wins over any voice.
    """

    id: str
    title: str
    text: str
    kind: Kind
    area: Area
    level: Level
    roles: tuple[Role, ...]
    structure: Structure
    target_s: tuple[float, float]
    points: tuple[Point, ...]
    hint: str = ""
    model_answer: str = ""
    follow_ups: tuple[FollowUp, ...] = ()
    recording: Path | None = field(default=None, compare=False)

    @property
    def is_definition(self) -> bool:
        """Whether a swapped word makes the answer wrong."""
        return self.kind == "definition"


@dataclass(frozen=True, slots=True)
class Bank:
    """Every question at hand, in order of id, with the folders they came from."""

    questions: tuple[Question, ...]
    structures: tuple[Structure, ...]
    sources: tuple[Path, ...]

    def find(self, question_id: str) -> Question | None:
        """The question with that id, or None."""
        return next((q for q in self.questions if q.id == question_id), None)
