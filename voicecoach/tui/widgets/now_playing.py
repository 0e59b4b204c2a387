"""The one line that says what is being played, and the hands that play it."""

from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING

from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Static

from voicecoach.errors import VoicecoachError
from voicecoach.tui.messages import Trouble

if TYPE_CHECKING:
    from voicecoach.audio.player import Playback, Player
    from voicecoach.clip import AudioClip


class NowPlaying(Static):
    """Plays one clip at a time in a worker and shows its label while it sounds.

    Args:
        player: Gives the player; called in the worker, since it may load the sound library.
        id: For the style sheet.
    """

    playing: reactive[bool] = reactive(default=False)

    class Ended(Message):
        """The clip has ended, was stopped, or could not be played.

        Args:
            whole: Whether it was heard to its end.
            failed: Whether it could not be played.
        """

        def __init__(self, *, whole: bool, failed: bool) -> None:
            super().__init__()
            self.whole, self.failed = whole, failed

    class _Settled(Message):
        def __init__(self, serial: int, error: VoicecoachError | None) -> None:
            super().__init__()
            self.serial = serial
            self.error = error

    def __init__(self, player: Callable[[], "Player"], id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._player = player
        self._playback: Playback | None = None
        self._serial = 0
        self._opening = Lock()
        self.resting = Content("")

    def rest_on(self, content: Content) -> None:
        """What the line says while nothing plays."""
        self.resting = content
        if not self.playing:
            self.update(content)

    def play(
        self,
        load: Callable[[], "AudioClip"],
        label: str,
        start_s: float = 0.0,
        end_s: float | None = None,
    ) -> None:
        """Play a stretch of a clip.

        Args:
            load: Gives the clip; called in the worker.
            label: What the line says meanwhile.
            start_s: Where the stretch begins.
            end_s: Where it ends; None for the clip's end.
        """
        self.stop()
        self._serial += 1
        serial = self._serial
        self.playing = True
        self.update(Content.styled(label, "bold $text-accent"))
        self.run_worker(
            lambda: self._play(serial, load, start_s, end_s),
            name="play",
            group="play",
            thread=True,
        )

    @property
    def position_s(self) -> float | None:
        """Which second of the clip is heard; None while nothing sounds."""
        return self._playback.position_s if self._playback is not None else None

    def stop(self) -> None:
        """Fall silent."""
        self._serial += 1
        if self._playback is not None:
            self._playback.stop()
            self._playback = None
        if self.playing:
            self._rest(whole=False, failed=False)

    def on_unmount(self) -> None:
        """Fall silent with the screen."""
        self.stop()

    def on_now_playing__settled(self, message: _Settled) -> None:
        """Show the end of what is still meant to play; an older clip's end means nothing."""
        message.stop()
        if message.error is not None:
            self.post_message(Trouble(message.error))
        if message.serial == self._serial and self.playing:
            self._playback = None
            failed = message.error is not None
            self._rest(whole=not failed, failed=failed)

    def _rest(self, *, whole: bool, failed: bool) -> None:
        self.playing = False
        self.update(self.resting)
        self.post_message(self.Ended(whole=whole, failed=failed))

    def _play(
        self, serial: int, load: Callable[[], "AudioClip"], start_s: float, end_s: float | None
    ) -> None:
        error: VoicecoachError | None = None
        try:
            clip = load()
            playback = self._begin(serial, clip, start_s, end_s)
            if playback is not None:
                playback.wait()
        except VoicecoachError as failure:
            error = failure
        self.post_message(self._Settled(serial, error))

    def _begin(
        self, serial: int, clip: "AudioClip", start_s: float, end_s: float | None
    ) -> "Playback | None":
        with self._opening:
            if serial != self._serial:
                return None
            playback = self._player().play(clip, start_s, end_s)
            self._playback = playback
            if serial != self._serial:
                # `stop` came while the device was being opened.
                playback.stop()
            return playback
