"""What was said in a home before its app was killed, and what the next start must find."""

import os
import random
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from benchmarks.reliability.practising import SETTINGS
from voicecoach.audio.takes import Take, TakeStore
from voicecoach.audio.wav import read_wav
from voicecoach.clip import SPEECH_RATE, Samples
from voicecoach.config import Paths
from voicecoach.content.model import Bank
from voicecoach.errors import HistoryError, NoSpeechError, VoicecoachError
from voicecoach.practice.coach import SWEEP_AFTER, Coach
from voicecoach.practice.events import UNKEPT, Judged
from voicecoach.practice.hearing import SHORTEST_TAKE_S
from voicecoach.wiring import WiredEngines

MOST_LOST_S = 0.5
"""Of a take's end."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a take was given.

    Attributes:
        first: Where in the speech it begins, in samples.
        samples: How many, at the most.
    """

    first: int
    samples: int


class Ledger:
    """Every take that was begun in one home. It looks with the product's own code, as the next start does.

    Args:
        paths: The home.
        bank: What was asked.
        speech: What answers are parts of, 16 kHz, shape (n,).

    Attributes:
        begun: How many takes were.
        swept: How many of them were deleted, having had less than half a second of sound.
        with_card: Names of those that have an attempt, as of the last look.
        unfinished: Names of those that are offered, as of the last look.
        most_lost_s: The most that any take lacked of what it had been given, in seconds.
    """

    def __init__(self, paths: Paths, bank: Bank, speech: Samples) -> None:
        self._paths = paths
        self._bank = bank
        self._speech = speech
        self._said: dict[str, Said] = {}
        self.begun = 0
        self.swept = 0
        self.with_card: frozenset[str] = frozenset()
        self.unfinished: frozenset[str] = frozenset()
        self.most_lost_s = 0.0

    def enter(self, take_id: str, said: Said) -> None:
        """Write down a take that someone began."""
        self.begun += 1
        self._said[take_id] = said

    def seconds(self, take_id: str) -> float:
        """Length of a take's sound on disk."""
        take = TakeStore(self._paths.takes).find(take_id)
        return 0.0 if take is None else TakeStore(self._paths.takes).seconds(take)

    def look(self) -> list[str]:
        """Start again; returns what is wrong, a line each.

        The clock of this start is ahead, so that what is swept away a minute after a crash is swept now.
        """
        problems = self._sounds()
        try:
            with self._coach() as coach:
                problems += self._attempts(coach)
                problems += self._takes(coach)
        except VoicecoachError as error:
            return [*problems, f"the next start fails: {error}"]
        return problems + self._database() + self._strays(vectors="*")

    def judge_unfinished(self, at_most: int, seed: int) -> tuple[int, int, list[str]]:
        """Judge some of the unfinished takes, as a person does who is offered them.

        Args:
            at_most: How many.
            seed: Draws them.

        Returns:
            How many have a card now, how many hold no words, and what is wrong, a line each.
        """
        judged = wordless = 0
        problems: list[str] = []
        for half_written in self._paths.vectors.glob("*.partial"):
            os.utime(half_written, (time.time() - 2 * SWEEP_AFTER.total_seconds(),) * 2)
        with self._coach() as coach:
            takes = coach.unfinished_takes()
            chosen = random.Random(seed).sample(takes, min(at_most, len(takes)))  # noqa: S311 - nothing secret
            for take in chosen:
                try:
                    *_, last = coach.judge_take(take)
                except NoSpeechError:
                    wordless += 1
                except VoicecoachError as error:
                    problems.append(f"{take.id}: cannot be judged: {error}")
                else:
                    if isinstance(last, Judged) and last.attempt.id != UNKEPT:
                        judged += 1
                    else:
                        problems.append(f"{take.id}: its card was not kept")
        problems += self.look()
        if chosen:
            problems += self._strays(vectors="*.npy")
        return judged, wordless, problems

    @contextmanager
    def _coach(self) -> Iterator[Coach]:
        engines = WiredEngines(SETTINGS, self._paths)
        try:
            yield Coach(engines, self._bank, self._paths.takes, lambda: datetime.now(UTC) + 2 * SWEEP_AFTER)
        finally:
            engines.history().close()

    def _sounds(self) -> list[str]:
        """Whether each take holds what was said, but for its last moment. Before anything is swept."""
        store = TakeStore(self._paths.takes)
        problems = []
        for take_id, said in self._said.items():
            take = store.find(take_id)
            problem = "is gone" if take is None else self._sound(take, said)
            if problem:
                problems.append(f"{take_id}: {problem}")
        return problems

    def _sound(self, take: Take, said: Said) -> str:
        try:
            found = read_wav(take.audio).samples
        except VoicecoachError as error:
            return str(error)
        lost_s = (said.samples - len(found)) / SPEECH_RATE
        self.most_lost_s = max(self.most_lost_s, lost_s)
        if lost_s > MOST_LOST_S:
            return f"{lost_s:.2f} s of {said.samples / SPEECH_RATE:.2f} s are lost"
        if lost_s < 0 or not np.array_equal(found, self._speech[said.first : said.first + len(found)]):
            return "it does not hold what was said"
        return ""

    def _attempts(self, coach: Coach) -> list[str]:
        """Whether each attempt reads back whole, with its sound, and no take has two."""
        problems = []
        rows = coach.attempts()
        for row in rows:
            try:
                attempt = coach.attempt(row.id)
            except HistoryError as error:
                problems.append(str(error))
                continue
            if attempt is None:
                problems.append(f"attempt {row.id}: lacks its transcript or card")
            elif not attempt.transcript.words or attempt.card.overall != row.overall:
                problems.append(f"attempt {row.id}: its transcript or card is not what was kept")
            elif coach.sound_of(attempt) is None:
                problems.append(f"attempt {row.id}: its take is gone")
        if coach.count_attempts() != len(rows):
            problems.append(f"{len(rows)} attempts, but the standings count {coach.count_attempts()}")
        counted = Counter(row.take_id for row in rows if row.take_id)
        problems += [f"{take_id}: has {count} attempts" for take_id, count in counted.items() if count > 1]
        self.with_card = frozenset(counted)
        return problems

    def _takes(self, coach: Coach) -> list[str]:
        """Whether each take has an attempt or is offered, but for those too short to be an answer."""
        short = {take_id for take_id in self._said if self.seconds(take_id) < SHORTEST_TAKE_S}
        self.unfinished = frozenset(take.id for take in coach.unfinished_takes())
        missing = self._said.keys() - self.with_card - self.unfinished
        for take_id in missing & short:
            del self._said[take_id]
            self.swept += 1
        unknown = (self.with_card | self.unfinished) - self._said.keys()
        return [
            *(f"{take_id}: is neither in the history nor offered" for take_id in sorted(missing - short)),
            *(f"{take_id}: nobody began it" for take_id in sorted(unknown)),
        ]

    def _database(self) -> list[str]:
        """Whether SQLite finds its file whole."""
        with closing(sqlite3.connect(self._paths.database)) as connection:
            checks = [row[0] for row in connection.execute("PRAGMA quick_check")]
            dangling = connection.execute("PRAGMA foreign_key_check").fetchall()
        problems = [] if checks == ["ok"] else [f"quick_check: {line}" for line in checks]
        return problems + [f"foreign keys: {row}" for row in dangling]

    def _strays(self, vectors: str) -> list[str]:
        """Files that belong to no take, history or cache, and empty folders among the takes.

        Args:
            vectors: What may lie in the cache. Its half-written files are swept when it is next used.
        """
        takes = self._paths.takes
        kept = self.with_card | self.unfinished
        belong = {self._paths.database, *self._paths.vectors.glob(vectors)}
        for take_id in kept:
            belong |= {takes / take_id / name for name in ("take.json", "audio.wav", "live.lock")}
        lying = {path for path in self._paths.settings_file.parent.rglob("*") if path.is_file()}
        lying |= {path for path in takes.glob("*") if path.is_dir() and not any(path.iterdir())}
        return [f"{path}: was left lying" for path in sorted(lying - belong)]
