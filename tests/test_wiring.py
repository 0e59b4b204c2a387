"""Which engine the settings mean, and what to do where it is not here."""

import sys
from pathlib import Path

import pytest

from tests.support.installation import copy_packages, run_python
from tests.support.piper_voice import write_piper_voice
from voicecoach.config import EngineChoice, Paths, Settings, save_settings
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


@pytest.mark.parametrize(
    ("engine", "remedy"),
    [
        ("auto", "Fetch a model for other languages with `voice"),
        ("pocketsphinx", "Set language to en; or set engine"),
    ],
)
def test_what_helps_where_the_embedded_recogniser_cannot_hear(
    paths: Paths, engine: EngineChoice, remedy: str
) -> None:
    with pytest.raises(ModelError, match="hears English only") as caught:
        WiredEngines(Settings(engine=engine, language="de"), paths).transcriber()
    assert caught.value.hint.startswith(remedy)


def test_only_what_a_setting_changes_is_built_anew(paths: Paths) -> None:
    engines = WiredEngines(Settings(engine="pocketsphinx"), paths)
    heard, spoken, recorder = engines.transcriber(), engines.voice(), engines.recorder()

    engines.reload(Settings(engine="pocketsphinx", input_device="another", use_corrections=False))
    assert engines.transcriber() is heard
    assert engines.voice() is spoken
    assert engines.recorder() is not recorder

    engines.reload()  # a model has arrived
    assert engines.transcriber() is not heard
    assert engines.voice() is spoken


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


def test_a_settings_file_that_is_a_link_stays_one(paths: Paths, tmp_path: Path) -> None:
    kept = tmp_path / "dotfiles" / "voicecoach.toml"
    kept.parent.mkdir()
    kept.write_text("# mine\n", "utf-8")
    paths.settings_file.symlink_to(kept)

    save_settings(paths.settings_file, Settings(theme="nord"))

    assert paths.settings_file.is_symlink()
    assert kept.read_text("utf-8") == '# mine\ntheme = "nord"\n'
