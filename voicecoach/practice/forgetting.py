"""Forgetting: what was said to a question, on a day or ever is deleted, recordings, transcripts and cards."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from voicecoach.audio.takes import Take, TakeStore
from voicecoach.content.model import Bank, whole_id
from voicecoach.errors import HistoryError, UnknownQuestionError
from voicecoach.history.records import AttemptRow
from voicecoach.practice.engines import Engines
from voicecoach.practice.reading import kept_texts
from voicecoach.practice.target import TargetFile


@dataclass(frozen=True, slots=True)
class Belongings:
    """What is there to forget.

    Attributes:
        attempts: With their transcripts and cards.
        takes: Recordings, those that were never judged included.
        sound_s: Length of the recordings.
        question_id: Whose they are; None for every question.
        day: When they were said; None for ever.
        copies: How many backups and damaged histories there are, whatever they hold.
        target: Whether the target job is among it.
    """

    attempts: tuple[AttemptRow, ...]
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
        copies: How many backups of the history and damaged histories.
        takes: How many recordings.
        vectors: How many files with vectors of rubrics and model answers.
        kept: What could not be deleted, and why.
        target: Whether a target job was deleted.
    """

    attempts: int
    copies: int
    takes: int
    vectors: int
    kept: tuple[HistoryError, ...]
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
        asked = None
        if question_id is not None:
            known = self._engines.history().standings()
            asked = (question_id, *(each for each in known if whole_id(each) == question_id))
        attempts = tuple(
            row
            for row in self._engines.history().rows(asked)
            if day is None or row.started_at.astimezone().date() == day
        )
        judged = {row.take_id for row in attempts}
        takes = tuple(
            take
            for take in self._takes.read(self._takes.ids())
            if take.id in judged
            or (
                (question_id is None or question_id in (take.question_id, whole_id(take.question_id)))
                and (day is None or take.started_at.astimezone().date() == day)
            )
        )
        if question_id is not None and not attempts and not takes and not self._bank().find(question_id):
            raise UnknownQuestionError(
                f"There is no question {question_id!r}, and nothing was ever said to one.",
                "`voicecoach history` shows what is kept.",
            )
        sound_s = sum(self._takes.seconds(take) for take in takes)
        copies = self._engines.history().count_copies()
        target = question_id is None and day is None and self._target.exists
        return Belongings(attempts, takes, sound_s, question_id, day, copies, target)

    def forget(self, belongings: Belongings) -> Forgotten:
        """Delete it. A recording that cannot be deleted keeps its attempt, so that it is found again.

        Raises:
            HistoryError: The history or the vectors cannot be written.
            EngineError: The embedder's weights cannot be read.
        """
        kept: dict[str, HistoryError] = {}
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
        return Forgotten(
            attempts=len(attempts),
            copies=copies,
            takes=len(belongings.takes) - len(kept),
            vectors=self._forget_vectors(belongings),
            kept=tuple(kept.values()),
            target=belongings.target and self._target.clear(),
        )

    def _forget_rounds(self, belongings: Belongings) -> None:
        """That something was asked in a round goes too, answered or not."""
        rounds, question_id = self._engines.rounds(), belongings.question_id
        if question_id is None and belongings.day is None:
            rounds.clear()
            return
        held = [
            run
            for run in rounds.runs()
            if belongings.day is None or run.started_at.astimezone().date() == belongings.day
        ]
        if question_id is None:
            rounds.delete([run.id for run in held])
            return
        asked = [answer for run in held for answer in run.answers]
        rounds.delete(
            answer_ids=[
                each.id for each in asked if question_id in (each.question_id, whole_id(each.question_id))
            ]
        )

    def _forget_vectors(self, belongings: Belongings) -> int:
        """Vectors hold the rubric, which may be the person's own project; a day has none of its own."""
        if belongings.day is not None:
            return 0
        if belongings.question_id is None:
            return self._engines.forget_all_vectors()
        question = self._bank().find(belongings.question_id)
        return 0 if question is None else sum(map(self._engines.forget_vectors, kept_texts(question)))
