"""The labelled development set: answers written without sight of the rubrics, labelled per point."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from voicecoach.config import Settings, find_paths
from voicecoach.content.model import Question
from voicecoach.practice.reading import read_answer, read_rubric
from voicecoach.practice.typed import transcript_of
from voicecoach.scoring.evidence import Answer, Rubric
from voicecoach.wiring import Assembly, assemble

DATA = Path(__file__).resolve().parent.parent / "tests" / "data"
SAID = {"said": 1.0, "partly": 0.5, "not": 0.0, "wrong": 0.0}


@dataclass(frozen=True, slots=True)
class LabelledAnswer:
    """One answer with its labels.

    Attributes:
        id: Question and style.
        question: What was asked.
        style: How it was written ("strong", "vague" …).
        said: Per point id 1, 0.5 or 0.
        contradicted: Ids of points that it contradicts.
        rubric: Ready to compare.
        answer: Ready to judge.
    """

    id: str
    question: Question
    style: str
    said: dict[str, float]
    contradicted: frozenset[str]
    rubric: Rubric
    answer: Answer


def load(assembly: Assembly | None = None) -> list[LabelledAnswer]:
    """Every labelled answer with its vectors; the embedder's work is cached between runs."""
    wired = assembly or assemble(Settings(), find_paths())
    labels = {entry["id"]: entry for entry in _lines("labels.jsonl")}
    asked = labelled_questions()
    rubrics = {
        q.id: read_rubric(q, wired.engines.rubric_vectors) for q in wired.bank.questions if q.id in asked
    }
    found = []
    for entry in _lines("answers.jsonl"):
        rubric = rubrics[entry["question"]]
        label = labels[entry["id"]]
        found.append(
            LabelledAnswer(
                id=entry["id"],
                question=rubric.question,
                style=entry["style"],
                said={point: SAID[state] for point, state in label["labels"].items()},
                contradicted=frozenset(label["contradicted"]),
                rubric=rubric,
                # The vectors of answers are cached like those of rubrics here: the set is fixed.
                answer=read_answer(
                    transcript_of(entry["text"], entry["duration_s"]), (), wired.engines.rubric_vectors
                ),
            )
        )
    return found


def labelled_questions() -> set[str]:
    """Ids of the questions that have labelled answers."""
    return {entry["question"] for entry in _lines("answers.jsonl")}


def _lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (DATA / name).read_text("utf-8").splitlines()]
