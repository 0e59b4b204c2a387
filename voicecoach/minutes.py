"""Seconds as minutes and seconds, and what fits a window, the same in app, commands and reports."""

BESIDE_S = 0.5
"""To the second, what is less beside the window is in it."""


def is_over(duration_s: float, target_s: tuple[float, float]) -> bool:
    """Whether an answer is longer than its window, to the second."""
    return duration_s > target_s[1] + BESIDE_S


def is_under(duration_s: float, target_s: tuple[float, float]) -> bool:
    """Whether an answer is shorter than its window, to the second."""
    return duration_s < target_s[0] - BESIDE_S


def clock(seconds: float) -> str:
    """A moment: "1:05", its seconds cut off as a clock does."""
    whole = int(max(0.0, seconds))
    return f"{whole // 60}:{whole % 60:02d}"


def length(seconds: float) -> str:
    """How long something is: "1:18", to the nearest second."""
    return clock(round(seconds))
