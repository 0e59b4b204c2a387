"""The real bank, rubric vectors and judge, for tests of what is scored."""

from functools import cache
from pathlib import Path

from voicecoach.config import Paths, Settings
from voicecoach.content.model import Question
from voicecoach.practice.typed import transcript_of
from voicecoach.scoring.card import ScoreCard
from voicecoach.scoring.clauses import split_clauses
from voicecoach.scoring.evidence import answer_texts, build_answer, build_rubric, rubric_texts
from voicecoach.scoring.judge import judge
from voicecoach.wiring import Assembly, assemble


@cache
def assembly(folder: Path) -> Assembly:
    """The program with its folders in `folder`; engines load once a test run."""
    return assemble(Settings(), Paths(folder / "settings.toml", folder / "data", folder / "cache"))


def judged(wired: Assembly, question: Question, text: str, duration_s: float | None = None) -> ScoreCard:
    """The card of a typed answer."""
    transcript = transcript_of(text, duration_s)
    clauses = split_clauses(transcript, ())
    rubric = build_rubric(question, wired.engines.rubric_vectors(rubric_texts(question)))
    vectors = wired.engines.embedder().encode(answer_texts(clauses))
    return judge(rubric, build_answer(transcript, (), clauses, vectors))
