import pytest

from voicecoach.minutes import clock, length


@pytest.mark.parametrize(
    ("seconds", "at", "long"),
    [(27.7, "0:27", "0:28"), (102.6, "1:42", "1:43"), (59.6, "0:59", "1:00"), (0.2, "0:00", "0:00")],
)
def test_a_moment_is_cut_off_and_a_length_rounded(seconds: float, at: str, long: str) -> None:
    assert (clock(seconds), length(seconds)) == (at, long)
