"""What models said of texts that rarely change, kept on disk.

A spoken answer is new every time and is not cached; a rubric's phrasings stay the same until someone edits
them, and so does what its model answer does to its points.
"""

import hashlib
import io
import json
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import astuple, fields
from pathlib import Path

import numpy as np

from voicecoach.embedding.comparer import Comparer
from voicecoach.embedding.embedder import Embedder, Vectors
from voicecoach.outside import FileError, read_bounded
from voicecoach.private import make_private_folder
from voicecoach.scoring.close_reading import Comparison
from voicecoach.scoring.evidence import Reading

_HEADER_BYTES = 128
_NUMBER_BYTES = 4
_LONGEST_ROW = 4096
"""Dimensions; no embedder of sentences has more."""

SWEEP_AFTER_S = 60.0
"""Nobody takes so long to write vectors: what is half written and older was left by a crash."""


READINGS = ".readings"
"""How the files of readings end."""


class VectorCache:
    """Keeps one file per list of texts, named by a hash of the texts and the embedder's name.

    The cache only saves time: a damaged file is made again, and a folder that cannot be written is done
    without.

    Args:
        embedder: Asked only for what is not on disk.
        folder: Made when needed; safe to delete.
    """

    def __init__(self, embedder: Embedder, folder: Path) -> None:
        self._embedder = embedder
        self._folder = folder

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of the texts, as the embedder gives them.

        Raises:
            EngineError: They are not on disk and the embedder cannot be loaded or run.
        """
        file = self._folder / f"{self._key(texts)}.npy"
        return _kept(file, len(texts), _are_unit_rows, lambda: self._embedder.encode(texts))

    def forget(self, texts: Sequence[str]) -> bool:
        """Delete the vectors of these texts; False where there were none on disk.

        Raises:
            EngineError: The embedder's weights cannot be read, so nobody knows the file's name.
            OSError: The file cannot be deleted.
        """
        file = self._folder / f"{self._key(texts)}.npy"
        known = file.exists()
        file.unlink(missing_ok=True)
        return known

    def _key(self, texts: Sequence[str]) -> str:
        return _hash([self._embedder.name, *texts])


class ReadingCache:
    """Keeps one file per list of comparisons, as `VectorCache` does and in the same folder.

    Args:
        comparer: Asked only for what is not on disk.
        folder: Made when needed; safe to delete.
    """

    def __init__(self, comparer: Comparer, folder: Path) -> None:
        self._comparer = comparer
        self._folder = folder

    def compare(self, comparisons: Sequence[Comparison]) -> tuple[Reading, ...]:
        """What each text does to its point, as the comparer says.

        Raises:
            EngineError: It is not on disk and a model cannot be loaded or run.
        """

        def read() -> Vectors:
            return np.array([astuple(each) for each in self._comparer.compare(comparisons)], np.float32)

        if not comparisons:
            return ()
        key = _hash([self._comparer.name, *map(astuple, comparisons)])
        rows = _kept(self._folder / f"{key}{READINGS}", len(comparisons), _are_probabilities, read)
        return tuple(Reading(*row) for row in rows.tolist())


class VectorMemory:
    """Keeps the vectors of an answer's texts while it grows, so that only new texts are embedded.

    Args:
        embedder: Asked for each text once.
    """

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: dict[str, Vectors] = {}

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of the texts, as the embedder gives them.

        Raises:
            EngineError: The embedder cannot be loaded or run.
        """
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        self._known.update(zip(new, self._embedder.encode(new), strict=True))
        if not texts:
            return self._embedder.encode(())
        return np.stack([self._known[text] for text in texts])


def _hash(listed: Sequence[object]) -> str:
    return hashlib.sha256(json.dumps(listed).encode()).hexdigest()


def _kept(
    file: Path, rows: int, are_sound: Callable[[Vectors], bool], make: Callable[[], Vectors]
) -> Vectors:
    """The numbers in a file, made and written where it does not hold sound ones."""
    numbers = _read(file, rows)
    with np.errstate(all="ignore"):  # damaged numbers may be beyond all measure
        is_sound = numbers is not None and are_sound(numbers)
    if numbers is None or not is_sound:
        _sweep(file.parent)
        numbers = make()
        with suppress(OSError):
            _write(file, numbers)
    return numbers


def _are_unit_rows(numbers: Vectors) -> bool:
    return np.allclose(np.linalg.norm(numbers, axis=1), 1.0, atol=1e-3)


def _are_probabilities(numbers: Vectors) -> bool:
    """Whether these are the logarithms of three each."""
    return numbers.shape[1] == len(fields(Reading)) and np.allclose(np.exp(numbers).sum(1), 1.0, atol=1e-3)


def _sweep(folder: Path) -> None:
    """Delete what writers that were killed have left."""
    with suppress(OSError):
        for partial in folder.glob("*.partial"):
            if time.time() - partial.stat().st_mtime > SWEEP_AFTER_S:
                partial.unlink()


def _read(file: Path, rows: int) -> Vectors | None:
    """The numbers, or None where the file is missing or does not hold so many rows."""
    if not rows:
        return None
    try:
        data = read_bounded(file, _HEADER_BYTES + rows * _LONGEST_ROW * _NUMBER_BYTES)
    except (FileNotFoundError, FileError):
        return None
    # The header is not believed, for a damaged one may claim anything: it must be the one that belongs there.
    columns = (len(data) - _HEADER_BYTES) // (rows * _NUMBER_BYTES)
    header = _header(rows, columns)
    if not data.startswith(header) or len(data) != len(header) + rows * columns * _NUMBER_BYTES:
        return None
    numbers: Vectors = (
        np.frombuffer(data, "<f4", offset=len(header)).reshape(rows, columns).astype(np.float32)
    )
    return numbers


def _header(rows: int, columns: int) -> bytes:
    """How `np.save` begins a file of that shape."""
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        header, {"descr": "<f4", "fortran_order": False, "shape": (rows, columns)}
    )
    return header.getvalue()


def _write(file: Path, numbers: Vectors) -> None:
    """Whole or not at all: a reader beside it sees the old file or the new one."""
    make_private_folder(file.parent)
    # A name of its own, readable by the owner alone, for each process that writes the same vectors.
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=file.stem[:16], suffix=".partial")
    partial = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            np.save(stream, numbers, allow_pickle=False)
        partial.replace(file)
    finally:
        partial.unlink(missing_ok=True)
