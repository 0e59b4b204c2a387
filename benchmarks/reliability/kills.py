"""Kill the trainer at random moments of practice; after each kill, see whether anything was lost.

    python -m benchmarks.reliability.kills [COUNT]

A process practises with the real engines (PocketSphinx, Silero, MiniLM, SQLite): it records a few seconds of
speech in real time through the recorder's own intake and file, listens meanwhile, judges, saves, and begins
the next take. SIGKILL ends it. The kill is aimed at the phase with the fewest kills so far, in the process's
first take, while its engines still load, or its second; the moment within the phase is drawn. What counts is
the phase that the process reported last. Two homes are killed in at a time, each again and again, so that
every start follows a crash.

After each kill the product's own code starts in that home, and everything that was ever begun there is looked
for (see `ledger`). Sound lost is what the process had said it would deliver, the block in hand included, less
what the file holds: more than was lost, never less. Beside it stands how far the file was behind the clock,
where a recording was killed: that also counts what the process had not taken in, having been held up itself,
as it is while libraries load. It is told and not judged, for it grows with whatever else the machine does.

COUNT is 200 where it is left out. Ends with 1 if anything is wrong.
"""

import json
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import get_args

import numpy as np

from benchmarks.reliability.ledger import Ledger, Said
from benchmarks.reliability.practising import Phase, Report, home_paths
from voicecoach.audio.decode import decode
from voicecoach.clip import Samples
from voicecoach.content.loader import find_bank_folders, load_bank
from voicecoach.content.model import Bank

REPOSITORY = Path(__file__).parents[2]
SPEECH = REPOSITORY / "voicecoach" / "demo" / "answer.ogg"
COUNT = 200
SEED = 20261121
HOMES = 2
JUDGED_AFTERWARDS = 10
"""Unfinished takes of each home that are judged at the end."""

PATIENCE_S = 180.0
"""A process that has not reached its phase by then hangs."""

PHASES: tuple[Phase, ...] = get_args(Phase)

FIRST_GUESS_S: dict[Phase, float] = {
    "starting": 0.3,
    "creating": 0.02,
    "recording": 2.0,
    "stopping": 0.02,
    "transcribing": 0.5,
    "judging": 0.1,
    "saving": 0.02,
    "between": 0.05,
}
"""How long phases take, until some have been seen whole; only spreads the kills over them."""


@dataclass(frozen=True, slots=True)
class Aim:
    """What a kill is meant to hit.

    Attributes:
        phase: Of practice.
        number: Which take of the process; 0 before the first.
    """

    phase: Phase
    number: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of all kills.

    Attributes:
        kills: By phase.
        begun: Takes that were.
        with_card: Takes found with their attempt.
        unfinished: Takes found by being offered.
        swept: Takes with less than half a second of sound, which no start offers.
        most_lost_s: The most that any take lacked of what it had been given.
        most_behind_s: The most that a take lacked of the time from its start to the kill.
        judged: Unfinished takes that were judged at the end.
        wordless: Those among them in which no words were made out.
        problems: Whatever was wrong, a line each.
        took_s: All of it.
    """

    kills: dict[Phase, int]
    begun: int
    with_card: int
    unfinished: int
    swept: int
    most_lost_s: float
    most_behind_s: float
    judged: int
    wordless: int
    problems: tuple[str, ...]
    took_s: float


class Killer:
    """Kills what practises in one home.

    Args:
        home: A folder of its own; made when needed.
        bank: What is asked.
        speech: A file of numpy's with what is said.
        seed: Draws the moments.

    Attributes:
        ledger: What was begun there.
        kills: By phase.
        most_behind_s: See Outcome.
    """

    def __init__(self, home: Path, bank: Bank, speech: Path, seed: int) -> None:
        self._home = home
        self._speech = speech
        self._draw = random.Random(seed)  # noqa: S311 - nothing secret
        self._seen: defaultdict[Aim, list[float]] = defaultdict(list)
        samples: Samples = np.load(speech)
        self.ledger = Ledger(home_paths(home), bank, samples)
        self.kills: Counter[Phase] = Counter()
        self.most_behind_s = 0.0

    def kill(self) -> list[str]:
        """Practise, kill, look; returns what is wrong, a line each."""
        aim = self._aim()
        seed = self._draw.randrange(2**32)
        errors = self._home.with_suffix(".stderr")
        command = [sys.executable, "-m", "benchmarks.reliability.practising"]
        with (
            errors.open("wb") as stderr,
            subprocess.Popen(
                [*command, str(self._home), str(self._speech), str(seed)],
                cwd=REPOSITORY,
                stdout=subprocess.PIPE,
                stderr=stderr,
                text=True,
            ) as child,
        ):
            assert child.stdout is not None  # noqa: S101 - it was asked for
            watchdog = Timer(PATIENCE_S, child.kill)
            watchdog.start()
            try:
                reports = list(_until(aim, child.stdout))
                # This is the moment that was drawn, not a wait for anything.
                time.sleep(self._draw.uniform(0, self._usual_s(aim)))
                ended = child.poll()
                killed_at = time.monotonic()
            finally:
                watchdog.cancel()
                child.kill()
            reports += map(_report, child.stdout)
        if ended is not None or child.returncode != -signal.SIGKILL:
            last = reports[-1].phase if reports else "no phase"
            return [f"ended by itself or hung in {last}: {errors.read_text('utf-8')[-2000:]}"]
        self._learn(reports)
        self.kills[reports[-1].phase] += 1
        self._enter(reports, killed_at)
        return [f"after a kill in {reports[-1].phase}: {problem}" for problem in self.ledger.look()]

    def _aim(self) -> Aim:
        fewest = min(self.kills[phase] for phase in PHASES)
        phase = self._draw.choice([phase for phase in PHASES if self.kills[phase] == fewest])
        return Aim(phase, 0 if phase == "starting" else self._draw.choice((1, 2)))

    def _usual_s(self, aim: Aim) -> float:
        seen = self._seen[aim]
        return statistics.median(seen) if seen else FIRST_GUESS_S[aim.phase]

    def _learn(self, reports: list[Report]) -> None:
        """How long each phase took that was not killed."""
        begun = reports[0]
        for report in reports:
            if (report.phase, report.number) != (begun.phase, begun.number):
                self._seen[Aim(begun.phase, begun.number)].append(report.at - begun.at)
                begun = report

    def _enter(self, reports: list[Report], killed_at: float) -> None:
        takes = {report.take_id: report for report in reports if report.take_id}
        for take_id, report in takes.items():
            self.ledger.enter(take_id, Said(report.first, report.fed))
        last = reports[-1]
        if last.phase == "recording":
            began = next(r.at for r in reports if r.take_id == last.take_id and r.phase == "recording")
            behind_s = killed_at - began - self.ledger.seconds(last.take_id)
            self.most_behind_s = max(self.most_behind_s, behind_s)


def run(count: int, folder: Path, seed: int = SEED) -> Outcome:
    """Kill so many times.

    Args:
        count: Kills.
        folder: Holds the homes, which are left as the last kill and its check left them.
        seed: Draws everything.
    """
    began = time.monotonic()
    speech = folder / "speech.npy"
    np.save(speech, decode(SPEECH).samples)
    bank = load_bank(find_bank_folders(None, folder / "none"))
    killers = [Killer(folder / f"home{number}", bank, speech, seed + number) for number in range(HOMES)]
    shares = [len(range(number, count, HOMES)) for number in range(HOMES)]
    problems: list[str] = []
    with ThreadPoolExecutor(HOMES) as pool:
        for found in pool.map(_kill_often, killers, shares):
            problems += found
    judged = wordless = 0
    for killer in killers:
        cards, without_words, found = killer.ledger.judge_unfinished(JUDGED_AFTERWARDS, seed)
        judged, wordless, problems = judged + cards, wordless + without_words, problems + found
    ledgers = [killer.ledger for killer in killers]
    return Outcome(
        kills={phase: sum(killer.kills[phase] for killer in killers) for phase in PHASES},
        begun=sum(ledger.begun for ledger in ledgers),
        with_card=sum(len(ledger.with_card) for ledger in ledgers) - judged,
        unfinished=sum(len(ledger.unfinished) for ledger in ledgers) + judged,
        swept=sum(ledger.swept for ledger in ledgers),
        most_lost_s=max(ledger.most_lost_s for ledger in ledgers),
        most_behind_s=max(killer.most_behind_s for killer in killers),
        judged=judged,
        wordless=wordless,
        problems=tuple(problems),
        took_s=time.monotonic() - began,
    )


def table(outcome: Outcome) -> str:
    """The figures as lines of text."""
    total = sum(outcome.kills.values())
    per_kill_s = outcome.took_s / max(1, total)
    lines = [
        f"{total} kills in {outcome.took_s / 60:.1f} minutes ({per_kill_s:.1f} s each, {HOMES} at a time)",
        *(f"  {phase:14} {count:4}" for phase, count in outcome.kills.items()),
        f"takes begun        {outcome.begun:4}",
        f"  with a card      {outcome.with_card:4}",
        f"  offered again    {outcome.unfinished:4}",
        f"  under half a second, swept {outcome.swept:4}",
        f"  missing          {outcome.begun - outcome.with_card - outcome.unfinished - outcome.swept:4}",
        f"most sound lost    {outcome.most_lost_s:.2f} s of what was delivered, "
        f"{outcome.most_behind_s:.2f} s behind the clock",
        f"judged at the end  {outcome.judged:4}, and {outcome.wordless} in which no words were made out",
        f"anything wrong     {len(outcome.problems):4}",
    ]
    return "\n".join([*lines, *outcome.problems])


def _kill_often(killer: Killer, count: int) -> list[str]:
    problems: list[str] = []
    for number in range(1, count + 1):
        found = killer.kill()
        problems += found
        for problem in found:
            print(problem, flush=True)
        if number % 10 == 0:
            print(f"{number} of {count} in this home", flush=True)
    return problems


def _until(aim: Aim, lines: Iterable[str]) -> Iterator[Report]:
    """Reports up to that of the phase aimed at, or past its take where it had no such phase."""
    for line in lines:
        report = _report(line)
        yield report
        if (report.phase, report.number) == (aim.phase, aim.number) or report.number > aim.number:
            return


def _report(line: str) -> Report:
    return Report(**json.loads(line))


def main() -> int:
    """Kill, print, and say whether all is well."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    with tempfile.TemporaryDirectory(prefix="voicecoach-kills") as folder:
        outcome = run(count, Path(folder))
    print(table(outcome))
    return 1 if outcome.problems else 0


if __name__ == "__main__":
    sys.exit(main())
