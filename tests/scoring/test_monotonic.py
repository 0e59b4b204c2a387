"""Saying one more right thing never lowers the number, an off-point minute never raises it."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.judging import Judging
from voicecoach.practice.spoken import sentences
from voicecoach.scoring.card import ScoreCard

QUESTIONS = (
    "imbalanced-data",
    "val-loss-rises",
    "prevent-leakage",
    "skew-vs-drift",
    "define-precision",
    "define-overfitting",
)
STYLES = ("strong", "partial", "plain", "rambling", "vague", "disordered", "right1", "right2")
ANSWERS = [
    entry
    for entry in map(
        json.loads,
        (Path(__file__).parents[1] / "data" / "answers.jsonl").read_text("utf-8").splitlines(),
    )
    if entry["question"] in QUESTIONS and entry["style"] in STYLES
]
WORDS_PER_S = 2.5
ROUNDING = 1e-6

CHATTER = (
    "On Sunday we drove to the lake and had a picnic with my cousins from the north.",
    "The dog chased a duck and nobody could find the car keys for two hours.",
    "My aunt makes a plum cake that wins a prize at the village fair every summer.",
    "Then it rained and everyone sat in the kitchen playing cards until late at night.",
    "The garden needed water because it had not rained for three weeks.",
    "We chose the blue paint instead of the green one for the fence.",
    "The train was late again so I read half a book at the station.",
    "My neighbour has a parrot that sings when the telephone rings.",
    "In the end I cooked pasta with tomatoes and it was rather good.",
    "The old bridge is closed so everybody takes the ferry at six in the morning.",
    "I bought two pounds of cherries and ate them all on the way home.",
    "Her brother plays the trumpet and the whole street hears it.",
)


@pytest.fixture(scope="module")
def judging(tmp_path_factory: pytest.TempPathFactory) -> Judging:
    return Judging(tmp_path_factory.mktemp("monotonic"))


@st.composite
def beginnings(draw: st.DrawFn) -> tuple[str, tuple[str, ...]]:
    """A question, and the first sentences of an answer to it."""
    answer = draw(st.sampled_from(ANSWERS))
    said = sentences(answer["text"])
    return answer["question"], said[: draw(st.integers(1, len(said)))]


def seconds(text: str) -> float:
    return len(text.split()) / WORDS_PER_S


def places(said: tuple[str, ...], card: ScoreCard) -> list[int]:
    """Between which sentences one more may go: not between two that say a point only together."""
    quotes = [point.quote for point in card.points]
    return [
        at
        for at in range(len(said) + 1)
        if all(quote in " ".join(said[:at]) or quote in " ".join(said[at:]) for quote in quotes)
    ]


REPEATABLE = settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@REPEATABLE
@given(beginning=beginnings(), data=st.data())
def test_one_more_right_thing_never_lowers_the_number(
    judging: Judging, beginning: tuple[str, tuple[str, ...]], data: st.DataObject
) -> None:
    question, said = judging.question(beginning[0]), beginning[1]
    text = " ".join(said)
    before = judging.card(question, text, seconds(text))
    left = [point.id for point in before.points if point.state == "missing"]
    if not left:
        return
    chosen = data.draw(st.sampled_from(left))
    point = next(each for each in question.points if each.id == chosen)
    phrasing = data.draw(st.sampled_from(point.phrasings)).removesuffix(".") + "."
    at = data.draw(st.sampled_from(places(said, before)))
    more = " ".join((*said[:at], phrasing, *said[at:]))
    after = judging.card(question, more, seconds(more))
    assert after.overall >= before.overall - ROUNDING


@REPEATABLE
@given(
    beginning=beginnings(),
    minute=st.lists(st.sampled_from(CHATTER), min_size=11, max_size=12, unique=True),
    at=st.none() | st.integers(0, 30),
)
def test_an_off_point_minute_never_raises_the_number(
    judging: Judging, beginning: tuple[str, tuple[str, ...]], minute: list[str], at: int | None
) -> None:
    question, said = judging.question(beginning[0]), beginning[1]
    text = " ".join(said)
    place = len(said) if at is None else min(at, len(said))
    padded = " ".join((*said[:place], *minute, *said[place:]))
    assert seconds(" ".join(minute)) >= 55
    before = judging.card(question, text, seconds(text))
    after = judging.card(question, padded, seconds(padded))
    assert after.overall <= before.overall + ROUNDING
