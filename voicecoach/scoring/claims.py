"""Which way a statement points: what is more than what, and what rises or falls with what.

"A random positive is scored above a random negative" and "a random negative above a random positive" have the
same words, and so have "a stronger penalty means less variance and more bias" and its opposite; sentence
vectors hardly tell them apart. Read from the words here are comparisons of two poles that are named
("training" and "validation"), pairs of quantities of which the direction is told, and whether a spoken
formula of true positives is one that exists. What is denied, doubted or only supposed is left alone.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, combinations

from voicecoach.scoring.shares import formula_below

Claim = tuple[str, int]
"""What is claimed about, and 1 or -1 for either direction, 0 for "stays the same"."""

Claims = frozenset[Claim]
"""Each about something else."""

_AXES = (
    ("train", "training trained seen memorised memorized", "validation test unseen held holdout fresh new"),
    ("positive", "positive positives", "negative negatives"),
    ("recall", "recall", "precision"),
    ("top", "top first", "lower bottom last tenth"),
    ("sure", "confident sure certain", "unsure hesitant cautious uncertain"),
    ("offline", "offline notebook", "online live production"),
    ("roc", "roc", "pr"),
)
_POLES = tuple((name, frozenset(one.split()), frozenset(other.split())) for name, one, other in _AXES)
_QUALITY = frozenset(
    """accuracy score scores error errors loss performs perform performance better worse well does works
    good bad metric metrics looks result results""".split()
)
_OF_QUALITY = frozenset({"train", "offline"})
"""Axes on which only how good something is counts, not how large."""
_BAD = frozenset("error errors loss losses mistakes worse".split())
_MORE = frozenset(
    "higher larger bigger greater more better above beats exceeds over worse before further".split()
)
_LESS = frozenset("lower smaller less fewer below under".split())
_LINKS = frozenset({"than", "above", "below", "beats", "exceeds"})
_COMPARED = 8
"""Words on either side in which the two poles are looked for."""

_QUANTITIES = {
    "threshold": "threshold cutoff",
    "precision": "precision",
    "recall": "recall",
    "bias": "bias",
    "variance": "variance",
    "complexity": "complexity complex flexible flexibility capacity",
    "penalty": "lambda penalty regularisation regularization",
    "data": "data rows examples",
    "temperature": "temperature",
    "truth": "truthful truth",
}
_QUANTITY = {word: name for name, words in _QUANTITIES.items() for word in words.split()}
_OUTCOMES = frozenset({"bias", "variance", "precision", "recall", "truth"})
"""Of two of them nothing is claimed where one stays as it is."""
_UP = frozenset(
    """raise raises raising raised increase increases increasing increased boost boosts improve
    improves""".split()
)
_DOWN = frozenset(
    """lowering lowers lowered reduce reduces reducing reduced decrease decreases decreasing decreased cut
    cuts shrink shrinks cost costs costing hurts hurt expense lose loses""".split()
)
_UP_NEXT = frozenset("more higher larger bigger stronger greater".split())
_DOWN_NEXT = frozenset("less lower fewer smaller weaker".split())
_UP_LAST = frozenset("rises rise rising grows grow growing up climbs".split())
_DOWN_LAST = frozenset("falls fall falling drops drop dropping down suffers".split())
_SAME_LAST = frozenset("stays stay unchanged same constant".split())
_SIMPLER = frozenset({"simpler", "simplify"})
_AHEAD, _BEHIND = 3, 4
_JOINS = frozenset("so and but because then which while whereas if when".split())

_EXISTS = ("formula", 1)


@dataclass(frozen=True, slots=True)
class _Told:
    """What is told of the one and not of the other.

    Attributes:
        about: Its name.
        one: Words for what it is told of.
        other: Words for what it is not told of.
        by: It is told by one of these,
        beside: together with one of these, where there are any,
        barred: and with none of these.
        is_named_first: Whether what it is told of comes before what tells it.
    """

    about: str
    one: frozenset[str]
    other: frozenset[str]
    by: frozenset[str]
    beside: frozenset[str] = frozenset()
    barred: frozenset[str] = frozenset()
    is_named_first: bool = False


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


_GRAVE = _words("expensive costly dangerous serious fatal unacceptable worst dear")
_MISSED, _ALARMS = _words("miss misses missing missed overlook"), _words("alarm alarms")
_RECALL, _PRECISION = _words("recall"), _words("precision")
_TOLD_OF = (
    _Told(
        "to zero",
        _words("l1 lasso"),
        _words("l2 ridge"),
        _words("zero sparse sparsity selects"),
        is_named_first=True,
    ),
    _Told("mean", _words("harmonic"), _words("arithmetic plain simple ordinary"), _words("mean average")),
    _Told("grave", _RECALL, _PRECISION, _MISSED, _GRAVE, _ALARMS),
    _Told("grave", _PRECISION, _RECALL, _ALARMS, _GRAVE, _MISSED),
)
_SPELLED = ((re.compile(r"\bl (?:one|1)\b"), "l1"), (re.compile(r"\bl (?:two|2)\b"), "l2"))
_FIT = (
    re.compile(r"\b(bias|variance) (?:error )?(?:is|means|leads to|causes|gives) (?:\w+ )?(over|under)fit"),
    re.compile(r"\b(over|under)fit\w* (?:is|means|comes from|has|shows) (?:\w+ )?(bias|variance)\b"),
)
_CLAUSE = re.compile(r"[,;:]|\b(?:and|but|while|whereas)\b")

_DENIES = frozenset(
    """not never no nothing neither nor without isn't doesn't don't won't can't cannot wasn't aren't hardly
    rather instead myth confuse confused opposite unlike contrary""".split()
)
_IMAGINES = frozenset({"would"})
_SUPPOSES = frozenset("if whether unless until".split())

_SENTENCE = re.compile(r"[.;!?]\s|[.;!?]$")
_NAME = re.compile(r"[a-z][a-z0-9']*")
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")


@lru_cache(maxsize=16_384)
def claims_of(text: str) -> Claims:
    """What a text claims; nothing where it names neither poles nor quantities, or tells both directions."""
    return _undisputed(_claimed(text))


def common(every: Iterable[Claims]) -> Claims:
    """What several wordings of one statement claim, each for all of them, where none claims otherwise."""
    return _undisputed(chain.from_iterable(every))


def telling(statement: Claims, opposite: Iterable[Claims]) -> Claims:
    """What a statement claims, without what those that contradict it claim as well and none of them denies.

    A formula is kept: that of a contrast exists as well, and neither is one over true negatives.
    """
    others = {claim for each in opposite for claim in each}
    denied = {about for about, direction in others if (about, direction) not in statement}
    return frozenset(
        claim for claim in statement if claim not in others or claim[0] in denied or claim == _EXISTS
    )


def against(one: Claims, other: Claims) -> bool:
    """Whether two statements claim opposite directions, and more of those than the same ones."""
    shared = {about for about, _ in one} & {about for about, _ in other}
    return len(shared) > 2 * len(one & other)


def _undisputed(claimed: Iterable[Claim]) -> Claims:
    directions: dict[str, set[int]] = defaultdict(set)
    for about, direction in claimed:
        directions[about].add(direction)
    return frozenset((about, max(told)) for about, told in directions.items() if len(told) == 1)


def _claimed(text: str) -> Iterable[Claim]:
    for sentence in _SENTENCE.split(text.lower().replace("’", "'")):
        words = _WORD.findall(sentence)
        yield from _comparisons(words)
        if not _DENIES & {*words}:
            yield from _effects(words)
            yield from _formula(sentence)
            yield from _fit(sentence)
        for part in {sentence, *_CLAUSE.split(sentence)}:
            yield from _told_of(part)


def _told_of(part: str) -> Iterable[Claim]:
    for pattern, meant in _SPELLED:
        part = pattern.sub(meant, part)
    said = _NAME.findall(part)
    words = {*said}
    for told in _TOLD_OF:
        one, other = words & told.one, words & told.other
        is_said = words & told.by and not words & told.barred and (not told.beside or words & told.beside)
        if not is_said or words & (_DENIES | _IMAGINES) or bool(one) == bool(other):
            continue
        if not told.is_named_first or min(map(said.index, one or other)) < min(
            map(said.index, words & told.by)
        ):
            yield told.about, 1 if one else -1


def _fit(sentence: str) -> Iterable[Claim]:
    for pattern in _FIT:
        for found in pattern.finditer(sentence):
            is_so = {*found.groups()} in ({"bias", "under"}, {"variance", "over"})
            yield "fit", 1 if is_so else -1


def _formula(sentence: str) -> Iterable[Claim]:
    """True positives over themselves and true negatives is no share of anything."""
    below = formula_below(sentence)
    if below and "true positives" in below:
        false = {"false positives" in below, "false negatives" in below}
        if "true negatives" in below and false != {True}:
            yield "formula", -1
        elif "true negatives" not in below and false == {True, False}:
            yield _EXISTS


def _comparisons(words: list[str]) -> Iterable[Claim]:
    for i, word in enumerate(words):
        if word not in _LINKS or _SUPPOSES & {*words[:i]}:
            continue
        sign = _sign(words, i)
        left, right = words[max(0, i - _COMPARED) : i], words[i + 1 : i + 1 + _COMPARED]
        if _DENIES & {*left, *right}:
            continue
        for name, one, other in _POLES:
            forwards = _names(left, one, other) and _names(right, other, one)
            backwards = _names(left, other, one) and _names(right, one, other)
            if not sign or not (forwards or backwards):
                continue
            if name in _OF_QUALITY and not _QUALITY & {*left, *right}:
                continue
            flips = name in _OF_QUALITY and len(_BAD & {*left, *right}) == 1
            yield name, sign * (1 if forwards else -1) * (-1 if flips else 1)


def _sign(words: list[str], link: int) -> int:
    """Whether more or less is said before "than", or by the word that links."""
    for word in (words[link], *reversed(words[max(0, link - 4) : link])):
        if word in _MORE or word in _LESS:
            return 1 if word in _MORE else -1
    return 0


def _names(words: list[str], one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether one pole is named and the other is not."""
    return bool(one & {*words}) and not other & {*words}


def _effects(words: list[str]) -> Iterable[Claim]:
    found = (_told(words, i, word) for i, word in enumerate(words))
    told = dict(_undisputed(claim for claim in found if claim is not None))
    for one, other in combinations(sorted(told), 2):
        if (told[one] and told[other]) or (told[one] != told[other] and not {one, other} <= _OUTCOMES):
            yield f"{one} with {other}", told[one] * told[other]


def _first_quantity(words: list[str]) -> str | None:
    """The first that is named before another part of the sentence begins."""
    for word in words:
        if word in _QUANTITY:
            return _QUANTITY[word]
        if word in _JOINS:
            return None
    return None


def _told(words: list[str], i: int, word: str) -> tuple[str, int] | None:
    """A quantity and its direction, where a word tells one."""
    if word in _SIMPLER:
        return "complexity", -1
    ahead = _first_quantity(words[i + 1 : i + 1 + _AHEAD])
    behind = _first_quantity(words[max(0, i - _BEHIND) : i][::-1])
    if word in _UP | _DOWN:
        quantity = ahead or behind
        return (quantity, 1 if word in _UP else -1) if quantity else None
    if word in _UP_NEXT | _DOWN_NEXT:
        return (ahead, 1 if word in _UP_NEXT else -1) if ahead else None
    if word in _UP_LAST | _DOWN_LAST | _SAME_LAST:
        direction = 1 if word in _UP_LAST else -1 if word in _DOWN_LAST else 0
        return (behind, direction) if behind else None
    return None
