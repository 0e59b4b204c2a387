"""Interview rounds as they were held: what was asked, in which order, and which attempt answered it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, get_args

AskedAs = Literal["question", "follow-up", "again"]
"""Why something was asked: it belongs to the round, a point was missed, or the answer was too long."""

ASKED_AS: tuple[AskedAs, ...] = get_args(AskedAs)


@dataclass(frozen=True, slots=True)
class RoundAnswer:
    """One thing that a round asks, and what became of it.

    Attributes:
        id: As the store knows it.
        place: Which question of the round it belongs to, from 0.
        asked_as: Why it is asked.
        question_id: What is asked; a follow-up's names its point.
        take_id: The recording of the answer; None where there is none, or it was typed.
        attempt_id: The judged answer; None while there is none.
        is_passed: Whether the person passed.
    """

    id: int
    place: int
    asked_as: AskedAs
    question_id: str
    take_id: str | None = None
    attempt_id: int | None = None
    is_passed: bool = False

    @property
    def is_waiting(self) -> bool:
        """Whether it is still to be answered."""
        return self.take_id is None and self.attempt_id is None and not self.is_passed


@dataclass(frozen=True, slots=True)
class RoundRun:
    """One round as it was held.

    Attributes:
        id: As the store knows it.
        round_id: Which of the bank's rounds.
        started_at: Aware, in UTC.
        ended_at: Aware, in UTC; None while it can be gone on with.
        answers: Question by question, each with its follow-ups behind it.
    """

    id: int
    round_id: str
    started_at: datetime
    ended_at: datetime | None
    answers: tuple[RoundAnswer, ...]


class RoundStore(Protocol):
    """Rounds, newest first. Safe to use from several threads and processes.

    A take that is judged, by whomever, becomes the attempt of the answer that it was recorded for. Deleting
    an attempt deletes its answer, and a round without answers goes with the last of them. Every method raises
    HistoryError, and nothing else, when the database cannot be read or written or the round has gone.
    """

    def begin(self, round_id: str, question_ids: Sequence[str], started_at: datetime) -> RoundRun:
        """Keep a new round with its questions, all waiting."""
        ...

    def get(self, run_id: int) -> RoundRun | None:
        """One round, or None when there is none with that id."""
        ...

    def runs(self, limit: int | None = None) -> tuple[RoundRun, ...]:
        """The newest rounds; one that cannot be read is passed over, its attempts are in the history."""
        ...

    def add(self, run_id: int, place: int, asked_as: AskedAs, question_id: str) -> RoundAnswer:
        """Keep that something more is asked."""
        ...

    def take(self, answer_id: int, take_id: str | None) -> None:
        """Keep which take answers; None makes it wait for an answer again."""
        ...

    def judge(self, answer_id: int, attempt_id: int) -> None:
        """Keep which attempt answers."""
        ...

    def pass_over(self, answer_id: int) -> None:
        """Keep that the person passed."""
        ...

    def end(self, run_id: int, ended_at: datetime) -> None:
        """Close a round; what is still waiting stays without an answer."""
        ...

    def delete(self, run_ids: Sequence[int] = (), answer_ids: Sequence[int] = ()) -> None:
        """Forget rounds, and single answers of others; the attempts stay."""
        ...

    def clear(self) -> None:
        """Forget every round, those that cannot be read included; the attempts stay."""
        ...
