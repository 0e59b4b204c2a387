"""The definition drill: a round of terms, where what was not crisp comes back until it is.

Everything here is a value: a round takes a verdict and becomes the round after it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal
from zlib import crc32

from voicecoach.content.model import Question, RoleGuide
from voicecoach.practice.terms import Term, once_more
from voicecoach.scoring.card import Contradiction, PointResult, ScoreCard

Verdict = Literal["right", "check", "vague", "wrong", "passed"]
"""What became of one answer; "passed" is "I don't know", which is not judged."""

MOST_TRIES = 3
"""How often one thing is asked in a round, so that every round ends."""

COMES_BACK_AFTER = 3
"""So many others are asked before a term comes back, as far as there are any."""

SIZES = (3, 6, 12, 60)
"""Lengths of a round that are offered, in terms; the last takes every term there is."""

SHORT_ROUND = 6
"""Terms of a round, unless another number is chosen."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing that is asked.

    Attributes:
        title: The term.
        question: What is asked of it: a definition narrowed to some of its points.
        then: The second step, asked as soon as this one is right; None where there is none.
        is_second: Whether this is a second step.
    """

    title: str
    question: Question
    then: Question | None = None
    is_second: bool = False


@dataclass(frozen=True, slots=True)
class Tried:
    """One answer and its verdict."""

    ask: Ask
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one thing that was asked went in a round.

    Attributes:
        ask: What was asked.
        verdicts: Of its answers, in order; at least one.
    """

    ask: Ask
    verdicts: tuple[Verdict, ...]

    @property
    def is_crisp(self) -> bool:
        """Whether it came out right in the end."""
        return self.verdicts[-1] == "right"


@dataclass(frozen=True, slots=True)
class Drill:
    """A round.

    Attributes:
        queue: What is to come, the next first.
        tried: What has been answered, in order.
    """

    queue: tuple[Ask, ...]
    tried: tuple[Tried, ...] = ()

    @property
    def now(self) -> Ask | None:
        """What is asked now; None when the round is over."""
        return self.queue[0] if self.queue else None

    @property
    def question(self) -> Question | None:
        """What is asked now, in the words for it: what comes back among others says what it is about."""
        if not self.queue:
            return None
        ask = self.queue[0]
        return once_more(ask.question, ask.title) if self.tries(ask) else ask.question

    def answered(self, verdict: Verdict) -> "Drill":
        """The round after an answer to what is asked now.

        Right once is enough, and brings the second step at once. Anything else comes back some terms
        later, MOST_TRIES times at most: "check this" is no accusation, but it was not crisp either.
        """
        if not self.queue:
            return self
        ask, rest = self.queue[0], self.queue[1:]
        after = replace(self, tried=(*self.tried, Tried(ask, verdict)))
        if verdict == "right":
            second = (Ask(ask.title, ask.then, is_second=True),) if ask.then is not None else ()
            return replace(after, queue=(*second, *rest))
        if after.tries(ask) < MOST_TRIES:
            rest = (*rest[:COMES_BACK_AFTER], ask, *rest[COMES_BACK_AFTER:])
        return replace(after, queue=rest)

    def outcomes(self) -> tuple[Outcome, ...]:
        """How everything went that has been answered, in the order in which it was asked first."""
        by_id: dict[str, list[Tried]] = {}
        for each in self.tried:
            by_id.setdefault(each.ask.question.id, []).append(each)
        return tuple(
            Outcome(answers[0].ask, tuple(each.verdict for each in answers)) for answers in by_id.values()
        )

    def tries(self, ask: Ask) -> int:
        """How often this has been answered."""
        return sum(each.ask.question.id == ask.question.id for each in self.tried)


def begin(terms: Sequence[Term], seed: int) -> Drill:
    """A round over some terms in their order; the second step of each is drawn.

    Args:
        terms: The same seed draws the same second steps.
        seed: Any number.
    """

    def second(term: Term) -> Question | None:
        return term.seconds[_draw(term, seed) % len(term.seconds)] if term.seconds else None

    return Drill(tuple(Ask(term.question.title, term.first, second(term)) for term in terms))


def in_order(
    terms: Sequence[Term], last: Mapping[str, Verdict], due: Collection[str], seed: int
) -> tuple[Term, ...]:
    """Terms in the order in which to drill them, drawn within each group.

    Due ones come first, then those never tried, those that were not right last time, and the rest.

    Args:
        terms: All that were chosen.
        last: By id the verdict of the last answer; a term without one was never tried.
        due: Ids of those with a point that has come back.
        seed: The same one gives the same order.
    """

    def group(term: Term) -> int:
        if term.id in due:
            return 0
        if term.id not in last:
            return 1
        return 3 if last[term.id] == "right" else 2

    return tuple(sorted(terms, key=lambda term: (group(term), _draw(term, seed))))


def _draw(term: Term, seed: int) -> int:
    """A number that looks like chance, the same for the same term and seed."""
    return crc32(f"{seed} {term.id}".encode())


@dataclass(frozen=True, slots=True)
class Choice:
    """Terms that can be drilled together.

    Attributes:
        label: What a person sees.
        terms: At least one.
    """

    label: str
    terms: tuple[Term, ...]


def choices(terms: Sequence[Term], due: Collection[str], roles: Sequence[RoleGuide]) -> tuple[Choice, ...]:
    """What can be drilled: all terms, the due ones, those of an area, those that a role's interviews ask.

    Args:
        terms: All there are.
        due: Ids of those with a point that has come back.
        roles: The bank's roles.
    """
    offered = [
        Choice("All terms", tuple(terms)),
        Choice("Due: a point has come back", tuple(term for term in terms if term.id in due)),
    ]
    areas = sorted({term.question.area for term in terms})
    offered += [
        Choice(f"Area: {area}", tuple(term for term in terms if term.question.area == area)) for area in areas
    ]
    offered += [
        Choice(f"Role: {guide.label}", tuple(term for term in terms if guide.role in term.question.roles))
        for guide in roles
    ]
    return tuple(choice for choice in offered if choice.terms)


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a person is told about one answer.

    Attributes:
        verdict: Of the answer.
        quote: The words that it rests on; empty where nothing said it.
        why: The contrast that the words fell into, and what is right; empty where there is none.
        also: Labels of points that were asked for too and not said, where the answer is right.
        exact: What to have said.
        heard: The whole answer as it was heard.
    """

    verdict: Verdict
    quote: str
    why: str
    also: tuple[str, ...]
    exact: str
    heard: str


def feedback(question: Question, card: ScoreCard, exact: str, heard: str) -> Feedback:
    """What is told about one answer, at once."""
    verdict = verdict_of(question, card)
    points = _asked(question, card)
    note = next(iter(_notes(question, card.accuracy.contradictions)), None) or next(
        iter(_notes(question, card.accuracy.check)), None
    )
    said = max(points, key=lambda point: point.probability)
    if verdict == "right":
        also = tuple(point.label for point in points if point.state != "covered")
        return Feedback(verdict, said.quote, "", also, exact, heard)
    if note is not None:
        return Feedback(verdict, note.quote, note.why, (), exact, heard)
    return Feedback(verdict, said.quote if verdict == "check" else "", "", (), exact, heard)


def verdict_of(question: Question, card: ScoreCard) -> Verdict:
    """What the card says about the points that were asked for.

    wrong   one of them is contradicted, and not said rightly elsewhere in the answer. Nothing less: to call
            a right answer wrong is the worst mistake of all
    check   one lies in the judge's unsure band against a contrast, was both said and contradicted, or the
            best of them was said by half
    right   one of them is covered. Where several were asked for, such as the two ways to say what ROC AUC
            is, an interviewer takes either
    vague   nothing of the sort was said

    Args:
        question: What was asked.
        card: Of an answer to it, or to the whole definition.
    """
    states = {point.state for point in _asked(question, card)}
    if "contradicted" in states:
        return "wrong"
    if _notes(question, card.accuracy.contradictions) or _notes(question, card.accuracy.check):
        return "check"
    if "covered" in states:
        return "right"
    return "check" if "partly" in states else "vague"


def _asked(question: Question, card: ScoreCard) -> tuple[PointResult, ...]:
    wanted = {point.id for point in question.points}
    return tuple(point for point in card.points if point.id in wanted)


def _notes(question: Question, notes: tuple[Contradiction, ...]) -> tuple[Contradiction, ...]:
    wanted = {point.id for point in question.points}
    return tuple(note for note in notes if note.point in wanted)
