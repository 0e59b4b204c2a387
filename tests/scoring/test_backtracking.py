import pytest

from tests.scoring.test_clauses import evenly
from voicecoach.scoring.backtracking import backtracking
from voicecoach.scoring.clauses import split_clauses

BEFORE = "We trained a model on last year's orders. "


def went_back(text: str) -> list[str]:
    return [each.quote for each in backtracking(split_clauses(evenly(text), ()))]


@pytest.mark.parametrize(
    "said",
    [
        "I should have said first what we predict.",
        "I should've said that late orders are the label.",
        "Oh, and before any of that we cleaned the dates.",
        "Let me go back to the label for a second.",
        "What I forgot is the baseline, the mean per shop.",
        "I skipped that, the split was by week.",
        "I haven't even said what a late order is.",
        "Going back a step, the label comes from the depot.",
        "That would've been the place to start, I guess.",
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
        "And before the launch it ran in shadow for a week.",
        "The orders came back to the depot by Friday.",
    ],
)
def test_going_back_in_the_story_is_not_going_back_in_the_telling(said: str) -> None:
    assert went_back(BEFORE + said) == []


def test_what_opens_an_answer_goes_back_to_nothing() -> None:
    assert (
        went_back("Before any of that I'd ask who uses the number. Then I'd look at the data we have.") == []
    )


def test_the_clause_is_quoted_with_its_time() -> None:
    (quote,) = backtracking(split_clauses(evenly(BEFORE + "I should have said what we predict first."), ()))
    assert quote.quote == "I should have said what we predict first."
    assert 0 < quote.start_s < quote.end_s
