"""The values a question is made of."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field, replace
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

FOCUS, AND = "#", "+"
"""`precision#trap+fix` is the question `precision` narrowed to two points; no id has these characters."""

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"“])")

SHORTEST_WINDOW_S = (5.0, 15.0)
"""However little of a question is asked, nobody is held to less than one sentence."""


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
        statement: In a project of the person's own, what they want to have said; else empty.
        spoken: The point as it came in spoken answers. The judge alone reads it.
        denied: What contradicted the point in spoken answers. The judge alone reads it.
    """

    id: str
    label: str
    beat: str
    weight: float
    phrasings: tuple[str, ...]
    contrasts: tuple[Contrast, ...] = ()
    statement: str = ""
    spoken: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WarningRule:
    """Something an interviewer notices in an answer as a whole: one thing is said and another is not.

    Terms are words or runs of words; a term that ends in `*` matches every word that begins so.

    Attributes:
        id: Unique among the rules.
        message: What a person reads, with what to say instead.
        kinds: Kinds of question it applies to.
        when: Terms that must be said, together at least `times` times.
        times: How often.
        unless: Terms of which any one makes the rule silent.
        unless_beats: Beats of which any one, told by a covered or partly covered point, makes it silent.
        unless_own_work: Whether a clause that says what "I" did makes it silent.
    """

    id: str
    message: str
    kinds: tuple[Kind, ...]
    when: tuple[str, ...]
    times: int
    unless: tuple[str, ...] = ()
    unless_beats: tuple[str, ...] = ()
    unless_own_work: bool = False


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What an interviewer asks when a point was missed."""

    point: str
    ask: str


@dataclass(frozen=True, slots=True)
class OtherAnswer:
    """What is said in answer to another question of the bank.

    Attributes:
        title: The other question's short form.
        sentences: Of its model answer.
    """

    title: str
    sentences: tuple[str, ...]


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
        warnings: The rules that apply to an answer.
        recording: A recording of the question beside its prompt file, which wins over any voice.
        remarks: What was said in spoken answers and states no point. The judge alone reads it.
        others: What is said in answer to the other questions of its bank. The judge alone reads it.
        narrowed_from: The whole question, where this one asks for some of its points. An answer is told
            apart from the points that are not asked for as it is when they are.
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
    warnings: tuple[WarningRule, ...] = ()
    recording: Path | None = field(default=None, compare=False)
    remarks: tuple[str, ...] = ()
    others: tuple[OtherAnswer, ...] = field(default=(), compare=False, repr=False)
    narrowed_from: "Question | None" = None

    @property
    def is_definition(self) -> bool:
        """Whether a swapped word makes the answer wrong."""
        return self.kind == "definition"

    @property
    def is_narrowed(self) -> bool:
        """Whether it asks for some points of a question only."""
        return FOCUS in self.id

    @property
    def model_sentences(self) -> tuple[str, ...]:
        """The model answer, sentence by sentence."""
        return tuple(part for part in _SENTENCE_END.split(" ".join(self.model_answer.split())) if part)

    @property
    def whole(self) -> "Question":
        """The question with all its points."""
        return self.narrowed_from or self

    def narrowed(self, point_ids: Collection[str]) -> "Question":
        """The question asked for some of its points only, a question like any other.

        Its id names them, its structure has their beats, and its window is their share of the weight. A
        single point is asked for by its follow-up where it has one.

        Args:
            point_ids: At least one of the points' ids, in any order; others are passed over.

        Raises:
            ValueError: None of them is a point of this question.
        """
        points = tuple(point for point in self.points if point.id in point_ids)
        if not points:
            raise ValueError(f"{self.id} has none of the points {sorted(point_ids)}")
        told = {point.beat for point in points}
        beats = tuple(beat for beat in self.structure.beats if beat.id in told)
        whole = sum(beat.share for beat in beats)
        share = sum(point.weight for point in points) / sum(point.weight for point in self.points)
        shortest, longest = (
            max(least, share * limit) for least, limit in zip(SHORTEST_WINDOW_S, self.target_s, strict=True)
        )
        follow_ups = tuple(each for each in self.follow_ups if each.point in {point.id for point in points})
        labels = "; ".join(point.label for point in points)
        asked = follow_ups[0].ask if len(points) == 1 and follow_ups else f"{self.text} Only this: {labels}."
        return replace(
            self,
            id=f"{whole_id(self.id)}{FOCUS}{AND.join(point.id for point in points)}",
            title=f"{self.title}: {labels}",
            text=asked,
            structure=replace(
                self.structure, beats=tuple(replace(beat, share=beat.share / whole) for beat in beats)
            ),
            target_s=(shortest, longest),
            points=points,
            hint="",
            model_answer="",
            follow_ups=follow_ups,
            warnings=(),
            recording=None,
            narrowed_from=self.whole,
        )


@dataclass(frozen=True, slots=True)
class Slot:
    """Part of a round: `ask` of these questions, ids in the order in which they are the better choice."""

    ask: int
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Round:
    """An interview round: questions asked back to back.

    Attributes:
        id: Unique among the rounds.
        label: What a person sees.
        about: What the round tests, in a sentence or two.
        slots: What is asked, in order.
        trims: Whether it is about length: there are no follow-ups, and an answer over its window is asked for
            once more, with what to leave out.
    """

    id: str
    label: str
    about: str
    slots: tuple[Slot, ...]
    trims: bool = False


@dataclass(frozen=True, slots=True)
class RoleGuide:
    """What one role's interviews come back to.

    Attributes:
        role: The role.
        label: What a person sees.
        about: What its interviewers look for.
        drill: Question ids, the most telling first.
    """

    role: Role
    label: str
    about: str
    drill: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One stretch of a plan.

    Attributes:
        label: What a person sees.
        task: What to do, in a sentence or two.
        last_day: Last day, counted from 1 at the plan's start; the first is the one after the step before.
        questions: Ids to practise in this stretch.
    """

    label: str
    task: str
    last_day: int
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """A way to the interview date.

    Attributes:
        id: Unique among the plans.
        label: What a person sees.
        about: Whom it is for.
        steps: In order, without gaps, from day 1 to the last.
    """

    id: str
    label: str
    about: str
    steps: tuple[PlanStep, ...]

    @property
    def days(self) -> int:
        """How many days it takes; the interview is on the day after the last."""
        return self.steps[-1].last_day


@dataclass(frozen=True, slots=True)
class Bank:
    """Every question at hand, in order of id, with the folders they came from.

    Attributes:
        questions: In order of id.
        structures: The orders in which answers are told.
        sources: The folders, earlier ones overridden by later ones.
        rounds: Interview rounds.
        roles: One guide a role.
        plans: Ways to the interview date.
        left_out: What is wrong with files of the person's own that were passed over, each with file and key.
    """

    questions: tuple[Question, ...]
    structures: tuple[Structure, ...]
    sources: tuple[Path, ...]
    rounds: tuple[Round, ...] = ()
    roles: tuple[RoleGuide, ...] = ()
    plans: tuple[Plan, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def left_out_note(self) -> str:
        """That something was passed over, and why, in a sentence or two; empty where nothing was."""
        if not self.left_out:
            return ""
        more = len(self.left_out) - 1
        others = f" (and {more} more)" if more else ""
        return f"Left out until it is mended: {self.left_out[0]}{others}. `voicecoach check` lists all."

    def find(self, question_id: str) -> Question | None:
        """The question with that id, narrowed to the points that the id names, or None."""
        name, _, points = question_id.partition(FOCUS)
        question = next((q for q in self.questions if q.id == name), None)
        if question is None or name == question_id:
            return question
        wanted = points.split(AND)
        return question.narrowed(wanted) if {*wanted} <= {point.id for point in question.points} else None


def whole_id(question_id: str) -> str:
    """The id of the whole question, whether or not this one is narrowed."""
    return question_id.partition(FOCUS)[0]


def is_of(asked: str, question_id: str) -> bool:
    """Whether what was asked by one id is that question, or some of its points."""
    return question_id in (asked, whole_id(asked))
