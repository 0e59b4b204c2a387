"""Spoken answers written for training, each line marked with the points that it states, denies or touches.

    # question-id
    ## style
    [+point] states it            [-point] contradicts it
    [~point] half says it         [] says none of the points

A part of them is held out: the encoder never sees it, and the judge's regression is fitted on it.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

WRITTEN = Path(__file__).resolve().parent / "written"

_LINE = re.compile(r"\[([^\]]*)\] (\S.*)")


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


@dataclass(frozen=True, slots=True)
class WrittenAnswer:
    """The lines of one answer, in order."""

    question: str
    style: str
    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        """All of it."""
        return " ".join(line.text for line in self.lines)


def written_answers(folder: Path = WRITTEN) -> tuple[WrittenAnswer, ...]:
    """Every answer, in the order of the files.

    Raises:
        ValueError: A line is not in the format above; names file and line.
    """
    found: list[WrittenAnswer] = []
    for file in sorted(folder.glob("*.txt")):
        question, style, lines = "", "", list[Line]()
        for number, text in enumerate([*file.read_text("utf-8").splitlines(), "## end"], 1):
            if text.startswith("#"):
                if lines:
                    found.append(WrittenAnswer(question, style, tuple(lines)))
                lines = []
                if text.startswith("## "):
                    style = text[3:].strip()
                else:
                    question = text[2:].strip()
            elif text.strip():
                lines.append(_line(text, f"{file.name}:{number}"))
    return tuple(found)


def held_out(answers: tuple[WrittenAnswer, ...]) -> frozenset[WrittenAnswer]:
    """Of each question the last answer of every style that has three or more; two of six or more."""
    groups: dict[tuple[str, str], list[WrittenAnswer]] = defaultdict(list)
    for answer in answers:
        if answer.style != "extra":
            groups[answer.question, answer.style].append(answer)
    held: set[WrittenAnswer] = set()
    for group in groups.values():
        held |= set(group[-(len(group) // 3) :] if len(group) >= 3 else ())
    return frozenset(held)


def _line(text: str, where: str) -> Line:
    found = _LINE.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{where}: not a marked line: {text[:60]}")
    marks = found[1].split()
    states, denies, touches = (frozenset(m[1:] for m in marks if m[0] == sign) for sign in "+-~")
    return Line(found[2], states, denies, touches)
