"""What the page, the terminal and the command line say in the same words."""

import pytest

from voicecoach.report.wording import padding
from voicecoach.scoring.card import Timing


@pytest.mark.parametrize(
    ("score", "duration_s", "said"),
    [
        (100.0, 75.0, ""),
        (75.0, 75.0, ", 45 s without padding"),
        (50.0, 40.0, ", 30 s without padding"),
        (50.0, 30.0, ""),
        (99.0, 90.4, ""),
        (50.0, 135.0, ""),
    ],
    ids=["full", "padded", "short and padded", "short", "a moment over", "long"],
)
def test_a_length_that_padding_fills_is_told_without_it(score: float, duration_s: float, said: str) -> None:
    assert padding(Timing(score, duration_s, (60.0, 90.0), 150.0, ())) == said
