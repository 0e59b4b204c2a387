"""Which way a statement points: what is more than what, and what rises or falls with what.

"A random positive is scored above a random negative" and "a random negative above a random positive" have the
same words, and so have "a stronger penalty means less variance and more bias" and its opposite; sentence
vectors hardly tell them apart. Read from the words here are comparisons of two poles that are named
("training" and "validation"), pairs of quantities of which the direction is told, what is told of one term
and not of its neighbour, and whether a spoken formula of true positives is one that exists.

People say such things in more ways than rules know. What is denied, supposed, reported or a remedy is left
alone, and still a reading may be wrong: alone it is a reason to look again, never one to accuse.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, combinations

from voicecoach.scoring.shares import formula_below
from voicecoach.scoring.text import lowered

Claim = tuple[str, int]
"""What is claimed about, and 1 or -1 for either direction, 0 for "stays the same"."""

Claims = frozenset[Claim]
"""Each about something else."""


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


_SELDOM = _words("rarely seldom barely scarcely accident")
_DENIES = _SELDOM | _words(
    """not never no nothing neither nor without isn't aren't wasn't weren't doesn't don't didn't won't
    wouldn't can't cannot couldn't shouldn't hasn't haven't hadn't hardly rather instead myth confuse
    confused opposite unlike contrary would people say says think"""
)
"""With one of these a sentence may mean the reverse of what it names."""

_SUPPOSES = _words("if whether unless until minus")
"""Before a comparison: a case or something taken from it, and no statement."""

_ERRORS = _words("error errors loss losses")
"""The more of these the worse."""

_MORE, _LESS = (
    _words("higher larger bigger greater more better above"),
    _words("lower smaller less worse below"),
)
_LINKS = _words("than above below")
_BEFORE_THE_LINK = 4
"""Words before "than" in which more or less is said."""

_COMPARED = 8
"""Words on either side of the link in which the two poles are named."""


@dataclass(frozen=True, slots=True)
class _Axis:
    """Two poles that are compared in one respect.

    Attributes:
        about: Its name.
        one: Words for the one pole.
        other: Words for the other.
        by: Words of which one must be there: they name the respect.
        barred: Words of which none may be there: they turn it round or name another one.
        is_quality: Whether "better" counts as more, and more error as less.
    """

    about: str
    one: frozenset[str]
    other: frozenset[str]
    by: frozenset[str]
    barred: frozenset[str] = frozenset()
    is_quality: bool = False


_GOOD = _words("accuracy score scores performs perform performance better worse does works looks") | _ERRORS
_VALUED = _words("matters matter trust worth care rely drops drop falls cares")
_AXES = (
    _Axis(
        "training against validation",
        _words("training trained seen"),
        _words("validation test unseen holdout new"),
        _GOOD,
        _VALUED,
        is_quality=True,
    ),
    _Axis(
        "offline against live",
        _words("offline"),
        _words("online live production"),
        _GOOD,
        _VALUED,
        is_quality=True,
    ),
    _Axis(
        "positive against negative",
        _words("positive positives"),
        _words("negative negatives"),
        _words("scored score scores ranked ranks rank"),
        _words("zero minus half mistake mistakes error every each pair pairs fewer drop drops fall falls"),
    ),
    _Axis(
        "top against lower places",
        _words("top first"),
        _words("lower bottom last tenth"),
        _words("count counts weight weigh weighs"),
        _words("discount discounted penalised penalized loses lose less"),
    ),
    _Axis(
        "sure against unsure",
        _words("confident sure certain"),
        _words("unsure hesitant cautious uncertain"),
        _words("costs cost hurts hurt"),
        _words("right correct better good"),
    ),
)

_QUANTITIES = {
    "threshold": _words("threshold cutoff"),
    "precision": _words("precision"),
    "recall": _words("recall"),
    "bias": _words("bias"),
    "variance": _words("variance"),
    "complexity": _words("complexity complex flexible flexibility capacity"),
    "penalty": _words("lambda penalty regularisation regularization"),
    "data": _words("data rows examples"),
}
_QUANTITY = {word: name for name, words in _QUANTITIES.items() for word in words}
_PARTS_OF_ERROR = _words("bias variance")
_OUTCOMES = _PARTS_OF_ERROR | _words("precision recall")
"""What the others move. Of two of them nothing is claimed where one stays as it is."""

_REMEDIES = _words(
    """calls call need needs use take switch try choose pick add lets allows afford see notice notices find
    symptom sign fix cure diagnose"""
)
"""What is done about a quantity that has risen says nothing on what it rises with."""

_UP = _words("raise raises raising raised increase increases increasing increased improve improves")
_DOWN = _words(
    """lowering lowers lowered reduce reduces reducing reduced decrease decreases decreasing decreased
    hurts"""
)
"""Told of the quantity that follows or, where none does, of the one before."""

_UP_NEXT, _DOWN_NEXT = (
    _words("more higher larger bigger stronger greater"),
    _words("less lower fewer smaller weaker"),
)
"""Told of the quantity that follows."""

_UP_LAST = _words("rises rise rising grows grow growing up climbs")
_DOWN_LAST = _words("falls fall falling drops drop dropping down suffers worse shrinks")
_SAME_LAST = _words("stays stay unchanged same constant")
"""Told of the quantity before."""

_SIMPLER = _words("simpler simplify")
_AT_EXPENSE = "expense"
"""At that of a good thing there is less of it, at that of a bad one more."""

_CASES = _words("if when whenever once")
_MEANS = _CASES | _words("because by after since with as from")
"""Right before what somebody does, these say what it brought about."""

_SETS = _words(
    """raise raises raising increase increases increasing lower lowers lowering reduce reduces reducing
    decrease decreases decreasing"""
)
"""What somebody does about a case, where a quantity that he can set follows."""

_WANTS = _words("want wants wanted should must like prefer")
"""In a case these tell of a goal, which what somebody does brings about."""

_COLLECTS = _words("get getting collect collecting gather gathering")
_THIS_ONE = _words("the your my our this that its")
"""After "lower" these make a verb of it."""

_AHEAD, _BEHIND = 3, 4
"""Words in which the quantity is looked for."""

_JOINS = _words(", : so and but because then which while whereas if when with by for as")
"""Between a direction and a quantity, these part the two."""


@dataclass(frozen=True, slots=True)
class _Attribution:
    """What is told of the one term and not of the other.

    Attributes:
        about: Its name.
        one: Words for the term that it is told of.
        other: Words for the term that it is not told of.
        by: It is told by one of these,
        beside: together with one of these,
        barred: and with none of these.
    """

    about: str
    one: frozenset[str]
    other: frozenset[str]
    by: frozenset[str]
    beside: frozenset[str]
    barred: frozenset[str]


_GRAVE = _words("expensive costly dangerous serious fatal unacceptable worst")
_MISSED, _ALARMS = _words("miss misses missing missed overlook"), _words("alarm alarms")
_GIVEN_UP = _words("accept trade give sacrifice lower less low drop")
_BELITTLES = _words("ignores ignore hides silent blind secondary wrong worthless useless seat alone")
_RECALL, _PRECISION = _words("recall"), _words("precision")
_ATTRIBUTIONS = (
    _Attribution("what is grave", _RECALL, _PRECISION, _MISSED, _GRAVE, _ALARMS | _GIVEN_UP | _BELITTLES),
    _Attribution("what is grave", _PRECISION, _RECALL, _ALARMS, _GRAVE, _MISSED | _GIVEN_UP | _BELITTLES),
    _Attribution(
        "exactly zero",
        _words("l1 lasso"),
        _words("l2 ridge"),
        _words("zero"),
        _words("exactly"),
        _words("towards toward near close almost"),
    ),
)
_SPELLED = ((re.compile(r"\bl (?:one|1)\b"), "l1"), (re.compile(r"\bl (?:two|2)\b"), "l2"))
_MEAN = re.compile(
    r"\b(?:is|it's) (?:then |simply |just |really )*(?:the |a |an )"
    r"(harmonic|arithmetic|plain|simple|ordinary) (?:mean|average)\b"
)
_FIT = (
    re.compile(r"\b(low |little )?(bias|variance) (?:is|means|leads to|causes) (over|under)fit"),
    re.compile(
        r"\b(over|under)fit\w* (?:is|means|comes from|has)"
        r" (?:high |too much )?(low |little )?(bias|variance)\b"
    ),
)
_EXISTS = ("formula", 1)

AGREED = 0.8
"""Wordings of one statement say the same: where so many are read alike, the others are misread."""

_SENTENCE = re.compile(r"(?<!\bvs)(?<!\be\.g)(?<!\bi\.e)[.;!?]\s|[.;!?]$")
_CLAUSE = re.compile(r"[,:]|\b(?:and|but|while|whereas|so|because|which)\b")
_TOKEN = re.compile(r"[a-z][a-z0-9]*(?:'[a-z]+)?|[,:]")


@lru_cache(maxsize=16_384)
def claims_of(text: str) -> Claims:
    """What a text claims; nothing where it names neither poles nor quantities, or tells both directions."""
    return _undisputed(_claimed(text))


def common(every: Iterable[Claims]) -> Claims:
    """What several wordings of one statement claim: of all what any of them does, where few differ."""
    votes = Counter(chain.from_iterable(every))
    cast = Counter(about for about, _ in votes.elements())
    return frozenset(claim for claim, count in votes.items() if count >= AGREED * cast[claim[0]])


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
    return frozenset((about, max(found)) for about, found in directions.items() if len(found) == 1)


def _claimed(text: str) -> Iterable[Claim]:
    for sentence in _SENTENCE.split(lowered(text)):
        words = _TOKEN.findall(sentence)
        yield from _comparisons([word for word in words if word not in ",:"])
        if not _DENIES & {*words}:
            yield from _effects(words)
        if not (_DENIES - _SELDOM) & {*words}:  # within "overfitting means" none of those has room
            yield from _formulas(sentence)
            yield from _kinds(sentence)
        for part in {sentence, *_CLAUSE.split(sentence)}:
            yield from _attributed(part)


def _comparisons(words: list[str]) -> Iterable[Claim]:
    for i, word in enumerate(words):
        sign = _sign(words, i) if word in _LINKS else 0
        left, right = words[max(0, i - _COMPARED) : i], words[i + 1 : i + 1 + _COMPARED]
        said = {*left, word, *right}
        if not sign or _SUPPOSES & {*words[:i]} or _DENIES & said:
            continue
        for axis in _AXES:
            forwards = _names(left, axis.one, axis.other) and _names(right, axis.other, axis.one)
            backwards = _names(left, axis.other, axis.one) and _names(right, axis.one, axis.other)
            if (forwards or backwards) and said & axis.by and not said & axis.barred:
                is_of_errors = axis.is_quality and said & _ERRORS and not said & {"better", "worse"}
                yield axis.about, sign * (1 if forwards else -1) * (-1 if is_of_errors else 1)


def _sign(words: list[str], link: int) -> int:
    """Whether more or less is said by the word that links, or before it."""
    for word in (words[link], *reversed(words[max(0, link - _BEFORE_THE_LINK) : link])):
        if word in _MORE or word in _LESS:
            return 1 if word in _MORE else -1
    return 0


def _names(words: list[str], one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether one pole is named and the other is not."""
    return bool(one & {*words}) and not other & {*words}


def _effects(words: list[str]) -> Iterable[Claim]:
    if _REMEDIES & {*words}:
        return
    found = [_direction(words, i, word) for i, word in enumerate(words)]
    supposed = _supposed(words, found)
    told = dict(_undisputed(claim for i, claim in enumerate(found) if claim and i not in supposed))
    for one, other in combinations(sorted(told), 2):
        outcomes = {one, other} & _OUTCOMES
        if outcomes and ((told[one] and told[other]) or (told[one] != told[other] and len(outcomes) == 1)):
            yield f"{one} with {other}", told[one] * told[other]


def _supposed(words: list[str], found: list[Claim | None]) -> set[int]:
    """Where directions are told of outcomes that are a case, about which somebody moves what moves them.

    "When recall drops, you lower the threshold" says nothing on what recall drops with. "When you want more
    recall, you lower the threshold" does: it is no case but a goal.
    """
    supposed: set[int] = set()
    for case in (i for i, word in enumerate(words) if word in _CASES):
        moved = next((i for i in range(case + 1, len(words)) if _is_moved(words, i)), case)
        is_means = bool(_MEANS & {*words[max(case + 1, moved - _AHEAD) : moved]})
        told = [(i, claim) for i, claim in enumerate(found[:moved]) if claim and i >= case]
        is_goal = bool(_WANTS & {*words[case:moved]}) and all(_is_good(claim) for _, claim in told)
        if not is_means and not is_goal and all(claim[0] in _OUTCOMES for _, claim in told):
            supposed.update(i for i, _ in told)
    return supposed


def _is_good(claim: Claim) -> bool:
    """Whether somebody may want this of an outcome: "should recall drop" is a case, and no goal."""
    return claim[1] == (-1 if claim[0] in _PARTS_OF_ERROR else 1)


def _is_moved(words: list[str], i: int) -> bool:
    """Whether somebody changes a quantity here that he can set."""
    word, ahead = words[i], _first_quantity(words[i + 1 : i + 1 + _AHEAD])
    if word in _COLLECTS:
        return ahead == "data"
    if word == "lower" and not {*words[i + 1 : i + 2]} & _THIS_ONE:
        return False
    return word == "simplify" or (word in _SETS and ahead is not None and ahead not in _OUTCOMES)


def _direction(words: list[str], i: int, word: str) -> Claim | None:
    """A quantity and its direction, where a word tells one."""
    ahead = _first_quantity(words[i + 1 : i + 1 + _AHEAD])
    behind = _first_quantity(words[max(0, i - _BEHIND) : i][::-1])
    found: tuple[str | None, int] = (None, 0)
    if word in _SIMPLER:
        found = ("complexity", -1)
    elif word in _UP | _DOWN:
        found = (ahead or behind, 1 if word in _UP else -1)
    elif word == _AT_EXPENSE:
        found = (ahead, 1 if ahead in _PARTS_OF_ERROR else -1)
    elif word in _UP_NEXT | _DOWN_NEXT:
        found = (ahead, 1 if word in _UP_NEXT else -1)
    elif word in _UP_LAST | _DOWN_LAST:
        found = (behind, 1 if word in _UP_LAST else -1)
    elif word in _SAME_LAST:
        found = (behind, 0)
    return (found[0], found[1]) if found[0] else None


def _first_quantity(words: list[str]) -> str | None:
    """The first that is named before another part of the sentence begins."""
    for word in words:
        if word in _QUANTITY:
            return _QUANTITY[word]
        if word in _JOINS:
            return None
    return None


def _formulas(sentence: str) -> Iterable[Claim]:
    """True positives over themselves and true negatives is no share of anything."""
    below = formula_below(sentence)
    if below and "true positives" in below:
        of_false = {"false positives" in below, "false negatives" in below}
        if "true negatives" in below and of_false == {False}:
            yield "formula", -1
        elif "true negatives" not in below and of_false == {True, False}:
            yield _EXISTS


def _kinds(sentence: str) -> Iterable[Claim]:
    """Which mean it is, and which error underfitting and overfitting go with."""
    for found in _MEAN.finditer(sentence):
        yield "mean", 1 if found[1] == "harmonic" else -1
    for pattern in _FIT:
        for found in pattern.finditer(sentence):
            is_so = {"bias", "under"} <= {*found.groups()} or {"variance", "over"} <= {*found.groups()}
            is_low = any(group in ("low ", "little ") for group in found.groups())
            yield "fit", 1 if is_so != is_low else -1


def _attributed(part: str) -> Iterable[Claim]:
    for pattern, meant in _SPELLED:
        part = pattern.sub(meant, part)
    words = {*_TOKEN.findall(part)}
    for each in _ATTRIBUTIONS:
        is_said = words & each.by and words & each.beside and not words & (each.barred | _DENIES)
        if is_said and bool(words & each.one) != bool(words & each.other):
            yield each.about, 1 if words & each.one else -1
