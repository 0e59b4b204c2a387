import json
import os
import shutil
import sqlite3
import stat
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.history.damage import blank, card_page, fill, make, make_first_version, overwrite, read_sound
from tests.support.disks import mode
from tests.support.installation import run_python
from voicecoach.audio.takes import TakeStore
from voicecoach.cli.doctor import Finding, examine
from voicecoach.cli.main import run
from voicecoach.cli.session import Session
from voicecoach.cli.talk import ExitCode
from voicecoach.config import Paths, find_paths
from voicecoach.history.sqlite import SqliteHistory

posix_only = pytest.mark.skipif(os.name != "posix", reason="Windows has no such permission bits")


@pytest.fixture
def paths(home: Path) -> Paths:
    found = find_paths()
    found.data.mkdir(parents=True, mode=0o700)
    return found


def repaired(
    capsys: pytest.CaptureFixture[str], expected: ExitCode = ExitCode.FINE
) -> dict[str, dict[str, Any]]:
    """What --repair says of each part."""
    capsys.readouterr()
    assert run(["doctor", "--repair", "--json"]) == expected
    return {row["name"]: row for row in json.loads(capsys.readouterr().out)}


def test_nothing_to_mend_is_said_of_everything(paths: Paths, capsys: pytest.CaptureFixture[str]) -> None:
    make(paths.database, 3)
    found = repaired(capsys)
    assert list(found) == ["permissions", "history", "leftovers"]
    assert {row["state"] for row in found.values()} == {"ok"}
    assert all("nothing to" in row["message"] for row in found.values())
    assert sorted(path.name for path in paths.data.iterdir()) == [paths.database.name]


def test_without_a_data_folder_nothing_is_made(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "nothing to mend" in repaired(capsys)["data folder"]["message"]
    assert not home.exists()


def test_a_damaged_history_is_saved_and_the_lost_are_named(
    paths: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = make(paths.database, 40)
    page = card_page(paths.database, 20)
    gone = [number for number in kept if card_page(paths.database, number) == page]
    blank(paths.database, page)

    history = repaired(capsys)["history"]

    assert history["state"] == "warn"
    assert f"{40 - len(gone)} attempts saved" in history["message"]
    for number in gone:
        assert f"{number} (q-{number:04} 2026-03-01 " in history["message"]
    assert "kept as history.damaged-" in history["message"]
    assert "forget" in history["remedy"]
    assert len(read_sound(paths.database)) == 40 - len(gone)
    assert "nothing to mend" in repaired(capsys)["history"]["message"]


def test_it_needs_neither_settings_nor_questions(paths: Paths, capsys: pytest.CaptureFixture[str]) -> None:
    paths.settings_file.write_text("= nonsense")
    (paths.own_bank / "prompts").mkdir(parents=True)
    (paths.own_bank / "prompts" / "broken.toml").write_text("= nonsense")
    make(paths.database, 5)
    overwrite(paths.database, 0, b"?" * 100)
    assert "5 attempts saved" in repaired(capsys)["history"]["message"]


@posix_only
def test_permissions_are_mended_before_the_history_is_read(
    paths: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    make(paths.database, 5)
    overwrite(paths.database, 0, b"?" * 100)
    with mode(paths.database, 0o000):
        found = repaired(capsys)
    assert "1 file or folder mended" in found["permissions"]["message"]
    assert "5 attempts saved" in found["history"]["message"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in paths.data.iterdir()} == {0o600}


def test_leftovers_are_swept_and_counted(paths: Paths, capsys: pytest.CaptureFixture[str]) -> None:
    old = datetime.now(UTC) - timedelta(minutes=5)
    TakeStore(paths.takes).create("define-recall", old)
    partial = paths.data / "history.before-2.sqlite3.partial"
    partial.touch()
    os.utime(partial, (old.timestamp(), old.timestamp()))
    assert "1 half-written file and 1 take without sound" in repaired(capsys)["leftovers"]["message"]
    assert not partial.exists()


def test_a_missing_history_is_made_again_from_its_backup(
    paths: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    make_first_version(paths.database, 3)
    SqliteHistory(paths.database).close()
    paths.database.unlink()
    history = repaired(capsys)["history"]
    assert history["state"] == "warn"
    assert "it was damaged (the file is missing); 3 attempts saved" in history["message"]
    assert history["message"].endswith("3 of them from a copy beside it")
    assert history["remedy"] == ""
    assert len(read_sound(paths.database)) == 3


def test_what_cannot_be_mended_fails_and_the_rest_goes_on(
    paths: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    paths.database.mkdir()
    found = repaired(capsys, ExitCode.FOUND)
    assert found["history"]["state"] == "fail"
    assert found["leftovers"]["state"] == "ok"


@posix_only
def test_a_folder_that_cannot_be_entered_fails_and_the_rest_goes_on(
    paths: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    make(paths.database, 3)
    paths.vectors.mkdir(parents=True)
    with mode(paths.cache, 0):
        found = repaired(capsys, ExitCode.FOUND)
    assert found["history"]["state"] == "ok"
    assert found["leftovers"]["state"] == "fail"
    assert found["leftovers"]["message"] == f"{paths.vectors}: cannot be read: Permission denied"


def test_the_words_fit_the_terminal(paths: Paths, capsys: pytest.CaptureFixture[str]) -> None:
    make(paths.database, 10)
    for page in {card_page(paths.database, number) for number in (2, 9)}:
        blank(paths.database, page)
    assert run(["doctor", "--repair"]) == ExitCode.FINE
    out, err = capsys.readouterr()
    assert all(len(line) <= 80 for line in out.splitlines())
    assert [line for line in out.splitlines() if line.startswith("warn  history: it was damaged")]
    assert "Looking at: history" in err


def history_finding() -> Finding:
    return next(each for each in examine(Session(None, {}), lambda _line: None) if each.name == "history")


def test_doctor_reads_every_page_and_says_what_to_do(paths: Paths) -> None:
    make(paths.database, 40)
    blank(paths.database, card_page(paths.database, 20))
    found = history_finding()
    assert found.state == "fail"
    assert "the history is damaged" in found.message
    assert "voicecoach doctor --repair" in found.remedy
    assert run(["doctor", "--repair"]) == ExitCode.FINE
    found = history_finding()
    assert found.state == "ok"
    assert found.message.startswith("39 attempts in ")
    assert "every page sound" in found.message


def test_after_a_repair_forgetting_leaves_no_word(paths: Paths) -> None:
    secret = b"cue 0005"
    with closing(SqliteHistory(paths.database)) as history:
        fill(history, 10)
    shutil.copy(paths.database, paths.data / "history.before-2.sqlite3")
    blank(paths.database, card_page(paths.database, 5))
    assert run(["doctor", "--repair"]) == ExitCode.FINE
    assert sum(secret in path.read_bytes() for path in paths.data.iterdir()) == 3
    assert run(["forget", "--everything", "--yes"]) == ExitCode.FINE
    assert not any(secret in path.read_bytes() for path in paths.data.rglob("*") if path.is_file())


@pytest.mark.parametrize("everything", [True, False])
def test_forgetting_takes_the_copies_of_a_history_that_is_empty(
    paths: Paths, capsys: pytest.CaptureFixture[str], everything: bool
) -> None:
    """What could not be read could be about anything."""
    make(paths.database, 4)
    with closing(sqlite3.connect(paths.database)) as connection:
        connection.execute("UPDATE cards SET card = '{}'")
        connection.commit()
    assert run(["doctor", "--repair"]) == ExitCode.FINE
    assert list(paths.data.glob("history.damaged-*"))
    what = ["--everything"] if everything else ["--question", "define-recall"]
    assert run(["forget", *what, "--yes"]) == ExitCode.FINE
    assert "1 backup of the history deleted" in capsys.readouterr().out
    assert not list(paths.data.glob("history.damaged-*"))


def test_repair_loads_no_engine(paths: Paths) -> None:
    make(paths.database, 3)
    blank(paths.database, 0)
    heavy = ("torch", "faster_whisper", "sentence_transformers", "pocketsphinx", "sounddevice", "textual")
    code = (
        "import sys; from voicecoach.cli.main import run; code = run(['doctor', '--repair']);"
        f"print(code, *[name for name in {heavy} if name in sys.modules])"
    )
    done = run_python(code, environment=dict(os.environ))
    assert done.stdout.splitlines()[-1] == "0"
