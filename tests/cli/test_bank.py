import json
from pathlib import Path

import pytest

from voicecoach.cli.main import run
from voicecoach.cli.talk import ExitCode
from voicecoach.content.loader import find_bank_folders, load_bank


def test_list_names_every_question_within_the_terminal(
    capsys: pytest.CaptureFixture[str], home: Path
) -> None:
    assert run(["list"]) == ExitCode.FINE
    out, err = capsys.readouterr()

    assert err == ""
    assert all(len(line) <= 80 for line in out.splitlines())
    for question in load_bank(find_bank_folders(None, home)).questions:
        assert any(line.split()[0] == question.id for line in out.splitlines())
        assert question.title in out


def test_list_as_json_is_the_same_bank(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    run(["list", "--json"])
    rows = json.loads(capsys.readouterr().out)
    questions = load_bank(find_bank_folders(None, home)).questions

    assert [row["id"] for row in rows] == [question.id for question in questions]
    assert [row["target_s"] for row in rows] == [list(question.target_s) for question in questions]
    assert [row["points"] for row in rows] == [len(question.points) for question in questions]


def test_show_tells_everything_about_a_question(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    assert run(["show", "imbalanced-data"]) == ExitCode.FINE
    out = capsys.readouterr().out
    question = load_bank(find_bank_folders(None, home)).find("imbalanced-data")
    assert question is not None
    text = " ".join(out.split())

    assert all(len(line) <= 80 for line in out.splitlines())
    for told in (
        question.text,
        question.hint,
        question.structure.label,
        *(beat.label for beat in question.structure.beats),
        *(point.label for point in question.points),
        *(contrast.why for point in question.points for contrast in point.contrasts),
        question.model_answer,
    ):
        assert " ".join(told.split()) in text


def test_show_as_json_has_the_budgets_of_the_target(capsys: pytest.CaptureFixture[str]) -> None:
    run(["show", "imbalanced-data", "--json"])
    shown = json.loads(capsys.readouterr().out)

    assert sum(beat["budget_s"] for beat in shown["beats"]) == pytest.approx(
        sum(shown["target_s"]) / 2, abs=0.5
    )
    assert {point["beat"] for point in shown["points"]} <= {beat["id"] for beat in shown["beats"]}
    assert all(point["phrasings"] for point in shown["points"])


def test_a_bank_of_ones_own_adds_questions(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shipped = find_bank_folders(None, tmp_path)[0]
    for room, key in (("prompts", "id"), ("rubrics", "question")):
        source = (shipped / room / "imbalanced-data.toml").read_text("utf-8")
        folder = tmp_path / "bank" / room
        folder.mkdir(parents=True)
        (folder / "my-project.toml").write_text(
            source.replace(f'{key} = "imbalanced-data"', f'{key} = "my-project"'), "utf-8"
        )

    assert run(["--bank", str(tmp_path / "bank"), "list", "--json"]) == ExitCode.FINE
    ids = [row["id"] for row in json.loads(capsys.readouterr().out)]

    assert "my-project" in ids
    assert "imbalanced-data" in ids
