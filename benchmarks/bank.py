"""Measure the bank with the judge: every model answer on every question, and definitions leave-one-out.

    python -m benchmarks.bank [ID ...]

A model answer must cover every point of its own rubric, contradict none of it, and cover little of any other
question. Each phrasing of a definition is judged as an answer by the rubric without it: a right one must come out
right, a wrong one wrong. With ids, only those are measured and every failure is listed.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from benchmarks.labelled import read_answer
from voicecoach.config import Settings, find_paths
from voicecoach.content.model import Contrast, Point, Question
from voicecoach.scoring.card import ScoreCard
from voicecoach.scoring.coverage import covered_fraction
from voicecoach.scoring.evidence import Rubric, build_rubric, rubric_texts
from voicecoach.scoring.judge import judge
from voicecoach.wiring import Assembly, assemble

Found = Literal["right", "wrong", "to check", "not said"]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One phrasing, judged by the rubric without it.

    Attributes:
        point: Its point's id.
        text: The phrasing.
        is_right: Whether it stands among the right ones.
        found: What the judge made of it: its point covered, something accused, something to check, or nothing.
    """

    point: str
    text: str
    is_right: bool
    found: Found


def rubric_of(wired: Assembly, question: Question) -> Rubric:
    """A question's rubric with its vectors."""
    return build_rubric(question, wired.engines.rubric_vectors(rubric_texts(question)))


def model_answer_card(wired: Assembly, rubric: Rubric, answered: Question) -> ScoreCard:
    """The model answer of one question, judged on another or the same."""
    return judge(rubric, read_answer(wired, rubric.question, answered.model_answer, None))


def left_out(wired: Assembly, question: Question) -> Iterator[LeftOut]:
    """Every phrasing and contrast wording of a question, judged by the rubric without it."""
    for p, point in enumerate(question.points):
        for text in point.phrasings:
            kept = tuple(other for other in point.phrasings if other != text)
            rubric = rubric_of(wired, _with_point(question, p, replace(point, phrasings=kept)))
            yield _judged_alone(wired, rubric, point.id, text, is_right=True)
        for c, contrast in enumerate(point.contrasts):
            for text in contrast.phrasings:
                kept = tuple(other for other in contrast.phrasings if other != text)
                contrasts = list(point.contrasts)
                contrasts[c] = Contrast(kept, contrast.why)
                without = replace(point, contrasts=tuple(contrasts))
                rubric = rubric_of(wired, _with_point(question, p, without))
                yield _judged_alone(wired, rubric, point.id, text, is_right=False)


def _with_point(question: Question, index: int, point: Point) -> Question:
    points = list(question.points)
    points[index] = point
    return replace(question, points=tuple(points))


def _judged_alone(wired: Assembly, rubric: Rubric, point_id: str, text: str, *, is_right: bool) -> LeftOut:
    card = judge(rubric, read_answer(wired, rubric.question, text, None))
    found: Found = "not said"
    if card.accuracy.contradictions:
        found = "wrong"
    elif card.accuracy.check:
        found = "to check"
    elif any(point.state == "covered" for point in card.points):
        found = "right"
    return LeftOut(point_id, text, is_right, found)


def _print_matrix(wired: Assembly, ids: list[str]) -> None:
    questions = [q for q in wired.bank.questions if q.model_answer]
    chosen = [q for q in questions if q.id in ids] if ids else questions
    rubrics = {q.id: rubric_of(wired, q) for q in questions}
    print("model answers: own coverage | contradictions, to check | worst on another question | worst taker")
    own, worst = [], []
    for question in chosen:
        card = model_answer_card(wired, rubrics[question.id], question)
        others = {
            q.id: covered_fraction(model_answer_card(wired, rubrics[q.id], question).points)
            for q in questions
            if q.id != question.id
        }
        takers = (
            {
                q.id: covered_fraction(model_answer_card(wired, rubrics[question.id], q).points)
                for q in questions
                if q.id != question.id
            }
            if ids
            else {}
        )
        own.append(covered_fraction(card.points))
        nearest = max(others, key=lambda q: others[q])
        worst.append(others[nearest])
        accused, check = len(card.accuracy.contradictions), len(card.accuracy.check)
        taker = max(takers, key=lambda q: takers[q], default="")
        taken = f" | {taker} {takers[taker]:.0%}" if taker else ""
        print(f"  {question.id:32} {own[-1]:4.0%} | {accused}, {check} | {nearest} {worst[-1]:.0%}{taken}")
        for point in card.points if ids else ():
            mark = "" if point.state == "covered" else f"  <-- {point.state}"
            print(f"      {point.probability:.2f} {point.id}{mark}")
        for note in (*card.accuracy.contradictions, *card.accuracy.check) if ids else ():
            print(f"      suspects {note.point}: {note.quote!r}")
    print(
        f"  own: mean {np.mean(own):.1%}, least {min(own):.0%}; elsewhere: mean worst {np.mean(worst):.0%}, "
        f"worst {max(worst):.0%}"
    )


def _print_left_out(wired: Assembly, ids: list[str]) -> None:
    print("\ndefinitions, each phrasing judged by the rubric without it")
    total: list[LeftOut] = []
    for question in wired.bank.questions:
        if not question.is_definition or (ids and question.id not in ids):
            continue
        results = list(left_out(wired, question))
        total += results
        print(f"  {question.id:32} {_summary(results)}")
        for result in results if ids else ():
            wanted = "right" if result.is_right else "wrong"
            if result.found != wanted:
                print(f"      {wanted} one found {result.found}: [{result.point}] {result.text}")
    if total:
        print(f"  {'all':32} {_summary(total)}")


def _summary(results: list[LeftOut]) -> str:
    right = [r.found for r in results if r.is_right]
    wrong = [r.found for r in results if not r.is_right]
    return (
        f"right ones: {right.count('right')}/{len(right)} right, {right.count('to check')} to check, "
        f"{right.count('wrong')} accused; wrong ones: {wrong.count('wrong')}/{len(wrong)} accused, "
        f"{wrong.count('to check')} to check, {wrong.count('right')} believed"
    )


def main() -> None:
    """Print the matrix's summary and the leave-one-out figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("ids", nargs="*", help="only these questions, with every failure listed")
    ids = parser.parse_args().ids
    wired = assemble(Settings(), find_paths())
    _print_matrix(wired, ids)
    _print_left_out(wired, ids)


if __name__ == "__main__":
    main()
