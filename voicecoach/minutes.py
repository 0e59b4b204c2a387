"""Seconds as minutes and seconds, the same in the app, the commands and the reports."""


def clock(seconds: float) -> str:
    """A moment: "1:05", its seconds cut off as a clock does."""
    whole = int(max(0.0, seconds))
    return f"{whole // 60}:{whole % 60:02d}"


def length(seconds: float) -> str:
    """How long something is: "1:18", to the nearest second."""
    return clock(round(seconds))
