"""The first screen: every question, how you stand on it, and which to take next."""

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.events import Key, Resize
from textual.screen import Screen
from textual.widgets import Input, Static
from textual.worker import get_current_worker

from voicecoach.audio.takes import Take
from voicecoach.content.model import Question
from voicecoach.content.project import project_of
from voicecoach.errors import VoicecoachError
from voicecoach.practice.plan import PlanChoice
from voicecoach.report.wording import window
from voicecoach.tui.filters import QuestionFilters
from voicecoach.tui.layout import styled
from voicecoach.tui.messages import (
    FileWanted,
    OverviewReady,
    PracticeWanted,
    TextWanted,
    Trouble,
    UnfinishedWanted,
)
from voicecoach.tui.training_words import training_words
from voicecoach.tui.widgets.download_line import DownloadLine
from voicecoach.tui.widgets.keys_footer import KeysFooter
from voicecoach.tui.widgets.rows import Column, Row, Rows
from voicecoach.tui.wording import MUTED, plural, score_colour

if TYPE_CHECKING:
    from voicecoach.practice.coach import Coach
    from voicecoach.practice.overview import Overview, QuestionRow

COLUMNS = (
    Column("Question", 0),
    Column("Kind", 15),
    Column("Level", 6),
    Column("Area", 11, wide_only=True),
    Column("Takes", 5, "right", wide_only=True),
    Column("Due", 3, "right"),
    Column("Last", 4, "right"),
    Column("Best", 4, "right"),
)

NEEDS_NO_BANK = ("cancel_download", "help", "quit", "find", "due_only", "clear", "leave_filter")
"""Actions of this screen that mean something while the question bank is still being opened."""

STILL_OPENING_S = 3.0
"""How long it is said that the bank is not open yet, and not said again."""


class HomeScreen(Screen[None]):
    """The list of questions.

    Args:
        choice: The way to an interview that is set now.
    """

    AUTO_FOCUS = "#questions KeyList"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "practise", "Practise"),
        Binding("n", "suggested", "Next"),
        Binding("d", "app.drill", "Drill"),
        Binding("r", "app.rounds", "Round"),
        Binding("p", "app.projects", "Project"),
        Binding("f", "file", "File", tooltip="Score a recording on this question", show=False),
        Binding("t", "text", "Text", tooltip="Score typed words on this question", show=False),
        Binding("slash", "find", "Find", key_display="/", show=False),
        Binding("k", "filter('kind')", "Kind", show=False),
        Binding("l", "filter('level')", "Level", show=False),
        Binding("a", "filter('area')", "Area", show=False),
        Binding("w", "due_only", "What is due", show=False),
        Binding("x", "clear", "Show all", show=False),
        Binding("u", "unfinished", "Unfinished"),
        Binding("c", "app.cancel_download", "Cancel fetching"),
        Binding("o", "app.plan", "Plan", show=False),
        Binding("j", "app.target", "Target job", show=False),
        Binding("g", "app.progress", "Progress", show=False),
        Binding("h", "app.history", "History"),
        Binding("s", "app.settings", "Settings"),
        Binding("question_mark", "app.help", "Help", key_display="?"),
        Binding("q", "app.quit", "Quit"),
        Binding("escape", "leave_filter", "Back to the list", show=False),
    ]

    def __init__(self, choice: Callable[[], PlanChoice]) -> None:
        super().__init__()
        self._choice = choice
        self._coach: Coach | None = None
        self._overview: Overview | None = None
        self._unfinished: tuple[Take, ...] = ()
        self._filters = QuestionFilters()
        self._is_checked = False
        self._is_closed = False
        self._has_said_opening = False
        self._fitted_to = 0
        self._highlighted: str | None = None

    def compose(self) -> ComposeResult:
        """Suggestion, filters, table, the highlighted question in full."""
        yield Static("voicecoach", id="suggestion")
        with Horizontal(id="filters"):
            yield Static(id="filter-words", markup=False)
            yield Input(placeholder="part of a title or question", compact=True, id="find")
        yield Rows(COLUMNS, "Opening the question bank.", id="questions")
        yield Static(id="asked", markup=False)
        yield DownloadLine(id="download")
        yield KeysFooter()

    def on_mount(self) -> None:
        """Start with the list under the keys."""
        self.query_one("#find").display = False
        self._show_filters()

    def on_screen_resume(self) -> None:
        """Coming back, scores may have changed."""
        self._highlighted = None
        if self._coach is not None:
            self._look_up(self._coach)

    def on_resize(self, event: Resize) -> None:
        """As much of the job's name as fits."""
        # Laying out anew what is shown brings a resize of the same width: answering that would never end.
        if event.size.width != self._fitted_to:
            self._fitted_to = event.size.width
            self.call_after_refresh(self._show_filters)

    def open_bank(self, coach: "Coach") -> None:
        """Show the coach's questions."""
        self._coach = coach
        self._look_up(coach)

    def say_closed(self, error: VoicecoachError) -> None:
        """Say why there is nothing to choose from."""
        self._is_closed = True
        lines = [error.title, "", error.message, *([error.hint] if error.hint else [])]
        self.query_one("#questions", Rows).set_rows((), "\n".join(lines))

    @work(thread=True, group="overview", exclusive=True)
    def _look_up(self, coach: "Coach") -> None:
        troubles: list[VoicecoachError] = []
        unfinished: tuple[Take, ...] = ()
        try:
            overview = coach.overview(self._choice())
        except VoicecoachError as error:
            from voicecoach.practice.overview import Overview, QuestionRow  # noqa: PLC0415 - not before the first frame

            # The questions themselves are there, and an answer is judged even where it cannot be kept.
            overview = Overview(tuple(QuestionRow(q, None) for q in coach.bank.questions), None, "")
            troubles.append(error)
        try:
            unfinished = coach.unfinished_takes()
        except VoicecoachError as error:
            troubles.append(error)
        self._is_checked = self._is_checked or bool(troubles)
        if overview.trouble is not None:
            troubles.append(overview.trouble)
        # What keeps the history from being read is told once.
        for trouble in {str(each): each for each in troubles}.values():
            self.post_message(Trouble(trouble))
        self.post_message(OverviewReady(overview, unfinished, get_current_worker()))
        self._check(coach, self._catch_up(coach, unfinished))

    def _catch_up(self, coach: "Coach", unfinished: tuple[Take, ...]) -> VoicecoachError | None:
        """Schedule what was practised since: the list is shown by then, and again where that changes it."""
        try:
            if coach.schedule.catch_up():
                overview = coach.overview(self._choice())
                self.post_message(OverviewReady(overview, unfinished, get_current_worker()))
        except VoicecoachError as error:
            return error
        return None

    def _check(self, coach: "Coach", trouble: VoicecoachError | None) -> None:
        """Look for damage once, now that the list is shown: it takes as long as reading the whole history.

        Args:
            coach: Keeps the history.
            trouble: What kept the schedule from catching up; damage, where there is any, explains it.
        """
        if self._is_checked:
            return
        self._is_checked = True
        try:
            coach.check_history()
        except VoicecoachError as error:
            trouble = error
        if trouble is not None:
            self.post_message(Trouble(trouble))

    def on_overview_ready(self, message: OverviewReady) -> None:
        """Fill the table."""
        message.stop()
        if message.reader.is_cancelled:
            # A thread reads on after a later look has begun, and may tell what that one has already replaced.
            return
        is_first = self._overview is None
        self._overview, self._unfinished = message.overview, message.unfinished
        self._fill()
        self._suggest()
        self.refresh_bindings()
        rows = self.query_one("#questions", Rows)
        # Catching up may change what comes next; whoever has moved the highlight meanwhile keeps it.
        suggested = message.overview.suggested
        if suggested is not None and (is_first or rows.key == self._highlighted):
            rows.highlight(suggested)
            self._highlighted = suggested

    def _suggest(self) -> None:
        overview = self._overview
        told: list[tuple[str, str]] = []
        if self._unfinished:
            told.append((f"   {plural(len(self._unfinished), 'unfinished take')} (u)", "$text-warning"))
        if overview is not None:
            told += [(f"   {words}", colour) for words, colour in training_words(overview)]
        parts: list[Content | tuple[str, str] | str] = [("voicecoach", "bold $text-primary"), *told]
        title = (
            next((r.question.title for r in overview.rows if r.question.id == overview.suggested), "")
            if overview
            else ""
        )
        if overview is not None and title:
            parts.append("\n" if told else "   ")
            parts += [("next: ", MUTED), (title, "bold"), (f"  {overview.why}", MUTED)]
            if not any(project_of(each.question) for each in overview.rows):
                parts.append(("   p tells your own", "$text-accent"))
        self.query_one("#suggestion", Static).update(Content.assemble(*parts))

    def _fill(self) -> None:
        if self._overview is None:
            return
        wanted = self.query_one("#find", Input).value
        shown = [
            each
            for each in self._overview.rows
            if self._filters.passes(each.question, wanted, is_due=bool(each.due))
        ]
        self.query_one("#questions", Rows).set_rows(
            [self._row(each) for each in shown], "No question passes these filters. x shows all of them."
        )
        self._show_filters()
        self._show_question()
        # An empty list cannot hold the keys; whoever types in the filter keeps them.
        options = self.query_one("#questions", Rows).options
        if options.display and self.focused is None and not self.query_one("#find").display:
            options.focus()

    def _row(self, each: "QuestionRow") -> Row:
        question, standing = each.question, each.standing
        is_next = self._overview is not None and question.id == self._overview.suggested
        scores = (
            (styled(str(standing.attempts)), _score(standing.last), _score(standing.best))
            if standing
            else (styled("-", MUTED),) * 3
        )
        lost = any(point.was_lost for point in each.due)
        due = styled(str(len(each.due)), "bold $text-warning" if lost else "") if each.due else styled("")
        return Row(
            question.id,
            (
                styled(question.title, "bold" if is_next else ""),
                styled(question.kind, MUTED),
                styled(question.level, MUTED),
                styled(question.area, MUTED),
                scores[0],
                due,
                *scores[1:],
            ),
        )

    def _show_filters(self) -> None:
        words = self._filters.words()
        target = self._overview.target if self._overview is not None else None
        if self.query_one("#find").display:
            words = Content.assemble(words, ("find ", MUTED))
        elif target is not None:
            before, key = Content.styled("job ", MUTED), Content.styled(" (j)", MUTED)
            taken = sum(each.cell_length for each in (words, before, key))
            room = max(1, self.query_one("#filters").size.width - taken)
            name = Content.styled(target.name, "bold $text-accent").truncate(room, ellipsis=True)
            words = Content.assemble(words, before, name, key)
        self.query_one("#filter-words", Static).update(words)

    def _show_question(self) -> None:
        question = self._question()
        asked = Content("")
        if question is not None:
            asked = Content.assemble((f"{window(question.target_s)}   ", MUTED), question.text)
            target = self._overview.target if self._overview is not None else None
            named = target.words(question.id) if target is not None else ()
            if named:
                asked = Content.assemble(
                    asked, (f"\nYour target job names: {', '.join(named)}", "$text-accent")
                )
        self.query_one("#asked", Static).update(asked)

    def _question(self) -> Question | None:
        key = self.query_one("#questions", Rows).key
        return self._coach.bank.find(key) if self._coach is not None and key is not None else None

    def on_rows_moved(self) -> None:
        """Show the highlighted question in full."""
        self._show_question()

    def on_rows_chosen(self) -> None:
        """A click on a row does what Enter does."""
        self.action_practise()

    def on_input_changed(self) -> None:
        """Narrow the table as the filter is typed."""
        self._fill()

    def on_input_submitted(self) -> None:
        """Go on with what passed the filter."""
        self.query_one("#questions", Rows).options.focus()

    def on_key(self, event: Key) -> None:
        """A key that does nothing only because the question bank is not open yet is answered with that."""
        if self._is_closed or self._has_said_opening or isinstance(self.focused, Input):
            return
        if any(self._waits_for_bank(each) for each in self._bindings.key_to_bindings.get(event.key, ())):
            self._has_said_opening = True
            self.notify("Still opening the question bank.", timeout=STILL_OPENING_S)
            self.set_timer(STILL_OPENING_S, self._forget_opening)

    def _waits_for_bank(self, binding: Binding) -> bool:
        target, _, action = binding.action.rpartition(".")
        is_there = self._coach if target == "app" else self._overview
        return is_there is None and action.partition("(")[0] not in NEEDS_NO_BANK

    def _forget_opening(self) -> None:
        self._has_said_opening = False

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done now."""
        if action in ("practise", "suggested", "file", "text"):
            return self._overview is not None
        if action == "unfinished":
            return bool(self._unfinished)
        return True

    def action_practise(self) -> None:
        """Open the highlighted question."""
        question = self._question()
        if question is not None:
            self.post_message(PracticeWanted(question))

    def action_suggested(self) -> None:
        """Open the suggested question."""
        suggested = self._overview.suggested if self._overview else None
        question = self._coach.bank.find(suggested) if self._coach and suggested else None
        if question is not None:
            self.post_message(PracticeWanted(question))

    def action_file(self) -> None:
        """Score a recording."""
        question = self._question()
        if question is not None:
            self.post_message(FileWanted(question))

    def action_text(self) -> None:
        """Score typed words."""
        question = self._question()
        if question is not None:
            self.post_message(TextWanted(question))

    def action_unfinished(self) -> None:
        """Offer the takes that never got a card."""
        self.post_message(UnfinishedWanted(self._unfinished))

    def action_filter(self, name: str) -> None:
        """Go to the next value of a filter; after the last comes "all"."""
        if self._overview is None:
            return
        self._filters.advance(name, [each.question for each in self._overview.rows])
        self._fill()

    def action_due_only(self) -> None:
        """Show only questions with due points, or all again."""
        self._filters.due_only = not self._filters.due_only
        self._fill()

    def action_find(self) -> None:
        """Type part of a title."""
        field = self.query_one("#find", Input)
        field.display = True
        field.focus()
        self._show_filters()

    def action_leave_filter(self) -> None:
        """Back from the filter to the list, dropping what was typed."""
        field = self.query_one("#find", Input)
        if field.display:
            field.value = ""
            field.display = False
            self._fill()
        self.query_one("#questions", Rows).options.focus()

    def action_clear(self) -> None:
        """Show every question again."""
        self._filters.clear()
        self.action_leave_filter()
        self._fill()


def _score(score: float) -> Content:
    return styled(f"{score:.0f}", score_colour(score))
