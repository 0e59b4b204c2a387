"""The disk is full at each write: one line, and everything that is there stays.

Each test runs on a real small disk that is filled (as root on Linux) and with a limit on the size of files
(anywhere but on Windows).
"""

import hashlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.history.samples import new_attempt
from tests.support.disks import Disk, LimitedFiles, small_disk
from tests.support.hub import LoopbackHub
from tests.support.practising import HEARD, Practice, one_line, practising
from tests.support.sounds import save
from voicecoach.audio.recorder import Recording
from voicecoach.audio.wav import read_wav
from voicecoach.clip import AudioClip
from voicecoach.config import Settings, load_settings, save_settings
from voicecoach.errors import AudioError, DownloadError, HistoryError, SettingsError
from voicecoach.history.sqlite import SqliteHistory
from voicecoach.practice.events import UNKEPT
from voicecoach.speech.catalogue import CATALOGUE, PinnedFile, PinnedModel
from voicecoach.speech.hub import HubShelf
from voicecoach.speech.shelf import DownloadDone, DownloadProgress

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limits on the size of files")

FULL = r"(No space left on device|File too large)"
MEGABYTES = 96
"""A download leaves 50 MB free, so the disk must have more."""


@pytest.fixture(params=["small disk", "limited files"])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    if request.param == "limited files":
        yield LimitedFiles(tmp_path)
        return
    with small_disk(tmp_path / "disk", MEGABYTES) as mounted:
        yield mounted


@pytest.fixture
def practice(disk: Disk, model: Path) -> Iterator[Practice]:
    with practising(disk.folder, Settings(model=str(model))) as begun:
        yield begun


def test_a_take_that_cannot_be_described_is_not_begun(disk: Disk, practice: Practice) -> None:
    practice.paths.takes.mkdir(parents=True)
    with disk.full(), pytest.raises(HistoryError, match=f"a take cannot be made: {FULL}") as caught:
        practice.begin()
    assert "disk space" in one_line(caught.value)
    assert list(practice.paths.takes.iterdir()) == []


def begin_after_a_try(practice: Practice) -> Recording:
    """Start to record with the history open, so that it is written when the disk is full."""
    assert practice.typed(HEARD).id != UNKEPT
    return practice.begin()


def test_what_was_said_before_the_disk_was_full_is_kept_and_judged(
    disk: Disk, practice: Practice, speech: AudioClip
) -> None:
    recording = begin_after_a_try(practice)
    practice.say(speech)
    with disk.full():
        practice.say(speech)
        problem = recording.status().problem
        take = recording.stop()
        attempt = practice.judge(take)
    assert isinstance(problem, AudioError)
    assert "What was said until then is kept" in one_line(problem)
    assert attempt.id == UNKEPT
    assert attempt.transcript.text.startswith(HEARD)
    told = " ".join(attempt.card.notices)
    assert "The recording cannot be written any more" in told
    assert "This card could not be kept" in told
    kept = read_wav(take.audio).samples
    assert len(speech.samples) <= len(kept) < 2 * len(speech.samples)
    assert np.array_equal(kept, np.tile(speech.samples, 2)[: len(kept)])
    assert practice.coach.unfinished_takes() == (take,)
    assert practice.judge(take).id != UNKEPT
    assert practice.coach.unfinished_takes() == ()
    assert practice.coach.count_attempts() == 2


def test_an_end_that_does_not_reach_the_disk_is_told_on_the_card(
    practice: Practice, speech: AudioClip
) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("only Linux has a device that is always full")
    recording = practice.begin()
    practice.say(speech)
    # All of it is written; what fails now is the last header and the sync.
    full = os.open("/dev/full", os.O_RDWR)
    os.dup2(full, practice.engines.recording._intake._writer._file.fileno())
    os.close(full)
    take = recording.stop()
    problem = recording.status().problem
    assert isinstance(problem, AudioError)
    assert "cannot be written any more" in one_line(problem)
    attempt = practice.judge(take)
    assert [notice for notice in attempt.card.notices if "cannot be written any more" in notice]
    assert attempt.id != UNKEPT
    assert np.array_equal(read_wav(take.audio).samples, speech.samples)


def test_a_history_that_cannot_grow_stays_as_it_is(disk: Disk, practice: Practice) -> None:
    history = SqliteHistory(practice.paths.database)
    first = history.add(new_attempt())
    with disk.full():
        with pytest.raises(HistoryError) as caught:
            history.add(new_attempt(minutes=1))
        assert str(practice.paths.database) in one_line(caught.value)
        assert [row.id for row in history.rows()] == [first.id]
    assert history.get(first.id) == first
    second = history.add(new_attempt(minutes=2))
    assert [row.id for row in history.rows()] == [second.id, first.id]
    history.close()


def test_a_history_that_cannot_be_made_costs_the_card_nothing(disk: Disk, practice: Practice) -> None:
    practice.paths.data.mkdir(parents=True)
    with disk.full():
        attempt = practice.typed(HEARD)
        with pytest.raises(HistoryError) as caught:
            practice.coach.overview()
    assert attempt.id == UNKEPT
    assert any("could not be kept" in notice for notice in attempt.card.notices)
    assert one_line(caught.value)
    assert practice.typed(HEARD).id != UNKEPT


def test_a_file_that_cannot_be_copied_leaves_no_take(
    disk: Disk, practice: Practice, speech: AudioClip, tmp_path: Path
) -> None:
    file = save(tmp_path / "mine.wav", speech)
    # Enough for the take's description, not for its sound.
    with (
        disk.full(leaving=65_536),
        pytest.raises(AudioError, match=f"cannot be written: {FULL}") as caught,
    ):
        list(practice.coach.judge_file(practice.question(), file))
    assert "disk space" in one_line(caught.value)
    assert list(practice.paths.takes.iterdir()) == []
    list(practice.coach.judge_file(practice.question(), file))
    assert len(list(practice.paths.takes.iterdir())) == 1


def test_settings_that_cannot_be_saved_stay_as_they_were(disk: Disk, practice: Practice) -> None:
    file = practice.paths.settings_file
    save_settings(file, Settings(theme="nord"))
    before = file.read_bytes()
    with disk.full(), pytest.raises(SettingsError, match=f"cannot be saved.*{FULL}") as caught:
        save_settings(file, Settings(theme="gruvbox"))
    assert str(file) in one_line(caught.value)
    assert file.read_bytes() == before
    assert load_settings(file, {}).theme == "nord"
    assert [path.name for path in file.parent.iterdir() if "settings" in path.name] == [file.name]


def test_vectors_that_cannot_be_kept_are_computed_each_time(disk: Disk, practice: Practice) -> None:
    texts = ["recall is the share of real positives that were found"]
    practice.paths.vectors.mkdir(parents=True)
    with disk.full():
        vectors = practice.engines.rubric_vectors(texts)
        assert list(practice.paths.vectors.iterdir()) == []
    assert np.array_equal(practice.engines.rubric_vectors(texts), vectors)
    assert len(list(practice.paths.vectors.iterdir())) == 1


def test_a_download_keeps_what_fitted_and_goes_on_later(
    disk: Disk, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = {path.name: path.read_bytes() for path in sorted(model.iterdir())}
    files = tuple(
        PinnedFile(name, len(data), hashlib.sha256(data).hexdigest()) for name, data in content.items()
    )
    pinned = PinnedModel("scripted.en", "Systran/scripted", "0" * 40, files, "none", "none")
    monkeypatch.setitem(CATALOGUE, pinned.name, pinned)
    target = disk.folder / "models"
    shelf = HubShelf((), target)
    with LoopbackHub(pinned.repository, pinned.revision, content) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        download = shelf.download(pinned.name)
        for event in download:
            if isinstance(event, DownloadProgress) and event.done_bytes > pinned.size_bytes // 2:
                break
        with disk.full(), pytest.raises(DownloadError, match=f"cannot be written to .*{FULL}") as caught:
            list(download)
        assert "What has arrived is kept" in one_line(caught.value)
        arrived = (target / "scripted.en.partial" / "model.bin.part").stat().st_size
        assert arrived > 0
        assert not (target / "scripted.en").exists()
        hub.requests.clear()
        assert list(shelf.download(pinned.name))[-1] == DownloadDone(target / "scripted.en")
        assert [(request.file, request.first_byte) for request in hub.requests] == [("model.bin", arrived)]
