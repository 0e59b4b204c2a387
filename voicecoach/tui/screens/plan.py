"""The way to the interview: today's step, what is done, what is left."""

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static
from textual.worker import get_current_worker

from voicecoach.errors import VoicecoachError
from voicecoach.practice.plan import PlanChoice, PlanView, StepProgress, StepState, standing_in_words
from voicecoach.tui.layout import styled
from voicecoach.tui.messages import OverviewReady, PlanChosen, PracticeWanted, Trouble
from voicecoach.tui.screens.plan_dialog import PlanDialog
from voicecoach.tui.training_words import days_to_go
from voicecoach.tui.widgets.keys_footer import KeysFooter
from voicecoach.tui.widgets.rows import Column, Row, Rows
from voicecoach.tui.wording import MUTED, score_colour

if TYPE_CHECKING:
    from voicecoach.practice.coach import Coach
    from voicecoach.practice.overview import Overview, QuestionRow

COLUMNS = (
    Column("For today", 0),
    Column("Kind", 15, wide_only=True),
    Column("Done", 12),
    Column("Due", 3, "right"),
    Column("Last", 4, "right"),
)

NO_DATE = (
    "No interview date is set. e sets it, and whose interviews to prepare for; a plan that fits the days "
    "there are then says what to practise today. Until then n goes to what is due."
)

STEP_SIGNS: dict[StepState, str] = {"done": "✓", "now": "▸", "over": "◐", "ahead": "·"}
STEP_WORDS: dict[StepState, str] = {"done": "done", "now": "now", "over": "over", "ahead": "ahead"}


class PlanScreen(Screen[None]):
    """Where someone is on the way to the interview.

    Args:
        coach: Knows the plans and what was practised.
        choice: The way that is set now.
    """

    AUTO_FOCUS = "#for-today KeyList"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "practise", "Practise"),
        Binding("n", "suggested", "Next"),
        Binding("e", "edit", "Date, role, plan"),
        Binding("escape", "leave", "Back"),
        Binding("question_mark", "app.help", "Help", key_display="?"),
    ]

    def __init__(self, coach: "Coach", choice: Callable[[], PlanChoice]) -> None:
        super().__init__()
        self._coach = coach
        self._choice = choice
        self._overview: Overview | None = None

    def compose(self) -> ComposeResult:
        """Date and days, whether one is behind, the steps, today's task and questions."""
        yield Static("Plan", id="title")
        yield Static(id="plan-standing", markup=False)
        yield Static(id="plan-steps")
        yield Static(id="plan-task", markup=False)
        yield Rows(COLUMNS, "", id="for-today")
        yield KeysFooter()

    def on_screen_resume(self) -> None:
        """Coming back, something may have been practised."""
        self._look()

    @work(thread=True, group="plan", exclusive=True)
    def _look(self) -> None:
        try:
            self._coach.schedule.catch_up()
            overview = self._coach.overview(self._choice())
        except VoicecoachError as error:
            self.post_message(Trouble(error))
        else:
            self.post_message(OverviewReady(overview, (), get_current_worker()))

    def on_overview_ready(self, message: OverviewReady) -> None:
        """Show where the person is."""
        message.stop()
        if message.reader.is_cancelled:
            return
        self._overview = message.overview
        view = message.overview.plan
        self.query_one("#title", Static).update(_title(view))
        standing = self.query_one("#plan-standing", Static)
        standing.update(NO_DATE if view is None else standing_in_words(view))
        standing.set_class(view is not None and bool(view.behind or view.is_over), "behind")
        steps, task = self.query_one("#plan-steps", Static), self.query_one("#plan-task", Static)
        steps.display = task.display = view is not None and bool(view.steps)
        if view is not None:
            steps.update(Content("\n").join(_step(each, self.app.size.width) for each in view.steps))
            task.update(" ".join(each.step.task for each in view.now))
        self.query_one("#for-today", Rows).set_rows(self._rows(message.overview))
        self.refresh_bindings()

    def _rows(self, overview: "Overview") -> list[Row]:
        view = overview.plan
        if view is None:
            return []
        by_id = {each.question.id: each for each in overview.rows}
        now = tuple(dict.fromkeys(question for step in view.now for question in step.questions))
        done = {question for step in view.now for question in step.done}.union(view.caught_up)
        first = [each for each in view.today if each in by_id]
        rest = [each for each in (*now, *view.caught_up) if each in by_id and each not in first]
        return [
            _row(by_id[each], "done" if each in done else "" if each in now else "left over")
            for each in (*first, *rest)
        ]

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool | None:
        """Offer only what can be done now."""
        if action == "practise":
            return self._overview is not None and self.query_one("#for-today", Rows).key is not None
        if action == "suggested":
            return self._overview is not None and self._overview.suggested is not None
        return True

    def on_rows_chosen(self) -> None:
        """A click on a row does what Enter does."""
        self.action_practise()

    def action_practise(self) -> None:
        """Open the highlighted question."""
        self._practise(self.query_one("#for-today", Rows).key)

    def action_suggested(self) -> None:
        """Open the question that comes next."""
        self._practise(self._overview.suggested if self._overview else None)

    def _practise(self, question_id: str | None) -> None:
        question = self._coach.bank.find(question_id) if question_id is not None else None
        if question is not None:
            self.post_message(PracticeWanted(question))

    def action_edit(self) -> None:
        """Set the date, the role and the plan."""

        def answered(choice: PlanChoice | None) -> None:
            if choice is not None:
                self.post_message(PlanChosen(choice, self._look))

        today = self._coach.schedule.today()
        self.app.push_screen(PlanDialog(self._coach.bank, self._choice(), today), answered)

    def action_leave(self) -> None:
        """Back to where it was opened."""
        self.app.pop_screen()


def _title(view: PlanView | None) -> Content:
    if view is None:
        return Content.assemble(("Plan", "bold $text-primary"))
    name = view.plan.label if view.plan is not None else "Plan"
    parts = [(name, "bold $text-primary")]
    if view.role is not None:
        parts.append((f"   {view.role.label}", MUTED))
    # The year is plain where the interview is less than one away.
    year = f" {view.interview:%Y}" if abs(view.days_to_go) > 300 else ""
    day = f"{view.interview:%a} {view.interview.day} {view.interview:%b}{year}"
    parts += [(f"   {day}", ""), ("" if view.is_over else f"   {days_to_go(view)}", "bold")]
    return Content.assemble(*parts)


def _step(each: StepProgress, width: int) -> Content:
    days = f"{each.first.day} {each.first:%b}"
    if each.last != each.first:
        days += f" - {each.last.day} {each.last:%b}"
    left = f"{len(each.done)} of {len(each.questions)} done"
    label = each.step.label[: max(20, width - 48)]
    style = "bold" if each.state == "now" else "$text-warning" if each.state == "over" else MUTED
    return Content.assemble(
        (f"{STEP_SIGNS[each.state]} {STEP_WORDS[each.state]:<6}", style),
        (f"{label:<{max(20, width - 48)}}", style),
        (f"  {days:<16}", MUTED),
        (f"{left:>14}", style),
    )


def _row(each: "QuestionRow", state: str) -> Row:
    is_done = state == "done"
    lost = any(point.was_lost for point in each.due)
    last = each.standing
    return Row(
        each.question.id,
        (
            styled(each.question.title, MUTED if is_done else ""),
            styled(each.question.kind, MUTED),
            styled("✓ done" if is_done else state, "$text-success" if is_done else "$text-warning"),
            styled(str(len(each.due)) if each.due else "", "bold $text-warning" if lost else ""),
            styled(f"{last.last:.0f}", score_colour(last.last)) if last else styled("-", MUTED),
        ),
    )
