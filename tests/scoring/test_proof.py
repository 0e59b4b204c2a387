from dataclasses import replace

import pytest

from tests.scoring.test_clauses import evenly
from tests.support.questions import STORY
from voicecoach.scoring.card import Proof
from voicecoach.scoring.clauses import split_clauses
from voicecoach.scoring.proof import judge_proof


def proof_of(text: str) -> Proof:
    return judge_proof(STORY, split_clauses(evenly(text), ()))


def test_ownership_numbers_baselines_and_decisions_are_quoted() -> None:
    proof = proof_of(
        "I rebuilt the feature pipeline myself. The old rules caught forty percent of the fraud. "
        "I chose a small model because it had to answer in 20 milliseconds. "
        "Compared with the rules it was better."
    )
    assert proof.first_person == 2
    assert [q.quote for q in proof.numbers] == [
        "The old rules caught forty percent of the fraud.",
        "I chose a small model because it had to answer in 20 milliseconds.",
    ]
    assert [q.quote for q in proof.decisions] == [
        "I chose a small model because it had to answer in 20 milliseconds."
    ]
    assert "Compared with the rules it was better." in [q.quote for q in proof.baselines]
    assert proof.vague == ()
    assert proof.score == 100


def test_team_language_is_quoted_back() -> None:
    proof = proof_of("We built a pipeline for the data. We improved the model a lot.")
    assert [q.quote for q in proof.vague] == [
        "We built a pipeline for the data.",
        "We improved the model a lot.",
    ]
    assert proof.first_person == 0
    assert proof.team == 2
    assert proof.score == 0


def test_saying_i_beats_saying_we() -> None:
    assert (
        proof_of("I built the pipeline. I cut the cost by 20 percent.").score
        > proof_of("We built the pipeline. We cut the cost by 20 percent.").score
    )


def test_team_language_is_no_fault_outside_stories() -> None:
    concept = replace(STORY, kind="fundamentals")
    proof = judge_proof(concept, split_clauses(evenly("We trained it again and again until it fit."), ()))
    assert proof.vague == ()


@pytest.mark.parametrize("text", ["one of the models was fine", "it was a first attempt at the task"])
def test_a_number_word_without_a_unit_is_no_number(text: str) -> None:
    assert proof_of(text).numbers == ()
