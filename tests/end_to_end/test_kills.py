"""The app killed at any moment; `python -m benchmarks.reliability.kills` does it 200 times."""

import os
import shutil
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from benchmarks.reliability.kills import HOMES, run
from benchmarks.reliability.ledger import Ledger, Said
from benchmarks.reliability.practising import home_paths
from tests.history.samples import new_attempt
from tests.support.sounds import noise, tone
from voicecoach.audio.hold import TakeHold
from voicecoach.audio.takes import Take, TakeStore
from voicecoach.audio.wav import BYTES_PER_SECOND, write_wav
from voicecoach.clip import SPEECH_RATE, AudioClip
from voicecoach.content.loader import find_bank_folders, load_bank
from voicecoach.history.sqlite import SqliteHistory

KILLS = 6
SPEECH = noise(10.0)
NOW = datetime(2026, 3, 1, 20, 0, tzinfo=UTC)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
@pytest.mark.timeout(900)
def test_nothing_is_lost_whenever_the_app_is_killed(tmp_path: Path) -> None:
    outcome = run(KILLS, tmp_path)
    assert outcome.problems == ()
    assert sum(outcome.kills.values()) == KILLS
    assert outcome.begun >= HOMES
    assert outcome.begun == outcome.with_card + outcome.unfinished + outcome.swept


class Home:
    """A home with a judged take and one that a kill cut short, and their ledger."""

    def __init__(self, folder: Path) -> None:
        self.paths = home_paths(folder)
        self.ledger = Ledger(self.paths, load_bank(find_bank_folders(None, folder / "none")), SPEECH.samples)
        self.judged, self.cut_short = self._take(0, 2.0, 2.0), self._take(3 * SPEECH_RATE, 2.0, 1.7)
        self.add_attempt()

    def add_attempt(self) -> None:
        history = SqliteHistory(self.paths.database)
        history.add(new_attempt(take_id=self.judged.id))
        history.close()

    def say_otherwise(self) -> None:
        self.judged.audio.unlink()
        write_wav(self.judged.audio, tone(440, 2.0))

    def change_database(self, *statements: str) -> None:
        with closing(sqlite3.connect(self.paths.database)) as connection, connection:
            for statement in statements:
                connection.execute(statement)

    def _take(self, first: int, said_s: float, kept_s: float) -> Take:
        take = TakeStore(self.paths.takes).create("define-recall", NOW)
        write_wav(take.audio, AudioClip(SPEECH.samples[first:][: round(kept_s * SPEECH_RATE)], SPEECH_RATE))
        self.ledger.enter(take.id, Said(first, round(said_s * SPEECH_RATE)))
        return take


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def test_where_nothing_is_lost_nothing_is_wrong(home: Home) -> None:
    assert home.ledger.look() == []
    assert home.ledger.with_card == {home.judged.id}
    assert home.ledger.unfinished == {home.cut_short.id}
    assert home.ledger.most_lost_s == pytest.approx(0.3)
    assert home.ledger.look() == []


def test_a_take_too_short_to_be_an_answer_is_swept_and_counted(home: Home) -> None:
    os.truncate(home.cut_short.audio, 44 + round(0.4 * BYTES_PER_SECOND))
    home.ledger.enter(home.cut_short.id, Said(3 * SPEECH_RATE, round(0.5 * SPEECH_RATE)))
    assert home.ledger.look() == []
    assert home.ledger.swept == 1
    assert not home.cut_short.folder.exists()
    assert home.ledger.look() == []


DAMAGES: dict[str, tuple[Callable[[Home], object], str]] = {
    "sound lost": (lambda home: os.truncate(home.cut_short.audio, 44 + BYTES_PER_SECOND), "1.00 s of 2.00 s"),
    "other sound": (lambda home: home.say_otherwise(), "does not hold what was said"),
    "no sound": (lambda home: home.cut_short.audio.unlink(), "cannot be read"),
    "take gone": (lambda home: shutil.rmtree(home.cut_short.folder), "is gone"),
    "attempt without its take": (lambda home: shutil.rmtree(home.judged.folder), "its take is gone"),
    "held": (lambda home: TakeHold(home.cut_short.folder), "neither in the history nor offered"),
    "two attempts": (lambda home: home.add_attempt(), "has 2 attempts"),
    "no card": (lambda home: home.change_database("DELETE FROM cards"), "lacks its transcript or card"),
    "half a card": (
        lambda home: home.change_database("UPDATE cards SET card = substr(card, 1, 200)"),
        "cannot be read",
    ),
    "a card of nothing": (
        lambda home: home.change_database("INSERT INTO cards VALUES (99, '{}')"),
        "foreign keys",
    ),
    "standings": (
        lambda home: home.change_database("UPDATE standings SET attempts = 2"),
        "standings count 2",
    ),
    "a damaged page": (
        lambda home: home.paths.database.write_bytes(
            home.paths.database.read_bytes()[:8192] + os.urandom(8192)
        ),
        "fails",
    ),
    "a stray file": (lambda home: (home.paths.takes / "x.partial").write_bytes(b""), "was left lying"),
    "a stray folder": (lambda home: (home.paths.takes / "empty").mkdir(), "was left lying"),
    "a stray take": (
        lambda home: write_wav(
            TakeStore(home.paths.takes).create("define-recall", NOW).audio,
            AudioClip(np.zeros(SPEECH_RATE, np.int16), SPEECH_RATE),
        ),
        "nobody began it",
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_the_ledger_sees_whatever_is_wrong(home: Home, damage: str) -> None:
    spoil, told = DAMAGES[damage]
    held = spoil(home)
    assert any(told in problem for problem in home.ledger.look()), home.ledger.look()
    if isinstance(held, TakeHold):
        held.release()
