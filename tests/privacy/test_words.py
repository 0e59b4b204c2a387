"""A crash while an answer is judged leaves nothing of the answer behind, whatever the error says."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.privacy.conftest import ODD_WORDS, REPOSITORY, WORDS, bare_environment
from voicecoach.cli.talk import ExitCode

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the folders are those of POSIX")

BREAK_THE_EMBEDDER = """
from sentence_transformers import SentenceTransformer

def encode(self, texts, **options):
    try:
        float(texts[-1])
    except ValueError as error:
        raise KeyError(list(texts)) from error

SentenceTransformer.encode = encode
"""
"""A fault deep in a library, whose messages quote what they were given."""

SCORE = f"""
{BREAK_THE_EMBEDDER}
import sys
from voicecoach.cli.main import main
sys.argv = ["voicecoach", "score", "--text", sys.argv[1], "--question", "define-recall"]
main()
"""

PRACTISE = f"""
{BREAK_THE_EMBEDDER}
import sys
from pathlib import Path
from tests.privacy.whole_session import open_app, type_answer
from tests.tui.conftest import shown_screen, until
from voicecoach.tui.screens.practice import PracticeScreen

async def practise(pilot):
    await until(pilot, lambda: shown_screen(pilot) is PracticeScreen, "the question")
    await type_answer(pilot, Path(sys.argv[1]).read_text("utf-8"))
    await until(pilot, lambda: not pilot.app.is_running, "the end of the app")

sys.exit(open_app(["practice", "define-recall"], practise))
"""


def in_a_home(tmp_path: Path, code: str) -> "subprocess.CompletedProcess[str]":
    answer = tmp_path / "answer.txt"
    answer.write_text(WORDS, "utf-8")
    home = tmp_path / "home"
    home.mkdir()
    return subprocess.run(
        [sys.executable, "-c", code, str(answer)],
        cwd=REPOSITORY,
        env=bare_environment(home, VOICECOACH_HOME=str(home), VOICECOACH_SPEAK_QUESTIONS="false"),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("code", [SCORE, PRACTISE], ids=["score", "practise"])
def test_a_crash_while_judging_keeps_the_words_to_itself(tmp_path: Path, code: str) -> None:
    done = in_a_home(tmp_path, code)
    home = tmp_path / "home"
    log = home / "data" / "crash.log"

    assert done.returncode == ExitCode.BUG, done.stderr
    head = "voicecoach: unexpected error (KeyError); this is a bug."
    assert done.stderr == f"{head} The details are in {log}\n"
    told = log.read_text("utf-8")
    assert "minilm.py" in told, "it says where"
    assert "builtins.ValueError\n" in told
    assert told.endswith("builtins.KeyError\n")
    for text in (told, done.stdout, *(path.read_text("utf-8", "replace") for path in _files(home))):
        assert not [word for word in ODD_WORDS if word in text.lower()]


def test_an_error_of_the_system_is_told_by_its_number(tmp_path: Path) -> None:
    code = """
import os
from voicecoach.cli.talk import say_crash
try:
    os.mkdir("/zanzibar/marmalade")
except OSError as error:
    say_crash(error)
"""
    assert in_a_home(tmp_path, code).returncode == 0
    told = (tmp_path / "home" / "data" / "crash.log").read_text("utf-8")
    assert told.endswith("builtins.FileNotFoundError (errno 2)\n")


def test_the_words_would_have_been_found(tmp_path: Path) -> None:
    code = f"{BREAK_THE_EMBEDDER}\nimport sys\nSentenceTransformer.encode(None, [open(sys.argv[1]).read()])"
    told = in_a_home(tmp_path, code).stderr
    assert all(word in told for word in ODD_WORDS), "the fault quotes the answer"


def _files(home: Path) -> list[Path]:
    kept = ("history.sqlite3", "history.sqlite3-wal", "history.sqlite3-shm")
    found = [path for path in home.rglob("*") if path.is_file() and path.name not in kept]
    assert all(os.access(path, os.R_OK) for path in found)
    assert json.dumps([path.name for path in found]).count("crash.log") == 1
    return found
