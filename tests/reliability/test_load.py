"""A few takes leave nothing behind in the program; hours of them are in benchmarks/reliability/load.py."""

import asyncio
import gc
import os
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from benchmarks.reliability.load import AppUnderLoad, score_batch, spoken_clips, use_of
from tests.support.recorders import FedRecording
from tests.support.scripted_whisper import build_scripted_whisper
from voicecoach.audio.intake import Intake
from voicecoach.config import Settings
from voicecoach.practice.listening import LiveListener, LiveRecording
from voicecoach.tui.screens.card import CardScreen
from voicecoach.tui.screens.judging import JudgingScreen
from voicecoach.tui.screens.practice import PracticeScreen

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="counts come from /proc")

WARM_TAKES = 2
MORE_TAKES = 3
OF_A_TAKE = (LiveListener, LiveRecording, FedRecording, Intake, PracticeScreen, JudgingScreen, CardScreen)


def alive() -> "Counter[str]":
    """How many there are of each object that belongs to one take."""
    gc.collect()
    return Counter(type(each).__name__ for each in gc.get_objects() if type(each) in OF_A_TAKE)


async def test_takes_leave_no_thread_no_open_file_and_no_object_behind(tmp_path: Path) -> None:
    model = build_scripted_whisper(tmp_path / "model", "of all that it flagged how many were right")
    settings = Settings(model=str(model), speak_questions=False, offer_download=False)
    of_other_tests = alive()
    load = AppUnderLoad(tmp_path / "home", settings)
    # Each thread that computes gets helpers of its own from its library: one thread makes them countable.
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
    clips = spoken_clips(count=2, seconds=3.0)
    async with load.app.run_test(size=(80, 24)) as pilot:
        for number in range(WARM_TAKES):
            await load.take(pilot, number, clips[number % 2], real_time=False)
        objects_before, before = alive(), use_of(os.getpid())
        for number in range(WARM_TAKES, WARM_TAKES + MORE_TAKES):
            await load.take(pilot, number, clips[number % 2], real_time=False)
        objects, now = alive(), use_of(os.getpid())
    assert load.coach.count_attempts() == WARM_TAKES + MORE_TAKES
    assert load.coach.unfinished_takes() == ()
    assert load.overflows == 0
    assert load.missing_s == pytest.approx(0.0, abs=1e-6)
    assert objects == objects_before
    # The microphone remembers its latest recording.
    assert max((objects - of_other_tests).values(), default=0) <= 1
    assert now.descriptors <= before.descriptors
    assert now.threads <= before.threads
    load.engines.history().close()


def test_a_batch_scores_every_recording(tmp_path: Path) -> None:
    load = score_batch(3, tmp_path)
    assert (load.takes, load.failed) == (3, 0)
    assert load.late.descriptors <= load.early.descriptors
    assert load.late.threads <= load.early.threads
