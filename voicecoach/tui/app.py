"""The app: it opens screens, and has answers judged wherever they come from."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from textual import work
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.events import Resize
from textual.screen import Screen
from textual.theme import Theme
from textual.widgets import Input
from textual.worker import WorkerFailed

from voicecoach.audio.takes import Take
from voicecoach.config import Paths, Settings
from voicecoach.errors import SettingsError, UnknownQuestionError, VoicecoachError
from voicecoach.speech.local import helpful_model
from voicecoach.speech.shelf import ModelEntry
from voicecoach.tui import messages as told
from voicecoach.tui.desk import SettingsDesk
from voicecoach.tui.flows import FlowsApp
from voicecoach.tui.opening import HOME, Opening
from voicecoach.tui.palette import key_commands
from voicecoach.tui.screens.answers import FileDialog, TextDialog, TypedAnswer
from voicecoach.tui.screens.card import CardScreen
from voicecoach.tui.screens.confirm import QuitDialog
from voicecoach.tui.screens.help import HelpScreen
from voicecoach.tui.screens.history import HistoryScreen
from voicecoach.tui.screens.judging import JudgingScreen
from voicecoach.tui.screens.offer import OfferDialog
from voicecoach.tui.screens.practice import PracticeScreen
from voicecoach.tui.screens.settings import SettingsScreen
from voicecoach.tui.screens.takes import TakesDialog
from voicecoach.tui.stack import holds_unsaved, uncover
from voicecoach.tui.terminal import screen_alone

if TYPE_CHECKING:
    from voicecoach.practice.coach import Coach

OF_THE_COACH = ("history", "rounds", "drill", "plan", "progress", "projects", "target", "settings")
"""Actions that open a flow, once the bank is read."""

LEFT_OUT_S = 30.0
"""How long it is shown that a question of the person's own was left out: it names a file and a key."""

SMALLEST = (60, 16)
"""Columns and rows below which the screens are cut off too much to be read."""


class Program(Protocol):
    """What the app is started with; `wiring.Assembly` is one."""

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        ...

    @property
    def paths(self) -> Paths:
        """Where things live."""
        ...

    @property
    def coach(self) -> "Coach":
        """The trainer; made at the first look, which may take a while."""
        ...


class VoicecoachApp(FlowsApp):
    """The terminal app.

    Args:
        make_coach: Reads the bank and wires the engines; called in a worker after the first frame.
        desk: Keeps the settings.
        opening: The flow to begin with.
    """

    CSS_PATH = "voicecoach.tcss"
    TITLE = "voicecoach"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", "Quit", show=False, priority=True),
    ]

    def __init__(
        self, make_coach: Callable[[], "Coach"], desk: SettingsDesk, opening: Opening = HOME
    ) -> None:
        super().__init__(desk)
        self._make_coach = make_coach
        self._opening = opening
        self._owes_offers = False
        self._has_offered_takes = False
        self._too_small = False
        self.crash: BaseException | None = None

    async def action_quit(self) -> None:
        """End the program; ask first where something typed would be lost. Who insists is not asked again."""

        def answered(leave: bool | None) -> None:
            if leave:
                self.exit()

        loss = "what you have typed here" if holds_unsaved(self) else _what_is_lost(self._drafts.titles)
        # Another question that is being asked is no answer to this one.
        is_asked = any(isinstance(screen, QuitDialog) for screen in self.screen_stack)
        if is_asked or not loss:
            self.exit()
        else:
            self.push_screen(QuitDialog(loss), answered)

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """The command palette: what Textual brings, and what the keys do here."""
        yield from super().get_system_commands(screen)
        yield from key_commands(self, screen)

    def get_default_screen(self) -> Screen[None]:
        """The list of questions."""
        return self._home

    def _handle_exception(self, error: Exception) -> None:
        # A worker's error comes wrapped, and the wrapping does not know where it happened.
        cause = error.error if isinstance(error, WorkerFailed) else error
        self.crash = self.crash or cause
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        # Textual would print a traceback with local variables, and an answer may be among them: `run_app`
        # raises the error again, for the one place that tells a person of it.
        self._close_messages_no_wait()

    def on_resize(self, event: Resize) -> None:
        """Say it once when the window becomes too small to be read."""
        too_small = event.size.width < SMALLEST[0] or event.size.height < SMALLEST[1]
        if too_small and not self._too_small:
            self.notify("Make the window at least 80x24.", severity="warning")
        self._too_small = too_small

    def on_mount(self) -> None:
        """Put on the chosen theme."""
        wanted = self._desk.current.theme
        if wanted in self.available_themes:
            self.theme = wanted
        else:
            names = ", ".join(sorted(self.available_themes))
            self._show_error(SettingsError(f"There is no theme {wanted!r}.", f"There are {names}."))
        self.theme_changed_signal.subscribe(self, self._keep_theme)
        self.screen_change_signal.subscribe(self, self._look_around_again)

    def on_ready(self) -> None:
        """Read the bank now that the first frame is shown; earlier, it would hold that frame up."""
        self._open_bank()

    def _keep_theme(self, theme: Theme) -> None:
        if theme.name != self._desk.current.theme:
            self._change("theme", theme.name)

    @work(thread=True, group="bank")
    def _open_bank(self) -> None:
        try:
            coach = self._make_coach()
        except VoicecoachError as error:
            self.post_message(told.CoachFailed(error))
        else:
            self.post_message(told.CoachReady(coach))

    def on_coach_failed(self, message: told.CoachFailed) -> None:
        """The list says why it is empty."""
        self._home.say_closed(message.error)

    def on_coach_ready(self, message: told.CoachReady) -> None:
        """Fill the list, and see what the start has to offer."""
        self._coach = coach = message.coach
        self._home.open_bank(coach)
        if coach.bank.left_out:
            self.notify(coach.bank.left_out_note, severity="warning", timeout=LEFT_OUT_S, markup=False)
        self.refresh_bindings()
        match self._opening.flow:
            case "practice":
                self._practise(coach, self._opening.of)
            case "drill":
                self._drill(coach, self._opening.of.split())
            case "project":
                self.action_projects(self._opening.of)
            case "round":
                self._open_rounds(coach, self._opening.of)
            case _:
                self._look_around(coach)

    def _practise(self, coach: "Coach", question_id: str) -> None:
        question = coach.bank.find(question_id)
        if question is None:
            self._show_error(UnknownQuestionError(f"There is no question {question_id!r}."))
        else:
            self._open(PracticeScreen(coach, question, speak=self._desk.current.speak_questions))

    @work(thread=True, group="start")
    def _look_around(self, coach: "Coach") -> None:
        unfinished: tuple[Take, ...] = ()
        # What keeps takes from being read is told by the list, which looks for them too.
        with suppress(VoicecoachError):
            unfinished = coach.unfinished_takes()
        try:
            settings = self._desk.current
            offer = _worth_offering(coach, settings) if settings.offer_download else None
        except VoicecoachError as error:
            self.post_message(told.Trouble(error))
        else:
            self.post_message(told.StartFound(unfinished, offer))

    @property
    def _may_offer(self) -> bool:
        """Whether nobody is doing anything yet that an offer would come in between."""
        return self.screen is self._home and not isinstance(self.focused, Input)

    def _look_around_again(self, _screen: Screen[Any]) -> None:
        """Make the offers that had to wait, of what is there by now."""
        if self._owes_offers and self._may_offer and self._coach is not None:
            self._owes_offers = False
            self._look_around(self._coach)

    def on_start_found(self, message: told.StartFound) -> None:
        """Unfinished takes first and once, then the download; both wait until the list is on top."""
        unfinished = () if self._has_offered_takes else message.unfinished
        if not self._may_offer:
            self._owes_offers = bool(unfinished) or message.offer is not None
        elif unfinished:
            self._offer_takes(unfinished, then=message.offer)
        else:
            self._offer_download(message.offer)

    def on_judging_stopped(self, _message: told.JudgingStopped) -> None:
        """The list may have looked meanwhile, and left out the take that was still being judged."""
        if self._coach is not None:
            self._home.open_bank(self._coach)

    def on_unfinished_wanted(self, message: told.UnfinishedWanted) -> None:
        """Offer the takes again."""
        self._offer_takes(message.takes, then=None)

    def _offer_takes(self, takes: tuple[Take, ...], then: ModelEntry | None) -> None:
        if self._coach is None:
            return
        coach = self._coach
        self._has_offered_takes = True

        def answered(take: Take | None) -> None:
            question = coach.bank.find(take.question_id) if take is not None else None
            if take is not None and question is not None:
                # It was recorded before: what has been typed since is still to be kept.
                judge = told.JudgeWanted(question, partial(coach.judge_take, take), take)
                # The download is offered when the list is on top again.
                self._owes_offers = self._owes_offers or then is not None
                self._open(JudgingScreen(coach, judge))
                return
            self._home.open_bank(coach)
            self._offer_download(then)

        self.push_screen(TakesDialog(coach, takes), answered)

    def _offer_download(self, entry: ModelEntry | None) -> None:
        if entry is None or self._fetching is not None:
            return

        def answered(wanted: bool | None) -> None:
            self._change("offer_download", value=False)
            if wanted:
                # "auto" takes what is offered; anything else names a model that is not here.
                is_named = self._desk.current.model != "auto"
                self.post_message(told.DownloadWanted(entry, then_chosen=is_named))
            else:
                # The key may have been meant for the screen below, and this is not asked again.
                self.notify(f"Whisper {entry.name} is not fetched. The settings (s) offer it at any time.")

        self.push_screen(OfferDialog(entry), answered)

    def on_practice_wanted(self, message: told.PracticeWanted) -> None:
        """Ask the question."""
        if self._coach is not None:
            speak = self._desk.current.speak_questions
            self._open(PracticeScreen(self._coach, message.question, speak=speak))

    def on_retry_wanted(self, message: told.RetryWanted) -> None:
        """Ask over the card that this came from; esc leads back to it."""
        if self._coach is not None:
            speak = self._desk.current.speak_questions
            self.push_screen(
                PracticeScreen(self._coach, message.question, speak=speak, without=message.without)
            )

    def on_file_wanted(self, message: told.FileWanted) -> None:
        """Ask for a recording, then judge it."""
        self.push_screen(FileDialog(message.question), partial(self._judge_file, message))

    def on_text_wanted(self, message: told.TextWanted) -> None:
        """Ask for words, then judge them."""
        question = message.question
        dialog = TextDialog(question, self._drafts.of(question.id))
        self.push_screen(dialog, partial(self._judge_text, message))

    def _judge_file(self, wanted: told.FileWanted, path: Path | None) -> None:
        if path is not None and self._coach is not None:
            remark = self._coach.without(wanted.without) if wanted.without else None
            start = partial(self._coach.judge_file, wanted.question, path, remark)
            self._judge(told.JudgeWanted(wanted.question, start))

    def _judge_text(self, wanted: told.TextWanted, answer: TypedAnswer | None) -> None:
        if answer is not None and self._coach is not None:
            remark = self._coach.without(wanted.without) if wanted.without else None
            start = self._drafts.judging(self._coach, wanted.question, answer, remark)
            self._judge(told.JudgeWanted(wanted.question, start, typed=True))

    def on_judge_wanted(self, message: told.JudgeWanted) -> None:
        """Judge an answer."""
        self._judge(message)

    def _judge(self, wanted: told.JudgeWanted) -> None:
        if self._coach is not None:
            start = self._drafts.until_kept(wanted.question, wanted.start)
            self._open(JudgingScreen(self._coach, replace(wanted, start=start)))

    def on_card_wanted(self, message: told.CardWanted) -> None:
        """Show a card."""
        if self._coach is not None:
            question = self._coach.bank.find(message.attempt.question_id)
            self._open(CardScreen(self._coach, message.attempt, question))

    def _open(self, screen: Screen[None]) -> None:
        """Question, judging and card follow each other in one place; esc leads back to where they began."""
        steps = (PracticeScreen, JudgingScreen, CardScreen)
        before = next((each for each in reversed(self.screen_stack) if isinstance(each, steps)), None)
        if before is None:
            self.push_screen(screen)
            return
        uncover(self, before)
        self.switch_screen(screen)

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool | None:
        """Offer what the state of things allows."""
        if action in OF_THE_COACH:
            return self._coach is not None
        if action == "cancel_download":
            return self._fetching is not None
        return True

    def action_history(self) -> None:
        """Open the history."""
        if self._coach is not None:
            self.push_screen(HistoryScreen(self._coach))

    def action_settings(self) -> None:
        """Open the settings."""
        if self._coach is not None:
            self.push_screen(SettingsScreen(self._coach, self._desk))

    def action_help(self) -> None:
        """Open the help."""
        self.push_screen(HelpScreen())

    def on_setting_changed(self, message: told.SettingChanged) -> None:
        """Put a setting in force and save it."""
        self._change(message.key, message.value)

    def _change(self, key: str, value: str | bool) -> None:
        try:
            settings = self._choose({key: value})
        except VoicecoachError as error:
            self._show_error(error)
            if isinstance(self.screen, SettingsScreen):
                self.screen.show_settings()
            return
        if key == "theme":
            self.theme = settings.theme
        elif self._coach is not None and key not in ("speak_questions", "offer_download"):
            self._coach.engines.reload(settings)

    def on_report_written(self, message: told.ReportWritten) -> None:
        """Say where it is."""
        self.notify(f"{message.file} opens in any browser.", title="Report written", timeout=12, markup=False)


def _what_is_lost(titles: Sequence[str]) -> str:
    """What quitting would lose of what was typed on these questions; empty where there is none."""
    match titles:
        case ():
            return ""
        case (title,):
            return f"what you typed on “{title}”"
        case _:
            return f"what you typed on {len(titles)} questions"


def _worth_offering(coach: "Coach", settings: Settings) -> ModelEntry | None:
    """The model that the first start offers: one that helps, while no Whisper model is here at all."""
    shelf = coach.engines.shelf()
    entries = shelf.entries()
    has_any = any(entry.path is not None and not entry.problem for entry in entries)
    if has_any or shelf.has(settings.model, settings.language):
        return None
    helpful = helpful_model(settings.model, settings.language)
    return next(entry for entry in entries if entry.name == helpful)


def run_app(program: Program, opening: Opening = HOME) -> None:
    """Open the app in this terminal and stay until it is left.

    Args:
        program: Settings, folders, and the trainer.
        opening: The flow to begin with.

    Raises:
        Exception: Whatever the app did not expect, after the terminal is restored.
        SettingsError: Settings that were changed cannot be saved.
    """
    desk = SettingsDesk(program.paths.settings_file, program.settings)
    app = VoicecoachApp(lambda: program.coach, desk, opening)
    with screen_alone():
        app.run()
    if app.crash is not None:
        raise app.crash
    # What could not be saved meanwhile, or was chosen in the moment of leaving.
    desk.save()
