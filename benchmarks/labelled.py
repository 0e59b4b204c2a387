"""The labelled answers of this checkout, for fitting and training; `voicecoach eval` measures on them."""

from dataclasses import replace
from pathlib import Path

from voicecoach.config import Settings, find_paths
from voicecoach.practice.evaluation.labelled import Group, read_labelled
from voicecoach.practice.evaluation.labelled import ReadyAnswer as LabelledAnswer
from voicecoach.wiring import Assembly, assemble

__all__ = ["DATA", "LabelledAnswer", "labelled_questions", "load"]

DATA = Path(__file__).resolve().parent.parent / "tests" / "data"


def load(assembly: Assembly | None = None, group: Group = "development") -> list[LabelledAnswer]:
    """Labelled answers with their vectors; the embedder's work is cached between runs.

    Args:
        assembly: Brings bank and engines; None for those of this machine.
        group: On "test" answers nothing may be fitted or chosen.
    """
    wired = assembly or assemble(Settings(), find_paths())
    labelled = read_labelled(DATA, wired.bank)
    of_group = tuple(each for each in labelled.answers if each.group == group)
    return list(wired.evaluator.read(replace(labelled, answers=of_group)))


def labelled_questions(*groups: Group) -> set[str]:
    """Ids of the questions that have labelled answers of these groups."""
    labelled = read_labelled(DATA, assemble(Settings(), find_paths()).bank)
    return {each.question.id for each in labelled.answers if each.group in groups}
