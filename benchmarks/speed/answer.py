"""From the stop of a 90-second answer to its card, live against record-then-transcribe, engine by engine.

    python -m benchmarks.speed.answer

Each engine runs in a process of its own, in the real app on Textual's headless screen. A synthetic voice
answers; its sound is fed in real time through the recorder's own intake and file. "Live" is from the key that
stops to the painted card. "Batch" has the same take judged from its file alone, from the message that asks
for it to the painted card: what an app does that records, then transcribes. Whisper models have the true
shapes, with random weights and a decoder that says what sounds (tests/support/sounding_whisper.py), so the
arithmetic is the real one; PocketSphinx is itself.
"""

import asyncio
import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING

import numpy as np

from tests.support.marked_speech import mark_speech
from tests.support.recorders import FedEngines
from tests.support.sounding_whisper import SHAPES, build_sounding_whisper
from tests.support.words import word_errors
from voicecoach.audio.silero import SileroActivity
from voicecoach.audio.takes import Take, TakeStore
from voicecoach.clip import SPEECH_RATE, AudioClip, Samples
from voicecoach.config import Paths, Settings
from voicecoach.content.loader import find_bank_folders, load_bank
from voicecoach.content.model import Question
from voicecoach.practice.coach import Coach
from voicecoach.tui.app import VoicecoachApp
from voicecoach.tui.desk import SettingsDesk
from voicecoach.tui.messages import JudgeWanted, PracticeWanted
from voicecoach.tui.opening import Opening
from voicecoach.tui.screens.card import CardScreen
from voicecoach.tui.screens.practice import PracticeScreen
from voicecoach.voice.espeak import EspeakVoice

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.pilot import Pilot

QUESTION = "project-walkthrough"
ANSWER_S = 90.0
MOMENT_S = 1.0
"""Between the last word and the stop, where the speaker pauses a moment."""

INSTANT_S = 0.1
"""The same, where the speaker does not."""

PAUSE_S = (0.4, 0.7, 1.2)
"""Between sentences, in turn."""

BLOCK_S = 0.1
RUNS = 3
POCKETSPHINX = "pocketsphinx"
ENGINES = {"tiny": "tiny.en", "base": "base.en", "small": "small.en", POCKETSPHINX: ""}
"""Names in the results, and the shapes behind them."""


@dataclass(frozen=True, slots=True)
class EngineTimes:
    """One engine on one machine.

    Attributes:
        live_s: Median from stop to card, after a moment's pause.
        batch_s: Median of the same take judged from its file.
        instant_s: From stop to card where the speaker stops on the last word; one run.
        real_time_factor: Batch time per second of audio.
        busy_live: Processor seconds per second of recording, the whole app's.
        peak_mb: Largest resident memory of the app while it recorded and judged live.
        peak_after_batch_mb: The same once takes have been judged from their files too.
        word_difference: Word errors of live against batch, as a share of batch's words.
        word_errors_live: Word errors of live against what was said, where that is known; else None.
        word_errors_batch: The same of batch.
    """

    live_s: float
    batch_s: float
    instant_s: float
    real_time_factor: float
    busy_live: float
    peak_mb: float
    peak_after_batch_mb: float
    word_difference: float
    word_errors_live: float | None
    word_errors_batch: float | None

    @property
    def ratio(self) -> float:
        """How many times faster live is."""
        return self.batch_s / self.live_s


def measure(engines: Sequence[str] = tuple(ENGINES), runs: int = RUNS) -> dict[str, EngineTimes]:
    """Every engine in turn.

    Args:
        engines: Names from ENGINES.
        runs: Live and batch answers of each.
    """
    found = {}
    with tempfile.TemporaryDirectory(prefix="voicecoach-speed") as folder:
        for engine in engines:
            home = Path(folder, engine)
            command = [
                sys.executable,
                "-m",
                "benchmarks.speed.answer",
                "--child",
                engine,
                str(runs),
                str(home),
            ]
            subprocess.run([*command, "prepare"], check=True)
            done = subprocess.run([*command, "measure"], check=True, stdout=subprocess.PIPE, text=True)
            found[engine] = EngineTimes(**json.loads(done.stdout.splitlines()[-1]))
            shutil.rmtree(home)
    return found


def table(times: dict[str, EngineTimes]) -> str:
    """The figures as lines of text."""
    lines = [
        f"Stop to card, {ANSWER_S:.0f}-second answer (medians, s)",
        f"{'':12} {'live':>6} {'batch':>6} {'ratio':>6} {'at once':>8} {'RTF':>6} {'busy':>6}"
        f" {'peak MB':>8} {'live-batch words':>17} {'errors live/batch':>18}",
    ]
    for engine, t in times.items():
        errors = (
            "-"
            if t.word_errors_live is None or t.word_errors_batch is None
            else f"{t.word_errors_live:.1%} / {t.word_errors_batch:.1%}"
        )
        lines.append(
            f"{engine:12} {t.live_s:6.2f} {t.batch_s:6.2f} {t.ratio:5.1f}x {t.instant_s:8.2f}"
            f" {t.real_time_factor:6.3f} {t.busy_live:6.2f} {t.peak_mb:8.0f} {t.word_difference:17.1%}"
            f" {errors:>18}"
        )
    return "\n".join(lines)


def spoken_answer(seconds: float) -> AudioClip:
    """A synthetic voice that speaks for so long, its last word at the end.

    Returns:
        16 kHz; pauses hold the faint noise of a room.
    """
    import soxr  # noqa: PLC0415 - as heavy imports elsewhere

    bank = load_bank(find_bank_folders(None, Path()))
    voice = EspeakVoice("en-us+klatt4", 175)
    room = np.random.default_rng(0)
    parts: list[Samples] = []
    needed = round(seconds * SPEECH_RATE)
    sentences = [
        s.strip() + "." for q in bank.questions if q.kind == "story" for s in q.model_answer.split(".")
    ]
    for number, sentence in enumerate(s for s in sentences if len(s) > 2):
        clip = voice.synthesize(sentence)
        sound = soxr.resample(clip.samples, clip.rate, SPEECH_RATE)
        loud = np.flatnonzero(np.abs(sound) > 200)
        pause = np.zeros(round(PAUSE_S[number % len(PAUSE_S)] * SPEECH_RATE), np.int16)
        parts += [sound[loud[0] : loud[-1]], pause]
        if sum(map(len, parts)) - len(pause) >= needed:
            break
    samples = np.concatenate(parts[:-1])[-needed:]
    noisy = samples + room.normal(0, 8, len(samples))
    return AudioClip(np.clip(noisy, -32768, 32767).astype(np.int16), SPEECH_RATE)


class _Bench:
    """One engine's app, its microphone fed in real time."""

    def __init__(self, engine: str, home: Path) -> None:
        self.engine = engine
        self.paths = Paths(home / "settings.toml", home / "data", home / "cache")
        settings = Settings(engine="pocketsphinx", speak_questions=False)
        if engine != POCKETSPHINX:
            settings = Settings(model=str(home / "model"), speak_questions=False)
        self.engines = FedEngines(settings, self.paths)
        self.coach = Coach(
            self.engines,
            load_bank(find_bank_folders(None, home / "none")),
            self.paths.takes,
            lambda: datetime.now(UTC),
        )
        self.question: Question = self.coach.question(QUESTION)
        self.app = VoicecoachApp(
            lambda: self.coach,
            SettingsDesk(self.paths.settings_file, settings),
            Opening("practice", QUESTION),
        )
        self.busy: list[float] = []

    async def live(self, pilot: "Pilot[None]", clip: AudioClip) -> float:
        """Record a clip in real time, stop at its end; seconds from the key to the painted card."""
        if not isinstance(self.app.screen, PracticeScreen):
            self.app.post_message(PracticeWanted(self.question))
        await _until(lambda: isinstance(self.app.screen, PracticeScreen))
        # The question would be read meanwhile, and the engines warm.
        await _until(lambda: "Recogniser:" in str(self.app.screen.query_one("#listener").render()))
        await pilot.press("space")
        screen = self.app.screen
        await _until(lambda: isinstance(screen, PracticeScreen) and screen.answering.stage == "recording")
        busy_before = time.process_time()
        fed, stopped = Event(), Event()
        feeder = Thread(target=partial(self._feed, clip, fed, stopped))
        feeder.start()
        await _until(fed.is_set)
        self.busy.append((time.process_time() - busy_before) / clip.duration_s)
        took = await self._card(pilot, partial(self.app.simulate_key, "space"))
        stopped.set()
        feeder.join()
        return took

    async def batch(self, pilot: "Pilot[None]", take: Take) -> float:
        """Judge a copy of a take from its file; seconds from the message to the painted card."""
        copy = TakeStore(self.paths.takes).create(QUESTION, datetime.now(UTC))
        shutil.copy(take.audio, copy.audio)
        wanted = JudgeWanted(self.question, partial(self.coach.judge_take, copy), copy)
        return await self._card(pilot, partial(self.app.post_message, wanted))

    def words(self) -> list[str]:
        """Of the latest attempt."""
        attempt = self.coach.attempt(self.coach.attempts(limit=1)[0].id)
        return [] if attempt is None else [word.text for word in attempt.transcript.words]

    async def _card(self, pilot: "Pilot[None]", ask: "Callable[[], object]") -> float:
        """Seconds from asking for a card to the painted one."""
        before = self.app.screen
        began = time.perf_counter()
        ask()
        await _until(lambda: isinstance(self.app.screen, CardScreen) and self.app.screen is not before)
        await pilot.pause()
        return time.perf_counter() - began

    def _feed(self, clip: AudioClip, fed: Event, stopped: Event) -> None:
        block = round(BLOCK_S * SPEECH_RATE)
        quiet = np.zeros(block, np.int16)
        began = time.perf_counter()
        number = 0
        while not stopped.is_set():
            start = number * block
            if start >= len(clip.samples):
                fed.set()
            self.engines.recording.feed(clip.samples[start : start + block] if not fed.is_set() else quiet)
            number += 1
            stopped.wait(max(0.0, began + number * BLOCK_S - time.perf_counter()))


async def _until(condition: "Callable[[], bool]") -> None:
    while not condition():
        await asyncio.sleep(0.002)


async def _measure(engine: str, runs: int, home: Path) -> EngineTimes:
    moment = AudioClip(np.load(home / "moment.npy"), SPEECH_RATE)
    instant = AudioClip(np.load(home / "instant.npy"), SPEECH_RATE)
    said = json.loads((home / "said.json").read_text("utf-8"))
    bench = _Bench(engine, home)
    live_s, batch_s, live_words, batch_words = [], [], [], []
    async with bench.app.run_test(size=(120, 40)) as pilot:
        await _until(lambda: isinstance(bench.app.screen, PracticeScreen))
        takes = []
        for _ in range(runs):
            live_s.append(await bench.live(pilot, moment))
            live_words.append(bench.words())
            takes.append(bench.engines.recording.take)
        instant_s = await bench.live(pilot, instant)
        peak_mb = _peak_mb()
        for take in takes:
            batch_s.append(await bench.batch(pilot, take))
            batch_words.append(bench.words())
    differences = [
        word_errors(batch, live) / len(batch) for live, batch in zip(live_words, batch_words, strict=True)
    ]

    def errors(heard: list[list[str]]) -> float | None:
        return statistics.median(word_errors(said, words) / len(said) for words in heard) if said else None

    return EngineTimes(
        live_s=statistics.median(live_s),
        batch_s=statistics.median(batch_s),
        instant_s=instant_s,
        real_time_factor=statistics.median(batch_s) / moment.duration_s,
        busy_live=statistics.median(bench.busy),
        peak_mb=peak_mb,
        peak_after_batch_mb=_peak_mb(),
        word_difference=statistics.median(differences),
        word_errors_live=errors(live_words),
        word_errors_batch=errors(batch_words),
    )


def _prepare(engine: str, home: Path) -> None:
    """Model and sound are made in a process of their own, so that the memory for it is not counted."""
    home.mkdir(parents=True)
    clip = spoken_answer(ANSWER_S - MOMENT_S)
    said: list[str] = []
    if engine != POCKETSPHINX:
        build_sounding_whisper(home / "model", SHAPES[ENGINES[engine]])
        clip, words = mark_speech(clip, SileroActivity().speech)
        said = [word.text for word in words]
    for name, quiet_s in (("moment", MOMENT_S), ("instant", INSTANT_S)):
        np.save(
            home / f"{name}.npy",
            np.concatenate((clip.samples, np.zeros(round(quiet_s * clip.rate), np.int16))),
        )
    (home / "said.json").write_text(json.dumps(said), "utf-8")


def _peak_mb() -> float:
    """Largest resident memory of this process so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10


def _child(engine: str, runs: str, home: str, step: str) -> None:
    if step == "prepare":
        _prepare(engine, Path(home))
    else:
        print(json.dumps(asdict(asyncio.run(_measure(engine, int(runs), Path(home))))))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        _child(*sys.argv[2:])
    else:
        print(table(measure()))
