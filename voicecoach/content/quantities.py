"""Numbers in sentences: found however they are written or said, and written the way they are said.

"71%", "71 percent", "seventy-one percent", "0.71" and "point seven one" are one number; so are "180k",
"$180,000" and "a hundred and eighty thousand". Ordinals ("95th") and numbers that are part of a name ("F1",
"p95") are none.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from math import floor, isclose, log10

UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
SCALES = {"dozen": 12.0, "hundred": 100.0, "thousand": 1e3, "million": 1e6, "billion": 1e9}

LARGEST = 1e12
"""Larger numbers are left as they are."""

ROUNDED_FROM = 1_000.0
"""A number as large as this is often rounded to its first digit when it is said."""

FIRST_YEAR, LAST_YEAR = 1900, 2099

_SMALL = {word: float(value) for value, word in enumerate(UNITS)} | {
    word: float(10 * value) for value, word in enumerate(TENS, start=2)
}
_SUFFIXES = {"k": 1e3, "m": 1e6, "mn": 1e6, "bn": 1e9, "b": 1e9}
_IN_BLANKS = r"(?<![\d.,])\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)"
_DIGITS = rf"(?:\d{{1,3}}(?:,\d{{3}})+|{_IN_BLANKS}|\d{{1,15}})(?:\.\d{{1,15}})?|\.\d{{1,15}}"
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+")
"""May stand for thousands, as some people write them: 8.000."""
_SEPARATORS = re.compile(r"[, \u00a0\u202f]")
_TOKEN = re.compile(
    rf"(?P<name>[A-Za-z][\w']*-?\d[\w.%-]*)"
    rf"|(?P<sign>[$€£])?(?P<number>{_DIGITS})(?P<suffix>(?:k|mn?|bn?)(?![A-Za-z])|%)?(?P<tail>[A-Za-z]+)?"
    r"|(?P<word>[A-Za-z]+(?:'[A-Za-z]+)?)|(?P<percent>%)",
    re.IGNORECASE,
)
_ORDINALS = frozenset({"st", "nd", "rd", "th"})
_PERCENT = frozenset({"percent", "percentage", "%", "pct"})
_BEFORE_BARE = frozenset({"per", "in", "of", "every", "each"})
"""Before a hundred or a thousand without a count: "two in every hundred"."""
_AND_A_HALF = ("and", "a", "half")
_CURRENCIES = {"$": "dollars", "€": "euros", "£": "pounds"}
_TIME_UNITS = "second minute hour day week month year".split()
_FRACTIONS = {
    "a third": 100 / 3,
    "one third": 100 / 3,
    "two thirds": 200 / 3,
    "a quarter": 25.0,
    "one quarter": 25.0,
    "three quarters": 75.0,
    "a fifth": 20.0,
    "one fifth": 20.0,
    "a tenth": 10.0,
    "one tenth": 10.0,
}
_FRACTION = re.compile(
    rf"\b({'|'.join(_FRACTIONS).replace(' ', '[ -]')})\b"
    r"(?:(?<=s)|(?=$|[,.;:!?)]| (?:of|less|more|fewer|lower|higher|faster|slower|cheaper|smaller|larger"
    r"|better|worse|longer|shorter|as|on|to|and|but|or|at|from|than|with|so|because|after|before|in|for|over|when|while"
    r"|were|are|that|which|by|since|within|during|last|this|each|every|per|then|we|i|it|they)\b))",
    re.IGNORECASE,
)
"""Not what is counted: a third party, the fifth engineer."""
_HALF = re.compile(
    r"(?<!and a )(?<!first )(?<!second )(?<!other )(?<!latter )\b(?:half|halv(?:ed|es|ing))\b(?!-)"
    r"(?! (?:an? )?(?:dozen|million|billion|thousand|hundred))"
    rf"(?P<of> an? (?:{'|'.join(_TIME_UNITS)}))?",
    re.IGNORECASE,
)
_SPAN = re.compile(r"\b(?:in|once|twice|times|per|every|last|next|this) (?:a )?$", re.IGNORECASE)
"""Before a quarter that is three months."""
_TIME = frozenset(unit + plural for unit in _TIME_UNITS for plural in ("", "s"))
_OUT_OF = re.compile(r"\s+(?:in|out of)(?: every)?\s+", re.IGNORECASE)
"""Between a count and what it is a share of: "one in five"."""
_FROM_TO = re.compile(
    r"(?!.*\b(?:compared|opposed|relative|next|close|similar|contrast|preferred|due|thanks)\s+to\b)"
    r"\s*(?:[a-z']+\s+){0,5}?(?:[a-z']+\s*)?(?:\bto\b|->|→)(?:\s+[a-z]+){0,2}\s*",
    re.IGNORECASE,
)
"""Between what was before and what came after, and not between what is compared: " ms to about "."""
_RANGE = re.compile(r"\s*(?:(?:up |down )?to|and|or|-|–)(?: [a-z]+){0,2}\s*", re.IGNORECASE)
"""Between the ends of a range."""
_ITS_SCALE = re.compile(rf"(?:\b(?:{'|'.join(SCALES)})|(?<=\d)(?:k|mn?|bn?))$", re.IGNORECASE)
_PAIR = re.compile(r"[\s-]+(?P<oh>oh[\s-]+)?", re.IGNORECASE)
"""Between the halves of a number that is said in pairs of digits."""
_TO_FROM = re.compile(r",?\s*(?:[a-z']+,?\s+){0,5}?from(?:\s+[a-z]+){0,2}\s+", re.IGNORECASE)
"""Between what came after and what was before: ", up from "."""
_UP = (
    "rose rises risen rise rising increased increases increase up grew grows growing climbed gained higher"
    " more"
).split()
_DOWN = (
    "fell falls fallen fall falling decreased decreases decrease down dropped drops drop shrank declined"
    " lower fewer less reduced reduces reduction"
).split()
_SAVED = "saved saves saving save savings".split()
_COST = "cost costs costing lost loses losing".split()
_WAYS = {
    word: (axis, way)
    for axis, both in (("size", (_UP, _DOWN)), ("money", (_SAVED, _COST)))
    for way, words in zip((1, -1), both, strict=True)
    for word in words
}
_BESIDE = 3
"""So many words may lie between a number and the word before it that tells a way: "fell by about 14%"."""
_SAID = {
    "&": " and ",
    "->": " to ",
    "→": " to ",
    "=": " equals ",
    "+": " plus ",
    "/": " ",
    "_": " ",
    "%": " percent",
}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in a text.

    Attributes:
        text: As it stands there, its percent sign and currency included.
        value: In its own unit: 71 for "71%", 180,000 for "180k".
        is_percent: Whether it is a percentage.
        in_words: Whether it is written out.
        unit: The word behind it in lower case, such as "days"; "" at a sentence's end.
        start: Index of its first character.
        end: Index behind its last character.
    """

    text: str
    value: float
    is_percent: bool
    in_words: bool
    unit: str
    start: int
    end: int

    def may_be(self, other: "Quantity") -> bool:
        """Whether both may be one number, one of them perhaps rounded, or said as a fraction of 1."""
        return any(_rounds_to(one, two) for one in self._readings() for two in other._readings())

    def _readings(self) -> tuple[float, ...]:
        if self.is_percent:
            return self.value, self.value / 100
        if _THOUSANDS.fullmatch(self.text):
            return self.value, float(self.text.replace(".", ""))
        return (self.value, 100 * self.value) if 0 < self.value < 1 else (self.value,)


@dataclass(frozen=True, slots=True)
class Change:
    """Two numbers of a text, from one to the other.

    Attributes:
        before: Where it began.
        after: Where it came to.
    """

    before: Quantity
    after: Quantity

    def may_be(self, other: "Change") -> bool:
        """Whether both may be one change."""
        return self.before.may_be(other.before) and self.after.may_be(other.after)

    def reversed(self) -> "Change":
        """The way back."""
        return Change(self.after, self.before)


@dataclass(frozen=True, slots=True)
class Move:
    """A number with the way that something moved by it.

    Attributes:
        text: Both, as they stand in the text.
        number: By, from or to which it moved.
        axis: What moved: "size" or "money".
        way: 1 up or saved, -1 down or lost.
    """

    text: str
    number: Quantity
    axis: str
    way: int


@dataclass(frozen=True, slots=True)
class _Token:
    """A piece of text: a word in lower case, or a number with what is attached to it."""

    word: str
    value: float | None
    start: int
    end: int


@lru_cache(maxsize=1024)
def quantities(text: str) -> tuple[Quantity, ...]:
    """Every number of a text, in order."""
    tokens = _tokens(text)
    found = []
    at = 0
    while at < len(tokens):
        read = _read(tokens, at, text)
        if read is None:
            at += 1
            continue
        value, after = read
        is_percent = _has_percent(tokens, after - 1, text)
        if not is_percent and after < len(tokens):
            beside = tokens[after].word
            if beside in _PERCENT:
                is_percent, after = True, after + 1
            elif beside == "per" and after + 1 < len(tokens) and tokens[after + 1].word == "cent":
                is_percent, after = True, after + 2
        start, end = tokens[at].start, tokens[after - 1].end
        unit = (
            tokens[after].word if after < len(tokens) and not _breaks(text[end : tokens[after].start]) else ""
        )
        in_words = all(token.value is None for token in tokens[at:after])
        found.append(Quantity(text[start:end], value, is_percent, in_words, unit, start, end))
        at = after
    return tuple(found)


def fractions(text: str) -> tuple[Quantity, ...]:
    """What is said in fractions, as percentages: "cut in half", "a third of them", "one in five".

    Half of a length, "half a second", is no percentage: 0.5 with its unit.
    """
    found = []
    for half in _HALF.finditer(text):
        unit = (half["of"] or "").split()[-1:]
        value, is_percent = (0.5, False) if unit else (50.0, True)
        found.append(Quantity(half[0], value, is_percent, True, "".join(unit), *half.span()))
    for part in _FRACTION.finditer(text):
        name = part[1].lower().replace("-", " ")
        is_span = name.endswith("quarter") and _SPAN.search(text[: part.start() + 2])
        if not is_span or text[part.end() :].startswith(" of"):
            found.append(Quantity(part[0], _FRACTIONS[name], True, True, "", *part.span()))
    for count, whole in pairwise(quantities(text)):
        between = text[count.end : whole.start]
        is_share = _OUT_OF.fullmatch(between) and not count.is_percent and whole.unit not in _TIME
        in_a_year = is_year(whole) and "out" not in between.lower()
        if is_share and 0 < count.value <= whole.value and not in_a_year:
            share = 100 * count.value / whole.value
            said = text[count.start : whole.end]
            found.append(Quantity(said, share, True, count.in_words, "", count.start, whole.end))
    return tuple(found)


def other_readings(text: str) -> tuple[Quantity, ...]:
    """What two numbers of a text may be together, beside what each is alone.

    "Three to twelve thousand" may begin at 3,000; "one twenty" may be 120, "one oh five" 105, "twelve fifty"
    1,250.
    """
    found = []
    for first, second in pairwise(quantities(text)):
        between, scale = text[first.end : second.start], _scale_of(second)
        if _RANGE.fullmatch(between):
            if scale > 1 and _scale_of(first) == 1:
                found.append(replace(first, value=first.value * scale, unit=second.unit))
        elif (pair := _PAIR.fullmatch(between)) and first.in_words and second.in_words:
            last = second.value / scale
            if 1 <= first.value <= 99 and (1 <= last <= 9 if pair["oh"] else 10 <= last <= 99):
                said, value = text[first.start : second.end], (100 * first.value + last) * scale
                found.append(replace(second, text=said, value=value, start=first.start))
    return tuple(found)


def read_together(text: str) -> tuple[Quantity, ...]:
    """The numbers of a text, in order, each read otherwise where it may be; see `other_readings`."""
    found: list[Quantity] = []
    for number in sorted(
        (*other_readings(text), *quantities(text)), key=lambda each: (each.start, -each.end)
    ):
        if not found or number.start >= found[-1].end:
            found.append(number)
    return tuple(found)


def is_year(number: Quantity) -> bool:
    """Whether it may be one: whole, from FIRST_YEAR to LAST_YEAR."""
    return float(number.value).is_integer() and FIRST_YEAR <= number.value <= LAST_YEAR


def changes(text: str, numbers: Sequence[Quantity] | None = None) -> tuple[Change, ...]:
    """Every change of a text, in order: "from 62 to 71%", "0.41 -> 0.58", "71%, up from 62%".

    Args:
        text: To read.
        numbers: Of the text, in order, where they are read otherwise than by `quantities`.
    """
    found = []
    for first, second in pairwise(quantities(text) if numbers is None else numbers):
        between = text[first.end : second.start]
        if _FROM_TO.fullmatch(between):
            found.append(Change(first, second))
        elif _TO_FROM.fullmatch(between):
            found.append(Change(second, first))
    return tuple(found)


def moves(text: str, numbers: Sequence[Quantity] | None = None) -> tuple[Move, ...]:
    """Every move of a text: "fell by 14%", "14% fewer", "saved 600k"; none where both ways are near.

    Args:
        text: To read.
        numbers: Of the text, in order, where they are read otherwise than by `quantities`.
    """
    words = [each for each in _tokens(text) if each.word]
    starts = [each.start for each in words]
    found = []
    past = 0
    for number in quantities(text) if numbers is None else numbers:
        first, after = bisect_left(starts, number.start), bisect_left(starts, number.end)
        before, past = words[max(past, first - _BESIDE - 1) : first], after
        near = [
            each
            for each in (*before, *words[after : after + 1])
            if each.word in _WAYS
            and not re.match(r"\s+than\b", text[each.end : each.end + len(" than ")])
            and not _breaks(text[min(each.end, number.end) : max(each.start, number.start)])
        ]
        # "Cost fell by 35%": what costs less saves, so that the money tells no way beside the size.
        axis = "size" if any(_WAYS[each.word][0] == "size" for each in near) else "money"
        on_it = [each for each in near if _WAYS[each.word][0] == axis]
        ways = {_WAYS[each.word][1] for each in on_it}
        if len(ways) == 1:
            start, end = min(on_it[-1].start, number.start), max(on_it[-1].end, number.end)
            found.append(Move(text[start:end], number, axis, ways.pop()))
    return tuple(found)


def spoken(text: str) -> str:
    """A text as it is said: its numbers and symbols in words."""
    pieces, at = [], 0
    for token in _TOKEN.finditer(text):
        if token["number"] is None or token["tail"] in _ORDINALS:
            continue
        said = _said(token)
        if said is None:
            continue
        pieces += [text[at : token.start()], said]
        at = token.end()
    joined = "".join([*pieces, text[at:]])
    for symbol, words in _SAID.items():
        joined = joined.replace(symbol, words)
    return " ".join(joined.split())


def _tokens(text: str) -> list[_Token]:
    found = []
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        if match["number"] is not None and match["tail"] not in _ORDINALS:
            value = float(_SEPARATORS.sub("", match["number"]))
            value *= _SUFFIXES.get((match["suffix"] or "").lower(), 1.0)
            # What is written behind without a blank is a unit: 71ms, 3x.
            end = match.end("suffix") if match["suffix"] else match.end("number")
            found.append(_Token("", value, start, end))
            if match["tail"]:
                found.append(_Token(match["tail"].lower(), None, end, match.end()))
            continue
        found.append(_Token(match[0].lower(), None, start, end))
    return found


def _read(tokens: list[_Token], at: int, text: str) -> tuple[float, int] | None:
    """The number that begins at a token, and the index behind it."""
    first = tokens[at]
    if first.value is not None:
        return _scaled(tokens, at + 1, first.value, text)
    if first.word == "half" and _words(tokens, at + 1, 2) in (("a", "million"), ("a", "billion")):
        return SCALES[tokens[at + 2].word] / 2, at + 3
    ahead = tokens[at + 1].word if at + 1 < len(tokens) else ""
    if first.word == "point":
        return _decimals(tokens, at + 1, 0.0) if ahead in _SMALL else None
    if first.word == "a":
        return _cardinal(tokens, at + 1, text, 1.0) if ahead in SCALES else None
    before = tokens[at - 1].word if at else ""
    if first.word in SCALES and (before in _BEFORE_BARE or ahead in _PERCENT):
        return _cardinal(tokens, at, text, 1.0)
    return _cardinal(tokens, at, text, None) if first.word in _SMALL else None


def _cardinal(tokens: list[_Token], at: int, text: str, part: float | None) -> tuple[float, int]:
    """A number in words; `part` is what has been said of it before."""
    total, scale, first = 0.0, 1.0, at
    while at < len(tokens) and (at == first or not _breaks(text[tokens[at - 1].end : tokens[at].start])):
        word = tokens[at].word
        if word in _SMALL:
            longer = _extended(part, _SMALL[word])
            if longer is None:
                year = None if total or part is None else _year(tokens, at, part)
                if year is not None:
                    return year
                break
            part = longer
        elif word in SCALES and part is not None:
            if SCALES[word] == SCALES["hundred"]:
                part *= SCALES[word]
            else:
                scale = SCALES[word]
                total, part = total + part * scale, None
        elif word != "and" or not _goes_on(tokens, at, part, total):
            break
        at += 1
    value = total + (part or 0.0)
    if _words(tokens, at, 1) == ("point",) and at + 1 < len(tokens) and tokens[at + 1].word in _SMALL:
        value, at = _decimals(tokens, at + 1, value)
        return _scaled(tokens, at, value, text)
    if _half_follows(tokens, at, text):
        # "A million and a half" is half a million more, "two and a half million" half of one.
        return (value + scale / 2, at + 3) if part is None else _scaled(tokens, at, value, text)
    return value, at


def _half_follows(tokens: list[_Token], at: int, text: str) -> bool:
    """Whether a number goes on with "and a half", and not "and a half of them"."""
    return (
        _words(tokens, at, 3) == _AND_A_HALF
        and not _breaks(text[tokens[at - 1].end : tokens[at].start])
        and _words(tokens, at + 3, 1) != ("of",)
    )


def _extended(part: float | None, value: float) -> float | None:
    """A number with one more word, "twenty" with "three"; None where that begins another number."""
    if part is None or (part >= 100 and part % 100 == 0):
        return (part or 0.0) + value
    return part + value if part % 100 >= 20 and part % 10 == 0 and 0 < value < 10 else None


def _goes_on(tokens: list[_Token], at: int, part: float | None, total: float) -> bool:
    """Whether an "and" is inside a number: "two hundred and six"."""
    rounded = (part is not None and part >= 100 and part % 100 == 0) or (part is None and total > 0)
    return rounded and at + 1 < len(tokens) and tokens[at + 1].word in _SMALL


def _year(tokens: list[_Token], at: int, century: float) -> tuple[float, int] | None:
    """A year as it is said, "twenty twenty three"; None for two numbers side by side."""
    value, after = _SMALL[tokens[at].word], at + 1
    if value < 10:
        return None
    if value >= 20 and after < len(tokens) and 0 < _SMALL.get(tokens[after].word, 0) < 10:
        value, after = value + _SMALL[tokens[after].word], after + 1
    if after < len(tokens) and tokens[after].word in SCALES:
        return None
    year = 100 * century + value
    return (year, after) if FIRST_YEAR <= year <= LAST_YEAR else None


def _decimals(tokens: list[_Token], at: int, whole: float) -> tuple[float, int]:
    """What follows a spoken "point": digits one by one, or a number below a hundred."""
    digits = ""
    while at < len(tokens) and tokens[at].word in _SMALL and len(digits) < 6:
        value = int(_SMALL[tokens[at].word])
        if value >= 20 and at + 1 < len(tokens) and 0 < _SMALL.get(tokens[at + 1].word, 0) < 10:
            value, at = value + int(_SMALL[tokens[at + 1].word]), at + 1
        digits, at = digits + str(value), at + 1
    return whole + float(f"0.{digits or 0}"), at


def _scaled(tokens: list[_Token], at: int, value: float, text: str) -> tuple[float, int]:
    """With what is behind it: "1.2 million", "4 and a half thousand"."""
    if _half_follows(tokens, at, text):
        value, at = value + 0.5, at + 3
    scale = 1.0
    while (
        at < len(tokens)
        and tokens[at].word in SCALES
        and not _breaks(text[tokens[at - 1].end : tokens[at].start])
    ):
        scale, at = scale * SCALES[tokens[at].word], at + 1
    if scale > 1 and _half_follows(tokens, at, text):
        return (value + 0.5) * scale, at + 3
    return value * scale, at


def _words(tokens: list[_Token], at: int, count: int) -> tuple[str, ...]:
    return tuple(token.word for token in tokens[at : at + count])


def _has_percent(tokens: list[_Token], last: int, text: str) -> bool:
    return text[tokens[last].start : tokens[last].end].endswith("%")


def _breaks(between: str) -> bool:
    """Whether something ends between two words."""
    return any(char in between for char in ",.;:!?()\n")


def _scale_of(number: Quantity) -> float:
    scale = _ITS_SCALE.search(number.text)
    return {**SCALES, **_SUFFIXES}[scale[0].lower()] if scale else 1.0


def _rounds_to(one: float, other: float) -> bool:
    if isclose(one, other, rel_tol=1e-6):
        return True
    return _is_rounded(one, other) or _is_rounded(other, one)


def _is_rounded(rough: float, exact: float) -> bool:
    """Whether `rough` is `exact` with fewer digits; a single digit is enough of a large number only."""
    digits = _significant(rough)
    if rough <= 0 or exact <= 0 or digits > 6 or (digits < 2 and rough < ROUNDED_FROM):
        return False
    step = 10.0 ** (floor(log10(rough)) + 1 - digits)
    return isclose(floor(exact / step + 0.5) * step, rough, rel_tol=1e-9)


def _significant(value: float) -> int:
    """How many digits a number has but for the zeros at its ends."""
    return len(f"{abs(value):.9e}".split("e")[0].replace(".", "").strip("0")) or 1


def _said(token: re.Match[str]) -> str | None:
    """A number that is written in digits, in words; None for one that nobody would say so."""
    digits = _SEPARATORS.sub("", token["number"])
    whole, _, decimals = digits.partition(".")
    if float(digits) >= LARGEST:
        return None
    suffix = (token["suffix"] or "").lower()
    scale = {
        "k": " thousand",
        "m": " million",
        "mn": " million",
        "b": " billion",
        "bn": " billion",
        "%": " percent",
    }
    words = _integer(int(whole or 0), is_year="," not in token["number"] and not decimals and not suffix)
    if decimals:
        words += " point " + " ".join(UNITS[int(digit)] for digit in decimals)
    words += scale.get(suffix, "")
    if token["sign"]:
        words += f" {_CURRENCIES[token['sign']]}"
    tail = token["tail"] or ""
    return f"{words} {'times' if tail.lower() == 'x' else tail}".strip()


def _integer(value: int, *, is_year: bool = False) -> str:
    if is_year and FIRST_YEAR <= value <= LAST_YEAR and value % 100 >= 10:
        return f"{_below_thousand(value // 100)} {_below_thousand(value % 100)}"
    if value == 0:
        return UNITS[0]
    return " ".join(_groups(value))


def _groups(value: int) -> Iterator[str]:
    for name in ("billion", "million", "thousand"):
        count, value = divmod(value, int(SCALES[name]))
        if count:
            yield f"{_below_thousand(count)} {name}"
    if value:
        yield _below_thousand(value)


def _below_thousand(value: int) -> str:
    hundreds, rest = divmod(value, 100)
    words = [UNITS[hundreds], "hundred"] if hundreds else []
    if rest >= 20:
        words.append(TENS[rest // 10 - 2])
        rest %= 10
    if rest:
        words.append(UNITS[rest])
    return " ".join(words)
