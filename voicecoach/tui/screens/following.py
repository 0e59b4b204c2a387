"""A text that is said aloud, with the line that is being said marked: a model answer, or one's own take."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from voicecoach.content.model import Question
from voicecoach.errors import VoicecoachError
from voicecoach.history.records import Attempt
from voicecoach.minutes import clock
from voicecoach.tui.layout import GAP, Cell, row, styled
from voicecoach.tui.messages import SoundPrepared
from voicecoach.tui.widgets.keys_footer import KeysFooter
from voicecoach.tui.widgets.now_playing import NowPlaying
from voicecoach.tui.widgets.rows import SCROLLBAR, KeyList
from voicecoach.tui.wording import MUTED, day_and_time

if TYPE_CHECKING:
    from textual.timer import Timer

    from voicecoach.practice.coach import Coach
    from voicecoach.practice.spoken import SpokenText

LOOKS_PER_SECOND = 10


class FollowScreen(Screen[None]):
    """Lines that are said aloud one after the other; Enter plays from the highlighted one.

    Args:
        coach: Gives the loudspeaker.
        title: What is said.
        about: More about it.
        lines: What is said, in order.
        prepare: Gives the sound with the times of these lines; called in a worker.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "play_line", "Play from here"),
        Binding("space", "stop", "Stop"),
        Binding("space", "play_line", "Play"),
        Binding("escape", "stop", "Stop"),
        Binding("escape", "leave", "Back"),
        Binding("question_mark", "app.help", "Help", key_display="?"),
    ]

    def __init__(
        self,
        coach: "Coach",
        title: str,
        about: str,
        lines: Sequence[str],
        prepare: Callable[[], "SpokenText"],
    ) -> None:
        super().__init__()
        self._coach = coach
        self._title = title
        self._about = about
        self._texts = tuple(lines)
        self._prepare = prepare
        self._spoken: SpokenText | None = None
        self._said: int | None = None
        self._look: Timer | None = None

    def compose(self) -> ComposeResult:
        """What is said, line by line, and what plays."""
        yield Static(
            Content.assemble((self._title, "bold $text-primary"), (f"   {self._about}", MUTED)), id="title"
        )
        yield KeyList(compact=True, markup=False, id="said")
        yield NowPlaying(self._coach.engines.player, id="playing")
        yield KeysFooter()

    def on_mount(self) -> None:
        """Show the text at once, and play it as soon as there is sound."""
        self._look = self.set_interval(1 / LOOKS_PER_SECOND, self._follow, pause=True)
        self.query_one("#said").focus()
        self.query_one(NowPlaying).rest_on(styled("Preparing the sound.", MUTED))
        self._make_sound()

    @work(thread=True, group="prepare")
    def _make_sound(self) -> None:
        try:
            spoken = self._prepare()
        except VoicecoachError as error:
            self.post_message(SoundPrepared(error=error))
        else:
            self.post_message(SoundPrepared(spoken))

    def on_sound_prepared(self, message: SoundPrepared) -> None:
        """Play it from the highlighted line, or say why it cannot be heard."""
        message.stop()
        playing = self.query_one(NowPlaying)
        if message.spoken is None:
            playing.rest_on(styled(str(message.error or ""), "$text-warning"))
            return
        self._spoken = message.spoken
        playing.rest_on(styled("Enter plays from the highlighted line.", MUTED))
        self._draw()
        self.action_play_line()

    def on_resize(self) -> None:
        """Fit the lines to the width."""
        self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        rows = self.query_one("#said", OptionList)
        if rows.size.width <= SCROLLBAR:
            return
        at = rows.highlighted or 0
        rows.clear_options()
        rows.add_options(Option(self._line(i)) for i in range(len(self._texts)))
        rows.highlighted = at

    def _line(self, index: int) -> Content:
        width = self.query_one("#said").size.width - SCROLLBAR
        now = index == self._said
        at = "" if self._spoken is None else clock(self._spoken.lines[index].start_s)
        return row(
            Cell(styled("▶" if now else ""), 1),
            Cell(styled(at, "$text-accent"), 5, 1, "right"),
            Cell(styled(self._texts[index], "bold $text-accent" if now else ""), width - 6 - 2 * GAP, 0),
        )

    def _follow(self) -> None:
        """Mark the line that is being said; the highlight goes along unless it was moved away."""
        at_s = self.query_one(NowPlaying).position_s
        if self._spoken is None or at_s is None:
            return
        begun = [i for i, line in enumerate(self._spoken.lines) if line.start_s <= at_s]
        self._mark(begun[-1] if begun else 0)

    def _mark(self, index: int | None) -> None:
        rows = self.query_one("#said", OptionList)
        before, self._said = self._said, index
        if before == index:
            return
        for changed in (before, index):
            if changed is not None:
                rows.replace_option_prompt_at_index(changed, self._line(changed))
        if index is not None and rows.highlighted == before:
            rows.highlighted = index

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """A click on a line plays from there."""
        event.stop()
        self._play(event.option_index)

    def action_play_line(self) -> None:
        """Play from the highlighted line on."""
        self._play(self.query_one("#said", OptionList).highlighted or 0)

    def _play(self, index: int) -> None:
        if self._spoken is None:
            return
        spoken = self._spoken
        start_s = spoken.lines[index].start_s
        label = f"From {clock(start_s)}. Space or esc stops."
        self.query_one(NowPlaying).play(lambda: spoken.clip, label, start_s)
        self._mark(index)
        self._watch(playing=True)

    def action_stop(self) -> None:
        """Fall silent."""
        self.query_one(NowPlaying).stop()

    def on_now_playing_ended(self) -> None:
        """Nothing is being said any more; esc leaves again."""
        playing = self.query_one(NowPlaying).playing
        if not playing:
            self._mark(None)
        self._watch(playing=playing)

    def _watch(self, *, playing: bool) -> None:
        if self._look is not None:
            self._look.resume() if playing else self._look.pause()
        self.refresh_bindings()

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool | None:
        """Space and esc stop what plays before they do anything else."""
        playing = self.is_mounted and self.query_one(NowPlaying).playing
        match action:
            case "stop":
                return playing
            case "leave":
                return not playing
            case "play_line":
                return self._spoken is not None
        return True

    def action_leave(self) -> None:
        """Back to where this was opened."""
        self.app.pop_screen()


def model_answer_screen(coach: "Coach", question: Question) -> FollowScreen:
    """The model answer, spoken by the voice that asks the questions."""
    from voicecoach.practice.spoken import NATURAL_PACE, sentences, speak  # noqa: PLC0415 - brings numpy

    return FollowScreen(
        coach,
        f"A good answer: {question.title}",
        f"at {NATURAL_PACE:.0f} words a minute",
        sentences(question.model_answer),
        lambda: speak(coach.engines.voice(), question.model_answer),
    )


def replay_screen(coach: "Coach", attempt: Attempt) -> FollowScreen:
    """One's own take with its transcript, clause by clause."""
    from voicecoach.practice.spoken import SpokenLine, replay  # noqa: PLC0415 - brings numpy

    clauses = attempt.card.clauses
    lines = tuple(SpokenLine(each.text, each.start_s, each.end_s) for each in clauses)
    return FollowScreen(
        coach,
        f"Your take: {coach.title(attempt.question_id)}",
        day_and_time(attempt.started_at).strip(),
        [line.text for line in lines],
        lambda: replay(coach.sound_of(attempt), lines),
    )
