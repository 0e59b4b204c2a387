"""Ownership and specifics, quoted: I versus we, numbers, baselines, decisions, vague team language."""

import re

from voicecoach.content.model import Question
from voicecoach.scoring.card import Proof, Quote
from voicecoach.scoring.clauses import Clause

_VERBS = r"\w+ed|\w*built|chose|ran|wrote|led|made|found|set|cut|took|began|drove|split|went|saw|kept|put|got"
_OWN = re.compile(
    rf"\bi(?:'d| had)? (?:\w+ly )?(?:also )?(?:{_VERBS})\b"
    r"|\bmy (?:contribution|decision|job|part|role|own)\b"
)
_TEAM = re.compile(r"\b(?:we|our|us|we're|we've|we'd)\b")
_VAGUE = re.compile(
    rf"\bwe (?:all |basically |just |then )?(?:{_VERBS}|did|worked|used|improved|handled|helped)\b"
    rf"|\bthe team (?:{_VERBS}|did)\b|\bwas involved in\b|\bhelped (?:out )?with\b|\bworked on\b"
)
_COUNT = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty"
    "|seventy|eighty|ninety|hundred|thousand|million|billion"
)
_UNIT = (
    "percent|per cent|points?|milliseconds?|seconds?|minutes?|hours?|days?|weeks?|months?|years?|dollars?"
    "|euros?|pounds?|users?|customers?|rows?|examples?|items?|requests?|times|thousand|million|billion|hundred"
)
_NUMBER = re.compile(
    r"\b\d[\d.,]*\s?(?:%|\w+)|\b(?:half|twice|double|third|quarter)\b"
    rf"|\b(?:{_COUNT})(?: \w+){{0,2}} (?:{_UNIT})\b"
)
_BASELINE = re.compile(
    r"\bbaselines?\b|\bcompared (?:with|to|against)\b|\bversus\b|\brule[- ]based\b|\bheuristics?\b"
    r"|\b(?:previous|existing|current|old) (?:model|system|rules?|approach)\b"
    r"|\bstarted with (?:a |an )?(?:simple |plain )?(?:logistic|linear|rule)"
)
_DECISION = re.compile(
    r"\b(?:i|we) (?:chose|decided|picked|preferred|rejected|traded)\b|\btrade[- ]?offs?\b|\binstead of\b"
    r"|\brather than\b|\bbecause (?:it|we|i|the|that)\b|\bat the (?:cost|price|expense) of\b"
)


def judge_proof(question: Question, clauses: tuple[Clause, ...]) -> Proof:
    """Ownership and specifics of an answer.

    Stories are judged on saying "I" and on numbers; other questions on specifics alone, since nobody owns a
    definition.
    """
    lower = [(clause, clause.text.lower()) for clause in clauses]
    own = sum(bool(_OWN.search(text)) for _, text in lower)
    team = sum(len(_TEAM.findall(text)) for _, text in lower)
    numbers = _quotes(lower, _NUMBER)
    baselines = _quotes(lower, _BASELINE)
    decisions = _quotes(lower, _DECISION)
    story = question.kind == "story"
    vague = tuple(q for q in _quotes(lower, _VAGUE) if not _OWN.search(q.quote.lower())) if story else ()
    specifics = 40 * min(1, len(numbers)) + 30 * min(1, len(baselines)) + 30 * min(1, len(decisions))
    if question.is_definition:
        score = 100.0
    elif story:
        ownership = own / (own + 0.5 * len(vague)) if own else 0.0
        score = 0.5 * specifics + 50 * ownership
    else:
        score = float(specifics)
    return Proof(score if clauses else 0.0, own, team, numbers, baselines, decisions, vague)


def _quotes(clauses: list[tuple[Clause, str]], pattern: re.Pattern[str]) -> tuple[Quote, ...]:
    return tuple(Quote(c.text, c.start_s, c.end_s) for c, text in clauses if pattern.search(text))
