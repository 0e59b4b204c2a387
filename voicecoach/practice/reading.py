"""Rubrics and answers made ready to judge: their texts, embedded and compared."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from voicecoach.content.model import Question
from voicecoach.embedding.cache import VectorMemory
from voicecoach.embedding.comparer import ComparisonMemory
from voicecoach.embedding.embedder import Vectors
from voicecoach.practice.engines import Engines
from voicecoach.practice.typed import transcript_of
from voicecoach.scoring.clauses import split_clauses
from voicecoach.scoring.close_reading import Compare, comparisons
from voicecoach.scoring.evidence import Answer, Rubric, answer_texts, build_answer, build_rubric, rubric_texts
from voicecoach.scoring.recall import ReadWords, is_bare, recalls
from voicecoach.scoring.subject import is_told_from_others
from voicecoach.transcript import Span, Transcript

Encode = Callable[[Sequence[str]], Vectors]
"""Texts to their vectors, one row a text."""


def kept_texts(question: Question) -> tuple[tuple[str, ...], ...]:
    """The lists of a question's texts whose vectors may be on disk: its rubric's and its model answer's."""
    answer = split_clauses(transcript_of(question.model_answer, None), ())
    return rubric_texts(question), answer_texts(answer), question.model_sentences


def read_rubric(question: Question, encode: Encode) -> Rubric:
    """A question's rubric with its vectors."""
    others = question.others if is_told_from_others(question) else ()
    vectors = encode(rubric_texts(question))
    return build_rubric(question, vectors, [encode(other.sentences) for other in others])


@dataclass(frozen=True, slots=True)
class AnswerReader:
    """Reads answers with the models.

    Attributes:
        encode: Embeds windows.
        compare: Reads clauses beside a rubric's wordings; None to do without.
        words: Reads texts word by word; None to do without.
    """

    encode: Encode
    compare: Compare | None
    words: ReadWords | None

    def read(self, rubric: Rubric, transcript: Transcript, speech: tuple[Span, ...] = ()) -> Answer:
        """An answer, cut into clauses and windows, with their vectors and what a closer look at them says.

        Args:
            rubric: The question's.
            transcript: What was heard or typed.
            speech: Where someone spoke, from the waveform; empty for typed text.

        Raises:
            EngineError: A model cannot be loaded or run.
        """
        clauses = split_clauses(transcript, speech)
        answer = build_answer(transcript, speech, clauses, self.encode(answer_texts(clauses)))
        if self.words is not None and is_bare(rubric):
            answer = replace(answer, recalls=recalls(rubric, answer, self.words))
        if self.compare is None:
            return answer
        wanted = comparisons(rubric, answer)
        readings = self.compare(tuple(wanted.values()))
        return replace(answer, readings=dict(zip(wanted, readings, strict=True)))


def reader_of(engines: Engines) -> AnswerReader:
    """Reads what someone said."""
    embedder = engines.embedder()
    return AnswerReader(embedder.encode, engines.comparer().compare, embedder.words)


def reader_of_growing(engines: Engines) -> AnswerReader:
    """Reads an answer again and again while it grows or changes: only what is new needs the models."""
    embedder, compare = engines.embedder(), ComparisonMemory(engines.comparer()).compare
    return AnswerReader(VectorMemory(embedder).encode, compare, embedder.words)


def reader_of_bank(engines: Engines) -> AnswerReader:
    """Reads what the bank itself says: what was read stays on disk, but for words of one's own questions."""
    return AnswerReader(engines.rubric_vectors, engines.rubric_readings, engines.embedder().words)
