"""Whatever part of the program a process begins with, the libraries stay silent."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.privacy.conftest import bare_environment
from tests.support.installation import run_python
from voicecoach.telemetry import SWITCHES

LOOK = """
import json, os
import huggingface_hub.constants, onnxruntime, transformers.utils.hub
print(json.dumps({
    "hub": huggingface_hub.constants.HF_HUB_DISABLE_TELEMETRY,
    "transformers": transformers.utils.hub.http_user_agent(),
    "environment": dict(os.environ),
}))
"""

PARTS = {
    "speech detector": """
import numpy
from voicecoach.audio.silero import SileroActivity
from voicecoach.clip import AudioClip
SileroActivity().speech(AudioClip(numpy.zeros(16000, numpy.int16), 16000))
""",
    "embedder": """
from voicecoach.embedding.minilm import MiniLmEmbedder
MiniLmEmbedder().encode(["Nothing leaves the machine"])
""",
    "download": """
from voicecoach.speech import hub
hub._session()
""",
    "nothing but the package": "import voicecoach",
}


@pytest.mark.parametrize("part", PARTS)
def test_the_switches_hold_against_the_environment(part: str, tmp_path: Path) -> None:
    done = run_python(PARTS[part] + LOOK, environment=bare_environment(tmp_path))
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)

    assert found["hub"] is True
    assert found["transformers"].endswith("; telemetry/off")
    assert {name: found["environment"][name] for name in SWITCHES} == SWITCHES
    assert list(tmp_path.iterdir()) == [], "onnxruntime would keep its identifier and its uploads here"


TELL_CALLS = """
import sys
calls = []
def look(frame, event, argument):
    if event == "c_call" and argument.__name__ == "disable_telemetry_events":
        calls.append("off")
    elif event == "call" and frame.f_code.co_qualname == "InferenceSession.__init__":
        calls.append("session")
import numpy
from tests.support.piper_voice import write_piper_voice
from voicecoach.audio.silero import SileroActivity
from voicecoach.clip import AudioClip
from voicecoach.voice.piper import PiperVoice
from pathlib import Path
sys.setprofile(look)
{use}
sys.setprofile(None)
print(*calls)
"""


@pytest.mark.parametrize(
    "use",
    [
        "SileroActivity().speech(AudioClip(numpy.zeros(16000, numpy.int16), 16000))",
        'PiperVoice(write_piper_voice(Path("FOLDER"))).synthesize("Hello there.")',
    ],
    ids=["silero", "piper"],
)
def test_onnxruntime_is_told_again_before_it_gets_a_model(use: str, tmp_path: Path) -> None:
    code = TELL_CALLS.format(use=use.replace("FOLDER", str(tmp_path / "voices")))
    done = run_python(code, environment=bare_environment(tmp_path))
    assert done.stdout.split()[:2] == ["off", "session"], done.stderr


def test_onnxruntime_would_keep_an_identifier_without_its_switch(
    tmp_path: Path, empty_network: list[str]
) -> None:
    """Shows that the first test can fail. It runs where nothing can be sent."""
    environment = bare_environment(tmp_path)
    del environment["ORT_DISABLE_TELEMETRY"]
    code = "import onnxruntime; onnxruntime.get_available_providers(); onnxruntime.SessionOptions()"
    command = [*empty_network, sys.executable, "-c", code]
    subprocess.run(command, env=environment, check=True, capture_output=True)
    assert [path for path in tmp_path.rglob("*") if "onnxruntime" in path.name]
