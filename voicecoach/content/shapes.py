"""What the files of a bank may hold, and in plain words what is wrong with one."""

import difflib
import math
import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from voicecoach.content.model import Area, Kind, Level, Role
from voicecoach.outside import one_line, quoted, shown_key

SHARE_TOLERANCE = 0.001
"""How far the shares of a structure's beats may be from 1 in sum."""

MOST_PROBLEMS_TOLD = 50
"""So many problems of one file are told; who has more has the wrong file."""

MOST_ITEMS = 1000
"""Of any list in a file: every point, phrasing or question of a person's whole life."""

LONGEST_TARGET_S = 2 * 60 * 60
HEAVIEST_POINT = 100
LAST_DAY = 1000
MOST_TIMES = 1000
LONGEST_NAME = 100

_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")
"""Unicode's control characters but for those that are white space."""


def _one_line(text: str) -> str:
    if _CONTROL.search(text):
        raise ValueError("holds a control character")
    return " ".join(text.split())


def _not_blank(text: str) -> str:
    if not text:
        raise ValueError("must not be blank")
    return text


def is_name(text: str) -> bool:
    """Whether something may be called so: a question, a point, a beat."""
    return len(text) <= LONGEST_NAME and _NAME.fullmatch(text) is not None


def _name(text: str) -> str:
    if len(text) > LONGEST_NAME:
        raise ValueError(f"must not be longer than {LONGEST_NAME} characters")
    if not is_name(text):
        raise ValueError("must be lower-case letters and digits, with single hyphens between words")
    return text


def _window(seconds: list[float]) -> list[float]:
    if len(seconds) != 2:
        raise ValueError("must be two numbers, [shortest, longest] in seconds")
    if not seconds[0] < seconds[1]:
        raise ValueError("the first number (shortest) must be below the second (longest)")
    return seconds


def _each_once(roles: list[Role]) -> list[Role]:
    if len(set(roles)) < len(roles):
        raise ValueError("names a role twice")
    return roles


def _days(days: list[int]) -> list[int]:
    if len(days) != 2 or not 1 <= days[0] <= days[1] <= LAST_DAY:
        raise ValueError(f"must be two day numbers, [first, last], from 1 to {LAST_DAY}")
    return days


OptionalText = Annotated[str, AfterValidator(_one_line)]
Text = Annotated[OptionalText, AfterValidator(_not_blank)]
Name = Annotated[str, AfterValidator(_name)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Seconds = Annotated[Positive, Field(le=LONGEST_TARGET_S)]
Weight = Annotated[Positive, Field(le=HEAVIEST_POINT)]
Count = Annotated[int, Field(ge=1, le=MOST_TIMES)]
Texts = Annotated[list[Text], Field(min_length=1, max_length=MOST_ITEMS)]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class FollowUpShape(_Shape):
    """One of a prompt's follow_ups."""

    point: Name
    ask: Text


class PromptShape(_Shape):
    """prompts/ID.toml."""

    id: Name
    title: Text
    question: Text
    kind: Kind
    area: Area
    level: Level
    structure: Name
    roles: Annotated[list[Role], Field(min_length=1, max_length=MOST_ITEMS), AfterValidator(_each_once)]
    target_s: Annotated[list[Seconds], AfterValidator(_window)]
    hint: OptionalText = ""
    model_answer: OptionalText = ""
    follow_ups: Annotated[list[FollowUpShape], Field(max_length=MOST_ITEMS)] = []


class ContrastShape(_Shape):
    """One of a point's contrasts."""

    phrasings: Texts
    why: Text


class PointShape(_Shape):
    """One of a rubric's points."""

    id: Name
    label: OptionalText = ""
    beat: Name
    weight: Weight
    statement: OptionalText = ""
    phrasings: Annotated[list[Text], Field(max_length=MOST_ITEMS)] = []
    contrasts: Annotated[list[ContrastShape], Field(max_length=MOST_ITEMS)] = []


class RubricShape(_Shape):
    """rubrics/ID.toml."""

    question: Name
    points: Annotated[list[PointShape], Field(min_length=1, max_length=MOST_ITEMS)]


class BeatShape(_Shape):
    """One of a structure's beats."""

    id: Name
    label: Text
    share: Annotated[Positive, Field(le=1)]
    cues: Texts


class StructureShape(_Shape):
    """One structure."""

    id: Name
    label: Text
    beats: Annotated[list[BeatShape], Field(min_length=1, max_length=MOST_ITEMS)]


class StructuresShape(_Shape):
    """rubrics/structures.toml."""

    structures: Annotated[list[StructureShape], Field(min_length=1, max_length=MOST_ITEMS)]


class WarningShape(_Shape):
    """One warning rule."""

    id: Name
    message: Text
    kinds: Annotated[list[Kind], Field(min_length=1, max_length=MOST_ITEMS)]
    when: Texts
    times: Count = 1
    unless: Annotated[list[Text], Field(max_length=MOST_ITEMS)] = []
    unless_beats: Annotated[list[Name], Field(max_length=MOST_ITEMS)] = []
    unless_own_work: bool = False


class WarningsShape(_Shape):
    """rubrics/warnings.toml."""

    warnings: Annotated[list[WarningShape], Field(max_length=MOST_ITEMS)]


class SlotShape(_Shape):
    """One of a round's slots."""

    ask: Count
    questions: Annotated[list[Name], Field(min_length=1, max_length=MOST_ITEMS)]


class RoundShape(_Shape):
    """One round."""

    id: Name
    label: Text
    about: Text
    slots: Annotated[list[SlotShape], Field(min_length=1, max_length=MOST_ITEMS)]
    trims: bool = False


class RoleShape(_Shape):
    """One role's guide."""

    id: Role
    label: Text
    about: Text
    drill: Annotated[list[Name], Field(min_length=1, max_length=MOST_ITEMS)]


class PlanStepShape(_Shape):
    """One of a plan's steps."""

    label: Text
    task: Text
    days: Annotated[list[int], AfterValidator(_days)]
    questions: Annotated[list[Name], Field(max_length=MOST_ITEMS)] = []


def _without_gaps(steps: list[PlanStepShape]) -> list[PlanStepShape]:
    for before, after in pairwise(steps):
        if after.days[0] != before.days[1] + 1:
            raise ValueError(f"day {after.days[0]} must follow on day {before.days[1]}: no gap, no overlap")
    if steps and steps[0].days[0] != 1:
        raise ValueError("the first step must begin on day 1")
    return steps


class PlanShape(_Shape):
    """One plan."""

    id: Name
    label: Text
    about: Text
    steps: Annotated[
        list[PlanStepShape], Field(min_length=1, max_length=MOST_ITEMS), AfterValidator(_without_gaps)
    ]


class TrainingShape(_Shape):
    """prompts/training.toml."""

    rounds: Annotated[list[RoundShape], Field(max_length=MOST_ITEMS)] = []
    roles: Annotated[list[RoleShape], Field(max_length=MOST_ITEMS)] = []
    plans: Annotated[list[PlanShape], Field(max_length=MOST_ITEMS)] = []


_PARTS: dict[type[BaseModel], tuple[type[BaseModel], ...]] = {
    PromptShape: (FollowUpShape,),
    RubricShape: (PointShape, ContrastShape),
    StructuresShape: (StructureShape, BeatShape),
    WarningsShape: (WarningShape,),
    TrainingShape: (RoundShape, SlotShape, RoleShape, PlanShape, PlanStepShape),
}

ShapeT = TypeVar("ShapeT", PromptShape, RubricShape, StructuresShape, WarningsShape, TrainingShape)


def read_shape(shape: type[ShapeT], raw: dict[str, Any]) -> tuple[ShapeT | None, tuple[str, ...]]:
    """The checked values of one file, or every problem with it.

    Args:
        shape: What the file should hold.
        raw: The parsed TOML.

    Returns:
        The values (None when any is wrong), and the problems, each "KEY: WHAT IS WRONG".
    """
    problems: list[str] = []
    values: ShapeT | None = None
    try:
        values = shape.model_validate(raw)
    except ValidationError as error:
        problems += [
            f"{_key_path(detail['loc'])}: {_in_words(shape, detail)}"
            for detail in error.errors(include_url=False, include_input=True)[:MOST_PROBLEMS_TOLD]
        ]
    if shape is RubricShape:
        problems += _repeated_ids(raw, "points")
        problems += _unworded(raw)
    if shape is StructuresShape:
        problems += _repeated_ids(raw, "structures")
        for index, structure in enumerate(tables(raw, "structures")):
            problems += _repeated_ids(structure, "beats", f"structures[{index}].")
            problems += _wrong_shares(structure, f"structures[{index}].")
    if shape is WarningsShape:
        problems += _repeated_ids(raw, "warnings")
    if shape is TrainingShape:
        for key in ("rounds", "roles", "plans"):
            problems += _repeated_ids(raw, key)
    more = len(problems) - MOST_PROBLEMS_TOLD
    told = [*problems[:MOST_PROBLEMS_TOLD], f"and {more} problems more"] if more > 0 else problems
    return (None if problems else values), tuple(told)


def tables(raw: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """The tables of an array of tables, whatever else is wrong with the file; a stand-in for what is none.

    Files are looked through beyond their first mistake, so that all mistakes are told at once.
    """
    found = raw.get(key)
    return [item if isinstance(item, dict) else {} for item in found] if isinstance(found, list) else []


def _repeated_ids(raw: dict[str, Any], key: str, prefix: str = "") -> list[str]:
    problems: list[str] = []
    seen: set[str] = set()
    for index, table in enumerate(tables(raw, key)):
        name = table.get("id")
        if isinstance(name, str):
            if name in seen:
                problems.append(f"{prefix}{key}[{index}].id: {quoted(name)} is there more than once")
            seen.add(name)
    return problems


def _unworded(raw: dict[str, Any]) -> list[str]:
    """A point needs a label and phrasings, but for one with a statement, which has both from it."""
    problems: list[str] = []
    for index, point in enumerate(tables(raw, "points")):
        if isinstance(point.get("statement"), str) and point["statement"].strip():
            continue
        for key in ("label", "phrasings"):
            if key not in point:
                problems.append(f"points[{index}].{key}: is missing")
            elif isinstance(point[key], str) and not point[key].strip():
                problems.append(f"points[{index}].{key}: must not be blank")
            elif point[key] == []:
                problems.append(f"points[{index}].{key}: must not be empty")
    return problems


def _wrong_shares(structure: dict[str, Any], prefix: str) -> list[str]:
    shares = [beat.get("share") for beat in tables(structure, "beats")]
    numbers = [share for share in shares if isinstance(share, int | float) and 0 < share <= 1]
    if not shares or len(numbers) < len(shares):  # told beat by beat already
        return []
    total = math.fsum(numbers)
    if abs(total - 1) <= SHARE_TOLERANCE:
        return []
    return [f"{prefix}beats: the shares sum to {total:.3f}, not 1"]


def _key_path(place: Sequence[str | int]) -> str:
    path = ""
    for step in place:
        if isinstance(step, int):
            path += f"[{step}]"
        else:
            path += f".{shown_key(step)}" if path else shown_key(step)
    return path


_WORDS = {
    "missing": "is missing",
    "string_type": "must be text in quotes",
    "float_type": "must be a number",
    "list_type": "must be a list",
    "model_type": "must be a table",
    "greater_than": "must be above {gt:g}",
    "greater_than_equal": "must not be below {ge:g}",
    "int_type": "must be a whole number",
    "less_than_equal": "must not be above {le:g}",
    "finite_number": "must be a finite number",
    "too_short": "must not be empty",
    "too_long": "must not hold more than {max_length}",
    "value_error": "{error}",
}
"""What pydantic calls a mistake, as a person would."""


def _in_words(shape: type[BaseModel], detail: ErrorDetails) -> str:
    if detail["type"] == "extra_forbidden":
        return "is not a key that is known here" + _suggestion(shape, str(detail["loc"][-1]))
    if detail["type"] == "literal_error":
        return f"{quoted(detail['input'])} is not one of {detail['ctx']['expected']}"
    words = _WORDS.get(detail["type"])
    return words.format_map(detail.get("ctx", {})) if words else one_line(detail["msg"])


def _suggestion(shape: type[BaseModel], key: str) -> str:
    keys = {known for part in (shape, *_PARTS[shape]) for known in part.model_fields}
    near = difflib.get_close_matches(key[:LONGEST_NAME], sorted(keys), n=1)
    return f" (is {near[0]!r} meant?)" if near else ""
