"""What an interviewer would remark on in an answer as a whole: one thing is said and another is not.

The rules are data (rubrics/warnings.toml). They look for words, not for meaning: a rule speaks of something
absent, and the easiest way to be wrong about that is to overlook one of the many ways of saying it. So each
lists many words that silence it, and a covered point of the right beat silences it too.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from voicecoach.content.model import WarningRule
from voicecoach.scoring.card import PointResult, Proof, RaisedWarning
from voicecoach.scoring.clauses import Clause
from voicecoach.scoring.text import tokens


def raised_warnings(
    rules: Sequence[WarningRule], clauses: Sequence[Clause], points: Sequence[PointResult], proof: Proof
) -> tuple[RaisedWarning, ...]:
    """The rules that an answer calls up, each with the clause that did.

    Args:
        rules: Those of the question.
        clauses: The answer.
        points: What was covered.
        proof: Whether the speaker said what they did.
    """
    said = [" ".join(tokens(clause.text)) for clause in clauses]
    told = {point.beat for point in points if point.state in ("covered", "partly")}
    raised = []
    for rule in rules:
        if told.intersection(rule.unless_beats) or (rule.unless_own_work and proof.first_person):
            continue
        unless = _pattern(rule.unless)
        # A pause or a long sentence may cut a term in two.
        if unless.search(" ".join(said)):
            continue
        when = _pattern(rule.when)
        counts = [len(when.findall(text)) for text in said]
        if sum(counts) < rule.times:
            continue
        first = clauses[next(i for i, count in enumerate(counts) if count)]
        raised.append(RaisedWarning(rule.id, rule.message, first.text, first.start_s, first.end_s))
    return tuple(raised)


@lru_cache(maxsize=64)
def _pattern(terms: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the terms as whole words; a `*` at a word's end stands for the rest of the word.

    No terms match nothing.
    """
    if not terms:
        return re.compile(r"(?!)")
    found = []
    for term in terms:
        words = [
            re.escape(" ".join(tokens(word))) + (r"[\w']*" if word.endswith("*") else "")
            for word in term.split()
        ]
        found.append(r"\s".join(words))
    return re.compile(rf"\b(?:{'|'.join(found)})\b")
