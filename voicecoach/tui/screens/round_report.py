"""What a round came to, all at once."""

from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from voicecoach.config import find_reports_folder
from voicecoach.errors import VoicecoachError
from voicecoach.minutes import is_over, length
from voicecoach.report.wording import window
from voicecoach.tui.layout import styled
from voicecoach.tui.messages import ReportWritten, Trouble
from voicecoach.tui.screens.card_list import CardListScreen
from voicecoach.tui.widgets.keys_footer import KeysFooter
from voicecoach.tui.widgets.rows import Column, Row, Rows
from voicecoach.tui.wording import (
    MUTED,
    STATE_COLOURS,
    STATE_SIGNS,
    day_and_time,
    plural,
    score_colour,
)

if TYPE_CHECKING:
    from voicecoach.practice.coach import Coach
    from voicecoach.practice.interviewing import Interviewer
    from voicecoach.practice.round_report import (
        AgainReport,
        FollowUpReport,
        Outcome,
        QuestionReport,
        RoundReport,
    )

COLUMNS = (
    Column("#", 1, "right"),
    Column("Question", 0, lines=2),
    Column("Score", 5, "right"),
    Column("Took", 4, "right"),
    Column("of", 8),
    Column("Next time", 0, lines=3),
)

OUTCOME_WORDS: "dict[Outcome, str]" = {
    "judged": "",
    "unreadable": "Its card cannot be read: the history (h) deletes it.",
    "unjudged": "Recorded, not judged: u on the home screen offers it, unless it was deleted.",
    "passed": "You passed.",
    "not asked": "Not answered.",
}

SHOWN_AGAIN = 4
"""Of what came up again and again; the rest is on the cards."""


class RoundReportScreen(CardListScreen):
    """The report of one round.

    Args:
        coach: Keeps the cards.
        interviewer: Puts the report together.
        run_id: Which round.
    """

    AUTO_FOCUS = "#answers KeyList"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Open card"),
        Binding("x", "page", "Write it as a page", show=False),
        Binding("escape", "leave", "Back"),
        Binding("question_mark", "app.help", "Help", key_display="?"),
    ]

    class _Read(Message):
        def __init__(self, report: "RoundReport | None", error: VoicecoachError | None = None) -> None:
            super().__init__()
            self.report = report
            self.error = error

    def __init__(self, coach: "Coach", interviewer: "Interviewer", run_id: int) -> None:
        super().__init__(coach)
        self._interviewer = interviewer
        self._run_id = run_id

    def compose(self) -> ComposeResult:
        """The number and the cue, time, the questions, what came up again and again."""
        yield Static("Report", id="title")
        yield Static(id="round-cue")
        yield Static(id="round-time")
        yield Rows(COLUMNS, "Putting the report together.", id="answers")
        yield Static(id="again")
        yield KeysFooter()

    @work(thread=True, group="read", exclusive=True)
    def read_again(self) -> None:
        """Put the report together."""
        try:
            self.post_message(self._Read(self._interviewer.report(self._run_id)))
        except VoicecoachError as error:
            self.post_message(self._Read(None, error))

    def action_page(self) -> None:
        """Write it as a page for a browser, with every recording inside."""
        self._write_page()

    @work(thread=True, group="page")
    def _write_page(self) -> None:
        from voicecoach.practice.reporting import Reporter  # noqa: PLC0415 - not before the first frame

        try:
            report = self._interviewer.report(self._run_id)
            file = Reporter(self._coach).write_round_into(find_reports_folder(), report)
        except VoicecoachError as error:
            self.post_message(Trouble(error))
        else:
            self.post_message(ReportWritten(file))

    def on_round_report_screen__read(self, message: _Read) -> None:
        """Show the report, or say why there is none."""
        message.stop()
        report = message.report
        if report is None:
            self.query_one("#answers", Rows).set_rows((), str(message.error))
            return
        self.query_one("#title", Static).update(
            Content.assemble(
                (report.label, "bold $text-primary"), (f"   {day_and_time(report.started_at).strip()}", MUTED)
            )
        )
        overall = (
            [] if report.overall is None else [(f"{report.overall:.0f}  ", score_colour(report.overall))]
        )
        self.query_one("#round-cue", Static).update(
            Content.assemble(*overall, ("Next time: ", "bold $text-accent"), report.cue)
        )
        self.query_one("#round-time", Static).update(styled(_time_line(report), MUTED))
        self.query_one("#answers", Rows).set_rows(_rows(report))
        self.query_one("#again", Static).update(_again_and_again(report))

    def on_rows_chosen(self) -> None:
        """A click on a row does what Enter does."""
        self.action_open()

    def action_open(self) -> None:
        """Open the highlighted answer's card."""
        key = self.query_one("#answers", Rows).key
        if key is None:
            return
        kind, _, attempt_id = key.partition(" ")
        if kind == "card":
            self.open_card(int(attempt_id))
        else:
            self.notify("There is no card to open.")

    def action_leave(self) -> None:
        """Back to where this was opened."""
        self.app.pop_screen()


def _time_line(report: "RoundReport") -> str:
    parts = [f"{report.answered} of {plural(len(report.questions), 'question')} judged"]
    if report.answered:
        shortest, longest = report.window_s
        parts.append(f"{length(report.spoken_s)} said of {length(shortest)}-{length(longest)}")
    if report.over:
        parts.append(f"over: {_numbers(report.over)}")
    if report.under:
        parts.append(f"short: {_numbers(report.under)}")
    if report.strongest is not None:
        parts.append(f"strongest: {report.strongest}, weakest: {report.weakest}")
    if report.followed_up:
        parts.append(f"{report.recovered} of {plural(report.followed_up, 'follow-up')} brought the point")
    return "; ".join(parts) + "."


def _numbers(numbers: tuple[int, ...]) -> str:
    return ", ".join(map(str, numbers))


def _rows(report: "RoundReport") -> list[Row]:
    rows = []
    for question in report.questions:
        rows.append(_question_row(question))
        rows += [_follow_up_row(question, n, each) for n, each in enumerate(question.follow_ups)]
        if question.again is not None:
            rows.append(_again_row(question, question.again))
    return rows


def _key(attempt_id: int | None, otherwise: str) -> str:
    return f"card {attempt_id}" if attempt_id is not None else f"none {otherwise}"


def _score(overall: float | None) -> Content:
    return styled("-", MUTED) if overall is None else styled(f"{overall:.0f}", score_colour(overall))


def _took(duration_s: float | None, target_s: tuple[float, float] | None) -> Content:
    if duration_s is None:
        return styled("-", MUTED)
    over = target_s is not None and is_over(duration_s, target_s)
    return styled(length(duration_s), "$text-warning" if over else "")


def _question_row(question: "QuestionReport") -> Row:
    return Row(
        _key(question.attempt_id, f"{question.number}"),
        (
            styled(str(question.number), MUTED),
            styled(question.title, "bold"),
            _score(question.overall),
            _took(question.duration_s, question.target_s),
            styled(window(question.target_s) if question.target_s is not None else "", MUTED),
            styled(question.cue or OUTCOME_WORDS[question.outcome]),
        ),
    )


def _follow_up_row(question: "QuestionReport", index: int, each: "FollowUpReport") -> Row:
    if each.state is None:
        came = styled(OUTCOME_WORDS[each.outcome], MUTED)
    else:
        word = "came after all" if each.is_recovered else _STATE_WORDS[each.state]
        came = Content.assemble(
            (f"{STATE_SIGNS[each.state]} {word}: ", STATE_COLOURS[each.state]), each.point
        )
    return Row(
        _key(each.attempt_id, f"{question.number} {index}"),
        (
            Content(""),
            styled(f"↳ {each.asked}", MUTED),
            Content(""),
            Content(""),
            Content(""),
            came,
        ),
    )


_STATE_WORDS = {
    "covered": "said",
    "partly": "half said",
    "missing": "still missing",
    "contradicted": "said wrongly",
    "unsure": "not clear",
}


def _again_row(question: "QuestionReport", again: "AgainReport") -> Row:
    words = OUTCOME_WORDS[again.outcome]
    if again.duration_s is not None and question.duration_s is not None:
        words = f"{length(question.duration_s)} became {length(again.duration_s)}"
    return Row(
        _key(again.attempt_id, f"{question.number} again"),
        (
            Content(""),
            styled("↳ once more", MUTED),
            _score(again.overall),
            _took(again.duration_s, question.target_s),
            styled(window(question.target_s) if question.target_s is not None else "", MUTED),
            styled(words),
        ),
    )


def _again_and_again(report: "RoundReport") -> Content:
    if not report.recurring:
        return Content("")
    often = (
        Content.assemble(
            (f"{len(each.numbers)} of {report.answered}  ", "$text-warning"),
            each.what,
            (f"  (questions {_numbers(each.numbers)})", MUTED),
        )
        for each in report.recurring[:SHOWN_AGAIN]
    )
    return Content("\n").join([Content.styled("Again and again", "bold"), *often])
