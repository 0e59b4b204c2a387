import json
from pathlib import Path

from tests.cli.conftest import Program
from voicecoach.config import find_paths
from voicecoach.content.project import GUIDES, BeatPlan, Project
from voicecoach.content.project_files import ProjectStore

SAID = {"problem": ("It cost 2 million a year",), "evaluation": ("Recall from 38% to 61%",)}


def keep(home: Path) -> None:
    store = ProjectStore(find_paths({"VOICECOACH_HOME": str(home)}).own_bank)
    beats = tuple(BeatPlan(guide.beat, SAID.get(guide.beat, ())) for guide in GUIDES)
    store.save(Project("project-churn", "Churn", beats), None)


def test_without_a_project_it_says_how_to_begin(program: Program) -> None:
    finished = program("project")
    assert (finished.returncode, finished.stdout) == (0, b"")
    assert b"voicecoach project --edit" in finished.stderr


def test_projects_are_listed_and_shown(program: Program, home: Path) -> None:
    keep(home)
    listed = program("project").stdout.decode()
    assert listed == "project-churn  Churn  (2 statements, 6 s to say of 60-90 s)\n"
    page = program("project", "project-churn").stdout.decode()
    assert "Evaluation: 4 of 11 s\n  - Recall from 38% to 61%" in page
    shown = json.loads(program("project", "project-churn", "--json").stdout)
    assert shown["beats"][0] == {"id": "problem", "statements": ["It cost 2 million a year"]}
    assert [each["id"] for each in json.loads(program("project", "--json").stdout)] == ["project-churn"]


def test_seconds_are_held_against_the_projects_own_window(program: Program, home: Path) -> None:
    keep(home)
    prompt = find_paths({"VOICECOACH_HOME": str(home)}).own_bank / "prompts" / "project-churn.toml"
    prompt.write_text(prompt.read_text("utf-8").replace("[60, 90]", "[120, 180.5]"), "utf-8")

    assert program("project").stdout.decode().endswith("6 s to say of 120-180.5 s)\n")


def test_what_is_no_project_is_refused_in_one_line(program: Program, home: Path) -> None:
    keep(home)
    for arguments, told in (
        (("imbalanced-data",), "no project of yours"),
        (("project-chrun",), "Did you mean project-churn"),
        (("project-churn", "--edit"), "needs a terminal"),
    ):
        finished = program("project", *arguments)
        assert finished.returncode == 3
        assert told in finished.stderr.decode()
        assert finished.stderr.count(b"\n") <= 2
