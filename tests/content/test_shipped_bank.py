"""The bank that ships: loads, lints, and copies no source text."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from voicecoach.content.check import lint
from voicecoach.content.loader import load_bank
from voicecoach.content.model import Bank

CHECKOUT = Path(__file__).resolve().parents[2]
DEFINITIONS = (
    "precision recall f1-score roc-auc pr-auc calibration overfitting class-imbalance data-leakage "
    "training-serving-skew data-drift concept-drift"
).split()
TOLD_APART = ("precision", "recall", "roc-auc", "training-serving-skew", "data-drift", "concept-drift")
COPIED_WORDS = 8


@pytest.fixture(scope="module")
def bank() -> Bank:
    return load_bank([CHECKOUT])


def test_it_has_no_lint_error(bank: Bank) -> None:
    assert [finding for finding in lint(bank) if finding.severity == "error"] == []


@pytest.mark.parametrize("term", DEFINITIONS)
def test_a_definition_is_fit_to_practise(bank: Bank, term: str) -> None:
    question = bank.find(f"define-{term}")

    assert question is not None
    assert question.is_definition
    assert question.structure.id == "definition"
    assert question.target_s == (10.0, 30.0)
    assert [finding for finding in lint(bank) if question.id in finding.place] == []
    assert len(question.follow_ups) == 2
    assert max(question.points, key=lambda point: point.weight) == question.points[0]
    for point in question.points:
        assert len(point.label) <= 45
        assert 6 <= len(point.phrasings) <= 10
        assert point.contrasts
        assert all(4 <= len(contrast.phrasings) <= 6 for contrast in point.contrasts)


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
