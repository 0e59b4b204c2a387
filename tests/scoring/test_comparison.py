import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cli.samples import CARD
from voicecoach.practice.typed import transcript_of
from voicecoach.scoring.card import Part, PointResult, PointState, Quote, ScoreCard
from voicecoach.scoring.comparison import (
    FEWEST_WORDS,
    MOVED_S,
    Told,
    compare_takes,
    compare_wording,
    words_alike,
)
from voicecoach.scoring.cutting import in_short
from voicecoach.scoring.overall import accuracy_score
from voicecoach.transcript import EngineInfo, Transcript

DATA = Path(__file__).parents[1] / "data"
WORDS = st.lists(st.sampled_from("abcdef"), max_size=12)


def told(*points: PointResult, **changed: object) -> Told:
    card: ScoreCard = replace(CARD, points=points or CARD.points, **changed)  # type: ignore[arg-type]  # its fields
    return Told(transcript_of("recall is what was found of all there was", 12.0), card)


def point(state: PointState, start_s: float | None, name: str = "p") -> PointResult:
    end_s = None if start_s is None else start_s + 4
    return PointResult(name, f"Say {name}", "what", 1.0, state, 0.5, start_s, end_s, "")


@pytest.mark.parametrize(
    ("before", "after", "move"),
    [
        (point("missing", None), point("covered", 3.0), "gained"),
        (point("partly", 3.0), point("covered", 3.0), "gained"),
        (point("contradicted", 3.0), point("partly", 3.0), "gained"),
        (point("covered", 3.0), point("partly", 9.0), "lost"),
        (point("covered", 3.0), point("unsure", 3.0), "lost"),
        (point("missing", None), point("contradicted", 3.0), "wrong"),
        (point("covered", 3.0), point("contradicted", 3.0), "wrong"),
        (point("contradicted", 3.0), point("contradicted", 9.0), "open"),
        (point("contradicted", 3.0), point("missing", None), "open"),
        (point("covered", 20.0), point("covered", 20.0 - MOVED_S), "earlier"),
        (point("partly", 20.0), point("partly", 20.0 + MOVED_S), "later"),
        (point("covered", 20.0), point("covered", 19.0 + MOVED_S), "kept"),
    ],
)
def test_what_became_of_a_point(before: PointResult, after: PointResult, move: str) -> None:
    (change,) = compare_takes(told(before), told(after)).points
    assert change.move == move
    assert (change.before, change.after) == (before.state, after.state)
    assert (change.before_s, change.after_s) == (before.start_s, after.start_s)


def test_points_of_a_rubric_that_has_changed_are_neither_gained_nor_lost() -> None:
    found = compare_takes(
        told(point("covered", 1.0, "old"), point("covered", 2.0)),
        told(point("covered", 2.0), point("missing", None, "new")),
    )
    assert [change.id for change in found.points] == ["p"]
    assert found.unshared == ("Say new", "Say old")


def test_numbers_of_both_takes_stand_side_by_side() -> None:
    faster = replace(CARD.delivery, words_per_minute=170.0)
    shorter = replace(CARD.timing, duration_s=20.0)
    found = compare_takes(told(), told(overall=80.0, duration_s=90.0, timing=shorter, delivery=faster))
    assert (found.overall.before, found.overall.after) == (CARD.overall, 80.0)
    assert (found.duration_s.before, found.duration_s.after) == (CARD.timing.duration_s, 20.0)
    assert (found.pace.before, found.pace.after) == (CARD.delivery.words_per_minute, 170.0)
    assert [change.name for change in found.parts] == [part.name for part in CARD.parts]
    assert [(beat.before_s, beat.after_s, beat.budget_s) for beat in found.beats] == [
        (beat.spoken_s, beat.spoken_s, beat.budget_s) for beat in CARD.structure.beats
    ]


def test_a_part_has_the_score_of_its_own_section_however_far_it_counts() -> None:
    scaled = (Part("coverage", 30.0, 0.6), Part("delivery", 42.0, 0.2), Part("accuracy", 30.0, 0.2))
    (coverage, delivery, accuracy) = compare_takes(told(parts=scaled), told(parts=scaled)).parts
    assert (coverage.before, coverage.after) == (30.0, 30.0)
    assert (delivery.before, delivery.after) == (CARD.delivery.score, CARD.delivery.score)
    assert accuracy.before == accuracy.after == accuracy_score(contradictions=1, checks=1)


def test_typed_text_has_no_pace() -> None:
    typed = told(engine=EngineInfo("text", ""))
    assert compare_takes(typed, told()).pace.before is None


@given(WORDS, WORDS)
def test_words_alike_is_one_minus_the_edit_distance(before: list[str], after: list[str]) -> None:
    longer = max(len(before), len(after))
    expected = 1 - _edits(before, after) / longer if longer else 0.0
    assert words_alike(before, after) == pytest.approx(expected)
    assert words_alike(after, before) == pytest.approx(expected)


def _edits(one: list[str], other: list[str]) -> int:
    """As the definition says, one cell at a time."""
    table = {(i, 0): i for i in range(len(one) + 1)} | {(0, j): j for j in range(len(other) + 1)}
    for i, left in enumerate(one, 1):
        for j, right in enumerate(other, 1):
            table[i, j] = min(table[i - 1, j] + 1, table[i, j - 1] + 1, table[i - 1, j - 1] + (left != right))
    return table[len(one), len(other)]


def answers() -> dict[str, dict[str, str]]:
    lines = (DATA / "answers.jsonl").read_text("utf-8").splitlines()
    return {answer["id"]: answer for answer in map(json.loads, lines)}


def retellings() -> list[dict[str, str]]:
    return [json.loads(line) for line in (DATA / "retellings.jsonl").read_text("utf-8").splitlines()]


def as_whisper(text: str) -> Transcript:
    return replace(transcript_of(text, None), engine=EngineInfo("whisper", "small.en"))


@pytest.mark.parametrize("told_again", retellings(), ids=lambda each: f"{each['of']}-{each['how']}")
def test_a_free_retelling_is_no_recital_and_the_same_sentences_are(told_again: dict[str, str]) -> None:
    first = answers()[told_again["of"]]["text"]
    wording = compare_wording(as_whisper(first), as_whisper(told_again["text"]))
    assert wording.recited == (told_again["how"] == "close")


def test_two_peoples_answers_to_one_question_are_never_the_same_script() -> None:
    by_question: dict[str, list[Transcript]] = {}
    for answer in answers().values():
        by_question.setdefault(answer["question"], []).append(as_whisper(answer["text"]))
    for takes in by_question.values():
        for i, one in enumerate(takes):
            assert not any(compare_wording(one, other).recited for other in takes[i + 1 :])


def test_the_longest_run_is_quoted_as_the_later_take_says_it() -> None:
    same = "so the model that always says no is right almost every time and that is why accuracy misleads us"
    before, after = f"{same}. {'one two three ' * 25}", f"Well, um, {same.upper()}. {'four five six ' * 25}"
    wording = compare_wording(as_whisper(before), as_whisper(after))
    assert wording.longest is not None
    assert wording.longest.quote == f"{same.upper()}."
    assert wording.longest.start_s > 0
    assert not wording.recited


def test_the_cut_version_of_a_take_is_no_memorised_script() -> None:
    text = "the model that always says no is right almost every time " * 10
    first, second = Quote("My landlord " * 12, 3.0, 9.0), Quote("a red bicycle", 12.0, 15.0)
    whole = replace(CARD, rambling=replace(CARD.rambling, cut=(first, second)))
    remark = (
        f"The cut version: 1 of 2 left out. Cut: {in_short(first)}. Said again: {in_short(second)}, at 0:09."
    )
    cut = replace(CARD, notices=("The recording is clipped in places.", remark))
    told_whole, told_cut = Told(as_whisper(text), whole), Told(as_whisper(text), cut)
    wording = compare_takes(told_whole, told_cut).wording
    assert (wording.alike, wording.recited, wording.cut_version) == (1.0, False, True)
    corrected = replace(whole, rambling=replace(CARD.rambling, cut=()), judged=whole)
    assert not compare_takes(replace(told_whole, card=corrected), told_cut).wording.recited
    other = replace(whole, rambling=replace(CARD.rambling, cut=(first, Quote("a green one", 1.0, 2.0))))
    assert compare_takes(replace(told_whole, card=other), told_cut).wording.recited
    assert compare_takes(told_whole, replace(told_cut, card=CARD)).wording.recited


def test_a_definition_is_meant_to_be_the_same_each_time() -> None:
    short = as_whisper("word " * (FEWEST_WORDS - 1))
    assert compare_wording(short, short).alike is None
    assert not compare_wording(short, short).recited
    longer = as_whisper("word " * FEWEST_WORDS)
    assert compare_wording(longer, longer).recited
