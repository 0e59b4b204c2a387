"""Ownership and specifics, quoted: I versus we, numbers, baselines, decisions, vague team language."""

import re
from collections.abc import Callable, Sequence

from voicecoach.content.model import Question
from voicecoach.content.quantities import (
    Change,
    Quantity,
    changes,
    fractions,
    is_year,
    quantities,
)
from voicecoach.scoring.card import PointResult, Proof, Quote
from voicecoach.scoring.clauses import Clause
from voicecoach.scoring.text import lowered, without_filled_pauses


def _any_of(*patterns: str) -> re.Pattern[str]:
    """Any of the patterns, as whole words."""
    return re.compile("|".join(rf"\b(?:{pattern})\b" for pattern in patterns))


_DID = (
    r"(?!(?:need|needed|wanted|wished|mentioned|believed)\b)\w+ed"
    r"|\w*built|chose|chosen|ran|\w*wrote|\w*written|led|made|found|set|cut|took|taken|began"
    r"|drove|split|went|saw|seen|kept|put|got|gave|given|taught|threw|brought|sent|spent|dug|held|won|fought"
    r"|swept|withdrew|said|caught|read|fit|came up with|did(?! not\b)|done"
)
_ADVERBS = r"(?:(?:\w+ly|also|then|just|always|first|even|never|still|myself) )*"
_SAYING = r"(?:said|explained|described|noted|told|showed)\b"
"""Behind "as I" and "like I" these are no work."""
_A_DECISION = (
    r"decision\b(?! (?:trees?|forests?|boundary|boundaries|surfaces?|thresholds?|functions?|stumps?|rules?"
    r"|nodes?)\b)"
)
_OWN = _any_of(
    rf"(?:(?<!\bas )(?<!\blike )|(?!i (?:\w+ )?{_SAYING}))i(?:'d| had)? {_ADVERBS}(?:{_DID})",
    rf"i(?:'ve| have) {_ADVERBS}(?!(?:got|read|seen|said)\b)(?:{_DID})",
    rf"my (?:contribution|{_A_DECISION}|job|part|role|own|yardstick|baseline)",
)
_TEAM = _any_of(r"we|our|us|we're|we've|we'd")
_VAGUE = _any_of(
    rf"we (?:all |basically |just |then )?(?:{_DID})",
    rf"the team (?:{_DID})",
    r"was involved in|helped (?:out )?with|(?:we|the team|they) (?:\w+ ){0,2}worked on",
)

_UNITS = frozenset(
    (
        "point points ms millisecond milliseconds s second seconds min minute minutes h hour hours day days"
        " week weeks month months year years cent cents dollar dollars euro euros pound pounds user users"
        " customer customers row rows example examples item items request requests times x fold kb mb gb tb"
    ).split()
)
"""Behind a whole number these make it a specific one."""

_COUNTED = re.compile(
    r"[ -]?(?:(?!(?:my|our|your|his|her|its|their|the|that|this|those|these|of|to|in|on|for|at|by|with|from|a"
    r"|an|and|or|but|so|i|we|you|he|she|it|they|us|them|one|main)\b)[\w'-]+ ){0,2}?"
    rf"(?:{'|'.join(sorted(_UNITS))})\b"
)
"""Behind a number: its unit, perhaps after a word or two, as in "five basis points"."""

SPECIFIC_FROM = 10
"""A count from here on is specific whatever it counts."""

_TIMES = _any_of(
    r"twice|thrice|(?:doubl|tripl|halv)(?:ed|es|ing)|(?:double|triple|halve) (?:the|our|its|their)"
)

_SIMPLE = (
    r"(?:simple|plain|basic|naive|dumb|stupid|trivial|crude|logistic|linear|rules?|keyword|average|mean|median"
    r"|bm25)"
)
_REPLACED = (
    r"(?:models?|systems?|rules?|approach|ways?|methods?|process|scores?|pipelines?|version|one|pricing|prices"
    r"|jobs|setup|tools?|code|solution|list|forecasts?|stuff|catalogue)"
)
_PEOPLE = r"(?:they|he|she|people|everyone|everybody|planners|analysts|team|company)"
"""What these "used to" do, whatever it is, nobody does any more."""
_STOOD_THERE = r"(?:it|this|that|these|those|there|which|who|what)"
_WENT_ON = r"be(?! used)|have|cost|need|go|work|wait|fail|spend|pay"
_HELPING = r"(?:is|are|was|were|be|been|being|get|gets|got|[\w']+'(?:s|re|m)|not|also|often|still|\w+ly)"
"""Before "used to" where something is used, or somebody is used to it."""
_LASTING = r"(?:second|minute|hour|day|week|month|year)s?"
_BASELINE = _any_of(
    # By name.
    r"base ?lines?|yardsticks?|status quo|rules? of thumb|heuristics?|naive|legacy|versus",
    r"compar(?:ed|ing) (?:\w+ )?(?:with|to|against)|(?:in|for|by) comparison|old and new",
    # What is simple, or was done without a model.
    r"rule[- ]based|keyword (?:rules?|search|match\w*)|hand[- ]?(?:written|made)|rules? (?:all )?written by",
    rf"(?:started|began|starting) (?:out )?(?:with|from) (?:an? |the )?{_SIMPLE}",
    rf"first (?:\w+ )?(?:i|we) (?:just )?(?:tried|did|took|built|used)\b.*\b{_SIMPLE}",
    r"(?:dumb|simplest|obvious) (?:\w+ )?(?:rule|model|thing|approach|way|one)|was dumb",
    # What was there before.
    rf"(?:previous|existing|current|old|former|original) (?:[\w-]+ )?{_REPLACED}|already (?:\w+ )?in place",
    r"before (?:me|us|(?:i|we) (?:came|joined|started))|when i (?:joined|came|arrived|started)",
    r"(?:before|until|up to) (?:that|then),? (?:there|they|it|the|an?|units)|(?:than|was \w+|as) before",
    rf"{_PEOPLE} used to (?!be used\b)\w+|{_STOOD_THERE} used to (?:{_WENT_ON}|take|run|do|get)",
    rf"(?!(?:i|we|{_HELPING})\b)[\w'-]+ used to"
    rf" (?:{_WENT_ON}|(?:run|do|get)(?! (?:the|an?|our|their|this|it|them)\b)|take (?=.*\b{_LASTING}\b))",
    r"where it (?:was|used to)|(?:up|down) from",
    r"(?:better|worse|faster|cheaper|higher|lower|slower|fewer|less) than"
    r" (?:the|our|their|what|with|any|an? (?:simple|human))",
)
_CHANGED = _any_of(r"went|rose|fell|dropped|shrank|improved|increased|grew|cut|reduced|raised")
"""Beside two numbers, from one to the other; with other words "3 to 4 weeks" may be a range."""
_FROM = re.compile(r"\bfrom(?: [\w'-]+){0,5}\s*$")
_STARTED_AT = re.compile(r"\bstart(?:ed|ing) (?:out )?at(?: [\w'-]+){0,2}\s*$")
_TIME_OF_DAY = frozenset({"am", "pm", "o'clock"})
_ARROW = re.compile(r"->|→|\b(?:up|down) to\b")

_CHOSE = (
    r"chose|chosen|decided|picked|preferred|rejected|traded|opted|settled on|dropped|discarded|ruled out"
    r"|insisted|refused|stayed with|stuck (?:with|to)|gave up|went (?:for|with)|threw (?:\w+ )?out|left out"
    r"|excluded|withdrew"
)
_CHOOSES = r"choose|pick(?! up)|prefer|reject|opt|settle on|go (?:for|with)|stay with"
_OPENS = r"(?:^|(?<=[,.;:!?] )|(?:and|or|so|then|but|here|there|in the end|at the end|in that case) )"
"""Where a main clause begins; elsewhere "we choose" only says of what: "the threshold we choose"."""
_OF_WHAT = "".join(
    rf"(?<!\b{word} )"
    for word in "if when how which what whichever whatever however one that whether once before".split()
)
_DECISION = _any_of(
    rf"{_OPENS}{_ADVERBS}(?:i|we) {_ADVERBS}(?:{_CHOOSES})",
    rf"{_OF_WHAT}(?:i|we)(?:'d|'ll| would| will) {_ADVERBS}(?:{_CHOOSES})",
    r"(?:i|we)(?:'d| would) rather|(?:i|we)'ll take(?! (?:a look|care|time|into)\b)",
    rf"(?:i|we) {_ADVERBS}(?:{_CHOSE})|(?:but|so|we've|i've) (?:{_CHOSE})|^(?:{_CHOSE})",
    r"threw (?:it|that|this|them|those) (?:all )?(?:out|away)|got rid of|on purpose|deliberately",
    rf"(?:a|my|our|one|key|hard\w*|tough|big\w*|main|early|first|important)"
    rf" (?:\w+ )?(?:choice|{_A_DECISION})",
    r"(?:judge?ment|hard\w*|tough\w*|my|big\w*) call\b(?! (?:with|cent(?:er|re))\b)|ma[dk]e the call",
    r"(?:our|one|key|main|early|first|important) call (?:\w+ \w+ )?was to (?!(?:the|an?|our|my|their)\b)\w+",
    # One thing and not another, and what it cost.
    r"instead of|rather than|never (?:at random|by|with)",
    r"(?:^|(?<=and )|(?<=but )|(?<=, ))not (?:an?|the|by|at|every|just|only|with|from)",
    r"trade[- ]?offs?|at the (?:cost|price|expense) of|as the price of|the price (?:was|we paid)",
    r"because (?:it|we|i|the|that|you|otherwise)",
)
_REASON = _any_of("because", "so that")


def judge_proof(question: Question, clauses: Sequence[Clause], points: Sequence[PointResult]) -> Proof:
    """Ownership and specifics of an answer.

    Stories are judged on saying "I" and on numbers; other questions on specifics alone, since nobody owns a
    definition. A baseline or a decision shows by its words, or as a point that names one and was said in
    whatever words.

    Args:
        question: What is asked.
        clauses: Those of the answer that count.
        points: Of the question, as judged.
    """
    fluent = without_filled_pauses([clause.text for clause in clauses])
    lower = [(clause, lowered(text)) for clause, text in zip(clauses, fluent, strict=True)]
    own = sum(bool(_OWN.search(text)) for _, text in lower)
    team = sum(len(_TEAM.findall(text)) for _, text in lower)
    said = [
        (Quote(result.quote, result.start_s, result.end_s), (point.statement or point.label).lower())
        for point, result in zip(question.points, points, strict=True)
        if result.state in ("covered", "partly") and result.start_s is not None and result.end_s is not None
    ]
    numbers = _quotes(lower, _names_a_number)
    baselines = _beside(_quotes(lower, _names_a_baseline), said, _names_a_baseline)
    decisions = _beside(_quotes(lower, _DECISION.search), said, _plans_a_decision)
    story = question.kind == "story"
    of_team = [(clause, text) for clause, text in lower if not _OWN.search(text)]
    vague = _quotes(of_team, _VAGUE.search) if story else ()
    specifics = 40 * min(1, len(numbers)) + 30 * min(1, len(baselines)) + 30 * min(1, len(decisions))
    if question.is_definition:
        score = 100.0
    elif story:
        ownership = own / (own + 0.5 * len(vague)) if own else 0.0
        score = 0.5 * specifics + 50 * ownership
    else:
        score = float(specifics)
    return Proof(score if clauses else 0.0, own, team, numbers, baselines, decisions, vague)


def _names_a_number(text: str) -> bool:
    numbers = quantities(text)
    return bool(_TIMES.search(text) or fractions(text)) or any(_is_specific(each, text) for each in numbers)


def _is_specific(number: Quantity, text: str) -> bool:
    """Whether it tells how much: no year, and no small count of whatever it is."""
    if number.is_percent or not float(number.value).is_integer():
        return True
    if number.in_words and number.value == 1:  # "one day I saw"
        return False
    if number.text[0] in "$€£" or "," in number.text:
        return True
    if is_year(number):  # "in 2021 active users left"
        return number.unit in _UNITS
    return number.value >= SPECIFIC_FROM or bool(_COUNTED.match(text, number.end))


def _names_a_baseline(text: str) -> bool:
    if _BASELINE.search(text) or any(_is_started_at(number, text) for number in quantities(text)):
        return True
    told = changes(text)
    return bool(told) and bool(_CHANGED.search(text) or any(_comes_from(change, text) for change in told))


def _is_started_at(number: Quantity, text: str) -> bool:
    return number.unit not in _TIME_OF_DAY and bool(_STARTED_AT.search(text[: number.start]))


def _comes_from(change: Change, text: str) -> bool:
    first, last = sorted((change.before, change.after), key=lambda number: number.start)
    return bool(_FROM.search(text[: change.before.start]) or _ARROW.search(text[first.end : last.start]))


def _plans_a_decision(text: str) -> bool:
    """Whether a point names a decision: in so few words any reason is one for a choice."""
    return bool(_DECISION.search(text) or _REASON.search(text))


def _quotes(clauses: Sequence[tuple[Clause, str]], names: Callable[[str], object]) -> tuple[Quote, ...]:
    return tuple(Quote(c.text, c.start_s, c.end_s) for c, text in clauses if names(text))


def _beside(
    found: tuple[Quote, ...], said: Sequence[tuple[Quote, str]], names: Callable[[str], object]
) -> tuple[Quote, ...]:
    """The quotes, and those of points that name such a thing, where none of the first lies in them."""
    more = [
        quote
        for quote, point in said
        if names(point)
        and not any(each.start_s < quote.end_s and quote.start_s < each.end_s for each in found)
    ]
    return tuple(sorted({*found, *more}, key=lambda quote: quote.start_s))
