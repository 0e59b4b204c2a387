"""Every correction, what they have taught the judge, and the way back."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from voicecoach.errors import VoicecoachError
from voicecoach.history.records import CorrectedAttempt
from voicecoach.scoring.card import Ruling, WordFix
from voicecoach.tui.layout import styled
from voicecoach.tui.messages import LessonsChosen, Trouble
from voicecoach.tui.screens.card_list import CardListScreen
from voicecoach.tui.widgets.keys_footer import KeysFooter
from voicecoach.tui.widgets.rows import Column, Row, Rows
from voicecoach.tui.wording import MUTED, day_and_minute, day_and_time, plural, quoted, your_thresholds

if TYPE_CHECKING:
    from voicecoach.practice.coach import Coach
    from voicecoach.practice.correcting import Lessons

COLUMNS = (
    Column("Answered", 12),
    Column("Question", 0, lines=2),
    Column("What", 0, lines=2),
    Column("Correction", 0, lines=2),
)

NOTHING = "No corrections yet. On a card, e corrects the highlighted point or line of the transcript."


@dataclass
class LessonsRead(Message):
    """Every correction, or why they cannot be read."""

    lessons: "Lessons | None"
    error: VoicecoachError | None = None


class CorrectionsScreen(CardListScreen):
    """The list of corrections.

    Args:
        coach: Keeps them.
    """

    AUTO_FOCUS = "#corrections KeyList"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Open card"),
        Binding("u", "undo", "Undo"),
        Binding("x", "switch", "Use or not"),
        Binding("n", "reset", "Anew or from all"),
        Binding("escape", "leave", "Back"),
        Binding("question_mark", "app.help", "Help", key_display="?"),
    ]

    def __init__(self, coach: "Coach") -> None:
        super().__init__(coach)
        self._corrector = coach.corrector
        self._lessons: Lessons | None = None
        self._made: list[tuple[CorrectedAttempt, Ruling | WordFix]] = []

    def compose(self) -> ComposeResult:
        """What was learnt, then the corrections."""
        yield Static("Your corrections", id="title", markup=False)
        yield Static(id="lessons")
        yield Rows(COLUMNS, "Reading your corrections.", id="corrections")
        yield KeysFooter()

    @work(thread=True, group="read", exclusive=True)
    def read_again(self) -> None:
        """Read every correction, and what they teach."""
        try:
            self.post_message(LessonsRead(self._corrector.lessons()))
        except VoicecoachError as error:
            self.post_message(LessonsRead(None, error))

    def on_lessons_read(self, message: LessonsRead) -> None:
        """Show what there is, or why nothing is."""
        message.stop()
        rows = self.query_one("#corrections", Rows)
        if message.lessons is None:
            rows.set_rows((), str(message.error))
            return
        self._lessons = message.lessons
        self._made = []
        for attempt in message.lessons.attempts:
            self._made += [(attempt, ruling) for ruling in attempt.corrections.rulings]
            self._made += [(attempt, fix) for fix in attempt.corrections.fixes]
        self.query_one("#lessons", Static).update(_in_words(message.lessons))
        shown = [self._row(i, attempt, each) for i, (attempt, each) in enumerate(self._made)]
        rows.set_rows(shown, NOTHING)

    def _row(self, place: int, attempt: CorrectedAttempt, correction: Ruling | WordFix) -> Row:
        match correction:
            case Ruling():
                what = self._label(attempt, correction.point)
                said = _verdict_in_words(correction)
            case WordFix():
                what, said = _fix_in_words(correction)
        cells = (day_and_minute(attempt.started_at), self._coach.title(attempt.question_id), what, said)
        return Row(str(place), tuple(styled(cell) for cell in cells))

    def _label(self, attempt: CorrectedAttempt, point_id: str) -> str:
        question = self._coach.bank.find(attempt.question_id)
        points = question.points if question is not None else ()
        return next((point.label for point in points if point.id == point_id), point_id)

    def _highlighted(self) -> tuple[CorrectedAttempt, Ruling | WordFix] | None:
        key = self.query_one("#corrections", Rows).key
        return self._made[int(key)] if key is not None and int(key) < len(self._made) else None

    def on_rows_chosen(self) -> None:
        """A click on a row does what Enter does."""
        self.action_open()

    def action_open(self) -> None:
        """Open the card that was corrected."""
        chosen = self._highlighted()
        if chosen is not None:
            self.open_card(chosen[0].id)

    def action_undo(self) -> None:
        """Take the highlighted correction back, and judge its answer without it."""
        chosen = self._highlighted()
        if chosen is not None:
            self._undo(chosen[0].id, chosen[1])

    @work(thread=True, group="undo", exclusive=True)
    def _undo(self, attempt_id: int, correction: Ruling | WordFix) -> None:
        try:
            attempt = self._coach.attempt(attempt_id)
            if attempt is not None:
                self._corrector.take_back(attempt, correction)
            self.post_message(LessonsRead(self._corrector.lessons()))
        except VoicecoachError as error:
            self.post_message(Trouble(error))

    def action_switch(self) -> None:
        """Let corrections adjust the thresholds, or not."""
        if self._lessons is not None:
            self.post_message(LessonsChosen({"use_corrections": not self._lessons.used}, self.read_again))

    def action_reset(self) -> None:
        """Begin anew from here, or count all of them again."""
        if self._lessons is not None:
            since = "" if self._lessons.since is not None else self._coach.clock().isoformat()
            self.post_message(LessonsChosen({"corrections_since": since}, self.read_again))

    def action_leave(self) -> None:
        """Back to where this was opened."""
        self.app.pop_screen()


def _in_words(lessons: "Lessons") -> Content:
    """What the corrections change, in sentences."""
    found = lessons.calibration
    if not lessons.used:
        return styled("Corrections are kept and adjust nothing. x lets them.", "$text-warning")
    counted = found.coverage + found.accusations
    parts = [f"From {plural(counted, 'verdict')} that you gave: {your_thresholds(found.thresholds)}."]
    if found.coverage:
        parts.append(f"On coverage you agreed {found.coverage_agreed} of {found.coverage} times.")
    if found.accusations:
        parts.append(f"Of {plural(found.accusations, 'accusation')} you rejected {found.rejected}.")
    if lessons.since is not None:
        parts.append(f"Counted from {day_and_time(lessons.since).strip()}; n counts all again.")
    parts.append("Past cards keep the thresholds that they were judged by.")
    return styled(" ".join(parts), MUTED)


def _verdict_in_words(ruling: Ruling) -> str:
    if ruling.margin is not None and ruling.state != "contradicted":
        return f"{ruling.state}, not wrong"
    if ruling.state == ruling.judged:
        return f"{ruling.state}: you agree"
    return f"{ruling.state}, not {ruling.judged}"


def _fix_in_words(fix: WordFix) -> tuple[str, str]:
    """What a fix is about, and what it says."""
    if not fix.heard:
        what = "an unheard word" if len(fix.said) == 1 else "unheard words"
        return what, f"{quoted(fix.said)}, added where nothing was heard"
    what = "a misheard word" if len(fix.heard) == 1 else "misheard words"
    if not fix.said:
        return what, f"{quoted(fix.heard)} was not said"
    return what, f"{quoted(fix.heard)} is {quoted(fix.said)}"
