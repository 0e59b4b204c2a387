"""Every attempt, newest first."""

from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input, Static
from textual.worker import get_current_worker

from voicecoach.errors import VoicecoachError
from voicecoach.history.records import AttemptRow
from voicecoach.minutes import length
from voicecoach.tui.layout import styled
from voicecoach.tui.messages import AttemptDeleted, AttemptsRead, CompareWanted, Trouble
from voicecoach.tui.screens.card_list import CardListScreen
from voicecoach.tui.screens.confirm import ConfirmDialog
from voicecoach.tui.widgets.keys_footer import KeysFooter
from voicecoach.tui.widgets.rows import Column, Row, Rows
from voicecoach.tui.wording import MUTED, day_and_minute, day_and_time, engine_name, plural, score_colour

if TYPE_CHECKING:
    from voicecoach.practice.coach import Coach

COLUMNS = (
    Column("Date", 12),
    Column("Year", 4, wide_only=True),
    Column("Question", 0, lines=2),
    Column("Score", 5, "right"),
    Column("Length", 6, "right"),
    Column("Heard by", 16, wide_only=True),
    Column("Next time", 0, lines=2),
)

CORRECTED = "*"
"""Stands after a number that comes from a corrected card; the title says so in words."""

PAGE = 200
"""How many attempts are listed at first; laying out 100,000 rows would take most of a minute."""

NEAR_THE_END = 50
"""With no more rows than this below the highlight, twice as many are listed."""

NONE_PASSES = "No attempt passes this filter. x shows all of them."

NOTHING = "No attempts yet. Choose a question on the home screen and answer it aloud."


class HistoryScreen(CardListScreen):
    """The list of attempts.

    Args:
        coach: Keeps them.
    """

    AUTO_FOCUS = "#attempts KeyList"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Open card"),
        Binding("slash", "find", "Find", key_display="/"),
        Binding("v", "compare", "Compare"),
        Binding("o", "only", "Only this"),
        Binding("x", "clear", "Show all"),
        Binding("d", "delete", "Delete"),
        Binding("escape", "leave", "Back"),
        Binding("question_mark", "app.help", "Help", key_display="?"),
    ]

    def __init__(self, coach: "Coach") -> None:
        super().__init__(coach)
        self._attempts: tuple[AttemptRow, ...] = ()
        self._passing = 0
        self._asked_for = PAGE

    def compose(self) -> ComposeResult:
        """What is shown, the filter, the table."""
        yield Static("History", id="title", markup=False)
        yield Input(placeholder="part of a question's title or id", compact=True, id="find")
        yield Rows(COLUMNS, "Reading the history.", id="attempts")
        yield KeysFooter()

    def on_mount(self) -> None:
        """The filter shows when it is wanted."""
        self.query_one("#find").display = False

    def read_again(self) -> None:
        """Read as many attempts as are listed, those that pass the filter."""
        self._read(self.query_one("#find", Input).value, self._asked_for)

    @work(thread=True, group="read", exclusive=True)
    def _read(self, wanted: str, limit: int) -> None:
        coach = self._coach
        try:
            attempts = coach.attempts(wanted, limit)
            read = AttemptsRead(attempts, coach.count_attempts(wanted), coach.count_attempts())
        except VoicecoachError as error:
            read = AttemptsRead(error=error)
        if not get_current_worker().is_cancelled:
            self.post_message(read)

    def on_attempts_read(self, message: AttemptsRead) -> None:
        """Fill the table, or say why it is empty."""
        message.stop()
        self._attempts, self._passing = message.attempts, message.passing
        empty = NONE_PASSES if message.total else NOTHING
        rows = self.query_one("#attempts", Rows)
        rows.set_rows([self._row(each) for each in self._attempts], str(message.error or empty))
        self.query_one("#title", Static).update("History" if message.error else _title(message))
        if self.focused is None:
            rows.options.focus()

    def _row(self, each: AttemptRow) -> Row:
        mark = CORRECTED if each.corrected else ""
        return Row(
            str(each.id),
            (
                styled(day_and_minute(each.started_at)),
                styled(f"{each.started_at.astimezone():%Y}", MUTED),
                styled(self._coach.title(each.question_id)),
                styled(f"{each.overall:.0f}{mark}", score_colour(each.overall)),
                styled(length(each.duration_s)),
                styled(engine_name(each.engine), MUTED),
                styled(each.cue, MUTED),
            ),
        )

    def _highlighted(self) -> AttemptRow | None:
        key = self.query_one("#attempts", Rows).key
        return next((each for each in self._attempts if str(each.id) == key), None)

    def on_rows_moved(self) -> None:
        """List more when the end of what is listed comes near."""
        listed, at = len(self._attempts), self.query_one("#attempts", Rows).options.highlighted or 0
        if listed < self._passing and self._asked_for <= listed <= at + NEAR_THE_END:
            self._asked_for = 2 * listed
            self.read_again()

    def on_rows_chosen(self) -> None:
        """A click on a row does what Enter does."""
        self.action_open()

    def on_input_changed(self) -> None:
        """Narrow the table as the filter is typed."""
        self._asked_for = PAGE
        self.read_again()

    def on_input_submitted(self) -> None:
        """Go on with what passed the filter."""
        self.query_one("#attempts", Rows).options.focus()

    def action_open(self) -> None:
        """Open the card of the highlighted attempt."""
        chosen = self._highlighted()
        if chosen is not None:
            self.open_card(chosen.id)

    def action_compare(self) -> None:
        """The highlighted take beside another of the same question."""
        chosen = self._highlighted()
        if chosen is not None:
            self.post_message(CompareWanted(chosen.id))

    def action_find(self) -> None:
        """Type part of a question's title."""
        field = self.query_one("#find", Input)
        field.display = True
        field.focus()

    def action_only(self) -> None:
        """Only attempts on the highlighted question."""
        chosen = self._highlighted()
        if chosen is not None:
            self.query_one("#find").display = True
            self.query_one("#find", Input).value = chosen.question_id

    def action_clear(self) -> None:
        """Every attempt again."""
        field = self.query_one("#find", Input)
        field.value = ""
        field.display = False
        self.query_one("#attempts", Rows).options.focus()

    def action_delete(self) -> None:
        """Ask, then forget the highlighted attempt and its recording."""
        chosen = self._highlighted()
        if chosen is None:
            return
        title = self._coach.title(chosen.question_id)
        question = (
            f"Delete the attempt on “{title}” of {day_and_time(chosen.started_at).strip()}, with its "
            "transcript and its recording? They cannot be brought back."
        )

        def delete_if(confirmed: bool | None) -> None:
            if confirmed:
                self._delete(chosen)

        self.app.push_screen(ConfirmDialog(question, "Delete"), delete_if)

    @work(thread=True, group="delete")
    def _delete(self, chosen: AttemptRow) -> None:
        try:
            self._coach.delete_attempt(chosen)
        except VoicecoachError as error:
            self.post_message(Trouble(error))
        else:
            self.post_message(AttemptDeleted())

    def action_leave(self) -> None:
        """Out of the filter first, then back."""
        if self.query_one("#find").display:
            self.action_clear()
        else:
            self.app.pop_screen()


def _title(read: AttemptsRead) -> str:
    whole = plural(read.total, "attempt")
    count = whole if read.passing == read.total else f"{read.passing} of {whole}"
    more = f", the newest {len(read.attempts)} listed" if len(read.attempts) < read.passing else ""
    mark = f"   {CORRECTED} corrected by you" if any(each.corrected for each in read.attempts) else ""
    return f"History   {count}{more}{mark}"
