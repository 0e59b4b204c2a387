"""The two files of a question that is yet to be written: they load, and their comments say what to write."""

import json
import textwrap
from collections.abc import Iterable
from typing import get_args

from voicecoach.content.check import DEFINITION_POINTS, LONG_POINTS, PLACEHOLDER, words_that_fit
from voicecoach.content.model import Area, Beat, Kind, Level, Role, Structure

USUAL: dict[str, tuple[Kind, Area]] = {
    "walkthrough": ("story", "behavioural"),
    "star": ("story", "behavioural"),
    "concept": ("fundamentals", "modelling"),
    "decision": ("fundamentals", "modelling"),
    "debugging": ("debugging", "evaluation"),
    "design": ("design", "systems"),
    "lifecycle": ("production", "production"),
    "definition": ("definition", "evaluation"),
}
"""What a question told in this order mostly is; one of the person's own counts as a concept."""

LONG_WINDOW, DEFINITION_WINDOW = (60, 90), (10, 30)
"""Seconds, (shortest, longest)."""

WIDTH = 100

_PROMPT = """\
# What is asked. Write over each {mark}; `voicecoach check` lists those that are left.
id = "{id}"   # the file's name
title = {title}   # as lists show it
question = {question}   # as it is said aloud: no symbols
{kinds}
kind = "{kind}"
area = "{area}"   # {areas}
level = "medium"   # {levels}
{beats}
structure = "{structure}"
roles = [{roles}]   # at least one of these
target_s = [{shortest}, {longest}]   # shortest and longest good answer, in seconds

# Shown when somebody asks for a hint. May be left out.
hint = {hint}

# A good answer, written as you would say it. May be left out; then there is none to compare with.
model_answer = \"\"\"
{model_answer}
\"\"\"

# Asked afterwards when their point was missed: "point" is an id from the rubric. May be left out.
follow_ups = [
  {{ point = "{first_beat}", ask = {ask} }},
]
"""

_RUBRIC_HEAD = """\
# What a good answer says: {fewest} to {most} points. Here is one for each part of "{structure}"; a part may
# have several, each with an id of its own. Phrasings are compared with the answer by meaning: write four
# to eight for each point as people say them, in lower case and without symbols, each standing alone.
question = "{id}"
"""

_POINT = """
[[points]]
{comment}
id = "{id}"
label = {label}   # at most 45 characters; the card shows it
beat = "{id}"
weight = 1.0   # 0.5 (nice to have) to 3 (the answer fails without it)
phrasings = [
{phrasings}
]
"""

_CONTRAST = """\
[[points.contrasts]]
phrasings = [
{phrasings}
]
why = {why}
"""

_LABEL = "the point as an instruction, such as: Name the baseline"
_PHRASINGS = (
    "the point in textbook words",
    "the same in plain words, without jargon",
    "the same by an example, with its number if there is one",
    "the same as you would tell a colleague",
)
_WRONG = ("the wrong statement", "the same in other words", "the same as people say it in a hurry")
_WHY = "one sentence: why it is wrong, and what to say instead"


def prompt_skeleton(question_id: str, structure: Structure, title: str = "") -> str:
    """Text of prompts/ID.toml.

    Args:
        question_id: Of the new question.
        structure: The order to tell its answer in.
        title: Short on-screen form; a placeholder when empty.
    """
    kind, area = USUAL.get(structure.id, USUAL["concept"])
    shortest, longest = DEFINITION_WINDOW if kind == "definition" else LONG_WINDOW
    fewest, most = words_that_fit(kind, (shortest, longest))
    return _PROMPT.format(
        mark=PLACEHOLDER,
        id=question_id,
        title=_quoted(title) if title else _to_do("a short form of the question"),
        question=_to_do("the question as an interviewer says it"),
        kind=kind,
        kinds=_comment(f"What sort of question: {_choices(Kind)}"),
        area=area,
        areas=_choices(Area),
        levels=_choices(Level),
        structure=structure.id,
        beats=_comment(f"The order to tell it in: {', '.join(beat.id for beat in structure.beats)}"),
        roles=", ".join(_quoted(role) for role in get_args(Role)),
        shortest=shortest,
        longest=longest,
        hint=_to_do("one sentence that helps to begin, without giving the answer away"),
        model_answer=f"{PLACEHOLDER}: your answer in the order of the structure, {fewest} to {most} words",
        first_beat=structure.beats[0].id,
        ask=_to_do("what an interviewer asks when this point was missed"),
    )


def rubric_skeleton(question_id: str, structure: Structure) -> str:
    """Text of rubrics/ID.toml: one point for each beat.

    Args:
        question_id: Of the new question.
        structure: The order to tell its answer in.
    """
    kind, _ = USUAL.get(structure.id, USUAL["concept"])
    fewest, most = DEFINITION_POINTS if kind == "definition" else LONG_POINTS
    head = _RUBRIC_HEAD.format(id=question_id, structure=structure.id, fewest=fewest, most=most)
    first, *others = (_point(beat) for beat in structure.beats)
    # Wrong statements are what a definition is judged by; elsewhere many a point has none.
    return "".join((head, first, _contrast(in_use=kind == "definition"), *others))


def _point(beat: Beat) -> str:
    cues = " or ".join(f'"{cue}"' for cue in beat.cues[:2])
    comment = _comment(f"{beat.label}. Whatever the topic, people say here such things as {cues}.")
    phrasings = _listed(_PHRASINGS)
    return _POINT.format(comment=comment, id=beat.id, label=_to_do(_LABEL), phrasings=phrasings)


def _contrast(*, in_use: bool) -> str:
    table = _CONTRAST.format(phrasings=_listed(_WRONG), why=_to_do(_WHY))
    if in_use:
        return f"\n# What people get wrong here: three to five wordings of it.\n{table}"
    table = textwrap.indent(table, "# ")
    return f"\n# Take the # away where people get this point wrong; any point may have such a table.\n{table}"


def _comment(text: str) -> str:
    return textwrap.fill(text, WIDTH, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False)


def _listed(tasks: Iterable[str]) -> str:
    return "\n".join(f"  {_to_do(task)}," for task in tasks)


def _to_do(task: str) -> str:
    return _quoted(f"{PLACEHOLDER}: {task}")


def _quoted(text: str) -> str:
    """As a TOML string, which is written as a JSON one is when it holds no control character."""
    return json.dumps(text, ensure_ascii=False)


def _choices(words: object) -> str:
    return ", ".join(get_args(words))
