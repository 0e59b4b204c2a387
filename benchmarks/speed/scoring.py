"""What remains to be done when a 90-second answer ends: embedding its tail, and pure scoring.

    python -m benchmarks.speed.scoring

The baselines are embedding the whole answer, as it would be were nothing done while it was spoken, and the
same by the model as sentence-transformers loads it, without the layers of `voicecoach.embedding.onednn`.
Of a definition, clauses near to something wrong are compared with the rubric's wordings, too. What that takes
is measured on definitions that are wrong in every point, each for the first time, done at once.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.speed.growth import QUESTION, USUAL_ANSWER_S, text_of
from voicecoach.config import Paths, Settings
from voicecoach.content.model import Question
from voicecoach.embedding.cache import VectorMemory
from voicecoach.embedding.minilm import load_base
from voicecoach.practice.reading import AnswerReader, read_rubric, reader_of
from voicecoach.practice.typed import transcript_of
from voicecoach.scoring.clauses import split_clauses
from voicecoach.scoring.evidence import answer_texts
from voicecoach.scoring.judge import judge
from voicecoach.wiring import Assembly, assemble

TAIL_S = 10.0
"""About the longest stretch that is still unheard when someone stops on their last word."""

TURNS = 15


@dataclass(frozen=True, slots=True)
class ScoringTimes:
    """Medians, in milliseconds.

    Attributes:
        score_ms: Pure scoring of the whole answer.
        embed_tail_ms: Embedding what the last seconds added; what came before is remembered.
        embed_all_ms: Embedding the whole answer.
        embed_all_as_loaded_ms: The same with torch's own layers, 32 texts at once.
        read_definition_ms: Embedding a whole definition and comparing its clauses.
        embed_definition_ms: Embedding it.
        compared: How many of its clauses are compared, each with one point.
        tail_texts: How many texts the tail has.
        texts: How many the answer has.
    """

    score_ms: float
    embed_tail_ms: float
    embed_all_ms: float
    embed_all_as_loaded_ms: float
    read_definition_ms: float
    embed_definition_ms: float
    compared: float
    tail_texts: int
    texts: int


def measure() -> ScoringTimes:
    """Time one long question's own answer."""
    with tempfile.TemporaryDirectory(prefix="voicecoach-scoring-") as name:
        folder = Path(name)
        wired = assemble(Settings(), Paths(folder / "settings.toml", folder / "data", folder / "cache"))
        embedder = wired.engines.embedder()
        question = wired.coach.question(QUESTION)
        whole = transcript_of(text_of(wired, question, USUAL_ANSWER_S), USUAL_ANSWER_S)
        before = replace(whole, words=tuple(w for w in whole.words if w.start_s < whole.duration_s - TAIL_S))
        rubric = read_rubric(question, wired.engines.rubric_vectors)
        reader = reader_of(wired.engines)
        answer = reader.read(rubric, whole)
        known, texts = (answer_texts(split_clauses(heard, ())) for heard in (before, whole))

        def tail_s() -> float:
            memory = VectorMemory(embedder)
            memory.encode(known)
            return _seconds(lambda: memory.encode(texts))

        tails_s = [tail_s() for _ in range(TURNS + 1)][1:]
        wholes_s = [_seconds(lambda: embedder.encode(texts)) for _ in range(TURNS)]
        loaded = load_base()
        as_loaded_s = [_seconds(lambda: loaded.encode(list(texts))) for _ in range(TURNS + 1)][1:]
        terms = [each for each in wired.bank.questions if each.is_definition]
        compared, read_terms_s, embedded_terms_s = zip(
            *(_wrong_definition(wired, reader, term) for term in terms), strict=True
        )
        scores_s = [_seconds(lambda: judge(rubric, answer)) for _ in range(TURNS)]
    return ScoringTimes(
        score_ms=1000 * statistics.median(scores_s),
        embed_tail_ms=1000 * statistics.median(tails_s),
        embed_all_ms=1000 * statistics.median(wholes_s),
        embed_all_as_loaded_ms=1000 * statistics.median(as_loaded_s),
        read_definition_ms=1000 * statistics.median(read_terms_s),
        embed_definition_ms=1000 * statistics.median(embedded_terms_s),
        compared=statistics.median(compared),
        tail_texts=len(set(texts) - set(known)),
        texts=len(texts),
    )


def _wrong_definition(wired: Assembly, reader: AnswerReader, term: Question) -> tuple[int, float, float]:
    """Comparisons of an answer that gets each point wrong, and seconds to read and to embed it."""
    rubric = read_rubric(term, wired.engines.rubric_vectors)
    wired.engines.comparer().load()
    wrong = [contrasts[0].texts[0] for contrasts in rubric.contrasts if contrasts]
    said = transcript_of(". ".join(wrong), None)
    began = time.perf_counter()
    answer = reader.read(rubric, said)
    ended = time.perf_counter()
    embedded_s = _seconds(lambda: wired.engines.embedder().encode(answer_texts(answer.clauses)))
    return len(answer.readings), ended - began, embedded_s


def table(times: ScoringTimes) -> str:
    """The medians as text."""
    return "\n".join(
        (
            f"after a {USUAL_ANSWER_S}-second answer, medians                 ms",
            f"  embedding its last {TAIL_S:.0f} s ({times.tail_texts} texts)        "
            f"{times.embed_tail_ms:8.1f}   (target: 150)",
            f"    embedding all of it ({times.texts} texts)       {times.embed_all_ms:8.1f}",
            f"      by torch's own layers               {times.embed_all_as_loaded_ms:8.1f}",
            f"  pure scoring                           {times.score_ms:8.1f}   (target: 50)",
            "after a definition that is wrong in every point, medians",
            f"  embedding it, and {times.compared:.0f} comparisons       {times.read_definition_ms:8.1f}",
            f"    embedding it                         {times.embed_definition_ms:8.1f}",
        )
    )


def _seconds(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


if __name__ == "__main__":
    print(table(measure()))
