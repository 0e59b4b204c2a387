import json
import os
import re
import shutil
import subprocess
import sys
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
    assert "Checking 1 question\n" in err
    assert "1 error, " in err


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


def add_question(own: Path, name: str, *, level: str = "medium") -> None:
    """A copy of the question under another name."""
    for room in ("prompts", "rubrics"):
        text = (own / room / "imbalanced-data.toml").read_text("utf-8")
        text = text.replace('"imbalanced-data"', f'"{name}"', 1).replace('title = "', 'title = "Recieve ', 1)
        (own / room / f"{name}.toml").write_text(
            text.replace('level = "medium"', f'level = "{level}"'), "utf-8"
        )


def test_a_file_that_cannot_be_read_hides_no_other(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    add_question(own, "aquarium", level="absurd")
    add_question(own, "zoo")

    assert run(["check", str(own)]) == ExitCode.FOUND
    out = capsys.readouterr().out

    assert "aquarium.toml: level: 'absurd' is not one of" in out
    assert "prompts/zoo.toml: title: 'Recieve' may be misspelt" in out


def test_a_file_is_checked_alone_beside_one_that_cannot_be_read(
    own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add_question(own, "aquarium", level="absurd")
    add_question(own, "zoo")

    assert run(["check", str(own / "rubrics" / "zoo.toml")]) == ExitCode.FINE
    assert "aquarium" not in capsys.readouterr().out
    assert run(["check", str(own / "rubrics" / "aquarium.toml")]) == ExitCode.FOUND
    told = capsys.readouterr()
    assert told.out.count("\n") == 1
    assert "aquarium.toml: level: " in told.out
    assert "1 error, 0 warnings" in told.err


def test_spoken_answers_are_a_file_of_their_question(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spoken = own / "rubrics" / "spoken" / "imbalanced-data.txt"
    spoken.parent.mkdir()
    spoken.write_text("## mine\n[] hello there\n", "utf-8")

    assert run(["check", str(spoken)]) == ExitCode.FINE
    assert "Checking 1 question\n" in capsys.readouterr().err

    spoken.write_text("## mine\nno mark\n", "utf-8")
    assert run(["check", "--json", str(spoken)]) == ExitCode.FOUND
    (finding,) = json.loads(capsys.readouterr().out)
    assert Path(finding["place"]) == spoken
    assert finding["message"].startswith("line 2: 'no mark' is no line")


@pytest.mark.parametrize("name", ["elsewhere", "own/prompts/notes.txt"])
def test_paths_without_a_question_are_a_usage_error(
    name: str, own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / name
    path.mkdir() if name == "elsewhere" else path.write_text("notes")

    assert run(["check", str(path)]) == ExitCode.USAGE
    err = capsys.readouterr().err
    assert "neither a bank folder" in err or f"There is no question in {path}" in err


def test_unknown_keys_and_repeated_ids_are_told_with_file_and_key(
    own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    prompt = own / "prompts" / "imbalanced-data.toml"
    prompt.write_text(prompt.read_text("utf-8").replace("hint =", "hnit =", 1), "utf-8")
    rubric = own / "rubrics" / "imbalanced-data.toml"
    text = rubric.read_text("utf-8")
    first = re.findall(r'^id = "(.*)"$', text, flags=re.MULTILINE)[0]
    rubric.write_text(re.sub(r'^id = ".*"$', f'id = "{first}"', text, flags=re.MULTILINE), "utf-8")

    assert run(["check", str(own)]) == ExitCode.FOUND
    lines = capsys.readouterr().out.splitlines()

    assert any(
        "imbalanced-data.toml: hnit: is not a key that is known here (is 'hint'" in line for line in lines
    )
    assert any(f"points[1].id: '{first}' is there more than once" in line for line in lines)


def test_slips_of_the_pen_and_a_poor_model_answer_are_warnings(
    own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    prompt = own / "prompts" / "imbalanced-data.toml"
    text = re.sub(
        r'(?s)model_answer = """.*?"""', 'model_answer = "I like bees and honey."', prompt.read_text("utf-8")
    )
    prompt.write_text(re.sub(r'title = "', 'title = "Recieve ', text), "utf-8")

    assert run(["check", str(own)]) == ExitCode.FINE
    out = capsys.readouterr().out

    assert (
        "warning  prompts/imbalanced-data.toml: title: 'Recieve' may be misspelt: is 'receive' meant?" in out
    )
    assert re.search(r"model_answer: is not judged to cover \d points of its own rubric: '", out)


def test_what_is_ones_own_is_told_first(
    own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VOICECOACH_HOME", str(tmp_path / "home"))
    mine = tmp_path / "home" / "data" / "bank"
    for room in ("prompts", "rubrics"):
        (mine / room).mkdir(parents=True)
        text = (own / room / "imbalanced-data.toml").read_text("utf-8")
        named = text.replace('"imbalanced-data"', '"zoo"', 1).replace('title = "', 'title = "Recieve ', 1)
        (mine / room / "zoo.toml").write_text(named, "utf-8")
    prompt = own / "prompts" / "imbalanced-data.toml"
    prompt.write_text(prompt.read_text("utf-8").replace('title = "', 'title = "Recieve ', 1), "utf-8")

    assert run(["check", str(own), str(mine)]) == ExitCode.FINE
    told = [Path(line.split()[1].rstrip(":")).name for line in capsys.readouterr().out.splitlines()]

    assert told == sorted(told, key=lambda name: name != "zoo.toml")
    assert {*told} == {"zoo.toml", "imbalanced-data.toml"}


@pytest.mark.skipif(sys.platform == "win32", reason="there is no pty on Windows")
def test_a_person_who_waits_sees_how_far_it_is(own: Path, tmp_path: Path) -> None:
    import pty  # noqa: PLC0415 - not on Windows

    screen, stderr = pty.openpty()
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen(
        [sys.executable, "-m", "voicecoach", "check", "--json", str(own)],
        stdout=subprocess.PIPE,
        stderr=stderr,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(root)},
    ) as done:
        os.close(stderr)
        out = done.communicate(timeout=240)[0]
    seen = os.read(screen, 100_000).decode()
    os.close(screen)

    assert done.returncode == ExitCode.FINE
    assert json.loads(out) is not None
    assert "Comparing meanings" in seen
    assert "100%" in seen


@pytest.mark.parametrize("looked_at", ["file", "bank"])
@pytest.mark.parametrize("name", ["prompts/training.toml", "rubrics/warnings.toml"])
def test_a_file_that_is_no_questions_is_checked_too(
    name: str, looked_at: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = tmp_path / "mine" / name
    mine.parent.mkdir(parents=True)
    shutil.copy(find_bank_folders(None, tmp_path)[0] / name, mine)
    arguments = ["check", str(mine if looked_at == "file" else tmp_path / "mine")]

    assert run(arguments) == ExitCode.FINE
    assert capsys.readouterr().err.endswith("0 errors, 0 warnings\n")
    mine.write_text("= nonsense", "utf-8")
    assert run(arguments) == ExitCode.FOUND
    assert f"{mine.name}: is not valid TOML" in capsys.readouterr().out


def test_a_folder_called_structures_is_not_the_structures(
    own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bank = own.rename(own.with_name("structures"))

    assert run(["check", str(bank)]) == ExitCode.FINE
    assert "Checking 1 question\n" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such names")
def test_a_files_name_cannot_steer_the_terminal(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (own / "rubrics" / "zoo\x1b[2J.toml").write_text("= nonsense", "utf-8")

    assert run(["check", str(own)]) == ExitCode.FOUND
    out = capsys.readouterr().out
    assert "zoo[2J.toml" in out
    assert "\x1b" not in out
