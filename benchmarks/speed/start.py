"""From the start of the process to the app's first frame, and to the moment when its keys act.

    python -m benchmarks.speed.start

Each run starts, one after the other, Python alone, Python with what every Textual app imports, a minimal
Textual app, and voicecoach in a home of its own; the apps in a pseudo-terminal of 80x24. One unmeasured turn
comes first, so files are in the page cache and byte code is there. Nothing in the person's own folders is
read or written, and no sound device is needed.
"""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.speed.terminal import APP, MINIMAL_APP, MINIMAL_TEXT, fresh_home, program

RUNS = 9
IMPORT_TEXTUAL = "from textual.app import App; from textual.widgets import Footer, Static"
FIRST_TEXT = "Opening the question bank."
READY_TEXT = "Practise"
"""The footer shows this key only once the list is filled and the key acts."""


@dataclass(frozen=True, slots=True)
class StartTimes:
    """Medians, in seconds of wall time.

    Attributes:
        runs: How many starts each median is of.
        python_s: Python starts and ends.
        import_textual_s: Importing what every Textual app needs, beyond `python_s`.
        minimal_first_frame_s: From the start of the process to the minimal app's first frame.
        first_frame_s: The same for voicecoach.
        ready_s: Until its list is filled and its keys act.
    """

    runs: int
    python_s: float
    import_textual_s: float
    minimal_first_frame_s: float
    first_frame_s: float
    ready_s: float

    @property
    def beyond_textual_s(self) -> float:
        """What the first frame takes beyond Python's start and Textual's import."""
        return self.first_frame_s - self.python_s - self.import_textual_s


def measure(runs: int = RUNS) -> StartTimes:
    """Start everything in turn.

    Args:
        runs: Measured turns, after an unmeasured one.
    """
    with fresh_home() as environment:
        turns = [_turn(environment) for _ in range(runs + 1)][1:]
    python_s, textual_s, minimal_s, first_frame_s, ready_s = (
        statistics.median(column) for column in zip(*turns, strict=True)
    )
    return StartTimes(runs, python_s, textual_s - python_s, minimal_s, first_frame_s, ready_s)


def table(times: StartTimes) -> str:
    """The medians as text, each beside its baseline."""
    beyond_minimal_s = times.first_frame_s - times.minimal_first_frame_s
    return "\n".join(
        (
            f"start, medians of {times.runs} runs                seconds",
            f"  Python alone                              {times.python_s:6.3f}",
            f"  importing Textual, beyond Python          {times.import_textual_s:6.3f}",
            f"  first frame of a minimal Textual app      {times.minimal_first_frame_s:6.3f}",
            f"  first frame of voicecoach                 {times.first_frame_s:6.3f}",
            f"    beyond Python and Textual's import      {times.beyond_textual_s:6.3f}   (target: 0.500)",
            f"    beyond the minimal app                  {beyond_minimal_s:6.3f}",
            f"  voicecoach ready: list filled, keys act   {times.ready_s:6.3f}",
        )
    )


def _turn(environment: Mapping[str, str]) -> tuple[float, float, float, float, float]:
    python_s = _python_s("pass", environment)
    textual_s = _python_s(IMPORT_TEXTUAL, environment)
    with program(MINIMAL_APP, environment) as minimal:
        minimal_s = minimal.wait_for(MINIMAL_TEXT)
    with program(APP, environment) as app:
        first_frame_s = app.wait_for(FIRST_TEXT)
        ready_s = app.wait_for(READY_TEXT)
        app.press("q")
        if app.wait_for_end() != os.EX_OK:
            raise RuntimeError("voicecoach did not end by q")
    return python_s, textual_s, minimal_s, first_frame_s, ready_s


def _python_s(code: str, environment: Mapping[str, str]) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
    return time.perf_counter() - started


if __name__ == "__main__":
    print(table(measure()))
