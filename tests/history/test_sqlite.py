import os
import sqlite3
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from tests.history.samples import new_attempt
from tests.support.disks import mode
from tests.support.installation import REPOSITORY
from voicecoach.errors import HistoryError
from voicecoach.history import database as database_module
from voicecoach.history.records import History
from voicecoach.history.sqlite import SqliteHistory

posix_only = pytest.mark.skipif(os.name != "posix", reason="Windows has no such permission bits")


def test_an_attempt_comes_back_whole(history: History, file: Path) -> None:
    new = new_attempt(take_id="20260301-183000")
    kept = history.add(new)
    assert (kept.question_id, kept.take_id, kept.started_at) == (
        new.question_id,
        new.take_id,
        new.started_at,
    )
    assert (kept.transcript, kept.speech, kept.card) == (new.transcript, new.speech, new.card)
    assert history.get(kept.id) == kept
    history.close()
    again = SqliteHistory(file)
    assert again.get(kept.id) == kept
    again.close()


def test_numbers_are_kept_as_the_card_shows_them(history: History) -> None:
    kept = history.add(new_attempt(overall=61.66666666))
    assert kept.card.overall == 61.667
    assert history.get(kept.id) == kept
    assert history.rows()[0].overall == 61.667
    assert history.standings()["define-recall"].best == 61.667


def test_a_silent_typed_attempt_comes_back(history: History) -> None:
    new = new_attempt(said="")
    kept = history.add(replace(new, speech=()))
    assert history.get(kept.id) == kept
    assert kept.take_id is None
    assert kept.speech == ()
    assert kept.transcript.words == ()


def test_times_are_kept_in_utc(history: History) -> None:
    elsewhere = datetime(2026, 3, 1, 20, 30, 0, 5, tzinfo=timezone(timedelta(hours=2)))
    kept = history.add(replace(new_attempt(), started_at=elsewhere))
    assert kept.started_at == elsewhere
    assert kept.started_at.tzinfo == UTC
    assert history.rows()[0].started_at.utcoffset() == timedelta(0)


@pytest.mark.parametrize("attempt_id", [0, -1, 7, 2**63, 10**40])
def test_an_unknown_id_is_nothing(history: History, attempt_id: int) -> None:
    history.add(new_attempt())
    assert history.get(attempt_id) is None
    history.delete(attempt_id)
    assert len(history.rows()) == 1


def test_rows_are_newest_first_and_agree_with_the_attempt(history: History) -> None:
    late = history.add(new_attempt(minutes=10))
    early = history.add(new_attempt("imbalanced-data", minutes=-10, take_id="t1"))
    twin = history.add(new_attempt(minutes=10))
    rows = history.rows()
    assert [row.id for row in rows] == [twin.id, late.id, early.id]
    assert [row.id for row in history.rows(["imbalanced-data"])] == [early.id]
    assert [row.id for row in history.rows(limit=2)] == [twin.id, late.id]
    assert [row.id for row in history.rows(["define-recall"], limit=1)] == [twin.id]
    assert history.rows(["define-recall", "no-such-question", "imbalanced-data"]) == rows
    assert history.rows(["define-recall", "imbalanced-data"], limit=1) == rows[:1]
    assert history.rows([]) == ()
    assert history.rows(limit=0) == ()
    assert history.rows(["no-such-question"]) == ()
    oldest = rows[-1]
    assert (oldest.question_id, oldest.take_id, oldest.started_at) == (
        early.question_id,
        "t1",
        early.started_at,
    )
    assert (oldest.engine, oldest.duration_s, oldest.overall, oldest.cue) == (
        "whisper",
        early.card.duration_s,
        early.card.overall,
        early.card.cue,
    )


def test_lists_never_open_a_card(history: History, file: Path) -> None:
    kept = history.add(new_attempt())
    with sqlite3.connect(file) as other:
        other.execute("UPDATE cards SET card = 'not json'")
        other.execute("UPDATE transcripts SET words = 'not json'")
    other.close()
    assert history.rows()[0].id == kept.id
    assert history.standings()["define-recall"].attempts == 1


def test_a_line_that_cannot_be_read_hides_no_other_and_says_what_is_wrong(
    history: History, file: Path
) -> None:
    broken, whole = history.add(new_attempt()), history.add(new_attempt())
    with sqlite3.connect(file) as other:
        other.execute("UPDATE attempts SET overall = 'much' WHERE id = ?", (broken.id,))
    other.close()
    rows = {row.id: row for row in history.rows()}
    assert rows[whole.id].overall == whole.card.overall
    assert f"attempt {broken.id} cannot be read" in rows[broken.id].cue
    assert rows[broken.id].question_id == broken.question_id
    history.delete(broken.id)
    assert [row.id for row in history.rows()] == [whole.id]


@pytest.mark.parametrize(
    "spoil",
    [
        "UPDATE cards SET card = 'not json'",
        "UPDATE cards SET card = '{}'",
        "UPDATE transcripts SET words = 'x'",
        "UPDATE transcripts SET words = '[[1]]'",
        "UPDATE attempts SET started_at = 'yesterday'",
    ],
)
def test_an_unreadable_attempt_is_named(history: History, file: Path, spoil: str) -> None:
    kept = history.add(new_attempt())
    with sqlite3.connect(file) as other:
        other.execute(spoil)
    other.close()
    says = f"attempt {kept.id} cannot be read"
    with pytest.raises(HistoryError, match=says):
        history.best_of_others(replace(kept, id=0))
    with pytest.raises(HistoryError, match=says) as caught:
        history.get(kept.id)
    assert "\n" not in str(caught.value)
    history.delete(kept.id)
    assert history.rows() == ()


@pytest.mark.parametrize("column", ["question_id", "take_id", "started_at", "engine", "cue"])
def test_a_byte_that_is_no_text_spoils_one_line_of_the_list(
    history: History, file: Path, column: str
) -> None:
    broken, whole = history.add(new_attempt(take_id="t1")), history.add(new_attempt(take_id="t2"))
    with sqlite3.connect(file) as other:
        other.execute(
            f"UPDATE attempts SET {column} = CAST(? AS TEXT) WHERE id = ?",  # noqa: S608 - fixed names
            (b"2026\xff\x1b[31m", broken.id),
        )
    other.close()
    rows = {row.id: row for row in history.rows()}
    assert rows[whole.id].overall == whole.card.overall
    assert f"attempt {broken.id} cannot be read" in rows[broken.id].cue
    for text in (rows[broken.id].cue, rows[broken.id].question_id, rows[broken.id].take_id or ""):
        assert text.isprintable(), "a surrogate is not"
    assert history.get(whole.id) == whole
    history.standings()
    history.delete(broken.id)
    assert [row.id for row in history.rows()] == [whole.id]
    assert history.standings().keys() == {whole.question_id}


def test_text_that_cannot_be_stored_leaves_nothing_behind(history: History) -> None:
    broken = new_attempt()
    broken = replace(broken, card=replace(broken.card, cue="a lone surrogate \udcff"))
    with pytest.raises(HistoryError, match="cannot be kept"):
        history.add(broken)
    assert history.rows() == ()
    assert history.add(new_attempt()).id > 0


def tables(file: Path) -> dict[str, int]:
    connection = sqlite3.connect(file)
    try:
        return {
            name: connection.execute(f"SELECT COUNT(*) FROM {name}").fetchone()[0]  # noqa: S608 - fixed names
            for name in ("attempts", "transcripts", "cards")
        }
    finally:
        connection.close()


def test_deleting_forgets_everything_on_disk_too(history: History, file: Path) -> None:
    secret = "zanzibarquux"  # noqa: S105 - a word to look for
    gone = history.add(new_attempt(said=f"{secret} {secret}", take_id="t1"))
    stays = history.add(new_attempt(take_id="t2"))
    on_disk = list(file.parent.iterdir())
    assert any(secret.encode() in path.read_bytes() for path in on_disk)
    history.delete(gone.id)
    assert history.get(gone.id) is None
    assert history.known_takes(("t1", "t2")) == {"t2"}
    assert history.rows()[0].id == stays.id
    assert tables(file) == {"attempts": 1, "transcripts": 1, "cards": 1}
    assert not any(secret.encode() in path.read_bytes() for path in file.parent.iterdir())


def test_ids_are_not_given_twice(history: History) -> None:
    first = history.add(new_attempt())
    history.delete(first.id)
    assert history.add(new_attempt()).id > first.id


def test_known_takes_leave_out_typed_text(history: History) -> None:
    history.add(new_attempt())
    history.add(new_attempt(take_id="t1"))
    history.add(new_attempt(take_id="t1"))
    assert history.known_takes(("t2", "t1", "t0", "t1")) == {"t1"}
    assert history.known_takes(()) == frozenset()
    assert history.known_takes(("", "null", "t1\udcff")) == frozenset()


def test_threads_share_one_history(history: History) -> None:
    with ThreadPoolExecutor(6) as pool:
        kept = list(pool.map(lambda number: history.add(new_attempt(minutes=number)), range(60)))
        counted = list(pool.map(lambda _: history.standings()["define-recall"].attempts, range(30)))
    assert len({attempt.id for attempt in kept}) == 60
    assert set(counted) == {60}
    assert all(history.get(attempt.id) == attempt for attempt in kept)


def test_a_closed_history_says_so(history: History) -> None:
    history.close()
    history.close()
    with pytest.raises(HistoryError, match="closed"):
        history.rows()
    with pytest.raises(HistoryError, match="closed"):
        history.add(new_attempt())


@posix_only
def test_only_the_owner_can_read_it(history: History, file: Path) -> None:
    history.add(new_attempt())
    names = {path.name: stat.S_IMODE(path.stat().st_mode) for path in file.parent.iterdir()}
    assert names == dict.fromkeys((file.name, file.name + "-wal", file.name + "-shm"), 0o600)
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


@posix_only
def test_an_open_file_is_closed_to_others(file: Path) -> None:
    SqliteHistory(file).close()
    file.chmod(0o644)
    SqliteHistory(file).close()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def assert_refused(file: Path, says: str) -> None:
    with pytest.raises(HistoryError, match=says) as caught:
        SqliteHistory(file)
    assert str(file) in caught.value.message
    assert "\n" not in str(caught.value)
    assert caught.value.hint


def test_a_file_that_is_no_database_is_left_alone(file: Path) -> None:
    file.parent.mkdir()
    content = b"my own notes, longer than a header of SQLite would be" * 100
    file.write_bytes(content)
    assert_refused(file, "the history is damaged")
    assert file.read_bytes() == content


def test_a_damaged_page_is_told_and_left_alone(file: Path) -> None:
    history = SqliteHistory(file)
    for number in range(200):
        history.add(new_attempt(minutes=number))
    history.close()
    content = bytearray(file.read_bytes())
    with closing(sqlite3.connect(file)) as connection:
        roots = connection.execute("SELECT rootpage FROM sqlite_master WHERE rootpage > 1").fetchall()
    for (root,) in roots:
        content[4096 * (root - 1) : 4096 * root] = os.urandom(4096)
    file.write_bytes(content)
    damaged = SqliteHistory(file)
    for use in (
        damaged.rows,
        damaged.standings,
        lambda: damaged.known_takes(["t1"]),
        lambda: damaged.add(new_attempt()),
    ):
        with pytest.raises(HistoryError, match="the history is damaged") as caught:
            use()
        assert "voicecoach doctor --repair" in caught.value.hint
    damaged.close()
    assert file.read_bytes() == content


def test_a_newer_database_is_left_alone(file: Path) -> None:
    SqliteHistory(file).close()
    with sqlite3.connect(file) as other:
        other.execute("PRAGMA user_version = 99")
    other.close()
    assert_refused(file, "newer voicecoach .version 99")


@posix_only
def test_a_history_behind_a_link_is_the_same_history(history: SqliteHistory, file: Path) -> None:
    kept = history.add(new_attempt())
    link = file.parent.with_name("elsewhere") / "linked.sqlite3"
    link.parent.mkdir()
    link.symlink_to(file)
    with closing(SqliteHistory(link)) as linked:
        assert linked.get(kept.id) == kept
        assert linked.database.file == file
        file.with_name("history.before-2.sqlite3").touch()
        assert linked.count_copies() == 1, "copies lie beside the history itself"
    assert [path.name for path in link.parent.iterdir()] == [link.name]


@posix_only
def test_a_disk_without_a_write_ahead_log_is_one_line(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def without_shared_memory(file: Path, **options: Any) -> sqlite3.Connection:
        return sqlite3.Connection(f"{file.as_uri()}?vfs=unix-none", uri=True, **options)

    monkeypatch.setattr(sqlite3, "connect", without_shared_memory)
    assert_refused(file, "cannot be kept safely on this disk")


def test_a_folder_in_its_place_is_one_line(file: Path) -> None:
    file.mkdir(parents=True)
    assert_refused(file, "cannot be opened")


def test_a_file_in_the_folders_place_is_one_line(file: Path) -> None:
    file.parent.write_text("a file")
    assert_refused(file, r"File exists|Not a directory|cannot find the path")


@posix_only
def test_a_read_only_folder_is_one_line(file: Path) -> None:
    file.parent.mkdir()
    with mode(file.parent, 0o500):
        assert_refused(file, "Permission denied")


@posix_only
def test_a_read_only_database_is_one_line(file: Path) -> None:
    SqliteHistory(file).close()
    with (
        mode(file, 0o400),
        mode(file.parent, 0o500),
        pytest.raises(HistoryError, match=r"cannot be (written|opened)"),
    ):
        SqliteHistory(file).add(new_attempt())


def test_a_locked_database_is_one_line(history: History, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_module, "_BUSY_TIMEOUT_MS", 20)
    impatient = SqliteHistory(file)
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(HistoryError, match="in use by another program") as caught:
        impatient.add(new_attempt())
    assert "\n" not in str(caught.value)
    assert impatient.rows() == (), "readers go on while someone writes"
    holder.execute("ROLLBACK")
    holder.close()
    assert impatient.add(new_attempt()).id > 0
    impatient.close()


ADD_UNTIL_TOLD = """
import sys
from pathlib import Path
from tests.history.samples import new_attempt
from voicecoach.history.sqlite import SqliteHistory
print("ready", flush=True)
sys.stdin.readline()
history = SqliteHistory(Path(sys.argv[1]))
number = 0
while number < int(sys.argv[2]):
    number += 1
    print(history.add(new_attempt(minutes=number, take_id=sys.argv[3])).id, flush=True)
history.close()
"""


def writer(file: Path, attempts: int, take_id: str) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-c", ADD_UNTIL_TOLD, str(file), str(attempts), take_id],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    return process


def test_processes_open_and_write_a_new_history_together(file: Path) -> None:
    processes = [writer(file, 25, f"process-{number}") for number in range(4)]
    for process in processes:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    ids: list[int] = []
    for process in processes:
        printed, complaint = process.communicate()
        assert process.returncode == 0, complaint
        ids += [int(line) for line in printed.split()]
    history = SqliteHistory(file)
    assert sorted(ids) == sorted(row.id for row in history.rows())
    assert len(set(ids)) == history.standings()["define-recall"].attempts == 100
    assert len(history.known_takes([f"process-{number}" for number in range(5)])) == 4
    history.close()


def test_a_killed_writer_loses_nothing_that_was_kept(file: Path) -> None:
    process = writer(file, 1_000_000, "killed")
    assert process.stdin
    assert process.stdout
    process.stdin.write("go\n")
    process.stdin.flush()
    kept = [int(process.stdout.readline()) for _ in range(20)]
    process.kill()
    # communicate() would read past the lines that readline() has buffered.
    kept += [int(line) for line in process.stdout]
    process.communicate()
    history = SqliteHistory(file)
    rows = history.rows()
    assert {row.id for row in rows} >= set(kept)
    assert len(rows) - len(kept) <= 1, "at most the attempt that was being written was kept unannounced"
    assert all(history.get(row.id) for row in rows), "none is there by half"
    assert history.standings()["define-recall"].attempts == len(rows)
    assert history.add(new_attempt()).id > max(kept)
    history.close()
