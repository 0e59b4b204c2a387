from dataclasses import replace

import pytest

from tests.scoring.test_clauses import evenly
from tests.support.questions import STORY
from voicecoach.content.model import Point
from voicecoach.scoring.card import PointResult, Proof
from voicecoach.scoring.clauses import split_clauses
from voicecoach.scoring.proof import judge_proof


def proof_of(text: str) -> Proof:
    return judge_proof(replace(STORY, points=()), split_clauses(evenly(text), ()), ())


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


def test_who_says_what_they_built_is_not_vague() -> None:
    assert proof_of("I’ve built what we shipped in the end.").vague == ()


def test_saying_i_beats_saying_we() -> None:
    assert (
        proof_of("I built the pipeline. I cut the cost by 20 percent.").score
        > proof_of("We built the pipeline. We cut the cost by 20 percent.").score
    )


def test_team_language_is_no_fault_outside_stories() -> None:
    concept = replace(STORY, kind="fundamentals", points=())
    proof = judge_proof(concept, split_clauses(evenly("We trained it again and again until it fit."), ()), ())
    assert proof.vague == ()


@pytest.mark.parametrize("text", ["one of the models was fine", "it was a first attempt at the task"])
def test_a_number_word_without_a_unit_is_no_number(text: str) -> None:
    assert proof_of(text).numbers == ()


@pytest.mark.parametrize(
    "text",
    [
        "My yardstick was last week's value at the same hour.",
        "When I joined, there was a list of a hundred conditions.",
        "Before me they simply used the score of the agency.",
        "The existing word-matching rules scored sixty one.",
        "A customer waits five hours, it used to be nine.",
        "The first thing I tried was a plain average of the last days.",
        "The error went from eleven and a half to just under seven percent.",
        "It caught more fraud, seventy one percent, and recall rose from 0.62 to 0.71.",
        "It is better than the rules that we had.",
        "Each report used to take nine hours.",
        "There used to be a list for that.",
        "It started at sixty two percent.",
        "They used to guess.",
        "Before the tool people used to guess.",
        "The planners used to spend two days on it.",
        "The analysts used to write rules by hand.",
        "The team used to label by hand.",
        "The company used to pay for it each month.",
        "The process used to fail every night.",
    ],
)
def test_a_baseline_is_known_by_whatever_stood_there_before(text: str) -> None:
    assert [quote.quote for quote in proof_of(text).baselines] == [text]


@pytest.mark.parametrize(
    "text",
    [
        "I used to work at a bank.",
        "We went from simple to more advanced models.",
        "The labels arrive 45 to 60 days later.",
        "It is important to balance both.",
        "The features used to train the model were plain.",
        "It is a technique used to reduce the variance.",
        "The mean is used to estimate the rest.",
        "The rule is often used to take the average over a week.",
        "A query used to get the rows is slow.",
        "The script used to run the job is short.",
        "The job started at midnight.",
        "The job started at 2 am each day.",
    ],
)
def test_not_everything_before_is_a_baseline(text: str) -> None:
    assert proof_of(text).baselines == ()


@pytest.mark.parametrize(
    "text",
    [
        "I went for boosted trees and not a neural network.",
        "I deliberately left out the customers of the last month.",
        "It raised alarms at every door opening, so I threw it out.",
        "The one decision I would defend is the split by time.",
        "We considered a larger network but stayed with trees.",
        "I would choose recall.",
        "I'd pick a linear model.",
        "I would probably go with a tree.",
        "We'd go for recall.",
        "I choose F1.",
        "I'd rather have fewer alarms.",
        "I'll take the linear one.",
        "I, um, chose the linear one.",
        "It was a judgement call.",
        "That was my call.",
        "My lead made the call.",
        "So we choose the split by time.",
        "And at the end I choose the threshold.",
        "For a rare disease, I prefer recall.",
        "Then finally we pick the smaller one.",
        "Our call was to keep it simple.",
        "A key call was to drop it.",
        "The main call I made was to split by time.",
        "An early call was to use trees.",
    ],
)
def test_a_decision_is_known_by_what_was_not_taken(text: str) -> None:
    assert text in [quote.quote for quote in proof_of(text).decisions]


@pytest.mark.parametrize(
    "text",
    [
        "I trained a decision tree on it.",
        "That moved our decision boundary.",
        "It has one decision threshold.",
        "It starts with a decision stump.",
        "The list was worth a phone call.",
        "Each row is one api call.",
        "It went to a big call centre.",
        "It depends on how I pick up the phone.",
        "If I choose wrongly it fails.",
        "The first call was to the bank.",
    ],
)
def test_a_tree_or_a_telephone_call_is_no_decision(text: str) -> None:
    assert proof_of(text).decisions == ()


@pytest.mark.parametrize(
    "text",
    [
        "The threshold we choose moves both.",
        "The k we choose is a hyperparameter.",
        "It depends on which one we prefer.",
        "Whichever we pick, there is a cost.",
        "Once we pick a threshold it is fixed.",
        "Before we choose a model we look at the data.",
        "However we choose the cutoff, it moves.",
        "What I prefer depends on the cost.",
        "It depends on which one we'd pick.",
    ],
)
def test_what_might_be_chosen_is_no_decision(text: str) -> None:
    assert proof_of(text).decisions == ()


def test_only_people_have_vaguely_worked_on_something() -> None:
    assert proof_of("It worked on the holdout set.").vague == ()
    assert proof_of("They worked on the holdout set.").vague
    assert proof_of("We all then worked on the holdout set.").vague


def test_a_filled_pause_hides_neither_own_work_nor_team_language_nor_a_number() -> None:
    proof = proof_of(
        "I, um, built the pipeline. I uh trained it. We, um, built the rest. It is 1.2, uh, cents."
    )
    assert proof.first_person == 2
    assert [quote.quote for quote in proof.vague] == ["We, um, built the rest."]
    assert [quote.quote for quote in proof.numbers] == ["It is 1.2, uh, cents."]


@pytest.mark.parametrize(
    "text",
    [
        "I gave the desk a small tool.",
        "I always cut by date.",
        "I taught a program to look at the past week.",
        "What I did was to read a thousand of them.",
        "I did the evaluation on my laptop.",
        "I've built the training pipeline from scratch.",
        "I have led the rollout to our shops.",
        "I’d written the first version alone.",
        "I came up with the label.",
        "I said no to the date.",
        "It grew as I added features.",
    ],
)
def test_own_work_is_known_by_any_doing(text: str) -> None:
    assert proof_of(text).first_person == 1


@pytest.mark.parametrize(
    "text",
    [
        "I need more data for that.",
        "I did not like it.",
        "I have to go.",
        "I've got a question.",
        "I have read about it.",
        "As I said it is simple.",
        "Like I mentioned it is simple.",
        "As I already explained it is simple.",
        "I wanted to say it is simple.",
        "I believed it is simple.",
    ],
)
def test_other_things_than_work_are_none(text: str) -> None:
    assert proof_of(text).first_person == 0


@pytest.mark.parametrize(
    "text",
    [
        "recall rose by fourteen percent",
        "it has eighteen months of data",
        "the error was point nine one",
        "fifty engineers use it",
        "it costs $5 a day",
        "the bill was halved",
        "one in five of them left",
        "two thousand users",
        "$2,000 a month",
        "1,950 examples",
        "double the throughput",
        "three full weeks",
        "five basis points",
        "4 cents per call",
    ],
)
def test_what_tells_how_much_is_a_number(text: str) -> None:
    assert proof_of(text).numbers


@pytest.mark.parametrize(
    "text",
    [
        "in 2021 I joined",
        "in 2021 our customers complained",
        "in 2020 the users left",
        "in 2020 one day it broke",
        "I had two meetings that week",
        "it had 2 main points",
        "I hired five in 2023",
        "the third step was a check",
        "I double checked it",
        "one day I saw it",
    ],
)
def test_years_ordinals_and_single_things_are_none(text: str) -> None:
    assert not proof_of(text).numbers


@pytest.mark.parametrize("text", ["it took 3 to 4 weeks to train", "I got 10 to 20 requests an hour"])
def test_a_range_is_no_baseline(text: str) -> None:
    assert not proof_of(text).baselines


@pytest.mark.parametrize(
    "text",
    [
        "that took recall from 62 to 71 percent",
        "it brought us from an error rate of 12% to 8%",
        "it took 9 hours down to 40 minutes",
        "I got latency 400 -> 120 ms",
    ],
)
def test_from_one_number_to_another_is_a_baseline(text: str) -> None:
    assert proof_of(text).baselines


def test_a_point_that_names_a_baseline_or_a_decision_is_one_in_whatever_words() -> None:
    told = "For each station it took the number of the Monday a week ago. Tall bins stayed where they were."
    clauses = split_clauses(evenly(told), ())
    statements = ("Baseline: same weekday last week", "Kept tall bins because they were full", "Had 40 bins")
    points = tuple(Point(f"p{i}", text, "b", 1.0, (text,), (), text) for i, text in enumerate(statements))
    first, second = clauses[0], clauses[-1]
    results = [
        PointResult(f"p{i}", "", "b", 1.0, "covered", 0.9, clause.start_s, clause.end_s, clause.text)
        for i, clause in enumerate((first, second, second))
    ]

    proof = judge_proof(replace(STORY, points=points), clauses, results)
    unsaid = judge_proof(
        replace(STORY, points=points), clauses, [replace(each, state="missing") for each in results]
    )

    assert [quote.quote for quote in proof.baselines] == [first.text]
    assert [quote.quote for quote in proof.decisions] == [second.text]
    assert unsaid.baselines == unsaid.decisions == ()
