"""What has been answered: the list, its cards and recordings, and how one card stands to the others."""

from dataclasses import dataclass
from datetime import datetime

from voicecoach.audio.takes import TakeStore
from voicecoach.audio.wav import read_wav
from voicecoach.clip import AudioClip
from voicecoach.content.model import Bank, Question, is_of
from voicecoach.errors import UnknownQuestionError
from voicecoach.history.records import Attempt, AttemptRow, Standing
from voicecoach.practice.engines import Engines
from voicecoach.scoring.card import ScoreCard


@dataclass(frozen=True, slots=True)
class PastCard:
    """A card of the same question, to compare with."""

    attempt_id: int
    started_at: datetime
    card: ScoreCard


@dataclass(frozen=True, slots=True)
class Comparison:
    """This take against the one before it and the best of all others; None where there is none."""

    last: PastCard | None
    best: PastCard | None


class Archive:
    """The questions, and the attempts on them. Every method may block, and belongs in a worker.

    Every failure is a VoicecoachError.

    Args:
        engines: For the history.
        bank: What can be asked.
        takes: The attempts' recordings.

    Attributes:
        engines: What the machine offers.
        bank: What can be asked; another one takes its place when the person writes a project.
    """

    def __init__(self, engines: Engines, bank: Bank, takes: TakeStore) -> None:
        self.engines = engines
        self.bank = bank
        self._takes = takes

    def question(self, question_id: str) -> Question:
        """The question with that id.

        Raises:
            UnknownQuestionError: There is none.
        """
        question = self.bank.find(question_id)
        if question is None:
            raise UnknownQuestionError(
                f"There is no question {question_id!r}.", "`voicecoach list` shows the ids."
            )
        return question

    def title(self, question_id: str) -> str:
        """A question's title; its id where it is no longer in the bank."""
        question = self.bank.find(question_id)
        return question_id if question is None else question.title

    def check_history(self) -> None:
        """Look for damage in all that is kept.

        Raises:
            HistoryError: There is some; the hint says what to do.
        """
        self.engines.history().check()

    def attempts(self, wanted: str = "", limit: int | None = None) -> tuple[AttemptRow, ...]:
        """The newest attempts on questions whose title or id has `wanted` in it, in whatever case.

        The very id of a question that was answered stands for that question and its points alone.
        """
        asked = self._standings_with(wanted) if wanted else None
        return self.engines.history().rows(None if asked is None else tuple(asked), limit)

    def count_attempts(self, wanted: str = "") -> int:
        """How many attempts there are on such questions."""
        return sum(standing.attempts for standing in self._standings_with(wanted).values())

    def attempt(self, attempt_id: int) -> Attempt | None:
        """One whole attempt."""
        return self.engines.history().get(attempt_id)

    def compare(self, attempt: Attempt) -> Comparison:
        """What came before it on the same question."""
        history = self.engines.history()
        return Comparison(
            last=_past_card(history.before(attempt)), best=_past_card(history.best_of_others(attempt))
        )

    def sound_of(self, attempt: Attempt) -> AudioClip | None:
        """The attempt's recording, or None for typed text and deleted recordings."""
        take = self._takes.find(attempt.take_id) if attempt.take_id else None
        return read_wav(take.audio) if take is not None and take.audio.exists() else None

    def delete_attempt(self, attempt: AttemptRow | Attempt) -> None:
        """Forget an attempt and its recording together."""
        take = self._takes.find(attempt.take_id) if attempt.take_id else None
        # The recording goes first: if that fails the attempt still shows it, and nothing is orphaned.
        if take is not None:
            self._takes.delete(take)
        self.engines.history().delete(attempt.id)

    def _standings_with(self, wanted: str) -> dict[str, Standing]:
        standings = self.engines.history().standings()
        its = {each: standing for each, standing in standings.items() if is_of(each, wanted)}
        return its or {
            question_id: standing
            for question_id, standing in standings.items()
            if wanted.casefold() in f"{self.title(question_id)} {question_id}".casefold()
        }


def _past_card(attempt: Attempt | None) -> PastCard | None:
    return PastCard(attempt.id, attempt.started_at, attempt.card) if attempt is not None else None
