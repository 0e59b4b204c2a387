import numpy as np
import pytest

from tests.support.outcomes import answer, point
from voicecoach.practice.evaluation.figures import (
    Share,
    agreement,
    best_threshold,
    calibration_error,
    contradiction_figures,
    definition_figures,
    flips,
    group_figures,
    kappa,
    order_figures,
    point_figures,
)


def test_agreement_by_hand() -> None:
    truth = np.array([True, True, True, False, False, False])
    said = np.array([True, True, False, True, False, False])
    scores = np.array([0.9, 0.8, 0.3, 0.6, 0.2, 0.1])

    found = agreement(truth, scores, said, 0.5)

    # Of nine pairs one is the wrong way round. Two hits, a miss and a false alarm: precision and recall 2/3.
    assert found.auc == pytest.approx(8 / 9)
    assert found.f1 == pytest.approx(2 / 3)
    # They agree on 4 of 6, and would by chance on half.
    assert found.kappa == pytest.approx((4 / 6 - 1 / 2) / (1 - 1 / 2))
    assert found.threshold == 0.5


def test_a_figure_of_nothing_is_none() -> None:
    none, nobody = np.array([], bool), np.array([])

    assert agreement(none, nobody, none, None).auc is None
    assert agreement(none, nobody, none, None).f1 is None
    assert agreement(np.array([True]), np.array([0.5]), np.array([False]), None).auc is None
    assert kappa(np.array([True, True]), np.array([True, True])) is None
    assert calibration_error(none, nobody) is None
    assert best_threshold(np.array([False]), np.array([0.5])) is None
    assert Share(0, 0).fraction is None


def test_calibration_error_by_hand() -> None:
    truth = np.array([True, False, True, True])
    probabilities = np.array([0.72, 0.78, 0.15, 1.0])

    # One bin of two: 1 of 1.5 expected; one of one that expects 0.15 and has 1; one that is right.
    assert calibration_error(truth, probabilities) == pytest.approx((0.5 + 0.85 + 0.0) / 4)


def test_a_baseline_gets_the_threshold_that_is_best_for_it() -> None:
    assert best_threshold(np.array([True, True, False]), np.array([0.9, 0.4, 0.1])) == pytest.approx(0.4)
    # Rounded to 0.63 it would shut out the very score that it comes from.
    assert best_threshold(np.array([True, True, False]), np.array([0.9, 0.626, 0.5])) == 0.626


def test_points_that_were_partly_said_count_in_nothing() -> None:
    found = point_figures(
        [
            answer(
                "strong",
                point("said", "covered", 0.9, keyword_overlap=0.8, window_cosine=0.3),
                point("partly", "missing", 0.1, keyword_overlap=1.0, window_cosine=1.0),
                point("not", "missing", 0.2, keyword_overlap=0.1, window_cosine=0.6),
                point("wrong", "covered", 0.6, keyword_overlap=0.7, window_cosine=0.2),
            )
        ]
    )

    assert found.partly == 1
    assert found.every.points == 3
    assert found.every.judge.f1 == pytest.approx(2 / 3)
    assert found.every.judge.auc == 1.0
    assert found.every.keyword_overlap.f1 == 1.0
    assert found.every.keyword_overlap.threshold == pytest.approx(0.8)
    assert found.every.window_cosine.auc == pytest.approx(1 / 2)
    assert found.plain.points == 0
    assert found.plain.judge.f1 is None
    assert found.styles[0].said == Share(1, 3)
    assert found.styles[0].covered == Share(2, 3)


def test_plain_answers_are_told_apart_by_the_thresholds_of_all() -> None:
    found = point_figures(
        [
            answer("strong", point("said", "covered", keyword_overlap=0.9), point("not", "missing")),
            answer("plain", point("said", "missing", keyword_overlap=0.4), point("said", "covered")),
        ]
    )

    assert found.plain.points == 2
    assert found.plain.judge.f1 == pytest.approx(2 / 3)
    assert found.plain.keyword_overlap.threshold == found.every.keyword_overlap.threshold


def test_what_was_labelled_twice_stands_beside_the_judge() -> None:
    said, unsaid = point("said", "covered", again="said"), point("not", "covered", again="not")
    found = point_figures(
        [
            answer("strong", said, unsaid, point("said", "covered", again="partly")),
            answer("vague", point("not", "missing", again="said"), point("said", "covered")),
        ]
    )

    assert found.second is not None
    assert found.second.points == 3
    # First pass: said, not, not; second: said, not, said; judge: said, said, not.
    assert found.second.labels_kappa == pytest.approx((2 / 3 - 4 / 9) / (1 - 4 / 9))
    assert found.second.judge_kappa == found.second.labels_kappa
    assert point_figures([answer("strong", point("said", "covered"))]).second is None


def test_definitions_go_by_the_labels_whatever_their_style() -> None:
    points = {
        "right": (point("said", "covered"), point("not", "missing")),
        "wrong": (point("said", "covered"), point("wrong", "covered")),
        "neither": (point("partly", "unsure"),),
    }
    outcomes = [
        answer("x", *points[truth], is_definition=True, verdict=verdict)
        for truth, verdict in (
            *(("right", "right"), ("right", "right"), ("right", "wrong"), ("right", "vague")),
            *(("wrong", "right"), ("wrong", "wrong"), ("neither", "vague")),
        )
    ]

    found = definition_figures([*outcomes, answer("strong")])

    assert found.right_judged_right == Share(2, 4)
    assert found.right_called_wrong == Share(1, 4)
    assert found.wrong_called_right == Share(1, 2)
    assert found.neither == {"right": 0, "unsure": 0, "vague": 1, "wrong": 0}


def test_contradictions_found_and_accusations_of_what_is_right() -> None:
    wrong = (point("wrong", "covered"),)
    found = contradiction_figures(
        [
            answer("wrong", *wrong, accusations=2),
            answer("wrong", *wrong, to_check=1),
            answer("wrong", *wrong),
            answer("wrong1", *wrong, is_definition=True),
            answer("strong", accusations=1),
            answer("strong"),
            answer("rambling", accusations=1),
            answer("right1", is_definition=True),
            answer("vague"),
        ]
    )

    assert found.found == Share(1, 3)
    assert found.found_or_to_check == Share(2, 3)
    assert found.strong_accused == Share(1, 2)
    assert found.others_accused == Share(1, 3)


def test_orders_are_counted_within_a_question() -> None:
    found = order_figures(
        [
            answer("strong", overall=90.0, structure=80.0),
            answer("partial", overall=60.0, rambling=70.0),
            answer("vague", overall=65.0),
            answer("offtopic", overall=10.0),
            answer("disordered", structure=80.0),
            answer("rambling", rambling=20.0),
            answer("strong", overall=1.0, question="another"),
            answer("vague", overall=0.0, question="another", is_definition=True),
        ]
    )

    assert found.overall == Share(5, 6)
    assert found.structure == Share(0, 1)
    assert found.rambling == Share(1, 1)


def test_flips_are_counted_both_ways() -> None:
    assert flips([(True, False), (True,)], [(False, True), (True,)]) == Share(2, 3)


def test_each_part_of_the_set_has_figures_of_its_own() -> None:
    found = group_figures([answer("strong"), answer("strong", group="test"), answer("vague", group="test")])

    assert [(group.name, group.answers) for group in found] == [("development", 1), ("test", 2)]
    assert len(group_figures([answer("strong")])) == 1
