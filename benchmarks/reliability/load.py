"""Whether anything grows: many takes in one batch, and hours of the app with a take now and then.

    python -m benchmarks.reliability.load [TAKES] [MINUTES]

The batch is `voicecoach score --batch -` in a process of its own, its lines handed over one by one. The app
runs on Textual's headless screen; what it records is fed in real time through the recorder's own intake and
file, and heard, judged and kept by the real engines. Nothing is read from or written to the person's own
folders. Counts come from /proc, so Linux alone.
"""

import asyncio
import gc
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from tests.support.recorders import FedEngines
from voicecoach.audio.decode import decode
from voicecoach.audio.takes import TakeStore
from voicecoach.audio.wav import write_wav
from voicecoach.clip import SPEECH_RATE, AudioClip
from voicecoach.config import Paths, Settings
from voicecoach.content.loader import find_bank_folders, load_bank
from voicecoach.practice.coach import Coach
from voicecoach.tui.app import VoicecoachApp
from voicecoach.tui.desk import SettingsDesk
from voicecoach.tui.messages import PracticeWanted
from voicecoach.tui.screens.card import CardScreen
from voicecoach.tui.screens.home import HomeScreen
from voicecoach.tui.screens.practice import PracticeScreen

if TYPE_CHECKING:
    from textual.pilot import Pilot

TAKES = 1_000
MINUTES = 120.0
EARLY_TAKES = 100
"""The batch is first measured after so many, or after a tenth of a smaller one."""

TAKE_EVERY_S = 30.0
TAKE_S = 6.0
BATCH_TAKE_S = 3.0
CLIPS = 8
"""So many different stretches of someone speaking are taken in turn."""

BLOCK_S = 0.1
PATIENCE_S = 300.0
SPOKEN = Path(__file__).parents[2] / "voicecoach" / "demo" / "answer.ogg"
REPOSITORY = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Use:
    """What a process holds at one moment.

    Attributes:
        resident_mb: Memory, in units of 2**20 bytes.
        descriptors: Open files, pipes and sockets.
        threads: All of them, those of libraries included.
    """

    resident_mb: float
    descriptors: int
    threads: int


@dataclass(frozen=True, slots=True)
class BatchLoad:
    """A batch that was scored.

    Attributes:
        takes: How many recordings.
        failed: How many of them gave an error instead of a card.
        seconds: How long it took.
        early_takes: After how many it was first measured.
        early: What the program held then.
        late: What it held after the last.
    """

    takes: int
    failed: int
    seconds: float
    early_takes: int
    early: Use
    late: Use


@dataclass(frozen=True, slots=True)
class AppLoad:
    """The app after some time.

    Attributes:
        minutes: How long it has run.
        takes: How many answers were recorded and judged.
        overflows: How often sound was reported lost.
        missing_s: Seconds of sound that were spoken and are not in the files.
        uses: What the app held after each take, the first included.
    """

    minutes: float
    takes: int
    overflows: int
    missing_s: float
    uses: tuple[Use, ...]


def use_of(process: int) -> Use:
    """What a running process holds; its number is that of the system."""
    folder = Path("/proc") / str(process)
    pages = int((folder / "statm").read_text("ascii").split()[1])
    return Use(
        resident_mb=pages * os.sysconf("SC_PAGE_SIZE") / 2**20,
        descriptors=sum(1 for _ in (folder / "fd").iterdir()),
        threads=sum(1 for _ in (folder / "task").iterdir()),
    )


def spoken_clips(count: int = CLIPS, seconds: float = TAKE_S) -> list[AudioClip]:
    """Different stretches of someone speaking, 16 kHz."""
    clip = decode(SPOKEN)
    length = round(seconds * clip.rate)
    step = (len(clip.samples) - length) // max(1, count - 1)
    return [AudioClip(clip.samples[n * step : n * step + length].copy(), clip.rate) for n in range(count)]


def score_batch(takes: int, folder: Path) -> BatchLoad:
    """Score recordings in one batch.

    Args:
        takes: How many.
        folder: Holds the program's home and the recordings.
    """
    files = [folder / f"{number}.wav" for number in range(CLIPS)]
    for file, clip in zip(files, spoken_clips(seconds=BATCH_TAKE_S), strict=True):
        write_wav(file, clip)
    questions = [question.id for question in load_bank(find_bank_folders(None, folder / "none")).questions]
    early_takes = min(EARLY_TAKES, max(1, takes // 10))
    early, failed, began = Use(0.0, 0, 0), 0, time.perf_counter()
    with _batch(folder / "home") as program:
        for number in range(1, takes + 1):
            asked = {"id": number, "question": questions[number % len(questions)]}
            card = _answered(program, {**asked, "audio": str(files[number % CLIPS])})
            failed += "error" in card
            if number == early_takes:
                early = use_of(program.pid)
        late = use_of(program.pid)
    return BatchLoad(takes, failed, time.perf_counter() - began, early_takes, early, late)


@contextmanager
def _batch(home: Path) -> Iterator["subprocess.Popen[str]"]:
    program = subprocess.Popen(
        [sys.executable, "-m", "voicecoach", "--engine", "pocketsphinx", "score", "--batch", "-"],
        cwd=REPOSITORY,
        env={**os.environ, "VOICECOACH_HOME": str(home)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield program
    finally:
        program.communicate()


def _answered(program: "subprocess.Popen[str]", line: dict[str, object]) -> dict[str, object]:
    if program.stdin is None or program.stdout is None:
        raise RuntimeError("the program has no pipes")
    program.stdin.write(json.dumps(line) + "\n")
    program.stdin.flush()
    answer: dict[str, object] = json.loads(program.stdout.readline())
    return answer


class AppUnderLoad:
    """The app in a home of its own, its microphone fed.

    Args:
        home: Settings, data and cache lie in it.
        settings: The recogniser, mostly.
    """

    def __init__(self, home: Path, settings: Settings) -> None:
        paths = Paths(home / "settings.toml", home / "data", home / "cache")
        self.engines = FedEngines(settings, paths)
        self.coach = Coach(
            self.engines,
            load_bank(find_bank_folders(None, paths.own_bank)),
            paths.takes,
            lambda: datetime.now(UTC),
        )
        self.app = VoicecoachApp(lambda: self.coach, SettingsDesk(paths.settings_file, settings))
        self._store = TakeStore(paths.takes)
        self.overflows = 0
        self.missing_s = 0.0

    async def take(self, pilot: "Pilot[None]", number: int, clip: AudioClip, *, real_time: bool) -> None:
        """Record an answer to one of the questions, look at its card, and go back to the list."""
        questions = self.coach.bank.questions
        await self._until(lambda: isinstance(self.app.screen, HomeScreen))
        self.app.post_message(PracticeWanted(questions[number % len(questions)]))
        await self._until(self._can_begin)
        screen = self.app.screen
        await pilot.press("space")
        await self._until(
            lambda: isinstance(screen, PracticeScreen) and screen.answering.stage == "recording"
        )
        await asyncio.to_thread(self._feed, clip, real_time)
        recording = self.engines.recording
        await pilot.press("space")
        await self._until(lambda: isinstance(self.app.screen, CardScreen))
        self.overflows += recording.status().overflows
        self.missing_s += clip.duration_s - self._store.seconds(recording.take)
        await pilot.press("escape")
        await self._until(lambda: isinstance(self.app.screen, HomeScreen))
        await self._until(lambda: all(worker.is_finished for worker in self.app.workers))
        await pilot.pause()

    def _can_begin(self) -> bool:
        """The engines are loaded and the screen takes keys."""
        screen = self.app.screen
        if not isinstance(screen, PracticeScreen) or not screen.is_mounted:
            return False
        return "Recogniser:" in str(screen.query_one("#listener").render())

    def _feed(self, clip: AudioClip, real_time: bool) -> None:
        block = round(BLOCK_S * SPEECH_RATE)
        recording, never, began = self.engines.recording, Event(), time.perf_counter()
        for number, start in enumerate(range(0, len(clip.samples), block), start=1):
            recording.feed(clip.samples[start : start + block])
            if real_time:
                never.wait(max(0.0, began + number * BLOCK_S - time.perf_counter()))

    async def _until(self, condition: "Callable[[], bool]") -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not condition():
            if time.monotonic() > deadline:
                raise TimeoutError(f"nothing happened for {PATIENCE_S:.0f} s on {self.app.screen}")
            await asyncio.sleep(0.01)


async def watch_app(minutes: float, home: Path, tell: Callable[[str], None]) -> AppLoad:
    """Run the app, with a take every TAKE_EVERY_S.

    Args:
        minutes: How long.
        home: For the app alone.
        tell: Called with a line now and then.
    """
    load = AppUnderLoad(home, Settings(engine="pocketsphinx", speak_questions=False, offer_download=False))
    clips, uses, number = spoken_clips(), [], 0
    began = time.monotonic()
    async with load.app.run_test(size=(80, 24)) as pilot:
        while time.monotonic() - began < 60 * minutes:
            await load.take(pilot, number, clips[number % len(clips)], real_time=True)
            number += 1
            gc.collect()
            uses.append(use_of(os.getpid()))
            if number % 10 == 1:
                tell(f"{(time.monotonic() - began) / 60:6.1f} min, {number} takes: {_shown(uses[-1])}")
            await asyncio.sleep(max(0.0, began + number * TAKE_EVERY_S - time.monotonic()))
    load.engines.history().close()
    took = (time.monotonic() - began) / 60
    return AppLoad(took, number, load.overflows, load.missing_s, tuple(uses))


def _shown(use: Use) -> str:
    return f"{use.resident_mb:.0f} MB, {use.descriptors} descriptors, {use.threads} threads"


def batch_table(load: BatchLoad) -> str:
    """The figures as lines of text."""
    each = load.seconds / load.takes
    return "\n".join(
        [
            f"batch: {load.takes:,} takes of {BATCH_TAKE_S:.0f} s scored, {load.failed} failed; "
            f"{each:.2f} s each",
            f"  after {load.early_takes:,}: {_shown(load.early)}",
            f"  after {load.takes:,}: {_shown(load.late)}",
        ]
    )


def app_table(load: AppLoad) -> str:
    """The figures as lines of text."""
    tenth = load.uses[max(1, len(load.uses) // 10) - 1]
    return "\n".join(
        [
            f"app: {load.minutes:.0f} minutes, {load.takes} takes; {load.overflows} overflows, "
            f"{load.missing_s:.2f} s of sound missing",
            f"  after the first take: {_shown(load.uses[0])}",
            f"  after a tenth of them: {_shown(tenth)}",
            f"  after the last: {_shown(load.uses[-1])}",
        ]
    )


def main(takes: int = TAKES, minutes: float = MINUTES) -> None:
    """Do both, and print what comes out; 0 leaves one out."""
    with tempfile.TemporaryDirectory(prefix="voicecoach-load-") as name:
        if takes:
            print(batch_table(score_batch(takes, Path(name))), flush=True)
        if minutes:
            tell = partial(print, flush=True)
            print(app_table(asyncio.run(watch_app(minutes, Path(name) / "app", tell))))


if __name__ == "__main__":
    given = sys.argv[1:]
    main(int(given[0]) if given else TAKES, float(given[1]) if len(given) > 1 else MINUTES)
