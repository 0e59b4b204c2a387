import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.samples import CARD
from tests.history.samples import new_attempt
from voicecoach.cli.main import run
from voicecoach.cli.talk import ExitCode
from voicecoach.config import find_paths, load_settings
from voicecoach.history.sqlite import SqliteHistory


def in_days(count: int) -> str:
    return (datetime.now().astimezone().date() + timedelta(days=count)).isoformat()


@pytest.fixture
def missed_yesterday(home: Path) -> str:
    """A question of which one point was missed yesterday."""
    history = SqliteHistory(find_paths().database)
    point = replace(CARD.points[0], id="definition", state="missing")
    attempt = new_attempt("define-precision")
    accuracy = replace(CARD.accuracy, contradictions=(), check=())
    card = replace(attempt.card, points=(point,), accuracy=accuracy)
    history.add(replace(attempt, started_at=datetime.now(UTC) - timedelta(days=1), card=card))
    history.close()
    return "define-precision"


def plan_of(capsys: pytest.CaptureFixture[str], *options: str) -> dict[str, object]:
    assert run(["plan", "--json", *options]) == ExitCode.FINE
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def test_without_a_date_it_says_how_to_set_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["plan"]) == ExitCode.FINE
    out = capsys.readouterr().out
    assert "No interview date is set: `voicecoach plan --date YYYY-MM-DD` sets it." in out
    assert "Next: project-walkthrough, not tried yet." in out
    found = plan_of(capsys)
    assert (found["interview_date"], found["plan"], found["steps"], found["due"]) == (None, None, [], [])
    assert found["streak"] == {"days": 0, "has_today": False}


def test_a_date_is_kept_and_gives_todays_step(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["plan", "--date", in_days(7), "--role", "mle"]) == ExitCode.FINE
    out = capsys.readouterr().out
    assert f"The final seven days, for Machine-learning engineer: {in_days(7)}, 7 days to go" in out
    assert "On time: " in out
    settings = load_settings(find_paths().settings_file, {})
    assert (settings.interview_date, settings.role, settings.plan_start) == (in_days(7), "mle", in_days(0))
    found = plan_of(capsys)
    assert (found["plan"], found["role"], found["days_to_go"]) == ("final-seven-days", "mle", 7)
    steps = found["steps"]
    assert isinstance(steps, list)
    assert [each["state"] for each in steps] == ["now", *["ahead"] * 4]
    assert found["today"] == steps[0]["questions"]
    assert plan_of(capsys, "--plan", "four-weeks")["plan"] == "four-weeks"
    assert plan_of(capsys, "--role", "any")["role"] is None
    assert plan_of(capsys, "--clear")["interview_date"] is None
    assert load_settings(find_paths().settings_file, {}).plan == "auto"


def test_only_what_is_chosen_is_written_down(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOICECOACH_ROLE", "mle")
    monkeypatch.setenv("VOICECOACH_PLAN", "four-weeks")
    found = plan_of(capsys, "--date", in_days(7))
    assert (found["role"], found["plan"]) == ("mle", "four-weeks")
    saved = load_settings(find_paths().settings_file, {})
    assert (saved.interview_date, saved.role, saved.plan) == (in_days(7), "any", "auto")


def test_on_the_day_itself_what_is_left_of_the_plan_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOICECOACH_INTERVIEW_DATE", in_days(0))
    monkeypatch.setenv("VOICECOACH_PLAN_START", in_days(-1))
    found = plan_of(capsys)
    assert (found["plan"], found["days_to_go"], found["behind"]) == ("night-before", 0, [])
    today = found["today"]
    assert isinstance(today, list)
    assert found["standing"] == (
        f"The interview is today: {len(today)} questions are left of the plan, for whatever time there is."
    )
    assert run(["plan"]) == ExitCode.FINE
    assert "The interview is today: " in capsys.readouterr().out


def test_a_job_that_cannot_be_read_is_one_line_and_hides_nothing(
    capsys: pytest.CaptureFixture[str], missed_yesterday: str
) -> None:
    find_paths().target_file.write_bytes(b"\xff\xff")
    assert run(["plan"]) == ExitCode.FINE
    told = capsys.readouterr()
    assert f"  {missed_yesterday}  1 point due, one missed last time" in told.out
    (line,) = told.err.splitlines()
    assert str(find_paths().target_file) in line
    assert "`voicecoach target --clear` deletes it." in line


def test_what_is_due_is_listed_point_by_point(
    capsys: pytest.CaptureFixture[str], missed_yesterday: str
) -> None:
    found = plan_of(capsys)
    assert found["streak"] == {"days": 1, "has_today": False}
    assert found["next"] == {"question": missed_yesterday, "why": "1 point due, one missed last time"}
    assert run(["plan"]) == ExitCode.FINE
    out = capsys.readouterr().out
    assert "Due: 1 point" in out
    assert f"  {missed_yesterday}  1 point due, one missed last time" in out


@pytest.mark.parametrize(
    ("options", "code", "message"),
    [
        (["--date", "2020-01-01"], ExitCode.FAILED, "2020-01-01 is over"),
        (["--date", "soon"], ExitCode.USAGE, "soon"),
        (["--date", "2999-01-01", "--plan", "six-weeks"], ExitCode.FAILED, "There is no plan 'six-weeks'"),
        (["--plan", "night-before"], ExitCode.USAGE, "--plan needs a date: add --date YYYY-MM-DD."),
        (["--plan", "six-weeks"], ExitCode.FAILED, "There is no plan 'six-weeks'"),
        (["--clear", "--role", "mle"], ExitCode.USAGE, "--clear stands alone"),
    ],
)
def test_what_cannot_be_planned_is_one_line_and_keeps_everything(
    capsys: pytest.CaptureFixture[str], options: list[str], code: int, message: str
) -> None:
    assert run(["plan", *options]) == code
    assert message in capsys.readouterr().err
    assert load_settings(find_paths().settings_file, {}).interview_date == ""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("INTERVIEW_DATE", "20261201"),
        ("INTERVIEW_DATE", "2026-13-01"),
        ("PLAN", "Four weeks"),
        ("ROLE", "cook"),
        ("PLAN_START", "yesterday"),
    ],
)
def test_a_wrong_setting_is_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"VOICECOACH_{name}", value)
    assert run(["plan"]) == ExitCode.FAILED
    err = capsys.readouterr().err
    assert f"VOICECOACH_{name}" in err
    assert "Traceback" not in err
