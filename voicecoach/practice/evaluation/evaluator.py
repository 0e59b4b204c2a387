"""Measures the judge on labelled answers, beside its baselines."""

import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from voicecoach.embedding.cache import VectorCache, VectorMemory
from voicecoach.embedding.embedder import Embedder
from voicecoach.practice.engines import Engines
from voicecoach.practice.evaluation.baselines import keyword_overlap, window_cosine
from voicecoach.practice.evaluation.errors import ErrorsBehind, errors_behind
from voicecoach.practice.evaluation.figures import GroupFigures, Share, flips, group_figures
from voicecoach.practice.evaluation.hearing import Resample, spoken_and_heard
from voicecoach.practice.evaluation.labelled import (
    LabelledAnswer,
    LabelledSet,
    ReadyAnswer,
    ready,
    shipped_set,
)
from voicecoach.practice.evaluation.noise import WORD_ERROR, misheard, vocabulary_of
from voicecoach.practice.evaluation.outcomes import Outcome, PointOutcome, outcome_of
from voicecoach.practice.reading import AnswerReader, Encode, read_rubric, reader_of, reader_of_bank
from voicecoach.practice.typed import transcript_of
from voicecoach.scoring.card import PointResult
from voicecoach.scoring.comparison import words_alike
from voicecoach.scoring.evidence import Rubric, answer_texts
from voicecoach.scoring.judge import judge
from voicecoach.scoring.text import tokens

USUAL_ANSWER_S = 90.0
"""The answer that is timed is the one whose length is nearest to this."""

TURNS = 5
"""How often it is timed; the median is told."""

SEED = 4
"""Of the word errors, and of which answers are spoken."""

Told = Callable[[int, int], None]
"""Takes how much is done, and how much there is."""

_SPOKEN_WORK = 20
"""What speaking and hearing one answer takes, beside embedding it."""


@dataclass(frozen=True, slots=True)
class Misheard:
    """Verdicts under random word errors.

    Attributes:
        word_error: Share of words.
        flipped: Point verdicts, covered or not, that differ.
    """

    word_error: float
    flipped: Share


@dataclass(frozen=True, slots=True)
class Heard:
    """Verdicts on answers that a voice speaks and a recogniser hears.

    Attributes:
        voice: Who speaks.
        recogniser: What hears it.
        answers: How many.
        words_alike: Share of words that are heard as they are said; the median answer's.
        flipped: Point verdicts, covered or not, that differ.
    """

    voice: str
    recogniser: str
    answers: int
    words_alike: float
    flipped: Share


@dataclass(frozen=True, slots=True)
class Times:
    """How long it takes to score the answer whose length is nearest to 90 s, models loaded.

    Attributes:
        answer: Its id.
        duration_s: Its length.
        judging_ms: With its vectors given.
        with_embedding_ms: From the transcript on.
    """

    answer: str
    duration_s: float
    judging_ms: float
    with_embedding_ms: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What was measured.

    Attributes:
        folder: Of the labelled answers.
        groups: The figures of each part of the set.
        misheard: Under random word errors.
        heard: Spoken and heard; None where that was not asked for.
        times: How long it takes.
        errors: The most telling ones behind each figure that has a target.
    """

    folder: Path
    groups: tuple[GroupFigures, ...]
    misheard: Misheard
    heard: Heard | None
    times: Times
    errors: tuple[ErrorsBehind, ...]


class Evaluator:
    """Judges labelled answers as the card would.

    Vectors of rubrics and of the checkout's own labelled answers are kept on disk; those of other answers
    are not, since someone may have said them.

    Args:
        engines: The embedder; for spoken answers the voice, the speech detector and the recogniser too.
        plain: The embedder as everybody has it, for a baseline.
        resample: Brings a voice's sound to the recogniser's rate.
    """

    def __init__(self, engines: Engines, plain: Embedder, resample: Resample) -> None:
        self._engines = engines
        self._plain = plain
        self._resample = resample
        self._rubrics: dict[str, Rubric] = {}

    def read(self, labelled: LabelledSet) -> tuple[ReadyAnswer, ...]:
        """Every answer with its vectors.

        Raises:
            EngineError: The embedder cannot be loaded or run.
        """
        reader = self._reader(labelled)
        return tuple(self._ready(answer, reader) for answer in labelled.answers)

    def measure(
        self, labelled: LabelledSet, spoken: int = 0, told: Told = lambda _done, _of: None
    ) -> Evaluation:
        """Every figure.

        Args:
            labelled: The answers.
            spoken: How many of them a voice speaks and a recogniser hears.
            told: Called as the work goes on.

        Raises:
            EngineError: An engine cannot be loaded or run.
        """
        chosen = self._chosen(labelled, spoken)
        work = 2 * len(labelled.answers) + _SPOKEN_WORK * len(chosen)
        reader, plain = self._reader(labelled), self._plain_encoder(labelled)
        read: list[ReadyAnswer] = []
        outcomes: list[Outcome] = []
        for each in labelled.answers:
            answer = self._ready(each, reader)
            read.append(answer)
            outcomes.append(
                outcome_of(answer, judge(answer.rubric, answer.answer), *_baselines(answer, plain))
            )
            told(len(read), work)
        before = [_covered(outcome.points) for outcome in outcomes]
        vocabulary = vocabulary_of(each.text for each in labelled.answers)
        after = []
        for answer in read:
            said = misheard(answer.text.split(), WORD_ERROR, vocabulary, f"{SEED} {answer.id}")
            transcript = transcript_of(" ".join(said), answer.duration_s)
            after.append(judge(answer.rubric, reader.read(answer.rubric, transcript)).points)
            told(len(read) + len(after), work)
        heard = None
        if chosen:
            hearing = [(read[i], before[i]) for i in chosen]
            heard = self._heard(hearing, lambda done: told(2 * len(read) + _SPOKEN_WORK * done, work))
        return Evaluation(
            folder=labelled.folder,
            groups=group_figures(outcomes),
            misheard=Misheard(WORD_ERROR, flips(before, [_covered(points) for points in after])),
            heard=heard,
            times=self._times(read),
            errors=errors_behind(outcomes, after),
        )

    def _reader(self, labelled: LabelledSet) -> AnswerReader:
        return reader_of_bank(self._engines) if _is_shipped(labelled) else reader_of(self._engines)

    def _plain_encoder(self, labelled: LabelledSet) -> Encode:
        if _is_shipped(labelled):
            return VectorCache(self._plain, self._engines.paths.vectors).encode
        return VectorMemory(self._plain).encode

    def _ready(self, labelled: LabelledAnswer, reader: AnswerReader) -> ReadyAnswer:
        question = labelled.question
        if question.id not in self._rubrics:
            self._rubrics[question.id] = read_rubric(question, self._engines.rubric_vectors)
        return ready(labelled, self._rubrics[question.id], reader)

    def _heard(
        self, hearing: Sequence[tuple[ReadyAnswer, tuple[bool, ...]]], told: Callable[[int], None]
    ) -> Heard:
        alike, after = [], []
        reader = reader_of(self._engines)
        for answer, _ in hearing:
            transcript, speech = spoken_and_heard(
                self._engines, self._resample, answer.text, answer.duration_s
            )
            alike.append(words_alike(tokens(answer.text), tokens(transcript.text)))
            heard = reader.read(answer.rubric, transcript, speech)
            after.append(_covered(judge(answer.rubric, heard).points))
            told(len(after))
        return Heard(
            voice=self._engines.voice().name,
            recogniser=self._engines.transcriber().info.name,
            answers=len(hearing),
            words_alike=statistics.median(alike),
            flipped=flips([before for _, before in hearing], after),
        )

    def _chosen(self, labelled: LabelledSet, spoken: int) -> list[int]:
        """Places of the answers that are spoken, some of every sort since they are drawn."""
        places = range(len(labelled.answers))
        chosen = Random(SEED)  # noqa: S311 - the same answers in every run, nothing is kept secret
        return sorted(chosen.sample(places, min(spoken, len(places))))

    def _times(self, read: Sequence[ReadyAnswer]) -> Times:
        answer = min(read, key=lambda each: abs(each.answer.transcript.duration_s - USUAL_ANSWER_S))
        transcript, reader = answer.answer.transcript, reader_of(self._engines)
        return Times(
            answer=answer.id,
            duration_s=transcript.duration_s,
            judging_ms=_median_ms(lambda: judge(answer.rubric, answer.answer)),
            with_embedding_ms=_median_ms(
                lambda: judge(answer.rubric, reader.read(answer.rubric, transcript))
            ),
        )


def _is_shipped(labelled: LabelledSet) -> bool:
    shipped = shipped_set()
    return shipped is not None and labelled.folder.resolve() == shipped


def _baselines(answer: ReadyAnswer, plain: Encode) -> tuple[list[float], list[float]]:
    """The scores of both baselines for each point."""
    windows = plain(answer_texts(answer.answer.clauses))
    points = answer.rubric.points
    overlap = [keyword_overlap(answer.answer, point) for point in points]
    return overlap, [window_cosine(windows, plain(point.texts)) for point in points]


def _covered(points: Iterable[PointResult] | Iterable[PointOutcome]) -> tuple[bool, ...]:
    return tuple(point.state == "covered" for point in points)


def _median_ms(call: Callable[[], object]) -> float:
    call()  # whatever is slow only once
    took = []
    for _ in range(TURNS):
        began = time.perf_counter()
        call()
        took.append(1000 * (time.perf_counter() - began))
    return statistics.median(took)
