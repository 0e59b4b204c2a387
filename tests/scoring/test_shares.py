"""Of which whole a statement takes a share, and what becomes of a textbook swap."""

import pytest

from tests.support.judging import Judging
from voicecoach.scoring.shares import opposed, whole_of

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
