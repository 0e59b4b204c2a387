"""What the app costs while nobody does anything: CPU time on its home, practice and card screens.

    python -m benchmarks.speed.idle

Each screen is in a process of its own, in a pseudo-terminal of 80x24 and a home of its own, with its engines
loaded; a minimal Textual app is the baseline. All of them are watched at the same time. No sound device is
needed: without one, the reading of the question ends at once. CPU time comes from /proc, so Linux alone.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.speed.start import READY_TEXT
from benchmarks.speed.terminal import (
    APP,
    MINIMAL_APP,
    MINIMAL_TEXT,
    Program,
    fresh_home,
    program,
)

WATCHED_S = 20.0
SETTLE_S = 15.0
"""Notices leave the screen after at most 12 seconds, and engines' threads fall asleep."""

QUESTION = "define-recall"
ANSWER = "Recall is the share of the real positives that the model finds, so a miss lowers it."
PASTE_BEGINS, PASTE_ENDS, CTRL_S = "\x1b[200~", "\x1b[201~", "\x13"


@dataclass(frozen=True, slots=True)
class IdleUse:
    """One screen.

    Attributes:
        screen: Which one, in words.
        percent: CPU time as a percentage of one core.
    """

    screen: str
    percent: float


def measure(seconds: float = WATCHED_S) -> tuple[IdleUse, ...]:
    """Watch every screen, the minimal app first.

    Args:
        seconds: For how long. CPU time is counted in hundredths of a second.

    Raises:
        OSError: There is no /proc.
    """
    Path("/proc/self/stat").read_bytes()
    with ExitStack() as stack:
        apps = {name: stack.enter_context(opened()) for name, opened in SCREENS.items()}
        _leave_alone(apps.values(), SETTLE_S)
        before = {name: app.cpu_s() for name, app in apps.items()}
        started = time.perf_counter()
        _leave_alone(apps.values(), seconds)
        watched_s = time.perf_counter() - started
        return tuple(
            IdleUse(name, 100 * (app.cpu_s() - before[name]) / watched_s) for name, app in apps.items()
        )


def table(uses: Iterable[IdleUse]) -> str:
    """The shares as text."""
    lines = (f"  {use.screen:<42}{use.percent:6.2f}" for use in uses)
    return "\n".join(("idle, percent of a core (target: under 1)", *lines))


def _leave_alone(apps: Iterable[Program], seconds: float) -> None:
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        for app in apps:
            app.idle(0.1)


@contextmanager
def _minimal() -> Iterator[Program]:
    with fresh_home() as environment, program(MINIMAL_APP, environment) as app:
        app.wait_for(MINIMAL_TEXT)
        yield app


@contextmanager
def _home() -> Iterator[Program]:
    with fresh_home() as environment, program(APP, environment) as app:
        app.wait_for(READY_TEXT)
        yield app


@contextmanager
def _practice() -> Iterator[Program]:
    with fresh_home() as environment, program((*APP, "practice", QUESTION), environment) as app:
        app.wait_for("Recogniser: PocketSphinx", "Record")
        yield app


@contextmanager
def _card() -> Iterator[Program]:
    with _home() as app:
        app.press("t")
        app.wait_for("Judge it")
        app.press(f"{PASTE_BEGINS}{ANSWER}{PASTE_ENDS}")
        app.wait_for(ANSWER[-9:])
        app.press(CTRL_S)
        app.wait_for("Next time:")
        yield app


SCREENS: dict[str, Callable[[], AbstractContextManager[Program]]] = {
    "a minimal Textual app": _minimal,
    "home": _home,
    "practice, the question read": _practice,
    "card": _card,
}


if __name__ == "__main__":
    print(table(measure()))
