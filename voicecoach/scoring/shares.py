"""Of which whole a statement takes a share: of what is really so, or of what was predicted.

"The share of the actual positives that are flagged" and "the share of the flagged that are actually positive"
have the same words and are recall and precision; sentence vectors hardly tell them apart. What names the
whole is read from the phrase that follows "of", "out of", "among" or "over", formulas as they are spoken
included ("t p over t p plus f n").
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
_SHARES = frozenset(
    """share fraction proportion percentage percent part portion ratio rate number count many much few
    half""".split()
)
_ENDS = frozenset(
    """that which who how what is are was were be divided over by plus among amongst out so then but precision
    recall""".split()
) | (_SHARES - {"number", "count"})
_NAMES: dict[Whole, tuple[str, ...]] = {
    "actual": ("recall", "sensitivity", "true positive rate"),
    "predicted": ("precision", "positive predictive value"),
}
_LONGEST = 8
"""Words of the phrase that names the whole."""

_FAR = 14
"""Words within which "of all the alarms" is followed by "how many"."""

_SPOKEN = (
    (re.compile(r"\bt\.? ?ps?\b"), "true positives"),
    (re.compile(r"\bf\.? ?ps?\b"), "false positives"),
    (re.compile(r"\bf\.? ?ns?\b"), "false negatives"),
    (re.compile(r"\bt\.? ?ns?\b"), "true negatives"),
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
        named = _named(words[i + 1 : i + 1 + _LONGEST], is_share=kind == "share") if kind else None
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
    if word in ("among", "amongst") or (word == "of" and before == "out"):
        return "strong"
    if (word == "by" and before == "divided") or (word == "over" and after in ("all", "everything", "the")):
        return "strong"
    if word != "of":
        return None
    if before in _SHARES:
        return "share"
    return "whole" if _SHARES & set(words[i + 1 : i + 1 + _FAR]) else None


def _named(phrase: list[str], *, is_share: bool) -> Whole | None:
    """The first word that tells, before the phrase ends.

    "Of everybody who is actually ill, what share" names its whole after "who"; in "the share of those flagged
    who are actually ill" that is the part.
    """
    for k, word in enumerate(phrase):
        following = phrase[k + 1] if k + 1 < len(phrase) else ""
        if word in _PREDICTED or (word == "positive" and following == "predictions"):
            return "predicted"
        if word == "there" and following in ("is", "are", "was", "were"):
            return "actual"
        if is_share and word in _ACTUAL and following in _SAID_OF:
            return None
        if word in _ACTUAL and not (word == "true" and following in ("positives", "negatives", "positive")):
            return "actual"
        if word in _ENDS:
            is_said_of = not is_share and word in ("who", "that", "which")
            return "actual" if is_said_of and _ACTUAL & set(phrase[k + 1 : k + 4]) else None
    return None
