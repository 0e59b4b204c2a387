"""A few seconds of the microphone's level, kept nowhere."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Static

from voicecoach.audio.recorder import Recording
from voicecoach.errors import VoicecoachError
from voicecoach.tui.messages import Trouble
from voicecoach.tui.widgets.level_meter import LevelMeter
from voicecoach.tui.widgets.recording_panel import sound_line

if TYPE_CHECKING:
    from textual.timer import Timer

    from voicecoach.practice.coach import Coach

LASTS_S = 8.0
POLLS_PER_SECOND = 12

AT_REST = "m tests the microphone, v the voice."


class MicrophoneTest(Vertical):
    """Shows the level while someone speaks, then throws the sound away.

    Args:
        coach: Records; called in a worker, since it may load the sound library.
        id: For the style sheet.
    """

    @dataclass
    class _Opened(Message):
        recording: Recording

    class _Failed(Message):
        """The microphone could not be opened."""

    def __init__(self, coach: "Coach", id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._coach = coach
        self._open: MicrophoneTest._Opened | None = None
        self._is_opening = False
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        """A line of words and the meter."""
        yield Static(AT_REST, id="test-words", markup=False)
        yield LevelMeter(id="test-level")

    def on_mount(self) -> None:
        """The meter shows while it runs."""
        self.query_one(LevelMeter).display = False

    def toggle(self) -> None:
        """Begin, or stop early; a microphone that is just being opened is not opened twice."""
        if self._open is not None:
            self._stop("Stopped.")
        elif not self._is_opening:
            self._is_opening = True
            self._say("Opening the microphone.")
            self.run_worker(self._start, name="microphone test", group="test", thread=True)

    def _start(self) -> None:
        try:
            recording = self._coach.test_microphone()
        except VoicecoachError as error:
            self.post_message(Trouble(error))
            self.post_message(self._Failed())
            return
        if not self.post_message(self._Opened(recording)):
            self._coach.end_microphone_test(recording)

    def on_microphone_test__opened(self, message: _Opened) -> None:
        """Follow the level."""
        message.stop()
        self._is_opening = False
        self._open = message
        self.query_one(LevelMeter).display = True
        self._timer = self.set_interval(1 / POLLS_PER_SECOND, self._ask_status)

    def on_microphone_test__failed(self, message: _Failed) -> None:
        """It can be tried again."""
        message.stop()
        self._is_opening = False
        self._say(AT_REST)

    def on_unmount(self) -> None:
        """Leave no microphone open."""
        self._close()

    def _ask_status(self) -> None:
        if self._open is None:
            return
        status = self._open.recording.status()
        self.query_one(LevelMeter).show_status(status)
        left_s = LASTS_S - status.elapsed_s
        self._say(sound_line(status) or f"Say something: {left_s:.0f} s left. m stops.")
        if status.problem is not None:
            self._stop(str(status.problem))
        elif left_s <= 0:
            self._stop("Done. m tests the microphone again, v the voice.")

    def _stop(self, words: str) -> None:
        self._close()
        self.query_one(LevelMeter).display = False
        self._say(words)

    def _close(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if self._open is not None:
            self._coach.end_microphone_test(self._open.recording)
            self._open = None

    def _say(self, words: str) -> None:
        self.query_one("#test-words", Static).update(words)
