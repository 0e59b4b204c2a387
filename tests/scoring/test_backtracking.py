import pytest

from tests.scoring.test_clauses import evenly
from voicecoach.scoring.backtracking import backtracking
from voicecoach.scoring.clauses import split_clauses

BEFORE = "We trained a model on last year's orders. "


def went_back(text: str, *, is_story: bool = False) -> list[str]:
    return [each.quote for each in backtracking(split_clauses(evenly(text), ()), is_story=is_story)]


@pytest.mark.parametrize(
    "said",
    [
        "I should have said first what we predict.",
        "I should've said that late orders are the label.",
        "But before that we cleaned the dates and the amounts.",
        "Before any of that I ask who uses the number.",
        "Let me go back to the label for a second.",
        "What I forgot is the baseline, the mean per shop.",
        "I skipped that, the split was by week.",
        "I haven't even said what a late order is.",
        "Going back a step, the label comes from the depot.",
        "That would've been the place to start, I guess.",
        "Let me, uh, go back to the label for a second.",
        "Um, before that we cleaned the dates and the amounts.",
        "And when we split it I forgot to mention the label.",
        "Oh, I just realised I forgot the baseline.",
        "Sorry, I've just noticed, I forgot the baseline.",
        "I just realized I skipped that part.",
        "And I meant to mention the test set.",
    ],
)
def test_whoever_says_that_something_should_have_come_before_goes_back(said: str) -> None:
    assert went_back(BEFORE + said)


@pytest.mark.parametrize(
    "said",
    [
        "I should have said no to that deadline.",
        "It failed because I forgot to scale the inputs.",
        "When I forgot the index, the query took an hour.",
        "I'd go back to the previous version within minutes.",
        "Before the split I remove the duplicates.",
        "And before the launch it runs in shadow for a week.",
        "And before that step I split the rows by time.",
        "Before any of it is trained I split the data.",
        "Before everything else I check the data for leakage.",
        "Oh, and the false alarms cost money, too.",
        "The orders came back to the depot by Friday.",
        "Then I realised I forgot the scaler at serving time.",
        "I realised I forgot to scale the inputs.",
        "If a row is broken I skipped it.",
        "When the job was late I skipped this.",
        "Precision, I meant to say, is the share of hits.",
    ],
)
def test_what_is_done_before_something_is_not_said_too_late(said: str) -> None:
    assert went_back(BEFORE + said) == []


@pytest.mark.parametrize(
    "said",
    [
        "Looking back, I should have mentioned the risk to the product owner in week one.",
        "I should have said that the date was not realistic.",
        "I should have started there with a baseline.",
        "I pushed the release and I forgot the feature flag.",
        "I forgot to mention the deadline to my colleague.",
        "I skipped that step because of the deadline.",
        "I hadn't explained the metric to the sales team.",
        "And before that I worked at a bank for three years.",
        "Before any of that there was a plain job at two in the morning.",
    ],
)
def test_what_went_wrong_in_a_story_is_not_told_too_late(said: str) -> None:
    assert went_back(BEFORE + said, is_story=True) == []


@pytest.mark.parametrize(
    "said",
    [
        "I should have said first what we predict.",
        "Let me go back a bit.",
        "Oh wait, before that I built the label.",
    ],
)
def test_a_story_too_may_go_back(said: str) -> None:
    assert went_back(BEFORE + said, is_story=True)


def test_the_clause_is_quoted_with_its_time() -> None:
    clauses = split_clauses(evenly(BEFORE + "I should have said what we predict first."), ())
    (quote,) = backtracking(clauses, is_story=False)
    assert quote.quote == "I should have said what we predict first."
    assert 0 < quote.start_s < quote.end_s
