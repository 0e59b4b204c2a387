"""Of which whole a statement takes a share: of what is really so, or of what was predicted.

"The share of the actual positives that are flagged" and "the share of the flagged that are actually positive"
have the same words and are recall and precision; sentence vectors hardly tell them apart. What names the
whole is read from the phrase that follows "of", "out of", "among", "over" or "in what", formulas as they are
spoken or typed included ("t p over t p plus f n", "TP / (TP + FN)").
"""

import re
from functools import lru_cache
from typing import Literal

from voicecoach.scoring.text import lowered

Whole = Literal["actual", "predicted"]

_PREDICTED = frozenset(
    """predicted predicts predict flagged flags flag alarms alarm alerts alert marked marks called calls
    retrieved retrieves returned returns raised claimed declared guessed""".split()
)
_ACTUAL = frozenset(
    "actual actually real really true truly genuine genuinely relevant existing exist exists".split()
)
_SAID_OF = frozenset("is are was were turned".split())
"""Behind "those really" these say what the part is, and name no whole."""
_THAT = frozenset("that that's who who's which".split())
_SHARES = frozenset(
    """share fraction proportion percentage percent part portion ratio rate number count many much few
    half""".split()
)
_ENDS = (
    frozenset(
        """how what it's is are was were be divided over by plus among amongst out so then but precision
        recall""".split()
    )
    | _THAT
    | (_SHARES - {"number", "count"})
)
_NAMES: dict[Whole, tuple[str, ...]] = {
    "actual": ("recall", "sensitivity", "true positive rate"),
    "predicted": ("precision", "positive predictive value"),
}
_ALARMS = frozenset("alarm alarms alert alerts".split())
_ANY = frozenset(
    """all everything everyone everybody anything anyone what whom those these the its your our their my a of
    only total number count positively model's ones cases things stuff items people patients mails emails
    messages transactions""".split()
)
"""With nothing but these before it "flagged" names the whole; another noun is what there is to be flagged."""

_WHO_FLAGS = frozenset("model test filter system classifier detector it we you they i".split())
_BEFALLS = frozenset("get gets getting got can could should".split())
"""Before "flagged" or "really" these tell what becomes of the whole, and name none."""

_HAS = frozenset("has have had".split())
_GOES_ON = frozenset("are were turn turns turned who really actually truly".split())
"""Behind "the share of the frauds you flagged": these tell of the frauds, which are the whole."""

_IS_SO = frozenset("is was did".split())
"""So do these where a share is asked for."""

_NO_PART = _WHO_FLAGS | frozenset(
    "recall precision sensitivity called what how the our your my high low important".split()
)
"""Behind those these tell what the share is, or who did what."""

_BY_WHOM_AS_WHAT = re.compile(
    r"(?:as \w+ ?|by (?:(?:the|a|an|our|your|my) )?\w+ ?|positive\b ?|(?:to (?:be|have)|would) \w+ ?)*"
)
"""Between "flagged" and what goes on."""

_ASKS = frozenset(
    "how what which are were share fraction proportion percentage part portion precision recall".split()
)
"""Behind "of the frauds you flagged": a share of them follows."""

_AT_LARGE = re.compile(
    r"(?:[\w']+ ){0,2}(?:data|dataset|table|population|world|index|corpus|total"
    r"|(?:test|validation|training|data|whole|full|entire) set"
    r"|(?:sample|collection)(?! (?:of|we|you|it|they)))\b"
)
"""In this there is nothing but what is really so."""

_NO_PLACE = _SHARES | frozenset("follows way ways sense respect order".split())
"""Behind "in what" these name nothing that a part could stand in."""

_BEFORE_A_VERB = frozenset(
    """predicted expected said supposed thought believed known likely able out managed manage manages tried
    try get got has have had""".split()
)
_VERBS = frozenset("be have flag predict alarm alert find catch detect get actually really truly".split())
"""Behind the former and before the latter "to" belongs to a verb, and parts no ratio."""

_LONGEST = 8
"""Words of the phrase that names the whole."""

_BEHIND = 4
"""Words after it that tell whether it was the predicate."""

_FAR = 14
"""Words within which "of all the alarms" is followed by "how many"."""

_SPOKEN = (
    (re.compile(r"\bt\.? ?ps?\b"), "true positives"),
    (re.compile(r"\bf\.? ?ps?\b"), "false positives"),
    (re.compile(r"\bf\.? ?ns?\b"), "false negatives"),
    (re.compile(r"\bt\.? ?ns?\b"), "true negatives"),
    (
        re.compile(r"\b((?:true|false) (?:posi|nega)tive)(?=\W*(?:over|divided|plus|and|$)|\s*[-+/(),.;])"),
        r"\1s",
    ),
    (
        re.compile(r"\b(true|false) (?:and|plus|\+) (?:the |all )*(true|false) ((?:posi|nega)tives)\b"),
        r"\1 \3 plus \2 \3",
    ),
    (re.compile(r"(?<=tives)\)? ?[/÷]"), " over"),
)
_FORMULA = re.compile(r"\b(?:over|by|out of)\b(.*)")
_FORMULA_ENDS = re.compile(r"[,;:]|\b(?:so|while|whereas|but|which|because|and (?!false|true))\b")
_WHEN_FLAGGED = re.compile(
    r"\b(?:when|if) (?:the model|it|you|we) (?:flags?|raises?|says? yes|predicts?)\b"
    r".*\b(?:often|likely|right|correct)\b"
)
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
_DENIED = re.compile(r"(?:\b(?:not|never|neither|rather than|instead of)|n't)(?: [a-z']+){0,6} ?$")
"""Before a share, with nothing but a few words between: a share that is none."""


@lru_cache(maxsize=16_384)
def whole_of(text: str) -> Whole | None:
    """The whole that a text takes a share of; None where it names neither, or both, or denies it."""
    said = _spelled_out(text)
    formula = _of_formula(said)
    if formula is not None:
        return formula
    if _WHEN_FLAGGED.search(said):
        return "predicted"
    spans = list(_WORD.finditer(said))
    words = [span[0] for span in spans]
    found: dict[str, set[Whole]] = {"strong": set(), "whole": set(), "share": set()}
    for i, word in enumerate(words):
        kind = _opens(words, i, word)
        phrase = words[i + 1 : i + 1 + _LONGEST + _BEHIND]
        named = _named(phrase, share=words[max(0, i - 2) : i] if kind == "share" else []) if kind else None
        if kind == "share" and named == "actual" and any(_places(words, j) for j in range(i)):
            continue  # the part of what was placed before: "in what you flagged, the share of real ones"
        if kind and named and not _DENIED.search(said, 0, spans[i].start()):
            found[kind].add(named)
    for kind in ("strong", "whole", "share"):
        if found[kind]:
            return found[kind].pop() if len(found[kind]) == 1 else None
    return None


def names_it(text: str, whole: Whole) -> bool:
    """Whether a text names the term that takes a share of this whole, so that it mixes nothing up."""
    return any(name in text.lower() for name in _NAMES[whole])


def other(whole: Whole) -> Whole:
    """What the rest take shares of."""
    return "predicted" if whole == "actual" else "actual"


def opposed(one: Whole | None, other: Whole | None) -> bool:
    """Whether two texts take their shares of different wholes."""
    return one is not None and other is not None and one != other


def formula_below(text: str) -> str | None:
    """What a spoken formula divides by, its terms spelled out; None where nothing is divided."""
    below = _FORMULA.search(_spelled_out(text))
    return _FORMULA_ENDS.split(below[1], maxsplit=1)[0] if below else None


def _spelled_out(text: str) -> str:
    said = lowered(text)
    for pattern, meant in _SPOKEN:
        said = pattern.sub(meant, said)
    return said


def _of_formula(said: str) -> Whole | None:
    """True positives over true positives plus false negatives, or plus false positives."""
    below = _FORMULA.search(said)
    if below is None or "true positives" not in below[1] or _DENIED.search(said, 0, below.start()):
        return None
    missed, false_alarms = "false negatives" in below[1], "false positives" in below[1]
    if missed == false_alarms:
        return None
    return "actual" if missed else "predicted"


def _opens(words: list[str], i: int, word: str) -> str | None:
    """Whether what follows names a whole: surely, before a word for a share, or after one."""
    before, after = words[i - 1] if i else "", words[i + 1] if i + 1 < len(words) else ""
    if word in ("among", "amongst") or _divides(words, i) or _places(words, i):
        return "strong" if word != "over" or after in ("all", "everything", "the") else None
    if word != "of":
        return None
    if before in _SHARES:
        return None if _is_named_elsewhere(words, i) else "share"
    return "whole" if _SHARES & set(words[i + 1 : i + 1 + _FAR]) else None


def _divides(words: list[str], i: int) -> bool:
    """Whether what a number is divided by follows."""
    return words[i] == "over" or words[max(0, i - 1) : i + 1] in (["divided", "by"], ["out", "of"])


def _places(words: list[str], i: int) -> bool:
    """Whether the whole follows, and a part of it stands elsewhere: "in what you flagged"."""
    is_what = words[i] in ("in", "within") and words[i + 1 : i + 2] == ["what"]
    return is_what and not _NO_PLACE & set(words[i + 2 : i + 3])


def _is_named_elsewhere(words: list[str], i: int) -> bool:
    """Whether the whole is what this number is divided by."""
    for j in range(i + 1, min(i + 1 + _FAR, len(words)) if words[i - 1] in ("number", "count") else 0):
        if _divides(words, j):
            return True
        if words[j] in ("is", "are", "so", "then", "but", "precision", "recall"):
            return False
    return False


def _named(phrase: list[str], *, share: list[str]) -> Whole | None:
    """What the first word tells that tells any, before the phrase ends.

    "Of everybody who is actually ill, what share" names its whole after "who"; in "the share of those flagged
    who are actually ill" that is the part.

    Args:
        phrase: What follows "of" and the like.
        share: The word for a share before that, behind the one before it; empty where there is none.
    """
    below = _below(phrase) if share[-1:] == ["ratio"] else None
    if below is not None:
        return _named(below, share=[])
    for k, word in enumerate(phrase[:_LONGEST]):
        following = phrase[k + 1] if k + 1 < len(phrase) else ""
        if word in _PREDICTED or (word == "positive" and following == "predictions"):
            return "predicted" if _is_whole(phrase, k, share=share) else None
        if word == "there" and following in ("is", "are", "was", "were"):
            return "actual"
        if word in _ACTUAL and not (word == "true" and following in ("positives", "negatives", "positive")):
            return _actual(phrase, k, is_share=bool(share))
        if word in _ENDS and (k or word != "what" or share):
            is_said_of = not share and word in _THAT
            return "actual" if is_said_of and _ACTUAL & set(phrase[k + 1 : k + 4]) else None
    return None


def _below(phrase: list[str]) -> list[str] | None:
    """What stands behind the "to" of a ratio; None where every "to" belongs to a verb: "managed to flag"."""
    for k in range(1, len(phrase) - 1):
        before, after = phrase[k - 1], phrase[k + 1]
        is_of_verb = after in _VERBS or (before in _BEFORE_A_VERB and after not in _ANY)
        if phrase[k] == "to" and not is_of_verb:
            return phrase[k + 1 :]
    return None


def _is_whole(phrase: list[str], k: int, *, share: list[str]) -> bool:
    """Whether "flagged" says what the whole is, and not what becomes of it: "the ill people we flagged"."""
    before, behind = set(phrase[:k]), " ".join(phrase[k + 1 :])
    after = _BY_WHOM_AS_WHAT.sub("", behind, count=1).split()
    is_noun = phrase[k] in _ALARMS and phrase[k - 1] not in _ANY  # not in "the thefts the alarm rings for"
    if is_noun or before <= _ANY:
        return True
    is_of_any = before <= _ANY | _WHO_FLAGS | _HAS
    if _BEFALLS & before:
        return False
    if not share:
        is_passive = phrase[k - 1].endswith("s") and phrase[k].endswith("ed")
        is_told = is_passive and not _WHO_FLAGS & set(after[:3]) and any(w.endswith("ed") for w in after[:3])
        return is_of_any or is_told or bool(_ASKS & set(after[:3]))
    is_told = is_of_any and after[:1] in (["that"], ["which"]) and bool(_SAID_OF & set(after[1:2]))
    is_asked = share[0] in ("what", "which") or share[-1] == "much" or after[:1] == ["did"]
    is_part = len(after) > 1 and after[0] in _IS_SO and after[1] not in _NO_PART
    if is_told or (is_asked and is_part and phrase[k].endswith("ed")):
        return True
    return bool(_GOES_ON & set(after[: 3 if phrase[k] in ("called", "calls") else 2]))


def _actual(phrase: list[str], k: int, *, is_share: bool) -> Whole | None:
    """What "really" tells of: the whole, or the part, where it is told of the whole or placed in it."""
    if (_HAS | _BEFALLS) & set(phrase[:k]):
        return None
    if not is_share:
        return "actual"
    if phrase[k + 1 : k + 2] and phrase[k + 1] in _SAID_OF:
        return None
    for j in range(k + 1, min(k + 4, len(phrase))):
        if phrase[j] in ("in", "within"):
            is_at_large = bool(_AT_LARGE.match(" ".join(phrase[j + 1 :])))
            return _named(phrase[j + 1 :], share=[]) or ("actual" if is_at_large else None)
        if phrase[j] in _ENDS | _WHO_FLAGS | {"found", "caught"} or phrase[j].endswith("ed"):
            break
    return "actual"
