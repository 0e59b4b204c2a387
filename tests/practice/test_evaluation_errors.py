from collections.abc import Sequence

import pytest

from tests.support.outcomes import answer, point
from voicecoach.practice.evaluation.errors import MOST, ErrorsBehind, TellingError, errors_behind
from voicecoach.practice.evaluation.outcomes import Outcome
from voicecoach.practice.evaluation.targets import TARGETS
from voicecoach.scoring.card import PointResult, PointState


def heard(state: PointState, probability: float, quote: str = "") -> PointResult:
    return PointResult("a", "A", "beat", 1.0, state, probability, None, None, quote)


def as_judged(outcomes: Sequence[Outcome]) -> list[list[PointResult]]:
    return [[heard(each.state, each.probability) for each in outcome.points] for outcome in outcomes]


def behind(figure: str, outcomes: Sequence[Outcome], group: str = "development") -> tuple[TellingError, ...]:
    found = errors_behind(outcomes, as_judged(outcomes))
    return next(each.errors for each in found if figure in each.figures and each.group == group)


def test_the_surest_misjudged_points_come_first_and_no_question_twice() -> None:
    outcomes = [
        answer("strong", point("said", "contradicted", 0.9, accused="my words"), question="first"),
        answer("vague", point("not", "covered", 0.8), question="first"),
        answer("vague", point("not", "covered", 0.6), point("partly", "covered", 0.9), question="second"),
        answer("plain", point("said", "missing", 0.3), question="third"),
        answer("wrong", point("wrong", "covered", 0.61, accused="this"), question="fourth"),
        answer("wrong", point("wrong", "contradicted", 0.9, accused="rightly"), question="fifth"),
    ]

    assert behind("kappa", outcomes) == behind("f1", outcomes)
    assert behind("f1", outcomes) == (
        TellingError("first, vague", "a: label not, judged covered (0.80)", "the words"),
        TellingError("third, plain", "a: label said, judged missing (0.30)", "the words"),
        TellingError(
            "fourth, wrong", "a: label wrong, judged covered (0.61), one wording called wrong", "this"
        ),
        TellingError("second, vague", "a: label not, judged covered (0.60)", "the words"),
    )
    assert behind("f1_plain", outcomes) == (
        TellingError("third, plain", "a: label said, judged missing (0.30)", "the words"),
    )


def test_a_handful_at_most_is_told() -> None:
    outcomes = [answer("strong", point("said", "missing"), question=f"{i}") for i in range(MOST + 1)]

    assert len(behind("f1", outcomes)) == MOST


def test_the_bins_in_which_probabilities_are_furthest_off_come_first() -> None:
    well = [point("said", "covered", 0.95)] * 9 + [point("not", "covered", 0.95)]
    badly = [point("said", "covered", 0.41), point("said", "covered", 0.43)]

    assert behind("calibration_error", [answer("strong", *well, *badly)]) == (
        TellingError("probability 0.4 to 0.5", "2 points, 0.42 on average; said: 100%", ""),
        TellingError("probability 0.9 to 1.0", "10 points, 0.95 on average; said: 90%", ""),
    )


def test_a_definition_is_told_with_its_verdict() -> None:
    said, missed = point("said", "covered", 0.9), point("said", "missing", 0.2)
    accused = point("said", "contradicted", 0.9, accused="my words")
    passed = point("wrong", "covered", 0.7)
    outcomes = [
        answer("right1", said, is_definition=True, question="well"),
        answer("right1", missed, is_definition=True, verdict="vague", question="missed"),
        answer("right1", accused, is_definition=True, verdict="wrong", question="accused"),
        answer("wrong1", said, passed, is_definition=True, question="passed"),
    ]

    assert [each.what for each in behind("right_judged_right", outcomes)] == [
        "verdict vague; a: label said, judged missing (0.20)",
        "verdict wrong; a: label said, judged contradicted (0.90)",
    ]
    assert [(each.where, each.quote) for each in behind("right_called_wrong", outcomes)] == [
        ("accused, right1", "my words")
    ]
    assert behind("wrong_called_right", outcomes) == (
        TellingError("passed, wrong1", "verdict right; a: label wrong, judged covered (0.70)", "the words"),
    )


def test_wrong_statements_that_are_missed_and_right_ones_that_are_accused() -> None:
    wrong, accused = point("wrong", "covered", 0.7), point("said", "contradicted", accused="my words")
    outcomes = [
        answer("wrong", wrong, question="missed"),
        answer("wrong", point("wrong", "contradicted", accused="this"), accusations=1, question="found"),
        answer("strong", accused, accusations=1, question="accused"),
        answer("vague", accused, accusations=1, question="beside"),
    ]

    assert [each.where for each in behind("contradiction_found", outcomes)] == ["missed, wrong"]
    assert [each.where for each in behind("strong_accused", outcomes)] == ["accused, strong"]


@pytest.mark.parametrize(
    ("figure", "number", "better", "worse"),
    [
        ("order_overall", "overall", "vague", "offtopic"),
        ("order_structure", "structure", "strong", "disordered"),
        ("order_rambling", "rambling", "partial", "rambling"),
    ],
)
def test_a_tie_and_the_wrong_order_are_told_with_both_numbers(
    figure: str, number: str, better: str, worse: str
) -> None:
    outcomes = [
        answer(better, question="tied", **{number: 40.0}),
        answer(worse, question="tied", **{number: 40.0}),
        answer(better, question="turned", **{number: 40.0}),
        answer(worse, question="turned", **{number: 42.5}),
        answer(better, question="kept", **{number: 40.0}),
        answer(worse, question="kept", **{number: 39.0}),
    ]

    assert behind(figure, outcomes) == (
        TellingError(f"turned, {better} and {worse}", "40.0 and 42.5", ""),
        TellingError(f"tied, {better} and {worse}", "40.0 and 40.0", ""),
    )


def test_a_verdict_that_flips_is_told_with_what_was_heard() -> None:
    outcomes = [
        answer("strong", point("said", "covered", 0.8)),
        answer("vague", point("not", "missing", 0.1)),
    ]
    misheard = [[heard("unsure", 0.3, "the birds")], [heard("missing", 0.2)]]

    assert errors_behind(outcomes, misheard)[-1] == ErrorsBehind(
        ("flipped_misheard",),
        "",
        (TellingError("q, strong", "a: covered (0.80), misheard unsure (0.30)", "the birds"),),
    )


def test_each_part_of_a_set_has_errors_of_its_own_behind_every_target_but_those_of_sound_and_time() -> None:
    outcomes = [answer("strong"), answer("strong", group="test")]

    found = errors_behind(outcomes, as_judged(outcomes))

    for group in ("development", "test"):
        told = {figure for each in found if each.group == group for figure in each.figures}
        assert told == set(TARGETS) - {"flipped_misheard", "flipped_heard", "judging_ms"}
