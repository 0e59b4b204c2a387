"""Two takes of one question: which to compare, and what changed between them."""

from dataclasses import dataclass
from datetime import datetime

from voicecoach.errors import HistoryError
from voicecoach.history.records import Attempt, AttemptRow, History
from voicecoach.practice.events import UNKEPT
from voicecoach.scoring.comparison import TakeComparison, Told, compare_takes


@dataclass(frozen=True, slots=True)
class TakePair:
    """Two takes of one question, the earlier one first."""

    before: Attempt
    after: Attempt
    comparison: TakeComparison


def pair(one: Attempt, other: Attempt) -> TakePair:
    """Compare two takes, given in any order.

    Raises:
        HistoryError: They answer different questions, or are the same take.
    """
    if one.id == other.id:
        raise HistoryError(f"Attempt {one.id} cannot be compared with itself.", "Name two attempts.")
    if one.question_id != other.question_id:
        raise HistoryError(
            f"Attempt {one.id} answers {one.question_id!r} and attempt {other.id} {other.question_id!r}.",
            "Only takes of the same question can be compared.",
        )
    before, after = sorted((one, other), key=_age)
    comparison = compare_takes(Told(before.transcript, before.card), Told(after.transcript, after.card))
    return TakePair(before, after, comparison)


def pair_of(history: History, one_id: int, other_id: int) -> TakePair:
    """Compare two takes by their numbers.

    Raises:
        HistoryError: There is no such attempt, or the two cannot be compared.
    """
    return pair(_found(history, one_id), _found(history, other_id))


def other_takes(history: History, attempt: Attempt) -> tuple[AttemptRow, ...]:
    """What a take can be compared with: every other take of its question, the oldest first."""
    rows = history.rows((attempt.question_id,))
    return tuple(row for row in reversed(rows) if row.id != attempt.id)


def first_choice(others: tuple[AttemptRow, ...], attempt: Attempt) -> int | None:
    """Where in `others` the take stands that came before this one, or the one after; None without others."""
    older = [i for i, row in enumerate(others) if _age(row) < _age(attempt)]
    return older[-1] if older else (0 if others else None)


def _found(history: History, attempt_id: int) -> Attempt:
    attempt = history.get(attempt_id)
    if attempt is None:
        raise HistoryError(
            f"There is no attempt {attempt_id}.", "`voicecoach history` shows the numbers of attempts."
        )
    return attempt


def _age(take: Attempt | AttemptRow) -> tuple[datetime, bool, int]:
    # A take that could not be kept is the newest of those that began at its instant.
    return take.started_at, take.id == UNKEPT, take.id
