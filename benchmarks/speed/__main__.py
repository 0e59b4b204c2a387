"""Every speed figure in one run: `make bench`, or `python -m benchmarks.speed`.

Takes about half an hour, most of it spent speaking 90-second answers in real time; let the machine do nothing
else meanwhile. The figures are printed, and written to build/bench.json.
"""

import json
import os
import platform
import sys
from importlib.metadata import version
from pathlib import Path

from benchmarks.speed import answer, growth, idle, scoring, start

RESULTS = Path(__file__).parents[2] / "build" / "bench.json"
LIBRARIES = ("faster-whisper", "ctranslate2", "torch", "sentence-transformers", "pocketsphinx", "textual")


def main() -> None:
    """Measure, print, write."""
    _say(_machine())
    starts = start.measure()
    _say(start.table(starts))
    try:
        _say(idle.table(idle.measure()))
    except OSError:
        _say("idle: not measured, CPU time is read from /proc")
    scores = scoring.measure()
    _say(scoring.table(scores))
    growths = growth.measure()
    _say(growth.table(growths))
    answers = answer.measure()
    _say(answer.table(answers))
    results = {
        "stop_to_card": {
            engine: {"live_s": times.live_s, "batch_s": times.batch_s, "ratio": times.ratio}
            for engine, times in answers.items()
        },
        "score_ms": scores.score_ms,
        "embed_tail_ms": scores.embed_tail_ms,
        "first_frame_s": starts.first_frame_s,
        "import_textual_s": starts.import_textual_s,
        "peak_mb": {engine: times.peak_mb for engine, times in answers.items()},
        "home_ratio_100k": growths.home_ratio_100k,
    }
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=2) + "\n", "utf-8")
    _say(f"written to {RESULTS.relative_to(Path.cwd()) if RESULTS.is_relative_to(Path.cwd()) else RESULTS}")


def _machine() -> str:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return (
        f"{_processor()}, {cores} cores; {platform.system()}, Python {platform.python_version()}\n{libraries}"
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def _say(text: str) -> None:
    print(text, end="\n\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
