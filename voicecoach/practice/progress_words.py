"""Progress in words: what the plots show, no more than the takes bear out."""

from dataclasses import dataclass
from datetime import date

from voicecoach.practice.crutches import Crutch, Crutches
from voicecoach.practice.progress import MOST_TAKES, OVERALL, Progress, SkillProgress
from voicecoach.practice.trends import ENOUGH_TAKES, Trend
from voicecoach.practice.usual import NEWEST_TAKES, Usual, UsualSpeech
from voicecoach.scoring.delivery import FINE_PACE, HARMLESS_FILLERS

HOW_TRENDS_ARE_TOLD = (
    "A trend is told only from takes on the same question heard by the same engine, at least "
    f"{ENOUGH_TAKES} of them, where chance would show it less than once in a hundred times (Kendall's test) "
    "and the later of two takes typically differs by 3 points or more."
)

HOW_USUAL_IS_TOLD = (
    f"Usual is the middle of your newest {NEWEST_TAKES} takes, from the fifth on; half of them lie between."
)

ENOUGH_QUIET = 5
"""Takes without a crutch word from which on it is said that they are."""


@dataclass(frozen=True, slots=True)
class UsualLine:
    """One line of what is usual.

    Attributes:
        label: What is measured.
        middle: The median with its unit; empty where there are too few takes.
        between: The quartiles, or how many takes are missing.
        norm: What does no harm; empty where there is no norm.
    """

    label: str
    middle: str
    between: str
    norm: str = ""


def period_words(progress: Progress) -> str:
    """Which takes are shown."""
    if progress.since is None:
        return f"the newest {MOST_TAKES:,} takes" if progress.is_cut else "all takes"
    return f"last {(progress.now - progress.since).days} days"


def skill_words(skill: SkillProgress) -> tuple[str, ...]:
    """What a skill's plot shows, a few sentences."""
    if not skill.takes:
        of_skill = "" if skill.skill == OVERALL else f" with a score for {skill.skill}"
        return (f"No take{of_skill} in this period.",)
    first, last = (take.at.astimezone().date() for take in (skill.takes[0], skill.takes[-1]))
    in_year = "" if first.year == last.year else " %Y"
    when = f"on {_day(first)}" if first == last else f"from {_day(first, in_year)} to {_day(last, in_year)}"
    return (f"{_takes(len(skill.takes))} {when}.", trend_words(skill.trend), usual_words(skill.usual))


def trend_words(trend: Trend) -> str:
    """What may be claimed, and what it rests on."""
    if trend.direction == "too few":
        return (
            f"Too few to tell a trend: {_takes(trend.repeated)} on questions answered more than once, "
            f"{ENOUGH_TAKES} are needed."
        )
    counts = (
        f"of {trend.pairs} pairs of takes on the same question, the later scored higher in {trend.higher} "
        f"and lower in {trend.lower}"
    )
    if trend.direction == "unclear":
        return f"No clear trend: {counts}; that can be chance, or is too small to feel."
    change = f"typically {abs(trend.change):.0f} points {'higher' if trend.change > 0 else 'lower'}"
    return f"{trend.direction.capitalize()}: {counts}; it was {change}."


def usual_words(usual: Usual) -> str:
    """Where someone's takes usually lie."""
    if usual.spread is None:
        return f"{_takes(usual.missing, 'more take')} until your usual range can be told."
    low, middle, high = usual.spread.low, usual.spread.median, usual.spread.high
    return f"Your usual now: {middle:.0f}, half of your takes between {low:.0f} and {high:.0f}."


def speech_lines(speech: UsualSpeech) -> tuple[UsualLine, ...]:
    """How someone usually sounds, a line for each measure."""
    slow, fast = FINE_PACE
    return (
        _line("Pace", speech.words_per_minute, " wpm", norm=f"fine: {slow:.0f}-{fast:.0f}"),
        _line("Fillers", speech.fillers_per_minute, "/min", 1, f"harmless: up to {HARMLESS_FILLERS:.0f}"),
        _line("Pauses", speech.pauses_per_minute, "/min"),
    )


def length_lines(speech: UsualSpeech) -> tuple[UsualLine, ...]:
    """How long they usually speak, a line for each window that questions ask for."""
    return tuple(
        _line(f"{each.target_s[0]:.0f}-{each.target_s[1]:.0f} s", each.length, " s")
        for each in speech.lengths
    )


def crutch_words(crutches: Crutches) -> tuple[str, ...]:
    """The words someone leans on, a line for each, or why there are none."""
    if crutches.missing:
        return (f"{_takes(crutches.missing, 'more spoken take')} until crutch words can be told.",)
    if not crutches.words:
        return (f"None that comes up take after take, in {_takes(crutches.takes)}.",)
    return tuple(
        f"{each.word}: {each.per_minute:.1f} a minute, "
        f"in {each.takes} of {crutches.takes} takes{_quiet(each)}"
        for each in crutches.words
    )


def fillers_words(crutches: Crutches) -> str:
    """All fillers together against the norm; empty while there are too few takes."""
    if crutches.missing:
        return ""
    rate = crutches.fillers_per_minute
    verdict = "harmless" if rate <= HARMLESS_FILLERS else "more than does no harm"
    return f"All fillers: at least {rate:.1f} a minute, {verdict} (norm: {HARMLESS_FILLERS:.0f})."


def _quiet(crutch: Crutch) -> str:
    """That a habit may be gone."""
    return f", none of the newest {crutch.quiet_for}" if crutch.quiet_for >= ENOUGH_QUIET else ""


def _line(label: str, usual: Usual, unit: str, digits: int = 0, norm: str = "") -> UsualLine:
    if usual.spread is None:
        return UsualLine(label, "", f"{_takes(usual.missing, 'more take')} needed", norm)
    low, middle, high = usual.spread.low, usual.spread.median, usual.spread.high
    return UsualLine(label, f"{middle:.{digits}f}{unit}", f"{low:.{digits}f}-{high:.{digits}f}", norm)


def _takes(count: int, one: str = "take") -> str:
    return f"{count} {one}{'' if count == 1 else 's'}"


def _day(day: date, in_year: str = "") -> str:
    return f"{day.day} {day:%b{in_year}}"
