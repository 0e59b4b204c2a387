"""Damage a history in every way that a disk can, repair it, and count what was saved.

    python -m benchmarks.reliability.damage

Prints one line for each kind of damage: how many histories, how many attempts were in them, how many came
back unchanged, how many were named as lost, and how many are neither there nor named, which must be none. A
flipped byte within a text may cost a letter only: such attempts are there, and not unchanged.
"""

import random
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.history.damage import PAGE, blank, cut, make, make_with_log, overwrite, read
from voicecoach.history.records import Attempt
from voicecoach.history.repair import repair
from voicecoach.history.sqlite import SqliteHistory

ATTEMPTS, FLIPS = 40, 200

Spoil = Callable[[Path], object]


def zeroed_pages(size: int) -> Iterator[Spoil]:
    """Each page made all zeros."""
    return (partial(blank, page=page) for page in range(size // PAGE))


def flipped_bytes(size: int) -> Iterator[Spoil]:
    """One byte of the file made another."""
    dice = random.Random(7)  # noqa: S311 - a fixed choice of places
    for _ in range(FLIPS):
        yield partial(_flip, at=dice.randrange(size), bits=dice.randrange(1, 256))


def truncations(size: int) -> Iterator[Spoil]:
    """The file cut at each twentieth of its length."""
    return (partial(cut, size=size * part // 20) for part in range(1, 20))


def cut_logs(size: int) -> Iterator[Spoil]:
    """The write-ahead log cut at each twentieth of its length, and a page of the database made all zeros."""
    return (partial(_cut_log, part=part, page=size // PAGE // 2) for part in range(1, 21))


def _flip(file: Path, at: int, bits: int) -> None:
    overwrite(file, at, bytes([file.read_bytes()[at] ^ bits]))


def _cut_log(file: Path, part: int, page: int) -> dict[int, Attempt]:
    """What SQLite itself finds after the cut, before the page is spoilt: the rest was never committed."""
    log = Path(f"{file}-wal")
    cut(log, log.stat().st_size * part // 20)
    with TemporaryDirectory() as folder:
        shutil.copytree(file.parent, folder, dirs_exist_ok=True)
        with closing(SqliteHistory(Path(folder) / file.name)) as history:
            committed = read(history)
    blank(file, page)
    return committed


def main() -> int:
    """Try all of it; the exit code is 1 when an attempt went missing without a word."""
    silent_in_all = 0
    with TemporaryDirectory() as folder:
        whole, logged = (
            Path(folder) / "whole" / "history.sqlite3",
            Path(folder) / "logged" / "history.sqlite3",
        )
        kept = make(whole, ATTEMPTS)
        kept_in_log = make_with_log(logged, ATTEMPTS // 2, ATTEMPTS // 2)
        for name, source, attempts, kinds in (
            ("a page of zeros", whole, kept, zeroed_pages),
            ("a flipped byte", whole, kept, flipped_bytes),
            ("a truncated file", whole, kept, truncations),
            ("a log cut off", logged, kept_in_log, cut_logs),
        ):
            silent_in_all += _report(name, source, attempts, kinds(source.stat().st_size))
    return 1 if silent_in_all else 0


def _report(name: str, source: Path, kept: dict[int, Attempt], spoils: Iterator[Spoil]) -> int:
    histories = attempts = unchanged = lost = silent = most = 0
    for spoil in spoils:
        file = source.parent.with_name("damaged") / source.name
        shutil.copytree(source.parent, file.parent)
        committed = spoil(file)
        there = committed if isinstance(committed, dict) else kept
        done = repair(file, datetime.now(UTC))
        with closing(SqliteHistory(file)) as history:
            found = read(history)
        same = sum(found.get(number) == attempt for number, attempt in there.items())
        named = {each.id for each in done.lost} if done else set()
        histories += 1
        attempts += len(there)
        unchanged += same
        lost += len(named)
        silent += len(there.keys() - found.keys() - named)
        most = max(most, len(there) - same)
        shutil.rmtree(file.parent)
    print(
        f"{name:<17} {histories:>4} histories {attempts:>6} attempts {unchanged:>6} unchanged"
        f" {lost:>5} named as lost {silent:>4} without a trace; {most} at most in one history"
    )
    return silent


if __name__ == "__main__":
    sys.exit(main())
