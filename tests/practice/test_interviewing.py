"""Rounds over a real history and real takes: what an earlier sitting left."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.practising import SPOKEN, Practice, practising
from tests.support.scripted_whisper import build_scripted_whisper
from voicecoach.audio.decode import decode
from voicecoach.audio.takes import Take
from voicecoach.clip import AudioClip
from voicecoach.config import Settings
from voicecoach.history.rounds import RoundRun
from voicecoach.practice.interviewing import Interviewer


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    model = build_scripted_whisper(tmp_path / "model", "i would look at the recall of the rare class")
    with practising(tmp_path, Settings(model=str(model))) as started:
        yield started


def answered(practice: Practice, seconds: float) -> tuple[Interviewer, RoundRun, Take]:
    """A round to whose first question so much was said, which nobody has judged yet."""
    interviewer = Interviewer(practice.coach)
    run = interviewer.begin("technical-screening")
    clip = decode(SPOKEN)
    recording = practice.coach.start_recording(practice.question(run.answers[0].question_id))
    practice.say(AudioClip(clip.samples[: int(seconds * clip.rate)], clip.rate))
    take = recording.stop()
    interviewer.recorded(run.answers[0], take)
    return interviewer, kept(practice, run), take


def kept(practice: Practice, run: RoundRun) -> RoundRun:
    found = practice.engines.rounds().get(run.id)
    assert found is not None
    return found


def test_an_answer_that_is_still_being_judged_is_neither_judged_twice_nor_asked_again(
    practice: Practice,
) -> None:
    interviewer, run, take = answered(practice, 4.0)
    judging = practice.coach.judge_take(take)
    next(judging)
    assert interviewer.left_over(run) == ()
    assert kept(practice, run).answers[0].take_id == take.id
    list(judging)
    assert interviewer.left_over(run) == ()
    assert kept(practice, run).answers[0].attempt_id is not None


def test_an_answer_that_nobody_judges_any_more_is_left_over_until_its_take_is_deleted(
    practice: Practice,
) -> None:
    interviewer, run, take = answered(practice, 4.0)
    assert interviewer.left_over(run) == ((run.answers[0], take),)
    practice.coach.discard_take(take)
    assert interviewer.left_over(run) == ()
    assert kept(practice, run).answers[0].is_waiting


def test_an_answer_with_next_to_no_sound_is_asked_again(practice: Practice) -> None:
    interviewer, run, _ = answered(practice, 0.2)
    assert interviewer.left_over(run) == ()
    assert kept(practice, run).answers[0].is_waiting
