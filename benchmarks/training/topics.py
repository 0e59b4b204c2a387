"""Texts about one thing, with what each of them states: what a training step draws from.

A bank question is a topic: its wordings, and windows cut from the answers written for it. So is a motion of
ArgKP (arguments and key points) and a question of SemEval-2013 task 7 (student and reference answers).
"""

import json
import random
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from voicecoach.content.model import Bank, Question
from voicecoach.content.spoken import SPOKEN, Line, SpokenAnswer, read_spoken
from voicecoach.scoring.evidence import nearest_contrast

Embed = Callable[[list[str]], npt.NDArray[np.float32]]

FILLERS = ("um", "uh", "so", "like", "you know", "i mean", "basically", "er")
LINES_A_WINDOW = (0.55, 0.3, 0.15)
"""How often a window has one, two and three lines."""
POINTS_A_DRAW = 4
CHATTER = Path(__file__).resolve().parent / "chatter.txt"
PUBLIC = ("argkp", "semeval_beetle", "semeval_scientsbank")
"""Sets whose licences allow a model that ships to learn from them; only their training parts are read."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text and what it states.

    Attributes:
        text: As said.
        states: Ids of statements: a point's, or a point's with "!" and the contrast's index.
        unsure: Statements that it may or may not state; an id that ends in "!" stands for all
            contrasts of a point.
        is_wording: Whether the rubric itself has it.
    """

    text: str
    states: frozenset[str]
    unsure: frozenset[str] = frozenset()
    is_wording: bool = False

    def may_state(self, statement: str) -> bool:
        """Whether nothing is known of the two."""
        point, mark, _ = statement.partition("!")
        return statement in self.unsure or (bool(mark) and f"{point}!" in self.unsure)


@dataclass(frozen=True, slots=True)
class Topic:
    """Wordings by statement, answers as lines, and texts that stand alone."""

    id: str
    wordings: dict[str, tuple[str, ...]]
    answers: tuple[tuple[Line, ...], ...] = ()
    loose: tuple[Text, ...] = ()

    def draw(self, size: int, chance: random.Random, vocabulary: list[str]) -> list[Text]:
        """So many texts: two wordings of a few points and of one contrast each, then what people said."""
        points = [statement for statement in self.wordings if "!" not in statement]
        chance.shuffle(points)
        drawn: list[Text] = []
        for point in points[:POINTS_A_DRAW]:
            contrasts = [s for s in self.wordings if s.startswith(f"{point}!")]
            for statement in (point, *chance.sample(contrasts, min(1, len(contrasts)))):
                wordings = self.wordings[statement]
                two = chance.sample(wordings, min(2, len(wordings)))
                drawn += [Text(text, frozenset([statement]), is_wording=True) for text in two]
        if self.loose:
            drawn = chance.sample(drawn, min(len(drawn), size // 2))
            said: Iterable[Text] = chance.sample(self.loose, min(len(self.loose), size - len(drawn)))
        else:
            drawn = drawn[:size]
            said = [self._window(chance) for _ in range(size - len(drawn))] if self.answers else []
        return drawn + [replace(t, text=misheard(t.text, chance, vocabulary)) for t in said]

    def _window(self, chance: random.Random) -> Text:
        found = window(chance.choice(self.answers), chance)
        if not found.states and chance.random() < 0.35:
            found = window(chance.choice(self.answers), chance)
        return found


def window(lines: tuple[Line, ...], chance: random.Random) -> Text:
    """One to three lines running, with what they state together."""
    (count,) = chance.choices((1, 2, 3), LINES_A_WINDOW)
    first = chance.randrange(max(1, len(lines) - count + 1))
    run = lines[first : first + count]
    states, denies, touches = (
        frozenset().union(*(getattr(line, name) for line in run)) for name in ("states", "denies", "touches")
    )
    both = states & denies
    unsure = (touches - states) | both
    return Text(
        " ".join(line.text for line in run),
        states - both,
        unsure | {f"{point.partition('!')[0]}!" for point in denies | touches | states},
    )


def spoken_answers(bank: Bank) -> tuple[SpokenAnswer, ...]:
    """Every answer beside the rubrics of a bank."""
    files = sorted(file for folder in bank.sources for file in (folder / "rubrics" / SPOKEN).glob("*.txt"))
    return tuple(answer for file in files for answer in read_spoken(file)[0])


def bank_topics(
    bank: Bank, answers: Collection[SpokenAnswer], embed: Embed, left_out: Collection[str] = ()
) -> tuple[Topic, ...]:
    """A topic for every question of the bank but those left out, with the answers given.

    A line that denies a point states the contrast that it is nearest to, where one is clearly near enough.

    Args:
        bank: The questions.
        answers: What was said to them.
        embed: Gives unit vectors of texts; MiniLM's before it has learned anything here.
        left_out: Ids of questions.
    """
    lines: dict[str, list[tuple[Line, ...]]] = defaultdict(list)
    for answer in answers:
        lines[answer.question].append(answer.lines)
    topics = []
    for question in bank.questions:
        if question.id not in left_out:
            wordings = _wordings(question)
            fallen = _fallen_into(wordings, [line for run in lines[question.id] for line in run], embed)
            runs = tuple(tuple(fallen.get(line, line) for line in run) for run in lines[question.id])
            topics.append(Topic(question.id, wordings, runs))
    return tuple(topics)


def _fallen_into(
    wordings: Mapping[str, tuple[str, ...]], lines: Iterable[Line], embed: Embed
) -> dict[Line, Line]:
    """The lines that deny a point, each with the contrasts that it states."""
    denying = [line for line in lines if line.denies]
    if not denying:
        return {}
    contrasts: dict[str, list[tuple[str, npt.NDArray[np.float32]]]] = defaultdict(list)
    for statement, texts in wordings.items():
        if "!" in statement:
            contrasts[statement.partition("!")[0]].append((statement, embed(list(texts))))
    found = {}
    for line, vector in zip(denying, embed([line.text for line in denying]), strict=True):
        states: set[str] = set()
        for point in line.denies - line.states:
            fall = nearest_contrast(vector, [vectors for _, vectors in contrasts[point]])
            if fall is not None:
                states.add(contrasts[point][fall][0])
        found[line] = replace(line, states=line.states | states)
    return found


def public_topics(folder: Path) -> tuple[Topic, ...]:
    """The topics of the training parts of ArgKP and SemEval, a JSON line a labelled pair."""
    return tuple(topic for name in PUBLIC for topic in _public(folder / f"{name}.jsonl"))


def chatter(file: Path = CHATTER) -> Topic:
    """What people talk about besides: its texts state nothing that any other text states."""
    lines = [line for line in file.read_text("utf-8").splitlines() if line.strip()]
    return Topic("chatter", {}, (), tuple(Text(line, frozenset()) for line in lines))


def misheard(text: str, chance: random.Random, vocabulary: list[str]) -> str:
    """The text as a recogniser might have it: half of them bare of case and stops, a third with slips."""
    if chance.random() < 0.5:
        text = re.sub(r"[^\w' ]+", " ", text).lower()
    words: list[str] = []
    slips = chance.random() < 0.35
    for word in text.split():
        slip = chance.random() if slips else 1.0
        if slip < 0.04:
            continue
        if slip < 0.08:
            words.append(chance.choice(vocabulary))
            continue
        if slip < 0.12:
            words.append(chance.choice(FILLERS))
        words.append(word)
    return " ".join(words) or text


def _wordings(question: Question) -> dict[str, tuple[str, ...]]:
    found = {}
    for point in question.points:
        found[point.id] = point.phrasings
        for index, contrast in enumerate(point.contrasts):
            found[f"{point.id}!{index}"] = contrast.phrasings
    return found


def _public(file: Path) -> list[Topic]:
    rows: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for line in file.read_text("utf-8").splitlines():
        row = json.loads(line)
        if row["split"] == "train":
            rows[row["question"], str(row.get("stance"))].append(row)
    return [_public_topic(f"{file.stem}: {asked} {side}", group) for (asked, side), group in rows.items()]


def _public_topic(name: str, rows: list[dict[str, Any]]) -> Topic:
    """Each reference of ArgKP is a statement of its own; those of a SemEval question all say the same."""
    graded = "stance" not in rows[0]
    wordings: dict[str, dict[str, None]] = defaultdict(dict)
    states: dict[str, set[str]] = defaultdict(set)
    unsure: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        statement = "right" if graded else row["reference"][0]
        wordings[statement].update(dict.fromkeys(row["reference"]))
        if row["label"] in (1, "correct"):
            states[row["answer"]].add(statement)
        elif row["label"] is None:
            unsure[row["answer"]].add(statement)
    said = dict.fromkeys(row["answer"] for row in rows)
    loose = tuple(Text(text, frozenset(states[text]), frozenset(unsure[text])) for text in said)
    return Topic(name, {statement: tuple(texts) for statement, texts in wordings.items()}, (), loose)
