"""Two programs over one home: nothing is mixed up, and one that waits in vain says why."""

import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from tests.history.samples import new_attempt
from tests.support.installation import REPOSITORY
from tests.support.practising import SPOKEN, one_line, practising
from tests.support.scripted_whisper import build_scripted_whisper
from tests.support.sounds import noise
from voicecoach.audio.decode import decode
from voicecoach.audio.wav import read_wav
from voicecoach.clip import AudioClip
from voicecoach.config import Settings
from voicecoach.errors import HistoryError
from voicecoach.history import database as database_module
from voicecoach.history.sqlite import SqliteHistory
from voicecoach.practice.events import UNKEPT

TAKES = 5
SAID = ("of all that it flagged how many were really positive", "of all the real ones how many it found")

RECORD_AND_JUDGE = """
import json, sys
from pathlib import Path
from tests.support.practising import SPOKEN, Practice
from tests.support.sounds import joined, noise
from voicecoach.audio.decode import decode
from voicecoach.clip import AudioClip
from voicecoach.config import Settings
home, model, takes, seed = sys.argv[1:]
practice = Practice(Path(home), Settings(model=model))
speech = decode(SPOKEN)
speech = AudioClip(speech.samples[: 3 * speech.rate], speech.rate)
practice.coach.warm(practice.question())
print("ready", flush=True)
sys.stdin.readline()
for number in range(int(takes)):
    # Each take ends with noise of its own, so that its sound can be told from every other's.
    clip = joined(speech, noise(0.5, level=0.01, seed=100 * int(seed) + number))
    attempt = practice.judge(practice.record(clip))
    practice.coach.unfinished_takes()
    told = {"id": attempt.id, "take": attempt.take_id, "text": attempt.transcript.text, "number": number}
    print(json.dumps(told), flush=True)
practice.close()
"""

HOLD_THE_LOCK = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.readline()
connection.execute("ROLLBACK")
connection.close()
"""


def program(code: str, *arguments: str) -> "subprocess.Popen[str]":
    """A program that has said its first line."""
    process = subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    first = process.stdout.readline()
    assert first in ("ready\n", "held\n"), process.communicate()[1]
    return process


@contextmanager
def locked(database: Path) -> Iterator[None]:
    """Meanwhile another program is writing to the history."""
    holder = program(HOLD_THE_LOCK, str(database))
    try:
        yield
    finally:
        _, complaint = holder.communicate("enough\n")
        assert holder.returncode == 0, complaint


def test_two_windows_record_and_judge_without_mixing_anything_up(tmp_path: Path) -> None:
    models = [build_scripted_whisper(tmp_path / f"model-{n}", text) for n, text in enumerate(SAID)]
    windows = [
        program(RECORD_AND_JUDGE, str(tmp_path / "home"), str(model), str(TAKES), str(seed))
        for seed, model in enumerate(models)
    ]
    for window in windows:
        assert window.stdin
        window.stdin.write("go\n")
        window.stdin.flush()
    told = []
    for window in windows:
        printed, complaint = window.communicate()
        assert window.returncode == 0, complaint
        told.append([json.loads(line) for line in printed.splitlines()])
    assert [len(lines) for lines in told] == [TAKES, TAKES]
    assert len({line["id"] for lines in told for line in lines}) == 2 * TAKES
    assert len({line["take"] for lines in told for line in lines}) == 2 * TAKES
    with practising(tmp_path / "home", Settings(model=str(models[0]))) as afterwards:
        coach = afterwards.coach
        assert coach.count_attempts() == 2 * TAKES
        assert coach.unfinished_takes() == ()
        for seed, (lines, said) in enumerate(zip(told, SAID, strict=True)):
            for line in lines:
                attempt = coach.attempt(line["id"])
                assert attempt is not None
                assert attempt.take_id == line["take"]
                assert attempt.transcript.text.startswith(said)
                end = noise(0.5, level=0.01, seed=100 * seed + line["number"]).samples
                sound = read_wav(afterwards.paths.takes / line["take"] / "audio.wav").samples
                assert np.array_equal(sound[-len(end) :], end)


def test_a_card_that_waits_for_the_history_in_vain_is_shown_and_its_take_offered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_module, "_BUSY_TIMEOUT_MS", 100)
    model = build_scripted_whisper(tmp_path / "model", SAID[0])
    speech = decode(SPOKEN)
    with practising(tmp_path / "home", Settings(model=str(model))) as practice:
        first = practice.typed(SAID[0])
        take = practice.record(AudioClip(speech.samples[: 3 * speech.rate], speech.rate))
        with locked(practice.paths.database):
            attempt = practice.judge(take)
            assert attempt.id == UNKEPT
            (notice,) = (line for line in attempt.card.notices if "could not be kept" in line)
            assert "in use by another program" in notice
            assert practice.coach.unfinished_takes() == (take,)
            assert [row.id for row in practice.coach.attempts()] == [first.id], "reading goes on"
            with pytest.raises(HistoryError, match="in use by another program") as caught:
                practice.engines.history().delete(first.id)
            assert one_line(caught.value)
        assert practice.judge(take).id != UNKEPT
        assert practice.coach.unfinished_takes() == ()


def test_an_attempt_waits_for_a_window_that_is_only_slow(tmp_path: Path) -> None:
    database = tmp_path / "history.sqlite3"
    history = SqliteHistory(database)
    with ThreadPoolExecutor(1) as pool:
        with locked(database):
            adding = pool.submit(history.add, new_attempt())
            with pytest.raises(TimeoutError):
                adding.result(timeout=0.5)
        kept = adding.result()
    assert [row.id for row in history.rows()] == [kept.id]
    history.close()
