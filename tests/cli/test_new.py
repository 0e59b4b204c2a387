import os
from pathlib import Path

import pytest

from tests.cli.conftest import Program
from voicecoach.cli.main import run
from voicecoach.cli.talk import ExitCode
from voicecoach.content.loader import find_bank_folders, load_bank

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def own(home: Path) -> Path:
    return home / "data" / "bank"


def files_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_a_new_question_is_there_at_once_and_check_leads_through_it(own: Path, capsys: Captured) -> None:
    assert run(["new", "my-project", "--title", "Delivery times"]) == ExitCode.FINE
    out, err = capsys.readouterr()

    prompt, rubric = own / "prompts" / "my-project.toml", own / "rubrics" / "my-project.toml"
    assert out.splitlines() == [str(prompt), str(rubric)]
    assert "Write over each TODO" in err
    assert "`voicecoach check`" in err
    question = load_bank(find_bank_folders(None, own)).find("my-project")
    assert question is not None
    assert (question.title, question.structure.id) == ("Delivery times", "walkthrough")

    assert run(["check", str(prompt)]) == ExitCode.FOUND
    out, err = capsys.readouterr()
    assert "error    prompts/my-project.toml: question: is a placeholder still (TODO); write here: " in out
    assert "error    rubrics/my-project.toml: points[5].phrasings: is a placeholder still" in out
    assert err.endswith(", 0 warnings\n")


def test_nothing_is_ever_overwritten(own: Path, capsys: Captured) -> None:
    assert run(["new", "my-project"]) == ExitCode.FINE
    before = {file: file.read_bytes() for file in files_in(own)}
    capsys.readouterr()

    assert run(["new", "my-project", "--structure", "star"]) == ExitCode.FAILED
    out, err = capsys.readouterr()

    assert out == ""
    assert f"{own / 'prompts' / 'my-project.toml'} is there already" in err
    assert {file: file.read_bytes() for file in files_in(own)} == before


def test_a_shipped_question_is_copied_and_the_copy_wins(own: Path, capsys: Captured) -> None:
    shipped = find_bank_folders(None, own)[0]

    assert run(["new", "define-recall"]) == ExitCode.FINE
    assert "Copied" in capsys.readouterr().err
    for room in ("prompts", "rubrics"):
        name = Path(room, "define-recall.toml")
        assert (own / name).read_bytes() == (shipped / name).read_bytes()
    prompt = own / "prompts" / "define-recall.toml"
    prompt.write_text(prompt.read_text("utf-8").replace('title = "', 'title = "My own '), "utf-8")
    question = load_bank(find_bank_folders(None, own)).find("define-recall")
    assert question is not None
    assert question.title.startswith("My own ")


def test_a_bank_that_is_named_gets_the_files(tmp_path: Path, home: Path, capsys: Captured) -> None:
    bank = tmp_path / "my bank"
    bank.mkdir()

    assert run(["--bank", str(bank), "new", "define-churn", "--structure", "definition"]) == ExitCode.FINE
    assert f"`voicecoach check '{bank}'`" in capsys.readouterr().err
    assert not home.exists()
    # Now it is a bank: one's own question can be copied into it as well.
    assert run(["new", "my-project"]) == ExitCode.FINE
    assert run(["--bank", str(bank), "new", "my-project"]) == ExitCode.FINE
    assert [file.name for file in files_in(bank)] == ["define-churn.toml", "my-project.toml"] * 2


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["My Project"], ExitCode.USAGE, "'My Project' must be lower-case letters and digits"),
        (["../away"], ExitCode.USAGE, "must be lower-case letters and digits"),
        (["x", "--structure", "wlkthrough"], ExitCode.USAGE, "(is 'walkthrough' meant?); there are walkthr"),
        (["x", "--title", " "], ExitCode.USAGE, "--title must be a line of text"),
        (["x", "--title", "a\nb"], ExitCode.USAGE, "--title must be a line of text"),
        (["define-recall", "--title", "Mine"], ExitCode.USAGE, "leave --structure and --title out"),
        (["structures"], ExitCode.FAILED, "Take another id."),
        (["a" * 300], ExitCode.USAGE, "must not be longer than 100 characters"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_leaves_nothing(
    arguments: list[str], code: ExitCode, told: str, own: Path, capsys: Captured
) -> None:
    assert run(["new", *arguments]) == code
    out, err = capsys.readouterr()

    assert out == ""
    assert told in err.splitlines()[0]
    assert files_in(own) == []


def test_a_folder_that_cannot_be_made_is_one_line(home: Path, capsys: Captured) -> None:
    home.mkdir()
    (home / "data").write_text("in the way")

    assert run(["new", "my-project"]) == ExitCode.FAILED
    (line,) = capsys.readouterr().err.splitlines()
    assert f"{home / 'data'}" in line
    assert "cannot be written" in line


def test_a_mistake_elsewhere_does_not_keep_one_from_beginning(own: Path, capsys: Captured) -> None:
    assert run(["new", "my-project"]) == ExitCode.FINE
    (own / "prompts" / "my-project.toml").write_text("= nonsense", "utf-8")

    assert run(["new", "my-second"]) == ExitCode.FINE
    capsys.readouterr()
    assert run(["new", "my-third", "--structure", "mine"]) == ExitCode.FAILED
    assert "is not valid TOML" in capsys.readouterr().err


def test_a_structure_of_ones_own_can_be_named(own: Path) -> None:
    assert run(["new", "my-project"]) == ExitCode.FINE
    (own / "rubrics" / "structures.toml").write_text(
        '[[structures]]\nid = "pitch"\nlabel = "Pitch"\n'
        'beats = [{ id = "hook", label = "Hook", share = 1.0, cues = ["imagine that"] }]\n',
        "utf-8",
    )

    assert run(["new", "my-pitch", "--structure", "pitch"]) == ExitCode.FINE
    question = load_bank(find_bank_folders(None, own)).find("my-pitch")
    assert question is not None
    assert [point.beat for point in question.points] == ["hook"]


@pytest.mark.skipif(os.name == "nt", reason="arguments are text on Windows")
def test_a_title_that_is_no_text_is_refused(program: Program) -> None:
    done = program("new", "my-project", "--title", os.fsdecode(b"caf\xe9"))

    assert done.returncode == ExitCode.USAGE
    assert b"--title must be a line of text" in done.stderr
