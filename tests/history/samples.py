"""Attempts to keep."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tests.cli.samples import CARD
from voicecoach.history.records import NewAttempt
from voicecoach.transcript import EngineInfo, Span, Transcript, Word

START = datetime(2026, 3, 1, 18, 30, tzinfo=UTC)


def new_attempt(
    question_id: str = "define-recall",
    overall: float = 61.7,
    minutes: float = 0,
    take_id: str | None = None,
    said: str = "found of all naïve “positives”",
) -> NewAttempt:
    """An attempt that began some minutes after START."""
    words = tuple(
        Word(word, 0.5 + index / 3, 0.8 + index / 3, 1 / (index + 1))
        for index, word in enumerate(said.split())
    )
    return NewAttempt(
        question_id=question_id,
        take_id=take_id,
        started_at=START + timedelta(minutes=minutes),
        transcript=Transcript(words, "en", 34.5, EngineInfo("whisper", "small.en", "")),
        speech=(Span(0.5, 1.1), Span(1.4, 30.123456789)),
        card=replace(CARD, question=question_id, overall=overall),
    )
