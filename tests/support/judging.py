"""The real bank, rubric vectors and judge, for tests of what is scored."""

from functools import cache
from pathlib import Path

from voicecoach.config import Paths, Settings
from voicecoach.content.model import Question
from voicecoach.practice.reading import read_rubric, reader_of, reader_of_growing
from voicecoach.practice.typed import transcript_of
from voicecoach.scoring.card import ScoreCard
from voicecoach.scoring.evidence import Answer, Rubric
from voicecoach.scoring.judge import judge
from voicecoach.transcript import Transcript
from voicecoach.wiring import Assembly, assemble


def assembly(folder: Path) -> Assembly:
    """The program as it ships, for reading alone: all tests of a process share its engines.

    What the bank's texts were embedded to is shared by all of a run's tests, its other workers' included.

    Args:
        folder: A test's own, or a module's.
    """
    return _assembly(next(path for path in folder.parents if not path.name.startswith("popen-gw")))


@cache
def _assembly(of_run: Path) -> Assembly:
    return assemble(Settings(), Paths(of_run / "settings.toml", of_run / "data", of_run / "embedded"))


def question(wired: Assembly, question_id: str) -> Question:
    """A question of the shipped bank."""
    found = wired.bank.find(question_id)
    assert found is not None
    return found


def judged(wired: Assembly, question: Question, text: str, duration_s: float | None = None) -> ScoreCard:
    """The card of a typed answer."""
    rubric = read_rubric(question, wired.engines.rubric_vectors)
    return judge(rubric, answer_of(wired, rubric, transcript_of(text, duration_s)))


def answer_of(wired: Assembly, rubric: Rubric, heard: Transcript) -> Answer:
    """An answer, ready to judge."""
    return reader_of(wired.engines).read(rubric, heard)


class Judging:
    """Judges many answers that share sentences: each text is embedded once, each comparison made once.

    Args:
        folder: Of the program.
    """

    def __init__(self, folder: Path) -> None:
        self._wired = assembly(folder)
        self._reader = reader_of_growing(self._wired.engines)
        self.bank = self._wired.bank

    def question(self, question_id: str) -> Question:
        """A question of the shipped bank."""
        return question(self._wired, question_id)

    def card(self, question: Question, text: str, duration_s: float | None = None) -> ScoreCard:
        """The card of a typed answer."""
        rubric = read_rubric(question, self._wired.engines.rubric_vectors)
        return judge(rubric, self._reader.read(rubric, transcript_of(text, duration_s)))
