"""The judge's figures, and the judge as a scorer of any points, for benchmarks from outside.

    python -m benchmarks.judging [--spoken [--limit N]] [--json]

prints what `voicecoach eval` prints of this checkout's answers, by the embedded voice and recogniser.

`score` and `wrong` take points in one wording each and an answer, and give a number in 0..1 for each point:
how likely it was said, and how likely the answer contradicts it. A harness that knows the question sets the
function's own `question` before a call. `score` has the product's evidence, as for a person's own question
that has nothing but its points, and weighs it for subjects that the embedder's adapter has not met: there the
words tell more than the sentences (`benchmarks.calibration`).
"""

import sys
from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from benchmarks.contradiction import contradictions
from voicecoach.cli.main import run
from voicecoach.config import Settings, find_paths
from voicecoach.content.model import Beat, Point, Question, Structure
from voicecoach.embedding.cache import VectorMemory
from voicecoach.embedding.embedder import WordEmbedder
from voicecoach.practice.reading import AnswerReader
from voicecoach.practice.typed import transcript_of
from voicecoach.scoring.clauses import split_clauses
from voicecoach.scoring.coverage import Regression, features
from voicecoach.scoring.evidence import Answer, Rubric, answer_texts, build_rubric, rubric_texts
from voicecoach.wiring import assemble

Numbers = npt.NDArray[np.float64]

PUBLIC = Regression((0.0, 0.5, 1.6, 0.0, 0.0, 5.3), -4.1)
"""In place of the product's BARE. How the weights stand to one another was chosen on public sets, those that
only measure included; scale and intercept were fitted on the training parts of the others.
"""

_NO_QUESTION = "question"
"""Stands where a harness knows no question; its vector is set to nothing, so that it takes nothing away."""


class AdHocJudge:
    """The judge on questions that no bank has; each text's vector is asked for once."""

    @cached_property
    def _embedder(self) -> WordEmbedder:
        return assemble(Settings(), find_paths()).engines.embedder()

    @cached_property
    def _memory(self) -> VectorMemory:
        return VectorMemory(self._embedder)

    def embed(self, pairs: Iterable[tuple[Sequence[str], str]]) -> None:
        """Embed the texts of many points and answers at once, so that each alone need not wait."""
        texts = [text for points, answer in pairs for text in (*points, *_windows(answer))]
        self._memory.encode(texts)

    def read(self, question: str, points: Sequence[str], answer: str) -> tuple[Rubric, Answer]:
        """Points and answer, ready to compare.

        Args:
            question: What was asked; empty where nobody knows.
            points: One wording each.
            answer: As typed or heard.
        """
        asked = _question(question.strip() or _NO_QUESTION, points)
        transcript = transcript_of(answer, None)
        # All that is new goes to the embedder at once.
        texts = (*rubric_texts(asked), *_windows(answer))
        vectors = self._memory.encode(texts)
        of_rubric = vectors[: len(rubric_texts(asked))].copy()
        if not question.strip():
            of_rubric[0] = 0.0
        rubric = build_rubric(asked, of_rubric)
        return rubric, AnswerReader(self._memory.encode, None, self._embedder.words).read(rubric, transcript)

    def said(self, rubric: Rubric, answer: Answer) -> Numbers:
        """How likely each window says each point, shape (points, windows)."""
        return PUBLIC.probabilities(features(rubric, answer))


ad_hoc = AdHocJudge()


class Score:
    """How likely an answer says each point.

    Attributes:
        question: What was asked; a harness may set it before each call.
    """

    def __init__(self) -> None:
        self.question = ""

    def __call__(self, points: Sequence[str], answer: str) -> list[float]:
        """A probability for each point."""
        said = ad_hoc.said(*ad_hoc.read(self.question, points, answer))
        return [float(row.max(initial=0.0)) for row in said]


class Wrong:
    """How likely an answer contradicts each point.

    Without contrasts that is little more than that it does not say the point: `benchmarks.contradiction`.

    Attributes:
        question: What was asked; a harness may set it before each call.
    """

    def __init__(self) -> None:
        self.question = ""

    def __call__(self, points: Sequence[str], answer: str) -> list[float]:
        """A probability for each point."""
        rubric, heard = ad_hoc.read(self.question, points, answer)
        windows = [window.text for window in heard.windows]
        return contradictions(points, windows, ad_hoc.said(rubric, heard).tolist())


score, wrong = Score(), Wrong()


def _windows(answer: str) -> tuple[str, ...]:
    return answer_texts(split_clauses(transcript_of(answer, None), ()))


def _question(text: str, points: Sequence[str]) -> Question:
    return Question(
        id="ad-hoc",
        title=text,
        text=text,
        kind="fundamentals",
        area="modelling",
        level="medium",
        roles=("mle",),
        structure=Structure("ad-hoc", "Ad hoc", (Beat("all", "All", 1.0, (text,)),)),
        target_s=(60.0, 90.0),
        points=tuple(Point(str(i), point, "all", 1.0, (point,)) for i, point in enumerate(points)),
    )


if __name__ == "__main__":
    sys.exit(run(["--engine", "pocketsphinx", "--voice", "espeak", "eval", *sys.argv[1:]]))
