"""What reading clauses of definitions once more is worth: wrong answers found, with it and without.

    python -m benchmarks.close_reading

Per part of the labelled definitions: how many answers that contradict a point have a statement more
suspicious than those of all but a few answers that contradict none. So both ways make as many false
accusations, wherever their thresholds lie.
"""

from collections.abc import Sequence
from dataclasses import replace

from sklearn.metrics import roc_auc_score

from benchmarks.labelled import LabelledAnswer, load
from voicecoach.config import Settings, find_paths
from voicecoach.practice.evaluation.labelled import Group
from voicecoach.scoring.accuracy import suspicions
from voicecoach.wiring import assemble

FALSE = (1, 2, 3, 5)
"""So many answers without a wrong statement are accused."""

LEAST = -1.0
"""Below every margin that is worked out."""


def main() -> None:
    """Print both ways' figures."""
    wired = assemble(Settings(), find_paths())
    groups: tuple[Group, ...] = ("development", "test")
    for group in groups:
        read = [each for each in load(wired, group) if each.question.is_definition]
        wrong = sum(bool(each.contradicted) for each in read)
        print(f"{group}: {wrong} definitions with a wrong statement, {len(read) - wrong} without")
        _print("with it", read)
        _print("without", [replace(each, answer=replace(each.answer, readings={})) for each in read])


def _print(name: str, answers: Sequence[LabelledAnswer]) -> None:
    margins = [_suspicion(each) for each in answers]
    is_wrong = [bool(each.contradicted) for each in answers]
    wrong = [margin for margin, told in zip(margins, is_wrong, strict=True) if told]
    others = sorted(
        (margin for margin, told in zip(margins, is_wrong, strict=True) if not told), reverse=True
    )
    found = [f"{sum(margin > others[few] for margin in wrong)} with {few}" for few in FALSE]
    auc = roc_auc_score(is_wrong, margins)
    print(f"  {name}: AUC {auc:.3f}; found, with others accused: {', '.join(found)}")


def _suspicion(answer: LabelledAnswer) -> float:
    found = suspicions(answer.rubric, answer.answer, LEAST)
    return max((suspicion.margin for suspicion in found), default=LEAST)


if __name__ == "__main__":
    main()
