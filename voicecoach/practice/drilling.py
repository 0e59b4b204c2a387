"""The definition drill with a coach: which terms come first, and what an answer earned."""

from typing import TYPE_CHECKING

from voicecoach.content.model import Question
from voicecoach.errors import UnknownQuestionError
from voicecoach.history.records import Attempt
from voicecoach.outside import quoted
from voicecoach.practice.drill import Drill, Feedback, Verdict, begin, feedback, in_order, verdict_of
from voicecoach.practice.terms import Term, all_terms, exact_version

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from voicecoach.clip import AudioClip
    from voicecoach.practice.coach import Coach


class Drilling:
    """Rounds over the bank's definitions. Every answer is kept in the history as it is judged.

    Args:
        coach: Asks, judges and remembers.
    """

    def __init__(self, coach: "Coach") -> None:
        self._coach = coach
        self.terms = all_terms(coach.bank)

    def begin(self, terms: "Sequence[Term]", size: int, due: "Collection[str]" = ()) -> Drill:
        """A round over the first `size` of these terms, in the order in which to drill them; may block.

        The order changes with each attempt that is kept, and with nothing else.

        Raises:
            HistoryError: The history cannot be read.
        """
        last, attempts = self._last_verdicts()
        return begin(in_order(terms, last, due, attempts)[:size], attempts)

    def feedback(self, question: Question, attempt: Attempt) -> Feedback:
        """What is told about an answer."""
        return feedback(question, attempt.card, exact_version(question), attempt.transcript.text)

    def say(self, text: str) -> "AudioClip":
        """Words as sound; may block.

        Raises:
            VoicecoachError: No voice can speak here.
        """
        return self._coach.engines.voice().synthesize(text)

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
            attempt = history.get(rows[0].id) if rows else None
            if attempt is not None:
                found[term.id] = verdict_of(term.first, attempt.card)
        return found, sum(standing.attempts for standing in standings.values())


def find_term(terms: "Sequence[Term]", name: str) -> Term:
    """The term that someone calls so: its title, its id, or its id without "define-".

    Raises:
        UnknownQuestionError: There is none, or several fit.
    """
    wanted = " ".join(name.casefold().replace("-", " ").split())

    def names(term: Term) -> set[str]:
        own = {term.id, term.id.removeprefix("define-"), term.question.title}
        return {" ".join(each.casefold().replace("-", " ").split()) for each in own}

    exact = [term for term in terms if wanted in names(term)]
    near = exact or [term for term in terms if any(wanted in each for each in names(term)) and wanted]
    if len(near) == 1:
        return near[0]
    if near:
        meant = ", ".join(term.id.removeprefix("define-") for term in near[:5])
        raise UnknownQuestionError(f"{quoted(name, 60)} fits several terms.", f"Say which: {meant}.")
    raise UnknownQuestionError(
        f"There is no term {quoted(name, 60)} to drill.",
        "`voicecoach list` shows them: their ids begin with define-.",
    )
