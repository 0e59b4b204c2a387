"""Clauses compared with right and wrong wordings by a small network over MiniLM's tokens."""

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from voicecoach.embedding.comparer import pairs_of
from voicecoach.embedding.embedder import TokenVectors
from voicecoach.embedding.minilm import sha256_of, shipped_file
from voicecoach.errors import EngineError, ModelError
from voicecoach.scoring.close_reading import Comparison
from voicecoach.scoring.evidence import Reading

if TYPE_CHECKING:
    from voicecoach.embedding.alignment import Alignment

COMPARER = "comparer.safetensors"
"""In models/ of a checkout, and in the package of an installed program."""

EMBEDDER = "embedder"
"""Key of the file's metadata: the name of the embedder whose tokens the network reads."""

_TOGETHER = 16
"""Comparisons read at once."""


class TokenEmbedder(Protocol):
    """Gives a text's tokens."""

    @property
    def name(self) -> str:
        """Identifies the weights."""
        ...

    def tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """The tokens of each text.

        Raises:
            EngineError: The model cannot be loaded or run.
        """
        ...


class MiniLmComparer:
    """The network that ships. Loaded at the first `compare`; threads take turns.

    Args:
        embedder: Gives the tokens.
        file: The network's weights; None for those that ship.
    """

    def __init__(self, embedder: TokenEmbedder, file: Path | None = None) -> None:
        self._embedder = embedder
        self._file = file or shipped_file(COMPARER)
        self._sha256: str | None = None
        self._network: Alignment | None = None
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """The embedder, and the start of the sha256 of the network's weights.

        Raises:
            ModelError: The network or the embedder's adapter cannot be read.
        """
        if self._sha256 is None:
            self._sha256 = sha256_of(self._file)
        return f"{self._embedder.name}>{self._sha256[:12]}"

    def load(self) -> None:
        """Load the network, and the embedder's model.

        Raises:
            ModelError: As `compare`.
            EngineError: As `compare`.
        """
        self._embedder.tokens(["Ready."])
        with self._lock:
            self._loaded()

    def compare(self, comparisons: Sequence[Comparison]) -> tuple[Reading, ...]:
        """What each text does to its point.

        Raises:
            ModelError: The network or the embedder's model is missing or damaged.
            EngineError: They cannot be loaded or run.
        """
        readings: list[Reading] = []
        for first in range(0, len(comparisons), _TOGETHER):
            readings += self._read(comparisons[first : first + _TOGETHER])
        return tuple(readings)

    def _read(self, comparisons: Sequence[Comparison]) -> list[Reading]:
        wordings, pairs = pairs_of(comparisons)
        clauses = self._embedder.tokens([each.text for each in comparisons])
        known = self._embedder.tokens(wordings)
        with self._lock:
            import torch  # noqa: PLC0415 - seconds and 500 MB, loaded by the embedder already

            from voicecoach.embedding.alignment import batch_of  # noqa: PLC0415 - torch

            network = self._loaded()
            try:
                with torch.inference_mode():
                    logits = network(batch_of(clauses, known, pairs))
                    rows = torch.log_softmax(logits, 1).tolist()
            except RuntimeError as error:
                raise EngineError(f"The comparer failed: {' '.join(str(error).split())}.") from error
        return [Reading(*row) for row in rows]

    def _loaded(self) -> "Alignment":
        if self._network is None:
            self._network = _load(self._file, self._embedder.name)
        return self._network


def _load(file: Path, embedder: str) -> "Alignment":
    from safetensors import SafetensorError, safe_open  # noqa: PLC0415 - torch

    from voicecoach.embedding.alignment import Alignment  # noqa: PLC0415 - torch

    network = Alignment()
    try:
        with safe_open(file, framework="pt") as opened:
            learned_on = (opened.metadata() or {}).get(EMBEDDER)
            weights = {name: opened.get_tensor(name).float() for name in opened.keys()}  # noqa: SIM118
        network.load_state_dict(weights)
    except (OSError, SafetensorError, RuntimeError) as error:
        told = " ".join(str(error).split())
        raise ModelError(
            f"{file}: the network cannot be used: {told}.", "Install voicecoach again."
        ) from error
    if learned_on != embedder:
        raise ModelError(
            f"{file}: the network reads the tokens of {learned_on}, and these are {embedder}'s.",
            "Install voicecoach again.",
        )
    network.eval()
    return network
