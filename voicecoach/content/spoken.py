"""Spoken answers beside a rubric, each line marked with the points that it states, denies or touches.

rubrics/spoken/ID.txt holds those to one question:

    ## style
    [+point] states it            [-point] contradicts it
    [~point] half says it         [] says none of the points
    # [+point] put aside: not read

The judge knows a point by the lines that state it alone, beside its phrasings, what contradicts it by those
that deny it, and what people say besides by those that say none. The embedder's adapter learns from all of
them (benchmarks/train_adapter.py).
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from voicecoach.outside import FileError, quoted, read_text

SPOKEN = "spoken"
"""Folder in rubrics/ that holds them."""

MOST_BYTES = 1_000_000
"""Of one file: ten thousand lines."""

_LINE = re.compile(r"\[([^\]]*)\] (\S.*)")
_MARKS = re.compile(r"^[^\S\n]*\[([^\]\n]*)\]", re.MULTILINE)
_ASIDE = "# "
_SIGNS = "+-~"


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence as someone says it.

    Attributes:
        text: The sentence.
        states: Ids of the points that it conveys.
        denies: Ids of the points that it contradicts.
        touches: Ids of the points that it half says.
    """

    text: str
    states: frozenset[str] = frozenset()
    denies: frozenset[str] = frozenset()
    touches: frozenset[str] = frozenset()

    @property
    def points(self) -> frozenset[str]:
        """Ids of all points that it is marked with."""
        return self.states | self.denies | self.touches


@dataclass(frozen=True, slots=True)
class SpokenAnswer:
    """The lines of one answer, in order."""

    question: str
    style: str
    lines: tuple[Line, ...]


def read_spoken(path: Path) -> tuple[tuple[SpokenAnswer, ...], tuple[str, ...]]:
    """The answers of a file, whose name is their question's id, and what is wrong with it.

    A problem follows the file's name and names the line.
    """
    try:
        text = read_text(path, MOST_BYTES)
    except FileNotFoundError:  # a link to nothing
        return (), ("is not a file that can be read",)
    except FileError as problem:
        return (), (str(problem),)
    answers: list[SpokenAnswer] = []
    problems: list[str] = []
    style, lines = "", list[Line]()
    for number, row in enumerate([*text.splitlines(), "## "], 1):
        if row.startswith("## "):
            if lines:
                answers.append(SpokenAnswer(path.stem, style, tuple(lines)))
            style, lines = row[3:].strip(), []
        elif row.strip() and not row.startswith(f"{_ASIDE}["):
            line = _line(row)
            if line is None:
                problems.append(f"line {number}: {quoted(row)} is no line such as `[+point] what was said`")
            else:
                lines.append(line)
    return tuple(answers), tuple(problems)


def states_alone(answers: Collection[SpokenAnswer], point: str) -> tuple[str, ...]:
    """What states this point and nothing else, each text once."""
    lines = (line for answer in answers for line in answer.lines)
    only = (line.text for line in lines if line.states == {point} and not line.denies and not line.touches)
    return tuple(dict.fromkeys(only))


def denies(answers: Collection[SpokenAnswer], point: str) -> tuple[str, ...]:
    """What contradicts this point and states none, each text once: half of a mixed line is right."""
    lines = (line for answer in answers for line in answer.lines)
    return tuple(dict.fromkeys(line.text for line in lines if point in line.denies and not line.states))


def remarks(answers: Collection[SpokenAnswer]) -> tuple[str, ...]:
    """What says no point, each text once."""
    lines = (line for answer in answers for line in answer.lines)
    return tuple(dict.fromkeys(line.text for line in lines if not line.points))


def without(text: str, points: Collection[str]) -> str:
    """The text of a file with the lines put aside that are marked with any of these points.

    Without the mark alone a line would be read as what says no point, or wholly another.
    """

    def left(found: re.Match[str]) -> str:
        names = {mark[1:] for mark in found[1].split()}
        return found[0] if names.isdisjoint(points) else _ASIDE + found[0].lstrip()

    return _MARKS.sub(left, text)


def _line(row: str) -> Line | None:
    found = _LINE.fullmatch(row.strip())
    marks = found[1].split() if found else []
    if found is None or any(mark[0] not in _SIGNS or len(mark) == 1 for mark in marks):
        return None
    states, denied, touches = (frozenset(m[1:] for m in marks if m[0] == sign) for sign in _SIGNS)
    return Line(found[2], states, denied, touches)
