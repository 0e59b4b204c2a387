from dataclasses import replace
from datetime import UTC, datetime

import pytest

from voicecoach.history.records import TakeMeasures
from voicecoach.practice.usual import Spread, Usual, usual, usual_speech

TAKE = TakeMeasures(
    attempt_id=1,
    question_id="define-recall",
    started_at=datetime(2026, 11, 20, tzinfo=UTC),
    engine="whisper",
    model="small.en",
    duration_s=30.0,
    overall=60.0,
    skills=(),
    target_s=(10.0, 30.0),
    words_per_minute=150.0,
    fillers_per_minute=2.0,
    pauses=6,
)
TYPED = replace(TAKE, engine="text", pauses=None)


@pytest.mark.parametrize("count", range(5))
def test_before_five_takes_nothing_is_claimed(count: int) -> None:
    found = usual([50.0] * count)
    assert found == Usual(count, None)
    assert found.missing == 5 - count


def test_from_the_fifth_take_on_there_is_a_middle_and_a_spread() -> None:
    assert usual([10.0, 20.0, 30.0, 40.0, 50.0]) == Usual(5, Spread(20.0, 30.0, 40.0))


def test_one_odd_take_hardly_moves_it() -> None:
    found = usual([150.0, 152.0, 400.0, 148.0, 151.0]).spread
    assert found is not None
    assert found.median == 151.0


def test_only_the_newest_takes_count() -> None:
    found = usual([80.0] * 20 + [10.0] * 80)
    assert found == Usual(20, Spread(80.0, 80.0, 80.0))


def test_pauses_are_told_by_the_minute() -> None:
    assert usual_speech([TAKE] * 5).pauses_per_minute.spread == Spread(12.0, 12.0, 12.0)


def test_typed_answers_say_nothing_of_how_someone_speaks() -> None:
    speech = usual_speech([TYPED] * 50 + [TAKE] * 4)
    for each in (speech.words_per_minute, speech.fillers_per_minute, speech.pauses_per_minute):
        assert each == Usual(4, None)
    assert [each.length.takes for each in speech.lengths] == [4]


def test_lengths_are_told_apart_by_what_was_asked_for() -> None:
    long = replace(TAKE, target_s=(60.0, 90.0), duration_s=84.0)
    other = replace(TAKE, target_s=(90.0, 150.0), duration_s=100.0)
    lengths = usual_speech([long] * 6 + [TAKE] * 5 + [other] * 2).lengths
    assert [(each.target_s, each.length.spread and each.length.spread.median) for each in lengths] == [
        ((60.0, 90.0), 84.0),
        ((10.0, 30.0), 30.0),
    ]
