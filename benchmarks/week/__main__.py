"""Fifty spoken answers over seven evenings, and what a person would expect to find after them.

    python -m benchmarks.week [HOME]

The system's own voice (flite on Linux) speaks, PocketSphinx hears, the real judge judges; only the clock is
set. It takes about a quarter of an hour. With HOME, a folder that must not exist, everything stays there, and
`VOICECOACH_HOME=HOME voicecoach` opens it.
"""

import sys
import tempfile
import time
import wave
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from benchmarks.week.checks import Check, check_crutches, check_trend, check_week
from benchmarks.week.living import Clock, Evening, Take, live
from benchmarks.week.plan import HABIT, PLAN, words_of
from voicecoach.config import Paths, Settings
from voicecoach.content.model import Area
from voicecoach.practice.coach import Coach
from voicecoach.practice.progress import ProgressReader
from voicecoach.practice.progress_words import crutch_words, skill_words, speech_lines
from voicecoach.voice.voice import Voice
from voicecoach.wiring import assemble

SETTINGS = Settings(engine="pocketsphinx", voice="system")

UNCLEAR: tuple[Area, ...] = ("modelling", "behavioural")
"""Where a single question was answered, three times: too few to tell."""


def main() -> int:
    """Live the week and print what it left; the exit code says whether anything was odd."""
    with tempfile.TemporaryDirectory(prefix="voicecoach-week-") as scratch:
        home = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(scratch) / "home"
        home.mkdir(parents=True)
        paths = Paths(home / "settings.toml", home / "data", home / "cache")
        wired = assemble(SETTINGS, paths)
        # The last evening was yesterday, so that whoever opens HOME sees the week as it is the morning after.
        clock = Clock(datetime.now().astimezone().replace(hour=19, minute=0) - timedelta(days=7))
        coach = Coach(wired.engines, wired.bank, paths.takes, clock)
        with closing(wired.engines.history()):
            takes = _spoken(wired.engines.voice(), Path(scratch))
            evenings = []
            for evening in live(coach, clock, takes):
                evenings.append(evening)
                _say(_told(evening))
            checks = _checks(coach, clock, evenings)
        _say("\n".join(_line(check) for check in checks))
    return int(any(check.oddities for check in checks))


def _spoken(voice: Voice, folder: Path) -> list[Take]:
    takes = []
    for number, planned in enumerate(PLAN):
        sound = folder / f"{number}.wav"
        clip = voice.synthesize(words_of(number, planned))
        with wave.open(str(sound), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(clip.rate)
            file.writeframes(clip.samples.astype("<i2").tobytes())
        takes.append(Take(planned.evening, planned.question, sound))
    return takes


def _told(evening: Evening) -> str:
    """What was shown before the evening's takes, each take, and how the progress reads after them."""
    due = {question: [each.point.id for each in points] for question, points in evening.due.items()}
    lines = [
        f"{evening.day:%A %d %b}: streak {evening.streak.days}, "
        f"{sum(map(len, due.values()))} points of {len(due)} questions due; "
        f"next {evening.before.suggested} ({evening.before.why})"
    ]
    for attempt in evening.attempts:
        states = " ".join(point.state for point in attempt.card.points)
        lines.append(f"  {attempt.card.overall:3.0f}  {attempt.question_id}: {states}")
    lines.append(f"  coverage: {' '.join(skill_words(evening.after.skill('coverage')))}")
    return "\n".join(lines)


def _checks(coach: Coach, clock: Clock, evenings: list[Evening]) -> list[Check]:
    reader = ProgressReader(coach.engines, coach.bank, clock)
    whole = reader.read()
    _say("\n".join([*map(str, speech_lines(whole.speech)), *crutch_words(whole.crutches)]))
    coach.schedule.catch_up()
    for days in (0, 1, 3, 7, 14, 30):
        due = coach.schedule.due(coach.schedule.today() + timedelta(days=days))
        _say(f"due by {days} days on: {sum(map(len, due.values()))} points of {len(due)} questions")
    return [
        *check_week(coach, clock, evenings),
        check_trend(whole, better=True),
        *(check_trend(reader.read(area), better=False) for area in UNCLEAR),
        check_crutches(whole, {HABIT}),
    ]


def _line(check: Check) -> str:
    if not check.oddities:
        return f"as expected: {check.what}"
    return "\n".join([f"ODD: {check.what}", *(f"    {each}" for each in check.oddities)])


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    started = time.monotonic()
    code = main()
    _say(f"took {(time.monotonic() - started) / 60:.0f} minutes")
    sys.exit(code)
