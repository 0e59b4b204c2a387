from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.scoring.test_clauses import evenly
from voicecoach.scoring.card import PointResult
from voicecoach.scoring.timing import judge_timing
from voicecoach.transcript import EngineInfo, Transcript, Word

WINDOW = (60.0, 90.0)


def lasting(seconds: float) -> Transcript:
    last = Word("words", max(0.0, seconds - 0.5), seconds)
    return Transcript((*evenly("a few", 0.2).words, last), "en", seconds, EngineInfo("text", ""))


def point(end_s: float | None, weight: float = 1.0) -> PointResult:
    state = "missing" if end_s is None else "covered"
    return PointResult("p", "P", "define", weight, state, 0.9, 0.0, end_s, "q")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("seconds", "score"), [(60, 100), (75, 100), (90, 100), (30, 50), (135, 50), (180, 0), (300, 0)]
)
def test_the_window_scores_full_and_both_sides_fall_off(seconds: float, score: float) -> None:
    assert judge_timing(lasting(seconds), WINDOW, (), 0.0).score == pytest.approx(score)


@given(st.floats(1, 200), st.floats(0, 200))
def test_padding_never_pays(useful_s: float, padding_s: float) -> None:
    bare = judge_timing(lasting(useful_s), WINDOW, (), 0.0)
    padded = judge_timing(lasting(useful_s + padding_s), WINDOW, (), padding_s)
    assert 0 <= padded.score <= bare.score + 1e-9


def test_silence_at_the_end_fills_no_window() -> None:
    short, kept_running = lasting(20), replace(lasting(20), duration_s=65.0)
    assert judge_timing(short, WINDOW, (), 0.0).score == pytest.approx(100 * 20 / 60)
    assert judge_timing(kept_running, WINDOW, (), 0.0).score == pytest.approx(100 * 22 / 60)
    assert judge_timing(kept_running, WINDOW, (), 0.0).duration_s == pytest.approx(22)
    late = replace(lasting(85), duration_s=105.0)
    assert judge_timing(late, WINDOW, (), 0.0).score == 100


@given(st.floats(1, 2000), st.floats(0, 4000))
def test_no_waste_makes_it_less_than_nothing(seconds: float, wasted_s: float) -> None:
    assert 0 <= judge_timing(lasting(seconds), WINDOW, (), wasted_s).score <= 100


def test_interruptions_count_what_had_been_said_by_then() -> None:
    points = (point(10.0), point(40.0), point(None, 2.0))
    timing = judge_timing(lasting(70), WINDOW, points, 0.0)
    assert [(i.at_s, i.covered) for i in timing.interrupted] == [(15.0, 0.25), (30.0, 0.25), (60.0, 0.5)]


def test_an_answer_cannot_be_interrupted_after_its_end() -> None:
    assert [i.at_s for i in judge_timing(lasting(20), WINDOW, (), 0.0).interrupted] == [15.0]
