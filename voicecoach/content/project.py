"""The person's own projects: what they want to have said, beat by beat.

A project is a question of the person's own whose points carry statements (`Point.statement`): the rubric file
holds the statements and nothing is kept beside it. What the judge compares is made from them at each loading,
so that an edit by hand of the file is all it takes.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from voicecoach.content.model import Bank, FollowUp, Point, Question
from voicecoach.content.quantities import spoken

WORDS_PER_S = 2.5
"""150 words a minute, the middle of a good speaking pace."""

STRUCTURE = "walkthrough"
"""The order a project is told in; its beats' shares are the budgets."""

TARGET_S = (60, 90)
"""How long a new one should take to tell, (shortest, longest) in seconds."""

LONGEST_LABEL = 48
"""Characters of a point's label that an 80-column card shows."""

ID_PREFIX = "project-"
LONGEST_ID = 60


@dataclass(frozen=True, slots=True)
class BeatGuide:
    """What a beat of the walkthrough is for.

    Attributes:
        beat: Id of the structure's beat.
        sentences: How much of it there should be.
        belongs: What belongs there, as questions to oneself.
        ask: What an interviewer asks when it was not said.
    """

    beat: str
    sentences: str
    belongs: str
    ask: str


GUIDES = (
    BeatGuide(
        "problem",
        "one sentence",
        "Who had the problem, and what did it cost? The business, not the model.",
        "What was the problem, and who had it?",
    ),
    BeatGuide(
        "data-and-label",
        "one sentence",
        "Where did the data come from, how much of it? What exactly was the label?",
        "What was the data, and what exactly was the label?",
    ),
    BeatGuide(
        "modelling",
        "two to three sentences",
        "The baseline; what you yourself built (I, not we); why this model and not the other.",
        "What was your baseline, and which part was your own work?",
    ),
    BeatGuide(
        "evaluation",
        "one sentence",
        "Which metric on which held-out data, against the baseline, with both numbers?",
        "How did you measure it, and against what?",
    ),
    BeatGuide(
        "impact",
        "one sentence",
        "What changed once it was in use, as a number? Who uses it?",
        "How do you know that it made a difference in production?",
    ),
    BeatGuide(
        "lesson",
        "one sentence",
        "What would you do differently, and why?",
        "What would you do differently today?",
    ),
)
"""In the order of the walkthrough."""

_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9\"“])")
_SHORTHAND = re.compile(
    r"\b(?i:e\.g|i\.e|vs|ca|approx|dr|mr|mrs|no|incl|resp|inc|ltd|corp|st|fig|prof|ph\.d)\.$"
    r"|(?:^|[\s.(])(?<!\b(?i:plan|team|type|test) )(?<!\b(?i:group|class|model|phase) )[A-Z]\.$"
)
"""What ends with a point inside a sentence; a capital letter alone is a name's, or an abbreviation's last."""

_BEGINS = re.compile(
    r"(?:I|We|The|It|They|This|That|These|Those|Then|There|My|Our|A|An|So|But|And|In|At|On|After|Before|When)\b"
)
"""What nothing goes on with after a shorthand: it begins a sentence."""

_CONTROLS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|[\x00-\x1f\x7f-\x9f]")
_WORD = re.compile(r"\w+")
_NOT_IN_ID = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class BeatPlan:
    """What is to be said in one beat, a statement each."""

    beat: str
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Project:
    """A project as its owner wants to tell it.

    Attributes:
        id: Of its question.
        title: Short on-screen form.
        beats: In the order of its structure, those with nothing to say included.
        target_s: How long it should take to tell, (shortest, longest) in seconds.
    """

    id: str
    title: str
    beats: tuple[BeatPlan, ...]
    target_s: tuple[float, float] = TARGET_S

    @property
    def statements(self) -> tuple[str, ...]:
        """Everything, in order."""
        return tuple(statement for plan in self.beats for statement in plan.statements)


@dataclass(frozen=True, slots=True)
class Version:
    """What the files of a question held when they were read, by a hash; both None where there are none."""

    prompt: str | None
    rubric: str | None


def project_of(question: Question) -> Project | None:
    """A question as a project; None where no point of it is a statement of the person's own."""
    if not any(point.statement for point in question.points):
        return None
    beats = tuple(
        BeatPlan(
            beat.id,
            tuple(point.statement for point in question.points if point.beat == beat.id and point.statement),
        )
        for beat in question.structure.beats
    )
    return Project(question.id, question.title, beats, question.target_s)


def projects_of(bank: Bank) -> tuple[Project, ...]:
    """Every project of a bank, by title."""
    found = (project_of(question) for question in bank.questions)
    return tuple(sorted((each for each in found if each is not None), key=lambda each: each.title.casefold()))


def visible(line: str) -> str:
    """A line without its control characters, which come along when text is pasted from a terminal."""
    return _CONTROLS.sub("", line.replace("\t", " "))


def split_statements(text: str) -> tuple[str, ...]:
    """The statements of a text: one a line, or one a sentence where a line has several."""
    found: list[str] = []
    for line in map(visible, text.splitlines()):
        open_end = False
        for sentence in _SENTENCE.split(line.strip()):
            if open_end and not _BEGINS.match(sentence):
                found[-1] = f"{found[-1]} {sentence}"
            elif sentence:
                found.append(sentence)
            open_end = bool(_SHORTHAND.search(sentence))
    return tuple(" ".join(statement.split()) for statement in found)


def seconds_to_say(text: str) -> float:
    """How long a text takes to say at 150 words a minute, its numbers in words."""
    return len(spoken(text).split()) / WORDS_PER_S


def label_of(statement: str) -> str:
    """A statement as the card lists it: cut between words."""
    statement = statement.rstrip(".")
    if len(statement) <= LONGEST_LABEL:
        return statement
    return statement[: LONGEST_LABEL - 1].rpartition(" ")[0].rstrip(" ,;:-") + "…"


def ways_of_saying(statement: str) -> tuple[str, ...]:
    """What an answer is compared with: the statement as it is written, and as it is said.

    Recognisers write numbers either way. Its single clauses are left out: measured on three projects told in
    other words, they made the judge accept a statement after its sentence was taken out twice as often.
    """
    said = spoken(statement)
    return (statement,) if bare(said) == bare(statement) else (statement, said)


def bare(text: str) -> str:
    """The words of a text without case and marks: what two texts are compared by that may say the same."""
    return " ".join(_WORD.findall(text.casefold()))


def script_of(points: Collection[Point]) -> str:
    """The statements of a project as a text to be said."""
    sentences = (_sentence(point.statement) for point in points if point.statement)
    return " ".join(sentences)


def follow_ups_of(points: Collection[Point]) -> tuple[FollowUp, ...]:
    """What is asked when the first statement of a beat was missed."""
    asks = {guide.beat: guide.ask for guide in GUIDES}
    first: dict[str, FollowUp] = {}
    for point in points:
        if point.statement and point.beat in asks:
            first.setdefault(point.beat, FollowUp(point.id, asks[point.beat]))
    return tuple(first.values())


def question_text(title: str) -> str:
    """What is asked about a project."""
    return f"Walk me through this project of yours: {spoken(title).rstrip('.')}."


def new_id(title: str, taken: Collection[str]) -> str:
    """An id for a new project, made from its title.

    Args:
        title: In any script; what an id cannot hold is left out.
        taken: Ids of every question there is.
    """
    stem = (ID_PREFIX + slug(title)).strip("-")[:LONGEST_ID].strip("-")
    return _first_free(stem, taken)


def point_id(statement: str, beat: str, taken: Collection[str]) -> str:
    """An id for a new statement: its first words, so that no later statement is taken for it."""
    words = slug(statement).split("-")[:5]
    return _first_free("-".join(words)[:LONGEST_ID].strip("-") or beat, taken)


def slug(text: str) -> str:
    """The letters and digits of a text, with single hyphens between."""
    return _NOT_IN_ID.sub("-", text.casefold()).strip("-")


def _first_free(stem: str, taken: Collection[str]) -> str:
    number = 1
    name = stem
    while name in taken:
        number += 1
        name = f"{stem}-{number}"
    return name


def _sentence(statement: str) -> str:
    text = statement[:1].upper() + statement[1:]
    return text if text.endswith((".", "!", "?")) else f"{text}."
