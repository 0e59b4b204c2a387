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
    """Typed answers by question, until the history has them or the app is left."""

    def __init__(self) -> None:
        self._answers: dict[str, TypedAnswer] = {}

    @property
    def is_unsaved(self) -> bool:
        """Whether there are any: they would be lost if the program ended."""
        return bool(self._answers)

    def of(self, question: Question) -> TypedAnswer | None:
        """What was typed on this question and is not kept."""
        return self._answers.get(question.id)

    def judging(
        self, coach: "Coach", question: Question, answer: TypedAnswer, remark: "Remark | None" = None
    ) -> Judging:
        """Take an answer as a draft at once; it is one until the judging that is returned has kept it.

        Args:
            coach: Judges and keeps it.
            question: What it answers.
            answer: What was typed.
            remark: What else its card is to say.
        """
        self._answers[question.id] = answer
        return partial(self._judge, coach, question, answer, remark)

    def _judge(
        self, coach: "Coach", question: Question, answer: TypedAnswer, remark: "Remark | None"
    ) -> Generator[PracticeEvent, None, None]:
        for event in coach.judge_text(question, answer.text, answer.duration_s, remark):
            yield event
            # What follows the attempt may fail, too: a round keeps it as its answer before it asks for more.
            is_kept = isinstance(event, Judged) and event.attempt.id != UNKEPT
            if is_kept and self._answers.get(question.id) is answer:
                del self._answers[question.id]
