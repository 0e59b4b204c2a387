"""What the history keeps, and what every history does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from voicecoach.scoring.card import Corrections, ScoreCard
from voicecoach.transcript import Span, Transcript

TYPED_ENGINE = "text"
"""What "heard" an answer that was typed."""


@dataclass(frozen=True, slots=True)
class NewAttempt:
    """An attempt that has been judged and not yet kept.

    Attributes:
        question_id: What was asked.
        take_id: The folder with its audio, or None for typed text.
        started_at: Aware, in UTC.
        transcript: What was heard.
        speech: Where someone spoke, from the waveform.
        card: What it scored.
    """

    question_id: str
    take_id: str | None
    started_at: datetime
    transcript: Transcript
    speech: tuple[Span, ...]
    card: ScoreCard


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt as kept.

    Attributes:
        id: As lists show it.
        question_id: What was asked.
        take_id: The folder with its audio, or None for typed text.
        started_at: Aware, in UTC.
        transcript: What was said: as heard, but for words that the speaker has set right.
        speech: Where someone spoke, from the waveform.
        card: What it scored.
        heard: What was heard, where the speaker has set words right; None where the transcript is that.
    """

    id: int
    question_id: str
    take_id: str | None
    started_at: datetime
    transcript: Transcript
    speech: tuple[Span, ...]
    card: ScoreCard
    heard: Transcript | None = None


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """One line of a list of attempts, read without opening its card.

    One whose line cannot be read has an empty engine, no score, the start of 1970, and for its cue what is
    wrong with it.

    Attributes:
        id: As lists show it.
        question_id: What was asked.
        take_id: The folder with its audio, or None for typed text.
        started_at: Aware, in UTC.
        engine: What heard it.
        duration_s: Its length.
        overall: Its number, as corrected.
        cue: What to do next time.
        corrected: Whether the speaker has set something right on its card.
    """

    id: int
    question_id: str
    take_id: str | None
    started_at: datetime
    engine: str
    duration_s: float
    overall: float
    cue: str
    corrected: bool = False


@dataclass(frozen=True, slots=True)
class CorrectedAttempt:
    """What the speaker has set right on one attempt, read without opening its card."""

    id: int
    question_id: str
    started_at: datetime
    corrections: Corrections


@dataclass(frozen=True, slots=True)
class Standing:
    """How someone stands on one question."""

    question_id: str
    attempts: int
    last: float
    best: float
    last_at: datetime


@dataclass(frozen=True, slots=True)
class TakeMeasures:
    """The numbers of one attempt on a whole question, read without opening its card.

    Attributes:
        attempt_id: As lists show it.
        question_id: What was asked.
        started_at: Aware, in UTC.
        engine: Name of what heard it; "text" for typed words.
        model: Its model; empty for typed words.
        duration_s: Length of the answer, without silence at its end, seconds.
        overall: 0..100.
        skills: Name and score, 0..100, of each part of the overall number, in the card's order. It is the
            section's own score where the card has one: what the part counts is less while little is covered,
            and would rise with the coverage.
        target_s: The question's window, shortest and longest, in seconds.
        words_per_minute: Pace; assumed, not measured, for typed words.
        fillers_per_minute: At least so many.
        pauses: Silences within the answer; None where they were not measured.
    """

    attempt_id: int
    question_id: str
    started_at: datetime
    engine: str
    model: str
    duration_s: float
    overall: float
    skills: tuple[tuple[str, float], ...]
    target_s: tuple[float, float]
    words_per_minute: float
    fillers_per_minute: float
    pauses: int | None


class History(Protocol):
    """Attempts, newest first. Safe to use from several threads and processes.

    Every method raises HistoryError, and nothing else, when the database cannot be read or written.
    """

    def add(self, attempt: NewAttempt) -> Attempt:
        """Keep an attempt: transcript and card in one transaction."""
        ...

    def get(self, attempt_id: int) -> Attempt | None:
        """One whole attempt, or None when there is none with that id."""
        ...

    def rows(
        self, question_ids: Sequence[str] | None = None, limit: int | None = None
    ) -> tuple[AttemptRow, ...]:
        """Attempts, newest first, of some questions or of all."""
        ...

    def attempt_ids(self, begin: datetime | None = None, end: datetime | None = None) -> tuple[int, ...]:
        """Attempts that began from `begin` on and before `end`, oldest first."""
        ...

    def standings(self) -> dict[str, Standing]:
        """Last and best per question id."""
        ...

    def last_before(self, moment: datetime) -> dict[str, datetime]:
        """When each question was last asked before a moment, in UTC, by question id."""
        ...

    def measures(
        self, limit: int, question_ids: Sequence[str] | None = None, since: datetime | None = None
    ) -> tuple[TakeMeasures, ...]:
        """Numbers of the newest attempts on whole questions, newest first; unreadable ones are left out.

        Args:
            limit: At most so many.
            question_ids: Only on these; None for all.
            since: Only those that began then or later; None for all.
        """
        ...

    def heard(self, limit: int) -> tuple[Transcript, ...]:
        """What was heard in at most so many of the newest spoken attempts on whole questions.

        Unreadable ones are left out.
        """
        ...

    def before(self, attempt: Attempt) -> Attempt | None:
        """The newest of the attempts on the same question that are older than this one, or None.

        Args:
            attempt: Its id is 0 where it is not kept; it is then newer than all that began at its instant.
        """
        ...

    def best_of_others(self, attempt: Attempt) -> Attempt | None:
        """The highest overall number on the same question, this attempt left out, or None."""
        ...

    def correct(self, attempt: Attempt, card: ScoreCard) -> Attempt:
        """Put a corrected card in the place of an attempt's card; the words as heard stay as they are.

        Raises:
            HistoryError: The attempt has been deleted, or corrected by another window, since it was read.
        """
        ...

    def corrected(self) -> tuple[CorrectedAttempt, ...]:
        """Every attempt that has corrections, newest first."""
        ...

    def delete(self, *attempt_ids: int) -> None:
        """Forget attempts, all or none: transcripts and cards together. The caller deletes their takes."""
        ...

    def known_takes(self, take_ids: Sequence[str]) -> frozenset[str]:
        """Those of these takes that belong to an attempt."""
        ...

    def check(self) -> None:
        """Look for damage in all that is kept; it may take seconds, and holds nobody up."""
        ...

    def count_copies(self) -> int:
        """How many backups there are, and damaged databases that a repair set aside."""
        ...

    def delete_copies(self) -> int:
        """Delete backups, and damaged databases that a repair set aside; returns how many there were."""
        ...

    def close(self) -> None:
        """Close the database. A second call changes nothing."""
        ...
