"""Progress: how each skill has moved, what is usual for this person, and the words they lean on."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from voicecoach.content.model import Area, Bank
from voicecoach.history.records import TYPED_ENGINE, TakeMeasures
from voicecoach.practice.crutches import Crutches, find_crutches
from voicecoach.practice.engines import Engines
from voicecoach.practice.trends import Trend, trend_of
from voicecoach.practice.usual import Usual, UsualSpeech, usual, usual_speech
from voicecoach.scoring.overall import LONG_WEIGHTS

OVERALL = "overall"
SKILLS = (OVERALL, *LONG_WEIGHTS)
"""The overall number and its parts, as the card names them; each with its section's own score."""

SPOKEN_SKILLS = frozenset({"timing", "delivery"})
"""What typed words have none of."""

MOST_TAKES = 1000
"""The newest takes that are looked at; a plot has room for fewer."""

USUAL_READ = 100
"""Takes that are looked through for the newest of each kind."""

SPOKEN_READ = 100
"""Transcripts that are searched for crutch words."""

LINE_TAKES = 5
"""The plot's line is a median of the day's takes, or of so many where the day has fewer."""

RECENT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class ScoredTake:
    """One take in the history of a skill.

    Attributes:
        at: When it began.
        score: 0..100.
    """

    at: datetime
    score: float


@dataclass(frozen=True, slots=True)
class SkillProgress:
    """One skill over time.

    Attributes:
        skill: One of SKILLS.
        takes: Oldest first.
        line: Where someone stood at the end of each day: the median of its takes, and of those before it
            where it has fewer than LINE_TAKES; none before there are so many.
        trend: What may be said of them.
        usual: What is usual for this person now, whatever period is shown.
    """

    skill: str
    takes: tuple[ScoredTake, ...]
    line: tuple[ScoredTake, ...]
    trend: Trend
    usual: Usual


@dataclass(frozen=True, slots=True)
class Progress:
    """Everything that is shown of someone's progress.

    Attributes:
        area: The questions' area; None for all.
        since: Takes from then on; None for all.
        now: When this was read.
        is_cut: Whether there are older takes than the MOST_TAKES that were looked at.
        skills: In the order of SKILLS.
        speech: How they usually sound, whatever the area.
        crutches: Words they lean on, whatever the area.
    """

    area: Area | None
    since: datetime | None
    now: datetime
    is_cut: bool
    skills: tuple[SkillProgress, ...]
    speech: UsualSpeech
    crutches: Crutches

    def skill(self, name: str) -> SkillProgress:
        """One of SKILLS."""
        return self.skills[SKILLS.index(name)]


class ProgressReader:
    """Reads someone's progress from the history. Blocks: for a worker.

    Args:
        engines: For the history.
        bank: Knows each question's area.
        clock: The time now, aware.
    """

    def __init__(self, engines: Engines, bank: Bank, clock: Callable[[], datetime]) -> None:
        self._engines = engines
        self._bank = bank
        self._clock = clock

    def areas(self) -> tuple[Area, ...]:
        """Areas in which something was answered, in the order of their names.

        Raises:
            HistoryError: The history cannot be read.
        """
        found = map(self._bank.find, self._engines.history().standings())
        return tuple(sorted({q.area for q in found if q is not None and not q.is_narrowed}))

    def read(self, area: Area | None = None, period: timedelta | None = None) -> Progress:
        """How someone has got on.

        Args:
            area: Only questions of that area; None for all, those that left the bank included.
            period: Only the takes of so long; None for all.

        Raises:
            HistoryError: The history cannot be read.
        """
        history, now = self._engines.history(), self._clock()
        since = None if period is None else now - period
        asked = None if area is None else [q.id for q in self._bank.questions if q.area == area]
        takes = history.measures(MOST_TAKES, asked, since)
        latest = takes[:USUAL_READ] if since is None else history.measures(USUAL_READ, asked)
        latest_of_all = latest if area is None else history.measures(USUAL_READ)
        return Progress(
            area=area,
            since=since,
            now=now,
            is_cut=len(takes) == MOST_TAKES,
            skills=tuple(_skill(name, takes, latest) for name in SKILLS),
            speech=usual_speech(latest_of_all),
            crutches=find_crutches(history.heard(SPOKEN_READ)),
        )


def _skill(name: str, takes: Sequence[TakeMeasures], latest: Sequence[TakeMeasures]) -> SkillProgress:
    """One skill.

    Args:
        name: One of SKILLS.
        takes: Newest first; to show.
        latest: Newest first; to say what is usual.
    """
    found = [(take, score) for take in reversed(takes) if (score := _score(take, name)) is not None]
    comparable: dict[object, list[float]] = {}
    for take, score in found:
        comparable.setdefault((take.question_id, take.engine, take.model), []).append(score)
    scored = tuple(ScoredTake(take.started_at, score) for take, score in found)
    return SkillProgress(
        name,
        scored,
        _line(scored),
        trend_of(comparable.values()),
        usual([score for take in latest if (score := _score(take, name)) is not None]),
    )


def _score(take: TakeMeasures, skill: str) -> float | None:
    """A take's score in a skill; None where it has none."""
    if skill == OVERALL:
        return take.overall
    if skill in SPOKEN_SKILLS and take.engine == TYPED_ENGINE:
        return None
    return dict(take.skills).get(skill)


def _line(takes: Sequence[ScoredTake]) -> tuple[ScoredTake, ...]:
    found = []
    end = 0
    for _, its in groupby(takes, key=lambda take: take.at.astimezone().date()):
        today = len(list(its))
        end += today
        if end >= LINE_TAKES:
            middle = statistics.median(take.score for take in takes[end - max(today, LINE_TAKES) : end])
            found.append(ScoredTake(takes[end - 1].at, middle))
    return tuple(found)
