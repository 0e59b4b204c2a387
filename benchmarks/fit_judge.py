"""Fit the coverage regression on the labelled answers; print it and what it reaches on questions left out.

python -m benchmarks.fit_judge
"""

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from sklearn.metrics import cohen_kappa_score, f1_score, roc_auc_score

from benchmarks.labelled import LabelledAnswer, load
from voicecoach.scoring.coverage import COVERED, FEATURES, INTERCEPT, WEIGHTS, features

Matrix = npt.NDArray[np.float64]

START = np.array([1.5, 4.0, 5.0])
PULL = 0.02
"""How strongly the weights stay near START: about 1,100 labels cannot settle correlated features."""
ROUNDS = 8


def fit(evidence: list[Matrix], said: Matrix) -> tuple[Matrix, float]:
    """Weights (not below zero) and intercept; each point is represented by its most likely window."""
    weights, intercept = START, -2.5
    for _ in range(ROUNDS):
        best = np.array([table[np.argmax(table @ weights)] for table in evidence])
        weights, intercept = _regress(best, said)
    return weights, intercept


def _regress(best: Matrix, said: Matrix) -> tuple[Matrix, float]:
    def loss(parameters: Matrix) -> tuple[float, Matrix]:
        logits = best @ parameters[:-1] + parameters[-1]
        error = 1 / (1 + np.exp(-logits)) - said
        away = parameters[:-1] - START
        value = float((np.logaddexp(0, logits) - said * logits).mean() + PULL / 2 * (away**2).sum())
        return value, np.append(best.T @ error / len(said) + PULL * away, error.mean())

    bounds = [(0.0, None)] * len(START) + [(None, None)]
    found = minimize(loss, np.append(START, -2.5), jac=True, bounds=bounds, method="L-BFGS-B")
    return found.x[:-1], float(found.x[-1])


def _table(answers: list[LabelledAnswer]) -> tuple[list[Matrix], Matrix, list[str]]:
    evidence, said, questions = [], [], []
    for labelled in answers:
        found = features(labelled.rubric, labelled.answer)
        for i, point in enumerate(labelled.question.points):
            evidence.append(found[i])
            said.append(labelled.said[point.id])
            questions.append(labelled.question.id)
    return evidence, np.array(said), questions


def main() -> None:
    """Fit, and print the figures."""
    evidence, said, questions = _table(load())
    held_out = np.zeros(len(said))
    for question in sorted(set(questions)):
        train = [i for i, q in enumerate(questions) if q != question]
        weights, intercept = fit([evidence[i] for i in train], said[train])
        for i, q in enumerate(questions):
            if q == question:
                held_out[i] = 1 / (1 + np.exp(-(evidence[i] @ weights).max() - intercept))
    clear = said != 0.5
    truth, guess = said[clear] == 1, held_out[clear]
    print(f"points labelled: {len(said)}, of them said or not said outright: {clear.sum()}")
    print(f"held out by question: AUC {roc_auc_score(truth, guess):.3f}", end=", ")
    print(
        f"F1 {f1_score(truth, guess >= COVERED):.3f}, kappa {cohen_kappa_score(truth, guess >= COVERED):.3f}"
    )
    weights, intercept = fit(evidence, said)
    print(
        "fitted: ",
        dict(zip(FEATURES, weights.round(2).tolist(), strict=True)),
        "intercept",
        round(intercept, 2),
    )
    print("shipped:", dict(zip(FEATURES, WEIGHTS.tolist(), strict=True)), "intercept", INTERCEPT)


if __name__ == "__main__":
    main()
