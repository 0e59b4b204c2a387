import os
import random
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.history.damage import (
    PAGE,
    blank,
    card_page,
    cut,
    make,
    make_first_version,
    make_with_log,
    overwrite,
    pages_with,
    read,
    read_sound,
    root_page,
)
from tests.history.samples import new_attempt
from tests.support.disks import small_disk
from tests.support.installation import REPOSITORY, run_python
from voicecoach.errors import HistoryError
from voicecoach.history import database as database_module
from voicecoach.history.copies import databases_beside, name_aside, partial_of, sign_of_repair
from voicecoach.history.migrations import MIGRATIONS, migrate
from voicecoach.history.records import Attempt
from voicecoach.history.repair import Repair, repair
from voicecoach.history.sqlite import SqliteHistory
from voicecoach.history.sqlite_rounds import SqliteRounds

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
COUNT = 60
posix_only = pytest.mark.skipif(os.name != "posix", reason="Windows lets not everybody make links")


def mend(file: Path) -> Repair:
    done = repair(file, NOW)
    assert done is not None
    return done


def without(kept: dict[int, Attempt], *lost: int) -> dict[int, Attempt]:
    return {number: attempt for number, attempt in kept.items() if number not in lost}


@pytest.fixture
def kept(file: Path) -> dict[int, Attempt]:
    return make(file, COUNT)


def test_a_sound_history_is_left_alone(file: Path, kept: dict[int, Attempt]) -> None:
    before = file.read_bytes()
    assert repair(file, NOW) is None
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir()] == [file.name]
    assert repair(file.with_name("none.sqlite3"), NOW) is None


def test_a_page_of_zeros_in_cards_costs_the_cards_that_begin_on_it(
    file: Path, kept: dict[int, Attempt]
) -> None:
    page = card_page(file, 30)
    gone = [number for number in kept if card_page(file, number) == page]
    assert 1 <= len(gone) <= 8
    blank(file, page)
    damaged = file.read_bytes()

    done = mend(file)

    assert [(lost.id, lost.question_id) for lost in done.lost] == [(n, f"q-{n:04}") for n in gone]
    assert all(
        lost.started_at == kept[lost.id].started_at.isoformat(timespec="microseconds") for lost in done.lost
    )
    assert done.saved == COUNT - len(gone)
    assert read_sound(file) == without(kept, *gone)
    assert done.set_aside is not None
    assert done.set_aside.read_bytes() == damaged
    assert done.set_aside.name == "history.damaged-20261121T093000.000000Z.sqlite3"
    assert sorted(path.name for path in file.parent.iterdir()) == sorted([file.name, done.set_aside.name])
    assert {stat.S_IMODE(path.stat().st_mode) for path in file.parent.iterdir()} == {0o600}
    assert repair(file, NOW) is None


@pytest.mark.parametrize(
    "table", ["attempts", "transcripts", "cards", "attempts_by_time", "standings", "schedule"]
)
def test_the_first_page_of_a_table_costs_nothing(file: Path, kept: dict[int, Attempt], table: str) -> None:
    blank(file, root_page(file, table))
    done = mend(file)
    assert (done.saved, done.lost) == (COUNT, ())
    assert read_sound(file) == kept


@pytest.mark.parametrize(
    "spoil",
    [
        lambda file: overwrite(file, 0, b"no database any more".ljust(100, b"!")),
        lambda file: overwrite(file, 16, b"\xff\xff"),
        lambda file: overwrite(file, 0, os.urandom(100)),
        lambda file: blank(file, 0),
    ],
    ids=["text", "page size", "noise", "zeros"],
)
def test_a_wrong_header_costs_nothing(
    file: Path, kept: dict[int, Attempt], spoil: Callable[[Path], None]
) -> None:
    spoil(file)
    with pytest.raises(HistoryError, match="doctor --repair"):
        read_sound(file)
    done = mend(file)
    assert (done.saved, done.lost) == (COUNT, ())
    assert read_sound(file) == kept


def test_one_flipped_byte_costs_the_attempts_on_its_page_at_most(file: Path, tmp_path: Path) -> None:
    kept = make(file, 30)
    whole, dice = file.read_bytes(), random.Random(7)  # noqa: S311 - a fixed choice of places
    repaired = 0
    for trial in range(40):
        place = tmp_path / str(trial) / file.name
        place.parent.mkdir()
        content = bytearray(whole)
        content[dice.randrange(len(content))] ^= dice.randrange(1, 256)
        place.write_bytes(content)
        done = repair(place, NOW)
        with closing(SqliteHistory(place)) as history:
            found = read(history)
        intact = [number for number, attempt in kept.items() if found.get(number) == attempt]
        assert len(intact) >= 30 - 2, "no page of this history holds more than a few cards or transcripts"
        if done is not None:
            repaired += 1
            assert done.saved == len(found)
            assert {lost.id for lost in done.lost} == set(kept) - set(found)
    assert repaired > 5


def lines_page(file: Path, number: int) -> int:
    """The leaf that holds an attempt's line."""
    (page,) = pages_with(file, f"q-{number:04}take-{number:04}")
    return page


def test_a_page_of_lines_is_written_anew_from_indexes_and_cards(file: Path, kept: dict[int, Attempt]) -> None:
    page = lines_page(file, 30)
    assert sum(lines_page(file, number) == page for number in kept) > 20
    blank(file, page)
    done = mend(file)
    assert (done.saved, done.lost) == (COUNT, ())
    assert read_sound(file) == kept


def test_indexes_of_rounds_are_not_taken_for_those_of_attempts(file: Path, kept: dict[int, Attempt]) -> None:
    with closing(SqliteHistory(file)) as history:
        rounds = SqliteRounds(history.database)
        for number in reversed(kept):
            run = rounds.begin("mixed-mock", ["q-0001"], NOW)
            rounds.take(run.answers[0].id, f"take-{number:04}")
    blank(file, lines_page(file, 30))
    assert mend(file).lost == ()
    assert read_sound(file) == kept


def test_without_its_line_and_its_place_in_the_indexes_an_attempt_is_lost(
    file: Path, kept: dict[int, Attempt]
) -> None:
    blank(file, lines_page(file, 30))
    for page in pages_with(file, kept[30].started_at.isoformat(timespec="microseconds")):
        blank(file, page)
    done = mend(file)
    assert 30 in {lost.id for lost in done.lost}
    assert done.saved + len(done.lost) == COUNT
    assert read_sound(file) == without(kept, *(lost.id for lost in done.lost))


def test_many_damaged_pages_cost_what_was_on_them(file: Path, kept: dict[int, Attempt]) -> None:
    spoilt = {card_page(file, number) for number in (5, 25, 45)}
    gone = {number for number in kept if card_page(file, number) in spoilt}
    for page in spoilt:
        overwrite(file, page * PAGE + 8, os.urandom(PAGE - 8))
    done = mend(file)
    assert {lost.id for lost in done.lost} == gone
    assert done.saved == COUNT - len(gone)
    assert read_sound(file) == without(kept, *gone)


@pytest.mark.parametrize("share", [0.3, 0.5, 0.9])
def test_a_truncated_file_keeps_what_came_first(file: Path, kept: dict[int, Attempt], share: float) -> None:
    size = int(file.stat().st_size * share)
    there = [number for number in kept if (card_page(file, number) + 1) * PAGE <= size]
    cut(file, size)
    done = mend(file)
    saved = read_sound(file)
    assert done.saved == len(saved)
    assert saved == {number: kept[number] for number in saved}
    assert set(saved) <= set(there)
    assert {lost.id for lost in done.lost} >= set(there) - set(saved)
    assert len(saved) >= 0.8 * len(there), "pages of lines and indexes may lie behind the cut"


def test_of_a_file_cut_within_its_first_pages_nothing_is_left_but_the_file(
    file: Path, kept: dict[int, Attempt]
) -> None:
    cut(file, 2000)
    done = mend(file)
    assert (done.saved, done.lost) == (0, ())
    assert done.set_aside is not None
    assert done.set_aside.stat().st_size == 2000
    assert read_sound(file) == {}
    with closing(SqliteHistory(file)) as history:
        assert history.add(new_attempt()).id > 0


def test_an_empty_file_is_filled_from_a_copy(file: Path, kept: dict[int, Attempt]) -> None:
    shutil.copy(file, file.with_name("history.before-2.sqlite3"))
    cut(file, 0)
    done = mend(file)
    assert (done.damage, done.saved, done.from_copies) == ("the file is empty", COUNT, COUNT)
    assert read_sound(file) == kept


def test_a_missing_file_is_filled_from_the_copies_with_their_logs(file: Path) -> None:
    kept = make_with_log(file, 4, 8)
    copy = file.with_name("history.damaged-20260301T000000.000000Z.sqlite3")
    file.replace(copy)
    Path(f"{file}-wal").replace(f"{copy}-wal")
    done = mend(file)
    assert (done.damage, done.saved, done.from_copies) == ("the file is missing", 12, 12)
    assert done.set_aside is None, "there was nothing of it"
    assert read_sound(file) == kept
    assert sorted(path.name for path in file.parent.iterdir()) == sorted(
        [file.name, copy.name, f"{copy.name}-wal"]
    )


def test_a_log_without_its_database_is_not_thrown_away(file: Path) -> None:
    kept = make_with_log(file, 0, 12)
    cut(file, 0)
    with pytest.raises(HistoryError, match="damaged: the file is empty"):
        SqliteHistory(file)
    assert mend(file).saved == 12
    assert read_sound(file) == kept


@pytest.mark.parametrize("left", [1.0, 0.66, 0.33, 0.0])
def test_a_log_that_was_cut_off_keeps_what_was_committed(file: Path, left: float) -> None:
    kept = make_with_log(file, 10, 12)
    log = Path(f"{file}-wal")
    cut(log, int(log.stat().st_size * left))
    by_sqlite = file.with_name("as SQLite recovers it") / file.name
    by_sqlite.parent.mkdir()
    shutil.copy(file, by_sqlite)
    shutil.copy(log, f"{by_sqlite}-wal")
    expected = read_sound(by_sqlite)
    assert 10 <= len(expected) <= 22
    assert expected == {number: kept[number] for number in expected}
    blank(file, card_page(file, 4))

    done = mend(file)

    assert [lost.id for lost in done.lost] == [4]
    assert done.saved == len(expected) - 1
    assert read_sound(file) == without(expected, 4)
    assert not log.exists()
    assert Path(f"{done.set_aside}-wal").exists() == (left > 0)


def test_a_cut_log_alone_needs_no_repair(file: Path) -> None:
    make_with_log(file, 3, 4)
    cut(Path(f"{file}-wal"), Path(f"{file}-wal").stat().st_size - 100)
    assert repair(file, NOW) is None
    assert set(read_sound(file)) == {1, 2, 3, 4, 5, 6}


def test_what_is_lost_comes_from_the_backup(file: Path) -> None:
    kept = make(file, 20)
    shutil.copy(file, file.with_name("history.before-2.sqlite3"))
    with closing(SqliteHistory(file)) as history:
        for number in range(21, 41):
            attempt = history.add(new_attempt(f"q-{number:04}", minutes=number, said="so it is " * 40))
            kept[attempt.id] = attempt
    early, late = card_page(file, 10), card_page(file, 35)
    gone_for_good = {n for n in kept if n > 20 and card_page(file, n) in (early, late)}
    brought_back = {n for n in kept if n <= 20 and card_page(file, n) in (early, late)}
    blank(file, early)
    blank(file, late)

    done = mend(file)

    assert (done.saved, done.from_copies) == (40 - len(gone_for_good), len(brought_back))
    assert {lost.id for lost in done.lost} == gone_for_good
    assert brought_back
    assert read_sound(file) == without(kept, *gone_for_good)


@pytest.mark.parametrize("content", [b"my notes " * 1000, b"\0" * 20000])
def test_where_nothing_can_be_read_the_backup_takes_its_place(
    file: Path, kept: dict[int, Attempt], content: bytes
) -> None:
    file.replace(file.with_name("history.before-2.sqlite3"))
    file.write_bytes(content)
    done = mend(file)
    assert (done.saved, done.from_copies, done.lost) == (COUNT, COUNT, ())
    assert done.set_aside is not None
    assert done.set_aside.read_bytes() == content
    assert read_sound(file) == kept


def test_what_was_deleted_stays_deleted(file: Path, kept: dict[int, Attempt]) -> None:
    gone = [1, 2, 3, 4, 30, 31, 59, 60]
    with closing(SqliteHistory(file)) as history:
        history.delete(*gone)
    overwrite(file, 0, b"?" * 100)
    done = mend(file)
    assert (done.saved, done.lost) == (COUNT - len(gone), ())
    assert read_sound(file) == without(kept, *gone)


def test_an_attempt_that_cannot_be_shown_is_named_and_the_rest_goes_on(
    file: Path, kept: dict[int, Attempt]
) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("UPDATE cards SET card = '{}' WHERE attempt_id = 7")
        connection.execute("UPDATE transcripts SET words = '[[1]]' WHERE attempt_id = 8")
        connection.execute("DELETE FROM cards WHERE attempt_id = 60")
        connection.execute("DELETE FROM transcripts WHERE attempt_id = 9")
    done = mend(file)
    assert [lost.id for lost in done.lost] == [7, 8, 9, 60]
    assert done.saved == COUNT - 4
    assert read_sound(file) == without(kept, 7, 8, 9, 60)
    with closing(SqliteHistory(file)) as history:
        assert history.add(new_attempt()).id == 61, "a lost attempt's id is not given to another"


def test_a_byte_that_is_no_text_costs_a_letter(file: Path, kept: dict[int, Attempt]) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.text_factory = bytes
        card = connection.execute("SELECT card FROM cards WHERE attempt_id = 7").fetchone()[0]
        spoilt = card.replace(b"cue 0007", b"cue \xff007")
        connection.execute("UPDATE cards SET card = CAST(? AS TEXT) WHERE attempt_id = 7", (spoilt,))
        connection.commit()
    with closing(SqliteHistory(file)) as history:
        with pytest.raises(HistoryError, match="attempt 7 cannot be read") as caught:
            history.get(7)
        assert history.get(8) == kept[8]
    assert "doctor --repair" in caught.value.hint
    done = mend(file)
    assert (done.saved, done.lost) == (COUNT, ())
    found = read_sound(file)
    assert found[7].card.cue == "cue \N{REPLACEMENT CHARACTER}007"
    assert without(found, 7) == without(kept, 7)


def test_a_lost_table_is_made_again(file: Path, kept: dict[int, Attempt]) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("DROP TABLE standings")
    with pytest.raises(HistoryError, match="no such table: standings"):
        SqliteHistory(file)
    assert mend(file).saved == COUNT
    assert read_sound(file) == kept


@pytest.mark.parametrize("version", range(len(MIGRATIONS)))
def test_a_version_that_is_too_low_costs_nothing(file: Path, kept: dict[int, Attempt], version: int) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA user_version = {version}")
    with pytest.raises(HistoryError, match=r"the history is damaged: table .* already exists") as caught:
        SqliteHistory(file)
    assert "doctor --repair" in caught.value.hint
    done = mend(file)
    assert (done.saved, done.lost) == (COUNT, ())
    assert "already exists" in done.damage
    assert read_sound(file) == kept


def test_an_older_history_that_cannot_be_brought_up_to_date_is_no_damage(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 6) as disk:
        file = disk.folder / "history.sqlite3"
        make_first_version(file, COUNT)
        with disk.full(leaving=100_000), pytest.raises(HistoryError, match="too full for a backup"):
            repair(file, NOW)
        assert not sign_of_repair(file).exists()
        assert repair(file, NOW) is None


@posix_only
def test_a_history_behind_a_link_is_repaired_where_it_lies(file: Path, tmp_path: Path) -> None:
    kept = make_with_log(file, 6, 4)
    link = tmp_path / "home" / "history.sqlite3"
    link.parent.mkdir()
    link.symlink_to(file)
    page = card_page(file, 5)
    blank(file, page)
    done = mend(link)
    assert link.is_symlink()
    assert [path.name for path in link.parent.iterdir()] == [link.name]
    assert [lost.id for lost in done.lost] == [5]
    assert done.set_aside is not None
    assert done.set_aside.parent == file.parent
    assert read_sound(link) == without(kept, 5)
    sign_of_repair(file).touch()
    with pytest.raises(HistoryError, match="was interrupted"):
        SqliteHistory(link)


@posix_only
def test_a_link_that_leads_nowhere_is_one_line_and_stays(file: Path, tmp_path: Path) -> None:
    link = tmp_path / "history.sqlite3"
    link.symlink_to(file)
    shutil.copy(__file__, link.with_name("history.before-2.sqlite3"))
    for use in (SqliteHistory, lambda path: repair(path, NOW)):
        with pytest.raises(HistoryError, match="No such file") as caught:
            use(link)
        assert caught.value.hint
    assert link.is_symlink()
    assert not file.exists()


def test_a_newer_history_is_left_alone(file: Path, kept: dict[int, Attempt]) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA user_version = 99")
    blank(file, root_page(file, "cards"))
    before = file.read_bytes()
    with pytest.raises(HistoryError, match="newer voicecoach"):
        repair(file, NOW)
    assert file.read_bytes() == before
    assert not [path for path in file.parent.iterdir() if path.name.endswith((".partial", ".repairing"))]


def test_no_one_opens_a_history_that_is_halfway_repaired(file: Path, kept: dict[int, Attempt]) -> None:
    sign_of_repair(file).touch()
    partial_of(file).write_bytes(b"the beginning of a new database")
    with pytest.raises(HistoryError, match="was interrupted") as caught:
        SqliteHistory(file)
    assert "doctor --repair" in caught.value.hint
    assert mend(file).damage == "an earlier repair was interrupted"
    assert read_sound(file) == kept
    assert not sign_of_repair(file).exists()


def test_an_interrupted_repair_that_cannot_go_on_stays_one(file: Path, kept: dict[int, Attempt]) -> None:
    sign_of_repair(file).touch()
    partial_of(file).mkdir()
    with pytest.raises(HistoryError):
        repair(file, NOW)
    assert sign_of_repair(file).exists()
    partial_of(file).rmdir()
    assert mend(file).saved == COUNT


@pytest.mark.parametrize("has_ended", [True, False])
def test_a_history_that_is_repaired_while_it_is_opened_is_not_used(
    file: Path, kept: dict[int, Attempt], monkeypatch: pytest.MonkeyPatch, has_ended: bool
) -> None:
    def migrate_slowly(connection: sqlite3.Connection, file: Path) -> None:
        migrate(connection, file)
        if has_ended:
            shutil.copy(file, partial_of(file))
            partial_of(file).replace(file)
        else:
            sign_of_repair(file).touch()

    with monkeypatch.context() as patch:
        patch.setattr(database_module, "migrate", migrate_slowly)
        with pytest.raises(HistoryError, match="a repair of the history is under way"):
            SqliteHistory(file)
    sign_of_repair(file).unlink(missing_ok=True)
    assert read_sound(file) == kept


HOLD = """
import sys
from pathlib import Path
from voicecoach.history.sqlite import SqliteHistory
history = SqliteHistory(Path(sys.argv[1]))
print(len(history.rows()), flush=True)
sys.stdin.readline()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows itself refuses to replace an open file")
def test_a_history_that_another_window_has_open_is_not_repaired(file: Path, kept: dict[int, Attempt]) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(file)],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as window:
        assert window.stdin
        assert window.stdout
        assert window.stdout.readline() == f"{COUNT}\n"
        blank(file, card_page(file, 30))
        before = file.read_bytes()
        with pytest.raises(HistoryError, match="in use") as caught:
            repair(file, NOW)
        assert "Close every other voicecoach" in caught.value.hint
        assert file.read_bytes() == before
        assert [path.name for path in file.parent.glob("*.sqlite3.*")] == []
        window.stdin.write("close\n")
    assert mend(file).saved >= COUNT - 8


def test_a_full_disk_leaves_the_damaged_history_as_it_is(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 6) as disk:
        file = disk.folder / "history.sqlite3"
        make(file, COUNT)
        overwrite(file, 0, b"?" * 100)
        before = file.read_bytes()
        with disk.full(leaving=100_000), pytest.raises(HistoryError, match=r"disk is full|No space left"):
            repair(file, NOW)
        assert file.read_bytes() == before
        assert [path.name for path in disk.folder.iterdir()] == [file.name]
        assert mend(file).saved == COUNT


def test_a_file_system_without_second_names_gets_a_copy(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_names: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    kept = make_with_log(file, 5, 5)
    blank(file, card_page(file, 4))
    before, log = file.read_bytes(), Path(f"{file}-wal").read_bytes()
    monkeypatch.setattr(os, "link", refuse)
    done = mend(file)
    assert done.set_aside is not None
    assert done.set_aside.read_bytes() == before
    assert Path(f"{done.set_aside}-wal").read_bytes() == log
    assert read_sound(file) == without(kept, 4)


KILLED_REPAIRS = """
import sys
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tests.history.damage import read_sound
from tests.history.kills import killed_at_every_step
from voicecoach.errors import HistoryError
from voicecoach.history.repair import repair
from voicecoach.history.sqlite import SqliteHistory

NOW = datetime(2026, 11, 21, tzinfo=UTC)

def check(file, was_killed):
    if was_killed:
        with suppress(HistoryError):
            SqliteHistory(file).close()  # somebody starts the app instead of repairing again
        repair(file, NOW + timedelta(hours=1))
    assert set(read_sound(file)) == {1, 2, 3, 4, 6, 7, 8, 9, 10}
    assert not [*file.parent.glob("*.partial"), *file.parent.glob("*.repairing")]

print(killed_at_every_step(Path(sys.argv[1]), lambda file: repair(file, NOW), check))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_repair_that_is_killed_before_any_of_its_steps_loses_nothing(file: Path) -> None:
    make_with_log(file, 6, 4)
    blank(file, card_page(file, 5))
    done = run_python(KILLED_REPAIRS.replace("sys.argv[1]", repr(str(file))), environment=dict(os.environ))
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 15


KILLED_WITH_CHANGES_IN_THE_LOG = """
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tests.history.damage import read_sound
from tests.history.kills import killed_at_every_step
from voicecoach.history.repair import repair

NOW = datetime(2026, 11, 21, tzinfo=UTC)

def refuse(*names):
    raise PermissionError(1, "Operation not permitted")

if not HAS_SECOND_NAMES:
    os.link = refuse

def check(file, was_killed):
    if was_killed:
        repair(file, NOW + timedelta(hours=1))
    found = read_sound(file)
    assert list(found) == LEFT[::-1], found.keys()
    assert found[2].card.cue == "set right"
    # What it has set aside must not bring anything back later.
    file.write_bytes(b"")
    repair(file, NOW + timedelta(hours=2))
    assert list(read_sound(file)) == LEFT[::-1]

print(killed_at_every_step(Path(FILE), lambda file: repair(file, NOW), check))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.parametrize("has_second_names", [True, False])
def test_a_killed_repair_keeps_what_was_deleted_or_set_right_in_the_log(
    file: Path, tmp_path: Path, has_second_names: bool
) -> None:
    source = tmp_path / "source" / file.name
    kept = make(source, 30)
    with closing(SqliteHistory(source)) as history, closing(sqlite3.connect(source)) as reader:
        reader.execute("BEGIN")
        # Whoever reads keeps the log from being folded into the file.
        assert reader.execute("SELECT COUNT(*) FROM attempts").fetchone() == (30,)
        history.correct(kept[2], replace(kept[2].card, cue="set right"))
        history.delete(3)
        file.parent.mkdir()
        shutil.copy(source, file)
        shutil.copy(f"{source}-wal", f"{file}-wal")
    page = card_page(file, 25)
    left = [number for number in kept if number != 3 and card_page(file, number) != page]
    blank(file, page)
    code = KILLED_WITH_CHANGES_IN_THE_LOG.replace("FILE", repr(str(file))).replace("LEFT", repr(left))
    done = run_python(code.replace("HAS_SECOND_NAMES", str(has_second_names)), environment=dict(os.environ))
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 15


def test_a_history_that_was_put_in_place_of_one_being_repaired_is_kept(file: Path) -> None:
    make(file, 3)
    aside = name_aside(file, NOW)
    file.rename(aside)
    restored = make(file, 5)
    sign_of_repair(file).write_bytes(os.fsencode(aside.name))

    done = repair(file, NOW + timedelta(minutes=1))

    assert done is not None
    assert done.set_aside == aside
    (copy,) = (each for each in databases_beside(file) if each != aside)
    with closing(SqliteHistory(copy)) as history:
        assert {row.id for row in history.rows()} == set(restored)


def test_pages_of_an_attempt_are_where_these_tests_look(file: Path, kept: dict[int, Attempt]) -> None:
    """The tests above count losses by pages: each card begins on one page, and few share it."""
    pages = {number: card_page(file, number) for number in kept}
    assert len(set(pages.values())) > COUNT // 8
    assert not set(pages.values()) & pages_with(file, "take-0030")
