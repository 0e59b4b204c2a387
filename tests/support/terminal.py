"""A real terminal for the app: tmux runs it, keys go in, the screen is read back."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.support.virtual_microphone import wait_until

TMUX = shutil.which("tmux")
PATIENCE_S = 120.0


class Terminal:
    """One running program in a terminal of its own.

    Args:
        socket: Names the tmux server; nobody else's sessions are touched.
    """

    def __init__(self, socket: Path) -> None:
        self._socket = socket

    def press(self, *keys: str) -> None:
        """Press keys, by tmux's names (Enter, Escape, Space …)."""
        self._tmux("send-keys", "-t", "app", *keys)

    def screen(self) -> str:
        """What is on the screen, line by line."""
        return self._tmux("capture-pane", "-p", "-t", "app")

    def wait_for(self, text: str) -> str:
        """The screen once it shows a text.

        Raises:
            TimeoutError: It has not appeared; says what was there instead.
        """
        try:
            wait_until(lambda: text in self.screen(), repr(text), PATIENCE_S)
        except TimeoutError as error:
            raise TimeoutError(f"{error}; the screen shows:\n{self.screen()}") from None
        return self.screen()

    def wait_for_end(self) -> None:
        """Wait until the program has ended and its session with it."""
        wait_until(lambda: not self._alive(), "the end of the program", PATIENCE_S)

    def kill(self) -> None:
        """Kill the program at once, as a power cut would."""
        pid = self._tmux("list-panes", "-t", "app", "-F", "#{pane_pid}").strip()
        os.kill(int(pid), signal.SIGKILL)
        self.wait_for_end()

    def _alive(self) -> bool:
        return self._run("has-session", "-t", "app").returncode == 0

    def _tmux(self, *arguments: str) -> str:
        done = self._run(*arguments)
        if done.returncode != 0:
            raise RuntimeError(f"tmux {' '.join(arguments)}: {done.stderr.strip()}")
        return done.stdout

    def _run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        command = [TMUX or "tmux", "-S", str(self._socket), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False)


@contextmanager
def terminal(
    folder: Path, environment: Mapping[str, str], *arguments: str, size: tuple[int, int] = (80, 24)
) -> Iterator[Terminal]:
    """Run voicecoach in a terminal.

    Args:
        folder: Private, and short enough for a socket in it.
        environment: Variables besides this process's own.
        arguments: Of voicecoach.
        size: Columns and rows.
    """
    socket = folder / "tmux"
    variables = [part for name, value in environment.items() for part in ("-e", f"{name}={value}")]
    command = [TMUX or "tmux", "-S", str(socket), "-f", "/dev/null", "new-session", "-d", "-s", "app"]
    program = ["env", "LANG=C.UTF-8", "TERM=xterm-256color", sys.executable, "-m", "voicecoach", *arguments]
    subprocess.run(
        [*command, "-x", str(size[0]), "-y", str(size[1]), *variables, "exec " + " ".join(program)],
        check=True,
        cwd=Path(__file__).parents[2],
    )
    shown = Terminal(socket)
    try:
        yield shown
    finally:
        subprocess.run([TMUX or "tmux", "-S", str(socket), "kill-server"], capture_output=True, check=False)
