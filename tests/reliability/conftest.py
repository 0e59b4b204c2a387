"""A person at practice with a Whisper that hears one sentence."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.practising import HEARD, SPOKEN, Practice, practising
from tests.support.scripted_whisper import build_scripted_whisper
from voicecoach.audio.decode import decode
from voicecoach.clip import AudioClip
from voicecoach.config import Settings


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_scripted_whisper(tmp_path_factory.mktemp("whisper") / "model", HEARD)


@pytest.fixture(scope="module")
def speech() -> AudioClip:
    """Four seconds of someone speaking."""
    clip = decode(SPOKEN)
    return AudioClip(clip.samples[: 4 * clip.rate], clip.rate)


@pytest.fixture
def practice(tmp_path: Path, model: Path) -> Iterator[Practice]:
    with practising(tmp_path, Settings(model=str(model))) as begun:
        yield begun
