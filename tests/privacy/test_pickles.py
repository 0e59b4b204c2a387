"""No file that is read as weights, vectors or settings can run code."""

import ast
import io
import os
import pickle
from pathlib import Path

import numpy as np
import pytest

from tests.privacy.conftest import REPOSITORY
from tests.support.scripted_whisper import build_scripted_whisper
from voicecoach.embedding.cache import VectorCache
from voicecoach.embedding.minilm import MiniLmEmbedder
from voicecoach.errors import ModelError
from voicecoach.speech.whisper import WhisperTranscriber


class Bomb:
    """Makes a folder when it is unpickled."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self._folder),)


@pytest.fixture
def crater(tmp_path: Path) -> Path:
    """The folder that is there if a bomb has gone off."""
    return tmp_path / "crater"


def torch_bomb(crater: Path) -> bytes:
    """What torch.save would have written, with a bomb in it."""
    import torch  # noqa: PLC0415 - heavy

    stream = io.BytesIO()
    torch.save({"embeddings.word_embeddings.weight": Bomb(crater)}, stream)
    return stream.getvalue()


def test_a_bomb_goes_off_where_pickles_are_read(crater: Path) -> None:
    pickle.loads(pickle.dumps(Bomb(crater)))  # noqa: S301 - this is what it shows
    assert crater.is_dir()


def test_a_pickle_beside_the_embedders_weights_is_never_read(model_folder: Path, crater: Path) -> None:
    (model_folder / "pytorch_model.bin").write_bytes(torch_bomb(crater))
    expected = MiniLmEmbedder().encode(["Recall"])

    np.testing.assert_array_equal(MiniLmEmbedder(model_folder).encode(["Recall"]), expected)
    assert not crater.exists()


def test_a_pickle_in_place_of_the_embedders_weights_is_never_read(model_folder: Path, crater: Path) -> None:
    (model_folder / "pytorch_model.bin").write_bytes(torch_bomb(crater))
    (model_folder / "model.safetensors").unlink()

    with pytest.raises(ModelError):
        MiniLmEmbedder(model_folder).encode(["Recall"])
    assert not crater.exists()


@pytest.mark.parametrize("name", ["model.safetensors", "adapter"])
def test_a_pickle_under_a_safe_name_is_refused(model_folder: Path, crater: Path, name: str) -> None:
    adapter = None
    if name == "adapter":
        adapter = model_folder / "adapter.safetensors"
        adapter.write_bytes(torch_bomb(crater))
    else:
        (model_folder / name).write_bytes(torch_bomb(crater))

    with pytest.raises(ModelError):
        MiniLmEmbedder(model_folder, adapter).encode(["Recall"])
    assert not crater.exists()


def test_a_pickle_in_place_of_kept_vectors_is_made_again(tmp_path: Path, crater: Path) -> None:
    embedder = MiniLmEmbedder()
    cache = VectorCache(embedder, tmp_path / "vectors")
    expected = cache.encode(["Recall"])
    (file,) = (tmp_path / "vectors").glob("*.npy")
    for bomb in (_object_array(crater), pickle.dumps(Bomb(crater))):
        file.write_bytes(bomb)
        np.testing.assert_array_equal(cache.encode(["Recall"]), expected)
    assert not crater.exists()


def test_a_pickle_in_place_of_whispers_weights_is_refused(tmp_path: Path, crater: Path) -> None:
    folder = build_scripted_whisper(tmp_path / "whisper", "one class is rare")
    for bomb in (torch_bomb(crater), pickle.dumps(Bomb(crater))):
        (folder / "model.bin").write_bytes(bomb)
        with pytest.raises(ModelError):
            WhisperTranscriber(folder, "whisper", "en")
    assert not crater.exists()


def test_no_module_of_ours_can_unpickle() -> None:
    forbidden = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal"}
    found = []
    for path in (REPOSITORY / "voicecoach").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Import(names=names):
                    used = {alias.name.partition(".")[0] for alias in names} & forbidden
                case ast.ImportFrom(module=str(module)):
                    used = {module.partition(".")[0]} & forbidden
                case ast.Attribute(value=ast.Name(id="torch"), attr="load"):
                    used = {"torch.load"}
                case ast.keyword(arg="allow_pickle", value=ast.Constant(value=True)):
                    used = {"allow_pickle"}
                case ast.keyword(arg="trust_remote_code", value=ast.Constant(value=True)):
                    used = {"trust_remote_code"}
                case _:
                    continue
            found += [(path.name, name) for name in used]
    assert found == []


def _object_array(crater: Path) -> bytes:
    stream = io.BytesIO()
    np.save(stream, np.array([Bomb(crater)], object), allow_pickle=True)
    return stream.getvalue()
