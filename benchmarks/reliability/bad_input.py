"""Ten thousand bad inputs through everything that reads what comes from outside.

Each parser runs in a process of its own, so that a crash or a hang of a C library is seen and told:

    python -m benchmarks.reliability.bad_input [--cases 10000] [--only "audio file"]

The cases are the same in every run. A case fails when it ends in anything but a value or a VoicecoachError,
in an error that is no readable line, in a crash, or takes longer than HANG_S; a parser fails too when it
grows by more than MOST_MB or writes a traceback to stderr.
"""

import argparse
import contextlib
import faulthandler
import multiprocessing
import os
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings

from tests.support.bad_input import PARSERS, Parser, attempt

HANG_S = 60.0
"""A case that takes longer counts as a hang; its process is ended."""

MOST_MB = 1_000
"""By so much a parser may grow: two hours of sound are 230 MB, in the decoder and as samples."""


MOST_SHOWN = 20
"""Failures that are told in full."""


@dataclass(slots=True)
class Tally:
    """What became of a parser's cases; memory in MB, over what the process had before the first."""

    cases: int = 0
    accepted: int = 0
    refused: int = 0
    slowest_ms: float = 0.0
    peak_mb: float = 0.0
    failures: list[str] = field(default_factory=list)


def main() -> int:
    """Run all and print the table; returns 1 where anything failed."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--cases", type=int, default=10_000, help="In all; bombs come on top.")
    options.add_argument("--only", help="Name of one parser.")
    chosen = options.parse_args()
    print("parser | cases | refused with a clear line | accepted | slowest ms | peak MB | failures")
    print("--- | --- | --- | --- | --- | --- | ---", flush=True)
    whole = sum(parser.share for parser in PARSERS)
    total = Tally()
    for parser in PARSERS:
        if chosen.only not in (None, parser.name):
            continue
        tally = _run(parser, -(-parser.share * chosen.cases // whole))
        _print_row(parser.name, tally)
        total.cases += tally.cases
        total.accepted += tally.accepted
        total.refused += tally.refused
        total.slowest_ms = max(total.slowest_ms, tally.slowest_ms)
        total.peak_mb = max(total.peak_mb, tally.peak_mb)
        total.failures += [f"{parser.name}: {failure}" for failure in tally.failures]
    _print_row("all", total)
    for failure in total.failures[:MOST_SHOWN]:
        print(f"\n{failure}")
    return 1 if total.failures else 0


def _print_row(name: str, tally: Tally) -> None:
    numbers = (tally.cases, tally.refused, tally.accepted, f"{tally.slowest_ms:.0f}", f"{tally.peak_mb:.0f}")
    print(" | ".join(map(str, (name, *numbers, len(tally.failures)))), flush=True)


def _run(parser: Parser, count: int) -> Tally:
    """One parser in a process of its own, watched from here."""
    context = multiprocessing.get_context("spawn")
    receiving, sending = context.Pipe(duplex=False)
    with tempfile.TemporaryDirectory(prefix="voicecoach-bad-input-") as name:
        folder = Path(name)
        process = context.Process(target=_work, args=(parser.name, count, folder, sending))
        process.start()
        sending.close()
        tally, died = _watch(receiving, process)
        told = (folder / "stderr").read_text("utf-8", "replace") if (folder / "stderr").exists() else ""
    if died:
        tally.failures.append(f"{died}\n{told[-3_000:]}")
    elif "Traceback" in told or "panicked" in told:
        tally.failures.append(f"wrote to stderr: {told[-3_000:]}")
    if tally.peak_mb > MOST_MB:
        tally.failures.append(f"grew by {tally.peak_mb:.0f} MB, and {MOST_MB} MB is the most")
    return tally


def _watch(receiving: Connection, process: Any) -> tuple[Tally, str]:
    """The tally, and how the process died before its end, if it did."""
    tally, ready = Tally(), False
    while True:
        # Models are loaded before the first case.
        if not receiving.poll(HANG_S if ready else 5 * HANG_S):
            process.kill()
            process.join()
            return tally, f"case {tally.cases + 1} hung: nothing for {HANG_S:.0f} s"
        try:
            news = receiving.recv()
        except EOFError:
            process.join()
            return (
                tally,
                "" if process.exitcode == 0 else f"died with {process.exitcode} in case {tally.cases + 1}",
            )
        ready = True
        tally = news if news is not None else tally


def _work(name: str, count: int, folder: Path, sending: Connection) -> None:
    """In the process: every case, and the tally after each."""
    with (folder / "stderr").open("w", encoding="utf-8") as errors:
        os.dup2(errors.fileno(), 2)
    faulthandler.enable()
    faulthandler.dump_traceback_later(5 * HANG_S)
    parser = next(parser for parser in PARSERS if parser.name == name)
    room = folder / "room"
    room.mkdir()
    cases, bombs, probe = parser.prepare(room)
    bombs = list(bombs)
    tally = Tally()
    sending.send(tally)
    _forget_peak()
    before = _peak_mb()

    def one(case: Any) -> None:
        _try(probe, case, tally)
        tally.peak_mb = max(tally.peak_mb, _peak_mb() - before)
        sending.send(tally)
        # A case that hangs is shown with where it hangs, just before the watcher ends the process.
        faulthandler.cancel_dump_traceback_later()
        faulthandler.dump_traceback_later(HANG_S - 5)

    for bomb in bombs:
        one(bomb)
    bounds = settings(
        max_examples=count,
        phases=[Phase.generate],
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    bounds(given(case=cases)(one))()


def _try(probe: Callable[[Any], None], case: Any, tally: Tally) -> None:
    started = time.perf_counter()
    try:
        if attempt(probe, case) == "accepted":
            tally.accepted += 1
        else:
            tally.refused += 1
    except Exception as error:
        where = " < ".join(
            f"{Path(f.filename).name}:{f.lineno}" for f in traceback.extract_tb(error.__traceback__)[::-1]
        )
        tally.failures.append(
            f"{type(error).__name__}: {str(error)[:300]} [{where[:300]}] for {repr(case)[:400]}"
        )
    tally.cases += 1
    tally.slowest_ms = max(tally.slowest_ms, 1_000 * (time.perf_counter() - started))


def _forget_peak() -> None:
    """Begin counting the peak anew, where the system can."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", "ascii")


def _peak_mb() -> float:
    """The most memory that this process has held at once."""
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text("ascii").splitlines()
        return next(int(line.split()[1]) / 1_000 for line in lines if line.startswith("VmHWM"))
    import resource  # noqa: PLC0415 - not on Windows

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


if __name__ == "__main__":
    sys.exit(main())
