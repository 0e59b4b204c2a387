"""Fit the coverage regression on the labelled answers; print it and what it reaches on questions left out.

python -m benchmarks.fit_judge
"""

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from sklearn.metrics import cohen_kappa_score, f1_score, roc_auc_score

from benchmarks.labelled import LabelledAnswer, load
from voicecoach.scoring.coverage import DEFINITION, FEATURES, LONG, Regression, features
from voicecoach.scoring.thresholds import SHIPPED

Matrix = npt.NDArray[np.float64]

PULL = 0.02
"""How strongly the weights stay near the shipped ones: 1,100 labels cannot settle correlated features."""
ROUNDS = 8


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
    meaning, words, distinction, intercept = (float(value) for value in solved.x)
    return Regression((meaning, words, distinction), intercept)


def _table(answers: list[LabelledAnswer]) -> tuple[list[Matrix], Matrix, list[str]]:
    evidence, said, questions = [], [], []
    for labelled in answers:
        found = features(labelled.rubric, labelled.answer)
        for i, point in enumerate(labelled.question.points):
            evidence.append(found[i])
            said.append(labelled.said[point.id])
            questions.append(labelled.question.id)
    return evidence, np.array(said), questions


def _report(name: str, answers: list[LabelledAnswer], shipped: Regression) -> None:
    evidence, said, questions = _table(answers)
    held_out = np.zeros(len(said))
    for question in sorted(set(questions)):
        train = [i for i, q in enumerate(questions) if q != question]
        found = fit([evidence[i] for i in train], said[train], shipped)
        for i, q in enumerate(questions):
            if q == question:
                held_out[i] = found.probabilities(evidence[i]).max()
    clear = said != 0.5
    truth, guess = said[clear] == 1, held_out[clear]
    fitted = fit(evidence, said, shipped)
    print(f"{name}: {len(said)} points labelled, {clear.sum()} of them clearly said or not said")
    print(f"  held out by question: AUC {roc_auc_score(truth, guess):.3f}", end="  ")
    said = guess >= SHIPPED.covered
    print(f"F1 {f1_score(truth, said):.3f}  kappa {cohen_kappa_score(truth, said):.3f}")
    for label, regression in (("fitted", fitted), ("shipped", shipped)):
        weights = "  ".join(f"{n} {w:.2f}" for n, w in zip(FEATURES, regression.weights, strict=True))
        print(f"  {label:8} {weights}  intercept {regression.intercept:.2f}")


def main() -> None:
    """Fit, and print the figures."""
    answers = load()
    _report("long answers", [a for a in answers if not a.question.is_definition], LONG)
    _report("definitions", [a for a in answers if a.question.is_definition], DEFINITION)


if __name__ == "__main__":
    main()
