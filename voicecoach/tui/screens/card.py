"""The card: what was covered, what was wrong, when, and what to do next time."""

from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Digits, OptionList, Static
from textual.widgets.option_list import Option

from voicecoach.config import find_reports_folder
from voicecoach.content.model import Question
from voicecoach.errors import AudioError, VoicecoachError
from voicecoach.history.records import Attempt
from voicecoach.minutes import length
from voicecoach.practice.events import UNKEPT
from voicecoach.report.wording import window
from voicecoach.scoring.card import ScoreCard
from voicecoach.tui.card.document import card_lines
from voicecoach.tui.card.lines import CardLine, CardView, Moment
from voicecoach.tui.layout import styled
from voicecoach.tui.messages import (
    AttemptDeleted,
    Compared,
    CompareWanted,
    ModelAnswerWanted,
    PracticeWanted,
    ReplayWanted,
    ReportWritten,
    RetryWanted,
    Trouble,
)
from voicecoach.tui.screens.confirm import ConfirmDialog
from voicecoach.tui.stack import close
from voicecoach.tui.widgets.keys_footer import KeysFooter
from voicecoach.tui.widgets.now_playing import NowPlaying
from voicecoach.tui.widgets.rows import SCROLLBAR, KeyList
from voicecoach.tui.wording import MUTED, day, difference, engine, score_colour, stretch

if TYPE_CHECKING:
    from voicecoach.clip import AudioClip
    from voicecoach.practice.archive import Comparison
    from voicecoach.practice.coach import Coach


class CardScreen(Screen[None]):
    """One attempt's card.

    Args:
        coach: Finds its sound and what to compare it with.
        attempt: The attempt.
        question: What was asked; None when it is no longer in the bank.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "play_moment", "Play"),
        Binding("a", "play_all", "Play all"),
        Binding("tab", "section(1)", "Next part"),
        Binding("shift+tab", "section(-1)", "Previous part", show=False),
        Binding("r", "again", "Again"),
        Binding("o", "one_point", "Just this point again", show=False),
        Binding("w", "without_cut", "Again without the cut list", show=False),
        Binding("m", "model_answer", "Hear a good answer", show=False),
        Binding("y", "replay", "Hear your take with its transcript", show=False),
        Binding("v", "compare", "Two takes side by side", show=False),
        Binding("e", "correct", "Correct"),
        Binding("d", "delete", "Delete"),
        Binding("x", "report", "Report", show=False),
        Binding("escape", "stop", "Stop"),
        Binding("escape", "leave", "Back"),
        Binding("question_mark", "app.help", "Help", key_display="?"),
    ]

    def __init__(self, coach: "Coach", attempt: Attempt, question: Question | None) -> None:
        super().__init__()
        self._coach = coach
        self._attempt = attempt
        self._question = question
        self._comparison: Comparison | None = None
        self._comparison_problem = ""
        self._lines: list[CardLine] = []
        self._sound: AudioClip | None = None
        self._playing_moment: Moment | None = None

    def compose(self) -> ComposeResult:
        """Number and cue; the card; what plays."""
        card = self._attempt.card
        with Horizontal(id="head"):
            yield Digits(f"{card.overall:.0f}", id="number")
            with Vertical(id="cue-side"):
                yield Static(self._cue(), id="cue")
                yield Static(self._about(), id="about")
        yield Static(self._remarks(), id="remarks")
        yield KeyList(compact=True, markup=False, id="card")
        yield NowPlaying(self._coach.engines.player, id="playing")
        yield KeysFooter()

    def on_mount(self) -> None:
        """Colour the number and look up what to compare with."""
        self.query_one("#number").add_class(score_colour(self._attempt.card.overall).removeprefix("$text-"))
        self.query_one("#remarks").display = bool(self._remarks().plain)
        self.query_one("#card").focus()
        self._compare()

    def _cue(self) -> Content:
        return Content.assemble(("Next time: ", MUTED), (self._attempt.card.cue, "bold"))

    def _about(self) -> Content:
        card = self._attempt.card
        title = self._question.title if self._question is not None else self._attempt.question_id
        parts = [
            styled(title, "bold $text-primary"),
            styled(f"{length(card.timing.duration_s)} of {window(card.timing.target_s)}"),
        ]
        if card.judged is not None and difference(card.overall, card.judged.overall) != "same":
            parts.append(styled(f"corrected, was {card.judged.overall:.0f}", "$text-accent"))
        parts += [
            styled(f"{name} {past.overall:.0f} ({difference(card.overall, past.overall)})", MUTED)
            for name, past in self._pasts()
        ]
        parts += [styled(engine(card.engine), MUTED), styled(day(self._attempt.started_at), MUTED)]
        return Content("  ").join(parts)

    def _pasts(self) -> list[tuple[str, ScoreCard]]:
        if self._comparison is None:
            return []
        last, best = self._comparison.last, self._comparison.best
        if last is not None and best is not None and last.attempt_id == best.attempt_id:
            return [("last and best", last.card)]
        return [(name, past.card) for name, past in (("last", last), ("best", best)) if past is not None]

    def _remarks(self) -> Content:
        card = self._attempt.card
        remarks = [*card.notices]
        if card.engine.note:
            remarks.append(card.engine.note)
        return Content.styled("\n".join(remarks), "$text-warning")

    @work(thread=True, group="compare")
    def _compare(self) -> None:
        try:
            comparison = self._coach.compare(self._attempt)
        except VoicecoachError as error:
            self.post_message(Compared(None, error))
        else:
            self.post_message(Compared(comparison))

    def on_compared(self, message: Compared) -> None:
        """Add the last and the best."""
        message.stop()
        self._comparison = message.comparison
        self._comparison_problem = str(message.error or "")
        self.query_one("#about", Static).update(self._about())
        self._draw()

    def on_resize(self) -> None:
        """Fit the card to the width."""
        self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        rows = self.query_one("#card", OptionList)
        width = rows.size.width - SCROLLBAR
        if width < 1:
            return
        at = rows.highlighted
        view = CardView(self._attempt, self._question, self._comparison, self._comparison_problem)
        self._lines = card_lines(view, width)
        rows.clear_options()
        rows.add_options(Option(line.content, disabled=line.heading) for line in self._lines)
        if at is None:
            rows.action_first()
        else:
            rows.highlighted = min(at, len(self._lines) - 1)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Say what Enter would play, and more about the row."""
        rows = self.query_one("#card", OptionList)
        if event.option_index == self._first_row():
            # The heading above the first row cannot be highlighted, so it would stay out of sight.
            rows.scroll_home(animate=False)
        line = self._lines[event.option_index]
        parts = []
        if line.moment is not None and self._attempt.take_id is not None:
            parts.append(
                styled(f"Enter plays {stretch(line.moment.start_s, line.moment.end_s)}", "$text-accent")
            )
        if self._narrowed(line.point) is not None:
            parts.append(styled("o asks just this point", "$text-accent"))
        if line.cut and self._question is not None:
            parts.append(styled("w says it again without", "$text-accent"))
        if line.note:
            parts.append(styled(line.note, MUTED))
        self.query_one(NowPlaying).rest_on(Content("   ").join(parts))

    def _first_row(self) -> int:
        return next((i for i, line in enumerate(self._lines) if not line.heading), 0)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Play the row's moment, or stop it when it is the one that plays."""
        event.stop()
        moment = self._lines[event.option_index].moment
        if moment is None or self._attempt.take_id is None:
            return
        playing = self.query_one(NowPlaying)
        if playing.playing and self._playing_moment == moment:
            playing.stop()
            return
        self._play(moment)

    def _play(self, moment: Moment) -> None:
        self._playing_moment = moment
        label = f"Playing {stretch(moment.start_s, moment.end_s)}. Enter or esc stops."
        self.query_one(NowPlaying).play(self._load_sound, label, moment.start_s, moment.end_s)
        self.refresh_bindings()

    def _load_sound(self) -> "AudioClip":
        if self._sound is None:
            self._sound = self._coach.sound_of(self._attempt)
        if self._sound is None:
            raise AudioError("There is no recording of this answer.")
        return self._sound

    def on_now_playing_ended(self) -> None:
        """Esc leaves again, unless what ended has made way for another moment."""
        if not self.query_one(NowPlaying).playing:
            self._playing_moment = None
            self.refresh_bindings()

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool | None:
        """Offer what there is; esc stops what plays before it leaves."""
        playing = self.is_mounted and self.query_one(NowPlaying).playing
        question, attempt = self._question, self._attempt
        # Of typed text nothing can be played.
        is_spoken = attempt.take_id is not None
        offered = {
            "play_moment": is_spoken,
            "play_all": is_spoken,
            "stop": playing,
            "leave": not playing,
            "again": question is not None,
            "model_answer": question is not None and bool(question.model_answer),
            # The history could not be written, so there is nothing in it to delete.
            "delete": attempt.id != UNKEPT,
            "correct": attempt.id != UNKEPT and question is not None,
        }
        return offered.get(action, True)

    def action_play_moment(self) -> None:
        """Play the highlighted row."""
        self.query_one("#card", OptionList).action_select()

    def action_play_all(self) -> None:
        """Play the whole answer."""
        self._play(Moment(0.0, self._attempt.card.duration_s))

    def action_stop(self) -> None:
        """Fall silent."""
        self.query_one(NowPlaying).stop()

    def action_section(self, step: int) -> None:
        """Move to the first row of the next part, or of the one before."""
        rows = self.query_one("#card", OptionList)
        at = rows.highlighted or 0
        headings = [line.heading for line in self._lines]
        starts = [i for i in range(1, len(headings)) if headings[i - 1] and not headings[i]]
        if not starts:
            # Nothing is drawn yet, or the window is too narrow for it.
            return
        wanted = [i for i in starts if i > at] if step > 0 else [i for i in reversed(starts) if i < at]
        target = wanted[0] if wanted else (starts[0] if step > 0 else starts[-1])
        rows.highlighted = target
        # Bring what heads the part (a title, or a drawing under its title) to the top.
        head = max((i + 1 for i in range(target) if not headings[i]), default=0)
        lines_above = sum(line.content.plain.count("\n") + 1 for line in self._lines[:head])
        rows.scroll_to(y=lines_above + (1 if head else 0), animate=False)

    def action_again(self) -> None:
        """The same question once more."""
        if self._question is not None:
            self.post_message(PracticeWanted(self._question))

    def _narrowed(self, point: str) -> Question | None:
        """The question asked for that point alone; None where that would be no less than the whole."""
        question = self._question
        if question is None or len(question.points) < 2:
            return None
        return question.narrowed([point]) if point in {each.id for each in question.points} else None

    def action_one_point(self) -> None:
        """The highlighted point alone, then back here."""
        at = self.query_one("#card", OptionList).highlighted
        narrowed = self._narrowed(self._lines[at].point) if at is not None else None
        if narrowed is None:
            self.notify("Move to a point in the list on top: o answers just that one.")
        else:
            self.query_one(NowPlaying).stop()
            self.post_message(RetryWanted(narrowed))

    def action_without_cut(self) -> None:
        """The whole answer once more without the sentences to cut, then back here."""
        rambling = self._attempt.card.rambling
        if not rambling.cut:
            self.notify(f"There is nothing to cut. {rambling.cut_note}".rstrip())
        elif self._question is not None:
            self.query_one(NowPlaying).stop()
            self.post_message(RetryWanted(self._question, rambling))

    def action_model_answer(self) -> None:
        """A good answer, spoken."""
        if self._question is not None:
            self.query_one(NowPlaying).stop()
            self.post_message(ModelAnswerWanted(self._question))

    def action_replay(self) -> None:
        """This take from its start, the transcript moving along."""
        if self._attempt.take_id is None:
            self.notify("This answer was typed: it has no recording to hear.")
        elif self._attempt.card.clauses:
            self.query_one(NowPlaying).stop()
            self.post_message(ReplayWanted(self._attempt))

    def action_compare(self) -> None:
        """This take beside another of the same question."""
        self.post_message(CompareWanted(self._attempt))

    def action_correct(self) -> None:
        """Say what the highlighted point is, or what was said in the highlighted clause."""
        # Imported here, since it is not needed before the first frame.
        from voicecoach.tui.screens.correcting import VerdictDialog, WordsDialog  # noqa: PLC0415

        at = self.query_one("#card", OptionList).highlighted
        line = self._lines[at] if at is not None else None
        point = next((p for p in self._attempt.card.points if line is not None and p.id == line.point), None)
        if point is not None:
            self.app.push_screen(VerdictDialog(self._coach, self._attempt, point), self._show_corrected)
        elif line is not None and line.clause is not None:
            words = WordsDialog(self._coach, self._attempt, line.clause)
            self.app.push_screen(words, self._show_corrected)
        else:
            self.notify("Move to a point, or to a line of what you said: e corrects it.")

    def _show_corrected(self, attempt: Attempt | None) -> None:
        """The card as it is now."""
        if attempt is None:
            return
        number = self.query_one("#number", Digits)
        number.remove_class(score_colour(self._attempt.card.overall).removeprefix("$text-"))
        self._attempt = attempt
        number.update(f"{attempt.card.overall:.0f}")
        number.add_class(score_colour(attempt.card.overall).removeprefix("$text-"))
        self.query_one("#cue", Static).update(self._cue())
        self.query_one("#about", Static).update(self._about())
        self.query_one("#remarks", Static).update(self._remarks())
        self.query_one("#remarks").display = bool(self._remarks().plain)
        self._draw()
        # The row may have become taller than it was.
        self.call_after_refresh(self.query_one("#card", OptionList).scroll_to_highlight)
        self.refresh_bindings()

    def action_report(self) -> None:
        """Write the card as a page for a browser."""
        self._report()

    @work(thread=True, group="report")
    def _report(self) -> None:
        from voicecoach.practice.reporting import Reporter  # noqa: PLC0415 - not before the first frame

        try:
            file = Reporter(self._coach).write_into(find_reports_folder(), self._attempt)
        except VoicecoachError as error:
            self.post_message(Trouble(error))
        else:
            self.post_message(ReportWritten(file))

    def action_leave(self) -> None:
        """Back to where this was opened."""
        self.app.pop_screen()

    def action_delete(self) -> None:
        """Ask, then forget the attempt and its recording."""
        question = "Delete this attempt, its transcript and its recording? They cannot be brought back."
        self.app.push_screen(ConfirmDialog(question, "Delete"), self._delete_if)

    def _delete_if(self, confirmed: bool | None) -> None:
        if confirmed:
            self.query_one(NowPlaying).stop()
            self._delete()

    @work(thread=True, group="delete")
    def _delete(self) -> None:
        try:
            self._coach.delete_attempt(self._attempt)
        except VoicecoachError as error:
            self.post_message(Trouble(error))
        else:
            self.post_message(AttemptDeleted())

    def on_attempt_deleted(self, message: AttemptDeleted) -> None:
        """There is nothing left to show."""
        message.stop()
        close(self.app, self)
