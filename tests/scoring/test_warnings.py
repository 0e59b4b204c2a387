import json
from dataclasses import replace
from pathlib import Path

import pytest

from voicecoach.content.loader import load_bank
from voicecoach.content.model import Bank, WarningRule
from voicecoach.practice.typed import transcript_of
from voicecoach.scoring.card import PointResult, PointState, RaisedWarning
from voicecoach.scoring.clauses import split_clauses
from voicecoach.scoring.proof import judge_proof
from voicecoach.scoring.warnings import raised_warnings

PROJECTS = Path(__file__).resolve().parents[1] / "data" / "projects.jsonl"
BASELINE = WarningRule("no-baseline", "Name one.", ("story",), ("trained a",), 1, ("baseline*", "rule based"))


@pytest.fixture(scope="module")
def bank() -> Bank:
    return load_bank([Path(__file__).resolve().parents[2]])


def raised(
    bank: Bank,
    text: str,
    *rules: WarningRule,
    question_id: str = "project-walkthrough",
    points: tuple[PointResult, ...] = (),
) -> tuple[RaisedWarning, ...]:
    question = bank.find(question_id)
    assert question is not None
    clauses = split_clauses(transcript_of(text, None), ())
    return raised_warnings(
        rules or question.warnings, clauses, points, judge_proof(replace(question, points=()), clauses, ())
    )


def point(beat: str, state: PointState) -> PointResult:
    return PointResult("p", "P", beat, 1.0, state, 0.5, 0.0, 1.0, "")


def test_a_rule_speaks_when_one_thing_is_said_and_another_is_not(bank: Bank) -> None:
    found = raised(bank, "The shop lost money. I trained a neural network.", BASELINE)

    assert [(each.id, each.message, each.quote) for each in found] == [
        ("no-baseline", "Name one.", "I trained a neural network.")
    ]
    assert 0 < found[0].start_s < found[0].end_s


@pytest.mark.parametrize(
    "text",
    [
        "I trained a network after two baselines.",
        "First a rule-based system, then I trained a network.",
        "A baselined system came first. I trained a network.",
        "I trained an apprentice.",
        "",
    ],
)
def test_it_is_silent_when_the_other_thing_is_said_or_nothing_called_for_it(bank: Bank, text: str) -> None:
    assert raised(bank, text, BASELINE) == ()


def test_a_term_matches_whole_words(bank: Bank) -> None:
    rule = WarningRule("we", "Say I.", ("story",), ("we",), 1)

    assert raised(bank, "The week before, it went well.", rule) == ()
    assert len(raised(bank, "In the end we did it.", rule)) == 1


def test_a_term_that_silences_a_rule_is_found_across_a_pause(bank: Bank) -> None:
    text = "The shop lost money. I trained a network after what was rule; based on the old dates."

    assert raised(bank, text, BASELINE) == ()


def test_it_waits_for_as_many_mentions_as_it_asks_for(bank: Bank) -> None:
    rule = WarningRule("we", "Say I.", ("story",), ("we", "our"), 3)

    assert raised(bank, "We met. We talked about the plan.", rule) == ()
    assert len(raised(bank, "We met. We talked about our plan.", rule)) == 1


def test_own_work_silences_a_rule_that_asks_for_it(bank: Bank) -> None:
    rule = WarningRule("we", "Say I.", ("story",), ("we",), 1, unless_own_work=True)

    assert raised(bank, "We met, and I built the pipeline.", rule) == ()
    assert len(raised(bank, "We met, and I think it was fine.", rule)) == 1


@pytest.mark.parametrize(("state", "silent"), [("covered", True), ("partly", True), ("missing", False)])
def test_a_point_of_the_right_beat_silences_it(bank: Bank, state: PointState, silent: bool) -> None:
    rule = WarningRule("m", "Say how it ran.", ("story",), ("model",), 1, unless_beats=("impact",))

    found = raised(bank, "It was a model.", rule, points=(point("impact", state),))

    assert (found == ()) is silent


@pytest.mark.parametrize(
    ("expected", "question_id", "text"),
    [
        (
            "model-without-production",
            "project-walkthrough",
            "I chose a transformer with twelve layers. The model was fine tuned for a week. Compared with a "
            "linear model, the architecture made the difference.",
        ),
        (
            "no-baseline",
            "design-marketplace-recsys",
            "I would train a two tower network on clicks, deploy it and monitor clicks per session.",
        ),
        (
            "metric-without-decision",
            "project-walkthrough",
            "I built it, deployed it, and the AUC went from point seven to point eight.",
        ),
        (
            "we-without-i",
            "project-walkthrough",
            "We had the data already, we cleaned it, and we put our pipeline into production.",
        ),
        (
            "failure-not-traced-to-data",
            "bad-offline-metrics",
            "When it underperforms I try a larger network and tune the learning rate.",
        ),
    ],
)
def test_every_shipped_rule_can_be_raised(bank: Bank, expected: str, question_id: str, text: str) -> None:
    assert [each.id for each in raised(bank, text, question_id=question_id)] == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "I predicted which pumps failed. Losses went down by a third and the cost per case dropped by half.",
        "A wrong answer is worse than none, so it may refuse. Waiting times dropped, and churn went down.",
    ],
)
def test_what_fell_as_it_should_is_no_failure(bank: Bank, text: str) -> None:
    assert "failure-not-traced-to-data" not in [each.id for each in raised(bank, text)]


def test_what_fell_and_should_not_is_one(bank: Bank) -> None:
    text = "Then recall dropped, so I tried a larger network."
    assert "failure-not-traced-to-data" in [each.id for each in raised(bank, text)]


def test_good_tellings_of_projects_call_up_no_rule_on_what_they_do_tell(bank: Bank) -> None:
    told = [json.loads(line) for line in PROJECTS.read_text("utf-8").splitlines()]
    strong = [answer["text"] for each in told for answer in each["answers"] if answer["style"] == "strong"]

    # Which beats were covered, and so whether it ran in production, is not known here.
    called = [each.id for text in strong for each in raised(bank, text)]

    assert len(strong) == 12
    assert not {"no-baseline", "metric-without-decision", "failure-not-traced-to-data"} & set(called)


def test_the_shipped_rules_are_those_of_the_test_above(bank: Bank) -> None:
    rules = {rule.id for question in bank.questions for rule in question.warnings}

    assert rules == {
        "model-without-production",
        "no-baseline",
        "metric-without-decision",
        "we-without-i",
        "failure-not-traced-to-data",
    }
