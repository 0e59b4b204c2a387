"""A question is asked and answered aloud."""

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from voicecoach.content.model import Question
from voicecoach.minutes import clock
from voicecoach.scoring.card import Rambling
from voicecoach.tui.layout import Cell, row, styled
from voicecoach.tui.messages import FileWanted, JudgeWanted, ModelAnswerWanted, TakeFinished, TextWanted
from voicecoach.tui.widgets.answering import Answering
from voicecoach.tui.widgets.keys_footer import KeysFooter
from voicecoach.tui.wording import MUTED

if TYPE_CHECKING:
    from voicecoach.practice.coach import Coach


MOST_SHOWN = 4
"""Sentences to leave out that are listed; more would push the clock off a small screen."""


class PracticeScreen(Screen[None]):
    """Hear the question, answer it.

    Args:
        coach: Asks and records.
        question: What is asked.
        speak: Whether the question is read aloud on arrival.
        without: Whose cut list to leave out this time; it is shown while one answers.
    """

    AUTO_FOCUS = "Answering"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("m", "model_answer", "Hear a good answer", show=False),
        Binding("escape", "leave", "Back"),
        Binding("question_mark", "app.help", "Help", key_display="?"),
    ]

    def __init__(
        self, coach: "Coach", question: Question, *, speak: bool, without: Rambling | None = None
    ) -> None:
        super().__init__()
        self._coach = coach
        self._question = question
        self._without = without
        self.answering = Answering(coach, question, speak=speak)

    def compose(self) -> ComposeResult:
        """The question on top; below it what goes on."""
        question = self._question
        kind = f"{question.kind}, {question.level}"
        yield Static(
            Content.assemble((question.title, "bold $text-primary"), (f"  {kind}", MUTED)), id="title"
        )
        yield Static(question.text, id="question", markup=False)
        if self._without is not None:
            yield Static(id="leave-out")
        yield self.answering
        yield KeysFooter()

    def on_mount(self) -> None:
        """Say what to leave out; while it is recorded that stands in the question's place."""
        if self._without is not None:
            self.watch(self.answering, "stage", self._show_cut)

    def on_resize(self) -> None:
        """Fit what to leave out to the width."""
        if self._without is not None:
            self._show_cut()

    def _show_cut(self) -> None:
        ready = self.answering.can_be_left
        self.query_one("#question").display = ready
        cut = self._without.cut if self._without is not None else ()
        width = max(20, self.size.width - 4)
        lines = [styled(f"Say it again without {'this' if len(cut) == 1 else 'these'}:", "bold $text-accent")]
        for each in cut[:MOST_SHOWN]:
            at = Cell(styled(clock(each.start_s), "$text-accent"), 5, 1, "right")
            lines.append(row(at, Cell(styled(f"“{each.quote}”"), width - 7, 2 if ready else 1)))
        if len(cut) > MOST_SHOWN:
            lines.append(styled(f"and {len(cut) - MOST_SHOWN} more on the card"))
        self.query_one("#leave-out", Static).update(Content("\n").join(lines))

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool | None:
        """Nobody leaves while recording: esc discards then."""
        if action == "model_answer":
            return bool(self._question.model_answer) and self.answering.stage == "ready"
        return action != "leave" or self.answering.can_be_left

    def action_model_answer(self) -> None:
        """A good answer, spoken; this one waits."""
        self.answering.action_skip()
        self.post_message(ModelAnswerWanted(self._question))

    def on_take_finished(self, message: TakeFinished) -> None:
        """Hand the take over to be judged."""
        message.stop()
        take = message.take
        remark = self._coach.without(self._without) if self._without is not None else None
        self.post_message(JudgeWanted(self._question, lambda: self._coach.judge_take(take, remark), take))

    def on_file_wanted(self, message: FileWanted) -> None:
        """A recording leaves the same sentences out."""
        message.without = self._without

    def on_text_wanted(self, message: TextWanted) -> None:
        """Typed words leave the same sentences out."""
        message.without = self._without

    def action_leave(self) -> None:
        """Back to where this was opened."""
        self.app.pop_screen()
