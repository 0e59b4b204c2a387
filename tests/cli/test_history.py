import json
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cli.samples import CARD
from voicecoach.cli.main import run
from voicecoach.cli.talk import ExitCode
from voicecoach.config import find_paths
from voicecoach.history.records import NewAttempt
from voicecoach.history.sqlite import SqliteHistory
from voicecoach.scoring.card import Corrections, WordFix
from voicecoach.transcript import Transcript, Word


@pytest.fixture
def practised(home: Path) -> None:
    """Two attempts, the second on a later day."""
    database = SqliteHistory(find_paths().database)
    transcript = Transcript((Word("recall", 0.0, 0.5),), "en", 34.5, CARD.engine)
    for day, overall in ((1, 40.0), (2, 61.7)):
        database.add(
            NewAttempt(
                question_id=CARD.question,
                take_id=None,
                started_at=datetime(2026, 3, day, 12, 30, tzinfo=UTC),
                transcript=transcript,
                speech=(),
                card=replace(CARD, overall=overall),
            )
        )
    database.close()


def test_nothing_yet_is_said_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["history"]) == ExitCode.FINE
    out, err = capsys.readouterr()

    assert out == ""
    assert err.startswith("No attempt yet.")


def test_nothing_yet_is_an_empty_array(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["history", "--json"]) == ExitCode.FINE
    assert capsys.readouterr().out == "[]\n"


def test_attempts_come_newest_first(practised: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["history", "--json"]) == ExitCode.FINE
    rows = json.loads(capsys.readouterr().out)

    assert [row["overall"] for row in rows] == [61.7, 40.0]
    assert rows[0] == {
        "attempt": rows[0]["attempt"],
        "question": "define-recall",
        "started_at": "2026-03-02T12:30:00+00:00",
        "engine": "pocketsphinx",
        "duration_s": 34.5,
        "overall": 61.7,
        "corrected": False,
        "cue": CARD.cue,
        "take": None,
    }


def test_attempts_fit_the_terminal(practised: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["history"]) == ExitCode.FINE
    lines = capsys.readouterr().out.splitlines()

    assert all(len(line) <= 80 for line in lines)
    assert lines[0].endswith(" 62   0:34  define-recall")
    assert "Say what the positives are counted" in lines[1]


def test_a_history_that_cannot_be_read_is_one_line(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    database = find_paths().database
    database.parent.mkdir(parents=True)
    database.write_text("no database at all " * 100)

    assert run(["history"]) == ExitCode.FAILED
    out, err = capsys.readouterr()
    assert out == ""
    assert str(database) in err


def test_two_takes_are_put_side_by_side(practised: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["history", "--compare", "2", "1"]) == ExitCode.FINE
    lines = capsys.readouterr().out.splitlines()

    assert all(len(line) <= 80 for line in lines)
    assert lines[1].startswith("before: attempt 1, 2026-03-01")
    assert lines[2].startswith("after:  attempt 2, 2026-03-02")
    assert "  overall       40 > 62  (+22)" in lines
    assert any(line.startswith("Kept:") for line in lines)


def test_takes_that_are_compared_last_as_long_as_their_answers(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    database = SqliteHistory(find_paths().database)
    transcript = Transcript((Word("recall", 0.0, 0.5),), "en", 90.0, CARD.engine)
    for day in (1, 2):
        at = datetime(2026, 3, day, 12, 30, tzinfo=UTC)
        database.add(NewAttempt(CARD.question, None, at, transcript, (), replace(CARD, duration_s=90.0)))
    database.close()

    assert run(["history", "--compare", "1", "2"]) == ExitCode.FINE
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(", ")[2] for line in lines[1:3]] == ["0:34", "0:34"]
    assert "  length        34 > 34 s  (+0)" in lines


def test_a_length_is_the_cards_to_the_nearest_second(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    database = SqliteHistory(find_paths().database)
    transcript = Transcript((Word("recall", 0.0, 0.5),), "en", 27.7, CARD.engine)
    for day, duration_s in ((1, 27.7), (2, 25.6)):
        card = replace(CARD, duration_s=duration_s, timing=replace(CARD.timing, duration_s=duration_s))
        at = datetime(2026, 3, day, 12, 30, tzinfo=UTC)
        database.add(NewAttempt(CARD.question, None, at, transcript, (), card))
    database.close()

    assert run(["history"]) == ExitCode.FINE
    newest, older = [line for line in capsys.readouterr().out.splitlines() if "define-recall" in line]
    assert " 0:26 " in newest
    assert " 0:28 " in older
    assert run(["history", "--compare", "1", "2"]) == ExitCode.FINE
    lines = capsys.readouterr().out.splitlines()
    assert ", 0:28, " in lines[1]
    assert ", 0:26, " in lines[2]
    assert "  length        28 > 26 s  (-2)" in lines


def test_a_comparison_is_one_json_object(practised: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["history", "--compare", "1", "2", "--json"]) == ExitCode.FINE
    found = json.loads(capsys.readouterr().out)

    assert (found["before"], found["after"], found["question"]) == (1, 2, "define-recall")
    assert found["overall"] == {"name": "overall", "before": 40.0, "after": 61.7}
    assert found["wording"] == {"alike": None, "recited": False, "longest": None, "cut_version": False}


@pytest.mark.parametrize(
    ("numbers", "says"),
    [
        (("1", "9"), "There is no attempt 9."),
        (("2", "2"), "Attempt 2 cannot be compared with itself."),
        (("1", "3"), "Only takes of the same question can be compared."),
    ],
)
def test_takes_that_cannot_be_compared_are_one_line(
    practised: None, numbers: tuple[str, str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    database = SqliteHistory(find_paths().database)
    other = replace(CARD, question="define-precision")
    transcript = Transcript((Word("precision", 0.0, 0.5),), "en", 9.0, CARD.engine)
    database.add(NewAttempt(other.question, None, datetime(2026, 3, 3, tzinfo=UTC), transcript, (), other))
    database.close()

    assert run(["history", "--compare", *numbers]) == ExitCode.FAILED
    out, err = capsys.readouterr()
    assert out == ""
    assert says in err
    assert len(err.splitlines()) == 1


def test_a_corrected_score_is_marked_in_words(practised: None, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(SqliteHistory(find_paths().database)) as database:
        attempt = database.get(database.rows()[0].id)
        assert attempt is not None
        fixes = Corrections(fixes=(WordFix(0, ("recall",), ("Recall",)),))
        card = replace(attempt.card, overall=70.0, corrections=fixes, judged=attempt.card)
        database.correct(attempt, card)

    assert run(["history"]) == ExitCode.FINE
    newest, *older = [line for line in capsys.readouterr().out.splitlines() if "define-recall" in line]
    assert newest.endswith("(corrected by you)")
    assert "70" in newest
    assert not any("corrected" in line for line in older)
    assert run(["history", "--json"]) == ExitCode.FINE
    assert [row["corrected"] for row in json.loads(capsys.readouterr().out)] == [True, False]
