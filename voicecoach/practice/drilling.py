"""The definition drill with a coach: which terms come first, and what an answer earned."""

from contextlib import suppress
from typing import TYPE_CHECKING

from voicecoach.content.model import Question
from voicecoach.errors import HistoryError
from voicecoach.history.records import Attempt
from voicecoach.practice.drill import (
    Choice,
    Drill,
    Feedback,
    Verdict,
    begin,
    choices,
    feedback,
    in_order,
    verdict_of,
)
from voicecoach.practice.plan import PlanChoice
from voicecoach.practice.terms import Term, all_terms, exact_version

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voicecoach.clip import AudioClip
    from voicecoach.practice.coach import Coach


class Drilling:
    """Rounds over the bank's definitions. Every answer is kept in the history as it is judged.

    Args:
        coach: Asks, judges and remembers.
        choice: The way to an interview, if one is set.
    """

    def __init__(self, coach: "Coach", choice: PlanChoice) -> None:
        self._coach = coach
        self._choice = choice
        self.terms = all_terms(coach.bank)

    def choices(self) -> tuple[Choice, ...]:
        """What can be drilled; may block.

        Raises:
            HistoryError: The history cannot be read.
        """
        return choices(self.terms, self._due(), self._coach.bank.roles)

    def begin(self, terms: "Sequence[Term]", size: int) -> Drill:
        """A round over the first `size` of these terms, in the order in which to drill them; may block.

        The order changes with each attempt that is kept, and with nothing else.

        Raises:
            HistoryError: The history cannot be read.
        """
        last, attempts = self._last_verdicts()
        return begin(in_order(terms, last, self._due(), attempts)[:size], attempts)

    def feedback(self, question: Question, attempt: Attempt) -> Feedback:
        """What is told about an answer."""
        return feedback(question, attempt.card, exact_version(question), attempt.transcript.text)

    def say(self, text: str) -> "AudioClip":
        """Words as sound; may block.

        Raises:
            VoicecoachError: No voice can speak here.
        """
        return self._coach.engines.voice().synthesize(text)

    def _due(self) -> frozenset[str]:
        schedule = self._coach.schedule
        schedule.catch_up()
        return frozenset(schedule.due_on_the_way(self._choice))

    def _last_verdicts(self) -> tuple[dict[str, Verdict], int]:
        """By term the verdict on its last answer, and how many attempts there are in all."""
        history = self._coach.engines.history()
        standings = history.standings()
        found: dict[str, Verdict] = {}
        for term in self.terms:
            # A definition practised as a whole tells what the person would say to its first step, too.
            tried = [standings[each] for each in (term.id, term.first.id) if each in standings]
            if not tried:
                continue
            newest = max(tried, key=lambda standing: standing.last_at)
            rows = history.rows((newest.question_id,), 1)
            # One that cannot be read tells nothing of its term, and must not keep anybody from the others.
            with suppress(HistoryError):
                attempt = history.get(rows[0].id) if rows else None
                if attempt is not None:
                    found[term.id] = verdict_of(term.first, attempt.card)
        return found, sum(standing.attempts for standing in standings.values())
