"""Two takes of one question side by side."""

from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option
from textual.worker import get_current_worker

from voicecoach.errors import HistoryError, VoicecoachError
from voicecoach.history.records import Attempt, AttemptRow
from voicecoach.tui.card.lines import CardLine
from voicecoach.tui.card.side_by_side import comparison_lines, take_line
from voicecoach.tui.messages import TakesCompared
from voicecoach.tui.widgets.keys_footer import KeysFooter
from voicecoach.tui.widgets.rows import SCROLLBAR, KeyList
from voicecoach.tui.wording import MUTED

if TYPE_CHECKING:
    from voicecoach.practice.again import TakePair
    from voicecoach.practice.coach import Coach

LOOKING = "Looking the takes up."
ALONE = "This is the only take of this question so far: answer it again, and compare."


class CompareScreen(Screen[None]):
    """One take against another of the same question; left and right choose the other.

    Args:
        coach: Reads the history.
        attempt: The take to start from, or its number.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "other(-1)", "Older take"),
        Binding("right", "other(1)", "Newer take"),
        Binding("escape", "leave", "Back"),
        Binding("question_mark", "app.help", "Help", key_display="?"),
    ]

    def __init__(self, coach: "Coach", attempt: Attempt | int) -> None:
        super().__init__()
        self._coach = coach
        self._attempt = attempt
        self._others: tuple[AttemptRow, ...] = ()
        self._at = 0
        self._pair: TakePair | None = None
        self._instead = LOOKING

    def compose(self) -> ComposeResult:
        """What was asked, which takes, what changed."""
        yield Static(id="title", markup=False)
        yield Static(LOOKING, id="sides", markup=False)
        yield KeyList(compact=True, markup=False, id="changes")
        yield KeysFooter()

    def on_mount(self) -> None:
        """Compare with the take before."""
        self.query_one("#changes").focus()
        self._look(None)

    @work(thread=True, group="compare", exclusive=True)
    def _look(self, wanted: int | None) -> None:
        from voicecoach.practice.again import first_choice, other_takes, pair  # noqa: PLC0415 - brings numpy

        try:
            attempt = self._attempt
            if isinstance(attempt, int):
                attempt = self._required(attempt)
            others = other_takes(self._coach.engines.history(), attempt)
            at = wanted if wanted is not None else first_choice(others, attempt)
            found = None
            if others and at is not None:
                at = min(at, len(others) - 1)
                found = pair(attempt, self._required(others[at].id))
        except VoicecoachError as error:
            compared = TakesCompared(error=error)
        else:
            compared = TakesCompared(attempt, others, at or 0, found)
        if not get_current_worker().is_cancelled:
            self.post_message(compared)

    def _required(self, attempt_id: int) -> Attempt:
        attempt = self._coach.attempt(attempt_id)
        if attempt is None:
            raise HistoryError("This take has been deleted in another window.")
        return attempt

    def on_takes_compared(self, message: TakesCompared) -> None:
        """Show the two."""
        message.stop()
        if message.error is not None or message.attempt is None:
            self._pair, self._instead = None, str(message.error or "")
            # What stands there compares other takes than those that were asked for.
            self.query_one("#changes", OptionList).clear_options()
            self._draw()
            return
        self._instead = ALONE
        self._attempt, self._others, self._at = message.attempt, message.others, message.at
        self._pair = message.pair
        asked = message.attempt.question_id
        question = self._coach.bank.find(asked)
        title = question.title if question is not None else asked
        place = f"   the other is {self._at + 1} of {len(self._others)}" if len(self._others) > 1 else ""
        self.query_one("#title", Static).update(
            Content.assemble(("Two takes: ", MUTED), (title, "bold $text-primary"), (place, MUTED))
        )
        self._draw()
        self.refresh_bindings()

    def on_resize(self) -> None:
        """Fit the lines to the width."""
        self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        found = self._pair
        if found is None:
            self.query_one("#sides", Static).update(self._instead)
            return
        rows = self.query_one("#changes", OptionList)
        width = rows.size.width - SCROLLBAR
        if width < 1:
            return
        sides = [self._side("before", found.before, width), self._side("after", found.after, width)]
        self.query_one("#sides", Static).update(Content("\n").join(sides))
        lines: list[CardLine] = comparison_lines(found.comparison, width)
        at = rows.highlighted or 0
        rows.clear_options()
        rows.add_options(Option(line.content, disabled=line.heading) for line in lines)
        rows.highlighted = min(at, len(lines) - 1)

    def _side(self, name: str, attempt: Attempt, width: int) -> Content:
        here = not isinstance(self._attempt, int) and attempt.id == self._attempt.id
        return take_line(
            attempt, f"{name}, this take" if here else name, width, "bold $text-accent" if here else ""
        )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the takes there are."""
        if action == "other":
            step = parameters[0]
            return isinstance(step, int) and 0 <= self._at + step < len(self._others)
        return True

    def action_other(self, step: int) -> None:
        """Compare with the next older or newer take."""
        self._at += step  # at once: the next key may come before this pair is there
        self._look(self._at)
        self.refresh_bindings()

    def action_leave(self) -> None:
        """Back to where this was opened."""
        self.app.pop_screen()
