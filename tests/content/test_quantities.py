import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicecoach.content.quantities import (
    Quantity,
    changes,
    fractions,
    moves,
    other_readings,
    quantities,
    read_together,
    spoken,
)


def only(text: str) -> Quantity:
    (found,) = quantities(text)
    return found


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("seventy-one of them", 71),
        ("a hundred and eighty thousand euros", 180_000),
        ("$180,000", 180_000),
        ("180k", 180_000),
        ("1.2 million rows", 1_200_000),
        ("two and a half million", 2_500_000),
        ("half a million", 500_000),
        ("a million and a half users", 1_500_000),
        ("two million and a half", 2_500_000),
        ("1 million and a half", 1_500_000),
        ("40. And a half of them", 40),
        ("40 and a half of them", 40),
        ("2 and a half million rows", 2_500_000),
        ("4 and a half hours", 4.5),
        ("two million three hundred thousand", 2_300_000),
        ("in twenty twenty three", 2023),
        ("fifteen hundred", 1500),
        ("point seven one", 0.71),
        ("three point one four", 3.14),
        ("two hundred and six", 206),
        ("alarms per hundred", 100),
        ("71ms", 71),
        ("20 000 calls", 20_000),
        ("a dozen features", 12),
    ],
)
def test_a_number_is_read_however_it_is_said(text: str, value: float) -> None:
    assert only(text).value == pytest.approx(value)


@pytest.mark.parametrize(
    "text", ["71%", "71 percent", "seventy one percent", "seventy-one per cent", "71 percentage"]
)
def test_percentages(text: str) -> None:
    found = only(text)
    assert (found.value, found.is_percent, found.text) == (71, True, text)


def test_all_of_it_is_a_hundred_percent() -> None:
    assert (only("a full hundred percent").value, only("a full hundred percent").is_percent) == (100, True)


@pytest.mark.parametrize(
    ("text", "percent"),
    [
        ("we cut it in half", 50),
        ("that halved the cost", 50),
        ("about a third of them", 100 / 3),
        ("two thirds", 200 / 3),
        ("one in five users", 20),
        ("3 out of every 4", 75),
        ("two-thirds of users stay", 200 / 3),
        ("a quarter of it in a quarter", 25),
        ("two thirds were wrong", 200 / 3),
        ("three quarters are automated now", 75),
        ("it cut churn by a third in the first month", 100 / 3),
        ("a fifth were wrong", 20),
        ("we cut it by a third then we stopped", 100 / 3),
        ("40 out of 2000 calls", 2),
    ],
)
def test_fractions_are_percentages(text: str, percent: float) -> None:
    (found,) = fractions(text)
    assert found.value == pytest.approx(percent)
    assert found.is_percent


@pytest.mark.parametrize(
    "text",
    [
        "two and a half",
        "half a million",
        "the second half",
        "the third step",
        "a third party",
        "a fifth engineer",
        "in a quarter we shipped",
        "5 in 3 of them",
        "71% in 2023",
        "five in 2023",
        "one in 10 days",
    ],
)
def test_other_words_are_no_fractions(text: str) -> None:
    assert fractions(text) == ()


def test_half_of_a_length_is_no_share() -> None:
    (found,) = fractions("half a second")
    assert (found.value, found.unit, found.is_percent) == (0.5, "second", False)


def test_numbers_side_by_side_stay_apart() -> None:
    assert [q.value for q in quantities("sixty two, seventy one and twenty twelve thousand")] == [
        62,
        71,
        20,
        12_000,
    ]
    assert [q.value for q in quantities("from 62 to 71 percent")] == [62, 71]


def test_names_and_ordinals_are_no_numbers() -> None:
    assert quantities("F1 at the 95th percentile, GPT-4, p95 and v2.1") == ()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("71%", "seventy one percent", True),
        ("71%", "0.71", True),
        ("71%", "seventy one", True),
        ("71.3 percent", "71 percent", True),
        ("1,930,000", "two million", True),
        ("180k", "a hundred and eighty thousand", True),
        ("71%", "seventy percent", False),
        ("71%", "81%", False),
        ("9", "90", False),
        ("400k", "forty thousand", False),
    ],
)
def test_what_may_be_the_same_number(one: str, other: str, same: bool) -> None:
    assert only(one).may_be(only(other)) is same
    assert only(other).may_be(only(one)) is same


def test_a_text_as_it_is_said() -> None:
    assert spoken("Recall from 62% to 71%") == "Recall from sixty two percent to seventy one percent"
    assert (
        spoken("$180k in 2023, 3x")
        == "one hundred eighty thousand dollars in twenty twenty three, three times"
    )
    assert spoken("0.79 & F1 on the 95th") == "zero point seven nine and F1 on the 95th"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Recall from 62 to 71 percent", [("62", "71 percent")]),
        ("0.41 -> 0.58", [("0.41", "0.58")]),
        ("180ms->45ms", [("180", "45")]),
        ("from sixty one percent all the way down to about fifty", [("sixty one percent", "fifty")]),
        ("71%, up from 62%", [("62%", "71%")]),
        ("45 ms, which is down from nearly 180 ms", [("180", "45")]),
        ("$2 to $3 to $4", [("$2", "$3"), ("$3", "$4")]),
        ("between 3 and 5, and 12 of 40", []),
        ("It rose to 5. From 7 on it fell", []),
        ("71% compared to 62%", []),
        ("71 as opposed to 62 before", []),
    ],
)
def test_changes_are_read_whichever_end_comes_first(text: str, found: list[tuple[str, str]]) -> None:
    assert [(change.before.text, change.after.text) for change in changes(text)] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("churn fell by about 14%", [("fell by about 14%", "size", -1)]),
        ("14 percent fewer calls", [("14 percent fewer", "size", -1)]),
        ("rose from 62 to 71", [("rose from 62", "size", 1)]),
        ("saving 600k", [("saving 600k", "money", 1)]),
        ("compute cost down 35%", [("down 35%", "size", -1)]),
        ("it fell by more than 14%", [("fell by more than 14%", "size", -1)]),
        ("up or down by 14%", []),
        ("it fell. In 14 cases", []),
    ],
)
def test_moves_have_a_way(text: str, found: list[tuple[str, str, int]]) -> None:
    assert [(move.text, move.axis, move.way) for move in moves(text)] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("from three to twelve thousand", [3000]),
        ("between 3 and 12k", [3000]),
        ("one twenty", [120]),
        ("one twenty-five", [125]),
        ("twelve fifty", [1250]),
        ("one oh five", [105]),
        ("one twenty thousand", [120_000]),
        ("from 3 to 12", []),
        ("three thousand to twelve thousand", []),
        ("from sixty two to seventy one", []),
        ("a hundred and five, twenty", []),
        ("1 20", []),
    ],
)
def test_two_numbers_may_be_another_one_together(text: str, found: list[float]) -> None:
    assert [each.value for each in other_readings(text)] == found


def test_changes_and_moves_are_read_of_numbers_said_in_two() -> None:
    text = "It rose by one twenty. There were from three to twelve thousand"
    numbers = read_together(text)
    assert [each.value for each in numbers] == [120, 3000, 12_000]
    assert [move.text for move in moves(text, numbers)] == ["rose by one twenty"]
    assert [(each.before.value, each.after.value) for each in changes(text, numbers)] == [(3000, 12_000)]
    assert [each.value for each in read_together("one thirty forty")] == [130, 40]
    assert read_together("from 3 to 12") == quantities("from 3 to 12")


@given(st.integers(0, 10**12 - 1))
def test_a_number_in_words_is_read_back(value: int) -> None:
    assert only(spoken(f"{value}")).value == value
    assert only(spoken(f"{value:,}")).value == value


@given(st.text(max_size=200))
def test_any_text_is_read_in_order(text: str) -> None:
    found = quantities(text)
    assert all(text[each.start : each.end] == each.text for each in found)
    assert [each.start for each in found] == sorted(each.start for each in found)
    spoken(text)
    changes(text)
    moves(text)
    other_readings(text)
    read_together(text)
