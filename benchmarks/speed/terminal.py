"""Programs in pseudo-terminals: what they show, when, and what it costs. POSIX alone has these."""

import os
import re
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROWS_AND_COLUMNS = (24, 80)
PATIENCE_S = 120.0
REPOSITORY = Path(__file__).parents[2]

APP = ("-m", "voicecoach")
MINIMAL_APP = ("-m", "benchmarks.speed.minimal_app")
MINIMAL_TEXT = "A minimal app."

_CONTROL = re.compile(rb"\x1b(\[[0-9;:?<>=$]*[A-Za-z]|[()][0-9A-Z]|[=>])")


class Program:
    """A running program and its terminal.

    Args:
        arguments: Of Python.
        environment: The whole environment.
    """

    def __init__(self, arguments: Sequence[str], environment: Mapping[str, str]) -> None:
        import termios  # noqa: PLC0415 - not there on Windows, where this module can still be imported

        self._screen, terminal = os.openpty()
        termios.tcsetwinsize(terminal, ROWS_AND_COLUMNS)
        self._bytes = b""
        self._started = time.perf_counter()
        self._process = subprocess.Popen(
            [sys.executable, *arguments],
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            env=environment,
            cwd=REPOSITORY,
            start_new_session=True,
        )
        os.close(terminal)

    def wait_for(self, *texts: str) -> float:
        """Read until every text has been written since the last key.

        Returns:
            Seconds from the start of the process to the last of them.

        Raises:
            TimeoutError: One has not come, or the program ended; says what came instead.
        """
        deadline = time.perf_counter() + PATIENCE_S
        missing = texts
        while missing:
            if not self._read(deadline):
                raise TimeoutError(f"{missing} never came; the terminal got:\n{self._text()[-2000:]}")
            now = time.perf_counter()
            missing = tuple(text for text in missing if text not in self._text())
        return now - self._started

    def press(self, keys: str) -> None:
        """Type."""
        self._bytes = b""
        os.write(self._screen, keys.encode())

    def wait_for_end(self) -> int:
        """Read until the program ends by itself; its exit code."""
        deadline = time.perf_counter() + PATIENCE_S
        while self._read(deadline):
            pass
        return self._process.wait(timeout=PATIENCE_S)

    def idle(self, seconds: float) -> None:
        """Leave the program alone; what it writes meanwhile is read."""
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            self._read(until)

    def cpu_s(self) -> float:
        """CPU time that the process has used, in seconds, from Linux's /proc."""
        stat = Path(f"/proc/{self._process.pid}/stat").read_text("ascii")
        user, system = stat.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    def close(self) -> None:
        """Kill it."""
        self._process.kill()
        self._process.wait()
        os.close(self._screen)

    def _read(self, deadline: float) -> bool:
        readable, _, _ = select.select([self._screen], [], [], max(0.0, deadline - time.perf_counter()))
        if not readable:
            return False
        try:
            data = os.read(self._screen, 1 << 16)
        except OSError:  # how Linux tells that the other end is closed
            return False
        self._bytes += data
        return bool(data)

    def _text(self) -> str:
        return _CONTROL.sub(b"", self._bytes).decode("utf-8", "replace")


@contextmanager
def program(arguments: Sequence[str], environment: Mapping[str, str]) -> Iterator[Program]:
    """Run a program in a terminal and kill it at the end."""
    started = Program(arguments, environment)
    try:
        yield started
    finally:
        started.close()


@contextmanager
def fresh_home() -> Iterator[dict[str, str]]:
    """An environment for voicecoach: a home that is gone afterwards, and no setting from outside."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("VOICECOACH_", "TEXTUAL")) and name not in ("LINES", "COLUMNS")
    }
    with tempfile.TemporaryDirectory(prefix="voicecoach-", ignore_cleanup_errors=True) as folder:
        yield {
            **kept,
            "LANG": "C.UTF-8",
            "TERM": "xterm-256color",
            "VOICECOACH_HOME": folder,
            "VOICECOACH_OFFER_DOWNLOAD": "false",
            "VOICECOACH_ENGINE": "pocketsphinx",
        }
