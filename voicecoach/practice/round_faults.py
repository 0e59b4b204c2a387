"""What comes up again and again in the answers of a round."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from voicecoach.scoring.card import ScoreCard
from voicecoach.scoring.rambling import wasted_seconds
from voicecoach.scoring.subject import ANOTHER_QUESTION

RAMBLING_SHARE, RAMBLING_S = 0.25, 15.0
"""An answer rambles when this share of it and this many seconds added nothing."""

MANY_FILLERS = 12.0
"""A minute: from here on they cost credibility (Laske & DiGennaro Reed 2024)."""

NO_BASELINE = "no-baseline"
"""The bank's remark on a model that nothing was compared with."""

AGAIN_AND_AGAIN = 2
"""Answers that must share a fault before it is the round's."""


@dataclass(frozen=True, slots=True)
class Recurring:
    """What came up in several answers.

    Attributes:
        what: In words: "nothing was compared with a baseline".
        advice: What to do about it, as an instruction.
        numbers: The questions it came up in, from 1.
    """

    what: str
    advice: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """One judged answer to a question of the round."""

    number: int
    card: ScoreCard


def _rambles(card: ScoreCard) -> bool:
    wasted_s = wasted_seconds(card.rambling)
    return wasted_s >= RAMBLING_S and wasted_s >= RAMBLING_SHARE * card.timing.duration_s


def _has(said: Said, warning: str) -> bool:
    return any(each.id == warning for each in said.card.warnings)


_FAULTS: tuple[tuple[str, str, Callable[[Said], bool]], ...] = (
    (
        "it answered another question",
        "Open with a sentence on just what was asked.",
        lambda said: _has(said, ANOTHER_QUESTION),
    ),
    (
        "something was said wrongly",
        "Look up what was said wrongly, and say the right version aloud twice.",
        lambda said: bool(said.card.accuracy.contradictions),
    ),
    (
        "nothing was compared with a baseline",
        "Name in every answer the simplest thing it had to beat, and its number.",
        lambda said: _has(said, NO_BASELINE),
    ),
    (
        "it rambled",
        "Stop when the last point is made; what came after it bought nothing.",
        lambda said: _rambles(said.card),
    ),
    (
        "it ran over its window",
        "Keep to the window: the first sentence answers, the rest proves.",
        lambda said: said.card.timing.is_over,
    ),
    (
        "it was shorter than its window",
        "Use the time there is: give each claim one example with a number.",
        lambda said: said.card.timing.is_under,
    ),
    (
        "filler words came thick and fast",
        "Pause instead of filling: a silent second sounds like thinking.",
        lambda said: said.card.delivery.fillers_per_minute >= MANY_FILLERS,
    ),
)
"""What, advice, and whether an answer has it; of equally frequent ones the first counts most."""


def find_recurring(said: Sequence[Said]) -> tuple[Recurring, ...]:
    """What several answers share, the most frequent first."""
    found = [
        Recurring(what, advice, tuple(each.number for each in said if has(each)))
        for what, advice, has in _FAULTS
    ]
    found += _warnings(said) + _missing_beats(said)
    often = [each for each in found if len(each.numbers) >= AGAIN_AND_AGAIN]
    return tuple(sorted(often, key=lambda each: -len(each.numbers)))


def _warnings(said: Sequence[Said]) -> list[Recurring]:
    messages = {
        warning.id: warning.message
        for each in said
        for warning in each.card.warnings
        if warning.id not in (NO_BASELINE, ANOTHER_QUESTION)
    }
    return [
        Recurring(
            _first_sentence(message),
            message[len(_first_sentence(message)) + 1 :].strip() or message,
            tuple(each.number for each in said if _has(each, warning)),
        )
        for warning, message in messages.items()
    ]


def _missing_beats(said: Sequence[Said]) -> list[Recurring]:
    labels: dict[str, list[int]] = {}
    for each in said:
        for beat in each.card.structure.beats:
            if beat.id in each.card.structure.missing:
                labels.setdefault(beat.label, []).append(each.number)
    return [
        Recurring(f"“{label}” was left out", f"Give “{label}” one sentence in every answer.", tuple(numbers))
        for label, numbers in labels.items()
    ]


def _first_sentence(text: str) -> str:
    return text.partition(". ")[0].removesuffix(".")
