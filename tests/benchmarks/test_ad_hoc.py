import numpy as np
import pytest

from benchmarks.calibration import fit
from benchmarks.contradiction import SIGNS, contradictions, own_windows, signs
from benchmarks.judging import score, wrong

POINTS = [
    "precision is the share of predicted positives that are right",
    "raise the threshold to get fewer false alarms",
]


@pytest.mark.parametrize("question", ["", "How do precision and the threshold hang together?"])
def test_what_an_answer_says_is_likelier_than_what_it_does_not(question: str) -> None:
    score.question = question

    said, unsaid = score(POINTS, "Um, of the predicted positives precision is the share which is right.")

    assert 0 <= unsaid < said <= 1


def test_any_answer_has_a_number_for_each_point() -> None:
    for answer in ("", "...", "yes", "a " * 400):
        assert all(0 <= value <= 1 for value in (*score(POINTS, answer), *wrong(POINTS, answer)))
        assert len(score(POINTS, answer)) == len(wrong(POINTS, answer)) == len(POINTS)


def test_each_function_has_a_question_of_its_own() -> None:
    answer, score.question = "Raise it, and there are fewer false alarms.", ""
    before = wrong(POINTS, answer)
    score.question = "Should one raise the threshold?"
    assert wrong(POINTS, answer) == before
    wrong.question, score.question = score.question, ""
    assert wrong(POINTS, answer) != before
    wrong.question = ""


def test_a_point_alone_has_a_probability_too() -> None:
    score.question = ""

    assert score(POINTS[:1], POINTS[0])[0] > score(POINTS[:1], "I like bees and honey.")[0]


def test_the_fit_finds_the_scale_and_shift_that_made_the_labels() -> None:
    draw = np.random.default_rng(1)
    logits = draw.normal(0, 2, 20_000)
    said = draw.random(20_000) < 1 / (1 + np.exp(-(0.5 * logits - 1.0)))

    (scale,), shift = fit(logits[:, None], said, np.ones(20_000))
    assert (scale, shift) == pytest.approx((0.5, -1.0), abs=0.06)


@pytest.mark.parametrize(
    ("point", "said", "sign"),
    [
        ("the bulb is connected to the battery", "the bulb is not connected to the battery", "negation"),
        ("the switch must be open", "the switch must be closed", "opposite"),
        ("the voltage is 1.5 volts", "it was 0 volts", "number"),
        ("heat flows from the pan to the water", "heat flows from the water to the pan", "direction"),
    ],
)
def test_each_sign_of_a_contradiction_is_seen(point: str, said: str, sign: str) -> None:
    found = dict(zip(SIGNS, signs(point, said), strict=True))

    assert [name for name, value in found.items() if value > 0] == [sign]
    assert not any(signs(point, point))
    assert contradictions([point], [said], [[0.5]]) >= contradictions([point], [point], [[0.5]])


def test_a_statement_can_only_contradict_the_point_that_it_is_about() -> None:
    said = [[0.2, 0.8, 0.1], [0.9, 0.1, 0.3], [0.1, 0.0, 0.0]]

    assert own_windows(said) == [1, 0, None]
    assert contradictions(["a", "b", "c"], ["one", "two", "three"], said)[2] == 0.0
    assert own_windows([]) == []
    assert contradictions(["a"], [], [[]]) == [0.0]
