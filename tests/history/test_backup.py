import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.history.damage import make, make_first_version, read, read_sound
from tests.support.disks import Disk, LimitedFiles, mode, small_disk
from tests.support.installation import REPOSITORY, run_python
from voicecoach.errors import HistoryError
from voicecoach.history.copies import databases_beside, delete_copies
from voicecoach.history.migrations import MIGRATIONS, migrate
from voicecoach.history.sqlite import SqliteHistory

SECRET = "zanzibarquux"  # noqa: S105 - a word to look for


@pytest.fixture
def file(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    return folder / "history.sqlite3"


def version(file: Path) -> int:
    """As the header has it: opening the file would leave a log beside it."""
    return int.from_bytes(file.read_bytes()[60:64], "big")


def test_a_history_is_backed_up_whole_before_it_is_changed(file: Path) -> None:
    kept = make_first_version(file, 30)
    assert read_sound(file) == kept

    backup = file.with_name(f"history.before-{len(MIGRATIONS)}.sqlite3")
    assert databases_beside(file) == (backup,)
    assert (version(backup), version(file)) == (1, len(MIGRATIONS))
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert {path.name for path in file.parent.iterdir()} == {file.name, backup.name}
    with closing(sqlite3.connect(backup)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("SELECT COUNT(*) FROM cards").fetchone() == (30,)

    backup.replace(file)
    assert read_sound(file) == kept, "a backup in the place of the history is a history"


def test_what_is_only_in_the_log_is_in_the_backup(file: Path) -> None:
    make_first_version(file, 3)
    with closing(sqlite3.connect(file, isolation_level=None)) as writer:
        writer.execute("PRAGMA journal_mode = WAL").fetchone()
        writer.execute("UPDATE attempts SET cue = 'said last'")
        assert Path(f"{file}-wal").stat().st_size
        SqliteHistory(file).close()
    (backup,) = databases_beside(file)
    with closing(sqlite3.connect(backup)) as connection:
        assert connection.execute("SELECT DISTINCT cue FROM attempts").fetchall() == [("said last",)]


def test_a_new_history_and_one_that_is_up_to_date_are_not_backed_up(file: Path) -> None:
    make(file, 2)
    SqliteHistory(file).close()
    assert databases_beside(file) == ()


def test_an_old_history_without_attempts_is_not_backed_up(file: Path) -> None:
    make_first_version(file, 0)
    SqliteHistory(file).close()
    assert version(file) == len(MIGRATIONS)
    assert databases_beside(file) == ()


def test_only_the_newest_backup_stays(file: Path) -> None:
    make_first_version(file, 3)
    file.with_name("history.before-1.sqlite3").write_bytes(b"an older backup")
    file.with_name(f"history.before-{len(MIGRATIONS)}.sqlite3.partial").write_bytes(
        b"of a copy that was killed"
    )
    SqliteHistory(file).close()
    assert [path.name for path in databases_beside(file)] == [f"history.before-{len(MIGRATIONS)}.sqlite3"]
    assert not list(file.parent.glob("*.partial"))


def test_several_steps_at_once_are_one_backup_of_the_beginning(file: Path) -> None:
    make_first_version(file, 2)
    steps = [*MIGRATIONS, ("UPDATE attempts SET cue = ''",), ("DELETE FROM cards",)]
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        migrate(connection, file, steps)
    (backup,) = databases_beside(file)
    assert backup.name == f"history.before-{len(steps)}.sqlite3"
    assert version(backup) == 1
    with closing(sqlite3.connect(backup)) as connection:
        assert connection.execute("SELECT COUNT(*) FROM cards").fetchone() == (2,)


def test_a_step_that_fails_leaves_history_and_backup(file: Path) -> None:
    kept = make_first_version(file, 2)
    steps = [MIGRATIONS[0], ("DELETE FROM cards", "INSERT INTO nowhere VALUES (1)")]
    with (
        closing(sqlite3.connect(file, isolation_level=None)) as connection,
        pytest.raises(sqlite3.OperationalError, match="nowhere"),
    ):
        migrate(connection, file, steps)
    assert version(file) == 1
    assert len(databases_beside(file)) == 1
    assert read_sound(file) == kept


@pytest.fixture(params=["a limit on files", "a small disk"])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    if request.param == "a small disk":
        with small_disk(tmp_path / "disk", 4) as mounted:
            yield mounted
    else:
        yield LimitedFiles(tmp_path)


def test_without_room_for_a_backup_nothing_changes(disk: Disk) -> None:
    file = disk.folder / "history.sqlite3"
    kept = make_first_version(file, 30)
    before = file.read_bytes()
    with (
        disk.full(leaving=50_000),
        pytest.raises(HistoryError, match="it was not brought up to date") as caught,
    ):
        SqliteHistory(file)
    assert caught.value.hint
    assert "\n" not in str(caught.value)
    assert version(file) == 1
    with closing(sqlite3.connect(file)) as connection:
        # Opening has switched it to its log, which two bytes of the header tell.
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert len(file.read_bytes()) == len(before)
    assert databases_beside(file) == ()
    assert not list(file.parent.glob("*.partial"))
    assert read_sound(file) == kept


def test_a_full_disk_is_called_so(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 4) as disk:
        file = disk.folder / "history.sqlite3"
        make_first_version(file, 30)
        with (
            disk.full(leaving=50_000),
            pytest.raises(HistoryError, match="the disk is too full for a backup"),
        ):
            SqliteHistory(file)


def test_a_folder_that_takes_no_backup_is_one_line(file: Path) -> None:
    make_first_version(file, 2)
    with (
        closing(sqlite3.connect(file, isolation_level=None)) as connection,
        mode(file.parent, 0o500),
        pytest.raises(HistoryError, match="cannot be written"),
    ):
        migrate(connection, file)
    assert version(file) == 1


def test_deleting_an_attempt_leaves_no_word_of_it_in_a_copy(file: Path) -> None:
    make_first_version(file, 3)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(
            "UPDATE transcripts SET words = json_array(json_array(?, 0, 1, 1)) WHERE attempt_id = 2",
            (SECRET,),
        )
        connection.commit()
    aside = file.with_name("history.damaged-20261121T093000.000000Z.sqlite3")
    aside.write_bytes(file.read_bytes())
    Path(f"{aside}-wal").write_bytes(SECRET.encode())
    with closing(SqliteHistory(file)) as history:
        assert len(databases_beside(file)) == 2
        history.delete(99)
        assert len(databases_beside(file)) == 2, "nothing was deleted, so no copy holds a deleted word"
        history.delete(2)
        assert set(read(history)) == {1, 3}
    assert not any(SECRET.encode() in path.read_bytes() for path in file.parent.iterdir())
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_a_copy_that_cannot_be_deleted_keeps_the_attempt(file: Path) -> None:
    make_first_version(file, 2)
    with closing(SqliteHistory(file)) as history:
        (backup,) = databases_beside(file)
        with mode(file.parent, 0o500), pytest.raises(HistoryError, match="Permission denied"):
            history.delete(1)
        assert set(read(history)) == {1, 2}
        assert backup.exists()


def test_copies_are_deleted_by_themselves_and_counted(file: Path) -> None:
    make_first_version(file, 1)
    with closing(SqliteHistory(file)) as history:
        file.with_name("history.damaged-20261121T093000.000000Z.sqlite3").touch()
        notes = file.with_name("history.before-I-forget.sqlite3")
        notes.touch()
        assert history.delete_copies() == 2
        assert history.delete_copies() == 0
        assert notes.exists(), "a file of the person's own"
        assert len(history.rows()) == 1
    assert delete_copies(file.with_name("no folder") / "history.sqlite3") == 0


ADD_ONE = """
import sys
from pathlib import Path
from tests.history.samples import new_attempt
from voicecoach.history.sqlite import SqliteHistory
print("ready", flush=True)
sys.stdin.readline()
history = SqliteHistory(Path(sys.argv[1]))
history.add(new_attempt(minutes=99))
history.close()
"""


def test_windows_that_open_an_old_history_together_make_one_backup(file: Path) -> None:
    kept = make_first_version(file, 5)
    windows = [
        subprocess.Popen(
            [sys.executable, "-c", ADD_ONE, str(file)],
            cwd=REPOSITORY,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for window in windows:
        assert window.stdout
        assert window.stdout.readline() == "ready\n"
    for window in windows:
        assert window.stdin
        window.stdin.write("go\n")
        window.stdin.flush()
    complaints = [window.communicate()[1] for window in windows]
    assert [window.returncode for window in windows] == [0, 0, 0], complaints
    assert len(read_sound(file)) == 8
    (backup,) = databases_beside(file)
    with closing(sqlite3.connect(backup)) as connection:
        assert connection.execute("SELECT COUNT(*) FROM attempts").fetchone() == (len(kept),), (
            "as it was before"
        )


KILLED_STARTS = """
import sqlite3, sys
from contextlib import closing
from pathlib import Path
from tests.history.damage import read_sound
from tests.history.kills import killed_at_every_step
from voicecoach.history.copies import databases_beside
from voicecoach.history.sqlite import SqliteHistory

def check(file, was_killed):
    for backup in databases_beside(file):
        with closing(sqlite3.connect(backup)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert connection.execute("SELECT COUNT(*) FROM cards").fetchone() == (5,)
    assert len(read_sound(file)) == 5
    assert len(databases_beside(file)) == 1
    assert not [*file.parent.glob("*.partial")]

print(killed_at_every_step(Path(sys.argv[1]), SqliteHistory, check))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_start_that_is_killed_before_any_step_of_its_backup_loses_nothing(file: Path) -> None:
    make_first_version(file, 5)
    done = run_python(KILLED_STARTS.replace("sys.argv[1]", repr(str(file))), environment=dict(os.environ))
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 5
