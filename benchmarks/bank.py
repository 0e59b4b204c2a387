"""Measure the bank with the judge: every model answer on every question, and what is left out of a rubric.

    python -m benchmarks.bank [ID ...]

A model answer must cover every point of its own rubric, contradict none of it, and cover little of any other
question. Each phrasing of a definition is judged as an answer by the rubric without it: a right one must come
out right, a wrong one wrong. So is each line of the spoken answers beside the rubrics. The judge's models
have learned from nearly all of these; what the network that compares wordings has not is summed up once more.
With ids, only those are measured and every failure is listed.
"""

import argparse
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from benchmarks.training.left_out import leaves_out_answer, leaves_out_wording
from benchmarks.training.topics import spoken_answers
from voicecoach.config import Settings, find_paths
from voicecoach.content.model import Bank, Contrast, Point, Question
from voicecoach.content.spoken import SpokenAnswer
from voicecoach.practice.reading import AnswerReader, read_rubric
from voicecoach.practice.typed import transcript_of
from voicecoach.scoring.card import PointResult, ScoreCard
from voicecoach.scoring.close_reading import LEAST_WORDS
from voicecoach.scoring.coverage import cover, covered_fraction, point_results
from voicecoach.scoring.evidence import SHIPPED_TERMS, Answer, Rubric
from voicecoach.scoring.judge import judge
from voicecoach.scoring.subject import meant, relevance_of, subject_of
from voicecoach.wiring import Assembly, assemble

Found = Literal["right", "wrong", "to check", "not said"]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One phrasing or spoken line, judged by the rubric without it.

    Attributes:
        points: Ids of the points that it is about.
        text: As written.
        is_right: Whether it states them; else it contradicts them.
        is_learned: Whether the network that compares wordings learned from it.
        found: What the judge made of it: a point covered, something accused, something to check, or nothing.
    """

    points: frozenset[str]
    text: str
    is_right: bool
    is_learned: bool
    found: Found


class Reader:
    """Rubrics and answers with their vectors, each text's vector asked for once."""

    def __init__(self, wired: Assembly) -> None:
        self._wired = wired
        self._known: dict[str, npt.NDArray[np.float32]] = {}
        engines = wired.engines
        self._reader = AnswerReader(self._vectors, engines.comparer().compare, engines.embedder().words)

    def rubric(self, question: Question) -> Rubric:
        """A question's rubric."""
        return read_rubric(question, self._vectors)

    def answer(self, rubric: Rubric, text: str) -> Answer:
        """Typed text, as an answer to a rubric's question."""
        return self._reader.read(rubric, transcript_of(text, None))

    def _vectors(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        if any(text not in self._known for text in texts):
            # All of them, as every reader of a rubric asks: so the list is found on disk where one has.
            self._known.update(zip(texts, self._wired.engines.rubric_vectors(texts), strict=True))
        return np.stack([self._known[text] for text in texts])


def left_out(reader: Reader, question: Question) -> Iterator[LeftOut]:
    """Every phrasing and contrast wording of a question, judged by the rubric without it."""
    reader.rubric(question)  # one batch for all the texts that come one by one below
    for p, point in enumerate(question.points):
        for text in point.phrasings:
            without = replace(point, phrasings=tuple(other for other in point.phrasings if other != text))
            rubric = reader.rubric(_with_point(question, p, without))
            found = _found(rubric, reader.answer(rubric, text))
            yield LeftOut(frozenset({point.id}), text, True, not leaves_out_wording(text), found)
        for c, contrast in enumerate(point.contrasts):
            for text in contrast.phrasings:
                contrasts = list(point.contrasts)
                kept = tuple(other for other in contrast.phrasings if other != text)
                contrasts[c] = Contrast(kept, contrast.why)
                without = replace(point, contrasts=tuple(contrasts))
                rubric = reader.rubric(_with_point(question, p, without))
                found = _found(rubric, reader.answer(rubric, text))
                yield LeftOut(frozenset({point.id}), text, False, not leaves_out_wording(text), found)


def lines_left_out(reader: Reader, question: Question, answers: Sequence[SpokenAnswer]) -> Iterator[LeftOut]:
    """Every long enough line that only states points or only denies some, judged as an answer.

    The rubric is without its whole answer and the two beside that in the file: many a right answer there
    mirrors the wrong one before it, and the half that stays would be the nearest text to the other.
    """
    reader.rubric(question)  # one batch, as above
    for place, answer in enumerate(answers):
        beside = answers[max(0, place - 1) : place + 2]
        rubric = reader.rubric(
            _without_lines(question, {line.text for each in beside for line in each.lines})
        )
        for line in answer.lines:
            if len(line.text.split()) >= LEAST_WORDS and bool(line.states) != bool(line.denies):
                is_learned = not leaves_out_answer(question.id, place)
                found = _found(rubric, reader.answer(rubric, line.text))
                yield LeftOut(line.states | line.denies, line.text, bool(line.states), is_learned, found)


def _without_lines(question: Question, texts: Collection[str]) -> Question:
    def kept(lines: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(line for line in lines if line not in texts)

    points = (
        replace(point, spoken=kept(point.spoken), denied=kept(point.denied)) for point in question.points
    )
    return replace(question, points=tuple(points), remarks=kept(question.remarks))


def _with_point(question: Question, index: int, point: Point) -> Question:
    points = list(question.points)
    points[index] = point
    return replace(question, points=tuple(points))


def _found(rubric: Rubric, answer: Answer) -> Found:
    card = judge(rubric, answer)
    if card.accuracy.contradictions:
        return "wrong"
    if card.accuracy.check:
        return "to check"
    return "right" if any(point.state == "covered" for point in card.points) else "not said"


@dataclass(frozen=True, slots=True)
class Matrix:
    """Every model answer on every question.

    Attributes:
        own: Per question the card of its own model answer.
        elsewhere: Weighted coverage per pair (question that judges, other question whose answer it is).
    """

    own: dict[str, ScoreCard]
    elsewhere: dict[tuple[str, str], float]

    def summary(self) -> str:
        """Own coverage, and how much of a rubric the answer to another question seems to cover."""
        own = {name: covered_fraction(card.points) for name, card in self.own.items()}
        least = min(own, key=lambda name: own[name])
        wrong = sum(len(card.accuracy.contradictions) for card in self.own.values())
        check = sum(len(card.accuracy.check) for card in self.own.values())
        off = np.array(list(self.elsewhere.values()))
        half = (off >= 0.5).mean()
        worst = sorted(self.elsewhere, key=lambda pair: -self.elsewhere[pair])[:10]
        lines = [
            f"own question: mean {np.mean(list(own.values())):.1%}, least {own[least]:.0%} ({least}); "
            f"called wrong {wrong}, to check {check}",
            f"other questions: mean {off.mean():.1%}, median {np.median(off):.0%}, 95 of 100 pairs below "
            f"{np.quantile(off, 0.95):.0%}, half or more covered in {half:.1%} of {len(off)} pairs",
            "most covered by another question's answer:",
            *(f"  {self.elsewhere[pair]:4.0%}  {pair[0]} by the answer to {pair[1]}" for pair in worst),
        ]
        return "\n".join(lines)


def matrix(reader: Reader, questions: Sequence[Question]) -> Matrix:
    """Judge every model answer by every rubric; by another question's, coverage is all that is asked."""
    rubrics = {question.id: reader.rubric(question) for question in questions}
    answers = {q.id: reader.answer(rubrics[q.id], q.model_answer) for q in questions}
    own, elsewhere = {}, {}
    for question in questions:
        rubric = rubrics[question.id]
        own[question.id] = judge(rubric, answers[question.id])
        for other, answer in answers.items():
            if other != question.id:
                points = _reading(rubric, answer)
                elsewhere[question.id, other] = covered_fraction(points)
    return Matrix(own, elsewhere)


def _reading(rubric: Rubric, answer: Answer) -> tuple[PointResult, ...]:
    subject, relevance = subject_of(rubric, answer), relevance_of(rubric, answer)
    coverage = meant(cover(rubric, answer), rubric.question, subject, relevance)
    return point_results(rubric, answer, coverage, SHIPPED_TERMS, {})


def _print_matrix(reader: Reader, bank: Bank, ids: list[str]) -> None:
    found = matrix(reader, [q for q in bank.questions if q.model_answer])
    print("model answers: own coverage | contradictions, to check | worst on another question | worst taker")
    for name, card in found.own.items():
        if ids and name not in ids:
            continue
        others = {q: share for (q, a), share in found.elsewhere.items() if a == name}
        takers = {a: share for (q, a), share in found.elsewhere.items() if q == name}
        nearest, taker = max(others, key=lambda q: others[q]), max(takers, key=lambda q: takers[q])
        accused, check = len(card.accuracy.contradictions), len(card.accuracy.check)
        print(
            f"  {name:36} {covered_fraction(card.points):4.0%} | {accused}, {check} | "
            f"{nearest} {others[nearest]:.0%} | {taker} {takers[taker]:.0%}"
        )
        for point in card.points:
            if ids or point.state != "covered":
                mark = "" if point.state == "covered" else f"  <-- {point.state}"
                print(f"      {point.probability:.2f} {point.id}{mark}")
        for note in (*card.accuracy.contradictions, *card.accuracy.check):
            print(f"      suspects {note.point}: {note.quote!r}")
    print(found.summary())


def _print_left_out(reader: Reader, bank: Bank, ids: list[str]) -> None:
    asked = [question for question in bank.questions if not ids or question.id in ids]
    definitions = [question for question in asked if question.is_definition]
    long = [question for question in asked if not question.is_definition]
    answers = spoken_answers(bank)
    print("\ndefinitions, each phrasing judged by the rubric without it")
    _print_each({each.id: left_out(reader, each) for each in definitions}, with_failures=bool(ids))
    for kind, questions in (("definitions", definitions), ("long answers", long)):
        print(f"\n{kind}, each spoken line judged by the rubric without its answer and those beside it")
        found = {
            each.id: lines_left_out(reader, each, [told for told in answers if told.question == each.id])
            for each in questions
        }
        _print_each(found, with_failures=bool(ids))


def _print_each(found: Mapping[str, Iterable[LeftOut]], *, with_failures: bool) -> None:
    total: list[LeftOut] = []
    for question_id, its in found.items():
        results = list(its)
        total += results
        print(f"  {question_id:36} {_summary(results)}")
        for result in results if with_failures else ():
            wanted = "right" if result.is_right else "wrong"
            if result.found != wanted:
                about = ", ".join(sorted(result.points))
                print(f"      {wanted} one found {result.found}: [{about}] {result.text}")
    if total:
        print(f"  {'all':36} {_summary(total)}")
        print(f"  {'new to the comparing network':36} {_summary([r for r in total if not r.is_learned])}")


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
