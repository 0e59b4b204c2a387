"""What rulings do to the thresholds: little at first, never too far, always in the direction they point."""

from dataclasses import astuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.practice.calibration import (
    ACCUSING_STEP,
    MOST_ACCUSING,
    Calibration,
    calibrate,
)
from voicecoach.scoring.card import Ruled, Ruling
from voicecoach.scoring.coverage import state_of
from voicecoach.scoring.thresholds import SHIPPED

BORDERLINE = 0.30
"""A margin that the shipped thresholds just accuse."""


def ruling(state: Ruled, probability: float = 0.3, margin: float | None = None) -> Ruling:
    judged = "contradicted" if margin is not None else state_of(probability, SHIPPED)
    return Ruling("point", state, judged, probability, margin, "2026-11-21T20:00:00+00:00")


rulings = st.builds(
    ruling,
    st.sampled_from(("covered", "partly", "missing", "contradicted")),
    st.floats(0, 1),
    st.none() | st.floats(SHIPPED.check, 1),
)


def test_without_rulings_the_thresholds_are_the_shipped_ones() -> None:
    assert calibrate(()) == Calibration(SHIPPED)


def test_a_few_rulings_move_little_and_many_move_more() -> None:
    moved = [SHIPPED.covered - calibrate([ruling("covered")] * n).thresholds.covered for n in (1, 3, 10, 30)]

    assert 0 < moved[0] < 0.02
    assert moved[1] < 0.04
    assert moved == sorted(moved)


def test_points_that_were_not_said_raise_the_threshold() -> None:
    thresholds = calibrate([ruling("missing", 0.5)] * 5).thresholds

    assert thresholds.covered > SHIPPED.covered
    assert thresholds.accuse == SHIPPED.accuse


def test_agreeing_with_clear_verdicts_changes_next_to_nothing() -> None:
    found = calibrate([ruling("covered", 0.95), ruling("missing", 0.03)] * 5)

    assert found.thresholds.covered == pytest.approx(SHIPPED.covered, abs=0.006)
    assert (found.coverage, found.coverage_agreed) == (10, 10)


def test_rejected_accusations_make_accusing_rarer_and_leave_coverage_alone() -> None:
    found = calibrate([ruling("covered", margin=BORDERLINE)] * 6)

    assert found.thresholds.accuse > BORDERLINE
    assert found.thresholds.covered == pytest.approx(SHIPPED.covered)
    assert (found.accusations, found.rejected, found.coverage) == (6, 6, 0)


def test_agreeing_with_accusations_never_makes_them_more_frequent() -> None:
    agreed = [ruling("contradicted", margin=0.5)] * 20
    rejected = [ruling("covered", margin=BORDERLINE)] * 8

    assert calibrate(agreed).thresholds == SHIPPED
    assert calibrate(rejected + agreed).thresholds.accuse < calibrate(rejected).thresholds.accuse


@given(st.lists(rulings, max_size=40))
def test_thresholds_stay_in_order_and_within_their_bounds(made: list[Ruling]) -> None:
    found = calibrate(made).thresholds

    assert 0 < found.unsure < found.partly < found.covered < 1
    assert SHIPPED.accuse <= found.accuse <= SHIPPED.accuse + MOST_ACCUSING * ACCUSING_STEP + 1e-9
    assert found.accuse - found.check == pytest.approx(SHIPPED.accuse - SHIPPED.check, abs=0.0011)
    assert 0.245 <= found.covered <= 0.618


@given(st.lists(rulings, max_size=20), st.floats(0, 1))
def test_one_more_point_that_was_said_never_raises_a_threshold(made: list[Ruling], likely: float) -> None:
    before = calibrate(made).thresholds
    said = calibrate([*made, ruling("covered", likely)]).thresholds
    not_said = calibrate([*made, ruling("missing", likely)]).thresholds

    assert said.covered <= before.covered + 1e-9
    assert not_said.covered >= before.covered - 1e-9


@given(st.lists(rulings, max_size=20), st.floats(SHIPPED.check, 1))
def test_one_more_rejected_accusation_never_lowers_a_threshold(made: list[Ruling], margin: float) -> None:
    before = calibrate(made).thresholds
    after = calibrate([*made, ruling("covered", margin=margin)]).thresholds

    assert after.accuse >= before.accuse - 1e-9


@given(st.permutations([ruling("covered", 0.2), ruling("missing", 0.6), ruling("partly", 0.1, 0.4)]))
def test_the_order_of_rulings_does_not_matter(made: list[Ruling]) -> None:
    backwards = calibrate(made[::-1]).thresholds

    assert astuple(calibrate(made).thresholds) == pytest.approx(astuple(backwards))


def test_no_number_of_rulings_moves_coverage_beyond_its_bounds() -> None:
    lowest = calibrate([ruling("covered", 0.0)] * 1000).thresholds.covered
    highest = calibrate([ruling("missing", 1.0)] * 1000).thresholds.covered

    assert (lowest, highest) == (0.245, 0.617)
