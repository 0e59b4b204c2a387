"""A question is asked and answered aloud."""

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Footer, Static

from voicecoach.content.model import Question
from voicecoach.tui.messages import JudgeWanted, TakeFinished
from voicecoach.tui.widgets.answering import Answering
from voicecoach.tui.wording import MUTED

if TYPE_CHECKING:
    from voicecoach.practice.coach import Coach


class PracticeScreen(Screen[None]):
    """Hear the question, answer it.

    Args:
        coach: Asks and records.
        question: What is asked.
        speak: Whether the question is read aloud on arrival.
    """

    AUTO_FOCUS = "Answering"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back"),
        Binding("question_mark", "app.help", "Help", key_display="?"),
    ]

    def __init__(self, coach: "Coach", question: Question, *, speak: bool) -> None:
        super().__init__()
        self._coach = coach
        self._question = question
        self.answering = Answering(coach, question, speak=speak)

    def compose(self) -> ComposeResult:
        """The question on top; below it what goes on."""
        question = self._question
        kind = f"{question.kind}, {question.level}"
        yield Static(
            Content.assemble((question.title, "bold $text-primary"), (f"  {kind}", MUTED)), id="title"
        )
        yield Static(question.text, id="question", markup=False)
        yield self.answering
        yield Footer(show_command_palette=False, compact=True)

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool | None:
        """Nobody leaves while recording: esc discards then."""
        return action != "leave" or self.answering.can_be_left

    def on_take_finished(self, message: TakeFinished) -> None:
        """Hand the take over to be judged."""
        message.stop()
        take = message.take
        self.post_message(JudgeWanted(self._question, lambda: self._coach.judge_take(take), take))

    def action_leave(self) -> None:
        """Back to where this was opened."""
        self.app.pop_screen()
