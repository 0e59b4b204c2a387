"""How values are written on a page, and the words that go with every colour."""

import unicodedata
from datetime import datetime

from voicecoach.minutes import clock
from voicecoach.scoring.card import ClauseRole, PointState, Ruling, ScoreCard, Timing, Verdict
from voicecoach.transcript import EngineInfo

STATES: dict[PointState, tuple[str, str, str]] = {
    "covered": ("✓", "covered", "good"),
    "partly": ("◐", "partly", "fair"),
    "missing": ("○", "missing", "muted"),
    "contradicted": ("✗", "contradicted", "bad"),
    "unsure": ("?", "unsure", "look"),
}
"""Sign, word and colour class of each state of a point."""

ROLES: dict[ClauseRole, tuple[str, str, str]] = {
    "point": ("✓", "point", "good"),
    "repeat": ("↺", "said before", "fair"),
    "context": ("·", "context", "muted"),
    "off-point": ("~", "off the point", "fair"),
    "contradiction": ("✗", "contradiction", "bad"),
}

VERDICTS: dict[Verdict, tuple[str, str]] = {
    "right": ("right, as far as this judge can tell", "good"),
    "wrong": ("wrong in places", "bad"),
    "vague": ("vague: too little was said exactly enough to judge", "fair"),
    "unsure": ("check what is quoted here", "look"),
}

NOT_COUNTED = "not counted for this question"


def is_counted(card: ScoreCard, name: str) -> bool:
    """Whether a part counts towards a card's number; so it does where the card lists no parts at all."""
    return not card.parts or any(part.name == name and part.weight > 0 for part in card.parts)


def padding(timing: Timing) -> str:
    """Why a length inside its window does not score in full (", 45 s without padding"), if so."""
    shortest, longest = timing.target_s
    useful_s = timing.score * shortest / 100
    is_padded = timing.duration_s <= longest and useful_s < min(shortest, timing.duration_s) - 1
    return f", {useful_s:.0f} s without padding" if is_padded else ""


def together(card: ScoreCard) -> str:
    """How often fillers came, those found only in the sound with those heard: "together 12.0 a minute"."""
    minutes = card.timing.duration_s / 60
    fillers = card.delivery.fillers + len(card.delivery.filled_pauses)
    return f"together {fillers / minutes if minutes > 0 else 0.0:.1f} a minute"


def nothing_found(verdict: Verdict) -> str:
    """What is said of an answer in which nothing goes against the rubric."""
    more = (
        "a swapped word can slip through, so read your own words again."
        if verdict == "right"
        else "too little was said exactly enough to call it right."
    )
    return f"Nothing was found that contradicts the rubric; {more}"


def plain(value: object) -> object:
    """Text without control characters, surrogates and marks that turn the direction of writing.

    What was said or typed by anybody goes through here; values that are no text pass unchanged.
    """
    if not isinstance(value, str) or hasattr(value, "__html__"):
        return value
    return "".join(char for char in value if char.isspace() or unicodedata.category(char)[0] != "C")


def stretch(start_s: float, end_s: float) -> str:
    """A stretch of a recording: "0:12 to 0:19"."""
    return f"{clock(start_s)} to {clock(end_s)}"


def window(target_s: tuple[float, float]) -> str:
    """The length an answer should have: "60-90 s"."""
    return f"{target_s[0]:.0f}-{target_s[1]:.0f}\N{NO-BREAK SPACE}s"


def day_and_time(moment: datetime) -> str:
    """A day and time, by the clock on this machine: "21 Nov 2026, 14:05"."""
    local = moment.astimezone()
    return f"{local.day} {local:%b %Y, %H:%M}"


def heard_by(engine: EngineInfo) -> str:
    """Which engine heard an answer."""
    match engine.name:
        case "text":
            return "Typed text."
        case "whisper":
            return f"Heard by Whisper {engine.model}.".replace(" .", ".")
        case "pocketsphinx":
            return "Heard by PocketSphinx."
        case other:
            return f"Heard by {other} {engine.model}".strip() + "."


def by_whom(ruling: Ruling) -> str:
    """What the speaker made of a verdict."""
    if ruling.margin is not None and ruling.state != "contradicted":
        return "Corrected by the speaker; words about it were first judged wrong, or to check."
    if ruling.state == ruling.judged:
        return "The speaker agrees with the judge."
    return f"Corrected by the speaker; first judged {ruling.judged}."


def score_class(score: float) -> str:
    """The colour class of a score of 0..100; the number beside it says the same."""
    if score >= 70:
        return "good"
    return "fair" if score >= 45 else "bad"
