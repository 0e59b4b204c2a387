import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Program
from tests.support.disks import mode
from tests.support.virtual_microphone import VirtualMicrophone
from voicecoach.cli.doctor import Finding, examine
from voicecoach.cli.main import run
from voicecoach.cli.session import Session
from voicecoach.cli.talk import ExitCode

LOOKED_AT = {
    "settings",
    "data folder",
    "cache folder",
    "disk",
    "questions",
    "terminal",
    "history",
    "PortAudio",
    "loudspeaker",
    "recogniser",
    "judge",
    "speech detector",
    "voice",
}


posix_only = pytest.mark.skipif(os.name != "posix", reason="Windows has no such permission bits")


def found(session: Session) -> dict[str, Finding]:
    return {finding.name: finding for finding in examine(session, lambda _line: None)}


def first(name: str, session: Session) -> Finding:
    """One finding; what is looked at after it is left alone."""
    return next(finding for finding in examine(session, lambda _line: None) if finding.name == name)


def test_everything_is_looked_at_for_real(program: Program, home: Path) -> None:
    done = program("doctor", "--json")
    findings: dict[str, dict[str, Any]] = {row["name"]: row for row in json.loads(done.stdout)}

    assert set(findings) >= LOOKED_AT
    assert all(list(row) == ["name", "state", "message", "remedy"] for row in findings.values())
    assert all(row["remedy"] for row in findings.values() if row["state"] != "ok")
    assert findings["judge"]["state"] == "ok"
    assert findings["voice"]["state"] == "ok"
    assert findings["speech detector"]["state"] == "ok"
    failed = any(row["state"] == "fail" for row in findings.values())
    assert done.returncode == (ExitCode.FOUND if failed else ExitCode.FINE)
    assert not (home / "data").exists(), "looking must not leave anything behind"


@pytest.mark.audio
def test_a_microphone_is_found_by_name(microphone: VirtualMicrophone) -> None:
    assert first("PortAudio", Session(None, {})).state == "ok"
    finding = first("microphone", Session(None, {}))

    assert (finding.state, finding.message) == ("ok", "default, opened to try it")


@pytest.mark.audio
def test_a_loudspeaker_is_opened(microphone: VirtualMicrophone) -> None:
    finding = first("loudspeaker", Session(None, {}))

    assert (finding.state, finding.message) == ("ok", "default, opened to try it")


@pytest.mark.audio
def test_devices_that_are_listed_and_cannot_be_opened_are_told(
    microphone: VirtualMicrophone, home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    gone = tmp_path / "asound.conf"
    gone.write_text('pcm.!default { type pulse device "unplugged" }\nctl.!default { type pulse }\n', "utf-8")
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(gone))
    heard, spoken = (first(name, Session(None, {})) for name in ("microphone", "loudspeaker"))

    assert (heard.state, spoken.state) == ("fail", "warn")
    for finding in (heard, spoken):
        assert finding.message.startswith("default: the device cannot be opened")
        assert finding.remedy
    assert not list(home.rglob("*.wav"))


@pytest.mark.audio
def test_a_loudspeaker_that_was_chosen_and_is_gone_is_a_warning(
    microphone: VirtualMicrophone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOICECOACH_OUTPUT_DEVICE", "Headset of yesterday")
    finding = first("loudspeaker", Session(None, {}))

    assert finding.state == "warn"
    assert finding.message == "There is no loudspeaker named Headset of yesterday."
    assert "default" in finding.remedy


@pytest.mark.audio
def test_a_microphone_that_was_chosen_and_is_gone_fails(
    microphone: VirtualMicrophone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOICECOACH_INPUT_DEVICE", "Headset of yesterday")
    finding = first("microphone", Session(None, {}))

    assert finding.state == "fail"
    assert "'Headset of yesterday', is not here" in finding.message
    assert "choose another in the app's settings: " in finding.remedy


def test_the_embedded_recogniser_is_a_warning_with_a_way_out() -> None:
    finding = first("recogniser", Session(None, {"engine": "pocketsphinx"}))

    assert finding.state == "warn"
    assert finding.message.startswith("pocketsphinx")
    assert "voicecoach models" in finding.remedy


def test_a_model_that_is_not_there_fails_and_the_rest_goes_on() -> None:
    findings = found(Session(None, {"engine": "whisper", "model": "none-such"}))

    assert findings["recogniser"].state == "fail"
    assert findings["voice"].state == "ok"


def test_broken_settings_fail_and_what_needs_none_goes_on(home: Path) -> None:
    home.mkdir()
    (home / "settings.toml").write_text("= nonsense")
    findings = found(Session(None, {}))

    assert findings["settings"].state == "fail"
    assert "settings.toml" in findings["settings"].message
    assert findings["disk"].state == "ok"
    assert "voice" not in findings


def test_folders_that_cannot_be_written_to_fail(home: Path) -> None:
    home.write_text("a file where the folder should be")
    finding = first("data folder", Session(None, {}))

    assert finding.state == "fail"
    assert "VOICECOACH_HOME" in finding.remedy


@posix_only
def test_a_data_folder_that_is_closed_fails_in_one_line_and_the_rest_goes_on(home: Path) -> None:
    (home / "data").mkdir(parents=True)
    with mode(home / "data", 0):
        finding = first("history", Session(None, {}))

    assert finding.state == "fail"
    assert finding.message == f"{home / 'data' / 'history.sqlite3'}: cannot be read: Permission denied"
    assert "VOICECOACH_HOME" in finding.remedy


@posix_only
def test_a_home_that_cannot_be_entered_is_told(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home.mkdir()
    with mode(home, 0):
        codes = [run(["doctor", "--json"]), run(["doctor", "--repair", "--json"])]
    looked_at, mended = (json.loads(line) for line in capsys.readouterr().out.splitlines())

    assert codes == [ExitCode.FOUND, ExitCode.FOUND]
    failed = {row["name"]: row for row in looked_at if row["state"] == "fail"}
    assert {"settings", "questions"} <= set(failed)
    assert [(row["name"], row["state"]) for row in mended] == [("data folder", "fail")]
    for row in (*failed.values(), *mended):
        assert str(home) in row["message"]
        assert row["remedy"]


def test_a_broken_bank_fails_and_a_broken_question_is_a_warning(tmp_path: Path) -> None:
    (tmp_path / "bank" / "prompts").mkdir(parents=True)
    (tmp_path / "bank" / "prompts" / "one.toml").write_text("= nonsense")
    finding = first("questions", Session(tmp_path / "bank", {}))

    assert finding.state == "warn"
    assert "one.toml" in finding.message
    assert "voicecoach check" in finding.remedy

    (tmp_path / "bank" / "rubrics").write_text("no folder")
    finding = first("questions", Session(tmp_path / "bank", {}))

    assert finding.state == "fail"
    assert "one.toml" in finding.message
    assert "voicecoach check" in finding.remedy


def test_a_damaged_history_fails(home: Path) -> None:
    database = home / "data" / "history.sqlite3"
    database.parent.mkdir(parents=True)
    database.write_text("no database at all " * 100)

    assert first("history", Session(None, {})).state == "fail"


def test_the_report_fits_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    run(["doctor"])
    out, err = capsys.readouterr()

    assert all(len(line) <= 80 for line in out.splitlines())
    assert any(line.startswith("ok    judge: ") for line in out.splitlines())
    assert "Looking at: voice" in err
