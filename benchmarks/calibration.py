"""Fit what the judge needs for points in one wording each; print what it is worth beside two baselines.

    python -m benchmarks.calibration FOLDER [--most N]

FOLDER holds public labelled sets that may be fitted on, one file each of JSON lines {"split", "question",
"reference", "answer", "label", "group"}. Rows whose split is "train" are used, up to N answers of each set.
The scale and shift of PUBLIC (`benchmarks.judging`) are fitted with each set counting the same (Platt,
"Probabilistic outputs for support vector machines", 1999): 1 and 0 where it stands as fitted. With it the
weights of a contradiction's signs are fitted on those sets that label it. Rows whose split is "test" tell
what either is worth, those of three more sets too, to which nothing is fitted here, beside the share of a
point's words that the answer has and the best cosine of plain MiniLM.
"""

import argparse
import json
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from benchmarks.contradiction import SIGNS, own_windows, signs
from benchmarks.judging import ad_hoc, score
from voicecoach.embedding.cache import VectorMemory
from voicecoach.embedding.minilm import MiniLmEmbedder
from voicecoach.practice.evaluation.baselines import keyword_overlap, window_cosine
from voicecoach.practice.evaluation.figures import calibration_error
from voicecoach.scoring.evidence import answer_texts

Matrix = npt.NDArray[np.float64]
Truth = npt.NDArray[np.bool_]

SETS = ("semeval_beetle", "semeval_scientsbank", "argkp", "qmsum_span")
"""Those whose licences let what ships be fitted on them; the first two label contradictions."""

MEASURED = ("debate_sentence", "debate_passage", "realsumm_scu")
"""Those that only measure."""

SMALLEST = 1e-6
"""No probability counts as nearer to 0 or 1: its logit would be endless."""

SAID = (1, "correct")
CONTRADICTORY = "contradictory"


@dataclass(frozen=True, slots=True)
class Asked:
    """One answer with the rows that label it; several references in one row are wordings of one point."""

    question: str
    answer: str
    rows: tuple[dict[str, Any], ...]

    @property
    def points(self) -> list[str]:
        """Every reference once."""
        return list(dict.fromkeys(reference for row in self.rows for reference in row["reference"]))


def main() -> None:
    """Print what was fitted, and what it is worth."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--most", type=int, default=300, help="answers of each set")
    options = parser.parse_args()
    parts = [*((name, "train") for name in SETS), *((name, "test") for name in (*SETS, *MEASURED))]
    sets = {
        (name, split): chosen(options.folder / f"{name}.jsonl", split, options.most) for name, split in parts
    }
    everything = [asked for answers in sets.values() for asked in answers]
    ad_hoc.embed(([*asked.points, asked.question], asked.answer) for asked in everything)
    _fit_scores(sets)
    _fit_signs(sets)


def chosen(file: Path, split: str, most: int) -> list[Asked]:
    """Some of the answers of one split, the same ones in each run."""
    answers = defaultdict(list)
    for line in file.read_text("utf-8").strip().split("\n"):
        row = json.loads(line)
        if row["split"] == split and row["label"] is not None:
            answers[row["group"], row["question"], row["answer"]].append(row)
    keys = random.Random(0).sample(sorted(answers), min(most, len(answers)))  # noqa: S311 - repeatable
    return [Asked(key[1], key[2], tuple(answers[key])) for key in keys]


def _fit_scores(sets: dict[tuple[str, str], list[Asked]]) -> None:
    found = {key: scored(answers) for key, answers in sets.items()}
    plain = VectorMemory(MiniLmEmbedder(adapted=False))
    train = [values for (_, split), values in found.items() if split == "train"]
    logits = np.concatenate([logits for logits, _ in train])
    said = np.concatenate([said for _, said in train])
    weights = np.concatenate([np.full(len(each), 1 / len(each)) for _, each in train])
    scale, shift = fit(logits[:, None], said, weights)
    print(f"scale {scale[0]:.2f}, shift {shift:.2f}")
    for (name, split), (values, truth) in found.items():
        error = calibration_error(truth, 1 / (1 + np.exp(-values)))
        line = f"  {name:20} {split:6} n {len(truth):5}  said {truth.mean():4.0%}"
        line += f"  AUC {roc_auc_score(truth, values):.3f}"
        if split == "test":
            words, cosines = baselines(sets[name, split], plain)
            line += f"  words {roc_auc_score(truth, words):.3f}  cosine {roc_auc_score(truth, cosines):.3f}"
        print(f"{line}  calibration error {error:.3f}")


def scored(answers: Sequence[Asked]) -> tuple[Matrix, Truth]:
    """The log-odds of each labelled point, and whether it was said."""
    likely, said = [], []
    for asked in answers:
        score.question = asked.question
        likely += _of_rows(asked, score(asked.points, asked.answer))
        said += [row["label"] in SAID for row in asked.rows]
    return log_odds(np.array(likely)), np.array(said)


def log_odds(probabilities: Matrix) -> Matrix:
    """Natural logarithms of the odds, none endless."""
    bounded = np.clip(probabilities, SMALLEST, 1 - SMALLEST)
    found: Matrix = np.log(bounded / (1 - bounded))
    return found


def baselines(answers: Sequence[Asked], plain: VectorMemory) -> tuple[Matrix, Matrix]:
    """Of each labelled point the share of its words in the answer, and the best cosine of any window."""
    overlaps, cosines = [], []
    for asked in answers:
        rubric, heard = ad_hoc.read(asked.question, asked.points, asked.answer)
        windows = plain.encode(answer_texts(heard.clauses))
        points = plain.encode(asked.points)
        overlaps += _of_rows(asked, [keyword_overlap(heard, point) for point in rubric.points])
        cosines += _of_rows(asked, [window_cosine(windows, points[[i]]) for i in range(len(points))])
    return np.array(overlaps), np.array(cosines)


def _of_rows(asked: Asked, values: Sequence[float]) -> list[float]:
    """What each row has of a value for each point: the best of its wordings."""
    found = dict(zip(asked.points, values, strict=True))
    return [max(found[reference] for reference in row["reference"]) for row in asked.rows]


def _fit_signs(sets: dict[tuple[str, str], list[Asked]]) -> None:
    found = {key: seen(answers) for key, answers in sets.items() if key[0].startswith("semeval")}
    train = [values for (_, split), values in found.items() if split == "train"]
    table = np.concatenate([table for table, _ in train])
    labels = np.concatenate([labels for _, labels in train])
    weights, intercept = fit(table, labels == CONTRADICTORY, np.ones(len(labels)))
    print(f"{SIGNS}, said: {', '.join(f'{weight:.2f}' for weight in weights)}; INTERCEPT {intercept:.2f}")
    for (name, split), (values, each) in found.items():
        logits = values @ weights
        clear = (each == CONTRADICTORY) | (each == "correct")
        print(
            f"  {name:20} {split:6} contradictory among all {np.mean(each == CONTRADICTORY):4.0%}: "
            f"AUC {roc_auc_score(each == CONTRADICTORY, logits):.3f}; "
            f"against correct: AUC {roc_auc_score(each[clear] == CONTRADICTORY, logits[clear]):.3f}"
        )


def seen(answers: Sequence[Asked]) -> tuple[Matrix, npt.NDArray[np.str_]]:
    """Of each answer the signs beside the reference it is about, how likely it says that, and its label."""
    table, labels = [], []
    for asked in answers:
        rubric, heard = ad_hoc.read(asked.question, asked.points, asked.answer)
        said = ad_hoc.said(rubric, heard)
        if not said.size:
            continue
        point = int(said.max(axis=1).argmax())
        window = own_windows(said.tolist())[point] or 0
        table.append([*signs(asked.points[point], heard.windows[window].text), said[point, window]])
        labels.append(asked.rows[0]["label"])
    return np.array(table), np.array(labels)


def fit(features: Matrix, truth: Truth, weights: Matrix) -> tuple[Matrix, float]:
    """Weights and intercept of the likeliest logistic regression.

    Args:
        features: Shape (n, k).
        truth: Shape (n,).
        weights: How much each counts, shape (n,).
    """
    solved = LogisticRegression(C=100.0).fit(features, truth, weights / weights.mean())
    return solved.coef_[0], float(solved.intercept_[0])


if __name__ == "__main__":
    main()
