"""What is more than what, and what rises with what, read from the words."""

import pytest

from tests.support.judging import Judging
from voicecoach.scoring.claims import Claim, against, claims_of, common, telling


@pytest.fixture(scope="module")
def judging(tmp_path_factory: pytest.TempPathFactory) -> Judging:
    return Judging(tmp_path_factory.mktemp("claims"))


@pytest.mark.parametrize(
    ("one", "same", "opposite"),
    [
        (
            "the chance that a random positive is scored above a random negative",
            "a random negative gets a lower score than a random positive",
            "a random negative is ranked higher than a random positive",
        ),
        (
            "training accuracy is much higher than test accuracy",
            "the validation loss is far above the loss it was trained on",
            "the training error is higher than the validation error",
        ),
        (
            "the validation loss is much worse than the training loss",
            "the training error is far lower than the validation loss",
            "the training loss is worse than the validation loss",
        ),
        (
            "variance is reduced by a stronger penalty, bias rises",
            "variance falls with a stronger penalty, and bias grows",
            "bias is reduced by a stronger penalty, variance rises",
        ),
        (
            "raising the threshold usually increases precision and lowers recall",
            "push the threshold down, and recall rises while precision drops",
            "raising the threshold gives you more recall and less precision",
        ),
        (
            "if i raise the threshold, i flag fewer mails, so precision usually goes up",
            "a higher threshold, so a higher precision",
            "i raise the threshold, and precision drops",
        ),
        (
            "a stronger penalty means less variance and more bias",
            "with ever more regularisation the variance falls and the bias grows",
            "more regularisation lowers the bias and raises the variance",
        ),
        (
            "with more training data the variance falls and the bias stays the same",
            "more rows reduce variance, and bias stays",
            "more rows reduce bias, and variance stays the same",
        ),
        (
            "true positives over true positives plus false negatives",
            "t p divided by t p plus f n",
            "true positives over true positives plus true negatives",
        ),
        (
            "it is the harmonic mean of precision and recall",
            "it is just the harmonic mean of the two",
            "it is the plain average of precision and recall",
        ),
        (
            "l one sets many weights to exactly zero, and ridge only shrinks them",
            "lasso makes some of them exactly zero",
            "L2 is the one that drives the weights to exactly zero",
        ),
        (
            "recall matters when a missed case is dangerous",
            "where a false alarm is expensive, go for precision",
            "go for precision where missing one is expensive",
        ),
        (
            "high bias means underfitting",
            "overfitting means low bias and high variance",
            "underfitting comes from high variance",
        ),
        (
            "when lambda goes up, variance goes down",
            "if variance drops because you raise the penalty",
            "when lambda goes up, variance goes up",
        ),
        (
            "a stronger penalty reduces variance at the expense of bias",
            "a stronger penalty reduces variance at the expense of more bias",
            "a stronger penalty reduces bias at the expense of variance",
        ),
        (
            "raising the threshold improves precision at the expense of recall",
            "a higher threshold, so higher precision and lower recall",
            "raising the threshold improves recall at the expense of precision",
        ),
    ],
)
def test_the_direction_is_read_however_it_is_said(one: str, same: str, opposite: str) -> None:
    assert claims_of(one)
    assert claims_of(one) == claims_of(same)
    assert against(claims_of(opposite), claims_of(one))
    assert not against(claims_of(same), claims_of(one))


@pytest.mark.parametrize(
    "text",
    [
        "raising the threshold doesn't increase recall and lower precision",
        "Raising the threshold wouldn't raise recall.",
        "Lowering the threshold couldn’t increase precision.",
        "More data didn't reduce bias.",
        "the training error is not higher than the validation error",
        "if validation error is much worse than training error, take a simpler model",
        "the training set is larger than the validation set",
        "low variance and high bias",
        "true positives plus true negatives over everything, t p plus t n plus f p plus f n",
        "it rises. it falls.",
        "with more mails flagged, precision falls",
        "it makes some of them zero and l2 keeps all of them",
        "the plain average would be fifty",
        "it is below the plain average where the two differ",
        "a plain average hides that one of them is terrible",
        "if misses are costly i accept lower precision",
        "ridge shrinks the weights towards zero",
        "if the variance goes up i take a simpler model",
        "more variance calls for more data",
        "i trust the validation score more than the training score",
        "an auc of zero means that every negative is scored above every positive",
        "the tenth result is discounted more than the first",
        "a confident right answer costs less than an unsure right answer",
        "people say that high bias means overfitting",
        "a better model increases precision",
        "a simpler model or more data comes next",
        "With high bias I want a more flexible model, with high variance more data",
        "If recall drops we lower the threshold.",
        "When precision falls, you raise the threshold",
        "When the variance goes up, increase the penalty.",
        "when variance rises, simplify the model",
        "whenever variance rises, get more data",
        "In cancer screening missing a case is fatal and precision is secondary",
        "Precision ignores the missed cases, which are the expensive ones",
        "missing one is expensive, and so precision is the wrong metric",
        "Where a false alarm is expensive recall takes a back seat",
        "a random negative rarely scores above a random positive",
        "a random negative seldom gets a higher score than a positive",
        "a negative scores above a positive only by accident",
        "it only drops when a negative ranks above a positive",
        "one minus it is the chance that a negative scores higher than a positive",
        "raising the threshold scarcely increases recall",
        "",
    ],
)
def test_what_is_denied_supposed_or_about_something_else_claims_nothing(text: str) -> None:
    assert claims_of(text) == frozenset()


@pytest.mark.parametrize(
    ("text", "claimed"),
    [
        ("If you want higher precision you lower the threshold", ("precision with threshold", -1)),
        ("When you want more recall you lower the threshold", ("recall with threshold", -1)),
        ("If recall should rise, lower the threshold", ("recall with threshold", -1)),
        ("If precision must go up, raise the threshold", ("precision with threshold", 1)),
        ("If I want less variance I increase the complexity", ("complexity with variance", -1)),
    ],
)
def test_a_goal_is_no_case(text: str, claimed: Claim) -> None:
    assert claims_of(text) == {claimed}


@pytest.mark.parametrize(
    "text", ["If recall should drop, lower the threshold", "If variance should rise, raise the penalty"]
)
def test_what_nobody_wants_is_a_case_and_no_goal(text: str) -> None:
    assert claims_of(text) == frozenset()


def test_both_directions_in_one_text_claim_neither() -> None:
    assert claims_of("Recall counts more than precision. Precision counts more than recall.") == frozenset()


def test_what_a_contrast_claims_as_well_tells_nothing() -> None:
    right = claims_of("a stronger penalty means less variance and more bias")
    wrong = claims_of("a stronger penalty means more variance and less bias")
    assert len(right & wrong) == 1
    assert against(wrong, telling(right, [wrong]))
    assert common([right, wrong]) == right & wrong


def test_no_wording_of_the_bank_points_against_its_own_statement(judging: Judging) -> None:
    read = 0
    for question in judging.bank.questions:
        for point in question.points:
            for texts in (point.phrasings, *(contrast.phrasings for contrast in point.contrasts)):
                claims = common(claims_of(text) for text in texts)
                read += bool(claims)
                assert not [text for text in texts if against(claims_of(text), claims)], (
                    question.id,
                    point.id,
                )
    assert read >= 30


@pytest.mark.parametrize(
    ("question", "right", "wrong"),
    [
        (
            "define-overfitting",
            "The model has fit the noise in the training data. You recognise it because the validation error"
            " is much higher than the training error.",
            "The model has fit the noise in the training data. You recognise it because the training error"
            " is much higher than the validation error.",
        ),
        (
            "define-recall",
            "Recall is true positives over true positives plus false negatives.",
            "Recall is true positives over true positives plus true negatives.",
        ),
        (
            "define-f1-score",
            "The F1 score is the harmonic mean of precision and recall.",
            "The F1 score is the arithmetic mean of precision and recall.",
        ),
        (
            "define-log-loss",
            "Log loss is the negative log of the probability given to the true class, and a confident mistake"
            " costs more than a hesitant one.",
            "Log loss is the negative log of the probability given to the true class, and a hesitant mistake"
            " costs more than a confident one.",
        ),
        (
            "define-data-leakage",
            "The model is trained with information that it won't have when it predicts, so the offline"
            " score is better than the live one.",
            "The model is trained with information that it won't have when it predicts, so the offline"
            " score is worse than the live one.",
        ),
    ],
)
def test_two_swapped_words_make_a_definition_one_to_look_at(
    judging: Judging, question: str, right: str, wrong: str
) -> None:
    asked = judging.question(question)
    told, turned = (judging.card(asked, text).accuracy for text in (right, wrong))
    assert (told.verdict, told.contradictions, told.check) == ("right", (), ())
    assert turned.verdict in ("unsure", "wrong")
    assert turned.contradictions or turned.check


@pytest.mark.parametrize(
    ("question", "text"),
    [
        (
            "define-overfitting",
            "It fits the noise. The validation loss is much worse than the training loss.",
        ),
        (
            "define-recall",
            "Recall is TP over TP plus FN, so it ignores the true negatives and the false alarms.",
        ),
        (
            "define-bias-variance-tradeoff",
            "Overfitting means low bias and high variance, underfitting the reverse.",
        ),
        ("define-f1-score", "It's the harmonic mean. A plain average hides that one of them is terrible."),
        ("precision-vs-recall", "When misses are costly I accept lower precision and lower the threshold."),
    ],
)
def test_what_only_looks_turned_around_is_not_called_wrong(
    judging: Judging, question: str, text: str
) -> None:
    assert judging.card(judging.question(question), text).accuracy.contradictions == ()


def test_chatter_behind_it_hides_nothing(judging: Judging) -> None:
    asked = judging.question("define-overfitting")
    turned = "It fits the noise. You recognise it because the training error is far above the validation one."
    chatter = "In the end I cooked pasta with tomatoes and it was rather good."
    for text in (turned, f"{turned} {chatter}", f"{chatter} {turned}"):
        accuracy = judging.card(asked, text).accuracy
        assert accuracy.contradictions or accuracy.check, text


def test_a_point_turned_around_is_told_with_the_right_wording(judging: Judging) -> None:
    asked = judging.question("define-overfitting")
    card = judging.card(
        asked,
        "The model has learned the noise of its training rows by heart."
        " You recognise it because the training error is far above the validation one.",
    )
    (note,) = (*card.accuracy.contradictions, *card.accuracy.check)
    assert note.quote.endswith("You recognise it because the training error is far above the validation one.")
    point = next(each for each in asked.points if each.id == note.point)
    assert note.why == f"Right is, for instance: “{point.phrasings[0]}”."
    assert card.accuracy.verdict == "unsure"


def test_a_few_wordings_that_are_read_otherwise_are_misread() -> None:
    one, other = frozenset({("recall with threshold", -1)}), frozenset({("recall with threshold", 1)})
    assert common([*[one] * 4, frozenset(), other]) == one
    assert common([one, one, one, other]) == frozenset()
    assert common([]) == frozenset()
