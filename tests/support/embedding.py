"""MiniLM for the many homes of one process: loaded once, and each text embedded once."""

from collections.abc import Sequence
from functools import cache

import numpy as np

from voicecoach.embedding.embedder import Vectors
from voicecoach.embedding.minilm import MiniLmEmbedder


class RememberingMiniLm(MiniLmEmbedder):
    """The one that ships, which keeps every vector: an empty home's rubrics need no model a second time."""

    def __init__(self) -> None:
        super().__init__()
        self._known: dict[str, Vectors] = {}

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of the texts."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        self._known.update(zip(new, super().encode(new), strict=True))
        return np.stack([self._known[text] for text in texts]) if texts else super().encode(texts)


@cache
def remembering_minilm() -> RememberingMiniLm:
    """That of this process."""
    return RememberingMiniLm()
