import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.history.samples import new_attempt
from voicecoach.cli.main import run
from voicecoach.cli.talk import ExitCode
from voicecoach.config import find_paths
from voicecoach.history.sqlite import SqliteHistory
from voicecoach.practice.progress import SKILLS


@pytest.fixture
def practised(home: Path) -> None:
    """Two questions on three days each, better every time, and one long ago."""
    database = SqliteHistory(find_paths().database)
    for days_ago in (50, 6, 4, 2):
        for question_id in ("define-recall", "define-precision", "skew-vs-drift"):
            new = new_attempt(question_id, overall=80 - days_ago, said="basically " * 30)
            database.add(replace(new, started_at=datetime.now(UTC) - timedelta(days=days_ago)))
    database.close()


def test_nothing_yet_is_said_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["progress"]) == ExitCode.FINE
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("No take in this period.")


@pytest.mark.parametrize(("options", "where"), [([], ""), (["--area", "evaluation"], " in this area")])
def test_looking_at_all_is_told_what_does_not_count(
    capsys: pytest.CaptureFixture[str], options: list[str], where: str
) -> None:
    database = SqliteHistory(find_paths().database)
    database.add(new_attempt("define-recall#definition"))
    database.close()

    assert run(["progress", "--all", *options]) == ExitCode.FINE
    told = f"No take yet{where}: drilled definitions and single points do not count.\n"
    assert capsys.readouterr() == ("", told)


def test_the_page_fits_the_terminal_and_tells_everything(
    practised: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["progress"]) == ExitCode.FINE
    out = capsys.readouterr().out
    lines = out.splitlines()

    assert lines[0] == "Progress: all areas, last 30 days"
    assert all(len(line) <= 80 for line in lines)
    told = " ".join(out.split())
    assert "Overall 9 takes from" in told
    assert "Your usual now: " in told
    assert "basically: 144.4 a minute, in 12 of 12 takes" in told
    assert "fine: 100-165" in told


def test_json_has_every_skill_with_its_takes(practised: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["progress", "--all", "--json"]) == ExitCode.FINE
    found = json.loads(capsys.readouterr().out)

    assert list(found["skills"]) == list(SKILLS)
    overall = found["skills"]["overall"]
    assert [take["score"] for take in overall["takes"]] == [30.0] * 3 + [74.0] * 3 + [76.0] * 3 + [78.0] * 3
    assert overall["trend"] == {"direction": "rising", "pairs": 18, "higher": 18, "lower": 0, "change": 24.0}
    assert overall["usual"] == {"takes": 12, "low": 63.0, "median": 75.0, "high": 76.5}
    assert found["skills"]["structure"] == {
        "trend": {"direction": "too few", "pairs": 0, "higher": 0, "lower": 0, "change": 0.0},
        "usual": {"takes": 0},
        "takes": [],
    }
    assert found["since"] is None


def test_an_area_narrows_it(practised: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["progress", "--area", "production", "--json"]) == ExitCode.FINE
    found = json.loads(capsys.readouterr().out)
    assert len(found["skills"]["overall"]["takes"]) == 3
    assert found["crutches"]["takes"] == 12
