"""Measure what the judge hears of people's own projects: a statement a point, and nothing else to go by.

    python -m benchmarks.projects [FILE]

FILE (tests/data/projects.jsonl unless told) has a project a line: {"id", "set", "title", "statements",
"baselines", "decisions", "answers"}: of which statements hold what it was compared with, or a choice with
its reason, and each answer with its "style", its "text", what was "said" of each statement (1, 0 or 0.5), and
what a "second" labeller says of it. They are saved and judged as the app does it, then judged without reading
words, and held against two ways that anyone would try first. The scale and intercept of BARE
(`voicecoach/scoring/coverage.py`) were fitted on the projects of the set "development". A statement counts as
covered by its probability alone; on the card it is half said where its numbers were not.
"""

import argparse
import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.metrics import cohen_kappa_score, f1_score, roc_auc_score

from benchmarks.calibration import fit, log_odds
from benchmarks.judging import Numbers
from benchmarks.labelled import DATA
from voicecoach.config import Paths, Settings, find_paths
from voicecoach.content.model import Question
from voicecoach.embedding.cache import VectorMemory
from voicecoach.embedding.minilm import MiniLmEmbedder
from voicecoach.practice.coach import Coach
from voicecoach.practice.evaluation.baselines import keyword_overlap, window_cosine
from voicecoach.practice.evaluation.figures import best_threshold, calibration_error
from voicecoach.practice.projects import Projects
from voicecoach.practice.reading import Encode, read_rubric, reader_of
from voicecoach.practice.typed import transcript_of
from voicecoach.scoring.evidence import Answer, Rubric, answer_texts
from voicecoach.scoring.judge import judge
from voicecoach.scoring.proof import judge_proof
from voicecoach.scoring.thresholds import SHIPPED
from voicecoach.wiring import Assembly, assemble

BEAT = "modelling"
"""All statements stand in one beat: which one is told where is not what is measured."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What each way makes of one statement in one answer.

    Attributes:
        group: "development" or "test".
        style: Of the answer.
        said: What the label says: 1, 0 or 0.5.
        second: What the second labeller says.
        judged: The card's probability.
        by_sentence: The probability without reading words.
        words: Share of the statement's words in the answer.
        cosine: Best cosine of plain MiniLM.
    """

    group: str
    style: str
    said: float
    second: float
    judged: float
    by_sentence: float
    words: float
    cosine: float


@dataclass(frozen=True, slots=True, eq=False)
class Telling:
    """A project as somebody tells it.

    Attributes:
        project: As it stands in the file.
        told: The answer, likewise.
        rubric: Of the saved project.
        answer: Read.
    """

    project: dict[str, Any]
    told: dict[str, Any]
    rubric: Rubric
    answer: Answer


@dataclass(frozen=True, slots=True)
class Specific:
    """Whether an answer tells a baseline or a decision, and whether that was found.

    Attributes:
        group: "development" or "test".
        kind: "baselines" or "decisions".
        is_told: Whether any statement that holds one was said, by the labels.
        by_words: Whether one was found by the answer's words alone.
        is_found: Whether the card quotes one.
    """

    group: str
    kind: str
    is_told: bool
    by_words: bool
    is_found: bool


def tellings(wired: Assembly, project: dict[str, Any]) -> Iterator[Telling]:
    """Each answer to a project, read as the app does it."""
    question = _saved(wired, project["title"], project["statements"])
    rubric = read_rubric(question, wired.engines.rubric_vectors)
    reader = reader_of(wired.engines)
    for told in project["answers"]:
        yield Telling(project, told, rubric, reader.read(rubric, transcript_of(told["text"], None)))


def heard(telling: Telling, plain: Encode) -> Iterator[Heard]:
    """Each statement of a project in an answer; `plain` embeds without the adapter."""
    rubric, answer, told = telling.rubric, telling.answer, telling.told
    statements = plain([point.statement for point in rubric.question.points])
    by_words, by_sentence = (judge(rubric, each).points for each in (answer, replace(answer, recalls=None)))
    windows = plain(answer_texts(answer.clauses))
    labels = zip(told["said"], told["second"], strict=True)
    ways = zip(by_words, by_sentence, rubric.points, statements, labels, strict=True)
    for by_word, by_whole, point, statement, (said, second) in ways:
        yield Heard(
            telling.project["set"],
            told["style"],
            said,
            second,
            by_word.probability,
            by_whole.probability,
            keyword_overlap(answer, point),
            window_cosine(windows, statement[None]),
        )


def specifics(telling: Telling) -> Iterator[Specific]:
    """What an answer tells of the two, where the project has a statement that holds one."""
    project, told, answer = telling.project, telling.told, telling.answer
    on_card = judge(telling.rubric, answer).proof
    by_words = judge_proof(replace(telling.rubric.question, points=()), answer.clauses, ())
    for kind in ("baselines", "decisions"):
        if project[kind]:
            is_told = any(told["said"][i] == 1 for i in project[kind])
            found = (bool(getattr(proof, kind)) for proof in (by_words, on_card))
            yield Specific(project["set"], kind, is_told, *found)


def _saved(wired: Assembly, title: str, statements: Sequence[str]) -> Question:
    """A project as the app keeps it."""
    engines = wired.engines
    projects = Projects(Coach(engines, wired.bank, engines.paths.takes, lambda: datetime.now(UTC)))
    saved = projects.save(projects.blank(), title, {BEAT: "\n".join(statements)})
    return projects.published(saved.project.id)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", nargs="?", type=Path, default=DATA / "projects.jsonl")
    lines = parser.parse_args().file.read_text("utf-8").splitlines()
    plain = VectorMemory(MiniLmEmbedder(adapted=False)).encode
    found, specific = list[Heard](), list[Specific]()
    with tempfile.TemporaryDirectory() as folder:
        paths = Paths(Path(folder) / "settings.toml", Path(folder) / "data", find_paths().cache)
        wired = assemble(Settings(), paths)
        for project in map(json.loads, lines):
            for telling in tellings(wired, project):
                found += heard(telling, plain)
                specific += specifics(telling)
    for group in ("development", "test"):
        _print_group(group, [each for each in found if each.group == group])
        _print_specifics([each for each in specific if each.group == group])


def _print_specifics(found: Sequence[Specific]) -> None:
    for kind in ("baselines", "decisions"):
        for is_told in (True, False):
            those = [each for each in found if each.kind == kind and each.is_told == is_told]
            quoted, by_words = (
                sum(getattr(each, name) for each in those) for name in ("is_found", "by_words")
            )
            told = "told" if is_told else "not told"
            print(
                f"  {kind} {told}: quoted in {quoted} of {len(those)} answers, by words alone in {by_words}"
            )


def _print_group(group: str, found: Sequence[Heard]) -> None:
    first, second = ([getattr(each, name) == 1 for each in found] for name in ("said", "second"))
    print(f"{group}: {len(found)} statements; kappa of the labels {cohen_kappa_score(first, second):.3f}")
    clear = [each for each in found if each.said != 0.5]
    print(f"  of the {len(clear)} that were clearly said or not:")
    _print_figures(clear)
    for style in dict.fromkeys(each.style for each in clear):
        told = [each for each in clear if each.style == style]
        said, covered, before = (
            np.mean(each)
            for each in (
                [each.said for each in told],
                [each.judged >= SHIPPED.covered for each in told],
                [each.by_sentence >= SHIPPED.covered for each in told],
            )
        )
        print(f"    {style:10} said {said:4.0%}  covered {covered:4.0%}, without words {before:4.0%}")


def _print_figures(found: Sequence[Heard]) -> None:
    truth = np.array([each.said == 1 for each in found])
    judged, by_sentence, words, cosine = (
        np.array([getattr(each, name) for each in found])
        for name in ("judged", "by_sentence", "words", "cosine")
    )
    _print("judge", truth, judged, judged >= SHIPPED.covered)
    scale, shift = fit(log_odds(judged)[:, None], truth, np.ones(len(truth)))
    error = calibration_error(truth, judged)
    print(f"      calibration error {error:.3f}; fitted anew scale {scale[0]:.2f}, shift {shift:.2f}")
    _print("without words", truth, by_sentence, by_sentence >= SHIPPED.covered)
    _print("keywords, best line", truth, words, words >= best_threshold(truth, words))
    _print("cosine, best line", truth, cosine, cosine >= best_threshold(truth, cosine))


def _print(name: str, truth: npt.NDArray[np.bool_], values: Numbers, covered: npt.NDArray[np.bool_]) -> None:
    print(
        f"    {name:20} AUC {roc_auc_score(truth, values):.3f}  F1 {f1_score(truth, covered):.3f}  "
        f"kappa {cohen_kappa_score(truth, covered):.3f}"
    )


if __name__ == "__main__":
    main()
