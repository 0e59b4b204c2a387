"""Measure the bank with the judge: every model answer on every question, and definitions leave-one-out.

    python -m benchmarks.bank [ID ...]

A model answer must cover every point of its own rubric, contradict none of it, and cover little of any other
question. Each phrasing of a definition is judged as an answer by the rubric without it: a right one must come
out right, a wrong one wrong. With ids, only those are measured and every failure is listed.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from voicecoach.config import Settings, find_paths
from voicecoach.content.model import Bank, Contrast, Point, Question
from voicecoach.practice.typed import transcript_of
from voicecoach.scoring.clauses import split_clauses
from voicecoach.scoring.coverage import covered_fraction
from voicecoach.scoring.evidence import Answer, Rubric, answer_texts, build_answer, build_rubric, rubric_texts
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
        found: What the judge made of it: a point covered, something accused, something to check, or nothing.
    """

    point: str
    text: str
    is_right: bool
    found: Found


class Reader:
    """Rubrics and answers with their vectors, each text's vector asked for once."""

    def __init__(self, wired: Assembly) -> None:
        self._wired = wired
        self._known: dict[str, npt.NDArray[np.float32]] = {}

    def rubric(self, question: Question) -> Rubric:
        """A question's rubric."""
        return build_rubric(question, self._vectors(rubric_texts(question)))

    def answers(self, texts: Sequence[str]) -> list[Answer]:
        """Typed texts, as answers."""
        transcripts = [transcript_of(text, None) for text in texts]
        cut = [split_clauses(transcript, ()) for transcript in transcripts]
        wanted = [answer_texts(clauses) for clauses in cut]
        self._vectors(tuple(text for texts in wanted for text in texts))
        return [
            build_answer(transcript, (), clauses, self._vectors(needed))
            for transcript, clauses, needed in zip(transcripts, cut, wanted, strict=True)
        ]

    def _vectors(self, texts: tuple[str, ...]) -> npt.NDArray[np.float32]:
        missing = tuple(dict.fromkeys(text for text in texts if text not in self._known))
        if missing:
            self._known.update(zip(missing, self._wired.engines.rubric_vectors(missing), strict=True))
        return np.stack([self._known[text] for text in texts])


def left_out(reader: Reader, question: Question) -> Iterator[LeftOut]:
    """Every phrasing and contrast wording of a question, judged by the rubric without it."""
    reader.rubric(question)
    for p, point in enumerate(question.points):
        answers = reader.answers(point.phrasings)
        for text, answer in zip(point.phrasings, answers, strict=True):
            without = replace(point, phrasings=tuple(other for other in point.phrasings if other != text))
            yield _judged_alone(
                reader.rubric(_with_point(question, p, without)), answer, point.id, text, True
            )
        for c, contrast in enumerate(point.contrasts):
            answers = reader.answers(contrast.phrasings)
            for text, answer in zip(contrast.phrasings, answers, strict=True):
                contrasts = list(point.contrasts)
                kept = tuple(other for other in contrast.phrasings if other != text)
                contrasts[c] = Contrast(kept, contrast.why)
                without = replace(point, contrasts=tuple(contrasts))
                rubric = reader.rubric(_with_point(question, p, without))
                yield _judged_alone(rubric, answer, point.id, text, False)


def _with_point(question: Question, index: int, point: Point) -> Question:
    points = list(question.points)
    points[index] = point
    return replace(question, points=tuple(points))


def _judged_alone(rubric: Rubric, answer: Answer, point_id: str, text: str, is_right: bool) -> LeftOut:
    card = judge(rubric, answer)
    found: Found = "not said"
    if card.accuracy.contradictions:
        found = "wrong"
    elif card.accuracy.check:
        found = "to check"
    elif any(point.state == "covered" for point in card.points):
        found = "right"
    return LeftOut(point_id, text, is_right, found)


def _print_matrix(reader: Reader, bank: Bank, ids: list[str]) -> None:
    questions = [q for q in bank.questions if q.model_answer]
    chosen = [q for q in questions if q.id in ids] if ids else questions
    rubrics = {q.id: reader.rubric(q) for q in questions}
    answers = reader.answers([q.model_answer for q in questions])
    cards = {
        (q.id, answered.id): judge(rubrics[q.id], answer)
        for q in questions
        for answered, answer in zip(questions, answers, strict=True)
        if q in chosen or answered in chosen
    }
    print("model answers: own coverage | contradictions, to check | worst on another question | worst taker")
    own, worst = [], []
    for question in chosen:
        card = cards[question.id, question.id]
        reached = {
            pair: covered_fraction(found.points) for pair, found in cards.items() if pair[0] != pair[1]
        }
        others = {q: share for (q, a), share in reached.items() if a == question.id}
        takers = {a: share for (q, a), share in reached.items() if q == question.id}
        own.append(covered_fraction(card.points))
        nearest = max(others, key=lambda q: others[q])
        worst.append(others[nearest])
        accused, check = len(card.accuracy.contradictions), len(card.accuracy.check)
        taker = max(takers, key=lambda q: takers[q])
        taken = f" | {taker} {takers[taker]:.0%}"
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


def _print_left_out(reader: Reader, bank: Bank, ids: list[str]) -> None:
    print("\ndefinitions, each phrasing judged by the rubric without it")
    total: list[LeftOut] = []
    for question in bank.questions:
        if not question.is_definition or (ids and question.id not in ids):
            continue
        results = list(left_out(reader, question))
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
    reader = Reader(wired)
    _print_matrix(reader, wired.bank, ids)
    _print_left_out(reader, wired.bank, ids)


if __name__ == "__main__":
    main()
