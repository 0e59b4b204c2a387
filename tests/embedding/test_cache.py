import os
import stat
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from tests.support.disks import mode
from tests.support.installation import run_python
from voicecoach.embedding.cache import SWEEP_AFTER_S, ReadingCache, VectorCache
from voicecoach.embedding.embedder import Vectors
from voicecoach.embedding.minilm import MiniLmEmbedder
from voicecoach.embedding.minilm_comparer import MiniLmComparer
from voicecoach.scoring.close_reading import Comparison
from voicecoach.scoring.evidence import Reading

COMPARISONS = (
    Comparison("Name the baseline first.", ("name the baseline",), ("no baseline is needed",)),
    Comparison("Say nothing of the label.", ("say what the label was",), ("skip the label",)),
)
TEXTS = ["Name the baseline", "Say what the label was", "Close with the impact"]


class CountingEmbedder:
    """MiniLM that counts how often it was asked, under a name of one's choice."""

    def __init__(self, inner: MiniLmEmbedder, name: str) -> None:
        self._inner = inner
        self.name = name
        self.calls = 0

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.calls += 1
        return self._inner.encode(texts)


class CountingComparer:
    """The network that ships, counted."""

    def __init__(self, inner: MiniLmComparer, name: str) -> None:
        self._inner = inner
        self.name = name
        self.calls = 0

    def load(self) -> None:
        self._inner.load()

    def compare(self, comparisons: Sequence[Comparison]) -> tuple[Reading, ...]:
        self.calls += 1
        return self._inner.compare(comparisons)


@pytest.fixture(scope="module")
def minilm() -> MiniLmEmbedder:
    return MiniLmEmbedder()


@pytest.fixture
def embedder(minilm: MiniLmEmbedder) -> CountingEmbedder:
    return CountingEmbedder(minilm, minilm.name)


def only_file(folder: Path) -> Path:
    (file,) = folder.iterdir()
    return file


def test_vectors_are_computed_once_and_stay_the_same(embedder: CountingEmbedder, tmp_path: Path) -> None:
    folder = tmp_path / "cache" / "vectors"
    first = VectorCache(embedder, folder).encode(TEXTS)
    second = VectorCache(embedder, folder).encode(TEXTS)
    assert embedder.calls == 1
    assert second.dtype == np.float32
    np.testing.assert_array_equal(first, second)
    np.testing.assert_array_equal(first, embedder.encode(TEXTS))
    if os.name == "posix":
        assert stat.S_IMODE(only_file(folder).stat().st_mode) == 0o600
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "texts", [TEXTS[::-1], TEXTS[:2], ["Name the baselineSay", *TEXTS[1:]], [*TEXTS, ""], ["".join(TEXTS)]]
)
def test_other_texts_have_other_vectors(embedder: CountingEmbedder, tmp_path: Path, texts: list[str]) -> None:
    cache = VectorCache(embedder, tmp_path)
    cache.encode(TEXTS)
    vectors = cache.encode(texts)
    assert embedder.calls == 2
    np.testing.assert_array_equal(vectors, embedder.encode(texts))


def test_other_weights_have_other_vectors(minilm: MiniLmEmbedder, tmp_path: Path) -> None:
    VectorCache(CountingEmbedder(minilm, "one"), tmp_path).encode(TEXTS)
    other = CountingEmbedder(minilm, "two")
    VectorCache(other, tmp_path).encode(TEXTS)
    assert other.calls == 1


def test_a_damaged_file_is_made_again(embedder: CountingEmbedder, tmp_path: Path) -> None:
    cache = VectorCache(embedder, tmp_path)
    good = cache.encode(TEXTS)
    file = only_file(tmp_path)
    whole = file.read_bytes()
    zeros = bytearray(whole)
    zeros[200:] = bytes(len(zeros) - 200)
    damages = [
        b"",
        b"not numpy",
        whole[:100],
        whole[:-7],
        bytes(zeros),
        b"PK\x03\x04 not a zip",
        whole.replace(b"(3, 384)", b"(9999999999999, 384)"),
    ]
    for number, damage in enumerate(damages):
        file.write_bytes(damage)
        np.testing.assert_array_equal(cache.encode(TEXTS), good)
        assert embedder.calls == number + 2
        assert file.read_bytes() == whole
    for wrong in (good[:2], good.astype(np.float64), good[0], good * 2, good * np.nan):
        np.save(file, wrong)
        np.testing.assert_array_equal(cache.encode(TEXTS), good)
        assert file.read_bytes() == whole


def test_it_works_without_a_folder_to_write_to(embedder: CountingEmbedder, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("a file where the folder should be")
    cache = VectorCache(embedder, blocked / "vectors")
    np.testing.assert_array_equal(cache.encode(TEXTS), cache.encode(TEXTS))
    assert embedder.calls == 2


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such permission bits")
def test_it_works_with_a_read_only_folder(embedder: CountingEmbedder, tmp_path: Path) -> None:
    folder = tmp_path / "vectors"
    folder.mkdir()
    with mode(folder, 0o500):
        VectorCache(embedder, folder).encode(TEXTS)
    assert list(folder.iterdir()) == []


def test_known_texts_load_no_model(embedder: CountingEmbedder, tmp_path: Path) -> None:
    known = VectorCache(embedder, tmp_path).encode(TEXTS)
    code = f"""
import sys
from pathlib import Path
from voicecoach.embedding.cache import VectorCache
from voicecoach.embedding.minilm import MiniLmEmbedder
vectors = VectorCache(MiniLmEmbedder(), Path({str(tmp_path)!r})).encode({TEXTS!r})
print(vectors.tobytes().hex())
heavy = {{"torch", "transformers", "sentence_transformers"}} & set(sys.modules)
sys.exit(str(heavy) if heavy else 0)
"""
    done = run_python(code)
    assert done.returncode == 0, done.stderr
    assert bytes.fromhex(done.stdout.strip()) == known.tobytes()


def test_what_a_killed_writer_left_is_swept_and_what_is_being_written_is_not(
    embedder: CountingEmbedder, tmp_path: Path
) -> None:
    cache = VectorCache(embedder, tmp_path)
    cache.encode(TEXTS)
    kept = only_file(tmp_path)
    left, written = tmp_path / "left.partial", tmp_path / "written.partial"
    for half in (left, written):
        half.write_bytes(kept.read_bytes()[:100])
    long_ago = time.time() - SWEEP_AFTER_S - 1
    os.utime(left, (long_ago, long_ago))
    cache.encode(TEXTS[:1])
    assert left not in tmp_path.iterdir()
    assert {kept, written} < set(tmp_path.iterdir())


@pytest.fixture
def comparer(minilm: MiniLmEmbedder) -> CountingComparer:
    inner = MiniLmComparer(minilm)
    return CountingComparer(inner, inner.name)


def test_readings_are_made_once_and_stay_the_same(comparer: CountingComparer, tmp_path: Path) -> None:
    first = ReadingCache(comparer, tmp_path).compare(COMPARISONS)

    assert ReadingCache(comparer, tmp_path).compare(COMPARISONS) == first
    assert ReadingCache(comparer, tmp_path).compare(()) == ()
    assert comparer.calls == 1
    assert first == comparer.compare(COMPARISONS)
    assert ReadingCache(comparer, tmp_path).compare(COMPARISONS[::-1]) == first[::-1]
    assert comparer.calls == 3


def test_another_network_reads_anew(minilm: MiniLmEmbedder, tmp_path: Path) -> None:
    one, other = (CountingComparer(MiniLmComparer(minilm), name) for name in ("one", "other"))
    ReadingCache(one, tmp_path).compare(COMPARISONS)
    ReadingCache(other, tmp_path).compare(COMPARISONS)
    assert other.calls == 1


def test_damaged_readings_are_made_again(comparer: CountingComparer, tmp_path: Path) -> None:
    cache = ReadingCache(comparer, tmp_path)
    good = cache.compare(COMPARISONS)
    file = only_file(tmp_path)
    whole = file.read_bytes()
    numbers = np.load(file)
    for wrong in (numbers[:1], numbers[:, :2], numbers * np.nan, numbers + 100, numbers - 1):
        with file.open("wb") as stream:
            np.save(stream, wrong)
        assert cache.compare(COMPARISONS) == good
        assert file.read_bytes() == whole


def test_known_readings_load_no_model(comparer: CountingComparer, tmp_path: Path) -> None:
    known = ReadingCache(comparer, tmp_path).compare(COMPARISONS)
    code = f"""
import sys
from pathlib import Path
from voicecoach.embedding.cache import ReadingCache
from voicecoach.embedding.minilm import MiniLmEmbedder
from voicecoach.embedding.minilm_comparer import MiniLmComparer
from voicecoach.scoring.close_reading import Comparison
print(ReadingCache(MiniLmComparer(MiniLmEmbedder()), Path({str(tmp_path)!r})).compare({COMPARISONS!r}))
heavy = {{"torch", "transformers", "sentence_transformers"}} & set(sys.modules)
sys.exit(str(heavy) if heavy else 0)
"""
    done = run_python(code)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == str(known)
