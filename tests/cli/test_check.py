import json
import shutil
from pathlib import Path

import pytest

from voicecoach.cli.main import run
from voicecoach.cli.talk import ExitCode
from voicecoach.content.loader import find_bank_folders


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A bank of one's own with one question, which leans on the structures that ship."""
    shipped = find_bank_folders(None, tmp_path)[0]
    for room in ("prompts", "rubrics"):
        (tmp_path / "own" / room).mkdir(parents=True)
        shutil.copy(shipped / room / "imbalanced-data.toml", tmp_path / "own" / room)
    return tmp_path / "own"


def test_a_file_is_checked_alone_and_in_words(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rubric = own / "rubrics" / "imbalanced-data.toml"
    text = rubric.read_text("utf-8")
    phrase = text.split("phrasings = [")[1].split('"')[1]
    rubric.write_text(text.replace("phrasings = [", f'phrasings = [\n  "{phrase}",', 1), "utf-8")

    assert run(["check", str(rubric)]) == ExitCode.FOUND
    out, err = capsys.readouterr()

    assert "error    rubrics/imbalanced-data.toml: points[0].phrasings[1]: says the same as" in out
    assert {line.split()[1] for line in out.splitlines()} <= {
        "rubrics/imbalanced-data.toml:",
        "prompts/imbalanced-data.toml:",
    }
    assert "of 1 questions" in err
    assert "1 errors" in err


def test_a_question_that_is_right_has_no_errors(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--json", str(own)]) == ExitCode.FINE
    findings = json.loads(capsys.readouterr().out)

    assert all(finding["severity"] == "warning" for finding in findings)
    assert all(list(finding) == ["severity", "place", "key", "message"] for finding in findings)


def test_files_that_cannot_be_read_are_findings_too(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    prompt = own / "prompts" / "imbalanced-data.toml"
    prompt.write_text(prompt.read_text("utf-8").replace('level = "medium"', 'level = "absurd"'), "utf-8")
    (own / "rubrics" / "broken.toml").write_text("= nonsense", "utf-8")

    assert run(["check", "--json", str(own)]) == ExitCode.FOUND
    out, err = capsys.readouterr()
    findings = json.loads(out)
    found = {(Path(finding["place"]).name, finding["key"]): finding["message"] for finding in findings}

    assert "'easy', 'medium' or 'hard'" in found["imbalanced-data.toml", "level"]
    assert "is not valid TOML" in found["broken.toml", ""]
    assert all(finding["severity"] == "error" for finding in findings)
    assert err.endswith(" errors, 0 warnings\n")


@pytest.mark.parametrize("name", ["elsewhere", "own/prompts/notes.txt"])
def test_paths_without_a_question_are_a_usage_error(
    name: str, own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / name
    path.mkdir() if name == "elsewhere" else path.write_text("notes")

    assert run(["check", str(path)]) == ExitCode.USAGE
    err = capsys.readouterr().err
    assert "neither a bank folder" in err or "There is no question in PATHS" in err
