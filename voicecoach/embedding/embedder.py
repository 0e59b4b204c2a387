"""What every embedder does."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from voicecoach.scoring.recall import WordVectors

Vectors = npt.NDArray[np.float32]
"""Unit rows, shape (texts, dimensions)."""

TokenVectors = npt.NDArray[np.float16]
"""A text's tokens, a row each: twice a sentence's dimensions, the vector in context and that of the word."""


class Embedder(Protocol):
    """Sentences to unit vectors."""

    @property
    def name(self) -> str:
        """Identifies the weights: vectors of two names are not comparable."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of the texts, float32, shape (len(texts), d), rows of length 1.

        Raises:
            EngineError: The model cannot be loaded or run.
        """
        ...


class WordEmbedder(Embedder, Protocol):
    """Also gives a text's words, each as what stands around it makes it."""

    def words(self, texts: Sequence[str]) -> list[WordVectors]:
        """The words of each text.

        Raises:
            EngineError: As `encode`.
        """
        ...
