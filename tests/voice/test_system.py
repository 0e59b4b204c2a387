import sys
from pathlib import Path

import numpy as np
import pytest

from voicecoach.errors import EngineError
from voicecoach.voice.system import system_voice

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="the stand-in program is a shell script")


def put_program(folder: Path, name: str, script: str = "exit 0") -> None:
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


@posix_only
@pytest.mark.parametrize(
    ("platform", "programs", "label"),
    [
        ("darwin", ["say"], "macOS say"),
        ("darwin", ["flite"], None),
        ("win32", ["powershell"], "Windows SAPI"),
        ("linux", ["flite"], "flite"),
        ("linux", ["say", "powershell"], None),
        ("linux", [], None),
        ("freebsd14", ["flite"], None),
    ],
)
def test_each_system_has_its_own_voice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, platform: str, programs: list[str], label: str | None
) -> None:
    for program in programs:
        put_program(tmp_path, program)
    monkeypatch.setenv("PATH", str(tmp_path))
    voice = system_voice(tmp_path / "scratch", platform)
    assert (voice.name if voice else None) == label


@posix_only
@pytest.mark.parametrize(
    ("script", "says"),
    [
        ("echo the voice is gone >&2; exit 3", "the voice is gone"),
        ("exit 3", "exit code 3"),
        ("exit 0", "it wrote no sound"),
        ('echo hello > "$4"', "it wrote no sound"),
    ],
)
def test_a_failing_program_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, says: str
) -> None:
    put_program(tmp_path, "say", script)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    voice = system_voice(tmp_path / "scratch", "darwin")
    assert voice
    with pytest.raises(EngineError, match=says) as caught:
        voice.synthesize("Hello")
    assert "\n" not in str(caught.value)
    assert caught.value.hint


@posix_only
def test_a_program_that_hangs_is_told_as_such(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_program(tmp_path, "say", "exec sleep 60")
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    monkeypatch.setattr("voicecoach.voice.system._LONGEST_WAIT_S", 1)
    voice = system_voice(tmp_path / "scratch", "darwin")
    assert voice
    with pytest.raises(EngineError, match="failed: it took longer than 1 s"):
        voice.synthesize("Hello")


@posix_only
def test_the_text_reaches_the_program_as_a_file_and_never_as_a_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_program(
        tmp_path, "say", f'printf "%s\\n" "$@" > {tmp_path}/arguments; cat "$2" > {tmp_path}/heard; exit 1'
    )
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    voice = system_voice(tmp_path / "scratch", "darwin")
    assert voice
    text = "-o $(touch owned); 'quoted' \"naïve\""
    with pytest.raises(EngineError):
        voice.synthesize(text)
    assert (tmp_path / "heard").read_text("utf-8") == text + "\n"
    assert "owned" not in (tmp_path / "arguments").read_text("utf-8")
    assert str(tmp_path / "scratch") in (tmp_path / "arguments").read_text("utf-8")
    assert list((tmp_path / "scratch").iterdir()) == [], "nothing stays behind"


def test_this_systems_voice_speaks(tmp_path: Path) -> None:
    voice = system_voice(tmp_path / "scratch")
    if voice is None:
        pytest.skip("this system brings no voice of its own")
    clip = voice.synthesize("What is the difference between precision and recall?")
    assert clip.samples.dtype == np.int16
    assert clip.samples.ndim == 1
    assert 1 < clip.duration_s < 10
    assert np.sqrt(np.mean(clip.as_float32() ** 2)) > 0.01
    with pytest.raises(EngineError, match="nothing to speak"):
        voice.synthesize("?")


@posix_only
@pytest.mark.parametrize(
    ("platform", "program", "wanted"),
    [
        ("darwin", "say", "-r\n350"),
        ("linux", "flite", "--setf\nduration_stretch=0.500"),
        ("win32", "powershell", "rate 6"),
    ],
)
def test_another_pace_reaches_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, platform: str, program: str, wanted: str
) -> None:
    put_program(
        tmp_path,
        program,
        f'exec >> {tmp_path}/told; printf "%s\\n" "$@"; echo "rate $VOICECOACH_SPEECH_RATE"; exit 1',
    )
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    voice = system_voice(tmp_path / "scratch", platform)
    assert voice
    for stretch in (1.0, 0.5):
        with pytest.raises(EngineError):
            voice.synthesize("Hello", stretch)
        told = (tmp_path / "told").read_text("utf-8")
        assert (wanted in told) == (stretch != 1)
