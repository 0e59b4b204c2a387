"""The network that reads a clause beside right and wrong wordings, token by token.

Each token of one text is set beside the tokens of the other that it aligns with, and what differs is
compared: decomposable attention (Parikh et al. 2016) with the comparison of ESIM (Chen et al. 2017), over
tokens of the frozen sentence encoder. One swapped word moves a sentence's vector little; here it is one token
without a partner. Imports torch, so it is imported itself only once a model is loaded.
"""

from collections.abc import Sequence
from dataclasses import fields
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from voicecoach.embedding.embedder import TokenVectors
from voicecoach.embedding.minilm import DIMENSIONS
from voicecoach.scoring.evidence import Reading

IN_CONTEXT = DIMENSIONS
"""Numbers that the encoder gives a token, of length 1; as many follow for its word alone."""
TOKEN = 2 * IN_CONTEXT
OUTCOMES = len(fields(Reading))
"""States the point, contradicts it, does neither."""

_HIDDEN, _KEYS = 128, 64
_DROPPED = 0.2
_NEVER = -1e4


class Batch(NamedTuple):
    """Clauses and the wordings that they are compared with.

    Attributes:
        clauses: Shape (clauses, tokens, TOKEN), padded.
        clause_mask: Where a clause has a token, shape (clauses, tokens).
        wordings: Shape (wordings, tokens, TOKEN), padded.
        wording_mask: Where a wording has a token.
        clause: Per pair the index of its clause.
        wording: Per pair the index of its wording.
        is_wrong: Per pair whether the wording is wrong.
    """

    clauses: Tensor
    clause_mask: Tensor
    wordings: Tensor
    wording_mask: Tensor
    clause: Tensor
    wording: Tensor
    is_wrong: Tensor


def batch_of(
    clauses: Sequence[TokenVectors],
    wordings: Sequence[TokenVectors],
    pairs: Sequence[tuple[int, int, bool]],
) -> Batch:
    """Padded tensors.

    Args:
        clauses: The tokens of each clause.
        wordings: The tokens of each wording.
        pairs: Index of a clause, index of a wording, and whether the wording is wrong.
    """
    clause, wording, is_wrong = zip(*pairs, strict=True) if pairs else ((), (), ())
    return Batch(
        *_padded(clauses),
        *_padded(wordings),
        torch.tensor(clause, dtype=torch.long),
        torch.tensor(wording, dtype=torch.long),
        torch.tensor(is_wrong, dtype=torch.bool),
    )


class Alignment(nn.Module):  # type: ignore[misc]  # mypy does not follow torch
    """Logits of OUTCOMES for each clause of a batch."""

    def __init__(self) -> None:
        super().__init__()
        self.project = nn.Linear(TOKEN, _HIDDEN)
        self.key = nn.Linear(TOKEN, _KEYS, bias=False)
        self.sharpness = nn.Parameter(torch.tensor(8.0))
        self.key_weight = nn.Parameter(torch.tensor(1.0))
        self.compare = _layer(4 * _HIDDEN + 1)
        self.pair = _layer(4 * _HIDDEN + 3)
        self.judge = nn.Sequential(_layer(4 * _HIDDEN + 6), nn.Linear(_HIDDEN, OUTCOMES))

    def forward(self, batch: Batch) -> Tensor:
        """Logits, shape (clauses, OUTCOMES)."""
        ours = [part[batch.clause] for part in self._parts(batch.clauses)]
        theirs = [part[batch.wording] for part in self._parts(batch.wordings)]
        mask, their_mask = batch.clause_mask[batch.clause], batch.wording_mask[batch.wording]
        meaning = ours[0] @ theirs[0].transpose(1, 2)
        words = ours[1] @ theirs[1].transpose(1, 2)
        keys = ours[3] @ theirs[3].transpose(1, 2) / _KEYS**0.5
        alignment = self.sharpness * (meaning + words) + self.key_weight * keys
        to_them = torch.softmax(alignment.masked_fill(~their_mask[:, None, :], _NEVER), 2)
        to_us = torch.softmax(alignment.masked_fill(~mask[:, :, None], _NEVER), 1).transpose(1, 2)
        found = words.masked_fill(~their_mask[:, None, :], -1).amax(2)
        their_found = words.masked_fill(~mask[:, :, None], -1).amax(1)
        ours_seen = self._compared(ours[2], to_them @ theirs[2], found, mask)
        theirs_seen = self._compared(theirs[2], to_us @ ours[2], their_found, their_mask)
        shared, their_shared = _mean(found[:, :, None], mask), _mean(their_found[:, :, None], their_mask)
        cosine = functional.cosine_similarity(_mean(ours[0], mask), _mean(theirs[0], their_mask))[:, None]
        pair = self.pair(torch.cat([*ours_seen, *theirs_seen, shared, their_shared, cosine], 1))
        return self.judge(self._both_sides(batch, pair, cosine, shared + their_shared))

    def _parts(self, tokens: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        return tokens[:, :, :IN_CONTEXT], tokens[:, :, IN_CONTEXT:], self.project(tokens), self.key(tokens)

    def _compared(
        self, tokens: Tensor, partners: Tensor, found: Tensor, mask: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Mean and maximum over a text's tokens of how each differs from its partner."""
        told = torch.cat([tokens, partners, tokens - partners, tokens * partners, found[:, :, None]], 2)
        seen = self.compare(told).masked_fill(~mask[:, :, None], 0)
        return _mean(seen, mask), seen.amax(1)

    def _both_sides(self, batch: Batch, pair: Tensor, cosine: Tensor, shared: Tensor) -> Tensor:
        """What the right wordings and the wrong ones say of each clause, side by side."""
        count = len(batch.clauses)
        seen, nearest = [], []
        for side in (~batch.is_wrong, batch.is_wrong):
            chosen = side.nonzero()[:, 0]
            clause = batch.clause[chosen]
            pairs = torch.zeros(count, 1).index_add(0, clause, torch.ones(len(chosen), 1))
            total = torch.zeros(count, _HIDDEN).index_add(0, clause, pair[chosen])
            # What `pair` gives is never below zero, so that zero stands for a side without wordings.
            columns = clause[:, None].expand(-1, _HIDDEN)
            most = torch.zeros(count, _HIDDEN).scatter_reduce(0, columns, pair[chosen], "amax")
            seen += [total / pairs.clamp(min=1), most]
            nearest += [_most(count, clause, cosine[chosen]), _most(count, clause, shared[chosen])]
        right, right_shared, wrong, wrong_shared = nearest
        return torch.cat([*seen, *nearest, right - wrong, right_shared - wrong_shared], 1)


def _layer(inputs: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(inputs, _HIDDEN), nn.ReLU(), nn.Dropout(_DROPPED))


def _mean(values: Tensor, mask: Tensor) -> Tensor:
    """Over the tokens that are there."""
    told: Tensor = (values * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True)
    return told


def _most(count: int, clause: Tensor, values: Tensor) -> Tensor:
    return torch.full((count, 1), -1.0).scatter_reduce(0, clause[:, None], values, "amax")


def _padded(texts: Sequence[TokenVectors]) -> tuple[Tensor, Tensor]:
    tokens = torch.zeros(len(texts), max(map(len, texts), default=1), TOKEN)
    mask = torch.zeros(tokens.shape[:2], dtype=torch.bool)
    for row, text in enumerate(texts):
        tokens[row, : len(text)] = torch.from_numpy(text.astype(np.float32))
        mask[row, : len(text)] = True
    return tokens, mask
