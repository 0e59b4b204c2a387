"""Bad input for question banks and settings."""

import json
from pathlib import Path

from hypothesis import strategies as st

from tests.support.bad_input.probe import (
    QUESTION_ID,
    REPOSITORY,
    Prepare,
    Prepared,
)
from tests.support.mutations import (
    ODD_TEXTS,
    Content,
    odd_texts,
    place,
    spoilt_bytes,
    spoilt_tree,
    toml_bombs,
    toml_of,
)


def _bank(folder: Path) -> Path:
    """A bank with one shipped question and everything around it."""
    for room, name in (
        *(("prompts", QUESTION_ID), ("rubrics", QUESTION_ID)),
        *(("rubrics", "structures"), ("rubrics", "warnings")),
    ):
        target = folder / room / f"{name}.toml"
        target.parent.mkdir(exist_ok=True)
        target.write_bytes((REPOSITORY / room / f"{name}.toml").read_bytes())
    (folder / "prompts" / "training.toml").write_bytes(TRAINING)
    return folder


TRAINING = f"""
[[rounds]]
id = "screen"
label = "Screen"
about = "Breadth."
slots = [{{ ask = 1, questions = ["{QUESTION_ID}"] }}]

[[roles]]
id = "mle"
label = "Engineer"
about = "Systems."
drill = ["{QUESTION_ID}"]

[[plans]]
id = "two-days"
label = "Two days"
about = "In a hurry."
steps = [
  {{ label = "One", task = "Tell it.", days = [1, 1], questions = ["{QUESTION_ID}"] }},
  {{ label = "Two", task = "Rest.", days = [2, 2] }},
]
""".encode()


def bank_file(room: str, stem: str) -> Prepare:
    """One file of a bank; the others are whole."""

    def prepare(folder: Path) -> Prepared:
        import tomllib  # noqa: PLC0415 - as below

        from voicecoach.cli.commands.bank import _page, _whole  # noqa: PLC0415 - a probe's own
        from voicecoach.content.check import lint  # noqa: PLC0415 - brings numpy
        from voicecoach.content.loader import load_bank  # noqa: PLC0415 - brings pydantic

        bank = _bank(folder)
        path = bank / room / f"{stem}.toml"
        whole = path.read_bytes()

        def probe(content: Content) -> None:
            place(path, content)
            loaded = load_bank([bank])
            lint(loaded)
            for question in loaded.questions:
                json.dumps(_whole(question), allow_nan=False)
                assert all(len(line) < 2_000 for line in _page(question))

        trees = spoilt_tree([tomllib.loads(whole.decode())]).map(toml_of)
        return spoilt_bytes([whole]) | trees, toml_bombs(), probe

    return prepare


SETTINGS = b"""# mine
engine = "whisper"
model = "small.en"
language = "en"
voice = "espeak"
speak_questions = false
input_device = "Headset"
theme = "nord"
"""


def settings_file(folder: Path) -> Prepared:
    """settings.toml, read, saved and read again."""
    import tomllib  # noqa: PLC0415 - as above

    from voicecoach.config import Settings, load_settings, save_settings  # noqa: PLC0415 - a probe's own

    path = folder / "settings.toml"

    def probe(content: Content) -> None:
        place(path, content)
        settings = load_settings(path, {})
        save_settings(path, settings)
        assert load_settings(path, {}) == settings
        save_settings(path, Settings())

    trees = spoilt_tree([tomllib.loads(SETTINGS.decode())]).map(toml_of)
    return spoilt_bytes([SETTINGS]) | trees, toml_bombs(), probe


def environment(folder: Path) -> Prepared:
    """VOICECOACH_* and the variables that say where models are."""
    from voicecoach.config import SETTING_KEYS, find_paths, load_settings  # noqa: PLC0415 - a probe's own
    from voicecoach.speech.local import find_model, hub_cache  # noqa: PLC0415 - a probe's own

    names = [f"VOICECOACH_{key.upper()}" for key in (*SETTING_KEYS, "home")]
    names += ["HF_HUB_CACHE", "HF_HOME", "XDG_CACHE_HOME"]
    whole = ("auto", "whisper", "small.en", "en", "espeak", "true", "0")

    def probe(environment: dict[str, str]) -> None:
        paths = find_paths(environment)
        settings = load_settings(paths.settings_file, environment)
        find_model(settings.model, (paths.models, hub_cache(environment), folder), settings.language)

    cases = st.dictionaries(st.sampled_from(names), odd_texts() | st.sampled_from(whole), max_size=6)
    bombs = [{name: text} for name in names for text in (*ODD_TEXTS, "x" * 1_000_000)]
    return cases, bombs, probe
