"""The bank that ships: loads, lints, and copies no source text."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from voicecoach.content.check import lint
from voicecoach.content.loader import load_bank
from voicecoach.content.model import Bank
from voicecoach.content.spelling import lint_spelling

CHECKOUT = Path(__file__).resolve().parents[2]
LONG_ANSWERS = """
project-walkthrough story walkthrough medium
my-contribution story star medium
model-failed-after-launch story star hard
poor-quality-data story star medium
cross-functional-work story star medium
accuracy-the-data-cannot-support story star medium
imbalanced-data fundamentals concept medium
prevent-leakage fundamentals concept medium
precision-vs-recall fundamentals concept easy
how-regularization-works fundamentals concept easy
why-models-overfit fundamentals concept easy
trees-vs-neural-networks fundamentals decision medium
simple-vs-complex-model fundamentals decision medium
choose-model-for-new-problem fundamentals decision easy
feature-engineering-worth-it fundamentals decision easy
reliable-ml-code fundamentals concept easy
choose-a-metric metrics decision medium
fraud-auc-blocks-good-users metrics debugging hard
ndcg-up-conversion-down metrics decision hard
triage-false-positives metrics decision hard
feature-jump-leak data debugging medium
labels-30-days-late data design hard
new-users-split data debugging medium
val-loss-rises debugging debugging easy
bad-offline-metrics debugging debugging medium
poor-in-one-region debugging debugging medium
nightly-pipeline-shift debugging debugging hard
offline-good-production-bad debugging debugging hard
improve-mediocre-model experimentation lifecycle medium
design-an-experiment experimentation concept medium
what-would-you-try-next experimentation debugging medium
deploy-and-monitor production lifecycle medium
production-ready production lifecycle hard
monitor-and-retrain production lifecycle hard
skew-vs-drift production concept medium
batch-vs-real-time production decision easy
latency-budget production decision hard
safe-rollout production lifecycle medium
what-to-alert-on production lifecycle medium
detect-failures-after-launch production lifecycle medium
design-marketplace-recsys design design hard
design-fraud-detection design design hard
design-search-ranking-100ms design design hard
design-churn-delayed-labels design design hard
design-demand-forecasting design design medium
design-content-moderation design design hard
design-rag-support llm design hard
reranking-hybrid-rewriting llm decision medium
reduce-hallucination llm decision hard
evaluate-an-llm-feature llm lifecycle hard
explain-prf1-threshold-code coding concept medium
explain-window-features-code coding concept medium
explain-dau-retention-code coding concept medium
unknown-best-model fundamentals decision medium
"""
"""Id, kind, structure and level: fixed, so that recordings and results stay comparable."""
DEFINITIONS = (
    "precision recall f1-score roc-auc pr-auc accuracy-paradox calibration log-loss ndcg class-imbalance "
    "overfitting underfitting bias-variance-tradeoff regularization cross-validation data-leakage "
    "training-serving-skew data-drift concept-drift feature-store shadow-deployment canary-release "
    "batch-vs-real-time-inference cold-start embedding ablation reranking hallucination"
).split()
AMERICAN = re.compile(
    r"\b(?:\w*(?:ization|izations|ize|izes|ized|izing)|\w*lyz(?:e|es|ed|ing)|behavior\w*|colors?|favorite\w*|"
    r"label(?:ed|ing)|relabel(?:ed|ing)|model(?:ed|ing|er)|travel(?:ed|ing)|cancel(?:ed|ing)|centers?|centered|"
    r"catalogs?|defenses?|fulfill|judgment|neighbors?|skeptical\w*|gray|program(?:me)? manager)\b"
)
BRITISH_ALL_THE_SAME = re.compile(r"\b(?:(?:re|over|under|mis|up|down)?siz(?:e|es|ed|ing)|prizes?|seiz\w*)\b")
TOLD_APART = ("precision", "recall", "roc-auc", "training-serving-skew", "data-drift", "concept-drift")
COPIED_WORDS = 8


@pytest.fixture(scope="module")
def bank() -> Bank:
    return load_bank([CHECKOUT])


def test_it_has_no_lint_error(bank: Bank) -> None:
    assert [finding for finding in lint(bank) if finding.severity == "error"] == []


def test_nothing_is_misspelt(bank: Bank) -> None:
    assert [finding for question in bank.questions for finding in lint_spelling(question)] == []


def test_it_asks_what_it_should(bank: Bank) -> None:
    long_answers = {line.split()[0]: line.split()[1:] for line in LONG_ANSWERS.split("\n") if line}

    assert {
        q.id: [q.kind, q.structure.id, q.level] for q in bank.questions if not q.is_definition
    } == long_answers
    assert {q.id for q in bank.questions if q.is_definition} == {f"define-{term}" for term in DEFINITIONS}
    assert len({q.title for q in bank.questions}) == len(bank.questions)


def test_a_long_answer_is_fit_to_practise(bank: Bank) -> None:
    for question in bank.questions:
        if question.is_definition:
            continue
        assert question.target_s == (60.0, 90.0), question.id
        assert 150 <= len(question.model_answer.split()) <= 225, question.id
        assert 5 <= len(question.points) <= 9, question.id
        assert 2 <= len(question.follow_ups) <= 3, question.id
        assert question.hint, question.id
        assert {point.beat for point in question.points} == {beat.id for beat in question.structure.beats}
        assert all(4 <= len(point.phrasings) <= 14 for point in question.points), question.id
        assert any(point.contrasts for point in question.points), question.id


def test_every_contrast_says_why_in_a_sentence(bank: Bank) -> None:
    for question in bank.questions:
        for point in question.points:
            for contrast in point.contrasts:
                assert len(contrast.phrasings) >= 3, (question.id, contrast.why)
                assert contrast.why.endswith("."), (question.id, contrast.why)
                assert 6 <= len(contrast.why.split()) <= 45, (question.id, contrast.why)


def test_it_is_spelled_one_way(bank: Bank) -> None:
    # Ids are fixed, and some are American.
    ids = re.compile("|".join(sorted((q.id for q in bank.questions), key=len, reverse=True)))
    files = [*CHECKOUT.glob("prompts/*.toml"), *CHECKOUT.glob("rubrics/*.toml")]

    american = {
        f"{file.parent.name}/{file.name}: {word}"
        for file in files
        for word in AMERICAN.findall(ids.sub("", file.read_text("utf-8")).lower())
        if not BRITISH_ALL_THE_SAME.fullmatch(word)
    }

    assert american == set()


def test_rounds_roles_and_plans_are_there(bank: Bank) -> None:
    assert [interview.id for interview in bank.rounds] == [
        "technical-screening",
        "applied-design",
        "systems-production",
        "project-deep-dive",
        "mixed-mock",
        "night-before",
    ]
    assert [role.role for role in bank.roles] == ["mle", "applied-scientist", "ai-engineer"]
    assert [(plan.id, plan.days) for plan in bank.plans] == [
        ("night-before", 1),
        ("final-seven-days", 7),
        ("four-weeks", 28),
    ]
    asked_of = {question.id: question.roles for question in bank.questions}
    assert [(g.role, q) for g in bank.roles for q in g.drill if g.role not in asked_of[q]] == []
    planned = {q for plan in bank.plans for step in plan.steps for q in step.questions}
    assert planned == set(asked_of)


@pytest.mark.parametrize("term", DEFINITIONS)
def test_a_definition_is_fit_to_practise(bank: Bank, term: str) -> None:
    question = bank.find(f"define-{term}")

    assert question is not None
    assert question.is_definition
    assert question.structure.id == "definition"
    assert question.target_s == (10.0, 30.0)
    assert 2 <= len(question.follow_ups) <= 3
    assert max(question.points, key=lambda point: point.weight) == question.points[0]
    for point in question.points:
        assert len(point.label) <= 45
        # A mix-up that differs in one word needs its right counterpart beside it, word for word.
        assert 6 <= len(point.phrasings) <= 48
        assert point.contrasts
        assert all(len(contrast.phrasings) >= 3 for contrast in point.contrasts)


@pytest.mark.parametrize("term", TOLD_APART)
def test_the_neighbours_are_told_apart(bank: Bank, term: str) -> None:
    question = bank.find(f"define-{term}")

    assert question is not None
    assert len(question.points[0].contrasts) >= 3


def runs_of_words(text: str) -> Iterator[tuple[str, ...]]:
    words = re.findall(r"[a-z0-9']+", text.lower().replace("\u2019", "'"))
    return zip(*(words[start:] for start in range(COPIED_WORDS)), strict=False)


def test_no_sentence_is_taken_from_the_sources() -> None:
    folder = Path(os.environ.get("VOICECOACH_SEEDS", CHECKOUT.parent / "shared" / "seeds"))
    sources = sorted(folder.glob("*.txt"))
    if not sources:
        pytest.skip(f"the source documents are not in {folder}; VOICECOACH_SEEDS names another folder")
    written = {run for source in sources for run in runs_of_words(source.read_text("utf-8"))}
    files = [*CHECKOUT.glob("prompts/*.toml"), *CHECKOUT.glob("rubrics/*.toml")]

    copied = {
        f"{file.name}: {' '.join(run)}"
        for file in files
        for run in runs_of_words(file.read_text("utf-8"))
        if run in written
    }

    assert copied == set()
