"""Forgetting: what was said to a question, on a day or ever is deleted, recordings, transcripts and cards."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from voicecoach.audio.takes import Take, TakeStore
from voicecoach.content.model import Bank, is_of
from voicecoach.errors import HistoryError, UnknownQuestionError, VoicecoachError
from voicecoach.history.records import AttemptRow
from voicecoach.history.rounds import RoundRun
from voicecoach.practice.engines import Engines
from voicecoach.practice.reading import kept_texts
from voicecoach.practice.target import TargetFile


@dataclass(frozen=True, slots=True)
class Belongings:
    """What is there to forget.

    Attributes:
        attempts: With their transcripts and cards.
        rounds: Those begun on the day, or ever, that asked the question, or anything. They are deleted as a
            whole, or the question is taken out of them.
        takes: Recordings, those that were never judged included.
        sound_s: Length of the recordings.
        question_id: Whose they are; None for every question.
        day: When they were said; None for ever.
        copies: How many backups and damaged histories there are, whatever they hold.
        target: Whether the target job is among it.
    """

    attempts: tuple[AttemptRow, ...]
    rounds: tuple[RoundRun, ...]
    takes: tuple[Take, ...]
    sound_s: float
    question_id: str | None
    day: date | None
    copies: int
    target: bool


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What has been deleted.

    Attributes:
        attempts: How many, with their transcripts and cards.
        rounds: How many, or how many the question was taken out of.
        copies: How many backups of the history and damaged histories.
        takes: How many recordings.
        vectors: How many files with vectors of rubrics and model answers.
        kept: What could not be deleted, and why.
        target: Whether a target job was deleted.
    """

    attempts: int
    rounds: int
    copies: int
    takes: int
    vectors: int
    kept: tuple[VoicecoachError, ...]
    target: bool = False


class Forgetter:
    """Finds and deletes what a person has said.

    Args:
        engines: For the history and the vectors on disk.
        bank: Reads the bank; called only where a question is named, so that a bank with mistakes in it keeps
            nobody from forgetting.
        takes_folder: Where takes are kept.
    """

    def __init__(self, engines: Engines, bank: Callable[[], Bank], takes_folder: Path) -> None:
        self._engines = engines
        self._bank = bank
        self._takes = TakeStore(takes_folder)
        self._target = TargetFile(engines.paths.target_file)

    def find(self, question_id: str | None, day: date | None) -> Belongings:
        """What there is of a question, of a day on the person's own calendar, of both, or of all.

        A question's are also those of its parts, asked for by themselves. That it was asked in a round goes
        with it.

        Raises:
            HistoryError: The history or the folder of takes cannot be read.
            UnknownQuestionError: Neither the bank nor the history knows the question.
        """
        rows = self._engines.history().rows()
        fitting = [row for row in rows if _fits(row.question_id, row.started_at, question_id, day)]
        judged = {row.take_id for row in fitting}
        takes = tuple(
            take
            for take in self._takes.read(self._takes.ids())
            if take.id in judged or _fits(take.question_id, take.started_at, question_id, day)
        )
        chosen, recorded = {row.id for row in fitting}, {take.id for take in takes}
        # Of an attempt that cannot be read only its recording may say what and when it was.
        attempts = tuple(row for row in rows if row.id in chosen or row.take_id in recorded)
        rounds = tuple(
            run
            for run in self._engines.rounds().runs()
            if any(_fits(each.question_id, run.started_at, question_id, day) for each in run.answers)
        )
        if question_id is not None and not attempts and not takes and not self._bank().find(question_id):
            raise UnknownQuestionError(
                f"There is no question {question_id!r}, and nothing was ever said to one.",
                "`voicecoach history` shows what is kept.",
            )
        sound_s = sum(self._takes.seconds(take) for take in takes)
        copies = self._engines.history().count_copies()
        target = question_id is None and day is None and self._target.exists
        return Belongings(attempts, rounds, takes, sound_s, question_id, day, copies, target)

    def forget(self, belongings: Belongings) -> Forgotten:
        """Delete it. A recording that cannot be deleted keeps its attempt, so that it is found again.

        What goes wrong with the vectors or the target job keeps nothing else.

        Raises:
            HistoryError: The history cannot be written.
        """
        kept: dict[str, VoicecoachError] = {}
        for take in belongings.takes:
            try:
                self._takes.delete(take)
            except HistoryError as error:
                kept[take.id] = error
        self._takes.drop_scratch()
        attempts = [row.id for row in belongings.attempts if row.take_id not in kept]
        history = self._engines.history()
        # Words that a backup or a damaged history holds cannot be told apart: it goes as a whole.
        copies = history.delete_copies()
        history.delete(*attempts)
        self._forget_rounds(belongings)
        vectors, target, troubles = 0, False, []
        try:
            vectors = self._forget_vectors(belongings)
        except VoicecoachError as error:
            troubles.append(error)
        try:
            target = belongings.target and self._target.clear()
        except VoicecoachError as error:
            troubles.append(error)
        return Forgotten(
            attempts=len(attempts),
            rounds=len(belongings.rounds),
            copies=copies,
            takes=len(belongings.takes) - len(kept),
            vectors=vectors,
            kept=(*kept.values(), *troubles),
            target=target,
        )

    def _forget_rounds(self, belongings: Belongings) -> None:
        """That something was asked in a round goes too, answered or not."""
        rounds, question_id = self._engines.rounds(), belongings.question_id
        if question_id is None and belongings.day is None:
            rounds.clear()
            return
        if question_id is None:
            rounds.delete([run.id for run in belongings.rounds])
            return
        asked = [answer for run in belongings.rounds for answer in run.answers]
        rounds.delete(answer_ids=[each.id for each in asked if is_of(each.question_id, question_id)])

    def _forget_vectors(self, belongings: Belongings) -> int:
        """Vectors hold the rubric, which may be the person's own project; a day has none of its own."""
        if belongings.day is not None:
            return 0
        if belongings.question_id is None:
            return self._engines.forget_all_vectors()
        question = self._bank().find(belongings.question_id)
        return 0 if question is None else sum(map(self._engines.forget_vectors, kept_texts(question)))


def _fits(asked: str, began: datetime, question_id: str | None, day: date | None) -> bool:
    """Whether something is of the question, of the day on the person's own calendar, or of both."""
    is_asked = question_id is None or is_of(asked, question_id)
    return is_asked and (day is None or began.astimezone().date() == day)
