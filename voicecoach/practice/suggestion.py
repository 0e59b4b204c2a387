"""Which question to practise next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from voicecoach.content.model import Question
from voicecoach.history.records import Standing

LEVELS = ("easy", "medium", "hard")
GOOD = 80.0
"""An overall number from which a question can rest."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question and why it comes next."""

    question_id: str
    why: str


def suggest(questions: Sequence[Question], standings: Mapping[str, Standing]) -> Suggestion | None:
    """The next question.

    Stories first, since every interview opens with one; then what was never tried, easier before harder; then
    the lowest last score; once all are good, the one that rested longest.
    """
    if not questions:
        return None
    new = [q for q in questions if q.id not in standings]
    if new:
        first = min(
            new, key=lambda q: (q.id != "project-walkthrough", q.is_definition, LEVELS.index(q.level), q.id)
        )
        return Suggestion(first.id, "not tried yet")
    known = [standings[q.id] for q in questions]
    weakest = min(known, key=lambda s: (s.last, s.last_at))
    if weakest.last < GOOD:
        return Suggestion(weakest.question_id, f"your lowest last score, {weakest.last:.0f}")
    rested = min(known, key=lambda s: s.last_at)
    return Suggestion(rested.question_id, "good, and the longest ago")
