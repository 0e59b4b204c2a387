"""Answers to another question are told from answers to the one that was asked; with the real MiniLM."""

from pathlib import Path

import pytest

from tests.support.judging import Judging, answer_of, assembly, question
from voicecoach.content.model import Question
from voicecoach.practice.reading import read_rubric
from voicecoach.practice.typed import transcript_of
from voicecoach.scoring.evidence import SHIPPED_TERMS, Terms
from voicecoach.scoring.judge import judge
from voicecoach.scoring.subject import (
    ANOTHER_QUESTION,
    DOUBTED_BELOW,
    LOST,
    is_told_from_others,
    lost_beside,
    relevance_of,
)

pytestmark = pytest.mark.timeout(1200)  # the answers that some rubrics are told from are embedded

ASKED = ("imbalanced-data", "prevent-leakage", "design-rag-support", "safe-rollout", "unknown-best-model")
"""Of each the model answer is given to the next one, too."""

CHATTER = (
    "On Sunday we drove to the lake and had a picnic with my cousins from the north.",
    "The dog chased a duck and nobody could find the car keys for two hours.",
    "My aunt makes a plum cake that wins a prize at the village fair every summer.",
    "Then it rained and everyone sat in the kitchen playing cards until late at night.",
    "The train was late again so I read half a book at the station.",
)
BORDERLINE = "When the numbers looked strange I went through the records one by one and found what was wrong."


@pytest.fixture(scope="module")
def judging(tmp_path_factory: pytest.TempPathFactory) -> Judging:
    return Judging(tmp_path_factory.mktemp("subject"))


def remarked(judging: Judging, question: Question, text: str) -> list[str]:
    """What the card says of an answer that is to another question."""
    return [each.message for each in judging.card(question, text).warnings if each.id == ANOTHER_QUESTION]


def test_an_answer_to_another_question_says_so_and_counts_for_nothing(judging: Judging) -> None:
    for name, other in zip(ASKED, (*ASKED[1:], ASKED[0]), strict=True):
        asked, told = judging.question(name), judging.question(other)
        (message,) = remarked(judging, asked, told.model_answer)
        assert f"“{told.title}”" in message
        card = judging.card(asked, told.model_answer)
        assert card.cue.startswith(f"Answer what was asked, “{asked.title}”")
        assert card.overall < 5
        assert card.rambling.relevance < 50
        assert all(point.state != "covered" for point in card.points)


def test_a_detour_to_another_question_beside_a_full_answer_changes_nothing(judging: Judging) -> None:
    for name, other in zip(ASKED, (*ASKED[1:], ASKED[0]), strict=True):
        asked, told = judging.question(name), judging.question(other)
        both = f"{asked.model_answer} {told.model_answer}"
        assert remarked(judging, asked, both) == []
        states = [point.state for point in judging.card(asked, both).points]
        assert states == [point.state for point in judging.card(asked, asked.model_answer).points]


def test_the_first_sentences_of_an_answer_are_enough(judging: Judging) -> None:
    for name in ASKED:
        asked = judging.question(name)
        assert remarked(judging, asked, " ".join(asked.model_sentences[:3])) == [], name


def test_stories_definitions_and_questions_without_spoken_answers_are_left_alone(judging: Judging) -> None:
    for name in ("project-walkthrough", "define-recall"):
        question = judging.question(name)
        assert not is_told_from_others(question)
        assert remarked(judging, question, judging.question("safe-rollout").model_answer) == []
    whole = judging.question("imbalanced-data")
    assert is_told_from_others(whole)
    assert not is_told_from_others(whole.narrowed([whole.points[0].id]))
    assert judging.card(whole, "").warnings == ()


def test_chatter_beside_it_does_not_hide_that_another_question_was_answered(judging: Judging) -> None:
    asked, told = judging.question("imbalanced-data"), judging.question("safe-rollout")
    told_first = " ".join(told.model_sentences[:4])
    assert remarked(judging, asked, told_first) != []
    assert remarked(judging, asked, f"{told_first} {' '.join(CHATTER)}") != []


def test_who_says_nothing_known_is_not_told_of_another_question(judging: Judging) -> None:
    for text in ("Sorry, no idea, could you come back to that one later on?", " ".join(CHATTER)):
        assert remarked(judging, judging.question("imbalanced-data"), text) == []


def test_who_says_that_it_was_meant_is_believed(tmp_path: Path) -> None:
    wired = assembly(tmp_path)
    asked, told = question(wired, "imbalanced-data"), question(wired, "safe-rollout")
    rubric = read_rubric(asked, wired.engines.rubric_vectors)
    answer = answer_of(wired, rubric, transcript_of(told.model_answer, None))
    assert [each.id for each in judge(rubric, answer).warnings] == [ANOTHER_QUESTION]
    assert judge(rubric, answer, Terms(is_meant=True)).warnings == ()


def test_what_an_answer_beside_the_question_seems_to_say_of_a_story_is_less_likely(tmp_path: Path) -> None:
    wired = assembly(tmp_path)
    rubric = read_rubric(question(wired, "model-failed-after-launch"), wired.engines.rubric_vectors)
    answer = answer_of(wired, rubric, transcript_of(" ".join((BORDERLINE, *CHATTER)), None))

    likely, meant = (
        max(point.probability for point in judge(rubric, answer, terms).points)
        for terms in (SHIPPED_TERMS, Terms(is_meant=True))
    )

    assert relevance_of(rubric, answer) < DOUBTED_BELOW
    assert 0 < likely < meant


def test_only_what_is_beside_a_long_question_loses_anything(judging: Judging) -> None:
    long, definition = judging.question("imbalanced-data"), judging.question("define-recall")
    lost = [lost_beside(long, relevance) for relevance in (0.0, DOUBTED_BELOW / 2, DOUBTED_BELOW, 1.0)]
    assert lost == [LOST, pytest.approx(LOST / 2), 0.0, 0.0]
    assert lost_beside(definition, 0.0) == 0.0
