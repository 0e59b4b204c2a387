"""Of which whole a statement takes a share, and what becomes of a textbook swap."""

import pytest

from tests.support.judging import Judging
from voicecoach.scoring.shares import Whole, opposed, whole_of

ACTUAL = (
    "the share of the actual positives that the model finds",
    "out of all the real ones, how many did we get",
    "of all the fraud there is, how much we catch",
    "Of everybody who is actually ill, what proportion did the test pick up?",
    "true positives over true positives plus false negatives",
    "t p over t p plus f n",
    "TP divided by TP plus FN",
    "the number of frauds we caught divided by the number of actual frauds",
    "the fraction of the real positives that the model picks up",
    "the share of the actual positives in the data that we find",
    "the ratio of flagged frauds to real frauds",
    "of everyone who's really ill, the share we find",
    "true positive over true positive plus false negative",
    "TP / (TP + FN)",
)
PREDICTED = (
    "the share of predicted positives that are really positive",
    "how many of the cases you flagged are actually positive",
    "of everything the model predicts as positive, the share that truly is positive",
    "of the alarms, how many were real",
    "the fraction of true positives among predicted positives",
    "how many real positives out of all it flagged",
    "of its positive predictions, the share that is right",
    "when the model flags something, how likely is it to be right",
    "true positives over true positives plus false positives",
    "precision is not the share of the actual positives it is the share of the flagged ones that are right",
    "It's not accuracy. Of the alarms, how many were real?",
    "how many of the pictures it called a cat are cats",
    "of the scans it marked, the share that shows a tumour",
    "of what you returned, how much was relevant",
    "the share of the fraud alarms that were right",
    "percentage of relevant results in what you returned",
    "the proportion of real fraud in the alarms",
    "the ratio of real frauds to alarms",
    "true positives divided by true and false positives",
    "true positives over all the true and false positives",
    "true positives over the true plus the false positives",
    "tp/(tp+fp)",
)
WHAT_BECOMES_OF_THEM = (
    "recall is the fraction of positives the model flags",
    "the share of sick people the test flags",
    "how many of the frauds we flagged",
    "the fraction of frauds flagged by the model",
    "how many of the ones we should have flagged did we flag",
    "how many of the spam mails get flagged as spam",
    "out of ten sick people the test flags nine",
    "among all the fraud cases, the model flags ninety percent",
    "recall is how many of the ill people get called ill",
    "how many of the thefts the alarm goes off for",
)
RATIOS = (
    ("Precision is the ratio of patients predicted to have the disease who actually have it", "predicted"),
    ("Precision is the ratio of the flagged ones that turn out to be real", "predicted"),
    ("Recall is the ratio of real frauds we managed to flag", "actual"),
    ("Recall is the ratio of real frauds that we were able to flag", "actual"),
    ("Recall is the ratio of actual positives the model managed to flag", "actual"),
    ("the ratio of the frauds we managed to flag to all the real ones", "actual"),
    ("the ratio of what we got to what there is", "actual"),
)
GOES_ON = (
    "how many of the claims flagged by the model were fraud",
    "share of loans flagged by the model that are bad",
    "the share of documents retrieved by the system that are relevant",
    "share of samples predicted positive that are positive",
    "share of examples you marked positive that are",
    "what percentage of the loans we predicted would default actually defaulted",
    "how many of the loans we flagged did default",
    "what fraction of the tumours the model flagged is cancer",
    "how much of the fraud we flagged was real",
    "how many of the women predicted to have cancer actually have it",
    "out of ten loans flagged, nine defaulted",
    "of ten loans flagged by the bank, how many were bad",
)
ENDS_THERE = (
    "what share of the frauds we flagged is recall",
    "how many of the frauds the model flagged is recall",
    "which share of the sick people it flags is eighty percent",
    "what share of the frauds the model flagged is important",
    "how many of the frauds did the model flag",
    "how many of the frauds to be flagged did we flag",
    "how many of the frauds we flagged would tell you recall",
    "the share of frauds flagged by our model was low",
    "the share of sick people predicted to be sick",
    "the share of positives predicted positive",
    "out of ten frauds nine flagged, one missed",
    "out of ten frauds flagged we missed one",
    "out of a hundred frauds we flagged eighty and missed twenty",
)
AT_LARGE = (
    "take the hits and divide them by the total number of real positives in the test set",
    "share of relevant documents in the collection that we return",
    "share of relevant documents in the index that we return",
    "share of real frauds in total that we flagged",
    "share of actual positives in our sample that we found",
)
PARTS = (
    "the share of real frauds in the sample we flagged",
    "the share of relevant documents in the collection of results",
    "the share of relevant documents in the set we returned",
    "the share of relevant documents in the results",
    "number of relevant documents in the top ten divided by ten",
    "precision gives the proportion of relevant items in what the system hands back",
    "in what the system hands back, precision gives the proportion of relevant items",
    "it's the portion of the cases on their desk that's actual fraud",
    "how many of those had a real casualty",
)
DIVIDED = (
    "the number of correctly predicted positives divided by the total number of positives",
    "number of flagged frauds divided by the total number of frauds",
    "the number of relevant results over the total number of results",
)
NEITHER = (
    "recall is the fraction of all predictions that are correct",
    "the harmonic mean of precision and recall",
    "if there are a hundred frauds and it catches eighty, recall is eighty percent",
    "the cost of real time is more monitoring",
    "precision tells me which fraction of those really were junk",
    "precision is the share of the flagged that are real, recall the share of the actual ones that we find",
    "Precision is not the share of the actual positives that we found.",
    "Precision isn’t how many of the real positives were found.",
    "Precision does not tell you what fraction of the actual positives you found.",
    "precision isn't t p over t p plus f n",
    "",
)
RIGHT = {
    "define-recall": "Recall is the share of the actual positives that the model finds.",
    "define-precision": "Precision is the share of predicted positives that are really positive.",
}
SWAPPED = {
    "define-recall": (
        "Recall is the share of predicted positives that are really positive.",
        "Recall is how many of the cases you flagged are actually positive.",
        "recall um that's true positives over true positives plus false positives",
        "Of everything the model flagged, recall tells you what share was right.",
    ),
    "define-precision": (
        "Precision is the share of the actual positives that the model finds.",
        "Precision is how many of the actual positives you caught.",
        "precision is t p over t p plus f n",
        "Out of all the fraud there really is, precision is how much you detect.",
    ),
}


@pytest.fixture(scope="module")
def judging(tmp_path_factory: pytest.TempPathFactory) -> Judging:
    return Judging(tmp_path_factory.mktemp("shares"))


@pytest.mark.parametrize("text", ACTUAL)
def test_a_share_of_what_is_really_so(text: str) -> None:
    assert whole_of(text) == "actual"


@pytest.mark.parametrize("text", PREDICTED)
def test_a_share_of_what_was_predicted(text: str) -> None:
    assert whole_of(text) == "predicted"


@pytest.mark.parametrize("text", NEITHER)
def test_no_share_or_two(text: str) -> None:
    assert whole_of(text) is None


@pytest.mark.parametrize("text", WHAT_BECOMES_OF_THEM)
def test_what_is_told_of_the_whole_is_not_the_whole(text: str) -> None:
    assert whole_of(text) is None


@pytest.mark.parametrize(("text", "whole"), RATIOS)
def test_only_the_to_between_two_amounts_parts_a_ratio(text: str, whole: Whole) -> None:
    assert whole_of(text) == whole


@pytest.mark.parametrize("text", GOES_ON)
def test_what_was_flagged_is_the_whole_where_more_is_told_of_it(text: str) -> None:
    assert whole_of(text) == "predicted"


@pytest.mark.parametrize("text", ENDS_THERE)
def test_what_was_flagged_is_no_whole_where_only_the_share_goes_on(text: str) -> None:
    assert whole_of(text) is None


@pytest.mark.parametrize("text", AT_LARGE)
def test_a_part_placed_in_everything_there_is_stays_the_whole(text: str) -> None:
    assert whole_of(text) == "actual"


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        (
            "It depends in what you care about, precision is the share of the flagged that are right",
            "predicted",
        ),
        ("In what follows, recall is the share of the actual positives we find", "actual"),
    ],
)
def test_not_every_in_what_places_a_part(text: str, whole: Whole) -> None:
    assert whole_of(text) == whole


@pytest.mark.parametrize("text", PARTS)
def test_a_part_that_is_named_before_its_whole_is_not_the_whole(text: str) -> None:
    assert whole_of(text) is None


@pytest.mark.parametrize("text", DIVIDED)
def test_what_is_divided_is_not_the_whole(text: str) -> None:
    assert whole_of(text) is None


@pytest.mark.parametrize(
    ("question", "point", "whole"),
    [
        ("define-recall", "definition", "actual"),
        ("define-precision", "definition", "predicted"),
        ("precision-vs-recall", "recall-definition", "actual"),
        ("precision-vs-recall", "precision-definition", "predicted"),
    ],
)
def test_no_right_wording_of_the_bank_takes_its_share_of_the_other_whole(
    judging: Judging, question: str, point: str, whole: Whole
) -> None:
    asked = next(each for each in judging.question(question).points if each.id == point)
    texts = (*asked.phrasings, *asked.spoken)
    assert sum(whole_of(text) == whole for text in texts) >= 10
    assert [text for text in texts if opposed(whole_of(text), whole)] == []


def test_only_what_is_known_can_be_opposed() -> None:
    assert opposed("actual", "predicted")
    assert not opposed("actual", "actual")
    assert not opposed("actual", None)


@pytest.mark.parametrize("text", ACTUAL[:3] + PREDICTED[:3])
def test_case_and_stops_change_nothing(text: str) -> None:
    assert whole_of(text.upper().replace(",", "")) == whole_of(text)


@pytest.mark.parametrize("term", sorted(RIGHT))
def test_the_right_whole_is_right_and_the_other_wrong(judging: Judging, term: str) -> None:
    assert judging.card(judging.question(term), RIGHT[term]).accuracy.verdict == "right"
    for text in SWAPPED[term]:
        card = judging.card(judging.question(term), text)
        assert card.accuracy.verdict == "wrong", text
        assert next(p for p in card.points if p.id == "definition").state == "contradicted", text


def test_the_other_term_beside_the_right_one_accuses_nobody(judging: Judging) -> None:
    both = (
        "Recall is the share of the actual positives that the model finds."
        " Precision, by contrast, is the share of the flagged cases that really are positive."
    )
    for asked in ("define-recall", "precision-vs-recall"):
        assert judging.card(judging.question(asked), both).accuracy.contradictions == ()
