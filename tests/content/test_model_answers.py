"""Every model answer on every question, by the real embedder and judge."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.bank import Matrix, Reader, matrix
from tests.support.judging import assembly
from voicecoach.content.loader import load_bank

pytestmark = pytest.mark.timeout(2700)  # 58,000 texts are embedded and 6,724 pairs judged

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Matrix:
    reader = Reader(assembly(tmp_path_factory.mktemp("matrix")))
    questions = load_bank([CHECKOUT]).questions
    for question in reversed(questions):  # the run's other workers embed the bank from its first question on
        reader.rubric(question)
    return matrix(reader, questions)


def test_a_model_answer_covers_its_own_rubric_and_says_nothing_wrong(
    found: Matrix, capsys: pytest.CaptureFixture[str]
) -> None:
    with capsys.disabled():
        print("\n" + found.summary())  # noqa: T201 - the figures belong in every run's log
    for name, card in found.own.items():
        assert [p.id for p in card.points if p.state != "covered"] == [], name
        assert card.overall >= 70, name
        assert [note.quote for note in (*card.accuracy.contradictions, *card.accuracy.check)] == [], name


def test_it_covers_little_of_any_other_question(found: Matrix) -> None:
    """Neighbours share their subject, as a definition and the long question on it do: some pairs are high."""
    shares = np.array(list(found.elsewhere.values()))

    assert len(shares) == 82 * 81
    assert shares.mean() < 0.2
    assert np.quantile(shares, 0.9) < 0.5
    assert (shares >= 0.5).mean() < 0.1


def test_no_remark_is_made_on_a_model_answer(found: Matrix) -> None:
    assert {name: card.warnings for name, card in found.own.items() if card.warnings} == {}
