"""The rounds that can be held, and the reports of those that were."""

from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Static

from voicecoach.errors import VoicecoachError
from voicecoach.practice.rounds import questions_of
from voicecoach.tui.drafts import Drafts
from voicecoach.tui.layout import styled
from voicecoach.tui.messages import Trouble
from voicecoach.tui.screens.round import RoundScreen
from voicecoach.tui.screens.round_report import RoundReportScreen
from voicecoach.tui.widgets.keys_footer import KeysFooter
from voicecoach.tui.widgets.rows import Column, Row, Rows
from voicecoach.tui.wording import MUTED, day_and_minute, day_and_time

if TYPE_CHECKING:
    from voicecoach.history.rounds import RoundRun
    from voicecoach.practice.coach import Coach
    from voicecoach.practice.interviewing import PastRound, RoundLine

ROUNDS = (
    Column("Round", 0),
    Column("Asks", 4, "right"),
    Column("Minutes", 7, "right"),
    Column("Last time", 24),
)

PAST = (Column("Held", 17), Column("Round", 0), Column("Answered", 8, "right"))

NONE_HELD = "No round has been held yet. Enter begins the one above."


class RoundsScreen(Screen[None]):
    """Chooses a round, or the report of one.

    Args:
        coach: Asks and records.
        drafts: What was typed and is not kept yet.
        speak: Whether questions are read aloud.
        begin: Id of a round to begin at once, or to go on with; empty for none.
    """

    AUTO_FOCUS = "#rounds KeyList"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "begin", "Begin"),
        Binding("enter", "go_on", "Go on"),
        Binding("enter", "report", "Open report"),
        Binding("b", "anew", "Begin anew"),
        Binding("e", "end", "End it"),
        Binding("tab", "other_list", "Reports"),
        Binding("tab", "other_list(1)", "Rounds"),
        Binding("escape", "leave", "Back"),
        Binding("question_mark", "app.help", "Help", key_display="?"),
    ]

    class _Read(Message):
        def __init__(self, lines: "tuple[RoundLine, ...]", past: "tuple[PastRound, ...]") -> None:
            super().__init__()
            self.lines = lines
            self.past = past

    class _Began(Message):
        def __init__(self, run: "RoundRun") -> None:
            super().__init__()
            self.run = run

    class _Ended(Message):
        def __init__(self, run_id: int) -> None:
            super().__init__()
            self.run_id = run_id

    def __init__(self, coach: "Coach", drafts: Drafts, *, speak: bool, begin: str = "") -> None:
        from voicecoach.practice.interviewing import Interviewer  # noqa: PLC0415 - brings numpy

        super().__init__()
        self._coach = coach
        self._drafts = drafts
        self._interviewer = Interviewer(coach)
        self._speak = speak
        self._begin_at_once = begin
        self._lines: tuple[RoundLine, ...] = ()
        self._past: tuple[PastRound, ...] = ()
        self._busy = False

    def compose(self) -> ComposeResult:
        """The rounds, what the highlighted one is about, the reports."""
        yield Static("Rounds", id="title", markup=False)
        yield Rows(ROUNDS, "Reading the rounds.", id="rounds")
        yield Static(id="about-round", markup=False)
        yield Rows(PAST, id="past-rounds")
        yield KeysFooter()

    def on_screen_resume(self) -> None:
        """Read the lists, again when a round has been held."""
        self._busy = False
        self._read()

    @work(thread=True, group="read", exclusive=True)
    def _read(self) -> None:
        try:
            self.post_message(self._Read(self._interviewer.lines(), self._interviewer.past()))
        except VoicecoachError as error:
            self.post_message(Trouble(error))

    def on_rounds_screen__read(self, message: _Read) -> None:
        """Fill both lists."""
        message.stop()
        self._lines, self._past = message.lines, message.past
        self.query_one("#rounds", Rows).set_rows(
            [_round_row(line) for line in self._lines], "The bank has no rounds."
        )
        self.query_one("#past-rounds", Rows).set_rows([_past_row(past) for past in self._past], NONE_HELD)
        self._show_about()
        self.refresh_bindings()
        if self._begin_at_once:
            self.query_one("#rounds", Rows).highlight(self._begin_at_once)
            self._begin_at_once = ""
            self._start(anew=False)

    def _line(self) -> "RoundLine | None":
        key = self.query_one("#rounds", Rows).key
        return next((line for line in self._lines if line.interview.id == key), None)

    def _show_about(self) -> None:
        line = self._line()
        self.query_one("#about-round", Static).update(line.interview.about if line is not None else "")

    def on_rows_moved(self) -> None:
        """Show what the highlighted round is about, and what Enter does."""
        self._show_about()
        self.refresh_bindings()

    def on_descendant_focus(self) -> None:
        """The other list has the keys: Enter does something else."""
        self.refresh_bindings()

    def on_rows_chosen(self, message: Rows.Chosen) -> None:
        """A click on a row does what Enter does."""
        if message.rows.id == "past-rounds":
            self.action_report()
        else:
            self._start(anew=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what the highlighted row allows."""
        if action == "other_list":
            return bool(self._past) and self._is_at_reports == bool(parameters)
        if action not in ("begin", "go_on", "report", "anew", "end"):
            return True
        if self._is_at_reports:
            return action == "report"
        line = self._line() if self.is_mounted else None
        if line is None or action == "report":
            return False
        return (line.open_run is None) == (action == "begin")

    @property
    def _is_at_reports(self) -> bool:
        return self.is_mounted and self.query_one("#past-rounds", Rows).options.has_focus

    def action_other_list(self, _back: int = 0) -> None:
        """From the rounds to the reports, or back."""
        wanted = "#rounds" if self._is_at_reports else "#past-rounds"
        self.query_one(wanted, Rows).options.focus()

    def action_begin(self) -> None:
        """Begin the highlighted round."""
        self._start(anew=False)

    def action_go_on(self) -> None:
        """Go on with the highlighted round."""
        self._start(anew=False)

    def action_anew(self) -> None:
        """Begin the highlighted round again; what there is of the old one becomes a report."""
        self._start(anew=True)

    def _start(self, *, anew: bool) -> None:
        line = self._line()
        if line is None or self._busy:
            return
        self._busy = True
        if line.open_run is not None and not anew:
            self.post_message(self._Began(line.open_run))
        else:
            self._begin(line)

    @work(thread=True, group="begin")
    def _begin(self, line: "RoundLine") -> None:
        try:
            self.post_message(self._Began(self._interviewer.begin(line.interview.id)))
        except VoicecoachError as error:
            self.post_message(Trouble(error))

    def on_trouble(self) -> None:
        """What could not be begun can be tried again; the app says what was wrong."""
        self._busy = False

    def on_rounds_screen__began(self, message: _Began) -> None:
        """Hold the round."""
        message.stop()
        self.app.push_screen(
            RoundScreen(self._coach, self._interviewer, message.run, self._drafts, speak=self._speak)
        )

    def action_end(self) -> None:
        """End the highlighted round with what is there, and show its report."""
        line = self._line()
        if line is not None and line.open_run is not None and not self._busy:
            self._busy = True
            self._end(line.open_run.id)

    @work(thread=True, group="begin")
    def _end(self, run_id: int) -> None:
        try:
            self._interviewer.end(run_id)
        except VoicecoachError as error:
            self.post_message(Trouble(error))
        else:
            self.post_message(self._Ended(run_id))

    def on_rounds_screen__ended(self, message: _Ended) -> None:
        """Show what there is of it."""
        message.stop()
        self.app.push_screen(RoundReportScreen(self._coach, self._interviewer, message.run_id))

    def action_report(self) -> None:
        """Open the highlighted report."""
        key = self.query_one("#past-rounds", Rows).key
        if key is not None:
            self.app.push_screen(RoundReportScreen(self._coach, self._interviewer, int(key)))

    def action_leave(self) -> None:
        """Back to where this was opened."""
        self.app.pop_screen()


def _round_row(line: "RoundLine") -> Row:
    if line.open_run is not None:
        asked = questions_of(line.open_run)
        answered = sum(not each.is_waiting for each in asked)
        last = styled(f"open: {answered} of {len(asked)} done", "$text-warning")
    elif line.last_at is not None:
        last = styled(day_and_minute(line.last_at), MUTED)
    else:
        last = styled("-", MUTED)
    least, most = line.minutes
    minutes = str(least) if least == most else f"{least}-{most}"
    return Row(
        line.interview.id,
        (styled(line.interview.label), styled(str(line.questions)), styled(minutes), last),
    )


def _past_row(past: "PastRound") -> Row:
    return Row(
        str(past.run.id),
        (
            styled(day_and_time(past.run.started_at), MUTED),
            styled(past.label),
            styled(f"{past.answered} of {past.questions}"),
        ),
    )
