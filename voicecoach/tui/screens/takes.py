"""Takes that never got a card: the app was killed, or judging was stopped."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static

from voicecoach.audio.takes import Take
from voicecoach.errors import VoicecoachError
from voicecoach.minutes import length
from voicecoach.tui.dialog import Dialog
from voicecoach.tui.layout import styled
from voicecoach.tui.messages import TakeGone, Trouble
from voicecoach.tui.screens.confirm import DELETE_RECORDING, ConfirmDialog
from voicecoach.tui.widgets.keys_footer import KeysFooter
from voicecoach.tui.widgets.now_playing import NowPlaying
from voicecoach.tui.widgets.rows import Column, Row, Rows
from voicecoach.tui.wording import day_and_time

if TYPE_CHECKING:
    from voicecoach.practice.coach import Coach

COLUMNS = (Column("Recorded", 17), Column("Question", 0), Column("Length", 6, "right"))


class TakesDialog(Dialog[Take]):
    """Offers each take: judge it, listen, delete, or leave it for later.

    Args:
        coach: Plays and deletes them.
        takes: Newest first.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "judge", "Judge it"),
        Binding("p", "listen", "Listen"),
        Binding("d", "delete", "Delete"),
        Binding("escape", "later", "Later"),
    ]

    def __init__(self, coach: "Coach", takes: Sequence[Take]) -> None:
        super().__init__()
        self._coach = coach
        self._takes = list(takes)

    def compose(self) -> ComposeResult:
        """What these are, the list, what plays."""
        with Vertical(classes="dialog"):
            yield Static(
                "These answers were recorded and never judged.", classes="dialog-title", markup=False
            )
            yield Rows(COLUMNS, id="takes")
            yield NowPlaying(self._coach.engines.player, id="playing")
        yield KeysFooter()

    def on_mount(self) -> None:
        """Fill the list."""
        self.call_after_refresh(self._fill)

    def _fill(self) -> None:
        rows = self.query_one(Rows)
        rows.set_rows([self._row(take) for take in self._takes])
        rows.options.focus()

    def _row(self, take: Take) -> Row:
        question = self._coach.bank.find(take.question_id)
        title = question.title if question is not None else take.question_id or "question unknown"
        return Row(
            take.id,
            (
                styled(day_and_time(take.started_at)),
                styled(title),
                styled(length(self._coach.seconds_of(take))),
            ),
        )

    def _highlighted(self) -> Take | None:
        key = self.query_one(Rows).key
        # A key may be pressed before the list is filled: its first row is the one that will be highlighted.
        newest = self._takes[0] if self._takes and key is None else None
        return next((take for take in self._takes if take.id == key), newest)

    def on_rows_chosen(self) -> None:
        """A click on a row does what Enter does."""
        self.action_judge()

    def action_judge(self) -> None:
        """Have the highlighted take judged."""
        take = self._highlighted()
        if take is None:
            return
        if self._coach.bank.find(take.question_id) is None:
            # It cannot be judged without its question, but as a file it can be, on any question.
            self.notify(
                f"The question of this take is not in the bank. Score {take.audio} with f on a question.",
                severity="warning",
                markup=False,
            )
            return
        self.dismiss(take)

    def action_listen(self) -> None:
        """Play the highlighted take, or stop it."""
        playing = self.query_one(NowPlaying)
        take = self._highlighted()
        if playing.playing:
            playing.stop()
        elif take is not None:
            playing.play(partial(self._coach.listen_to, take), "Playing. p stops.")

    def action_delete(self) -> None:
        """Ask, then delete the highlighted take."""
        take = self._highlighted()
        if take is None:
            return

        def delete_if(confirmed: bool | None) -> None:
            if confirmed:
                self.query_one(NowPlaying).stop()
                self._delete(take)

        self.app.push_screen(ConfirmDialog(DELETE_RECORDING, "Delete"), delete_if)

    @work(thread=True, group="delete")
    def _delete(self, take: Take) -> None:
        try:
            self._coach.discard_take(take)
        except VoicecoachError as error:
            self.post_message(Trouble(error))
        else:
            self.post_message(TakeGone(take))

    def on_take_gone(self, message: TakeGone) -> None:
        """Go on with the others."""
        message.stop()
        # Who is quick may delete the same one twice before it has left the list.
        self._takes = [take for take in self._takes if take != message.take]
        if self._takes:
            self._fill()
        else:
            self.dismiss(None)

    def action_later(self) -> None:
        """Leave them where they are."""
        self.dismiss(None)
