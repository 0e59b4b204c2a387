import errno
import json
import os
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from tests.support.disks import mode
from tests.support.sounds import tone
from voicecoach.audio.hold import TakeHold
from voicecoach.audio.takes import Take, TakeStore
from voicecoach.audio.wav import write_wav
from voicecoach.errors import HistoryError

NOW = datetime(2026, 3, 1, 9, 30, 15, 250_000, UTC)


@pytest.fixture
def store(tmp_path: Path) -> TakeStore:
    return TakeStore(tmp_path / "data" / "takes")


def test_a_take_is_found_again_as_it_was_made(store: TakeStore) -> None:
    take = store.create("fraud-auc", NOW.astimezone(timezone(timedelta(hours=5))))
    assert take.started_at == NOW
    assert take.started_at.tzinfo is UTC
    assert store.find(take.id) == take
    assert store.read(store.ids()) == (take,)
    assert store.seconds(take) == 0.0


def test_takes_come_newest_first_and_their_ids_sort_by_time(store: TakeStore) -> None:
    made = [store.create("q", NOW + timedelta(seconds=step)) for step in (0, 90, 30)]
    assert [take.started_at for take in store.read(store.ids())] == sorted(
        (t.started_at for t in made), reverse=True
    )
    by_id = sorted(made, key=lambda take: take.id)
    assert [take.started_at for take in by_id] == sorted(take.started_at for take in made)


def test_takes_of_one_instant_stay_apart_even_from_two_windows(store: TakeStore, tmp_path: Path) -> None:
    other = TakeStore(tmp_path / "data" / "takes")
    ids = [chosen.create("q", NOW).id for chosen in (store, other, store, other)]
    assert len(set(ids)) == 4
    assert sorted(ids) == ids


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps owners otherwise")
def test_only_the_owner_can_read_a_take(store: TakeStore) -> None:
    take = store.create("q", NOW)
    write_wav(take.audio, tone(440, 0.1))
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (take.folder, *take.folder.iterdir())}
    assert modes == {take.id: 0o700, "take.json": 0o600, "audio.wav": 0o600}
    assert stat.S_IMODE(take.folder.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "broken",
    [b"", b'{"question_id": "q"', b"[]", b'{"question_id": 3, "started_at": "2026"}', b"\xff\xfe", None],
)
def test_sound_whose_description_is_broken_is_still_offered(store: TakeStore, broken: bytes | None) -> None:
    take = store.create("q", NOW)
    write_wav(take.audio, tone(440, 0.5))
    description = take.folder / "take.json"
    if broken is None:
        description.unlink()
    else:
        description.write_bytes(broken)
    assert store.read(store.ids()) == (Take(take.id, "", NOW, take.folder),)
    assert store.seconds(take) == pytest.approx(0.5)


def test_what_is_no_take_is_skipped_and_left_alone(store: TakeStore, tmp_path: Path) -> None:
    take = store.create("q", NOW)
    folder = take.folder.parent
    (folder / "notes.txt").write_text("mine", "utf-8")
    (folder / "empty").mkdir()
    (folder / "broken").mkdir()
    (folder / "broken" / "take.json").write_text("{", "utf-8")
    assert store.read(store.ids()) == (take,)
    assert sorted(path.name for path in folder.iterdir()) == sorted(["notes.txt", "empty", "broken", take.id])


def test_a_folder_of_another_name_keeps_its_own_time(store: TakeStore) -> None:
    take = store.create("q", NOW)
    write_wav(take.audio, tone(440, 0.1))
    (take.folder / "take.json").unlink()
    os.utime(take.audio, (1_700_000_000, 1_700_000_000))
    renamed = take.folder.rename(take.folder.with_name("rescued"))
    assert store.read(store.ids()) == (
        Take("rescued", "", datetime.fromtimestamp(1_700_000_000, UTC), renamed),
    )


def test_there_are_no_takes_before_the_first(store: TakeStore, tmp_path: Path) -> None:
    assert store.read(store.ids()) == ()
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("take_id", ["", ".", "..", "../takes", "none", "a/b"])
def test_an_unknown_id_finds_nothing(store: TakeStore, take_id: str) -> None:
    store.create("q", NOW)
    assert store.find(take_id) is None


def test_a_deleted_take_is_gone_with_its_sound(store: TakeStore) -> None:
    take, other = store.create("q", NOW), store.create("q", NOW)
    write_wav(take.audio, tone(440, 0.1))
    store.delete(take)
    store.delete(take)
    assert store.read(store.ids()) == (other,)
    assert not take.folder.exists()


@pytest.mark.parametrize("left", [(), ("take.json.partial",), ("live.lock",), ("take.json", "live.lock")])
def test_what_a_crash_left_half_made_is_swept_once_it_is_old(store: TakeStore, left: tuple[str, ...]) -> None:
    take = store.create("q", NOW)
    (take.folder / "take.json").unlink()
    for name in left:
        (take.folder / name).write_bytes(b"")
    assert store.read(store.ids()) == ()
    store.sweep(store.ids(), NOW)
    assert take.folder.exists()
    with TakeHold(take.folder):
        store.sweep(store.ids(), NOW + timedelta(seconds=1))
        assert take.folder.exists()
    store.sweep(store.ids(), NOW + timedelta(seconds=1))
    assert not take.folder.exists()


def test_only_what_is_a_take_without_sound_is_swept(store: TakeStore, tmp_path: Path) -> None:
    spoken, noted, renamed, elsewhere = (store.create("q", NOW) for _ in range(4))
    for take in (spoken, noted, renamed):
        (take.folder / "take.json").unlink()
    write_wav(spoken.audio, tone(440, 0.5))
    (noted.folder / "notes.txt").write_text("mine", "utf-8")
    renamed.folder.rename(renamed.folder.with_name("mine"))
    elsewhere.folder.rename(tmp_path / elsewhere.id)
    elsewhere.folder.symlink_to(tmp_path / elsewhere.id)
    (elsewhere.folder.parent / "20260301T093015.250000Z-09").write_text("a file", "utf-8")
    before = store.ids()
    store.sweep(before, NOW + timedelta(days=1))
    assert sorted(store.ids()) == sorted(before)
    assert (tmp_path / elsewhere.id / "take.json").exists()


@pytest.mark.skipif(os.name != "posix", reason="Windows has no SIGKILL")
def test_a_deletion_that_a_kill_cut_short_leaves_no_sound(store: TakeStore) -> None:
    take = store.create("q", NOW)
    write_wav(take.audio, tone(440, 1.0))
    code = (
        "import os, signal, sys; from pathlib import Path; from voicecoach.audio.takes import TakeStore;"
        "unlinked = lambda event, args: event == 'os.remove' and Path(args[0]).name != 'audio.wav'"
        " and os.kill(os.getpid(), signal.SIGKILL);"
        "store = TakeStore(Path(sys.argv[1])); sys.addaudithook(unlinked);"
        "store.delete(store.read(store.ids())[0])"
    )
    killed = subprocess.run([sys.executable, "-c", code, str(take.folder.parent)], check=False)
    assert killed.returncode == -9
    assert take.folder.exists()
    assert not take.audio.exists()


def test_nothing_outside_the_store_is_deleted(store: TakeStore, tmp_path: Path) -> None:
    store.create("q", NOW)
    precious = tmp_path / "precious"
    precious.mkdir()
    link = tmp_path / "data" / "takes" / "link"
    link.symlink_to(precious)
    for folder in (precious, tmp_path / "data" / "takes", tmp_path / "data" / "takes" / "..", link):
        with pytest.raises(HistoryError, match="not deleted"):
            store.delete(Take("x", "q", NOW, folder))
    assert precious.is_dir()
    assert len(store.read(store.ids())) == 1


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such permission bits")
def test_a_take_that_cannot_be_reached_is_not_deleted_and_not_swept(store: TakeStore) -> None:
    take = store.create("q", NOW)
    (take.folder / "take.json").unlink()
    with mode(take.folder.parent, 0o600):
        with pytest.raises(HistoryError, match="cannot be deleted: Permission denied"):
            store.delete(take)
        store.drop_scratch()
        store.sweep(store.ids(), NOW + timedelta(days=1))
    assert take.folder.is_dir()


def test_a_held_take_is_live_and_cannot_be_deleted(store: TakeStore) -> None:
    take = store.create("q", NOW)
    assert not store.is_live(take)
    with TakeHold(take.folder):
        assert store.is_live(take)
        with pytest.raises(HistoryError, match="in use"):
            store.delete(take)
        with pytest.raises(HistoryError, match="in use by another"):
            TakeHold(take.folder)
    assert not store.is_live(take)
    store.delete(take)


@pytest.mark.skipif(os.name != "posix", reason="Windows locks otherwise")
def test_where_the_file_system_knows_no_locks_a_take_goes_without(
    store: TakeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def flock(descriptor: int, operation: int) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))  # as NFS without its lock service

    monkeypatch.setattr("fcntl.flock", flock)
    take = store.create("q", NOW)
    with TakeHold(take.folder):
        assert not store.is_live(take)
    store.delete(take)


def test_a_take_held_by_a_process_is_free_when_it_is_killed(store: TakeStore, tmp_path: Path) -> None:
    take = store.create("q", NOW)
    code = (
        "import sys; from pathlib import Path; from voicecoach.audio.takes import TakeStore;"
        "from voicecoach.audio.hold import TakeHold; store = TakeStore(Path(sys.argv[1]));"
        "hold = TakeHold(store.read(store.ids())[0].folder); print('held', flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", code, str(take.folder.parent)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdin is not None
    try:
        assert holder.stdout.readline() == "held\n"
        assert store.is_live(take)
    finally:
        holder.kill()
        holder.wait()
        holder.stdin.close()
        holder.stdout.close()
    assert not store.is_live(take)


def test_a_file_where_the_folder_should_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "takes").write_text("", "utf-8")
    store = TakeStore(tmp_path / "takes")
    with pytest.raises(HistoryError, match="takes"):
        store.create("q", NOW)
    with pytest.raises(HistoryError, match="takes"):
        store.read(store.ids())


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such permission bits")
def test_a_take_that_cannot_be_opened_is_skipped(store: TakeStore) -> None:
    hidden, seen = store.create("q", NOW), store.create("q", NOW)
    with mode(hidden.folder, 0):
        assert store.read(store.ids()) == (seen,)


def test_the_description_is_readable_by_people(store: TakeStore) -> None:
    take = store.create("fraud-auc", NOW)
    described = json.loads((take.folder / "take.json").read_text("utf-8"))
    assert described == {
        "schema": 1,
        "question_id": "fraud-auc",
        "started_at": "2026-03-01T09:30:15.250000+00:00",
    }
