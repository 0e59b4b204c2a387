"""Recordings that somebody deletes or cuts, and clocks that jump: nothing is mixed up, and it is told."""

import os
from datetime import timedelta
from itertools import pairwise
from shutil import rmtree

import numpy as np
import pytest

from tests.support.practising import BEGAN, HEARD, Practice, one_line
from tests.support.sounds import joined, silence
from voicecoach.audio.takes import Take
from voicecoach.audio.wav import HEADER_BYTES, read_wav
from voicecoach.clip import AudioClip
from voicecoach.errors import HistoryError, NoSpeechError, UnreadableAudioError
from voicecoach.practice.coach import SWEEP_AFTER
from voicecoach.practice.events import UNKEPT
from voicecoach.practice.listening import LiveRecording


def heard_whole(practice: Practice, clip: AudioClip) -> Take:
    """Record an answer, and wait until it has been heard to its end."""
    recording = practice.begin()
    assert isinstance(recording, LiveRecording)
    practice.say(clip)
    take = recording.stop()
    recording.listener.result()
    return take


def left(practice: Practice, clip: AudioClip) -> Take:
    """Record an answer that is judged from its file alone, as at the next start."""
    recording = practice.begin()
    practice.say(clip)
    practice.coach.leave_recording(recording)
    return recording.take


def test_a_recording_deleted_after_it_was_heard_still_gives_its_card(
    practice: Practice, speech: AudioClip
) -> None:
    take = heard_whole(practice, speech)
    take.audio.unlink()
    attempt = practice.judge(take)
    assert attempt.transcript.text == HEARD
    assert attempt.card.notices == ("The last 4.0 s that were recorded are missing from the take's file.",)
    assert practice.coach.attempt(attempt.id) == attempt
    assert practice.coach.sound_of(attempt) is None


def test_a_recording_deleted_before_it_is_judged_is_one_line(practice: Practice, speech: AudioClip) -> None:
    take = left(practice, speech)
    take.audio.unlink()
    with pytest.raises(UnreadableAudioError, match="it is gone") as caught:
        practice.judge(take)
    assert str(take.audio) in one_line(caught.value)
    assert practice.coach.attempts() == ()


def test_a_recording_deleted_while_it_is_heard_is_one_line(practice: Practice, speech: AudioClip) -> None:
    recording = practice.begin()
    practice.say(speech)
    recording.take.audio.unlink()
    practice.say(speech)
    take = recording.stop()
    with pytest.raises(UnreadableAudioError, match="it is gone") as caught:
        practice.judge(take)
    assert one_line(caught.value)
    # The next one is not the worse for it.
    assert practice.judge(practice.record(speech)).transcript.text == HEARD


def test_a_take_whose_whole_folder_is_gone_is_one_line(practice: Practice, speech: AudioClip) -> None:
    for take in (left(practice, speech), heard_whole(practice, speech)):
        rmtree(take.folder)
        with pytest.raises(HistoryError, match="the take is gone") as caught:
            practice.judge(take)
        assert str(take.folder) in one_line(caught.value)
    assert practice.coach.attempts() == ()
    assert practice.coach.unfinished_takes() == ()


def test_what_is_left_of_a_cut_recording_is_judged_and_the_cut_is_told(
    practice: Practice, speech: AudioClip
) -> None:
    take = left(practice, joined(speech, speech))
    os.truncate(take.audio, HEADER_BYTES + len(speech.samples) * 2)
    attempt = practice.judge(take)
    assert attempt.transcript.text == HEARD
    assert attempt.transcript.duration_s == pytest.approx(4.0)
    assert attempt.card.notices == ("The last 4.0 s that were recorded are missing from the take's file.",)


def test_a_recording_cut_to_nothing_is_one_line(practice: Practice, speech: AudioClip) -> None:
    empty, headless = left(practice, speech), left(practice, speech)
    os.truncate(empty.audio, HEADER_BYTES)
    os.truncate(headless.audio, 7)
    with pytest.raises(NoSpeechError, match="empty") as silent:
        practice.judge(empty)
    assert one_line(silent.value)
    with pytest.raises(UnreadableAudioError, match="not a recording") as refused:
        practice.judge(headless)
    assert str(headless.audio) in one_line(refused.value)
    assert practice.coach.attempts() == ()


def test_a_recording_cut_while_it_is_heard_goes_on(practice: Practice, speech: AudioClip) -> None:
    recording = practice.begin()
    practice.say(speech)
    os.truncate(recording.take.audio, HEADER_BYTES)
    practice.say(speech)
    take = recording.stop()
    attempt = practice.judge(take)
    assert attempt.id != UNKEPT
    assert attempt.transcript.text.startswith(HEARD)
    # What came after the cut lies where it was said.
    assert np.array_equal(read_wav(take.audio).samples[-len(speech.samples) :], speech.samples)


def test_takes_under_a_jumping_clock_stay_apart_and_whole(practice: Practice, speech: AudioClip) -> None:
    jumps = [timedelta(0), timedelta(days=400), timedelta(days=-20_000), timedelta(0), timedelta(0)]
    takes = []
    for number, jump in enumerate(jumps):
        practice.clock.now = BEGAN + jump
        recording = practice.begin()
        # It jumps in the middle of the take too, an hour on and an hour back by turns.
        practice.clock.now += timedelta(hours=-1 if number % 2 else 1)
        practice.say(speech)
        practice.coach.leave_recording(recording)
        takes.append(recording.take)
    assert len({take.id for take in takes}) == len(takes)
    assert [take.started_at for take in takes] == [BEGAN + jump for jump in jumps]
    practice.clock.now = BEGAN
    in_order = sorted(takes, key=lambda take: (take.started_at, take.id), reverse=True)
    assert practice.coach.unfinished_takes() == tuple(in_order)
    attempts = [practice.judge(take) for take in takes]
    assert all(attempt.transcript.duration_s == pytest.approx(4.0) for attempt in attempts)
    rows = practice.coach.attempts()
    assert [(row.started_at, row.id) for row in rows] == sorted(
        ((attempt.started_at, attempt.id) for attempt in attempts), reverse=True
    )
    assert {row.take_id for row in rows} == {take.id for take in takes}
    # Of three attempts at one instant, the one added before counts as the one before.
    same = [attempt for attempt in attempts if attempt.started_at == BEGAN]
    for earlier, later in pairwise(same):
        last = practice.coach.compare(later).last
        assert last is not None
        assert last.attempt_id == earlier.id
    standing = {row.question.id: row.standing for row in practice.coach.overview().rows}["define-precision"]
    assert standing is not None
    assert standing.attempts == len(takes)
    assert practice.coach.unfinished_takes() == ()


def test_a_clock_that_jumps_ahead_sweeps_away_no_take_that_is_being_recorded(
    practice: Practice, speech: AudioClip
) -> None:
    recording = practice.begin()
    practice.clock.now += timedelta(days=365) + SWEEP_AFTER
    assert practice.coach.unfinished_takes() == ()
    practice.say(speech)
    assert practice.judge(recording.stop()).id != UNKEPT


def test_a_clock_that_jumps_back_sweeps_away_nothing_too_early(practice: Practice) -> None:
    take = left(practice, silence(0.1))
    practice.clock.now -= timedelta(days=365)
    assert practice.coach.unfinished_takes() == ()
    assert take.folder.exists()
