import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.disks import permissions_hold
from tests.support.sounds import noise
from voicecoach.audio.hold import TakeHold
from voicecoach.audio.takes import Take, TakeStore
from voicecoach.audio.wav import write_wav
from voicecoach.clip import SPEECH_RATE, AudioClip
from voicecoach.config import Paths
from voicecoach.practice.mending import Permissions, Swept, mend_permissions, sweep

posix_only = pytest.mark.skipif(os.name != "posix", reason="Windows has no such permission bits")

NOW = datetime.now(UTC)
OLD = NOW - timedelta(minutes=5)


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    made = Paths(tmp_path / "settings.toml", tmp_path / "data", tmp_path / "cache")
    made.takes.mkdir(parents=True)
    made.vectors.mkdir(parents=True)
    return made


def modes(folder: Path) -> dict[str, int]:
    return {
        str(path.relative_to(folder)): stat.S_IMODE(path.lstat().st_mode)
        for path in (folder, *folder.rglob("*"))
        if not path.is_symlink()
    }


@posix_only
def test_everything_is_given_to_the_owner_alone(paths: Paths) -> None:
    inside = paths.takes / "one"
    inside.mkdir()
    for name in ("audio.wav", "take.json"):
        (inside / name).touch()
    (inside / "audio.wav").chmod(0o644)
    (inside / "take.json").chmod(0o600)
    inside.chmod(0o755)
    paths.takes.chmod(0o700)
    paths.data.chmod(0o777)
    assert mend_permissions(paths.data) == Permissions(3, ())
    assert modes(paths.data) == {
        ".": 0o700,
        "takes": 0o700,
        "takes/one": 0o700,
        "takes/one/audio.wav": 0o600,
        "takes/one/take.json": 0o600,
    }
    assert mend_permissions(paths.data) == Permissions(0, ())


@posix_only
def test_what_is_closed_to_its_owner_is_opened_first(paths: Paths) -> None:
    (paths.takes / "inner").mkdir(mode=0o755)
    (paths.takes / "inner" / "audio.wav").touch(mode=0o400)
    (paths.takes / "inner").chmod(0)
    paths.takes.chmod(0o100)
    paths.data.chmod(0o700)
    with permissions_hold():
        assert mend_permissions(paths.data) == Permissions(3, ())
    assert set(modes(paths.data).values()) == {0o700, 0o600}


@posix_only
def test_nothing_outside_is_touched(paths: Paths, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir(mode=0o755)
    (outside / "notes.txt").touch(mode=0o644)
    before = modes(outside)
    (paths.data / "link").symlink_to(outside)
    (paths.takes / "file").symlink_to(outside / "notes.txt")
    mend_permissions(paths.data)
    assert modes(outside) == before


def aged(path: Path) -> Path:
    path.touch()
    os.utime(path, (OLD.timestamp(), OLD.timestamp()))
    return path


def test_old_halves_go_and_young_ones_stay(paths: Paths) -> None:
    take = TakeStore(paths.takes).create("define-recall", OLD)
    write_wav(take.audio, noise(1.0))
    gone = [
        aged(paths.settings_file.with_name("settings.toml.partial")),
        aged(paths.data / "history.before-2.sqlite3.partial"),
        aged(take.folder / "take.json.partial"),
        aged(paths.vectors / "some.partial"),
    ]
    stay = [
        paths.vectors / "being-written.partial",
        aged(paths.data / "history.sqlite3.partial"),
        aged(paths.data / "history.sqlite3"),
        aged(paths.vectors / "some.npy"),
        take.audio,
    ]
    stay[0].touch()
    (paths.models / "small.en.partial").mkdir(parents=True)
    aged(paths.models / "small.en.partial" / "model.bin.part")

    assert sweep(paths, NOW) == Swept(len(gone), 0)
    assert not any(path.exists() for path in gone)
    assert all(path.exists() for path in stay)
    assert (paths.models / "small.en.partial" / "model.bin.part").exists(), "a download goes on from there"
    assert sweep(paths, NOW) == Swept(0, 0)


def make_take(paths: Paths, began: datetime, seconds: float | None) -> Take:
    take = TakeStore(paths.takes).create("define-recall", began)
    if seconds is not None:
        clip = noise(seconds) if seconds else AudioClip(noise(0.1).samples[:0], SPEECH_RATE)
        write_wav(take.audio, clip)
    return take


def test_takes_without_sound_go_and_takes_with_sound_stay(paths: Paths) -> None:
    gone = [make_take(paths, OLD, None), make_take(paths, OLD, 0)]
    half_made = make_take(paths, OLD, None)
    (half_made.folder / "take.json").unlink()
    stay = [make_take(paths, OLD, 0.1), make_take(paths, NOW, None)]
    in_use = make_take(paths, OLD, None)
    with TakeHold(in_use.folder):
        assert sweep(paths, NOW) == Swept(0, len(gone) + 1)
    assert set(TakeStore(paths.takes).ids()) == {take.id for take in (*stay, in_use)}


def test_what_is_not_ours_stays(paths: Paths) -> None:
    notes = make_take(paths, OLD, None)
    (notes.folder / "take.json").unlink()
    (notes.folder / "notes.txt").write_text("my own")
    (paths.takes / "not a take").mkdir()
    assert sweep(paths, NOW) == Swept(0, 0)
    assert (notes.folder / "notes.txt").exists()
