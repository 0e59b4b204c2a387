"""A short week with real ears: what history, schedule, streak and progress look like after it.

The long one, fifty answers over seven evenings, is `python -m benchmarks.week`.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from benchmarks.week.checks import Check, check_crutches, check_trend, check_week
from benchmarks.week.living import Clock, Evening, Take, live
from tests.support.practising import SPOKEN
from tests.support.sounds import save
from voicecoach.clip import SPEECH_RATE, AudioClip
from voicecoach.config import Paths, Settings
from voicecoach.practice.coach import Coach
from voicecoach.practice.progress import ProgressReader
from voicecoach.wiring import WiredEngines, assemble

LONG, SHORT, RETRY = "imbalanced-data", "define-class-imbalance", "define-class-imbalance#definition"
OFF_THE_POINT = (52.0, 63.5)

PARTS: tuple[tuple[int, str, tuple[float, float]], ...] = (
    (0, LONG, OFF_THE_POINT),
    (0, SHORT, OFF_THE_POINT),
    (1, SHORT, (0.0, 6.0)),
    (1, LONG, (0.0, 6.0)),
    (3, RETRY, (0.0, 6.0)),
    (3, SHORT, (0.0, 21.0)),
    (3, LONG, (0.0, 21.0)),
    (4, LONG, (0.0, 31.5)),
)
"""Evening, question, and which seconds of the spoken answer are said: more each time, none on the third."""


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Coach, Clock, tuple[Evening, ...]]]:
    """The evenings, lived; the clock stands a day after the last."""
    folder = tmp_path_factory.mktemp("week")
    paths = Paths(folder / "settings.toml", folder / "data", folder / "cache")
    engines = WiredEngines(Settings(engine="pocketsphinx"), paths)
    clock = Clock(datetime(2026, 11, 9, 19, 0, tzinfo=UTC))
    coach = Coach(engines, assemble(Settings(), paths).bank, paths.takes, clock)
    spoken = engines.decode(SPOKEN)
    takes = []
    for number, (evening, question_id, (start_s, end_s)) in enumerate(PARTS):
        sound = folder / f"{number}.wav"
        part = spoken.samples[round(start_s * SPEECH_RATE) : round(end_s * SPEECH_RATE)]
        save(sound, AudioClip(part, SPEECH_RATE))
        takes.append(Take(evening, question_id, sound))
    evenings = tuple(live(coach, clock, takes))
    coach.schedule.catch_up()
    yield coach, clock, evenings
    engines.history().close()


def expect(*checks: Check) -> None:
    odd = [check for check in checks if check.oddities]
    assert not odd, "\n".join(f"{check.what}: {check.oddities}" for check in odd)


def test_history_schedule_streak_and_plots_are_as_expected(
    week: tuple[Coach, Clock, tuple[Evening, ...]],
) -> None:
    expect(*check_week(*week))


def test_seven_takes_of_two_questions_are_too_few_to_tell_a_trend(
    week: tuple[Coach, Clock, tuple[Evening, ...]],
) -> None:
    coach, clock, _ = week
    progress = ProgressReader(coach.engines, coach.bank, clock).read()
    assert progress.skill("coverage").trend.direction == "too few"
    assert progress.skill("coverage").trend.higher > progress.skill("coverage").trend.lower == 0
    expect(check_trend(progress, better=False), check_crutches(progress, set()))


def test_what_was_said_twice_rests_while_what_was_never_said_is_back(
    week: tuple[Coach, Clock, tuple[Evening, ...]],
) -> None:
    coach, clock, evenings = week
    assert clock.now.date() == evenings[-1].day + timedelta(days=1)
    for question_id, said, never in (
        (SHORT, "definition", "train-only-resampling"),
        (LONG, "what-it-is", "threshold-by-cost"),
    ):
        back = {each.point.id for each in coach.schedule.due()[question_id]}
        assert said not in back, question_id
        assert never in back, question_id
