"""A person who sets cards right, over the real judge and a history on disk."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.practising import Practice, practising
from voicecoach.config import Settings
from voicecoach.errors import HistoryError, NoSpeechError, UnknownQuestionError
from voicecoach.history.records import Attempt
from voicecoach.practice.correcting import Corrector
from voicecoach.practice.events import Judged
from voicecoach.practice.terms import all_terms, find_term
from voicecoach.scoring.corrections import corrections_of
from voicecoach.scoring.thresholds import SHIPPED

DATA = Path(__file__).parents[1] / "data"
ACCUSED = next(
    entry
    for entry in map(json.loads, (DATA / "answers.jsonl").read_text("utf-8").splitlines())
    if (entry["question"], entry["style"]) == ("choose-a-metric", "partial")
)
"""An answer that states nothing wrong and is accused by a hair."""

TURN = "First I would define what counts as turn, a customer who cancels. Then I train a model on old data."


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    with practising(tmp_path, Settings()) as started:
        yield started


def answered(practice: Practice, question_id: str, text: str, duration_s: float | None = None) -> Attempt:
    *_, last = practice.coach.judge_text(practice.question(question_id), text, duration_s)
    assert isinstance(last, Judged)
    return last.attempt


def falsely_accused(practice: Practice) -> Attempt:
    return answered(practice, ACCUSED["question"], ACCUSED["text"], ACCUSED["duration_s"])


def accused(attempt: Attempt) -> set[str]:
    return {note.point for note in attempt.card.accuracy.contradictions}


def state_of(attempt: Attempt, point: str) -> str:
    return next(result.state for result in attempt.card.points if result.id == point)


def test_a_word_put_right_is_judged_again_and_can_be_put_back(practice: Practice) -> None:
    attempt = answered(practice, "design-churn-delayed-labels", TURN)
    corrector = Corrector(practice.coach)
    assert state_of(attempt, "churn-definition") != "covered"

    right = corrector.reword(attempt, 0, attempt.card.clauses[0].text.replace("turn", "churn"))

    assert state_of(right, "churn-definition") == "covered"
    assert right.card.overall > attempt.card.overall
    assert right.transcript.text == TURN.replace("turn", "churn")
    assert right.heard == attempt.transcript
    assert corrector.reword(right, 0, attempt.card.clauses[0].text) == attempt


def test_a_part_of_a_definition_is_corrected_as_it_was_asked(practice: Practice) -> None:
    corrector = Corrector(practice.coach)
    drilled = find_term(all_terms(practice.coach.bank), "ablation").first
    alone = practice.question(drilled.id)
    assert drilled.target_s != alone.target_s
    for asked in (drilled, alone):
        *_, last = practice.coach.judge_text(asked, "You take a part out and see what gets worse.", 24.0)
        assert isinstance(last, Judged)
        attempt = last.attempt
        corrected = corrector.rule(attempt, attempt.card.points[0].id, "covered")
        assert corrected.card.timing == attempt.card.timing
        assert corrected.card.timing.target_s == asked.target_s
        assert corrected.card.notices == attempt.card.notices == ()


def test_rulings_survive_a_fix_and_each_is_taken_back_by_itself(practice: Practice) -> None:
    attempt = answered(practice, "design-churn-delayed-labels", TURN)
    corrector = Corrector(practice.coach)
    other = next(point.id for point in attempt.card.points if point.id != "churn-definition")

    ruled = corrector.rule(attempt, other, "covered")
    both = corrector.reword(ruled, 0, attempt.card.clauses[0].text.replace("turn", "churn"))

    assert (state_of(both, other), state_of(both, "churn-definition")) == ("covered", "covered")
    assert both.card.judged == attempt.card
    fixed_only = corrector.rule(both, other, None)
    assert (state_of(fixed_only, other), state_of(fixed_only, "churn-definition")) == ("missing", "covered")
    (fix,) = corrections_of(fixed_only.card).fixes
    assert corrector.take_back(fixed_only, fix) == attempt


def test_rejected_accusations_teach_and_the_lesson_can_be_reset(practice: Practice) -> None:
    corrector = Corrector(practice.coach)
    attempt = falsely_accused(practice)
    wrong = accused(attempt)
    assert wrong

    takes = 0
    while accused(attempt):
        corrected = attempt
        for point in sorted(accused(attempt)):
            corrected = corrector.rule(corrected, point, "covered")
        assert not accused(corrected)
        assert corrected.card.overall > attempt.card.overall
        attempt, takes = falsely_accused(practice), takes + 1
    assert 2 <= takes <= 4, "not at once, but soon"

    lessons = corrector.lessons()
    assert lessons.calibration.rejected == lessons.calibration.accusations
    assert lessons.calibration.thresholds.accuse > SHIPPED.accuse
    assert not accused(attempt), "the same borderline sentences are no longer called wrong"
    assert attempt.card.thresholds == lessons.calibration.thresholds

    practice.clock.now = attempt.started_at.replace(year=2027)
    engines = practice.engines
    engines.reload(replace(engines.settings, corrections_since=practice.clock.now.isoformat()))
    assert accused(falsely_accused(practice)) == wrong, "reset brings it back"
    engines.reload(Settings(use_corrections=False))
    assert accused(falsely_accused(practice)) == wrong
    assert len(corrector.lessons().attempts) == len(lessons.attempts), "and nothing that was kept is gone"
    engines.reload(Settings())
    assert not accused(falsely_accused(practice)), "so that it can all be used again"


def test_a_past_card_is_not_judged_again_by_what_was_learnt_later(practice: Practice) -> None:
    corrector = Corrector(practice.coach)
    before = falsely_accused(practice)
    other = falsely_accused(practice)
    while accused(other):
        for point in sorted(accused(other)):
            other = corrector.rule(other, point, "covered")
        other = falsely_accused(practice)

    assert practice.coach.attempt(before.id) == before
    untouched = next(point.id for point in before.card.points if point.id not in accused(before))
    agreed = corrector.rule(before, untouched, "covered")
    assert accused(agreed) == accused(before)


def test_an_answer_without_any_words_left_is_refused(practice: Practice) -> None:
    attempt = answered(practice, "define-precision", "Of all alarms how many were real.")

    with pytest.raises(NoSpeechError, match="no words left"):
        Corrector(practice.coach).reword(attempt, 0, "  \x1b ")
    assert practice.coach.attempt(attempt.id) == attempt


def test_a_question_that_is_gone_leaves_the_corrections_to_be_undone(practice: Practice) -> None:
    attempt = answered(practice, "define-precision", "Of all alarms how many were real.")
    corrector = Corrector(practice.coach)
    point = attempt.card.points[0].id
    ruled = corrector.rule(attempt, point, "partly")
    practice.coach.bank = replace(practice.coach.bank, questions=())

    with pytest.raises(UnknownQuestionError):
        corrector.rule(ruled, point, "covered")
    assert corrector.rule(ruled, point, None) == attempt


def test_a_card_that_was_corrected_elsewhere_is_not_overwritten(practice: Practice) -> None:
    attempt = answered(practice, "define-precision", "Of all alarms how many were real.")
    corrector = Corrector(practice.coach)
    point = attempt.card.points[0].id
    corrector.rule(attempt, point, "partly")

    with pytest.raises(HistoryError, match="in another window"):
        corrector.rule(attempt, point, "missing")
