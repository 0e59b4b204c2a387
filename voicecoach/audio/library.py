"""The PortAudio library: loaded on first use, kept quiet, and asked one thing at a time."""

import contextlib
import ctypes
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import RLock
from typing import Any, Literal, TypeVar

from voicecoach.errors import AudioError, NoPortAudioError

Direction = Literal["input", "output"]
OpenedT = TypeVar("OpenedT")

_MOST_CHANNELS = 32
_INSTALLERS = (
    ("apt", "sudo apt install libportaudio2"),
    ("dnf", "sudo dnf install portaudio"),
    ("pacman", "sudo pacman -S portaudio"),
    ("zypper", "sudo zypper install libportaudio2"),
    ("apk", "sudo apk add portaudio"),
)
_OPEN_HINTS = {
    "Darwin": "Close programs that hold it, and allow your terminal under System Settings > "
    "Privacy & Security > Microphone, then start the terminal again.",
    "Windows": "Close programs that hold it, and let desktop apps use it under Settings > "
    "Privacy & security > Microphone.",
    "Linux": "Close programs that hold it, check that the sound server runs (`pactl info`), or, "
    "without one, that you are in the group audio.",
}


@dataclass(frozen=True, slots=True)
class Device:
    """A device as PortAudio knows it until it is initialised again.

    Attributes:
        index: PortAudio's number.
        name: As a person sees it; of two with one name the second gets " (2)".
        channels: How many it has in the direction that was asked for.
        rate: Its own default rate in samples a second.
        is_default: Whether the system would pick it.
    """

    index: int
    name: str
    channels: int
    rate: int
    is_default: bool


class PortAudio:
    """PortAudio through sounddevice.

    The library is one for the whole process, and so is this: use `PORTAUDIO`. Its calls are not thread-safe,
    so each of ours holds a lock.
    """

    def __init__(self) -> None:
        self._lock = RLock()
        self._open: set[int] = set()

    @contextmanager
    def locked(self) -> Iterator[Any]:
        """The sounddevice module, with nobody else using it.

        Raises:
            NoPortAudioError: The library is missing.
            AudioError: It cannot start.
        """
        with self._lock:
            yield _load()

    def refresh(self) -> None:
        """See devices that came or went since PortAudio last looked; nothing while a stream is open.

        Raises:
            NoPortAudioError: The library is missing.
            AudioError: It cannot start; the next call tries again.
        """
        with self.locked() as sounddevice:
            if self._open:
                return
            # sounddevice's own _initialize() points file descriptor 2 elsewhere for its time, and with it the
            # screen of a terminal app; so PortAudio is asked directly, and ALSA is silenced by its handler.
            with contextlib.suppress(sounddevice.PortAudioError):  # where the last start failed
                sounddevice._terminate()
            try:
                sounddevice._check(sounddevice._lib.Pa_Initialize())
            except sounddevice.PortAudioError as error:
                raise _cannot_start(error) from error
            sounddevice._initialized += 1

    def devices(self, direction: Direction) -> tuple[Device, ...]:
        """Devices of the system's usual interface, the default first.

        Other interfaces (on Windows there are four) would show each device again under another name.

        Raises:
            NoPortAudioError: The library is missing.
            AudioError: It cannot be asked, since it could not start.
        """
        with self.locked() as sounddevice:
            try:
                default = sounddevice.default.device[direction == "output"]
                every = sounddevice.query_devices()
            except sounddevice.PortAudioError as error:
                raise _cannot_start(error) from error
            known = [
                (index, info) for index, info in enumerate(every) if info[f"max_{direction}_channels"] > 0
            ]
            usual = next((info["hostapi"] for index, info in known if index == default), None)
            found: list[Device] = []
            names: dict[str, int] = {}
            for index, info in known:
                if usual is not None and info["hostapi"] != usual:
                    continue
                name = info["name"]
                names[name] = names.get(name, 0) + 1
                if names[name] > 1:
                    name = f"{name} ({names[name]})"
                channels = min(info[f"max_{direction}_channels"], _MOST_CHANNELS)
                found.append(
                    Device(index, name, channels, round(info["default_samplerate"]), index == default)
                )
            return tuple(sorted(found, key=lambda device: not device.is_default))

    def choose(self, direction: Direction, name: str) -> Device | None:
        """The device of that name, or the default for "", among those that PortAudio knows."""
        return next((device for device in self.devices(direction) if device.name == name or not name), None)

    def opened(self, open_device: Callable[[], OpenedT]) -> OpenedT:
        """What opens a device and returns; where that fails, PortAudio looks again before a second try.

        The device may have been unplugged, another may have come or become the default, or the sound system
        may be back.

        Raises:
            NoPortAudioError: The library is missing.
            AudioError: The second try failed too.
        """
        # The numbers of devices change when PortAudio looks again, so nobody else may ask it meanwhile.
        with self.locked():
            try:
                return open_device()
            except AudioError:
                self.refresh()
                return open_device()

    def start(self, stream: Any) -> None:
        """Start a stream and count it as open.

        Raises:
            sounddevice.PortAudioError: It cannot start; it is closed then.
        """
        with self.locked():
            try:
                stream.start()
            except Exception:
                stream.close()
                raise
            self._open.add(id(stream))

    def close(self, stream: Any, *, at_once: bool) -> None:
        """Stop and close a stream. A second call changes nothing.

        Args:
            stream: As given to `start`.
            at_once: Drop what the device still holds rather than wait for it.
        """
        with self.locked():
            if id(stream) not in self._open:
                return
            self._open.discard(id(stream))
            if at_once:
                stream.abort()
            else:
                stream.stop()
            stream.close()


PORTAUDIO = PortAudio()
"""The one library of this process."""


def cannot_open(direction: Direction, device: str, error: Exception) -> AudioError:
    """What to tell a person when a device cannot be opened."""
    system = platform.system()
    if direction == "output" and system != "Linux":
        # No system there asks a person's leave to play.
        hint = "Close programs that hold it, or choose another loudspeaker in the settings."
    else:
        hint = _OPEN_HINTS.get(
            system, "Close programs that hold it, and check the system's privacy settings."
        )
    return AudioError(f"{device}: the device cannot be opened ({_reason(error)}).", hint)


def _load() -> Any:
    """The sounddevice module; its import initialises PortAudio."""
    if "sounddevice" not in sys.modules:
        _silence("libasound.so.2", "snd_lib_error_set_handler")
        _silence("libjack.so.0", "jack_set_error_function", "jack_set_info_function")
    try:
        import sounddevice  # noqa: PLC0415 - loads PortAudio, which may be missing
    except OSError as error:
        raise NoPortAudioError("The PortAudio library is not on this machine.", _install_hint()) from error
    except Exception as error:
        # sounddevice initialises PortAudio while it is imported, so its own error cannot be named here.
        raise _cannot_start(error) from error
    return sounddevice


def _cannot_start(error: Exception) -> AudioError:
    return AudioError(f"PortAudio cannot start ({_reason(error)}).", "Check that the sound system runs.")


def _reason(error: Exception) -> str:
    """Without the numbers that PortAudio puts behind it."""
    return str(error.args[0]) if error.args else str(error)


def _silence(library: str, *setters: str) -> None:
    """Give a C library of Linux a message handler that does nothing, so that the screen stays clean.

    The handler is libc's getpid: it looks at no argument and changes nothing, so it may stand for any handler
    under the calling conventions of Linux, and unlike a Python callback it is safe on a real-time thread and
    while the interpreter ends.
    """
    if not sys.platform.startswith("linux"):
        return
    with contextlib.suppress(OSError, AttributeError):
        nothing = ctypes.cast(ctypes.CDLL(None).getpid, ctypes.c_void_p)
        loaded = ctypes.CDLL(library)
        for setter in setters:
            getattr(loaded, setter)(nothing)


def _install_hint() -> str:
    system = platform.system()
    if system == "Darwin":
        return "Run `brew install portaudio`, or reinstall the package sounddevice, which brings it."
    if system == "Windows":
        return "Reinstall the package sounddevice, which brings it."
    for program, command in _INSTALLERS:
        if shutil.which(program):
            return f"Run `{command}`."
    return "Install PortAudio (libportaudio2) with your system's package manager."
