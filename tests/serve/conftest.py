"""A real `voicecoach serve` in a process of its own, and plain sockets to speak to it."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.support.virtual_microphone import wait_until

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Answer:
    """What came back."""

    status: int
    head: str
    body: bytes

    def header(self, name: str) -> str:
        found = re.search(rf"^{name}: (.*)$", self.head, flags=re.MULTILINE | re.IGNORECASE)
        return found[1].strip() if found else ""


@dataclass
class Serving:
    """A running server."""

    process: "subprocess.Popen[str]"
    address: str

    @property
    def port(self) -> int:
        port = urlsplit(self.address).port
        assert port
        return port

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def origin(self) -> str:
        return f"http://{self.host}"

    @property
    def token(self) -> str:
        return parse_qs(urlsplit(self.address).query)["token"][0]

    def raw(self, request: bytes, *, patience_seconds: float = 2) -> Answer:
        """Send bytes, and read until the server closes; say goodbye first where it waits for more.

        A goodbye ends an answer that has not begun, so a whole request is given all the time it takes.
        """
        received = bytearray()
        with socket.create_connection(("127.0.0.1", self.port), timeout=patience_seconds) as connection:
            with suppress(BrokenPipeError, ConnectionResetError):
                connection.sendall(request)
            with suppress(ConnectionResetError):
                if not _read(connection, received):
                    with suppress(OSError):
                        connection.shutdown(socket.SHUT_WR)
                    connection.settimeout(30)
                    _read(connection, received)
        head, _, body = bytes(received).partition(b"\r\n\r\n")
        text = head.decode("latin-1").replace("\r", "")
        status = re.match(r"HTTP/1\.[01] (\d+)", text)
        return Answer(int(status[1]) if status else 0, text, body)

    def ask(self, path: str, *headers: str, host: str | None = None, method: str = "GET") -> Answer:
        """One request; without `host` it is the right one."""
        lines = [f"{method} {path} HTTP/1.1", f"Host: {host or self.host}", "Connection: close", *headers]
        return self.raw("\r\n".join([*lines, "", ""]).encode("latin-1"), patience_seconds=60)

    def enter(self) -> tuple[str, str]:
        """The room's path and the cookie, as a browser gets them."""
        answer = self.ask(f"/?token={self.token}")
        assert answer.status == 303, answer.head
        return answer.header("Location"), answer.header("Set-Cookie").partition(";")[0]

    def end(self, number: int = signal.SIGINT) -> int:
        """End it, as Ctrl-C does."""
        self.process.send_signal(number)
        return self.process.wait(60)


StartServing = Callable[..., Serving]


def _read(connection: socket.socket, received: bytearray) -> bool:
    """Read what comes; whether the server has closed."""
    try:
        while piece := connection.recv(65_536):
            received += piece
    except TimeoutError:
        return False
    return True


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@contextmanager
def servers(home: Path) -> Iterator[StartServing]:
    """Starts servers; those that still run at the end are ended."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str, before: tuple[str, ...] = ()) -> Serving:
        environment = {key: value for key, value in os.environ.items() if not key.startswith("VOICECOACH_")}
        environment |= {
            "VOICECOACH_HOME": str(home),
            "VOICECOACH_OFFER_DOWNLOAD": "false",
            "VOICECOACH_SPEAK_QUESTIONS": "false",
            "PYTHONPATH": str(ROOT),
        }
        command = [sys.executable, "-m", "voicecoach", *before, "serve", *arguments]
        pipe = subprocess.PIPE
        process = subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=environment)
        started.append(process)
        assert process.stdout
        return Serving(process, process.stdout.readline().strip())

    try:
        yield start
    finally:
        for process in started:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
                process.wait(60)
            for stream in (process.stdout, process.stderr):
                if stream:
                    stream.close()


@pytest.fixture
def start_serving(home: Path) -> Iterator[StartServing]:
    with servers(home) as start:
        yield start


@pytest.fixture
def serving(start_serving: StartServing) -> Serving:
    return start_serving()


def children_of(pid: int) -> set[int]:
    """Every process below one, as /proc has it."""
    parents: dict[int, int] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = status.read_text()
        except OSError:
            continue
        parents[int(status.parent.name)] = int(text.rpartition(")")[2].split()[1])
    found: set[int] = set()
    waiting = [pid]
    while waiting:
        parent = waiting.pop()
        below = {child for child, its in parents.items() if its == parent} - found
        found |= below
        waiting += below
    return found


def is_running(pid: int) -> bool:
    """Whether a process is there and not merely waiting to be counted."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_for_end(pids: set[int]) -> None:
    wait_until(lambda: not any(map(is_running, pids)), f"the end of {pids}", 60)
