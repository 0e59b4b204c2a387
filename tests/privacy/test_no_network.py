"""Everything but the model download works where there is no network at all."""

import json
import subprocess
import sys

import pytest

from tests.privacy.conftest import Session
from voicecoach.cli.talk import ExitCode
from voicecoach.history.sqlite import SqliteHistory
from voicecoach.scoring.contract import from_json

REACH_OUT = """
import socket
for host in ("192.0.2.1", "127.0.0.1"):
    try:
        socket.create_connection((host, 9), timeout=10)
    except OSError as error:
        print(error.strerror)
print(*(name for _, name in socket.if_nameindex()))
"""

pytestmark = pytest.mark.timeout(900)


def test_the_namespace_is_empty(empty_network: list[str]) -> None:
    done = subprocess.run(
        [*empty_network, sys.executable, "-c", REACH_OUT], capture_output=True, text=True, check=True
    )
    assert done.stdout == "Network is unreachable\nNetwork is unreachable\nlo\n"


def test_the_app_hears_judges_and_keeps(lonely_session: Session) -> None:
    shown = lonely_session.report["shown"]

    assert lonely_session.report["app"] == ExitCode.FINE
    assert "Next time:" in shown["card"]
    assert "PocketSphinx" in shown["card"]
    assert "Next time:" in shown["typed card"]
    assert shown["history"].count("Handling imbalanced data") >= 2
    assert "small.en" in shown["settings"]
    history = SqliteHistory(lonely_session.home / ".local/share/voicecoach/history.sqlite3")
    assert {row.engine for row in history.rows()} == {"pocketsphinx", "text"}
    history.close()


@pytest.mark.parametrize(
    "start",
    [
        (name,)
        for name in (
            "list show history export report target plan progress project check new demo models"
        ).split()
    ],
)
def test_the_commands_work(lonely_session: Session, start: tuple[str, ...]) -> None:
    found = [each for each in lonely_session.report["commands"] if each["arguments"][0] == start[0]]
    assert found[0]["code"] == ExitCode.FINE, found[0]
    assert found[0]["out"] or start == ("check",), "check says that all is well on stderr"


def test_recordings_and_text_are_scored(lonely_session: Session) -> None:
    scored, typed = (each for each in lonely_session.report["commands"] if each["arguments"][0] == "score")
    assert from_json(scored["out"]).engine.name == "pocketsphinx"
    assert from_json(lonely_session.command("--engine", "whisper")["out"]).engine.name == "whisper"
    assert typed["code"] == ExitCode.FINE
    assert " of 100" in typed["out"]


def test_the_doctor_finds_fault_with_the_sound_devices_at_most(lonely_session: Session) -> None:
    findings = json.loads(lonely_session.command("doctor")["out"])
    failed = {finding["name"] for finding in findings if finding["state"] == "fail"}
    assert failed <= {"PortAudio", "microphone", "disk"}
    assert {"recogniser", "judge", "speech detector", "voice"} <= {finding["name"] for finding in findings}
    with_piper = json.loads(lonely_session.command("--voice", "piper")["out"])
    voice = next(finding for finding in with_piper if finding["name"] == "voice")
    assert voice["state"] == "ok", voice
    assert voice["message"].startswith("Piper")


def test_the_download_is_one_clear_line(lonely_session: Session) -> None:
    done = lonely_session.command("models", "download")
    assert done["code"] == ExitCode.FAILED
    assert done["out"] == ""
    *progress, last = done["err"].splitlines()
    assert last.startswith("voicecoach: small.en could not be downloaded: "), done["err"]
    assert "Check the connection." in last
    assert all(line.startswith("Downloading small.en: ") for line in progress)


def test_a_question_of_ones_own_is_written(lonely_session: Session) -> None:
    bank = lonely_session.home / ".local/share/voicecoach/bank"
    written = lonely_session.command("new")["out"].splitlines()
    assert written == [str(bank / room / "my-project.toml") for room in ("prompts", "rubrics")]
