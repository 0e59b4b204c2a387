"""Folders that cannot be written and files that cannot be read: one line, and what is there stays."""

import sys
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.disks import mode
from tests.support.practising import HEARD, Practice, one_line, practising
from voicecoach.audio.takes import TakeStore
from voicecoach.clip import AudioClip
from voicecoach.config import Settings, load_settings, save_settings
from voicecoach.errors import DownloadError, HistoryError, SettingsError, UnreadableAudioError
from voicecoach.practice.coach import SWEEP_AFTER
from voicecoach.practice.events import UNKEPT
from voicecoach.speech.catalogue import DEFAULT_MODEL
from voicecoach.speech.hub import HubShelf

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="permissions of files are POSIX's")

READ_ONLY = 0o500


def test_permissions_hold_back_whoever_runs_these_tests(tmp_path: Path) -> None:
    with mode(tmp_path, READ_ONLY), pytest.raises(PermissionError):
        (tmp_path / "file").write_bytes(b"")
    (tmp_path / "file").write_bytes(b"")


def test_a_take_is_not_begun_where_it_cannot_be_kept(practice: Practice) -> None:
    practice.paths.takes.mkdir(parents=True)
    with mode(practice.paths.takes, READ_ONLY), pytest.raises(HistoryError, match="Permission") as caught:
        practice.begin()
    assert str(practice.paths.takes) in one_line(caught.value)
    assert list(practice.paths.takes.iterdir()) == []


def test_without_a_history_a_card_comes_all_the_same(practice: Practice) -> None:
    practice.paths.data.mkdir(parents=True)
    with mode(practice.paths.data, READ_ONLY):
        with pytest.raises(HistoryError, match="Permission") as caught:
            practice.coach.overview()
        attempt = practice.typed(HEARD)
    assert str(practice.paths.database) in one_line(caught.value)
    assert attempt.id == UNKEPT
    assert any("could not be kept" in notice and "Permission" in notice for notice in attempt.card.notices)


def test_a_history_that_cannot_be_written_is_left_as_it_is(practice: Practice, model: Path) -> None:
    first = practice.typed(HEARD)
    practice.close()
    before = practice.paths.database.read_bytes()
    with (
        mode(practice.paths.database, 0o400),
        mode(practice.paths.data, READ_ONLY),
        practising(practice.paths.settings_file.parent, Settings(model=str(model))) as later,
    ):
        attempt = later.typed(HEARD)
    assert attempt.id == UNKEPT
    assert any("could not be kept" in notice for notice in attempt.card.notices)
    assert practice.paths.database.read_bytes() == before
    with practising(practice.paths.settings_file.parent, Settings(model=str(model))) as later:
        assert [row.id for row in later.coach.attempts()] == [first.id]
        assert later.coach.attempt(first.id) == first


def test_a_history_that_cannot_be_read_is_one_line(practice: Practice, model: Path) -> None:
    practice.typed(HEARD)
    practice.close()
    with (
        mode(practice.paths.database, 0),
        practising(practice.paths.settings_file.parent, Settings(model=str(model))) as later,
        pytest.raises(HistoryError) as caught,
    ):
        later.coach.overview()
    assert str(practice.paths.database) in one_line(caught.value)


def test_a_take_in_a_read_only_folder_is_judged_and_not_deleted(
    practice: Practice, speech: AudioClip
) -> None:
    take = practice.record(speech)
    with mode(take.folder, READ_ONLY):
        attempt = practice.judge(take)
        with pytest.raises(HistoryError, match="cannot be deleted") as caught:
            practice.coach.delete_attempt(attempt)
    assert str(take.folder) in one_line(caught.value)
    assert practice.coach.attempt(attempt.id) == attempt
    sound = practice.coach.sound_of(attempt)
    assert sound is not None
    assert sound.duration_s == pytest.approx(4.0)


def test_a_recording_that_cannot_be_read_is_one_line_and_stays(practice: Practice, speech: AudioClip) -> None:
    recording = practice.begin()
    practice.say(speech)
    practice.coach.leave_recording(recording)
    take = recording.take
    with mode(take.audio, 0), pytest.raises(UnreadableAudioError, match="Permission denied") as caught:
        practice.judge(take)
    assert str(take.audio) in one_line(caught.value)
    assert practice.coach.unfinished_takes() == (take,)
    assert practice.judge(take).id != UNKEPT


def test_an_empty_take_that_cannot_be_swept_away_hides_no_other(
    practice: Practice, speech: AudioClip
) -> None:
    empty = TakeStore(practice.paths.takes).create("define-recall", practice.clock())
    recording = practice.begin()
    practice.say(speech)
    practice.coach.leave_recording(recording)
    practice.clock.now += SWEEP_AFTER + timedelta(seconds=1)
    with mode(empty.folder, READ_ONLY), mode(practice.paths.takes, READ_ONLY):
        assert practice.coach.unfinished_takes() == (recording.take,)
    assert empty.folder.exists()
    assert practice.coach.unfinished_takes() == (recording.take,)
    assert not empty.folder.exists()


def test_settings_that_cannot_be_written_or_read_are_one_line(tmp_path: Path) -> None:
    file = tmp_path / "home" / "settings.toml"
    save_settings(file, Settings(theme="nord"))
    with mode(file.parent, READ_ONLY), pytest.raises(SettingsError, match="cannot be saved") as caught:
        save_settings(file, Settings(theme="gruvbox"))
    assert one_line(caught.value)
    with mode(file, 0), pytest.raises(SettingsError, match="Permission denied") as caught:
        load_settings(file, {})
    assert str(file) in one_line(caught.value)
    assert load_settings(file, {}).theme == "nord"


def test_a_model_cannot_be_fetched_where_it_cannot_be_written(tmp_path: Path) -> None:
    target = tmp_path / "models"
    target.mkdir()
    with mode(target, READ_ONLY), pytest.raises(DownloadError, match="cannot be written") as caught:
        list(HubShelf((), target).download(DEFAULT_MODEL))
    assert "Permission denied" in one_line(caught.value)
