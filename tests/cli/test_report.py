from pathlib import Path

import pytest

from tests.cli.conftest import Program
from tests.history.samples import new_attempt
from voicecoach.cli.main import run
from voicecoach.cli.talk import ExitCode
from voicecoach.config import find_paths
from voicecoach.history.sqlite import SqliteHistory


@pytest.fixture
def practised(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two attempts; returns the current folder."""
    database = SqliteHistory(find_paths().database)
    database.add(new_attempt(minutes=0, said="the first"))
    database.add(new_attempt(minutes=1, said="the second <b>one</b>"))
    database.close()
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def test_a_number_or_the_last_one_is_written_here(
    practised: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for attempt in ("1", "last"):
        assert run(["report", attempt]) == ExitCode.FINE
    out, err = capsys.readouterr()

    names = ["voicecoach-define-recall-2026-03-01.html", "voicecoach-define-recall-2026-03-01-2.html"]
    assert out.splitlines() == [str(practised / name) for name in names]
    assert err == ""
    assert {(practised / name).stat().st_mode & 0o777 for name in names} == {0o600}


def test_a_file_of_ones_own_is_never_overwritten(practised: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["report", "1", "-o", "mine.html"]) == ExitCode.FINE
    before = Path("mine.html").read_bytes()
    assert run(["report", "2", "-o", "mine.html"]) == ExitCode.FAILED
    assert Path("mine.html").read_bytes() == before
    out, err = capsys.readouterr()
    assert out == "mine.html\n"
    assert err == "voicecoach: mine.html: there is something of that name already. Choose another name.\n"


@pytest.mark.parametrize(
    ("attempt", "code", "words"),
    [
        ("3", ExitCode.FAILED, "There is no attempt 3."),
        ("9" * 50, ExitCode.FAILED, "There is no attempt 999"),
        ("first", ExitCode.USAGE, "neither a number nor `last`"),
        ("²", ExitCode.USAGE, "neither a number nor `last`"),
        ("-1", ExitCode.USAGE, "No such option"),
    ],
)
def test_what_is_not_there_is_one_line(
    practised: Path, capsys: pytest.CaptureFixture[str], attempt: str, code: ExitCode, words: str
) -> None:
    assert run(["report", attempt]) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert words in err
    assert "Traceback" not in err
    assert list(practised.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["last"], ExitCode.FAILED, "There is no attempt yet."),
        (
            ["--round", "last"],
            ExitCode.FAILED,
            "There is no round yet. `voicecoach round` shows their numbers.",
        ),
        (["--round", "7"], ExitCode.FAILED, "There is no round 7. `voicecoach round` shows their numbers."),
        (["--round", "first"], ExitCode.USAGE, "neither a number nor `last`"),
        ([], ExitCode.USAGE, "Name an attempt, or a round with --round."),
        (["1", "--round", "1"], ExitCode.USAGE, "Name an attempt, or a round with --round."),
    ],
)
def test_nothing_yet_is_said(
    home: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: ExitCode, words: str
) -> None:
    assert run(["report", *arguments]) == code
    assert words in " ".join(capsys.readouterr().err.split())


def test_a_shell_can_use_the_name(program: Program, tmp_path: Path, practised: Path) -> None:
    done = program("report", "last")
    assert done.returncode == ExitCode.FINE, done.stderr
    assert Path(done.stdout.decode().rstrip("\n")).parent == tmp_path


def test_the_last_round_is_the_newest_that_was_held(
    practised: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from voicecoach.config import Settings  # noqa: PLC0415 - heavy
    from voicecoach.practice.interviewing import Interviewer  # noqa: PLC0415 - heavy
    from voicecoach.wiring import assemble  # noqa: PLC0415 - heavy

    wired = assemble(Settings(), find_paths())
    interviewer, rounds = Interviewer(wired.coach), wired.engines.rounds()
    begun = interviewer.begin("technical-screening")
    interviewer.pass_over(begun.answers[0])
    assert run(["report", "--round", "last"]) == ExitCode.FAILED
    assert "There is no round yet." in capsys.readouterr().err

    held = interviewer.begin("night-before")
    rounds.judge(held.answers[0].id, wired.engines.history().add(new_attempt(held.answers[0].question_id)).id)
    interviewer.end(held.id)
    interviewer.pass_over(interviewer.begin("applied-design").answers[0])
    wired.engines.history().close()
    assert run(["report", "--round", "last", "-o", "round.html"]) == ExitCode.FINE
    assert "The night before" in Path("round.html").read_text("utf-8")
