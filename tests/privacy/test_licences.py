"""docs/licences.md names everything that ships or is fetched, and cannot go stale."""

from importlib.metadata import distribution

from tests.privacy.licences import (
    BEGIN,
    DOCUMENT,
    END,
    OF_THE_PLATFORM,
    closure,
    direct_requirements,
    licence_of,
    pinned,
    table,
)
from voicecoach.speech.catalogue import CATALOGUE


def test_the_table_is_that_of_the_installed_packages() -> None:
    text = DOCUMENT.read_text("utf-8")
    written = text.partition(BEGIN)[2].partition(END)[0].strip()
    assert written == table(), "run python -m tests.privacy.licences"


def test_every_package_that_is_brought_is_pinned() -> None:
    brought = closure(direct_requirements())
    assert {name for name in brought - set(pinned()) if not OF_THE_PLATFORM.match(name)} == set()
    assert {"torch", "textual", "tokenizers", "onnxruntime"} <= brought, "the closure follows dependencies"
    assert not {"pytest", "mypy", "hypothesis"} & brought


def test_every_licence_is_a_free_one() -> None:
    known = ("MIT", "BSD", "Apache", "MPL", "PSF", "ISC", "LGPL", "GPL")
    for name in closure(direct_requirements()):
        if name in pinned():
            licence = licence_of(distribution(name))
            assert any(each in licence for each in known), (name, licence)


def test_every_model_that_can_be_fetched_is_named() -> None:
    text = DOCUMENT.read_text("utf-8")
    for model in CATALOGUE.values():
        assert f"`{model.repository}`" in text
    own = ("rubric-adapter.safetensors", "comparer.safetensors")
    for shipped in (*own, "all-MiniLM-L6-v2", "answer.ogg", "silero_vad", "en-us"):
        assert shipped in text
