"""`voicecoach progress`: how each skill has moved, what is usual, and the words someone leans on."""

from typing import TYPE_CHECKING, get_args

import click

from voicecoach.cli import output
from voicecoach.cli.render import wrapped
from voicecoach.cli.session import Session, pass_session
from voicecoach.cli.talk import ExitCode, say
from voicecoach.content.model import Area

if TYPE_CHECKING:
    from voicecoach.practice.progress import Progress, SkillProgress
    from voicecoach.practice.progress_words import UsualLine
    from voicecoach.practice.usual import Usual


@click.command(epilog="\b\nExample:\n  voicecoach progress --area evaluation --all")
@click.option("--area", type=click.Choice(get_args(Area)), help="Only questions of this area.")
@click.option("--all", "whole", is_flag=True, help="Every take, not only those of the last 30 days.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, the takes' scores included.")
@pass_session
def progress(session: Session, area: Area | None, whole: bool, as_json: bool) -> int:
    """How each skill has moved, what is usual for you, and your crutch words.

    A trend is claimed only where repeats of the same questions bear it out. Drilled definitions and
    retries of single points do not count.
    """
    from voicecoach.practice.progress import RECENT, ProgressReader  # noqa: PLC0415 - brings numpy

    coach = session.coach
    found = ProgressReader(coach.engines, coach.bank, coach.clock).read(area, None if whole else RECENT)
    if as_json:
        output.write_json(_as_dict(found))
        return ExitCode.FINE
    if not any(skill.takes for skill in found.skills):
        if whole:
            where = " in this area" if area else ""
            say(f"No take yet{where}: drilled definitions and single points do not count.")
        else:
            say("No take in this period. `--all` looks further back; `voicecoach` opens the app.")
        return ExitCode.FINE
    output.write_text("\n".join(_lines(found)))
    return ExitCode.FINE


def _lines(progress: "Progress") -> list[str]:
    from voicecoach.practice import progress_words as words  # noqa: PLC0415 - brings numpy

    lines = [f"Progress: {progress.area or 'all areas'}, {words.period_words(progress)}", ""]
    for skill in progress.skills:
        if skill.takes:
            lines += [skill.skill.capitalize(), *wrapped(" ".join(words.skill_words(skill)), indent=2), ""]
    lines.append("How you usually speak")
    lines += map(_usual_line, words.speech_lines(progress.speech))
    lengths = [_usual_line(line) for line in words.length_lines(progress.speech)]
    lines += ["", "How long, by the time asked for", *lengths] if lengths else []
    lines += ["", "Your crutch words"]
    for line in words.crutch_words(progress.crutches):
        lines += wrapped(line, indent=2)
    lines += wrapped(words.fillers_words(progress.crutches), indent=2)
    notes = (words.HOW_TRENDS_ARE_TOLD, words.HOW_USUAL_IS_TOLD)
    return [*lines, "", *(line for note in notes for line in wrapped(note, indent=2))]


def _usual_line(line: "UsualLine") -> str:
    return f"  {line.label:10}{line.middle:>8}  {line.between:20}{line.norm}".rstrip()


def _as_dict(progress: "Progress") -> dict[str, object]:
    speech = progress.speech
    return {
        "area": progress.area,
        "since": None if progress.since is None else progress.since.isoformat(),
        "skills": {skill.skill: _skill_as_dict(skill) for skill in progress.skills},
        "speech": {
            "words_per_minute": _usual_as_dict(speech.words_per_minute),
            "fillers_per_minute": _usual_as_dict(speech.fillers_per_minute),
            "pauses_per_minute": _usual_as_dict(speech.pauses_per_minute),
            "lengths_s": [
                {"target_s": list(each.target_s), **_usual_as_dict(each.length)} for each in speech.lengths
            ],
        },
        "crutches": {
            "takes": progress.crutches.takes,
            "fillers_per_minute": round(progress.crutches.fillers_per_minute, 3),
            "words": [
                {
                    "word": each.word,
                    "takes": each.takes,
                    "per_minute": round(each.per_minute, 3),
                    "quiet_for": each.quiet_for,
                }
                for each in progress.crutches.words
            ],
        },
    }


def _skill_as_dict(skill: "SkillProgress") -> dict[str, object]:
    trend = skill.trend
    return {
        "trend": {
            "direction": trend.direction,
            "pairs": trend.pairs,
            "higher": trend.higher,
            "lower": trend.lower,
            "change": round(trend.change, 3),
        },
        "usual": _usual_as_dict(skill.usual),
        "takes": [{"at": take.at.isoformat(), "score": round(take.score, 3)} for take in skill.takes],
    }


def _usual_as_dict(usual: "Usual") -> dict[str, object]:
    spread = usual.spread
    values = {"low": spread.low, "median": spread.median, "high": spread.high} if spread else {}
    return {"takes": usual.takes, **{name: round(value, 3) for name, value in values.items()}}
