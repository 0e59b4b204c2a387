"""`voicecoach round`: the list of rounds, and what keeps one from being opened."""

from pathlib import Path

import pytest

from tests.history.samples import new_attempt
from voicecoach.cli.main import run
from voicecoach.cli.talk import ExitCode

ROUNDS = (
    "technical-screening",
    "applied-design",
    "systems-production",
    "project-deep-dive",
    "mixed-mock",
    "night-before",
)


def test_the_rounds_are_listed_with_what_they_ask_and_how_long_they_take(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["round"]) == ExitCode.FINE
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[::2]] == list(ROUNDS)
    assert lines[-2].split()[1:] == ["5", "questions,", "5-8", "min"]
    assert "Then sleep." in lines[-1]


def test_the_list_says_when_a_round_was_begun_and_that_it_is_open(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from voicecoach.config import Settings, find_paths  # noqa: PLC0415 - heavy
    from voicecoach.practice.interviewing import Interviewer  # noqa: PLC0415 - heavy
    from voicecoach.wiring import assemble  # noqa: PLC0415 - heavy

    wired = assemble(Settings(), find_paths())
    begun = Interviewer(wired.coach).begin("night-before")
    wired.engines.history().close()
    assert run(["round"]) == ExitCode.FINE
    shown = capsys.readouterr().out
    assert f", open  last on {begun.started_at.astimezone():%Y-%m-%d}" in shown
    assert [each.question_id for each in begun.answers] == [
        "project-walkthrough",
        "my-contribution",
        "model-failed-after-launch",
        "imbalanced-data",
        "deploy-and-monitor",
    ]


def test_rounds_that_were_held_are_listed_with_the_number_that_report_takes(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from voicecoach.config import Settings, find_paths  # noqa: PLC0415 - heavy
    from voicecoach.practice.interviewing import Interviewer  # noqa: PLC0415 - heavy
    from voicecoach.wiring import assemble  # noqa: PLC0415 - heavy

    wired = assemble(Settings(), find_paths())
    interviewer, rounds = Interviewer(wired.coach), wired.engines.rounds()
    for _ in range(2):
        held = interviewer.begin("night-before")
        kept = wired.engines.history().add(new_attempt(held.answers[0].question_id))
        rounds.judge(held.answers[0].id, kept.id)
        interviewer.end(held.id)
    wired.engines.history().close()
    assert run(["round"]) == ExitCode.FINE
    heading, *past = capsys.readouterr().out.splitlines()[-3:]

    assert heading.startswith("Held, newest first (`voicecoach report --round NUMBER`")
    number, *shown = past[0].split(maxsplit=3)
    assert (int(number), shown[2]) == (held.id, "1 of 5 answered  The night before")
    assert int(past[1].split()[0]) < held.id
    assert run(["report", "--round", number, "-o", str(tmp_path / "round.html")]) == ExitCode.FINE
    assert "The night before" in (tmp_path / "round.html").read_text("utf-8")


def test_a_round_that_is_not_there_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["round", "no-such-round"]) == ExitCode.FAILED
    assert "There is no round 'no-such-round'. `voicecoach round` names them all." in " ".join(
        capsys.readouterr().err.split()
    )


def test_a_round_needs_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["round", "night-before"]) == ExitCode.FAILED
    assert "The app needs a terminal." in capsys.readouterr().err


def test_what_is_forgotten_leaves_no_round_behind(home: Path) -> None:
    from voicecoach.config import Settings, find_paths  # noqa: PLC0415 - heavy
    from voicecoach.practice.interviewing import Interviewer  # noqa: PLC0415 - heavy
    from voicecoach.wiring import assemble  # noqa: PLC0415 - heavy

    wired = assemble(Settings(), find_paths())
    interviewer, rounds = Interviewer(wired.coach), wired.engines.rounds()
    run_of_five = interviewer.begin("night-before")
    rounds.add(run_of_five.id, 3, "follow-up", "imbalanced-data#resampling")
    rounds.pass_over(run_of_five.answers[0].id)
    assert run(["forget", "--question", "imbalanced-data", "--yes"]) == ExitCode.FINE
    kept = rounds.get(run_of_five.id)
    assert kept is not None
    assert "imbalanced-data" not in {each.question_id.partition("#")[0] for each in kept.answers}
    assert len(kept.answers) == 4
    assert run(["forget", "--everything", "--yes"]) == ExitCode.FINE
    assert rounds.runs() == ()
    wired.engines.history().close()
