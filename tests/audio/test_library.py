import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.sounds import tone
from tests.support.virtual_microphone import VirtualMicrophone
from voicecoach.audio.library import cannot_open
from voicecoach.audio.portaudio import PortAudioPlayer, PortAudioRecorder
from voicecoach.errors import AudioError

_HEAVY = ("sounddevice", "soxr", "av", "faster_whisper", "onnxruntime", "ctranslate2", "torch")


def run(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )


def test_without_the_library_one_line_says_what_to_install(tmp_path: Path) -> None:
    # The real import of sounddevice, on a system that finds no library named portaudio.
    done = run(
        "import ctypes.util, sys\n"
        "real = ctypes.util.find_library\n"
        "ctypes.util.find_library = lambda name: None if 'portaudio' in name else real(name)\n"
        "sys.modules['_sounddevice_data'] = None\n"
        "from voicecoach.audio.portaudio import PortAudioPlayer, PortAudioRecorder\n"
        "from voicecoach.errors import NoPortAudioError\n"
        "for attempt in range(2):\n"
        "    try:\n"
        "        PortAudioRecorder('').devices()\n"
        "    except NoPortAudioError as error:\n"
        "        print(error)\n"
    )
    first, second = done.stdout.splitlines()
    assert first == second
    assert first.startswith("The PortAudio library is not on this machine. ")
    assert "nstall" in first
    assert done.stderr == ""


def test_importing_the_room_loads_nothing_heavy() -> None:
    rooms = "hold intake levels library portaudio decode silero takes wav"
    done = run(
        "import importlib, sys\n"
        f"for room in {rooms.split()}:\n"
        "    importlib.import_module('voicecoach.audio.' + room)\n"
        f"print([name for name in {_HEAVY} if name in sys.modules])"
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.audio
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="ALSA is of Linux")
def test_a_sound_system_that_is_down_is_one_line_and_may_come_back(
    microphone: VirtualMicrophone, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    player = PortAudioPlayer("")
    with monkeypatch.context() as down:
        broken = tmp_path / "asound.conf"
        broken.write_text("pcm.!default { type pulse", "utf-8")
        down.setenv("ALSA_CONFIG_PATH", str(broken))
        for ask in (player.devices, PortAudioRecorder("").devices, lambda: player.play(tone(440, 0.2))) * 2:
            with pytest.raises(AudioError, match="PortAudio cannot start") as caught:
                ask()
            assert caught.value.hint
    assert player.play(tone(440, 0.2)).wait(10)


@pytest.mark.audio
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="ALSA is of Linux")
def test_alsa_writes_nothing_over_the_screen(microphone: VirtualMicrophone, tmp_path: Path) -> None:
    # A configuration whose devices cannot be opened, of which ALSA would tell on file descriptor 2.
    broken = tmp_path / "asound.conf"
    broken.write_text("pcm.!default { type hw card 31 }\npcm.odd { type nonsense }\n", "utf-8")
    done = run(
        "from voicecoach.audio.portaudio import PortAudioRecorder\n"
        "for attempt in range(3):\n"
        "    PortAudioRecorder('').devices()\n",
        ALSA_CONFIG_PATH=str(broken),
    )
    assert done.stderr == ""
    assert done.stdout == ""
    unsilenced = run(
        "import sounddevice\nsounddevice._terminate()\nsounddevice._lib.Pa_Initialize()\n",
        ALSA_CONFIG_PATH=str(broken),
    )
    assert "ALSA lib" in unsilenced.stderr


@pytest.mark.parametrize("system", ["Darwin", "Windows"])
def test_no_system_is_asked_for_leave_to_play(monkeypatch: pytest.MonkeyPatch, system: str) -> None:
    monkeypatch.setattr("platform.system", lambda: system)
    refused = ValueError("busy")
    assert "Microphone" in cannot_open("input", "headset", refused).hint
    assert cannot_open("output", "headset", refused).hint == (
        "Close programs that hold it, or choose another loudspeaker in the settings."
    )
