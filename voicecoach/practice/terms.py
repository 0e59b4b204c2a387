"""The terms of the definition drill: what is asked of each, and the exact version to compare with."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import sqrt

from voicecoach.content.model import Bank, Point, Question, whole_id
from voicecoach.errors import UnknownQuestionError
from voicecoach.outside import quoted
from voicecoach.scoring.text import content_stems

ASKS_MORE = "And what is the catch, or when would you use it?"
"""The second step of a definition that brings no follow-up."""

_AUXILIARY = (
    r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|shall|should|may|might|must)\b"
)
# "When labels arrive late" asks nothing, "when do labels arrive late" does.
_WHEN = rf"(?:when|where)\s+{_AUXILIARY}"
_FIRST_CLAUSE = re.compile(
    rf"^((?:.*?\b(?:(?:what|why|how|which|who)\b|{_WHEN})|{_AUXILIARY}).*?)"
    # After a comma "which" and "who" mostly go on about what was just named.
    rf",\s+(?:and\s+)?(?:(?:what|why|how)\b|{_WHEN}|{_AUXILIARY})",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Term:
    """A definition as the drill asks it.

    Attributes:
        question: The whole definition.
        first: What it is: the points of its first beat.
        seconds: The catch or the fix, one of which is asked as the second step; empty where the
            rubric has a single beat.
    """

    question: Question
    first: Question
    seconds: tuple[Question, ...]

    @property
    def id(self) -> str:
        """The definition's id."""
        return self.question.id


def all_terms(bank: Bank) -> tuple[Term, ...]:
    """Every definition of the bank, the person's own among them, in order of title."""
    definitions = sorted((q for q in bank.questions if q.is_definition), key=lambda q: q.title.casefold())
    return tuple(map(term_of, definitions))


def find_term(terms: Sequence[Term], name: str) -> Term:
    """The term that someone calls so: its title, its id, or its id without "define-".

    Raises:
        UnknownQuestionError: There is none, or several fit.
    """
    wanted = " ".join(name.casefold().replace("-", " ").split())

    def names(term: Term) -> set[str]:
        own = {term.id, term.id.removeprefix("define-"), term.question.title}
        return {" ".join(each.casefold().replace("-", " ").split()) for each in own}

    exact = [term for term in terms if wanted in names(term)]
    near = exact or [term for term in terms if any(wanted in each for each in names(term)) and wanted]
    if len(near) == 1:
        return near[0]
    if near:
        meant = ", ".join(term.id.removeprefix("define-") for term in near[:5])
        raise UnknownQuestionError(f"{quoted(name, 60)} fits several terms.", f"Say which: {meant}.")
    raise UnknownQuestionError(
        f"There is no term {quoted(name, 60)} to drill.",
        "`voicecoach list` shows them: their ids begin with define-.",
    )


def term_of(question: Question) -> Term:
    """A definition cut into its two steps.

    The second step asks one further point by its follow-up, as an interviewer would; a rubric without such
    follow-ups is asked for any of its further points.
    """
    first_beat = question.structure.beats[0].id
    told_first = [point.id for point in question.points if point.beat == first_beat]
    # A rubric may leave its first beat empty: its weightiest point is then what the term is.
    told_first = told_first or [max(question.points, key=lambda point: point.weight).id]
    first = _asked(question, told_first, first_ask(question.text))
    others = [point.id for point in question.points if point.id not in told_first]
    seconds = tuple(
        _asked(question, [each.point], each.ask) for each in question.follow_ups if each.point in others
    )
    if others and not seconds:
        seconds = (_asked(question, others, ASKS_MORE),)
    return Term(question, first, seconds)


def alternatives(bank: Bank) -> frozenset[frozenset[str]]:
    """The points of each part of a definition that the drill asks by several: any one of them is right."""
    parts = (part for term in all_terms(bank) for part in (term.first, *term.seconds))
    return frozenset(frozenset(each.id for each in part.points) for part in parts if len(part.points) > 1)


def asked_in_drill(bank: Bank, question_id: str) -> Question | None:
    """What the drill asks by that id, in its words and within its window; None where it asks no such thing.

    The same id narrows a definition where a card or a round asks for one of its points: see Bank.find.
    """
    whole = bank.find(whole_id(question_id))
    if whole is None or not whole.is_definition or whole.id == question_id:
        return None
    term = term_of(whole)
    return next((each for each in (term.first, *term.seconds) if each.id == question_id), None)


def _asked(question: Question, points: Sequence[str], text: str) -> Question:
    """Some points of a definition, under its title and within its window."""
    narrowed = question.narrowed(points)
    return replace(narrowed, title=question.title, text=text, target_s=question.target_s)


def first_ask(text: str) -> str:
    """The first of the questions that a definition asks in one breath; all of it where it asks just one.

    "What is recall, and when do you care about it?" begins with "What is recall?".
    """
    found = _FIRST_CLAUSE.match(text)
    return f"{found[1].rstrip(' ,')}?" if found else text


def once_more(question: Question, title: str) -> Question:
    """A question that comes back among others: it must say what it is about."""
    return replace(question, text=f"Once more, {title}. {question.text}")


def exact_version(question: Question) -> str:
    """What to have said to a narrowed question, in whole sentences that can be read aloud.

    These are the sentences of the whole question's model answer that say its points best, in their order; a
    question without a model answer has the first phrasing of each point, quoted.
    """
    whole = question.whole
    sentences = whole.model_sentences
    if not sentences:
        return f"You could say: {'; '.join(point.phrasings[0] for point in question.points)}."
    chosen = {_best(sentences, point, whole.points) for point in question.points}
    return " ".join(sentences[index] for index in sorted(chosen))


def _best(sentences: Sequence[str], point: Point, points: Sequence[Point]) -> int:
    """The sentence that says most of the point, and least of the others."""
    uses = {each.id: _uses(each) for each in points}
    own = uses[point.id]

    def said(sentence: str) -> float:
        stems = frozenset(content_stems(sentence))
        if not stems:
            return 0.0
        shares = [
            len(stems & wanted) / len(wanted)
            for wanted in (frozenset(content_stems(phrasing)) for phrasing in point.phrasings)
            if wanted
        ]
        of_phrasings = sum(sorted(shares)[-2:])
        # How much of each word's use in the rubric is this point's; a word of one phrasing counts less.
        belongs = sum(
            own[stem] / sum(each.get(stem, 0.0) for each in uses.values()) * min(1.0, 4 * own[stem])
            for stem in stems & own.keys()
        )
        return of_phrasings + belongs / sqrt(len(stems))

    return max(range(len(sentences)), key=lambda index: (said(sentences[index]), -index))


def _uses(point: Point) -> dict[str, float]:
    """By stem the share of a point's phrasings that have it."""
    count = Counter(stem for phrasing in point.phrasings for stem in set(content_stems(phrasing)))
    return {stem: times / len(point.phrasings) for stem, times in count.items()}
