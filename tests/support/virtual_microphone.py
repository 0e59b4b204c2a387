"""A microphone that a program speaks into: a private PulseAudio with one null sink, reached through ALSA.

What is played into the sink comes out of its monitor in real time, through the same PortAudio, ALSA and
PulseAudio that a person's microphone uses.
"""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ctypes.util import find_library
from pathlib import Path

from voicecoach.audio.recorder import Recording

_SINK = "vmic"
_PATIENCE_S = 20.0

_ALSA_CONFIGURATION = """\
pcm.!default { type pulse }
ctl.!default { type pulse }
"""
_CLIENT_CONFIGURATION = "autospawn = no\n"


def _program(name: str) -> str:
    return shutil.which(name) or name


def what_is_missing() -> str:
    """What this machine lacks for a virtual microphone; empty where it lacks nothing."""
    programs = [name for name in ("pulseaudio", "pactl", "paplay", "parec") if shutil.which(name) is None]
    if programs:
        return f"no {', '.join(programs)} (Debian: apt install pulseaudio pulseaudio-utils)"
    if find_library("portaudio") is None:
        return "no PortAudio library (Debian: apt install libportaudio2)"
    return ""


def wait_until(condition: Callable[[], bool], what: str, timeout_s: float = _PATIENCE_S) -> None:
    """Wait for something outside this process.

    Raises:
        TimeoutError: It has not happened in time.
    """
    deadline = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {timeout_s:.0f} s for {what}")
        time.sleep(0.02)


def hears(recording: Recording, seconds: float) -> None:
    """Wait until so much more has been recorded."""
    until = recording.status().elapsed_s + seconds
    wait_until(lambda: recording.status().elapsed_s >= until or bool(recording.status().problem), "sound")


class VirtualMicrophone:
    """A running sound server with a microphone that can be unplugged.

    Args:
        folder: Private, and short enough for a socket in it.

    Attributes:
        environment: Variables that lead PortAudio and PulseAudio programs to this server.
    """

    def __init__(self, folder: Path) -> None:
        self._socket = folder / "native"
        alsa, client = folder / "asound.conf", folder / "client.conf"
        alsa.write_text(_ALSA_CONFIGURATION, "utf-8")
        client.write_text(_CLIENT_CONFIGURATION, "utf-8")
        self.environment = {
            "ALSA_CONFIG_PATH": str(alsa),
            "PULSE_CLIENTCONFIG": str(client),
            "PULSE_COOKIE": str(folder / "cookie"),
            "PULSE_SERVER": f"unix:{self._socket}",
            "XDG_RUNTIME_DIR": str(folder),
        }
        self._log = folder / "pulseaudio.log"
        with self._log.open("wb") as log:
            self._server = subprocess.Popen(
                [
                    *(
                        _program("pulseaudio"),
                        "-n",
                        "--daemonize=no",
                        "--exit-idle-time=-1",
                        "--use-pid-file=no",
                    ),
                    *(
                        "--disable-shm=yes",
                        f"--load=module-native-protocol-unix auth-anonymous=1 socket={self._socket}",
                    ),
                ],
                env={**os.environ, **self.environment, "HOME": str(folder), "XDG_CONFIG_HOME": str(folder)},
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self._plugged = False
        self.plug()

    def plug(self, rate: int = 48_000) -> None:
        """Plug the microphone in, delivering so many samples a second; nothing changes where it is."""
        if self._plugged:
            return
        wait_until(self._answers, "pulseaudio")
        # Without norewinds the null sink sleeps up to two seconds, and the microphone starts that late.
        self._control("load-module", "module-null-sink", f"sink_name={_SINK}", f"rate={rate}", "norewinds=1")
        self._control("set-default-sink", _SINK)
        self._control("set-default-source", f"{_SINK}.monitor")
        self._plugged = True

    def unplug(self) -> None:
        """Take the microphone away, as pulling a USB plug does."""
        self._control("unload-module", "module-null-sink")
        self._plugged = False

    def suspend(self, *, suspended: bool) -> None:
        """Make the microphone deliver nothing without going away, or again."""
        self._control("suspend-sink", _SINK, "1" if suspended else "0")

    def speak(self, recording: Path) -> None:
        """Play a file into the microphone; returns when it has been played."""
        with self.speaking(recording):
            pass

    @contextmanager
    def speaking(self, recording: Path) -> Iterator[None]:
        """Play a file into the microphone meanwhile; leaving waits for its end."""
        player = subprocess.Popen(
            [_program("paplay"), f"--device={_SINK}", str(recording)], env={**os.environ, **self.environment}
        )
        try:
            yield
        except BaseException:
            player.kill()
            player.wait()
            raise
        if player.wait() != 0:
            raise RuntimeError(f"paplay cannot play {recording}")

    @contextmanager
    def overheard(self, file: Path) -> Iterator[None]:
        """Let another program write what the microphone hears to a raw file: 16 kHz, mono, 16-bit."""
        with file.open("wb") as sound:
            other = subprocess.Popen(
                [
                    *(_program("parec"), f"--device={_SINK}.monitor", "--raw", "--latency-msec=10"),
                    *("--rate=16000", "--channels=1", "--format=s16le"),
                ],
                env={**os.environ, **self.environment},
                stdout=sound,
            )
            try:
                wait_until(lambda: file.stat().st_size > 0, "parec")
                yield
            finally:
                other.terminate()
                other.wait()

    def close(self) -> None:
        """Stop the server."""
        self._server.terminate()
        self._server.wait()

    def _answers(self) -> bool:
        if self._server.poll() is not None:
            raise RuntimeError(f"pulseaudio ended: {self._log.read_text('utf-8', 'replace')}")
        return self._socket.exists() and self._pactl("info").returncode == 0

    def _control(self, *arguments: str) -> None:
        done = self._pactl(*arguments)
        if done.returncode != 0:
            raise RuntimeError(f"pactl {' '.join(arguments)}: {done.stderr.strip()}")

    def _pactl(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [_program("pactl"), *arguments],
            env={**os.environ, **self.environment},
            capture_output=True,
            text=True,
            timeout=_PATIENCE_S,
            check=False,
        )


@contextmanager
def virtual_microphone() -> Iterator[VirtualMicrophone]:
    """Start a virtual microphone and stop it afterwards."""
    with tempfile.TemporaryDirectory(prefix="vmic") as folder:
        microphone = VirtualMicrophone(Path(folder))
        try:
            yield microphone
        finally:
            microphone.close()
