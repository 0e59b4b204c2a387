"""The wheel, installed in an environment of its own and run from a folder that is not the checkout's."""

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
Run = Callable[..., str]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    subprocess.run([*command, str(REPOSITORY)], check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def run(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Runs the installed program; its dependencies are those of this environment, itself left out."""
    folder = tmp_path_factory.mktemp("installed")
    environment = folder / "venv"
    venv.create(environment, with_pip=False, symlinks=os.name != "nt")
    scripts = environment / ("Scripts" if os.name == "nt" else "bin")
    install = [sys.executable, "-m", "pip", "--python", str(scripts / "python"), "install", "--no-index"]
    subprocess.run([*install, "--no-deps", "--quiet", str(wheel)], check=True)
    base = {"base": str(environment), "platbase": str(environment)}
    site_packages = Path(sysconfig.get_path("purelib", vars=base))
    # Folders named in a .pth file join the path, but the .pth files inside them, such as that of an editable
    # install of this checkout, are not read.
    (site_packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"), "utf-8")

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [str(scripts / "voicecoach"), *arguments],
            cwd=folder,
            env={"PATH": os.environ["PATH"], "HOME": str(folder), "VOICECOACH_HOME": str(folder / "home")},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    return run


def test_the_wheel_carries_the_bank_the_styles_and_the_demo(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    prompts = {path.name for path in (REPOSITORY / "prompts").glob("*.toml")}
    rubrics = {path.name for path in (REPOSITORY / "rubrics").glob("*.toml")}
    assert {f"voicecoach/bank/prompts/{name}" for name in prompts} <= names
    assert {f"voicecoach/bank/rubrics/{name}" for name in rubrics} <= names
    assert {"voicecoach/tui/voicecoach.tcss", "voicecoach/demo/answer.ogg"} <= names
    assert "voicecoach/content/field_words.txt" in names
    models = {path.name for path in (REPOSITORY / "models").glob("*.safetensors")}
    assert len(models) == 2
    assert {f"voicecoach/models/{name}" for name in models} <= names
    assert not [name for name in names if name.startswith(("tests/", "benchmarks/"))]


def test_the_installed_program_finds_its_questions_from_any_folder(run: Run) -> None:
    listed = json.loads(run("list", "--json"))
    assert {"project-walkthrough", "define-recall"} <= {entry["id"] for entry in listed}
    assert "imbalance" in run("show", "imbalanced-data").lower()


def test_the_installed_program_judges(run: Run, tmp_path: Path) -> None:
    text = tmp_path / "answer.txt"
    text.write_text("Recall is the share of all actual positives that the model caught.", "utf-8")
    card = json.loads(run("score", "--text", str(text), "--question", "define-recall", "--json"))
    assert card["question"] == "define-recall"
    assert {p["id"]: p["state"] for p in card["points"]}["definition"] == "covered"
    text.write_text("Recall is the share of the flagged cases that are really positive.", "utf-8")
    card = json.loads(run("score", "--text", str(text), "--question", "define-recall", "--json"))
    assert card["accuracy"]["verdict"] == "wrong"
