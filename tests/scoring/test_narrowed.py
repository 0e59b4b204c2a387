"""A narrowed question is judged as the whole one is, by its own points; with the real MiniLM."""

import pytest

from tests.support.judging import assembly, judged, question
from voicecoach.scoring.evidence import rubric_texts
from voicecoach.wiring import Assembly

RIGHT = "Of everything it flags, precision is the share that truly is positive."
SWAPPED = "Precision is the share of the actual positives that the model finds."
CHATTER = "Yesterday I went to the market and bought some apples and a few pears for the weekend."


@pytest.fixture(scope="module")
def wired(tmp_path_factory: pytest.TempPathFactory) -> Assembly:
    return assembly(tmp_path_factory.mktemp("narrowed"))


@pytest.mark.parametrize("said", [RIGHT, SWAPPED, CHATTER])
@pytest.mark.parametrize("name", ["define-precision", "precision-vs-recall"])
def test_a_point_asked_alone_is_judged_as_beside_the_others(wired: Assembly, name: str, said: str) -> None:
    whole = question(wired, name)
    together = {point.id: point for point in judged(wired, whole, said).points}
    for point in whole.points:
        alone = judged(wired, whole.narrowed([point.id]), said).points
        assert [(each.state, each.quote) for each in alone] == [
            (together[point.id].state, together[point.id].quote)
        ]
        if said == CHATTER:  # no answer to the whole question: there it counts for even less
            assert together[point.id].probability <= alone[0].probability < 0.1
        else:
            assert alone[0].probability == pytest.approx(together[point.id].probability)


def test_talk_about_something_else_says_no_point_that_is_asked_alone(wired: Assembly) -> None:
    for name in ("define-precision", "define-roc-auc", "define-data-drift"):
        whole = question(wired, name)
        for point in whole.points:
            (result,) = judged(wired, whole.narrowed([point.id]), CHATTER).points
            assert result.state == "missing", f"{whole.id}#{point.id}"


def test_a_swap_is_wrong_in_the_narrowed_question_too(wired: Assembly) -> None:
    accuracy = judged(wired, question(wired, "define-precision#definition"), SWAPPED).accuracy
    assert accuracy.verdict == "wrong"
    assert "That is recall" in accuracy.contradictions[0].why


def test_to_repeat_a_follow_up_is_neither_right_nor_wrong(wired: Assembly) -> None:
    for name, point in (("define-calibration", "not-ranking"), ("define-data-leakage", "split-and-fit")):
        asked = question(wired, name).narrowed([point])
        card = judged(wired, asked, f"So the question is, {asked.text}")
        assert card.accuracy.verdict == "vague", name
        assert card.points[0].state == "missing", name


def test_an_answer_may_begin_with_the_follow_up(wired: Assembly) -> None:
    asked = question(wired, "define-underfitting#both-errors-high")
    said = (
        "What do training error and validation error look like? Training and validation error are both high."
    )
    (result,) = judged(wired, asked, said).points
    assert result.state == "covered"
    assert "both high" in result.quote


def test_a_narrowed_question_needs_no_vectors_of_its_own(wired: Assembly) -> None:
    whole = question(wired, "define-precision")
    assert rubric_texts(whole.narrowed(["definition"])) == rubric_texts(whole)


def test_a_question_narrowed_twice_still_knows_the_whole(wired: Assembly) -> None:
    whole = question(wired, "define-precision")
    twice = whole.narrowed(["definition", "ignores-misses"]).narrowed(["definition"])
    assert twice.whole == whole
    assert twice.id == "define-precision#definition"


def test_an_answer_to_a_follow_up_is_relevant_to_it(wired: Assembly) -> None:
    for name in ("accuracy-the-data-cannot-support", "imbalanced-data", "choose-a-metric"):
        whole = question(wired, name)
        for point in whole.points:
            card = judged(wired, whole.narrowed([point.id]), ". ".join(point.phrasings[:3]) + ".")
            assert card.rambling.relevance > 80, f"{name}#{point.id}"
            assert "what was asked" not in card.cue
