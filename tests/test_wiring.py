"""Which engine the settings mean, and what to do where it is not here."""

import sys
from pathlib import Path

import pytest

from tests.support.installation import copy_packages, run_python
from tests.support.piper_voice import write_piper_voice
from voicecoach.config import Paths, Settings
from voicecoach.errors import ModelError
from voicecoach.wiring import WiredEngines


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    """A home without any model, and none of another tool's."""
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr("voicecoach.wiring.model_folders", lambda paths: (paths.models,))
    return Paths(tmp_path / "settings.toml", tmp_path / "data", tmp_path / "cache")


@pytest.mark.parametrize(
    ("settings", "told", "fetched"),
    [
        (Settings(engine="whisper"), "a Whisper model, and none is in", "small.en"),
        (Settings(engine="whisper", language="de"), "a Whisper model that hears 'de', and none", "small"),
        (Settings(model="base.en"), "the Whisper model 'base.en', and none", "base.en"),
        (Settings(model="medium.en", language="de"), "the Whisper model 'medium.en', and none", "small"),
        (Settings(model="large-v3", language="de"), "the Whisper model 'large-v3', and none", "large-v3"),
        (Settings(model="none-such"), "the Whisper model 'none-such', and none", "small.en"),
    ],
)
def test_a_model_that_is_not_here_is_told_with_one_that_helps(
    paths: Paths, settings: Settings, told: str, fetched: str
) -> None:
    with pytest.raises(ModelError) as caught:
        WiredEngines(settings, paths).transcriber()
    assert told in caught.value.message
    assert f"`voicecoach models download {fetched}`" in caught.value.hint
    is_taken_then = settings.model in ("auto", fetched)
    assert (f"and set model to {fetched}" in caught.value.hint) != is_taken_then


WHO_SPEAKS = """
from pathlib import Path
from voicecoach.config import Paths, Settings
from voicecoach.wiring import WiredEngines
home = Path({home!r})
for voice in ("auto", "piper"):
    print(WiredEngines(Settings(voice=voice), Paths(home / "s", home / "data", home / "cache")).voice().name)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="macOS and Windows have a voice of their own")
@pytest.mark.parametrize(("without", "chosen"), [(False, "Piper (test)"), (True, "espeak-ng (en-us)")])
def test_a_piper_voice_is_taken_unasked_only_where_piper_is_installed(
    paths: Paths, tmp_path: Path, without: bool, chosen: str
) -> None:
    paths.voices.mkdir(parents=True)
    write_piper_voice(paths.voices, "test")
    packages = copy_packages(tmp_path / "packages", "piper", without=without)
    done = run_python(WHO_SPEAKS.format(home=str(tmp_path)), packages)
    assert done.stderr == ""
    assert done.stdout.splitlines() == [chosen, "Piper (test)"]
