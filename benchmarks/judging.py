"""Measure the judge on the labelled answers, beside two baselines in the same run.

    python -m benchmarks.judging

The answers in tests/data were written without sight of the rubrics and labelled per point without sight of
the judge. Its own weights and thresholds were chosen on the same set, so its figures are optimistic;
`benchmarks.fit_judge` prints the point figures for questions left out.
"""

import time
from collections.abc import Callable, Iterable

import numpy as np
from sklearn.metrics import cohen_kappa_score, f1_score, roc_auc_score

from benchmarks.labelled import LabelledAnswer, load
from voicecoach.scoring.card import ScoreCard
from voicecoach.scoring.judge import judge
from voicecoach.scoring.thresholds import SHIPPED

LONG_ORDER = ("strong", "partial", "vague", "offtopic")


def keyword_overlap(labelled: LabelledAnswer, point: int) -> float:
    """Baseline: share of a phrasing's content words anywhere in the answer, best phrasing."""
    said = {stem for stems in labelled.answer.stems for stem in stems}
    recalls = [
        len(said & set(stems)) / max(1, len(set(stems))) for stems in labelled.rubric.points[point].stems
    ]
    return max(recalls)


def window_cosine(labelled: LabelledAnswer, point: int) -> float:
    """Baseline: best cosine between any window and any phrasing."""
    return float((labelled.answer.vectors @ labelled.rubric.points[point].vectors.T).max())


def main() -> None:
    """Print every figure."""
    answers = load()
    started = time.perf_counter()
    cards = [judge(labelled.rubric, labelled.answer) for labelled in answers]
    milliseconds = 1000 * (time.perf_counter() - started) / len(cards)
    _print_points(answers, cards)
    _print_definitions(answers, cards)
    _print_contradictions(answers, cards)
    _print_orders(answers, cards)
    print(f"\npure scoring: {milliseconds:.0f} ms an answer, vectors given")


def _print_points(answers: list[LabelledAnswer], cards: list[ScoreCard]) -> None:
    print("point verdicts, said against not said (partly left out)")
    rows = [
        (labelled, i, labelled.said[point.id], card.points[i].probability)
        for labelled, card in zip(answers, cards, strict=True)
        for i, point in enumerate(labelled.question.points)
        if labelled.said[point.id] != 0.5
    ]
    truth = np.array([said == 1 for _, _, said, _ in rows])
    _print_scorer("judge", truth, np.array([p for *_, p in rows]), SHIPPED.covered)
    baselines: dict[str, Callable[[LabelledAnswer, int], float]] = {
        "keyword overlap": keyword_overlap,
        "window cosine": window_cosine,
    }
    for name, scorer in baselines.items():
        scores = np.array([scorer(labelled, i) for labelled, i, *_ in rows])
        _print_scorer(name, truth, scores, _best_threshold(truth, scores))
    for style in dict.fromkeys(labelled.style for labelled in answers):
        chosen = [k for k, row in enumerate(rows) if row[0].style == style]
        credited = np.mean([rows[k][3] >= SHIPPED.covered for k in chosen])
        print(f"  {style:12} said {truth[chosen].mean():4.0%}  judged covered {credited:4.0%}")


def _print_scorer(name: str, truth: np.ndarray, scores: np.ndarray, threshold: float) -> None:
    covered = scores >= threshold
    print(
        f"  {name:16} AUC {roc_auc_score(truth, scores):.3f}  F1 {f1_score(truth, covered):.3f}"
        f"  kappa {cohen_kappa_score(truth, covered):.3f}  at {threshold:.2f}"
    )


def _best_threshold(truth: np.ndarray, scores: np.ndarray) -> float:
    """The baselines get the threshold that is best for them on this very set."""
    return float(max(np.unique(scores.round(2)), key=lambda t: f1_score(truth, scores >= t)))


def _print_definitions(answers: list[LabelledAnswer], cards: list[ScoreCard]) -> None:
    print("\ndefinitions")
    for styles in (("right1", "right2"), ("plain",), ("wrong1", "wrong2"), ("vague",)):
        verdicts = [
            c.accuracy.verdict
            for a, c in zip(answers, cards, strict=True)
            if a.style in styles and a.question.is_definition
        ]
        counts = {v: verdicts.count(v) for v in ("right", "unsure", "vague", "wrong")}
        print(f"  {'/'.join(styles):14} n {len(verdicts):3}  {counts}")


def _print_contradictions(answers: list[LabelledAnswer], cards: list[ScoreCard]) -> None:
    print("\ncontradictions, answers with at least one")
    pairs = list(zip(answers, cards, strict=True))
    wrong = [c for a, c in pairs if a.contradicted]
    right = [
        c
        for a, c in pairs
        if not a.contradicted and a.style in ("strong", "right1", "right2", "plain", "disordered")
    ]
    for name, group in (("contradicting", wrong), ("right", right)):
        accused = _share(bool(c.accuracy.contradictions) for c in group)
        checked = _share(bool(c.accuracy.contradictions or c.accuracy.check) for c in group)
        print(f"  {name:14} n {len(group):3}  accused {accused:4.0%}  accused or to check {checked:4.0%}")


def _print_orders(answers: list[LabelledAnswer], cards: list[ScoreCard]) -> None:
    print("\npairwise orders on long answers")
    found = {(a.question.id, a.style): c for a, c in zip(answers, cards, strict=True)}
    questions = sorted({q for q, style in found if style == "strong"})
    pairs = [
        found[q, better].overall > found[q, worse].overall
        for q in questions
        for i, better in enumerate(LONG_ORDER)
        for worse in LONG_ORDER[i + 1 :]
    ]
    print(f"  overall, strong > partial > vague > off topic: {_share(pairs):.0%} of {len(pairs)}")
    ordered = [found[q, "strong"].structure.score > found[q, "disordered"].structure.score for q in questions]
    print(f"  structure, strong > disordered: {_share(ordered):.0%} of {len(ordered)}")
    rambling = [found[q, "partial"].rambling.score > found[q, "rambling"].rambling.score for q in questions]
    print(f"  rambling, partial > rambling: {_share(rambling):.0%} of {len(rambling)}")


def _share(flags: Iterable[bool]) -> float:
    values = list(flags)
    return sum(values) / len(values)


if __name__ == "__main__":
    main()
