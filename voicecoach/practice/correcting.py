"""Setting a card right, verdicts and misheard words, each to be taken back; and what that teaches."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from voicecoach.content.model import Question
from voicecoach.errors import NoSpeechError
from voicecoach.history.records import Attempt, CorrectedAttempt
from voicecoach.history.values import read_time, time_text
from voicecoach.practice.calibration import Calibration, calibrate
from voicecoach.practice.engines import Engines
from voicecoach.practice.reading import read_rubric, reader_of_growing
from voicecoach.practice.terms import asked_in_drill
from voicecoach.scoring.card import Corrections, Ruled, Ruling, ScoreCard, WordFix
from voicecoach.scoring.corrections import (
    clause_words,
    corrections_of,
    first_judged,
    fixed,
    refixed,
    ruling_on,
)
from voicecoach.scoring.judging_anew import corrected
from voicecoach.scoring.text import tokens
from voicecoach.transcript import Transcript

if TYPE_CHECKING:
    from voicecoach.practice.coach import Coach


@dataclass(frozen=True, slots=True)
class Lessons:
    """Every correction, and what the judge makes of them.

    Attributes:
        attempts: Those with corrections, newest first.
        calibration: The thresholds that answers are judged by from now on.
        used: Whether corrections adjust them at all.
        since: Rulings made before adjust nothing; None where all count.
    """

    attempts: tuple[CorrectedAttempt, ...]
    calibration: Calibration
    used: bool
    since: datetime | None


def learn(engines: Engines) -> Lessons:
    """What a person's corrections teach, as far as the settings let them.

    Raises:
        HistoryError: The history cannot be read.
    """
    settings = engines.settings
    attempts = engines.history().corrected()
    since = read_time(settings.corrections_since) if settings.corrections_since else None
    rulings = [
        ruling
        for attempt in attempts
        for ruling in attempt.corrections.rulings
        if settings.use_corrections and (since is None or read_time(ruling.made_at) >= since)
    ]
    return Lessons(attempts, calibrate(rulings), settings.use_corrections, since)


class Corrector:
    """Corrects cards that are kept. Every method may block and belongs in a worker.

    Args:
        coach: Knows the questions, the engines and the time.
    """

    def __init__(self, coach: "Coach") -> None:
        self._coach = coach

    def rule(self, attempt: Attempt, point: str, state: Ruled | None) -> Attempt:
        """Say what a point is, or leave it to the judge again.

        Args:
            attempt: Is kept.
            point: A point of its card.
            state: What it is; None takes back what was said of it.

        Raises:
            HistoryError: The correction cannot be kept, or the attempt has changed meanwhile.
            UnknownQuestionError: The question is no longer in the bank.
            EngineError: The embedder cannot be loaded or run.
        """
        before = corrections_of(attempt.card)
        rulings = tuple(ruling for ruling in before.rulings if ruling.point != point)
        if state is not None:
            rulings += (ruling_on(attempt.card, point, state, time_text(self._coach.clock())),)
        return self._correct(attempt, replace(before, rulings=rulings))

    def reword(self, attempt: Attempt, clause: int, said: str) -> Attempt:
        """Say what was said in a clause; the words as heard take the fix back.

        Args:
            attempt: Is kept.
            clause: Place of the clause on its card.
            said: The clause's words; none where nothing was said.

        Raises:
            NoSpeechError: No words would be left.
            HistoryError: The correction cannot be kept, or the attempt has changed meanwhile.
            UnknownQuestionError: The question is no longer in the bank.
            EngineError: The embedder cannot be loaded or run.
        """
        before = corrections_of(attempt.card)
        words = tuple(shown for shown in map(_printable, said.split()) if shown)
        fixes = refixed(_heard(attempt), before.fixes, *clause_words(attempt.card, clause), words)
        return self._correct(attempt, replace(before, fixes=fixes))

    def take_back(self, attempt: Attempt, correction: Ruling | WordFix) -> Attempt:
        """Take one correction of an attempt back; what is not there changes nothing.

        Raises:
            HistoryError: That cannot be kept, or the attempt has changed meanwhile.
            UnknownQuestionError: Others are left, and the question is no longer in the bank.
            EngineError: The embedder cannot be loaded or run.
        """
        before = corrections_of(attempt.card)
        left = Corrections(
            tuple(each for each in before.rulings if each != correction),
            tuple(each for each in before.fixes if each != correction),
        )
        return self._correct(attempt, left)

    def lessons(self) -> Lessons:
        """Every correction, and what it changes.

        Raises:
            HistoryError: The history cannot be read.
        """
        return learn(self._coach.engines)

    def _correct(self, attempt: Attempt, corrections: Corrections) -> Attempt:
        first = first_judged(attempt.card)
        card = first
        if corrections.rulings or corrections.fixes:
            card = self._judged_again(attempt, first, corrections)
        return self._coach.engines.history().correct(attempt, card)

    def _judged_again(self, attempt: Attempt, first: ScoreCard, corrections: Corrections) -> ScoreCard:
        heard = _heard(attempt)
        said = fixed(heard, corrections.fixes)
        if not tokens(said.text):
            raise NoSpeechError("There would be no words left to judge.", "Delete the attempt instead (d).")
        engines = self._coach.engines
        rubric = read_rubric(self._as_asked(attempt.question_id, first), engines.rubric_vectors)
        reader = reader_of_growing(engines)
        return corrected(
            rubric,
            reader.read(rubric, heard, attempt.speech),
            reader.read(rubric, said, attempt.speech),
            first,
            corrections,
        )

    def _as_asked(self, question_id: str, first: ScoreCard) -> Question:
        """The question with the window that it was judged by, which tells whether the drill asked it."""
        question = self._coach.question(question_id)
        drilled = asked_in_drill(self._coach.bank, question_id)
        if drilled is not None and drilled.target_s == first.timing.target_s:
            return drilled
        return replace(question, target_s=first.timing.target_s)


def _heard(attempt: Attempt) -> Transcript:
    return attempt.heard or attempt.transcript


def _printable(word: str) -> str:
    """A word without what no screen can show."""
    return "".join(character for character in word if character.isprintable())
