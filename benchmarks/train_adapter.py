"""Train the judge's adapter on the bank, on spoken answers and on public sets.

    python -m benchmarks.train_adapter models/rubric-adapter.safetensors --public FOLDER

Supervised contrastive learning (Khosla et al. 2020): whatever states the same comes closer, be it a wording
of the rubric or a stretch of a spoken answer (rubrics/spoken); other points, remarks beside them, small
talk and the statements that contradict them move apart. What it reaches stands in models/README.md.
A quarter of an hour on two quiet cores; the same seed gives the same adapter on one machine and its versions.
"""

import argparse
import os
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

# Before torch: threads that spin while they wait for one another take the cores from those they wait for.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
import torch
from torch import nn

from benchmarks.labelled import labelled_questions
from benchmarks.low_rank import LowRankUpdate
from benchmarks.training.topics import Text, Topic, bank_topics, chatter, public_topics, spoken_answers
from voicecoach.config import Settings, find_paths
from voicecoach.embedding.minilm import load_base
from voicecoach.wiring import assemble

RANK = 32
STEPS = 850
WARM_UP = 30
SCALE = 20.0
"""Inverse temperature of the softmax over cosines, as sentence-transformers' ranking loss has it."""
TOPICS_A_STEP, TEXTS_A_TOPIC = 3, 32
PUBLIC_EVERY, PUBLIC_TEXTS = 2, 24
"""Every second step looks at a public topic, too."""
CHATTER_A_STEP = 8
MAY_BE_TRUE = 0.6
"""A wording of another question this near may say the same: it is no negative."""
LONGEST = 72
"""Tokens; longer texts are cut."""
TOGETHER, PADDED_TO = 24, 24
"""Texts encoded at once, and what their length is rounded up to: each new shape costs a kernel."""

Mask = npt.NDArray[np.bool_]
Batch = Sequence[tuple[str, Text]]
"""Texts, each with the id of its topic."""


class Trainer:
    """One run.

    Args:
        model: MiniLM, as sentence-transformers loads it.
        topics: Questions of the bank.
        public: Topics of public sets; none to learn from the bank alone.
    """

    def __init__(self, model: Any, topics: tuple[Topic, ...], public: tuple[Topic, ...]) -> None:
        self._model = model
        self._topics, self._public, self._chatter = topics, public, chatter()
        wordings = sorted({text for t in topics for texts in t.wordings.values() for text in texts})
        before = model.encode(wordings, normalize_embeddings=True, batch_size=64, show_progress_bar=False)
        self._before = dict(zip(wordings, before, strict=True))
        self._vocabulary = sorted({word for text in wordings for word in text.split()})
        self._random = random.Random(0)  # noqa: S311 - no secret
        self._update = LowRankUpdate(model, RANK)

    def run(self, steps: int, file: Path) -> None:
        """Learn, and write the update."""
        self._update.learn(lambda step: self._loss(self._draw(step)), steps, WARM_UP)
        self._update.save(file)

    def _draw(self, step: int) -> Batch:
        chosen = [(topic, TEXTS_A_TOPIC) for topic in self._random.sample(self._topics, TOPICS_A_STEP)]
        chosen.append((self._chatter, CHATTER_A_STEP))
        if self._public and step % PUBLIC_EVERY == 0:
            chosen.append((self._random.choice(self._public), PUBLIC_TEXTS))
        return [
            (topic.id, text)
            for topic, size in chosen
            for text in topic.draw(size, self._random, self._vocabulary)
        ]

    def _loss(self, batch: Batch) -> torch.Tensor:
        vectors = self._encode([text.text for _, text in batch])
        same, unknown = (torch.from_numpy(mask) for mask in self._masks(batch))
        logits = SCALE * vectors @ vectors.T
        against = torch.logsumexp(logits.masked_fill(same | unknown, -1e4), 1, keepdim=True)
        likelihood = logits - torch.logaddexp(logits, against)
        has = same.any(1)
        return -((likelihood * same).sum(1)[has] / same.sum(1)[has]).mean()

    def _masks(self, batch: Batch) -> tuple[Mask, Mask]:
        """Which pairs of texts state the same, and of which nothing is known; shape (texts, texts) each."""
        same = np.zeros((len(batch), len(batch)), bool)
        unknown = np.eye(len(batch), dtype=bool)
        for i, (topic, one) in enumerate(batch):
            for j, (other_topic, other) in enumerate(batch[:i]):
                if topic == other_topic:
                    alike = bool(one.states & other.states)
                    same[i, j] = same[j, i] = alike and _clear(one, other)
                    doubtful = alike or _doubtful(one, other) or _doubtful(other, one)
                    unknown[i, j] = unknown[j, i] = doubtful and not same[i, j]
                elif one.is_wording and other.is_wording:
                    unknown[i, j] = unknown[j, i] = self._near(one.text, other.text)
        return same, unknown

    def _near(self, one: str, other: str) -> bool:
        if one not in self._before or other not in self._before:
            return False
        return float(self._before[one] @ self._before[other]) > MAY_BE_TRUE

    def _encode(self, texts: list[str]) -> torch.Tensor:
        """Vectors, shape (texts, dimensions); texts of like length go together, so that little is padded."""
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        parts = [order[first : first + TOGETHER] for first in range(0, len(order), TOGETHER)]
        vectors = torch.cat([self._encode_few([texts[i] for i in part]) for part in parts])
        return vectors[torch.argsort(torch.tensor(order))]

    def _encode_few(self, texts: list[str]) -> torch.Tensor:
        tokens = self._model.tokenizer(
            texts,
            padding=True,
            truncation=True,
            max_length=LONGEST,
            pad_to_multiple_of=PADDED_TO,
            return_tensors="pt",
        )
        # bfloat16 halves the time where the processor has it; the weights stay in full precision.
        with torch.autocast("cpu", dtype=torch.bfloat16):
            states = self._model[0].auto_model(**tokens).last_hidden_state
        told = tokens["attention_mask"][:, :, None].float()
        return nn.functional.normalize((states.float() * told).sum(1) / told.sum(1), dim=1)


def _clear(one: Text, other: Text) -> bool:
    """Whether two texts with a common statement are meant to be near.

    One that says two things is near to a wording of either, not to every other text that says one of them.
    """
    return one.is_wording or other.is_wording or len(one.states) == len(other.states) == 1


def _doubtful(one: Text, other: Text) -> bool:
    return bool(one.unsure & other.unsure) or any(other.may_state(statement) for statement in one.states)


def main() -> None:
    """Train and write the file."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path, help="the adapter to write")
    parser.add_argument("--public", type=Path, help="folder with argkp.jsonl and the two of SemEval")
    parser.add_argument("--unseen", action="store_true", help="leave the labelled questions out")
    parser.add_argument("--steps", type=int, default=STEPS, help=f"{STEPS} unless told")
    given = parser.parse_args()
    bank = assemble(Settings(), find_paths()).bank
    model = load_base()

    def embed(texts: list[str]) -> npt.NDArray[np.float32]:
        return np.asarray(model.encode(texts, normalize_embeddings=True, show_progress_bar=False))

    left_out = labelled_questions("development", "test") if given.unseen else ()
    topics = bank_topics(bank, spoken_answers(bank), embed, left_out)
    public = public_topics(given.public) if given.public else ()
    lines = sum(len(run) for topic in topics for run in topic.answers)
    print(f"{len(topics)} questions, {lines} lines of answers, {len(public)} public topics", flush=True)
    Trainer(model, topics, public).run(given.steps, given.file)


if __name__ == "__main__":
    main()
