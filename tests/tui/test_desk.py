"""The settings in force and those in the file, through everything that can go wrong between them."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from voicecoach.config import Settings, load_settings
from voicecoach.errors import SettingsError
from voicecoach.tui.desk import SettingsDesk


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


def test_a_change_is_in_force_at_once_and_in_the_file_once_saved(file: Path) -> None:
    desk = SettingsDesk(file, Settings(engine="pocketsphinx"))
    assert desk.change({"voice": "espeak"}) == Settings(engine="pocketsphinx", voice="espeak")
    assert not file.exists()
    desk.save()
    assert load_settings(file, {}) == Settings(voice="espeak"), "a flag is not written down"


def test_a_wrong_value_changes_nothing_and_names_every_fault(file: Path) -> None:
    desk = SettingsDesk(file, Settings())
    with pytest.raises(SettingsError) as caught:
        desk.change({"theme": "nord", "language": "7x", "volume": "11"})
    assert "language: '7x' is not a two-letter language code such as en" in str(caught.value)
    assert "volume: unknown key" in str(caught.value)
    assert desk.current == Settings()
    desk.save()
    assert not file.exists()


def test_what_could_not_be_saved_is_saved_by_the_next_that_can(file: Path) -> None:
    desk = SettingsDesk(file, Settings())
    file.write_text("theme = [", "utf-8")
    desk.change({"theme": "nord", "voice": "espeak"})
    for _ in range(2):
        with pytest.raises(SettingsError):
            desk.save()
    assert file.read_text("utf-8") == "theme = ["
    assert desk.current == Settings(theme="nord", voice="espeak")
    file.write_text('# mine\nmodel = "small.en"\n', "utf-8")
    desk.change({"theme": "dracula"})
    desk.save()
    assert load_settings(file, {}) == Settings(theme="dracula", voice="espeak", model="small.en")
    assert file.read_text("utf-8").startswith("# mine\n")


def test_changes_from_many_threads_are_all_saved(file: Path) -> None:
    changes: list[dict[str, str | bool]] = [
        {"theme": "nord"},
        {"voice": "espeak"},
        {"language": "de"},
        {"role": "mle"},
        {"speak_questions": False},
        {"use_corrections": False},
    ]
    desk, ready = SettingsDesk(file, Settings()), threading.Barrier(len(changes))

    def choose(changed: dict[str, str | bool]) -> None:
        ready.wait()
        desk.change(changed)
        desk.save()

    with ThreadPoolExecutor(len(changes)) as threads:
        list(threads.map(choose, changes))
    assert desk.current == load_settings(file, {})
    assert desk.current == Settings(
        theme="nord",
        voice="espeak",
        language="de",
        role="mle",
        speak_questions=False,
        use_corrections=False,
    )
