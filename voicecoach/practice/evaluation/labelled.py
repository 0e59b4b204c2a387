"""Labelled answers: what was said, what an expert heard in it, and the same with vectors.

A folder holds three files of one JSON object a line:
  answers.jsonl        {"id", "question", "style", "text", "duration_s"?, "set"?}
  labels.jsonl         {"id", "labels": {point: "said" | "partly" | "not" | "wrong"}, "contradicted": [point]}
  labels-second.jsonl  the same for some of the answers, by someone else; need not be there
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal, get_args

from voicecoach.content.model import Bank, Question
from voicecoach.errors import EvaluationError
from voicecoach.outside import FileError, one_line, quoted, read_text, shown_key
from voicecoach.practice.reading import AnswerReader
from voicecoach.practice.typed import transcript_of
from voicecoach.scoring.evidence import Answer, Rubric
from voicecoach.scoring.text import tokens

ANSWERS, LABELS, SECOND = "answers.jsonl", "labels.jsonl", "labels-second.jsonl"

Label = Literal["said", "partly", "not", "wrong"]
Group = Literal["development", "test"]
"""Answers that something was chosen on, and answers that nothing was."""

_SAID: dict[Label, float] = {"said": 1.0, "partly": 0.5, "not": 0.0, "wrong": 0.0}

MOST_BYTES = 20_000_000
"""Of one file: some twenty thousand answers."""

LONGEST_ANSWER = 100_000
"""Characters; an hour of speech is half of that."""

LONGEST_NAME = 200
"""Characters of an id or a style."""

LONGEST_S = 24 * 3600


@dataclass(frozen=True, slots=True)
class LabelledAnswer:
    """One answer with its labels.

    Attributes:
        id: Unique in its set.
        question: What was asked.
        style: How it was written ("strong", "vague" …).
        group: Which part of the set it belongs to.
        text: As spoken.
        duration_s: How long it took; None when unknown.
        labels: Per point of the question what an expert heard.
        contradicted: Ids of points that it contradicts, also where they are said rightly elsewhere.
        again: Labels of the second pass; None where there is none.
    """

    id: str
    question: Question
    style: str
    group: Group
    text: str
    duration_s: float | None
    labels: Mapping[str, Label]
    contradicted: frozenset[str]
    again: Mapping[str, Label] | None

    @property
    def said(self) -> dict[str, float]:
        """Per point id 1, 0.5 or 0."""
        return {point: _SAID[label] for point, label in self.labels.items()}


@dataclass(frozen=True, slots=True, eq=False)
class ReadyAnswer(LabelledAnswer):
    """A labelled answer, ready to judge.

    Attributes:
        rubric: Of its question, ready to compare.
        answer: With vectors.
    """

    rubric: Rubric
    answer: Answer


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """The labelled answers of a folder, in the file's order; at least one."""

    folder: Path
    answers: tuple[LabelledAnswer, ...]


@dataclass(frozen=True, slots=True)
class _Labels:
    states: dict[str, Label]
    contradicted: frozenset[str]


def shipped_set() -> Path | None:
    """The folder of a checkout's own labelled answers; None for an installed program."""
    checkout = Path(__file__).resolve().parents[3]
    folder = checkout / "tests" / "data"
    return folder if (checkout / "pyproject.toml").is_file() and (folder / ANSWERS).is_file() else None


def ready(labelled: LabelledAnswer, rubric: Rubric, reader: AnswerReader) -> ReadyAnswer:
    """A labelled answer, ready to judge.

    Args:
        labelled: The answer.
        rubric: Of its question.
        reader: Reads it.
    """
    transcript = transcript_of(labelled.text, labelled.duration_s)
    read = reader.read(rubric, transcript)
    known: dict[str, Any] = {each.name: getattr(labelled, each.name) for each in fields(labelled)}
    return ReadyAnswer(**known, rubric=rubric, answer=read)


def read_labelled(folder: Path, bank: Bank) -> LabelledSet:
    """The labelled answers of a folder.

    Raises:
        EvaluationError: A file cannot be read, or something in it is wrong; file, line and key are named.
    """
    asked: dict[str, tuple[_Line, Question]] = {}
    for line in _lines(folder / ANSWERS):
        name = line.text("id", LONGEST_NAME)
        if name in asked:
            raise line.fault("id", f"is {quoted(name)} a second time")
        question = bank.find(line.text("question", LONGEST_NAME))
        if question is None:
            raise line.fault("question", f"names none in the bank: {quoted(line.fields['question'])}")
        asked[name] = line, question
    if not asked:
        raise EvaluationError(f"{folder / ANSWERS}: has no answers.")
    questions = {name: question for name, (_, question) in asked.items()}
    labels = _read_labels(folder / LABELS, questions)
    for name, (line, _) in asked.items():
        if name not in labels:
            raise line.fault("id", f"is {quoted(name)}, which has no line in {LABELS}")
    second = folder / SECOND
    again = _read_labels(second, questions) if second.exists() else {}
    return LabelledSet(
        folder,
        tuple(
            _labelled(line, question, labels[name], again.get(name))
            for name, (line, question) in asked.items()
        ),
    )


def _labelled(line: "_Line", question: Question, labels: _Labels, again: _Labels | None) -> LabelledAnswer:
    text = line.text("text", LONGEST_ANSWER)
    if not tokens(text):
        raise line.fault("text", "has no words")
    group = line.fields.get("set", "development")
    if group not in get_args(Group):
        raise line.fault("set", f'must be "development" or "test", not {quoted(group)}')
    return LabelledAnswer(
        id=line.text("id", LONGEST_NAME),
        question=question,
        style=line.text("style", LONGEST_NAME),
        group="test" if group == "test" else "development",
        text=text,
        duration_s=line.seconds("duration_s"),
        labels=labels.states,
        contradicted=labels.contradicted,
        again=None if again is None else again.states,
    )


def _read_labels(file: Path, questions: Mapping[str, Question]) -> dict[str, _Labels]:
    """By answer; every point of its question has a label."""
    found: dict[str, _Labels] = {}
    for line in _lines(file):
        name = line.text("id", LONGEST_NAME)
        if name not in questions:
            raise line.fault("id", f"is {quoted(name)}, which no answer in {ANSWERS} has")
        if name in found:
            raise line.fault("id", f"is {quoted(name)} a second time")
        question = questions[name]
        states = line.labels("labels")
        for point in question.points:
            if point.id not in states:
                raise line.fault("labels", f"lacks the point {quoted(point.id)} of {quoted(question.id)}")
        contradicted = line.names("contradicted")
        known = {point.id for point in question.points}
        for key, points in (("labels", states), ("contradicted", contradicted)):
            for point_id in points:
                if point_id not in known:
                    raise line.fault(key, f"names no point of {quoted(question.id)}: {quoted(point_id)}")
        found[name] = _Labels(states, frozenset(contradicted))
    return found


@dataclass(frozen=True, slots=True)
class _Line:
    """One JSON object and where it stands."""

    place: str
    fields: dict[str, object]

    def fault(self, key: str, what: str) -> EvaluationError:
        return EvaluationError(f"{self.place}: {shown_key(key)}: {what}.")

    def text(self, key: str, longest: int) -> str:
        value = self._value(key)
        if not isinstance(value, str) or not value.strip():
            raise self.fault(key, "must be text, and not empty")
        if len(value) > longest:
            raise self.fault(key, f"is longer than {longest} characters")
        try:
            value.encode("utf-8")
        except UnicodeEncodeError as error:
            raise self.fault(key, "holds half of a surrogate pair") from error
        return value

    def seconds(self, key: str) -> float | None:
        value = self.fields.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= LONGEST_S:
            raise self.fault(key, "must be a number of seconds, above 0 and at most a day")
        return float(value)

    def labels(self, key: str) -> dict[str, Label]:
        value = self._value(key)
        if not isinstance(value, dict):
            raise self.fault(key, "must be an object with a label for each point")
        for point, label in value.items():
            if not isinstance(label, str) or label not in _SAID:
                wanted = ", ".join(get_args(Label))
                raise self.fault(
                    key, f"{shown_key(point)} must be labelled one of {wanted}, not {quoted(label)}"
                )
        return value

    def names(self, key: str) -> tuple[str, ...]:
        value = self._value(key)
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise self.fault(key, "must be a list of the points' ids")
        return tuple(value)

    def _value(self, key: str) -> object:
        if key not in self.fields:
            raise self.fault(key, "is missing")
        return self.fields[key]


def _lines(file: Path) -> Iterator[_Line]:
    """Every line but blank ones."""
    try:
        text = read_text(file, MOST_BYTES)
    except FileNotFoundError as error:
        raise EvaluationError(
            f"{file}: there is no such file.", f"A folder of labelled answers has {ANSWERS} and {LABELS}."
        ) from error
    except FileError as error:
        raise EvaluationError(f"{file}: {error}.") from error
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        place = f"{file}: line {number}"
        try:
            value = json.loads(line)
        except RecursionError as error:
            raise EvaluationError(f"{place}: is not JSON: nested too deeply.") from error
        except ValueError as error:
            raise EvaluationError(f"{place}: is not JSON: {one_line(error)}.") from error
        if not isinstance(value, dict):
            raise EvaluationError(f"{place}: is not a JSON object.")
        yield _Line(place, value)
