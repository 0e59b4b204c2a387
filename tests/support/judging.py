"""The real bank, rubric vectors and judge, for tests of what is scored."""

from functools import cache
from pathlib import Path

from voicecoach.config import Paths, Settings
from voicecoach.content.model import Question
from voicecoach.practice.reading import read_answer, read_rubric
from voicecoach.practice.typed import transcript_of
from voicecoach.scoring.card import ScoreCard
from voicecoach.scoring.judge import judge
from voicecoach.wiring import Assembly, assemble


@cache
def assembly(folder: Path) -> Assembly:
    """The program with its folders in `folder`; engines load once a test run."""
    return assemble(Settings(), Paths(folder / "settings.toml", folder / "data", folder / "cache"))


def judged(wired: Assembly, question: Question, text: str, duration_s: float | None = None) -> ScoreCard:
    """The card of a typed answer."""
    rubric = read_rubric(question, wired.engines.rubric_vectors)
    return judge(rubric, read_answer(transcript_of(text, duration_s), (), wired.engines.embedder().encode))
