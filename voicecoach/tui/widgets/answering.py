"""Asking and answering: the question read aloud, the microphone, the clock, the ways without a microphone.

Screens that ask differ in what they do with an answer, and only in that.
"""

from contextlib import suppress
from typing import TYPE_CHECKING, ClassVar, Literal

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.widgets import Static

from voicecoach.audio.recorder import Recording
from voicecoach.content.model import Question
from voicecoach.errors import NoMicrophoneError, VoicecoachError
from voicecoach.report.wording import window
from voicecoach.tui.layout import styled
from voicecoach.tui.messages import (
    FileWanted,
    Listener,
    MicrophoneMissing,
    RecordingFailed,
    RecordingStarted,
    TakeDiscarded,
    TakeFinished,
    TextWanted,
    Trouble,
)
from voicecoach.tui.widgets.now_playing import NowPlaying
from voicecoach.tui.widgets.recording_panel import RecordingPanel
from voicecoach.tui.wording import engine_name

if TYPE_CHECKING:
    from textual.timer import Timer

    from voicecoach.clip import AudioClip
    from voicecoach.practice.coach import Coach

Stage = Literal["ready", "opening", "recording", "stopping"]

POLLS_PER_SECOND = 12

AT_REST = styled("Space starts the recording. Take a breath first.", "bold")
NOT_RECORDING = styled("Space tries again.", "bold")

IDLE_ACTIONS = frozenset({"record", "play", "hint", "file", "text"})
RECORDING_ACTIONS = frozenset({"finish", "restart", "discard"})


class Answering(Vertical, can_focus=True):
    """Reads one question, records the answer to it, and posts TakeFinished when the take is whole on disk.

    FileWanted and TextWanted are posted for answers made elsewhere; the app takes them to a card, and a
    screen that has other plans stops them. The keys are its own, so it wants the focus. Each question
    has a widget of its own: mount the next one in its place.

    Args:
        coach: Asks and records.
        question: What is asked.
        speak: Whether the question is read aloud on arrival.
        starts_itself: Whether the recording starts when the question has been read to its end.
        longest_s: An answer ends by itself after this long; None for any length.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "skip", "Skip the reading"),
        Binding("space", "record", "Record"),
        Binding("space", "finish", "Stop and judge"),
        Binding("r", "restart", "Restart"),
        Binding("escape", "discard", "Discard"),
        Binding("p", "play", "Hear it"),
        Binding("i", "hint", "Hint"),
        Binding("f", "file", "File"),
        Binding("t", "text", "Text"),
    ]

    stage: reactive[Stage] = reactive[Stage]("ready", bindings=True)

    def __init__(
        self,
        coach: "Coach",
        question: Question,
        *,
        speak: bool,
        starts_itself: bool = False,
        longest_s: float | None = None,
    ) -> None:
        super().__init__()
        self._coach = coach
        self._question = question
        self._speak = speak
        self._starts_itself = starts_itself
        self._longest_s = longest_s
        self._spoken: AudioClip | None = None
        self._recording: Recording | None = None
        self._warm_now = False
        self._poll: Timer | None = None

    def compose(self) -> ComposeResult:
        """What goes on: the reading and what to press, or the clock and the level."""
        with Vertical(id="ready"):
            yield Static(f"Answer in {window(self._question.target_s)}.", id="target", markup=False)
            yield Static(id="hint", markup=False)
            yield NowPlaying(self._coach.engines.player, id="playing")
            yield Static(id="listener", markup=False)
            yield Static(id="trouble", markup=False)
        yield RecordingPanel(self._question.target_s, id="recording")

    def on_mount(self) -> None:
        """Read the question while the engines load."""
        self.query_one("#hint").display = False
        self.query_one("#recording").display = False
        self._playing.rest_on(AT_REST)
        if self._speak:
            self.action_play()
        self._look_for_microphone()
        self._warm()

    @property
    def can_be_left(self) -> bool:
        """Whether nothing is being recorded that leaving would end."""
        return self.stage in ("ready", "opening")

    @property
    def _playing(self) -> NowPlaying:
        return self.query_one(NowPlaying)

    @work(thread=True, group="warm")
    def _warm(self) -> None:
        try:
            self._coach.warm(self._question)
            info = self._coach.engines.transcriber().info
        except VoicecoachError as error:
            self.post_message(Trouble(error))
        else:
            self.post_message(Listener(engine_name(info.name, info.model), info.note))

    @work(thread=True, group="microphone")
    def _look_for_microphone(self) -> None:
        try:
            found = self._coach.engines.recorder().devices()
        except VoicecoachError as error:
            self.post_message(MicrophoneMissing(error))
        else:
            if not found:
                missing = NoMicrophoneError("There is no microphone.", "Plug one in and press space.")
                self.post_message(MicrophoneMissing(missing))

    def on_listener(self, message: Listener) -> None:
        """Say who will hear the answer."""
        message.stop()
        self._warm_now = True
        text = f"Recogniser: {message.name}. {message.note}".strip()
        self.query_one("#listener", Static).update(text)

    def on_microphone_missing(self, message: MicrophoneMissing) -> None:
        """Say it in place; a recording that is about to start tells for itself whether it can."""
        message.stop()
        if self.stage == "ready":
            self._say_missing(message.error)

    def on_recording_failed(self, message: RecordingFailed) -> None:
        """Back to the question; a recording that was to be started over had taken its place."""
        message.stop()
        self._show_ready()
        self._say_missing(message.error)

    def _say_missing(self, error: VoicecoachError) -> None:
        """Say in place what is missing, and what can be done without it."""
        self._playing.rest_on(NOT_RECORDING)
        line = f"{error}\nWithout a microphone: f scores a recording, t scores typed words."
        self.query_one("#trouble", Static).update(line)

    def on_now_playing_ended(self, message: NowPlaying.Ended) -> None:
        """The reading is over: space records now, where the recording does not start by itself."""
        self.refresh_bindings()
        seen = self.screen.is_current  # nobody is recorded behind a help page
        if message.whole and self._starts_itself and self.stage == "ready" and seen:
            self.action_record()

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool | None:
        """Offer what belongs to the stage."""
        if action in ("skip", "record"):
            reading = self.is_mounted and self._playing.playing
            return self.stage == "ready" and reading == (action == "skip")
        if action == "hint" and not self._question.hint:
            return False
        if action in IDLE_ACTIONS:
            return self.stage == "ready"
        if action in RECORDING_ACTIONS:
            return self.stage == "recording"
        return True

    def action_skip(self) -> None:
        """Stop the reading."""
        self._playing.stop()

    def action_play(self) -> None:
        """Read the question aloud."""
        then = " Then you are recorded." if self._starts_itself else ""
        self._playing.play(self._sound_of_question, f"Reading the question.{then} Space skips it.")
        self.refresh_bindings()

    def _sound_of_question(self) -> "AudioClip":
        if self._spoken is None:
            self._spoken = self._coach.spoken_question(self._question)
        return self._spoken

    def action_hint(self) -> None:
        """Show or hide the hint."""
        hint = self.query_one("#hint", Static)
        hint.update(Content.assemble(("Hint: ", "$text-accent"), self._question.hint))
        hint.display = not hint.display

    def action_record(self) -> None:
        """Open the microphone."""
        self.stage = "opening"
        self._playing.stop()
        self.query_one("#trouble", Static).update("")
        if not self._warm_now:
            self._playing.rest_on(styled("Recording begins once the engines are loaded.", "bold"))
        self._start()

    @work(thread=True, group="record")
    def _start(self) -> None:
        try:
            recording = self._coach.start_recording(self._question)
        except VoicecoachError as error:
            self.post_message(RecordingFailed(error))
            return
        if not self.post_message(RecordingStarted(recording)):
            # The screen has gone in the meantime; nobody would ever stop it.
            self._coach.discard_take(recording.stop())

    def on_recording_started(self, message: RecordingStarted) -> None:
        """Show the clock and the level."""
        message.stop()
        self._recording = message.recording
        self.show_recording()
        self._poll = self.set_interval(1 / POLLS_PER_SECOND, self._ask_status)

    def show_recording(self) -> None:
        """Put level and clock in the place of everything else."""
        self.query_one("#ready").display = False
        self.query_one("#recording").display = True
        self.stage = "recording"

    def _show_ready(self) -> None:
        """Put what there is to press in the place of level and clock."""
        self.query_one("#recording").display = False
        self.query_one("#ready").display = True
        self.stage = "ready"

    def _ask_status(self) -> None:
        if self._recording is None or self.stage != "recording":
            return
        status = self._recording.status()
        self.query_one(RecordingPanel).show_status(status)
        if status.problem is not None:
            self.post_message(Trouble(status.problem))
            self.action_finish()
        elif self._longest_s is not None and status.elapsed_s >= self._longest_s:
            self.action_finish()

    def action_finish(self) -> None:
        """Stop, and hand the take over."""
        self._stop_polling()
        if self._recording is not None:
            self._finish(self._recording)

    def action_restart(self) -> None:
        """Throw away what was said and begin again at once."""
        self._throw_away(restart=True)

    def action_discard(self) -> None:
        """Throw away what was said."""
        self._throw_away(restart=False)

    def _throw_away(self, *, restart: bool) -> None:
        self._stop_polling()
        if self._recording is not None:
            self._discard(self._recording, restart=restart)

    def _stop_polling(self) -> None:
        self.stage = "stopping"
        if self._poll is not None:
            self._poll.stop()
            self._poll = None

    @work(thread=True, group="record")
    def _finish(self, recording: Recording) -> None:
        try:
            take = recording.stop()
        except VoicecoachError as error:
            self.post_message(Trouble(error))
            take = recording.take
        self.post_message(TakeFinished(take))

    @work(thread=True, group="record")
    def _discard(self, recording: Recording, *, restart: bool) -> None:
        try:
            self._coach.discard_take(recording.stop())
        except VoicecoachError as error:
            self.post_message(Trouble(error))
        self.post_message(TakeDiscarded(restart))

    def on_take_finished(self) -> None:
        """The take is another's from here on."""
        self._recording = None

    def on_take_discarded(self, message: TakeDiscarded) -> None:
        """Back to the question, or at once to the next try."""
        message.stop()
        self._recording = None
        self.query_one(RecordingPanel).clear()
        if message.restart:
            self.action_record()
            return
        self._show_ready()
        self._playing.rest_on(styled("Thrown away. Space starts the recording.", "bold"))

    def action_file(self) -> None:
        """Score a recording instead."""
        self._playing.stop()
        self.post_message(FileWanted(self._question))

    def action_text(self) -> None:
        """Score typed words instead."""
        self._playing.stop()
        self.post_message(TextWanted(self._question))

    def on_unmount(self) -> None:
        """Leave nothing running: what was said so far is offered at the next start."""
        if self._recording is not None:
            # The screen is gone, and what could not be written is found at the next start.
            with suppress(VoicecoachError):
                self._coach.leave_recording(self._recording)
