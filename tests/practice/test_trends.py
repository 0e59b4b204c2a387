from collections.abc import Sequence

import numpy as np
import pytest

from voicecoach.practice.trends import ENOUGH_TAKES, Trend, trend_of

RISE = (40.0, 50.0, 60.0)


def test_a_rise_on_several_questions_is_told_with_what_it_rests_on() -> None:
    trend = trend_of([RISE] * 4)
    assert trend == Trend("rising", repeated=12, higher=12, lower=0, pairs=12, change=10.0)


def test_a_fall_is_told_too() -> None:
    trend = trend_of([RISE[::-1]] * 4)
    assert (trend.direction, trend.lower, trend.change) == ("falling", 12, -10.0)


def test_other_questions_with_other_scores_make_no_trend() -> None:
    """Each question was answered once, easy ones first: nothing can be said."""
    trend = trend_of([90.0 - question] for question in range(60))
    assert trend == Trend("too few", repeated=0, higher=0, lower=0, pairs=0, change=0.0)


def test_harder_questions_later_do_not_hide_a_rise() -> None:
    series = [[score - 5 * number for score in RISE] for number in range(6)]
    assert trend_of(series).direction == "rising"


@pytest.mark.parametrize("series", [[], [(10.0, 90.0)], [RISE, (1.0, 50.0), (1.0, 50.0)]])
def test_few_takes_tell_nothing_however_steep(series: Sequence[Sequence[float]]) -> None:
    trend = trend_of(series)
    assert trend.direction == "too few"
    assert trend.repeated < ENOUGH_TAKES


def test_a_rise_that_nobody_could_feel_is_none() -> None:
    assert trend_of([(50.0, 51.0, 52.0)] * 10).direction == "unclear"


def test_equal_scores_are_no_evidence() -> None:
    trend = trend_of([(100.0, 100.0, 100.0)] * 10)
    assert (trend.direction, trend.higher, trend.lower, trend.pairs) == ("unclear", 0, 0, 30)


def test_noise_is_hardly_ever_called_a_trend() -> None:
    chance = np.random.default_rng(7)
    weeks = [chance.normal(60, 15, (8, 4)).tolist() for _ in range(1000)]
    claimed = sum(trend_of(week).direction != "unclear" for week in weeks)
    assert claimed <= 20, "one in a hundred, and some room for chance"


def test_a_week_of_getting_better_under_noise_is_seen() -> None:
    chance = np.random.default_rng(7)
    weeks = [chance.normal(RISE, 8, (12, 3)).tolist() for _ in range(100)]
    assert sum(trend_of(week).direction == "rising" for week in weeks) >= 90


def test_the_variance_is_what_shuffling_gives() -> None:
    """Of one series with ties: with the order at random the claim is as rare as it says."""
    scores = [100.0] * 6 + [60.0] * 4 + [20.0] * 5
    chance = np.random.default_rng(1)
    claimed = 0
    for _ in range(2000):
        chance.shuffle(scores)
        claimed += trend_of([scores]).direction in ("rising", "falling")
    assert claimed <= 30
