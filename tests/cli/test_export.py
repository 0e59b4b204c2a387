import csv
import io
import json
import subprocess
import sys
import tracemalloc
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.history.samples import new_attempt
from voicecoach.cli.exporting import ATTEMPT_COLUMNS, FORMULA_STARTS, PARTS, POINT_COLUMNS, csv_line
from voicecoach.cli.main import run
from voicecoach.cli.talk import ExitCode
from voicecoach.config import find_paths
from voicecoach.history.records import NewAttempt
from voicecoach.history.sqlite import SqliteHistory
from voicecoach.scoring.card import Corrections, Part, WordFix
from voicecoach.scoring.contract import from_json, to_dict
from voicecoach.scoring.overall import LONG_WEIGHTS, own_scores
from voicecoach.transcript import EngineInfo

FORMULA = '=HYPERLINK("http://127.0.0.1/?"&A1,"click")'


def on(day: int, question: str = "define-recall", said: str = "found of all", hour: int = 12) -> NewAttempt:
    """An attempt at an hour of a day, as this machine's calendar has it."""
    started_at = datetime(2026, 3, day, hour, 0).astimezone()
    attempt = new_attempt(question, overall=60.0 + day, said=said)
    return NewAttempt(question, None, started_at, attempt.transcript, attempt.speech, attempt.card)


@pytest.fixture
def kept(home: Path) -> list[NewAttempt]:
    """Attempts on two questions over three days, the first and last minutes of a day among them."""
    attempts = [
        on(3, hour=23),
        on(1),
        on(2, hour=0),
        on(2, "define-precision", FORMULA),
    ]
    history = SqliteHistory(find_paths().database)
    for attempt in attempts:
        history.add(attempt)
    history.close()
    return attempts


def exported(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert run(["export", *arguments]) == ExitCode.FINE
    return capsys.readouterr().out


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_json_has_everything_and_its_cards_read_back(
    kept: list[NewAttempt], capsys: pytest.CaptureFixture[str]
) -> None:
    found: list[dict[str, Any]] = json.loads(exported(capsys))

    assert [each["attempt"] for each in found] == [2, 3, 4, 1], "oldest first"
    assert list(found[0]) == ["attempt", "question", "started_at", "take", "transcript", "speech", "card"]
    by_time = sorted(kept, key=lambda attempt: attempt.started_at)
    for each, attempt in zip(found, by_time, strict=True):
        assert to_dict(from_json(json.dumps(each["card"]))) == to_dict(attempt.card)
        assert datetime.fromisoformat(each["started_at"]) == attempt.started_at
        assert " ".join(word["text"] for word in each["transcript"]["words"]) == attempt.transcript.text
        assert set(each["transcript"]["words"][0]) == {"text", "start_s", "end_s", "probability"}
        assert len(each["speech"]) == len(attempt.speech)


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        (["--question", "define-precision"], [4]),
        (["--from", "2026-03-02"], [3, 4, 1]),
        (["--to", "2026-03-02"], [2, 3, 4]),
        (["--from", "2026-03-02", "--to", "2026-03-02"], [3, 4]),
        (["--from", "2026-03-02", "--to", "2026-03-03", "--question", "define-recall"], [3, 1]),
        (["--from", "2026-03-04"], []),
        (["--question", "imbalanced-data"], []),
    ],
)
def test_a_question_and_a_range_of_days_narrow_it(
    kept: list[NewAttempt], capsys: pytest.CaptureFixture[str], options: list[str], ids: list[int]
) -> None:
    assert [each["attempt"] for each in json.loads(exported(capsys, *options))] == ids
    assert [int(row["attempt"]) for row in rows(exported(capsys, "--format", "csv", *options))] == ids


def test_csv_has_a_row_an_attempt(kept: list[NewAttempt], capsys: pytest.CaptureFixture[str]) -> None:
    text = exported(capsys, "--format", "csv", "--question", "define-recall")
    found = rows(text)

    assert text.splitlines()[0] == ",".join(f'"{name}"' for name in ATTEMPT_COLUMNS)
    assert [float(row["overall"]) for row in found] == [61.0, 62.0, 63.0]
    assert found[0]["coverage"] == "60.0"
    assert found[0]["structure"] == "", "a part that this card has not"
    assert (found[0]["points_covered"], found[0]["points"]) == ("1", "2")
    assert found[0]["transcript"] == "found of all"


def test_csv_has_a_pace_only_where_it_was_measured(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    history = SqliteHistory(find_paths().database)
    spoken = on(1)
    typed = EngineInfo("text", "")
    history.add(spoken)
    history.add(
        replace(
            on(2),
            transcript=replace(spoken.transcript, engine=typed),
            card=replace(spoken.card, engine=typed),
        )
    )
    history.close()

    pace = str(spoken.card.delivery.words_per_minute)
    assert [row["words_per_minute"] for row in rows(exported(capsys, "--format", "csv"))] == [pace, ""]


def test_csv_has_a_row_a_point_when_asked(kept: list[NewAttempt], capsys: pytest.CaptureFixture[str]) -> None:
    found = rows(exported(capsys, "--format", "csv", "--points", "--to", "2026-03-01"))

    assert tuple(found[0]) == POINT_COLUMNS
    assert [(row["point"], row["state"], row["start_s"], row["quote"]) for row in found] == [
        ("found", "covered", "2.0", "found of all"),
        ("trap", "missing", "", ""),
    ]


@pytest.mark.parametrize("options", [[], ["--points"]])
def test_csv_marks_what_you_have_corrected(
    kept: list[NewAttempt], capsys: pytest.CaptureFixture[str], options: list[str]
) -> None:
    history = SqliteHistory(find_paths().database)
    attempt = history.get(3)
    assert attempt is not None
    heard = attempt.transcript.words[0].text
    fixes = Corrections(fixes=(WordFix(0, (heard,), ("What",)),))
    history.correct(attempt, replace(attempt.card, overall=70.0, corrections=fixes, judged=attempt.card))
    history.close()

    found = rows(exported(capsys, "--format", "csv", *options))

    assert list(found[0])[-1] == "corrected", "at the end, so that no other column moves"
    assert {(row["attempt"], row["corrected"]) for row in found} == {
        ("1", "false"),
        ("2", "false"),
        ("3", "true"),
        ("4", "false"),
    }


def test_what_was_said_is_no_formula(kept: list[NewAttempt], capsys: pytest.CaptureFixture[str]) -> None:
    (row,) = rows(exported(capsys, "--format", "csv", "--question", "define-precision"))
    assert row["transcript"] == "'" + FORMULA


@given(st.lists(st.one_of(st.text(), st.sampled_from(FORMULA_STARTS).map(lambda s: s + "1+1")), min_size=1))
def test_no_text_becomes_a_formula_a_line_or_another_column(cells: list[str]) -> None:
    line = csv_line(cells)
    (row,) = csv.reader(io.StringIO(line, newline=""))

    assert line.count("\n") == 1
    assert len(row) == len(cells)
    assert not any(cell.lstrip().startswith(FORMULA_STARTS) for cell in row)
    assert line.startswith('"')


def test_numbers_stay_numbers_and_all_else_is_in_quotes() -> None:
    assert csv_line([-1.5, 3, None, "x", True]) == '-1.5,3,"","x","true"\n'


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--points"], "--points goes with --format csv"),
        (["--from", "2026-03-02", "--to", "2026-03-01"], "--to is before --from"),
        (["--from", "yesterday"], "'yesterday' does not match"),
        (["--to", "9999-12-31"], "--to: no calendar reaches 9999-12-31"),
    ],
)
def test_a_wrong_command_line_is_one_line(
    kept: list[NewAttempt], capsys: pytest.CaptureFixture[str], options: list[str], words: str
) -> None:
    assert run(["export", *options]) == ExitCode.USAGE
    out, err = capsys.readouterr()
    assert out == ""
    assert words in err


def test_an_unknown_question_is_told(kept: list[NewAttempt], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["export", "--question", "define-recal"]) == ExitCode.FAILED
    out, err = capsys.readouterr()
    assert out == ""
    assert "Did you mean define-recall" in err


def test_nothing_yet_is_an_empty_array_and_a_header(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["export"]) == ExitCode.FINE
    assert capsys.readouterr() == ("[]\n", "No attempt fits.\n")
    assert exported(capsys, "--format", "csv").count("\n") == 1


def test_one_that_cannot_be_read_is_named_and_the_rest_exported(
    kept: list[NewAttempt], capsys: pytest.CaptureFixture[str]
) -> None:
    history = SqliteHistory(find_paths().database)
    history.database.connection.execute("UPDATE cards SET card = '{}' WHERE attempt_id = 3")
    history.close()

    assert run(["export"]) == ExitCode.FOUND
    out, err = capsys.readouterr()
    assert [each["attempt"] for each in json.loads(out)] == [2, 4, 1]
    assert "attempt 3 cannot be read" in err


def test_a_reader_that_stops_stops_it(kept: list[NewAttempt]) -> None:
    history = SqliteHistory(find_paths().database)
    history.add(on(1, said="more than a pipe holds " * 2_000, hour=1))
    history.close()
    command = [sys.executable, "-m", "voicecoach", "export"]
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=root) as running:
        assert running.stdout
        assert running.stderr
        assert running.stdout.read(5) == b'[\n{"a'
        running.stdout.close()
        assert running.stderr.read() == b""
    assert running.returncode == ExitCode.PIPE_CLOSED


@pytest.mark.parametrize("day", ["0001-01-01", "1970-01-01"])
def test_any_day_can_be_the_first(
    kept: list[NewAttempt], capsys: pytest.CaptureFixture[str], day: str
) -> None:
    code = run(["export", "--from", day])
    out, err = capsys.readouterr()
    assert (code == ExitCode.FINE and len(json.loads(out)) == 4) or (
        code == ExitCode.USAGE and "no calendar reaches" in err
    )


def test_more_attempts_take_no_more_memory(home: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    peaks = []
    for count in (60, 540):
        history = SqliteHistory(find_paths().database)
        for _ in range(count):
            history.add(new_attempt(said="word " * 300))
        history.close()
        written = Path(home / "out")
        with written.open("w") as out:
            before = sys.stdout
            sys.stdout = out
            try:
                tracemalloc.start()
                assert run(["export"]) == ExitCode.FINE
                peaks.append(tracemalloc.get_traced_memory()[1])
            finally:
                tracemalloc.stop()
                sys.stdout = before
    assert written.stat().st_size > 540 * 20_000
    assert peaks[1] < peaks[0] + 500_000, peaks


def test_a_question_is_exported_with_its_parts_in_order(
    kept: list[NewAttempt], capsys: pytest.CaptureFixture[str]
) -> None:
    history = SqliteHistory(find_paths().database)
    history.add(on(2, "define-recall#definition"))
    history.add(on(2, "define-precision#definition"))
    history.close()

    assert [each["attempt"] for each in json.loads(exported(capsys, "--question", "define-recall"))] == [
        2,
        3,
        5,
        1,
    ]
    (part,) = json.loads(exported(capsys, "--question", "define-recall#definition"))
    assert part["question"] == "define-recall#definition"


def test_csv_has_the_parts_own_scores_and_nothing_that_was_not_measured(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spoken = on(1)
    every = tuple(Part(name, 1.5, 0.1) for name in LONG_WEIGHTS)
    card = replace(spoken.card, parts=every)
    typed = EngineInfo("text", "")
    unmeasured = replace(card.delivery, measured_pauses=False, long_pauses=(), pauses=0)
    history = SqliteHistory(find_paths().database)
    history.add(replace(spoken, card=card))
    history.add(
        replace(
            on(2),
            transcript=replace(spoken.transcript, engine=typed),
            card=replace(card, engine=typed, delivery=unmeasured),
        )
    )
    history.close()

    heard, written = rows(exported(capsys, "--format", "csv"))
    own = own_scores(card)
    assert {name: float(heard[name]) for name in PARTS} == {name: pytest.approx(own[name]) for name in PARTS}
    assert (heard["structure"], heard["timing"], heard["coverage"]) == ("55.0", "80.0", "1.5")
    assert heard["long_pauses"] == "1"
    for name in ("words_per_minute", "fillers_per_minute", "timing", "delivery", "long_pauses"):
        assert written[name] == "", name
    assert written["structure"] == "55.0"
