"""The definition drill: a term is asked, answered, and told apart at once."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Literal

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Static

from voicecoach.content.model import Question
from voicecoach.errors import VoicecoachError
from voicecoach.history.records import Attempt
from voicecoach.practice.drill import Ask, Choice, Drill, Feedback
from voicecoach.practice.drilling import Drilling
from voicecoach.practice.events import UNKEPT, Judged
from voicecoach.practice.terms import Term, exact_version
from voicecoach.tui.drafts import Drafts
from voicecoach.tui.following import Judging, follow
from voicecoach.tui.layout import styled
from voicecoach.tui.messages import (
    CardWanted,
    ChoicesReady,
    DrillReady,
    FileWanted,
    JudgingFailed,
    Progressed,
    TakeFinished,
    TextWanted,
    Trouble,
)
from voicecoach.tui.screens.answers import FileDialog, TextDialog, TypedAnswer
from voicecoach.tui.screens.card_list import CardListScreen
from voicecoach.tui.screens.drill_choice import DrillDialog
from voicecoach.tui.stack import close
from voicecoach.tui.widgets.answering import Answering
from voicecoach.tui.widgets.keys_footer import KeysFooter
from voicecoach.tui.widgets.now_playing import NowPlaying
from voicecoach.tui.widgets.verdict_panel import RoundSummary, VerdictPanel, headline, progress
from voicecoach.tui.wording import MUTED

if TYPE_CHECKING:
    from textual.app import App

    from voicecoach.practice.coach import Coach

Phase = Literal["opening", "asking", "judging", "told", "over"]

IN_PHASE: dict[str, tuple[Phase, ...]] = {
    "next": ("told",),
    "hear": ("told",),
    "card": ("told",),
    "skip_term": ("asking",),
    "again": ("over",),
}


class DrillScreen(CardListScreen):
    """A round of the drill, from the choice of terms to the summary.

    Args:
        coach: Asks, records and judges.
        drilling: Knows the terms.
        terms: What to drill; empty to begin with a choice.
        drafts: What was typed and is not kept yet.
        speak: Whether terms and exact versions are read aloud, which then starts the recording by itself.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "next", "Next"),
        Binding("p", "hear", "Hear it"),
        Binding("enter", "card", "Card"),
        Binding("n", "skip_term", "Don't know"),
        Binding("r", "again", "Another round"),
        Binding("escape", "leave", "Back"),
        Binding("question_mark", "app.help", "Help", key_display="?"),
    ]

    phase: reactive[Phase] = reactive[Phase]("opening", bindings=True)

    class _Followed(Message):
        def __init__(self, serial: int, news: Message) -> None:
            super().__init__()
            self.serial = serial
            self.news = news

    class _Read(Message):
        def __init__(self, before: Drill, attempt: Attempt | None) -> None:
            super().__init__()
            self.before = before
            self.attempt = attempt

    class _GoOn(Message):
        def __init__(self, before: Drill) -> None:
            super().__init__()
            self.before = before

    def __init__(
        self, coach: "Coach", drilling: Drilling, terms: Sequence[Term], drafts: Drafts, *, speak: bool
    ) -> None:
        super().__init__(coach)
        self._drilling = drilling
        self._terms = tuple(terms)
        self._drafts = drafts
        self._speak = speak
        self._drill = Drill(())
        self._before = self._drill
        self._choices: tuple[Choice, ...] = ()
        self._failure = ""
        self._kept = ""
        self._stopped = ""
        self._told: Feedback | None = None
        self._attempt: Attempt | None = None
        self._card_opened = False
        self._serial = 0

    def compose(self) -> ComposeResult:
        """Where the round is, what is asked, and below it what goes on."""
        yield Static(styled("Definition drill", "bold $text-primary"), id="title")
        yield Static(id="question", markup=False)
        yield Static(id="failure", markup=False)
        yield Static("Judging.", id="judging", markup=False)
        with VerticalScroll(id="told"):
            yield VerdictPanel(id="verdict")
            yield RoundSummary(id="summary")
        with Vertical(id="saying"):
            yield NowPlaying(self._coach.engines.player, id="playing")
        yield KeysFooter()

    def on_mount(self) -> None:
        """Ask which terms, unless they were named."""
        self._show()
        if self._terms:
            self._begin(self._terms, len(self._terms))
        else:
            self._look_for_choices()

    @work(thread=True, group="drill")
    def _look_for_choices(self) -> None:
        try:
            choices = self._drilling.choices()
        except VoicecoachError as error:
            self.post_message(Trouble(error))
            choices = ()
        self.post_message(ChoicesReady(choices))

    def on_choices_ready(self, message: ChoicesReady) -> None:
        """Ask which terms, and how many."""
        message.stop()
        self._choices = message.choices
        if self._choices:
            self._ask_for_terms()
        else:
            self._chosen(None)

    def on_screen_resume(self) -> None:
        """What lay over the screen while the choices came is gone."""
        # Textual calls the base class's handler as well, which reads the card again.
        self._ask_for_terms()

    def read_again(self) -> None:
        """Read the answer told last anew, where its card has been open and may have been corrected."""
        if self._card_opened and self._attempt is not None:
            self._read(self._before, self._attempt.id, then_next=False)

    @work(thread=True, group="read")
    def _read(self, before: Drill, attempt_id: int, *, then_next: bool) -> None:
        try:
            self.post_message(self._Read(before, self._coach.attempt(attempt_id)))
        except VoicecoachError as error:
            self.post_message(Trouble(error))
        if then_next:
            self.post_message(self._GoOn(before))

    def on_drill_screen__read(self, message: _Read) -> None:
        """Let what the card says now count in the round; a deleted answer's verdict stays as told."""
        message.stop()
        ask = self._before.now
        if message.before is not self._before or self.phase not in ("told", "over"):
            return
        if message.attempt is None:
            self._attempt = None
            self._saying.rest_on(styled("Deleted; its verdict stays in this round. Space goes on.", "bold"))
            self.refresh_bindings()
        elif message.attempt != self._attempt and ask is not None:
            self._enter(ask, self._drilling.feedback(ask.question, message.attempt), message.attempt)
            # It may be on the screen by now.
            self.query_one(RoundSummary).tell(self._drill)
            self._show()

    async def on_drill_screen__go_on(self, message: _GoOn) -> None:
        """On to the next, unless the round has moved on meanwhile."""
        message.stop()
        if message.before is self._before and self.phase == "told":
            await self._ask()

    def _ask_for_terms(self) -> None:
        choices = self._choices
        if choices and self.app.screen is self:
            self._choices = ()
            self.app.push_screen(DrillDialog(choices), self._chosen)

    def _chosen(self, chosen: tuple[Choice, int] | None) -> None:
        if chosen is not None:
            self._begin(chosen[0].terms, chosen[1])
        elif self._drill.tried:
            self.phase = "over"
        else:
            close(self.app, self)

    @work(thread=True, group="drill")
    def _begin(self, terms: Sequence[Term], size: int) -> None:
        try:
            self.post_message(DrillReady(self._drilling.begin(terms, size)))
        except VoicecoachError as error:
            self.post_message(Trouble(error))

    async def on_drill_ready(self, message: DrillReady) -> None:
        """Ask the first term."""
        message.stop()
        self._drill = message.drill
        await self._ask()

    async def _ask(self, failure: str = "") -> None:
        """Ask what is next, or what could not be judged; at the end show how the round went."""
        await self.query(Answering).remove()
        question = self._drill.question
        if question is None:
            self._finish()
            return
        self.query_one("#question", Static).update(question.text)
        self._failure = failure
        self.query_one("#failure", Static).update(failure)
        # What failed has just been heard: it is not read again, and nothing is recorded unasked.
        speak = self._speak and not failure
        answering = Answering(
            self._coach, question, speak=speak, starts_itself=speak, longest_s=question.target_s[1]
        )
        self.phase = "asking"
        self._show()
        await self.mount(answering, before="#judging")
        answering.focus()

    def _show(self) -> None:
        """What belongs to the phase."""
        asking = self.phase in ("asking", "judging", "told")
        state = headline(self._drill) if self.phase == "over" else progress(self._drill) if asking else ""
        self.query_one("#title", Static).update(
            Content.assemble(("Definition drill", "bold $text-primary"), (f"  {state}", MUTED))
        )
        self.query_one("#question").display = asking
        self.query_one("#failure").display = self.phase == "asking" and bool(self._failure)
        self.query_one("#judging").display = self.phase == "judging"
        self.query_one("#told").display = self.phase in ("told", "over")
        self.query_one("#verdict").display = self.phase == "told"
        self.query_one("#summary").display = self.phase == "over"
        self.query_one("#saying").display = self.phase == "told"

    def on_take_finished(self, message: TakeFinished) -> None:
        """Judge the answer at once."""
        message.stop()
        take = message.take
        self._start_judging(
            lambda: self._coach.judge_take(take),
            kept="The recording is kept. ",
            stopped="Stopped. The recording is kept: u on the home screen offers it.",
        )

    def on_file_wanted(self, message: FileWanted) -> None:
        """Take a recording made elsewhere."""
        message.stop()
        self.app.push_screen(FileDialog(message.question), self._judge_file)

    def on_text_wanted(self, message: TextWanted) -> None:
        """Take typed words."""
        message.stop()
        question = message.question
        self.app.push_screen(TextDialog(question, self._drafts.of(question.id)), self._judge_text)

    def _judge_file(self, path: Path | None) -> None:
        question = self._drill.question
        if path is not None and question is not None:
            self._start_judging(lambda: self._coach.judge_file(question, path))

    def _judge_text(self, answer: TypedAnswer | None) -> None:
        question = self._drill.question
        if answer is not None and question is not None:
            self._start_judging(
                self._drafts.judging(self._coach, question, answer),
                kept="t gives back what you typed. ",
                stopped="Stopped. What you typed is kept until you quit: "
                "t gives it back when this is asked again.",
            )

    def _start_judging(self, start: Judging, kept: str = "", stopped: str = "") -> None:
        """Judge an answer.

        Args:
            start: How judging begins.
            kept: What is told of the answer where that fails.
            stopped: What is told of it where it is stopped.
        """
        self.phase = "judging"
        self._serial += 1
        self._kept, self._stopped = kept, stopped
        self._show()
        for answering in self.query(Answering):
            answering.display = False
        question = self._drill.question
        start = start if question is None else self._drafts.until_kept(question, start)
        self._judge(self.app, self._serial, start)

    @work(thread=True, group="judge", exclusive=True)
    def _judge(self, app: "App[None]", serial: int, start: Judging) -> None:
        follow(app, start, lambda news: self.post_message(self._Followed(serial, news)))

    async def on_drill_screen__followed(self, message: _Followed) -> None:
        """Tell the verdict as soon as it is there; news of an answer that was stopped means nothing.

        Where judging fails, say what went wrong and ask again: the answer counts for nothing.
        """
        message.stop()
        ask = self._drill.now
        if message.serial != self._serial or self.phase != "judging" or ask is None:
            return
        match message.news:
            case Progressed(Judged(attempt)):
                for notice in attempt.card.notices:
                    self.notify(notice, severity="warning", markup=False)
                await self._tell(ask, self._drilling.feedback(ask.question, attempt), attempt)
            case JudgingFailed(error):
                await self._ask(failure=f"{error}\n{self._kept}Answer again, or leave it out with n.")

    async def _tell(self, ask: Ask, told: Feedback, attempt: Attempt | None) -> None:
        await self.query(Answering).remove()
        self._before = self._drill
        self._card_opened = False
        self._enter(ask, told, attempt)
        self.phase = "told"
        self._show()
        self.query_one("#told").scroll_home(animate=False)
        self.query_one("#told").focus()
        self._saying.rest_on(styled("Space goes on. p says it.", "bold"))
        if self._speak:
            self.action_hear()

    def _enter(self, ask: Ask, told: Feedback, attempt: Attempt | None) -> None:
        """Enter an answer into the round as it was before, and show what it earned."""
        self._told, self._attempt = told, attempt
        self._drill = self._before.answered(told.verdict)
        self.query_one(VerdictPanel).tell(told, self._drill, ask)
        if self._drill.question is not None:
            self._warm(self._drill.question)

    @property
    def _saying(self) -> NowPlaying:
        return self.query_one("#saying NowPlaying", NowPlaying)

    @work(thread=True, group="warm")
    def _warm(self, question: Question) -> None:
        """Have the next rubric ready while the verdict is read; what fails here is told when it is asked."""
        try:
            self._coach.warm(question)
        except VoicecoachError:
            return

    def on_trouble(self, _message: Trouble) -> None:
        """Another round that could not be begun can be tried again."""
        if self.phase == "opening" and self._drill.tried:
            self.phase = "over"

    def on_now_playing_ended(self, message: NowPlaying.Ended) -> None:
        """Where nothing can be played, it is said once and not for every term; p still tries."""
        if message.failed:
            self._speak = False

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool | None:
        """Offer what belongs to the phase; nobody leaves while recording, where esc discards."""
        if self.phase == "asking" and action in ("leave", "skip_term"):
            return all(answering.can_be_left for answering in self.query(Answering))
        if action == "card":
            return self.phase == "told" and self._attempt is not None
        return self.phase in IN_PHASE.get(action, (self.phase,))

    async def action_next(self) -> None:
        """On to the next; not before the round has what may have been corrected on the card."""
        self._saying.stop()
        if self._card_opened and self._attempt is not None:
            self._read(self._before, self._attempt.id, then_next=True)
        else:
            await self._ask()

    def action_hear(self) -> None:
        """Say the exact version, or fall silent."""
        told = self._told
        if self._saying.playing:
            self._saying.stop()
        elif told is not None:
            self._saying.play(lambda: self._drilling.say(told.exact), "Saying it. Space goes on.")

    def action_card(self) -> None:
        """The whole card of this answer."""
        self._saying.stop()
        attempt = self._attempt
        if attempt is None:
            return
        if attempt.id == UNKEPT:
            self.post_message(CardWanted(attempt))
        else:
            self._card_opened = True
            self.open_card(attempt.id)

    async def action_skip_term(self) -> None:
        """Own up to not knowing it: the exact version is told, and it comes back."""
        ask = self._drill.now
        if ask is not None:
            exact = exact_version(ask.question)
            await self._tell(ask, Feedback("passed", "", "", (), exact, ""), None)

    def action_again(self) -> None:
        """Choose the next round."""
        self.phase = "opening"
        self._look_for_choices()

    async def action_leave(self) -> None:
        """End the round here and show how it went; from there, back to where this was opened."""
        self._saying.stop()
        if self.phase == "judging":
            self._serial += 1
            self.workers.cancel_group(self, "judge")
            if self._stopped:
                self.notify(self._stopped)
        if self.phase in ("opening", "over") or not self._drill.tried:
            self.app.pop_screen()
            return
        await self.query(Answering).remove()
        self._finish()

    def _finish(self) -> None:
        self.query_one(RoundSummary).tell(self._drill)
        self.phase = "over"
        self._show()
        self.query_one("#told").scroll_home(animate=False)
        self.query_one("#told").focus()
