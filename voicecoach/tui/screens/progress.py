"""How each skill has moved, what is usual, and the words someone leans on."""

from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static
from textual.worker import get_current_worker

from voicecoach.content.model import Area
from voicecoach.errors import VoicecoachError
from voicecoach.tui.messages import ProgressRead
from voicecoach.tui.widgets.keys_footer import KeysFooter
from voicecoach.tui.widgets.skill_plot import LEGEND, SkillPlot
from voicecoach.tui.wording import MUTED

if TYPE_CHECKING:
    from voicecoach.practice.coach import Coach
    from voicecoach.practice.progress import Progress
    from voicecoach.practice.progress_words import UsualLine

WIDE = 100
"""Columns from which on norms stand beside what is usual."""


class ProgressScreen(Screen[None]):
    """One skill at a time, over all areas or one, for the last 30 days or always.

    Args:
        coach: For what was practised.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right", "skill(1)", "Next skill", key_display="→"),
        Binding("left", "skill(-1)", "Skill before", key_display="←", show=False),
        Binding("down", "scroll(1)", "Down", show=False),
        Binding("up", "scroll(-1)", "Up", show=False),
        Binding("a", "area", "Area"),
        Binding("p", "period", "30 days/all"),
        Binding("escape", "leave", "Back"),
        Binding("question_mark", "app.help", "Help", key_display="?"),
    ]

    def __init__(self, coach: "Coach") -> None:
        super().__init__()
        from voicecoach.practice.progress import RECENT, SKILLS, ProgressReader  # noqa: PLC0415 - brings numpy

        self._skills = SKILLS
        self._recent = RECENT
        self._reader = ProgressReader(coach.engines, coach.bank, coach.clock)
        self._progress: Progress | None = None
        self._areas: tuple[Area, ...] = ()
        self._skill = SKILLS[0]
        self._area: Area | None = None
        self._is_recent = True

    def compose(self) -> ComposeResult:
        """What is shown; the plot beside what is usual; the plot in words."""
        yield Static("Progress", id="title")
        with Horizontal(id="progress"):
            yield SkillPlot(id="plot")
            with VerticalScroll(id="usual", can_focus=False):
                yield Static(id="usual-words")
        yield Static(id="plot-words")
        yield KeysFooter()

    def on_screen_resume(self) -> None:
        """Read, again when takes may have come or gone."""
        self._read()

    def action_skill(self, step: int) -> None:
        """Another skill; after the last comes the first."""
        at = self._skills.index(self._skill) + step
        self._skill = self._skills[at % len(self._skills)]
        self._show()

    def action_scroll(self, step: int) -> None:
        """Read on in what is usual."""
        self.query_one("#usual").scroll_relative(y=3 * step, animate=False)

    def action_area(self) -> None:
        """The next area in which something was answered; after the last comes all."""
        choices = [None, *self._areas]
        at = choices.index(self._area) if self._area in choices else 0
        self._area = choices[(at + 1) % len(choices)]
        self._read()

    def action_period(self) -> None:
        """The last 30 days, or always."""
        self._is_recent = not self._is_recent
        self._read()

    def action_leave(self) -> None:
        """Back to where it was opened."""
        self.app.pop_screen()

    def on_resize(self) -> None:
        """Norms where there is room for them."""
        self.set_class(self.size.width >= WIDE, "wide")
        self._show()

    def _read(self) -> None:
        self._read_progress(self._area, is_recent=self._is_recent)

    @work(thread=True, group="progress", exclusive=True)
    def _read_progress(self, area: Area | None, *, is_recent: bool) -> None:
        try:
            progress = self._reader.read(area, self._recent if is_recent else None)
            read = ProgressRead(progress, self._reader.areas())
        except VoicecoachError as error:
            read = ProgressRead(error=error)
        if not get_current_worker().is_cancelled:
            self.post_message(read)

    def on_progress_read(self, message: ProgressRead) -> None:
        """Show what was read, or why it cannot be."""
        message.stop()
        if message.error is not None:
            self.query_one("#plot-words", Static).update(Content(str(message.error)))
            return
        self._progress, self._areas = message.progress, message.areas
        self._show()

    def _show(self) -> None:
        from voicecoach.practice import progress_words as words  # noqa: PLC0415 - brings numpy

        progress = self._progress
        if progress is None:
            return
        skill = progress.skill(self._skill)
        title = Content.assemble(
            ("Progress", "bold $text-primary"),
            "   ",
            (self._skill, "bold $text-accent"),
            (f"   {progress.area or 'all areas'}, {words.period_words(progress)}", MUTED),
        )
        self.query_one("#title", Static).update(title)
        self.query_one(SkillPlot).show(skill, progress.now)
        said = Content.assemble((f"{LEGEND}\n", MUTED), " ".join(words.skill_words(skill)))
        self.query_one("#plot-words", Static).update(said)
        self.query_one("#usual-words", Static).update(_usual(progress, is_wide=self.has_class("wide")))


def _usual(progress: "Progress", *, is_wide: bool) -> Content:
    from voicecoach.practice import progress_words as words  # noqa: PLC0415 - brings numpy

    parts: list[Content | str | tuple[str, str]] = [_heading("How you usually speak")]
    parts += [_usual_line(line, is_wide=is_wide) for line in words.speech_lines(progress.speech)]
    lengths = words.length_lines(progress.speech)
    if lengths:
        parts.append(_heading("\nLength, by time asked for"))
        parts += [_usual_line(line, is_wide=is_wide) for line in lengths]
    parts.append(_heading("\nYour crutch words"))
    parts += [f"{line}\n" for line in words.crutch_words(progress.crutches)]
    parts.append((words.fillers_words(progress.crutches), MUTED))
    parts += ["\n", _heading("\nHow this is told")]
    parts.append((f"{words.HOW_USUAL_IS_TOLD} {words.HOW_TRENDS_ARE_TOLD}", MUTED))
    return Content.assemble(*parts)


def _heading(text: str) -> tuple[str, str]:
    return f"{text}\n", "bold $text-primary"


def _usual_line(line: "UsualLine", *, is_wide: bool) -> Content:
    norm = f"  {line.norm}" if is_wide and line.norm else ""
    middle = f"{line.middle:>8}  " if line.middle else ""
    return Content.assemble(f"{line.label:9}{middle}", (f"{line.between}{norm}\n", MUTED))
