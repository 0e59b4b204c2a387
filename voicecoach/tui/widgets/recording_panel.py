"""What is shown while someone speaks: the level, the clock on its bar, and a line when something is wrong."""

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Digits, Static

from voicecoach.audio.recorder import RecordingStatus
from voicecoach.minutes import clock
from voicecoach.tui.widgets.level_meter import LevelMeter
from voicecoach.tui.widgets.target_bar import TargetBar

WAITING, RECORDING = "○ waiting for the microphone", "● recording"
"""A device may take a second or two to wake up; what is said before its first sound is not recorded."""

SILENT_S = 5.0
"""Silence after which the microphone is called into question."""


class RecordingPanel(Vertical):
    """Level and time, nothing else.

    Args:
        target_s: The question's window, in seconds.
        id: For the style sheet.
    """

    def __init__(self, target_s: tuple[float, float], id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._target_s = target_s

    def compose(self) -> ComposeResult:
        """Clock, bar, meter, line."""
        yield Static(WAITING, id="recording-word")
        yield Digits("0:00", id="clock")
        yield Static(id="clock-word", markup=False)
        yield TargetBar(self._target_s, id="target-bar")
        yield LevelMeter(id="level")
        yield Static(id="sound-line", markup=False)

    def show_status(self, status: RecordingStatus) -> None:
        """Follow the recording."""
        bar = self.query_one(TargetBar)
        bar.elapsed_s = status.elapsed_s
        self.query_one(LevelMeter).show_status(status)
        self._say("#recording-word", RECORDING if status.elapsed_s else WAITING)
        self._say("#clock-word", bar.word())
        self._say("#sound-line", sound_line(status))
        digits = self.query_one(Digits)
        if digits.value != clock(status.elapsed_s):
            digits.update(clock(status.elapsed_s))

    def clear(self) -> None:
        """Back to nothing said."""
        self.show_status(RecordingStatus(0.0, 0.0, 0.0, 0.0, clipped=False, overflows=0, problem=None))

    def _say(self, selector: str, words: str) -> None:
        line = self.query_one(selector, Static)
        if line.content != words:
            line.update(words)


def sound_line(status: RecordingStatus) -> str:
    """What is wrong with the sound, or nothing."""
    if status.problem is not None:
        return str(status.problem)
    if status.silent_s >= SILENT_S:
        return f"Nothing heard for {status.silent_s:.0f} s: is the right microphone chosen, and not muted?"
    if status.clipped:
        return "Too loud: the sound is cut off. Move back a little or turn the microphone down."
    return ""
