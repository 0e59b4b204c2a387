"""Structure on the shipped bank, with the real MiniLM."""

import random

import pytest

from tests.support.judging import Judging
from voicecoach.content.model import Question
from voicecoach.practice.spoken import sentences
from voicecoach.scoring.coverage import covered_fraction

pytestmark = pytest.mark.timeout(1200)  # the rubrics of 54 questions are embedded

CLEARLY = 5.0
"""Points of 100 by which a disordered telling must lie below the ordered one."""


@pytest.fixture(scope="module")
def judging(tmp_path_factory: pytest.TempPathFactory) -> Judging:
    return Judging(tmp_path_factory.mktemp("structure"))


def shuffled(text: str, name: str) -> str:
    """The sentences in another order."""
    mixed = list(sentences(text))
    random.Random(name).shuffle(mixed)  # noqa: S311 - repeatable
    return " ".join(mixed)


def test_disordered_tellings_of_model_answers_score_clearly_lower(judging: Judging) -> None:
    long: list[Question] = [each for each in judging.bank.questions if not each.is_definition]
    assert len(long) > 50
    lower, kept = [], []
    for question in long:
        ordered = judging.card(question, question.model_answer)
        card = judging.card(question, shuffled(question.model_answer, question.id))
        kept.append(covered_fraction(card.points) >= covered_fraction(ordered.points) - 0.2)
        lower.append(card.structure.score <= ordered.structure.score - CLEARLY)
    assert sum(kept) >= 0.95 * len(kept), "the same was said"
    assert sum(lower) >= 0.95 * len(lower)
