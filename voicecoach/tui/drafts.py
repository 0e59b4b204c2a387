"""What was typed and is not kept yet: the text dialog gives it back, whichever screen asks the question."""

from collections.abc import Generator
from functools import partial
from typing import TYPE_CHECKING

from voicecoach.content.model import Question
from voicecoach.practice.events import UNKEPT, Judged, PracticeEvent
from voicecoach.tui.following import Judging
from voicecoach.tui.screens.answers import TypedAnswer

if TYPE_CHECKING:
    from voicecoach.practice.coach import Coach
    from voicecoach.practice.hearing import Remark


class Drafts:
    """Typed answers by question, until an answer to it is kept, given in whatever way, or the app is left."""

    def __init__(self) -> None:
        self._drafts: dict[str, tuple[str, TypedAnswer]] = {}

    @property
    def titles(self) -> tuple[str, ...]:
        """The questions that have one: it would be lost if the program ended."""
        return tuple(title for title, _ in tuple(self._drafts.values()))

    def of(self, question_id: str) -> TypedAnswer | None:
        """What was typed on this question and is not kept."""
        _, answer = self._drafts.get(question_id, ("", None))
        return answer

    def judging(
        self, coach: "Coach", question: Question, answer: TypedAnswer, remark: "Remark | None" = None
    ) -> Judging:
        """Take an answer as a draft at once, and say how it is judged.

        Args:
            coach: Judges and keeps it.
            question: What it answers.
            answer: What was typed.
            remark: What else its card is to say.
        """
        self._drafts[question.id] = (question.title, answer)
        return partial(coach.judge_text, question, answer.text, answer.duration_s, remark)

    def until_kept(self, question: Question, start: Judging) -> Judging:
        """Judge any answer to a question; the draft that is there now goes when the answer is kept.

        Args:
            question: What is answered.
            start: How judging begins.
        """
        return partial(self._judge, question.id, self.of(question.id), start)

    def drop(self, question_id: str, draft: TypedAnswer | None) -> None:
        """Forget a draft, unless another has taken its place meanwhile."""
        if draft is not None and self.of(question_id) is draft:
            self._drafts.pop(question_id, None)

    def _judge(
        self, question_id: str, draft: TypedAnswer | None, start: Judging
    ) -> Generator[PracticeEvent, None, None]:
        events = start()
        try:
            for event in events:
                # Before it is told: who has stopped listening meanwhile would send it a second time.
                if isinstance(event, Judged) and event.attempt.id != UNKEPT:
                    self.drop(question_id, draft)
                yield event
        finally:
            if isinstance(events, Generator):
                events.close()
