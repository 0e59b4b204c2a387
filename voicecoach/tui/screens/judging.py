"""From the end of an answer to its card: what is being done, how far it is, and how to stop it."""

from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import ProgressBar, Static

from voicecoach.audio.takes import Take
from voicecoach.errors import VoicecoachError
from voicecoach.practice.events import STAGE_LABELS, Heard, Judged, Stage, Working
from voicecoach.tui.following import follow
from voicecoach.tui.messages import (
    CardWanted,
    JudgeWanted,
    JudgingFailed,
    Progressed,
    TakeDropped,
    Trouble,
)
from voicecoach.tui.screens.confirm import DELETE_RECORDING, ConfirmDialog
from voicecoach.tui.stack import close
from voicecoach.tui.widgets.keys_footer import KeysFooter
from voicecoach.tui.wording import MUTED

if TYPE_CHECKING:
    from textual.app import App
    from textual.worker import Worker

    from voicecoach.practice.coach import Coach


class JudgingScreen(Screen[None]):
    """Judges in a worker and shows its stages.

    Args:
        coach: Deletes the take when that is wanted.
        wanted: The answer, and how its judging begins; called in the worker.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Cancel"),
        Binding("escape", "leave", "Back"),
        Binding("d", "drop", "Delete the recording"),
        Binding("question_mark", "app.help", "Help", key_display="?"),
    ]

    def __init__(self, coach: "Coach", wanted: JudgeWanted) -> None:
        super().__init__()
        self._coach = coach
        self._wanted = wanted
        self._stages: list[Stage] = []
        self._failed = False
        self._work: Worker[None] | None = None

    def compose(self) -> ComposeResult:
        """The question, the stages, the transcript as soon as it is there."""
        yield Static(Content.styled(self._wanted.question.title, "bold $text-primary"), id="title")
        yield Static(id="stages")
        # With a total it stands still; without one Textual moves it, even where it is not shown.
        yield ProgressBar(total=1.0, show_eta=False, id="fraction")
        yield Static(id="heard", markup=False)
        yield Static(id="failure", markup=False)
        yield KeysFooter()

    def on_mount(self) -> None:
        """Begin."""
        self.query_one("#fraction").display = False
        self._work = self._judge(self.app)

    @work(thread=True, group="judge", exclusive=True)
    def _judge(self, app: "App[None]") -> None:
        follow(app, self._wanted.start, self.post_message)

    def on_progressed(self, message: Progressed) -> None:
        """Follow the work."""
        message.stop()
        match message.event:
            case Working(stage, fraction):
                if stage not in self._stages:
                    self._stages.append(stage)
                self._show_stages(fraction)
            case Heard(transcript):
                self.query_one("#heard", Static).update(f"Heard: {transcript.text}")
            case Judged(attempt):
                self.post_message(CardWanted(attempt))

    def _show_stages(self, fraction: float | None) -> None:
        lines = [Content.styled(f"✓ {STAGE_LABELS[stage]}", MUTED) for stage in self._stages[:-1]]
        lines.append(Content.styled(f"> {STAGE_LABELS[self._stages[-1]]}", "bold"))
        self.query_one("#stages", Static).update(Content("\n").join(lines))
        bar = self.query_one(ProgressBar)
        bar.display = fraction is not None
        if fraction is not None:
            bar.update(progress=fraction)

    def on_judging_failed(self, message: JudgingFailed) -> None:
        """Say in place what went wrong; the answer is kept unless it is deleted here."""
        message.stop()
        self._failed = True
        kept = ""
        if self._wanted.take is not None and not self._coach.is_gone(self._wanted.take.id):
            kept = "\nThe recording is kept and offered on the home screen: d deletes it."
        elif self._wanted.typed:
            kept = "\nWhat you typed is kept until you quit: t on this question gives it back."
        failure = Content.assemble((f"{message.error.title}\n", "bold"), f"{message.error}{kept}")
        self.query_one("#failure", Static).update(failure)
        self.query_one("#fraction").remove()
        for working in ("#stages", "#heard"):
            self.query_one(working).display = False
        self.refresh_bindings()

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool | None:
        """Cancel while it works; leave or delete when it has failed."""
        match action:
            case "cancel":
                return not self._failed
            case "leave":
                return self._failed
            case "drop":
                return self._failed and self._wanted.take is not None
        return True

    def action_cancel(self) -> None:
        """Stop; the answer stays and is offered later."""
        stopped = self._work is not None and not self._work.is_finished
        self.workers.cancel_group(self, "judge")
        if stopped and self._wanted.take is not None:
            self.notify("Stopped. The recording is kept: u on the home screen offers it.")
        elif stopped and self._wanted.typed:
            self.notify("Stopped. What you typed is kept until you quit: t on the question gives it back.")
        self.app.pop_screen()

    def action_leave(self) -> None:
        """Back to where this came from."""
        self.app.pop_screen()

    def action_drop(self) -> None:
        """Ask, then delete the recording that could not be judged."""
        self.app.push_screen(ConfirmDialog(DELETE_RECORDING, "Delete"), self._drop_if)

    def _drop_if(self, confirmed: bool | None) -> None:
        if confirmed and self._wanted.take is not None:
            self._drop(self._wanted.take)

    @work(thread=True, group="drop")
    def _drop(self, take: Take) -> None:
        try:
            self._coach.discard_take(take)
        except VoicecoachError as error:
            self.post_message(Trouble(error))
        else:
            self.post_message(TakeDropped())

    def on_take_dropped(self, message: TakeDropped) -> None:
        """There is nothing left to show."""
        message.stop()
        close(self.app, self)
