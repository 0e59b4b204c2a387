"""Rubrics and answers made ready to judge: their texts, embedded."""

from collections.abc import Callable, Sequence

from voicecoach.content.model import Question
from voicecoach.embedding.embedder import Vectors
from voicecoach.scoring.clauses import split_clauses
from voicecoach.scoring.evidence import Answer, Rubric, answer_texts, build_answer, build_rubric, rubric_texts
from voicecoach.transcript import Span, Transcript

Encode = Callable[[Sequence[str]], Vectors]
"""Texts to their vectors, one row a text."""


def read_rubric(question: Question, encode: Encode) -> Rubric:
    """A question's rubric with its vectors."""
    return build_rubric(question, encode(rubric_texts(question)))


def read_answer(transcript: Transcript, speech: tuple[Span, ...], encode: Encode) -> Answer:
    """An answer, cut into clauses and windows, with its vectors.

    Args:
        transcript: What was heard or typed.
        speech: Where someone spoke, from the waveform; empty for typed text.
        encode: Embeds the windows.
    """
    clauses = split_clauses(transcript, speech)
    return build_answer(transcript, speech, clauses, encode(answer_texts(clauses)))
