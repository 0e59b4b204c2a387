"""How values are written for a person: times, sizes, names, the words and signs that go with every colour."""

from collections.abc import Iterable
from datetime import datetime

from voicecoach.minutes import clock
from voicecoach.scoring.card import ClauseRole, PointState, Verdict
from voicecoach.scoring.thresholds import SHIPPED, Thresholds
from voicecoach.transcript import EngineInfo

MUTED = "$foreground 60%"
"""Less important text. ($text-muted is a style sheet's "auto" colour, which content cannot resolve.)"""

STATE_SIGNS: dict[PointState, str] = {
    "covered": "✓",
    "partly": "◐",
    "missing": "○",
    "contradicted": "✗",
    "unsure": "?",
}

STATE_COLOURS: dict[PointState, str] = {
    "covered": "$text-success",
    "partly": "$text-warning",
    "missing": MUTED,
    "contradicted": "$text-error",
    "unsure": "$text-accent",
}

ROLE_WORDS: dict[ClauseRole, tuple[str, str]] = {
    "point": ("✓ point", "$text-success"),
    "repeat": ("↺ said before", "$text-warning"),
    "context": ("· context", MUTED),
    "off-point": ("~ off the point", "$text-warning"),
    "contradiction": ("✗ contradiction", "$text-error"),
}

VERDICT_WORDS: dict[Verdict, tuple[str, str]] = {
    "right": ("right", "$text-success"),
    "wrong": ("wrong", "$text-error"),
    "vague": ("vague", "$text-warning"),
    "unsure": ("check this", "$text-accent"),
}


def quoted(words: Iterable[str]) -> str:
    """Words that somebody said: "“found of all”"."""
    return f"“{' '.join(words)}”"


def stretch(start_s: float, end_s: float) -> str:
    """A stretch of a recording: "0:12-0:19"."""
    return f"{clock(start_s)}-{clock(end_s)}"


def size(count: int) -> str:
    """Bytes as a download costs them: "484 MB"."""
    if count >= 1_000_000_000:
        return f"{count / 1e9:.1f} GB"
    return f"{max(1, round(count / 1e6))} MB"


def day(moment: datetime) -> str:
    """A day, by the clock on this machine: "21 Nov"."""
    local = moment.astimezone()
    return f"{local.day} {local:%b}"


def day_and_time(moment: datetime) -> str:
    """A day and time, by the clock on this machine: "21 Nov 2026 14:05"."""
    local = moment.astimezone()
    return f"{local.day:>2} {local:%b %Y %H:%M}"


def day_and_minute(moment: datetime) -> str:
    """A day and time without its year: "21 Nov 14:05"."""
    local = moment.astimezone()
    return f"{local.day:>2} {local:%b %H:%M}"


def engine_name(name: str, model: str = "") -> str:
    """Which engine heard an answer, as a person knows it."""
    match name:
        case "whisper":
            return f"Whisper {model}".strip()
        case "pocketsphinx":
            return "PocketSphinx"
        case "text":
            return "typed text"
        case _:
            return f"{name} {model}".strip()


def engine(info: EngineInfo) -> str:
    """Which engine heard an answer."""
    return engine_name(info.name, info.model)


def score_colour(score: float) -> str:
    """The colour that goes with a score of 0..100; the number beside it says the same."""
    if score >= 70:
        return "$text-success"
    return "$text-warning" if score >= 45 else "$text-error"


def difference(now: float, then: float) -> str:
    """How a score moved: "+8", "-3", "same"."""
    change = round(now) - round(then)
    return "same" if change == 0 else f"{change:+d}"


def plural(count: int, one: str, many: str = "") -> str:
    """A count with its noun: "1 pause", "3 pauses"."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def your_thresholds(yours: Thresholds) -> str:
    """What a person's own thresholds are, beside the shipped ones."""
    parts = []
    if yours.covered != SHIPPED.covered:
        parts.append(
            f"points count as covered from {yours.covered:.3f} instead of {SHIPPED.covered:.3f}, "
            f"as partly covered from {yours.partly:.3f} instead of {SHIPPED.partly:.3f}"
        )
    if yours.accuse != SHIPPED.accuse:
        parts.append(
            f"statements are called wrong from a margin of {yours.accuse:.3f} instead of {SHIPPED.accuse:.3f}"
        )
    return "; ".join(parts) or "the shipped ones"
