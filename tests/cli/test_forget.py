from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from tests.cli.samples import CARD
from tests.support.sounds import noise
from tests.support.terminal import TMUX, terminal
from voicecoach.audio.hold import TakeHold
from voicecoach.audio.takes import Take, TakeStore
from voicecoach.audio.wav import write_wav
from voicecoach.cli.main import run
from voicecoach.cli.talk import ExitCode
from voicecoach.config import find_paths
from voicecoach.history.records import NewAttempt
from voicecoach.history.sqlite import SqliteHistory
from voicecoach.history.sqlite_rounds import SqliteRounds
from voicecoach.practice.target import TargetFile
from voicecoach.transcript import Transcript, Word

UNIQUE = "zyzzyva"
"""A word that was said and must be nowhere once it is forgotten."""


def at(day: int) -> datetime:
    """Noon of a day, as this machine's calendar has it."""
    return datetime(2026, 3, day, 12, 0).astimezone()


@pytest.fixture
def takes(home: Path) -> dict[str, Take]:
    """Two questions answered on two days each, and a recording that was never judged."""
    paths = find_paths()
    store, history = TakeStore(paths.takes), SqliteHistory(paths.database)
    made = {}
    for question, day in (("define-recall", 1), ("define-recall", 2), ("define-precision", 2)):
        take = made[f"{question}-{day}"] = store.create(question, at(day))
        write_wav(take.audio, noise(1.5))
        words = (Word(UNIQUE, 0.0, 0.5),)
        history.add(
            NewAttempt(
                question_id=question,
                take_id=take.id,
                started_at=at(day),
                transcript=Transcript(words, "en", 1.5, CARD.engine),
                speech=(),
                card=replace(CARD, question=question),
            )
        )
    history.close()
    unjudged = made["unjudged"] = store.create("define-recall", at(3))
    write_wav(unjudged.audio, noise(2.0))
    return made


def left() -> tuple[list[tuple[str, int]], list[str]]:
    """Questions and days of the attempts, and ids of the takes."""
    paths = find_paths()
    history = SqliteHistory(paths.database)
    attempts = sorted((row.question_id, row.started_at.astimezone().day) for row in history.rows())
    history.close()
    return attempts, sorted(TakeStore(paths.takes).ids())


def files(folder: Path) -> Iterator[bytes]:
    for file in folder.rglob("*"):
        if file.is_file():
            yield file.read_bytes()


def test_a_question_is_forgotten_with_what_was_never_judged(
    takes: dict[str, Take], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["forget", "--question", "define-recall", "--yes"]) == ExitCode.FINE
    said = capsys.readouterr().out
    assert "2 attempts deleted" in said
    assert "3 recordings deleted" in said
    assert left() == ([("define-precision", 2)], [takes["define-precision-2"].id])


def test_a_day_is_forgotten_and_the_others_stay(takes: dict[str, Take]) -> None:
    assert run(["forget", "--day", "2026-03-02", "--yes"]) == ExitCode.FINE
    assert left() == ([("define-recall", 1)], sorted([takes["define-recall-1"].id, takes["unjudged"].id]))


def test_a_question_and_a_day_together_are_what_fits_both(takes: dict[str, Take]) -> None:
    assert run(["forget", "--question", "define-recall", "--day", "2026-03-02", "--yes"]) == ExitCode.FINE
    attempts, kept = left()
    assert attempts == [("define-precision", 2), ("define-recall", 1)]
    assert takes["define-recall-2"].id not in kept
    assert len(kept) == 3


def test_after_everything_not_a_word_is_left_on_disk(takes: dict[str, Take], home: Path) -> None:
    assert any(UNIQUE.encode() in content for content in files(home))
    vectors = find_paths().vectors
    vectors.mkdir(parents=True)
    (vectors / "some.npy").write_bytes(b"vectors")
    (vectors / "half.partial").write_bytes(b"vectors")
    (vectors / "some.readings").write_bytes(b"readings")
    assert run(["forget", "--everything", "--yes"]) == ExitCode.FINE
    assert left() == ([], [])
    assert not any(UNIQUE.encode() in content for content in files(home))
    assert list(vectors.iterdir()) == []


def test_the_vectors_of_a_forgotten_question_go_and_those_of_others_stay(home: Path) -> None:
    from voicecoach.config import Settings  # noqa: PLC0415 - heavy
    from voicecoach.scoring.evidence import rubric_texts  # noqa: PLC0415 - heavy
    from voicecoach.wiring import assemble  # noqa: PLC0415 - heavy

    wired = assemble(Settings(), find_paths())
    for question_id in ("define-recall", "define-precision"):
        wired.engines.rubric_vectors(rubric_texts(wired.coach.question(question_id)))
    kept = set(find_paths().vectors.glob("*.npy"))
    assert run(["forget", "--question", "define-recall", "--yes"]) == ExitCode.FINE
    gone = kept - set(find_paths().vectors.glob("*.npy"))
    assert (len(kept), len(gone)) == (2, 1)


def test_a_take_in_use_keeps_its_card_and_is_named(
    takes: dict[str, Take], capsys: pytest.CaptureFixture[str]
) -> None:
    busy = takes["define-recall-2"]
    with TakeHold(busy.folder):
        assert run(["forget", "--everything", "--yes"]) == ExitCode.FOUND
    out, err = capsys.readouterr()
    assert "2 attempts deleted" in out
    assert busy.id in err
    assert left() == ([("define-recall", 2)], [busy.id])


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--yes"],
        ["--everything", "--day", "2026-03-01"],
        ["--day", "yesterday"],
        ["--question", "define-recall"],
    ],
)
def test_a_wish_that_is_not_clear_deletes_nothing(takes: dict[str, Take], arguments: list[str]) -> None:
    before = left()
    assert run(["forget", *arguments]) == ExitCode.USAGE
    assert left() == before


def test_an_unknown_question_is_named(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["forget", "--question", "no-such-thing", "--yes"]) == ExitCode.FAILED
    assert "no-such-thing" in capsys.readouterr().err


def test_nothing_to_forget_is_said(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["forget", "--day", "2026-03-01", "--yes"]) == ExitCode.FINE
    assert "nothing to forget" in capsys.readouterr().err


def test_a_backup_may_hold_what_the_history_has_lost(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    database = find_paths().database
    SqliteHistory(database).close()
    backup = database.with_name("history.before-2.sqlite3")
    backup.write_bytes(database.read_bytes())
    assert run(["forget", "--day", "2026-03-01", "--yes"]) == ExitCode.FINE
    assert "1 backup of the history deleted" in capsys.readouterr().out
    assert not backup.exists()


@pytest.mark.skipif(TMUX is None, reason="no tmux (Debian: apt install tmux)")
def test_it_asks_first(takes: dict[str, Take], home: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    before = left()
    TargetFile(find_paths().target_file).write("A job that nobody else should read of")
    environment = {"VOICECOACH_HOME": str(home)}
    with terminal(tmp_path_factory.mktemp("no"), environment, "forget", "--everything") as asked:
        shown = asked.wait_for("cannot be undone")
        assert "3 attempts" in shown
        assert "4 recordings" in shown
        assert "the target job" in shown
        asked.press("n", "Enter")
        asked.wait_for_end()
    assert left() == before
    with terminal(tmp_path_factory.mktemp("yes"), environment, "forget", "--everything") as asked:
        asked.wait_for("cannot be undone")
        asked.press("y", "Enter")
        asked.wait_for_end()
    assert left() == ([], [])


def test_what_was_said_to_one_point_of_a_question_is_the_questions_own(takes: dict[str, Take]) -> None:
    paths = find_paths()
    part = "define-recall#definition"
    take = TakeStore(paths.takes).create(part, at(4))
    write_wav(take.audio, noise(1.5))
    history = SqliteHistory(paths.database)
    words = Transcript((Word(UNIQUE, 0.0, 0.5),), "en", 1.5, CARD.engine)
    history.add(NewAttempt(part, take.id, at(4), words, (), replace(CARD, question=part)))
    history.close()
    assert run(["forget", "--question", "define-recall", "--yes"]) == ExitCode.FINE
    assert left() == ([("define-precision", 2)], [takes["define-precision-2"].id])


def test_a_day_takes_the_rounds_that_were_begun_on_it_though_all_was_passed(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    history = SqliteHistory(find_paths().database)
    rounds = SqliteRounds(history.database)
    for day in (1, 2):
        begun = rounds.begin("night-before", ["define-recall"], at(day))
        rounds.pass_over(begun.answers[0].id)
        rounds.end(begun.id, at(day))

    assert run(["forget", "--day", "2026-03-01", "--yes"]) == ExitCode.FINE
    assert "1 round deleted" in capsys.readouterr().out
    assert [each.started_at for each in rounds.runs()] == [at(2)]
    assert run(["forget", "--question", "define-recall", "--day", "2026-03-02", "--yes"]) == ExitCode.FINE
    assert "the question taken out of 1 round" in capsys.readouterr().out
    assert rounds.runs() == ()
    history.close()


@pytest.mark.skipif(TMUX is None, reason="no tmux (Debian: apt install tmux)")
def test_it_says_that_a_round_goes_as_a_whole(
    takes: dict[str, Take], home: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    history = SqliteHistory(find_paths().database)
    rounds = SqliteRounds(history.database)
    begun = rounds.begin("night-before", ["define-recall", "define-precision"], at(1))
    by_day = {row.started_at.astimezone().day: row.id for row in history.rows(["define-recall"])}
    rounds.judge(begun.answers[0].id, by_day[1])
    rounds.judge(begun.answers[1].id, history.rows(["define-precision"])[0].id)
    environment = {"VOICECOACH_HOME": str(home)}
    with terminal(tmp_path_factory.mktemp("asked"), environment, "forget", "--day", "2026-03-01") as asked:
        shown = " ".join(asked.wait_for("cannot be undone").split())
        assert "1 round begun that day, as a whole; what was answered in it on other days stays" in shown
        asked.press("y", "Enter")
        asked.wait_for_end()
    assert rounds.runs() == ()
    history.close()
    assert left()[0] == [("define-precision", 2), ("define-recall", 2)]


def test_an_attempt_that_cannot_be_read_goes_with_its_recording(takes: dict[str, Take]) -> None:
    history = SqliteHistory(find_paths().database)
    history.database.connection.execute(
        "UPDATE attempts SET started_at = 'some day' WHERE take_id = ?", (takes["define-recall-1"].id,)
    )
    history.close()

    assert run(["forget", "--day", "2026-03-01", "--yes"]) == ExitCode.FINE
    attempts, kept = left()
    assert attempts == [("define-precision", 2), ("define-recall", 2)]
    assert takes["define-recall-1"].id not in kept


def test_vectors_that_cannot_be_deleted_are_told_and_all_else_goes(
    takes: dict[str, Take], capsys: pytest.CaptureFixture[str]
) -> None:
    paths = find_paths()
    TargetFile(paths.target_file).write("A job")
    (paths.vectors / "stuck.npy").mkdir(parents=True)

    assert run(["forget", "--everything", "--yes"]) == ExitCode.FOUND
    out, err = capsys.readouterr()
    assert "3 attempts deleted" in out
    assert "the target job deleted" in out
    assert f"{paths.vectors}: a file cannot be deleted" in err
    assert left() == ([], [])
    assert not TargetFile(paths.target_file).exists
