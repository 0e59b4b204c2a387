"""Rubrics and answers made ready to judge: their texts, embedded."""

from collections.abc import Callable, Sequence

from voicecoach.content.model import Question
from voicecoach.embedding.embedder import Vectors
from voicecoach.practice.typed import transcript_of
from voicecoach.scoring.clauses import split_clauses
from voicecoach.scoring.evidence import Answer, Rubric, answer_texts, build_answer, build_rubric, rubric_texts
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


def read_answer(transcript: Transcript, speech: tuple[Span, ...], encode: Encode) -> Answer:
    """An answer, cut into clauses and windows, with its vectors.

    Args:
        transcript: What was heard or typed.
        speech: Where someone spoke, from the waveform; empty for typed text.
        encode: Embeds the windows.
    """
    clauses = split_clauses(transcript, speech)
    return build_answer(transcript, speech, clauses, encode(answer_texts(clauses)))
