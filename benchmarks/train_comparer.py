"""Train the network that compares a clause with right and wrong wordings, token by token.

    python -m benchmarks.train_comparer models/comparer.safetensors

It learns from the spoken answers beside the rubrics (rubrics/spoken) and the rubrics' own wordings: each
line, and each window that the judge would cut from its answer, beside the wordings nearest to it that stand
in no answer near its own, and whether it states the point, contradicts it or does neither. The encoder does
not learn. A twelfth of the answers and of the wordings is left out; what the network reaches on these is
printed, and stands in models/README.md.
Twenty-five minutes on two cores; the same seed gives the same network on one machine and its versions.
"""

import argparse
import os
import random
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import accumulate
from pathlib import Path

import numpy as np
import numpy.typing as npt

# Before torch: threads that spin while they wait for one another take the cores from those they wait for.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
import torch
from safetensors.torch import save_file
from sklearn.metrics import roc_auc_score
from torch.nn import functional

from benchmarks.training.left_out import leaves_out_answer, leaves_out_wording
from benchmarks.training.topics import misheard, spoken_answers
from voicecoach.config import Settings, find_paths
from voicecoach.content.model import Bank, Point, Question
from voicecoach.content.spoken import Line, SpokenAnswer
from voicecoach.embedding.alignment import Alignment, Batch, batch_of
from voicecoach.embedding.comparer import pairs_of
from voicecoach.embedding.embedder import TokenVectors
from voicecoach.embedding.minilm import DIMENSIONS, TOGETHER, MiniLmEmbedder
from voicecoach.embedding.minilm_comparer import EMBEDDER, MiniLmComparer
from voicecoach.practice.typed import transcript_of
from voicecoach.scoring.clauses import split_clauses, windows
from voicecoach.scoring.close_reading import WORDINGS_A_SIDE, Comparison, is_read
from voicecoach.scoring.evidence import Reading
from voicecoach.scoring.text import for_embedding
from voicecoach.wiring import assemble

STATES, CONTRADICTS, NEITHER = (
    [each.name for each in fields(Reading)].index(name) for name in ("states", "contradicts", "neither")
)

STEPS = 1000
A_STEP = {STATES: 70, CONTRADICTS: 70, NEITHER: 52}
RATE = 1.5e-3
SMOOTHED = 0.03
MISHEARD = 0.5
"""Share of the texts that are learned as a recogniser might have them."""
JITTERED = 0.4
"""How often the wordings beside a text are not the nearest."""
HELD, HARDLY_HELD = 0.8, 0.2
"""A window says what the lines say of which it holds at least the larger share of the words, and nothing of
what those say of which it holds at most the smaller one; of the points of lines between nothing is known."""
NEIGHBOURS = 2
"""Answers so near to a line's own hold its mirror: their lines are not set beside it."""
DRAWN_FROM = 6
"""So many wordings of each side, the nearest; of them WORDINGS_A_SIDE are drawn now and then."""
OTHER_POINTS = 2
"""Of the points that a line does not touch, so many, the nearest, are shown as neither."""

Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Heard:
    """A line, or a window cut from an answer, with the points that it does something to.

    Attributes:
        text: As it is embedded.
        answer: Index of its answer.
        states: Ids of the points that it states.
        denies: Ids of those that it contradicts.
        unsure: Ids of those of which it is not known what it does to them.
        is_line: Whether it is one line.
    """

    text: str
    answer: int
    states: frozenset[str]
    denies: frozenset[str]
    unsure: frozenset[str]
    is_line: bool


@dataclass(frozen=True, slots=True)
class Example:
    """A text, the wordings nearest to it on either side of a point, and what it does."""

    text: str
    rights: tuple[str, ...]
    wrongs: tuple[str, ...]
    outcome: int


@dataclass(frozen=True, slots=True, eq=False)
class _Side:
    """Wordings of one side of a point, each with the number of its answer, -1 where the rubric has it."""

    texts: list[str]
    answers: npt.NDArray[np.int64]
    vectors: Vectors

    def near(self, vector: Vectors, answer: int | None, but: str = "") -> tuple[tuple[str, ...], float]:
        """The nearest, and the cosine to the first; those of answers near this one do not count."""
        if not self.texts:
            return (), -1.0
        cosines = self.vectors @ vector
        if answer is not None:
            beside = (self.answers >= 0) & (np.abs(self.answers - answer) <= NEIGHBOURS)
            cosines = np.where(beside, -2.0, cosines)
        order = [
            i for i in np.argsort(-cosines)[: DRAWN_FROM + 1] if cosines[i] > -1 and self.texts[i] != but
        ]
        return tuple(self.texts[i] for i in order[:DRAWN_FROM]), float(cosines[order[0]]) if order else -1.0


_Sides = tuple[_Side, _Side]
"""Of a point: what says it, what contradicts it."""


class Encoder:
    """Vectors and tokens of texts, each embedded once.

    Args:
        embedder: The judge's.
    """

    def __init__(self, embedder: MiniLmEmbedder) -> None:
        self._embedder = embedder
        self.vectors: dict[str, Vectors] = {}
        self.tokens: dict[str, TokenVectors] = {}

    def read(self, texts: Sequence[str]) -> None:
        """Embed what is new."""
        new = [text for text in dict.fromkeys(texts) if text not in self.tokens]
        for first in range(0, len(new), TOGETHER):
            some = new[first : first + TOGETHER]
            self.vectors.update(zip(some, self._embedder.encode(some), strict=True))
            self.tokens.update(zip(some, self._embedder.tokens(some), strict=True))

    def of(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts that were read."""
        return np.array([self.vectors[text] for text in texts], np.float32).reshape(-1, DIMENSIONS)


def heard_in(answer: SpokenAnswer, number: int) -> list[Heard]:
    """The lines of an answer, and the windows of it that the judge reads closely."""
    found = [_heard(line.text, number, [line], [], is_line=True) for line in answer.lines]
    lines = [index for index, line in enumerate(answer.lines) for _ in line.text.split()]
    words_of = Counter(lines)
    clauses = split_clauses(transcript_of(" ".join(line.text for line in answer.lines), None), ())
    starts = [0, *accumulate(clause.words for clause in clauses)]
    for window in windows(clauses):
        if is_read(window):
            shares = {
                index: count / words_of[index]
                for index, count in Counter(lines[starts[window.first] : starts[window.last + 1]]).items()
            }
            held = [answer.lines[index] for index, share in shares.items() if share >= HELD]
            partly = [answer.lines[index] for index, share in shares.items() if HARDLY_HELD < share < HELD]
            found.append(_heard(window.text, number, held, partly, is_line=False))
    return list({each.text: each for each in reversed(found)}.values())


def _heard(text: str, number: int, held: Sequence[Line], partly: Sequence[Line], *, is_line: bool) -> Heard:
    states, denies, touches = (
        frozenset[str]().union(*(getattr(line, name) for line in held))
        for name in ("states", "denies", "touches")
    )
    unsure = (states & denies) | touches.union(*(line.points for line in partly))
    return Heard(for_embedding(text), number, states - unsure, denies - unsure, unsure, is_line)


def examples_of(
    question: Question, answers: Sequence[SpokenAnswer], encoder: Encoder
) -> tuple[list[Example], list[Example]]:
    """What there is to learn from one question, and the lines left out."""
    heard = [each for number, answer in enumerate(answers) for each in heard_in(answer, number)]
    encoder.read([each.text for each in heard])
    kept = [each for each in heard if not leaves_out_answer(question.id, each.answer)]
    left = [each for each in heard if leaves_out_answer(question.id, each.answer) and each.is_line]
    points = {
        point.id: (
            _side(_written(point)[0], [e for e in kept if e.states == {point.id}], encoder),
            _side(_written(point)[1], [e for e in kept if e.denies == {point.id}], encoder),
        )
        for point in question.points
    }
    learned = [example for each in kept for example in _of_heard(each, points, encoder)]
    seen = [example for each in left for example in _of_heard(each, points, encoder)]
    for point in question.points:
        for outcome, texts in enumerate(_written(point)):
            encoder.read(texts)
            for text in texts:
                example = _example(text, None, points[point.id], encoder, outcome)
                (seen if leaves_out_wording(text) else learned).append(example)
    return learned, [example for example in seen if example.outcome != NEITHER]


def _written(point: Point) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The rubric's own wordings of a point, and of what contradicts it."""
    return point.phrasings, tuple(text for wrong in point.contrasts for text in wrong.phrasings)


def _side(written: Sequence[str], heard: Sequence[Heard], encoder: Encoder) -> _Side:
    """The rubric's own wordings that are learned from, and the lines that say one point only."""
    written = [text for text in written if not leaves_out_wording(text)]
    said = [each for each in heard if each.is_line and len(each.states | each.denies | each.unsure) == 1]
    texts = [*written, *(each.text for each in said)]
    encoder.read(texts)
    answers = [-1] * len(written) + [each.answer for each in said]
    return _Side(texts, np.array(answers, np.int64), encoder.of(texts))


def _of_heard(heard: Heard, points: Mapping[str, _Sides], encoder: Encoder) -> list[Example]:
    def beside(point: str, outcome: int) -> Example:
        return _example(heard.text, heard.answer, points[point], encoder, outcome)

    vector = encoder.vectors[heard.text]
    others = {
        point: max(side.near(vector, heard.answer)[1] for side in sides)
        for point, sides in points.items()
        if point not in heard.states | heard.denies | heard.unsure
    }
    nearest = sorted(others, key=lambda point: -others[point])[:OTHER_POINTS]
    return [
        *(beside(point, STATES) for point in sorted(heard.states)),
        *(beside(point, CONTRADICTS) for point in sorted(heard.denies)),
        *(beside(point, NEITHER) for point in nearest),
    ]


def _example(text: str, number: int | None, sides: _Sides, encoder: Encoder, outcome: int) -> Example:
    rights, wrongs = (side.near(encoder.vectors[text], number, text)[0] for side in sides)
    return Example(text, rights, wrongs, outcome)


class Trainer:
    """One run.

    Args:
        bank: The questions.
    """

    def __init__(self, bank: Bank) -> None:
        self._random = random.Random(0)  # noqa: S311 - no secret
        self._embedder = MiniLmEmbedder()
        self._encoder = Encoder(self._embedder)
        answers = spoken_answers(bank)
        self._learned: dict[int, list[Example]] = {outcome: [] for outcome in A_STEP}
        self._left: list[tuple[Question, Example]] = []
        for question in bank.questions:
            own = [answer for answer in answers if answer.question == question.id]
            learned, left = examples_of(question, own, self._encoder)
            for example in learned:
                self._learned[example.outcome].append(example)
            self._left += [(question, example) for example in left]
        vocabulary = sorted({word for text in self._encoder.tokens for word in text.split()})
        texts = sorted({each.text for examples in self._learned.values() for each in examples})
        self._misheard = {
            text: for_embedding(misheard(text, self._random, vocabulary))
            for text in self._random.sample(texts, round(MISHEARD * len(texts)))
        }
        self._encoder.read(list(self._misheard.values()))
        torch.manual_seed(0)
        self._network = Alignment()
        print({outcome: len(examples) for outcome, examples in self._learned.items()}, "examples", flush=True)

    def run(self, steps: int, file: Path) -> None:
        """Learn, and write the network, half precision."""
        optimizer = torch.optim.AdamW(self._network.parameters(), lr=RATE, weight_decay=0.02)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps, pct_start=0.1)
        started, losses = time.monotonic(), []
        for step in range(steps):
            drawn = [each for outcome, size in A_STEP.items() for each in self._drawn(outcome, size)]
            logits = self._network(self._batch(drawn))
            wanted = torch.tensor([each.outcome for each in drawn])
            loss = functional.cross_entropy(logits, wanted, label_smoothing=SMOOTHED)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(self._network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            losses.append(loss.item())
            if step % 50 == 49:
                seconds = time.monotonic() - started
                print(f"step {step + 1}: loss {np.mean(losses[-50:]):.3f}, {seconds:.0f} s", flush=True)
        weights = {name: value.half() for name, value in self._network.state_dict().items()}
        save_file(weights, file, {EMBEDDER: self._embedder.name})

    def report(self, file: Path) -> None:
        """Print how well a network tells contradicting texts from stating ones among those left out."""
        comparer = MiniLmComparer(self._embedder, file)
        for name, is_definition in (("definitions", True), ("long answers", False)):
            left = [each for question, each in self._left if question.is_definition == is_definition]
            if not left:
                continue
            found = comparer.compare(
                [
                    Comparison(each.text, each.rights[:WORDINGS_A_SIDE], each.wrongs[:WORDINGS_A_SIDE])
                    for each in left
                ]
            )
            is_wrong = [each.outcome == CONTRADICTS for each in left]
            by_reading = roc_auc_score(is_wrong, [reading.contradiction for reading in found])
            by_nearness = roc_auc_score(is_wrong, [self._nearer_to_wrong(each) for each in left])
            print(
                f"{name}: {len(left)} texts left out, AUC of contradicting against stating {by_reading:.3f}, "
                f"by nearness to the nearest wordings {by_nearness:.3f}"
            )

    def _nearer_to_wrong(self, example: Example) -> float:
        vector = self._encoder.vectors[example.text]
        right, wrong = (
            max((float(row @ vector) for row in self._encoder.of(texts)), default=-1.0)
            for texts in (example.rights, example.wrongs)
        )
        return wrong - right

    def _drawn(self, outcome: int, size: int) -> list[Example]:
        examples = self._learned[outcome]
        return self._random.sample(examples, min(size, len(examples)))

    def _batch(self, examples: Sequence[Example]) -> Batch:
        def drawn(near: tuple[str, ...]) -> tuple[str, ...]:
            if self._random.random() < JITTERED:
                return tuple(self._random.sample(near, min(WORDINGS_A_SIDE, len(near))))
            return near[:WORDINGS_A_SIDE]

        compared = [
            Comparison(self._misheard.get(each.text, each.text), drawn(each.rights), drawn(each.wrongs))
            for each in examples
        ]
        wordings, pairs = pairs_of(compared)
        tokens = self._encoder.tokens
        return batch_of([tokens[each.text] for each in compared], [tokens[text] for text in wordings], pairs)


def main() -> None:
    """Train and write the file."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path, help="the network to write")
    given = parser.parse_args()
    trainer = Trainer(assemble(Settings(), find_paths()).bank)
    trainer.run(STEPS, given.file)
    trainer.report(given.file)


if __name__ == "__main__":
    main()
