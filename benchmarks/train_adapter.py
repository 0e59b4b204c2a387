"""Train the adapter that makes MiniLM hear what the bank's statements share and what sets them apart.

    python -m benchmarks.train_adapter models/rubric-adapter.safetensors

Contrastive learning on the bank's own texts: two wordings of one point, or of one wrong statement, come
closer; wordings of other points, and of the statement that mirrors it, move apart. Only low-rank updates
of the encoder's matrices are learned (LoRA, Hu et al. 2021), so that what MiniLM knows stays and the
file stays small. Questions of the development answers are left out: those answers then measure the
adapter on questions it has never seen.
About twenty minutes on two cores; the same seed gives the same adapter on the same machine and versions.
"""

import argparse
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from benchmarks.labelled import labelled_questions
from benchmarks.low_rank import LowRankUpdate
from voicecoach.config import Settings, find_paths
from voicecoach.content.model import Bank
from voicecoach.embedding.minilm import load_base
from voicecoach.wiring import assemble

RANK = 16
STEPS = 800
WARM_UP = 20
SCALE = 20.0
"""Inverse temperature of the softmax over cosines, as sentence-transformers' ranking loss has it."""
QUESTIONS_A_BATCH, STATEMENTS_A_QUESTION = 6, 6
KEPT = 0.6
"""Share of the update that is kept: weights between the old and the new ones serve unseen questions better
than either (Wortsman et al. 2022). 0.5, 0.6, 0.75 and 1 were tried on the labelled answers."""
NEAREST_OPPOSITE = 0.6
"""How often the hard negative is the most similar of six, and not any, of the opposite statements."""
MAY_BE_TRUE = 0.6
"""A text of another question this near may say the same: it is no negative."""
LONGEST = 48
"""Tokens; longer texts are cut."""

Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Statement:
    """A point, or one of its contrasts (counted from 0); -1 stands for the point itself."""

    question: str
    point: str
    contrast: int


def statements(bank: Bank, left_out: set[str]) -> dict[Statement, tuple[str, ...]]:
    """Every statement with its wordings, those of questions in `left_out` aside."""
    found: dict[Statement, tuple[str, ...]] = {}
    for question in bank.questions:
        if question.id in left_out:
            continue
        for point in question.points:
            found[Statement(question.id, point.id, -1)] = point.phrasings
            for index, contrast in enumerate(point.contrasts):
                found[Statement(question.id, point.id, index)] = contrast.phrasings
    return {statement: texts for statement, texts in found.items() if len(texts) > 1}


def opposites(wordings: dict[Statement, tuple[str, ...]]) -> dict[Statement, list[str]]:
    """Per statement the wordings of what contradicts it: a point's contrasts, a contrast's point."""
    sides: dict[tuple[str, str, bool], list[str]] = defaultdict(list)
    for statement, texts in wordings.items():
        sides[statement.question, statement.point, statement.contrast < 0] += texts
    return {s: sides[s.question, s.point, s.contrast >= 0] for s in wordings}


class Trainer:
    """One run.

    Args:
        model: MiniLM, as sentence-transformers loads it.
        wordings: What to learn from.
    """

    def __init__(self, model: Any, wordings: dict[Statement, tuple[str, ...]]) -> None:
        self._model = model
        self._wordings = wordings
        self._opposites = opposites(wordings)
        self._of_question: dict[str, list[Statement]] = defaultdict(list)
        for statement in wordings:
            self._of_question[statement.question].append(statement)
        texts = sorted({text for each in wordings.values() for text in each})
        before = model.encode(texts, normalize_embeddings=True, batch_size=64, show_progress_bar=False)
        self._before = dict(zip(texts, before, strict=True))
        self._random = random.Random(0)  # noqa: S311 - no secret
        self._update = LowRankUpdate(model, RANK)

    def run(self, file: Path) -> None:
        """Learn, and write the update."""
        self._update.learn(lambda _step: self._loss(), STEPS, WARM_UP)
        self._update.save(file, KEPT)

    def _loss(self) -> torch.Tensor:
        anchors = self._draw()
        pairs = [self._random.sample(self._wordings[s], 2) for s in anchors]
        negatives = [(s, self._opposite(s, pair[0])) for s, pair in zip(anchors, pairs, strict=True)]
        against = [(s, text) for s, text in negatives if text is not None]
        candidates = [(s, pair[1]) for s, pair in zip(anchors, pairs, strict=True)]
        said = [pair[0] for pair in pairs]
        listed = [text for _, text in (*candidates, *against)]
        vectors = self._encode([*said, *listed])
        logits = SCALE * vectors[: len(said)] @ vectors[len(said) :].T
        owners = [s.question for s, _ in (*candidates, *against)]
        logits = logits.masked_fill(torch.from_numpy(self._unsure(anchors, said, owners, listed)), -1e4)
        return nn.functional.cross_entropy(logits, torch.arange(len(said)))

    def _draw(self) -> list[Statement]:
        chosen = self._random.sample(sorted(self._of_question), QUESTIONS_A_BATCH)
        return [
            statement
            for question in chosen
            for statement in self._random.sample(
                self._of_question[question], min(STATEMENTS_A_QUESTION, len(self._of_question[question]))
            )
        ]

    def _opposite(self, statement: Statement, said: str) -> str | None:
        texts = self._opposites[statement]
        if not texts:
            return None
        if self._random.random() >= NEAREST_OPPOSITE:
            return self._random.choice(texts)
        few = self._random.sample(texts, min(6, len(texts)))
        return max(few, key=lambda text: float(self._before[text] @ self._before[said]))

    def _unsure(
        self, anchors: Sequence[Statement], said: Sequence[str], owners: Sequence[str], listed: Sequence[str]
    ) -> npt.NDArray[np.bool_]:
        """Which candidates may say what an anchor says though they belong to another question."""
        near = np.stack([self._before[t] for t in said]) @ np.stack([self._before[t] for t in listed]).T
        foreign = np.array([[s.question != owner for owner in owners] for s in anchors])
        unsure: npt.NDArray[np.bool_] = foreign & (near > MAY_BE_TRUE)
        return unsure

    def _encode(self, texts: list[str]) -> torch.Tensor:
        tokens = self._model.tokenizer(
            texts, padding=True, truncation=True, max_length=LONGEST, return_tensors="pt"
        )
        return nn.functional.normalize(self._model(dict(tokens))["sentence_embedding"], dim=1)


def main() -> None:
    """Train and write the file."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path, help="the adapter to write")
    file = parser.parse_args().file
    bank = assemble(Settings(), find_paths()).bank
    wordings = statements(bank, labelled_questions("development"))
    print(f"{sum(map(len, wordings.values()))} texts of {len(wordings)} statements", flush=True)
    Trainer(load_base(), wordings).run(file)


if __name__ == "__main__":
    main()
