"""Fit the coverage regression on the development answers; print it and what it reaches on others.

    python -m benchmarks.fit_judge [--adapter FILE]

With FILE the answers are read through that adapter instead of the one that ships: what a candidate is worth.
"""

import argparse
import random
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from sklearn.metrics import cohen_kappa_score, f1_score, roc_auc_score

from benchmarks.labelled import DATA, LabelledAnswer
from voicecoach.config import Settings, find_paths
from voicecoach.embedding.cache import VectorMemory
from voicecoach.embedding.minilm import MiniLmEmbedder
from voicecoach.practice.evaluation.labelled import read_labelled, ready
from voicecoach.practice.reading import AnswerReader, Encode, read_rubric
from voicecoach.practice.typed import transcript_of
from voicecoach.scoring.coverage import DEFINITION, FEATURES, LONG, Regression, features
from voicecoach.wiring import assemble

Matrix = npt.NDArray[np.float64]

PULL = 0.003
"""How strongly the weights stay near the shipped ones: 2,000 labels hardly settle correlated features."""
ROUNDS = 8

ELSEWHERE = 0.15
"""Beside each labelled point of a definition so many of model answers to other terms, as not said.

Labelled definitions are all about their term and cannot tell what talk about another is worth; of the long
answers some are off topic.
"""
SEED = 1


def fit(evidence: list[Matrix], said: Matrix, start: Regression) -> Regression:
    """Weights (not below zero) and intercept; each point is represented by its most likely window."""
    found = start
    for _ in range(ROUNDS):
        best = np.array([table[np.argmax(table @ np.array(found.weights))] for table in evidence])
        found = _regress(best, said, start)
    return found


def _regress(best: Matrix, said: Matrix, start: Regression) -> Regression:
    anchor = np.array(start.weights)

    def loss(parameters: Matrix) -> tuple[float, Matrix]:
        logits = best @ parameters[:-1] + parameters[-1]
        error = 1 / (1 + np.exp(-logits)) - said
        away = parameters[:-1] - anchor
        value = float((np.logaddexp(0, logits) - said * logits).mean() + PULL / 2 * (away**2).sum())
        return value, np.append(best.T @ error / len(said) + PULL * away, error.mean())

    bounds = [(0.0, None)] * len(anchor) + [(None, None)]
    solved = minimize(loss, np.append(anchor, start.intercept), jac=True, bounds=bounds, method="L-BFGS-B")
    *weights, intercept = (float(value) for value in solved.x)
    return Regression(tuple(weights), intercept)


def _table(answers: list[LabelledAnswer]) -> tuple[list[Matrix], Matrix, list[str]]:
    evidence, said, questions = [], [], []
    for labelled in answers:
        found = features(labelled.rubric, labelled.answer)
        for i, point in enumerate(labelled.question.points):
            evidence.append(found[i])
            said.append(labelled.said[point.id])
            questions.append(labelled.question.id)
    return evidence, np.array(said), questions


def _elsewhere(answers: list[LabelledAnswer], encode: Encode, count: int) -> list[Matrix]:
    """Evidence for points of these answers' questions in model answers to others among them."""
    rubrics = {each.question.id: each.rubric for each in answers}
    told = {
        name: AnswerReader(encode, None, None).read(rubric, transcript_of(rubric.question.model_answer, None))
        for name, rubric in sorted(rubrics.items())
    }
    tables = [
        table
        for name, rubric in sorted(rubrics.items())
        for other, answer in told.items()
        if other != name
        for table in features(rubric, answer)
    ]
    return random.Random(SEED).sample(tables, min(count, len(tables)))  # noqa: S311 - no secret


def _with_those(evidence: list[Matrix], said: Matrix, elsewhere: list[Matrix]) -> tuple[list[Matrix], Matrix]:
    return [*evidence, *elsewhere], np.append(said, np.zeros(len(elsewhere)))


def _report(
    name: str,
    development: list[LabelledAnswer],
    test: list[LabelledAnswer],
    shipped: Regression,
    encode: Encode,
) -> None:
    evidence, said, questions = _table(development)
    is_definition = development[0].question.is_definition
    elsewhere = _elsewhere(development, encode, round(ELSEWHERE * len(said))) if is_definition else []
    held_out = np.zeros(len(said))
    for question in sorted(set(questions)):
        train = [i for i, q in enumerate(questions) if q != question]
        found = fit(*_with_those([evidence[i] for i in train], said[train], elsewhere), shipped)
        for i, q in enumerate(questions):
            if q == question:
                held_out[i] = found.probabilities(evidence[i]).max()
    threshold = _best_threshold(held_out, said)
    fitted = fit(*_with_those(evidence, said, elsewhere), shipped)
    print(f"{name}: {len(said)} points labelled, {(said != 0.5).sum()} of them clearly said or not said")
    _print("development, its question left out", held_out, said, threshold)
    evidence, said, _ = _table(test)
    _print(
        "test",
        np.array([fitted.probabilities(table).max() for table in evidence]),
        said,
        threshold,
    )
    for label, regression in (("fitted", fitted), ("shipped", shipped)):
        weights = "  ".join(f"{n} {w:.2f}" for n, w in zip(FEATURES, regression.weights, strict=True))
        print(f"  {label:8} {weights}  intercept {regression.intercept:.2f}")


def _best_threshold(guess: Matrix, said: Matrix) -> float:
    clear = said != 0.5
    return float(max(np.arange(0.2, 0.8, 0.01), key=lambda t: f1_score(said[clear] == 1, guess[clear] >= t)))


def _print(name: str, guess: Matrix, said: Matrix, threshold: float) -> None:
    clear = said != 0.5
    truth, covered = said[clear] == 1, guess[clear] >= threshold
    print(
        f"  {name:34}  AUC {roc_auc_score(truth, guess[clear]):.3f}  F1 {f1_score(truth, covered):.3f}"
        f"  kappa {cohen_kappa_score(truth, covered):.3f}  at {threshold:.2f}"
    )


def _read(encode: Encode) -> tuple[list[LabelledAnswer], list[LabelledAnswer]]:
    """The development answers and the test answers, as this embedder places them."""
    answers = read_labelled(DATA, assemble(Settings(), find_paths()).bank).answers
    questions = {each.question.id: each.question for each in answers}
    rubrics = {name: read_rubric(question, encode) for name, question in questions.items()}
    read = [ready(each, rubrics[each.question.id], AnswerReader(encode, None, None)) for each in answers]
    return [a for a in read if a.group == "development"], [a for a in read if a.group == "test"]


def main() -> None:
    """Fit, and print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--adapter", type=Path, help="an adapter instead of the one that ships")
    adapter = parser.parse_args().adapter
    encode = VectorMemory(MiniLmEmbedder(adapter=adapter) if adapter else MiniLmEmbedder()).encode
    development, test = _read(encode)
    for name, is_definition, shipped in (("long answers", False, LONG), ("definitions", True, DEFINITION)):
        of_kind = (_of_kind(development, is_definition), _of_kind(test, is_definition))
        _report(name, *of_kind, shipped, encode)


def _of_kind(answers: list[LabelledAnswer], is_definition: bool) -> list[LabelledAnswer]:
    return [each for each in answers if each.question.is_definition == is_definition]


if __name__ == "__main__":
    main()
