"""A round under way: question after question, and not a word on how it goes until the end."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Static

from voicecoach.audio.takes import Take
from voicecoach.content.model import Question
from voicecoach.errors import VoicecoachError
from voicecoach.history.rounds import RoundAnswer, RoundRun
from voicecoach.practice.events import PracticeEvent
from voicecoach.practice.rounds import Ask, Done, Wait
from voicecoach.tui.drafts import Drafts
from voicecoach.tui.layout import styled
from voicecoach.tui.messages import FileWanted, TakeFinished, TextWanted, Trouble
from voicecoach.tui.screens.answers import FileDialog, TextDialog, TypedAnswer
from voicecoach.tui.screens.round_report import RoundReportScreen
from voicecoach.tui.stack import close, uncover
from voicecoach.tui.widgets.interview import InterviewAnswering, what_to_leave_out
from voicecoach.tui.widgets.keys_footer import KeysFooter
from voicecoach.tui.wording import MUTED

if TYPE_CHECKING:
    from textual.timer import Timer

    from voicecoach.practice.coach import Coach
    from voicecoach.practice.interviewing import Interviewer, NextUp

PATIENCE_S = 10.0
"""How long the interviewer waits for a verdict before going on without a follow-up."""


class RoundScreen(Screen[None]):
    """Holds one round.

    Args:
        coach: Asks and records.
        interviewer: Decides what is asked, and keeps it.
        run: The round, new or interrupted.
        drafts: What was typed and is not kept yet.
        speak: Whether questions are read aloud.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "pass_over", "Pass"),
        Binding("escape", "leave", "Leave"),
        Binding("question_mark", "app.help", "Help", key_display="?"),
    ]

    class _Moved(Message):
        def __init__(self, serial: int, next_up: "NextUp") -> None:
            super().__init__()
            self.serial = serial
            self.next_up = next_up

    class _LeftOver(Message):
        def __init__(self, found: tuple[tuple[RoundAnswer, Take], ...]) -> None:
            super().__init__()
            self.found = found

    class _Judged(Message):
        def __init__(self, answer: RoundAnswer, error: VoicecoachError | None) -> None:
            super().__init__()
            self.answer = answer
            self.error = error

    class _Stuck(Message):
        def __init__(self, error: VoicecoachError) -> None:
            super().__init__()
            self.error = error

    class _Ready(Message):
        """What was done is kept: the round can go on."""

    class _Left(Message):
        """What is to be kept is kept: the screen can go."""

    class _Ended(Message):
        """The round is closed."""

    def __init__(
        self, coach: "Coach", interviewer: "Interviewer", run: RoundRun, drafts: Drafts, *, speak: bool
    ) -> None:
        super().__init__()
        self._coach = coach
        self._interviewer = interviewer
        self._run = run
        self._label = next((each.label for each in coach.bank.rounds if each.id == run.round_id), "")
        self._drafts = drafts
        self._speak = speak
        self._asked: RoundAnswer | None = None
        self._answering: InterviewAnswering | None = None
        self._under_way: set[int] = set()
        self._hurried: set[int] = set()
        self._serial = 0
        self._writing = 0
        self._patience: Timer | None = None
        self._trouble = ""

    def compose(self) -> ComposeResult:
        """Where the round is, what is asked, and what goes on."""
        yield Static(self._label, id="title", markup=False)
        yield Static(id="question", markup=False)
        yield Static(id="cut")
        yield Static(id="round-trouble", markup=False)
        yield Static(id="moment")
        yield KeysFooter()

    def on_mount(self) -> None:
        """Look for answers that were recorded and never judged, then ask."""
        self._show_moment("One moment.")
        self._look_back()

    @work(thread=True, group="round")
    def _look_back(self) -> None:
        try:
            self.post_message(self._LeftOver(self._interviewer.left_over(self._run)))
        except VoicecoachError as error:
            self.post_message(self._Stuck(error))

    def on_round_screen__left_over(self, message: _LeftOver) -> None:
        """Judge what an earlier sitting left, and go on."""
        message.stop()
        for answer, take in message.found:
            # It was recorded before: what has been typed since is still to be kept.
            self._judge(answer, partial(self._coach.judge_take, take), draft=None)
            # Nobody has been waiting for these: their follow-ups would come out of the blue.
            self._hurried.add(answer.id)
        self._go_on()

    def _go_on(self) -> None:
        self._serial += 1
        if self._writing:
            # What comes next depends on what is being written; _Ready goes on.
            return
        self._find_next(self._serial, frozenset(self._under_way), frozenset(self._hurried))

    @work(thread=True, group="round")
    def _find_next(self, serial: int, under_way: frozenset[int], hurried: frozenset[int]) -> None:
        try:
            next_up = self._interviewer.go_on(self._run.id, under_way, hurried)
        except VoicecoachError as error:
            self.post_message(self._Stuck(error))
        else:
            self.post_message(self._Moved(serial, next_up))

    async def on_round_screen__moved(self, message: _Moved) -> None:
        """Ask, wait or end; an older move means nothing."""
        message.stop()
        if message.serial != self._serial:
            return
        self._stop_waiting()
        next_up = message.next_up
        match next_up.move:
            case Ask(answer):
                await self._ask(answer, next_up)
            case Wait(answer_ids, is_last):
                self._show_wait(answer_ids, is_last=is_last)
            case Done():
                self._show_moment("That was the last question.")
                self._end()

    async def _ask(self, answer: RoundAnswer, next_up: "NextUp") -> None:
        question = next_up.question
        assert question is not None  # noqa: S101 - something is asked
        self._asked = answer
        what = {"question": "", "follow-up": ", follow-up", "again": ", once more"}[answer.asked_as]
        self.query_one("#title", Static).update(
            Content.assemble(
                (self._label, "bold $text-primary"),
                (f"   question {next_up.number} of {next_up.of}{what}", MUTED),
            )
        )
        asked = self.query_one("#question", Static)
        asked.update(question.text)
        asked.display = True
        cut = self.query_one("#cut", Static)
        cut.display = next_up.too_long is not None
        if next_up.too_long is not None:
            cut.update(what_to_leave_out(next_up.too_long))
        trouble = self.query_one("#round-trouble", Static)
        trouble.update(self._trouble)
        trouble.display = bool(self._trouble)
        self._trouble = ""
        self.query_one("#moment").display = False
        # An interviewer gives no hints.
        self._answering = InterviewAnswering(self._coach, replace(question, hint=""), speak=self._speak)
        await self.mount(self._answering, before="#moment")
        self._answering.focus()
        self.refresh_bindings()

    def _show_wait(self, answer_ids: frozenset[int], *, is_last: bool) -> None:
        if is_last:
            self._show_moment("That was the last question. One moment.")
            return
        self._show_moment("One moment.")
        self._patience = self.set_timer(PATIENCE_S, partial(self._hurry, answer_ids))

    def _hurry(self, answer_ids: frozenset[int]) -> None:
        """Go on without a follow-up: nobody waits that long for one."""
        self._hurried |= answer_ids
        self._go_on()

    def _stop_waiting(self) -> None:
        if self._patience is not None:
            self._patience.stop()
            self._patience = None

    def _show_moment(self, words: str) -> None:
        for each in ("#question", "#cut", "#round-trouble"):
            self.query_one(each).display = False
        moment = self.query_one("#moment", Static)
        moment.update(styled(words, "bold"))
        moment.display = True

    async def on_take_finished(self, message: TakeFinished) -> None:
        """Judge it out of sight."""
        message.stop()
        if self._asked is not None:
            await self._answered(
                self._asked, partial(self._coach.judge_take, message.take), take=message.take
            )

    async def _answered(
        self, answer: RoundAnswer, start: Callable[[], Iterator[PracticeEvent]], take: Take | None = None
    ) -> None:
        await self._take_away_question()
        self._judge(answer, start, take, draft=self._drafts.of(answer.question_id))
        self._go_on()

    async def _take_away_question(self) -> None:
        self._asked = None
        answering, self._answering = self._answering, None
        if answering is not None:
            await answering.remove()
        self._show_moment("One moment.")
        self.refresh_bindings()

    def _judge(
        self,
        answer: RoundAnswer,
        start: Callable[[], Iterator[PracticeEvent]],
        take: Take | None = None,
        *,
        draft: TypedAnswer | None,
    ) -> None:
        self._under_way.add(answer.id)
        self._judge_in_background(answer, start, take, draft)

    @work(thread=True, group="judge")
    def _judge_in_background(
        self,
        answer: RoundAnswer,
        start: Callable[[], Iterator[PracticeEvent]],
        take: Take | None,
        draft: TypedAnswer | None,
    ) -> None:
        error: VoicecoachError | None = None
        try:
            if take is not None:
                self._interviewer.recorded(answer, take)
            self._interviewer.judge(answer, start())
            # Not before the round has it, too: it asks once more where it cannot keep it.
            self._drafts.drop(answer.question_id, draft)
        except VoicecoachError as failure:
            error = failure
        self.post_message(self._Judged(answer, error))

    def on_round_screen__judged(self, message: _Judged) -> None:
        """Go on if that was waited for. An answer that could not be judged is asked for again at once."""
        message.stop()
        answer = message.answer
        self._under_way.discard(answer.id)
        if self._asked is not None:
            if message.error is not None:
                self.post_message(Trouble(message.error))
            return
        if message.error is None:
            self._go_on()
            return
        self._trouble = f"{message.error}\nThe question once more, then."
        self._hold_up()
        self._set_free(answer)

    def _hold_up(self) -> None:
        """Ask nothing until something is written: a move that was found before no longer holds."""
        self._stop_waiting()
        self._writing += 1
        self._serial += 1

    @work(thread=True, group="round")
    def _set_free(self, answer: RoundAnswer) -> None:
        try:
            self._interviewer.ask_again(answer)
        except VoicecoachError as error:
            self.post_message(self._Stuck(error))
        else:
            self.post_message(self._Ready())

    def on_round_screen__ready(self, message: _Ready) -> None:
        """Go on."""
        message.stop()
        self._writing -= 1
        self._go_on()

    def on_round_screen__stuck(self, message: _Stuck) -> None:
        """Say in place why it does not go on."""
        message.stop()
        self._stop_waiting()
        self._show_moment(
            f"{message.error}\nWhat was recorded is kept, and what was typed until you quit. Esc leaves."
        )

    def on_file_wanted(self, message: FileWanted) -> None:
        """Ask for a recording that answers."""
        message.stop()
        if self._asked is not None:
            answer = partial(self._answer_with_file, self._asked, message.question)
            self.app.push_screen(FileDialog(message.question), answer)

    def on_text_wanted(self, message: TextWanted) -> None:
        """Ask for words that answer."""
        message.stop()
        if self._asked is not None:
            answer = partial(self._answer_with_text, self._asked, message.question)
            dialog = TextDialog(message.question, self._drafts.of(message.question.id))
            self.app.push_screen(dialog, answer)

    async def _answer_with_file(self, answer: RoundAnswer, question: Question, path: Path | None) -> None:
        if path is not None:
            await self._answered(answer, partial(self._coach.judge_file, question, path))

    async def _answer_with_text(
        self, answer: RoundAnswer, question: Question, typed: TypedAnswer | None
    ) -> None:
        if typed is not None:
            await self._answered(answer, self._drafts.judging(self._coach, question, typed))

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool | None:
        """Nobody passes or leaves while recording: esc discards then."""
        if action == "pass_over":
            return self._answering is not None and self._answering.stage == "ready"
        return action != "leave" or self._answering is None or self._answering.can_be_left

    async def action_pass_over(self) -> None:
        """Say that you pass, and go on."""
        answer = self._asked
        if answer is not None:
            self._hold_up()
            await self._take_away_question()
            self._pass(answer)

    @work(thread=True, group="round")
    def _pass(self, answer: RoundAnswer) -> None:
        try:
            self._interviewer.pass_over(answer)
        except VoicecoachError as error:
            self.post_message(self._Stuck(error))
        else:
            self.post_message(self._Ready())

    @work(thread=True, group="round")
    def _end(self) -> None:
        try:
            self._interviewer.end(self._run.id)
        except VoicecoachError as error:
            self.post_message(self._Stuck(error))
        else:
            self.post_message(self._Ended())

    def on_round_screen__ended(self, message: _Ended) -> None:
        """The report takes this screen's place."""
        message.stop()
        uncover(self.app, self)
        self.app.switch_screen(RoundReportScreen(self._coach, self._interviewer, self._run.id))

    def action_leave(self) -> None:
        """Leave the round open; one without any answer is not kept."""
        self._stop_waiting()
        self._let_go(frozenset(self._under_way))

    @work(thread=True, group="leave")
    def _let_go(self, under_way: frozenset[int]) -> None:
        try:
            self._interviewer.leave(self._run.id, under_way)
        except VoicecoachError as error:
            self.post_message(Trouble(error))
        self.post_message(self._Left())

    def on_round_screen__left(self, message: _Left) -> None:
        """Back to where this was opened."""
        message.stop()
        close(self.app, self)
