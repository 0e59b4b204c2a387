"""Words that one person leans on: not those that came up once, but those that come up take after take.

All fillers together do no harm up to 5 a minute (Laske & DiGennaro Reed 2024, see scoring.delivery). There is
no such norm for single words, so a word is called a crutch where it alone takes up a fifth of that.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from voicecoach.scoring.delivery import HARMLESS_FILLERS, count_fillers
from voicecoach.scoring.timing import answered_s
from voicecoach.transcript import Transcript

ENOUGH_TAKES = 5
"""Spoken takes from which on something is said."""

LEAST_TAKES, LEAST_SHARE = 3, 0.25
"""A crutch is used in so many takes, and in that share of them."""

LEAST_RATE = HARMLESS_FILLERS / 5
"""And so often a minute."""

_HABITS = re.compile(
    r"""
    (?:
        (?: ^ | (?<=[.,?!;]\ ) | \b(?:so|and|but|because|well|i)\ ) (?P<opening>actually|honestly)\b
      | \b(?P<phrase>
            essentially | pretty\ much | i\ guess | to\ be\ honest | at\ the\ end\ of\ the\ day
          | and\ stuff | or\ something | or\ whatever | and\ so\ on | as\ i\ said | like\ i\ said
          | if\ that\ makes\ sense | does\ that\ make\ sense | okay\ so | so\ yeah
        )\b
      | ,\ (?P<tag>right)(?=[?,.])
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""Habits that are no fillers on the card, only where they cannot be meant: "actually positive" is none."""


@dataclass(frozen=True, slots=True)
class Crutch:
    """A word or phrase that someone leans on.

    Attributes:
        word: Lower case.
        takes: In how many it came up.
        per_minute: Over all takes that were looked at; at least so often, recognisers drop some.
        quiet_for: So many of the newest takes are without it.
    """

    word: str
    takes: int
    per_minute: float
    quiet_for: int


@dataclass(frozen=True, slots=True)
class Crutches:
    """What a person's newest takes show.

    Attributes:
        words: Most frequent first.
        takes: How many takes were looked at.
        fillers_per_minute: All fillers together, as the card counts them.
    """

    words: tuple[Crutch, ...]
    takes: int
    fillers_per_minute: float

    @property
    def missing(self) -> int:
        """Takes until something is said."""
        return max(0, ENOUGH_TAKES - self.takes)


def find_crutches(heard: Sequence[Transcript]) -> Crutches:
    """The crutches of spoken takes.

    Args:
        heard: What was heard in each, newest first.
    """
    fillers = [count_fillers(transcript) for transcript in heard]
    said = [found + _habits(transcript) for found, transcript in zip(fillers, heard, strict=True)]
    minutes = sum(map(answered_s, heard)) / 60
    if not minutes:
        return Crutches((), len(heard), 0.0)
    total, in_takes = Counter[str](), Counter[str]()
    for counts in said:
        total.update(counts)
        in_takes.update(counts.keys())
    least_takes = max(LEAST_TAKES, LEAST_SHARE * len(heard))
    words = tuple(
        Crutch(
            word, in_takes[word], count / minutes, next(at for at, found in enumerate(said) if found[word])
        )
        for word, count in total.most_common()
        if in_takes[word] >= least_takes and count / minutes >= LEAST_RATE
    )
    enough = len(heard) >= ENOUGH_TAKES
    rate = sum(found.total() for found in fillers) / minutes
    return Crutches(words if enough else (), len(heard), rate)


def _habits(transcript: Transcript) -> Counter[str]:
    found = _HABITS.finditer(transcript.text)
    return Counter(next(filter(None, match.groups())).lower() for match in found)
