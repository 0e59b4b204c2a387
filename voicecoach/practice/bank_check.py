"""Lint of a bank with all that the product has, down to how it judges each model answer."""

from collections.abc import Iterator
from dataclasses import replace

from voicecoach.content.check import (
    Finding,
    lint,
    lint_vectors,
    placeholders,
    prompt_file,
)
from voicecoach.content.model import Bank
from voicecoach.content.spelling import lint_spelling
from voicecoach.practice.engines import Engines
from voicecoach.practice.reading import read_rubric, reader_of_bank
from voicecoach.practice.typed import transcript_of
from voicecoach.scoring.evidence import Rubric, rubric_texts
from voicecoach.scoring.judge import judge
from voicecoach.scoring.text import tokens


def check_bank(bank: Bank, engines: Engines) -> Iterator[tuple[Finding, ...]]:
    """What there is to mend, one question at a time and in the bank's order.

    Vectors and readings are kept on disk, so that only what was edited since is worked out again.

    Raises:
        EngineError: Vectors are needed and the embedder cannot be loaded or run.
    """
    for question in bank.questions:
        one = replace(bank, questions=(question,))
        found = list(lint(one))
        # Nothing can be said about the meaning of what is not written yet.
        if not placeholders(question):
            found += lint_spelling(question)
            texts = rubric_texts(question)
            vectors = engines.rubric_vectors(texts)
            found += lint_vectors(one, dict(zip(texts, vectors, strict=True)))
            found += _model_answer(read_rubric(question, engines.rubric_vectors), engines)
        yield tuple(found)


def _model_answer(rubric: Rubric, engines: Engines) -> Iterator[Finding]:
    """Whether the answer that is held up as good is good by the question's own rubric."""
    question = rubric.question
    if not tokens(question.model_answer):
        return
    said = transcript_of(question.model_answer, None)
    card = judge(rubric, reader_of_bank(engines).read(rubric, said))
    missed = [f"{point.label!r} ({point.state})" for point in card.points if point.state != "covered"]
    if missed:
        points = "point" if len(missed) == 1 else "points"
        message = (
            f"is not judged to cover {len(missed)} {points} of its own rubric: {', '.join(missed)}; say "
            "them more plainly, or add a phrasing to them"
        )
        yield Finding("warning", prompt_file(question), "model_answer", message)
    for wrong in card.accuracy.contradictions:
        message = f"is judged to say something wrong: {wrong.quote!r}; its rubric says: {wrong.why}"
        yield Finding("warning", prompt_file(question), "model_answer", message)
