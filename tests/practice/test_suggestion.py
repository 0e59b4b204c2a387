from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.support.questions import CONCEPT, STORY
from voicecoach.content.model import PlanStep, Question
from voicecoach.history.records import Standing
from voicecoach.history.schedule import Grade
from voicecoach.practice.plan import PlanView, StepProgress
from voicecoach.practice.schedule import DuePoint
from voicecoach.practice.suggestion import Wanted, due_in_words, suggest

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
HARD = replace(CONCEPT, id="hard-one", level="hard")


def standing(question_id: str, last: float, days_ago: int) -> Standing:
    return Standing(question_id, 1, last, last, NOW - timedelta(days=days_ago))


def days_of(standings: Mapping[str, Standing]) -> dict[str, date]:
    """The day of each, as days_practised has it where nothing was drilled."""
    return {each: standing.last_at.astimezone().date() for each, standing in standings.items()}


def test_nothing_to_suggest_from_nothing() -> None:
    assert suggest((), {}, {}) is None


def test_what_was_never_tried_comes_before_what_was_and_easier_before_harder() -> None:
    tried = {STORY.id: standing(STORY.id, 10, 1)}
    found = suggest((HARD, CONCEPT, STORY), tried, days_of(tried))
    assert found is not None
    assert (found.question_id, found.why) == (CONCEPT.id, "not tried yet")


def test_then_the_weakest_then_the_one_that_rested_longest() -> None:
    tried = {
        q.id: standing(q.id, last, days)
        for q, last, days in ((STORY, 70, 1), (CONCEPT, 40, 2), (HARD, 90, 9))
    }
    weakest = suggest((HARD, CONCEPT, STORY), tried, days_of(tried))
    assert weakest is not None
    assert (weakest.question_id, weakest.why) == (CONCEPT.id, "your lowest last score, 40")
    good = {q.id: standing(q.id, 85, days) for q, days in ((STORY, 1), (CONCEPT, 2), (HARD, 9))}
    rested = suggest((HARD, CONCEPT, STORY), good, days_of(good))
    assert rested is not None
    assert rested.question_id == HARD.id


TODAY = NOW.date()
TWO = replace(CONCEPT, id="two")


def due(question: Question, *grades: Grade) -> tuple[DuePoint, ...]:
    return tuple(DuePoint(point, TODAY, grade) for point, grade in zip(question.points, grades, strict=False))


def wanted(
    due: Mapping[str, tuple[DuePoint, ...]], plan: PlanView | None = None, drill: tuple[str, ...] = ()
) -> Wanted:
    return Wanted(due, plan, drill, TODAY)


def plan_of(*questions: str, behind: tuple[str, ...] = ()) -> PlanView:
    days = (TODAY, TODAY + timedelta(days=2))
    step = PlanStep("Core", "Say them.", 3, questions)
    now = StepProgress(step, *days, questions, frozenset(), "now")
    over = StepProgress(step, *days, behind, frozenset(), "over")
    return PlanView(None, None, TODAY + timedelta(days=3), 3, (over, now))


@pytest.mark.parametrize(
    ("grades", "words"),
    [
        (("said",), "1 point due"),
        (("said", "clear", "partly"), "3 points due"),
        (("wrong",), "1 point due, one wrong last time"),
        (("missed", "missed"), "2 points due, all missed last time"),
        (("wrong", "said", "said"), "3 points due, one wrong last time"),
        (("wrong", "missed", "missed"), "3 points due, one wrong and two missed last time"),
    ],
)
def test_it_says_in_words_what_is_due(grades: tuple[Grade, ...], words: str) -> None:
    assert due_in_words([DuePoint(CONCEPT.points[0], TODAY, grade) for grade in grades]) == words


def test_what_is_due_comes_before_what_was_never_tried_and_what_was_lost_weighs_more() -> None:
    tried = {q.id: standing(q.id, 90, 3) for q in (CONCEPT, TWO)}
    calling = wanted({CONCEPT.id: due(CONCEPT, "said"), TWO.id: due(TWO, "wrong")})
    found = suggest((STORY, CONCEPT, TWO), tried, days_of(tried), calling)
    assert found is not None
    assert (found.question_id, found.why) == (TWO.id, "1 point due, one wrong last time")


def test_what_was_practised_today_has_had_its_turn() -> None:
    tried = {CONCEPT.id: standing(CONCEPT.id, 90, 0), TWO.id: standing(TWO.id, 90, 3)}
    calling = wanted({CONCEPT.id: due(CONCEPT, "wrong", "wrong"), TWO.id: due(TWO, "said")})
    found = suggest((CONCEPT, TWO), tried, days_of(tried), calling)
    assert found is not None
    assert found.question_id == TWO.id


def test_todays_step_comes_before_the_rest_but_for_what_was_lost() -> None:
    tried = {q.id: standing(q.id, 90, 3) for q in (CONCEPT, TWO)}
    in_step = wanted(
        {CONCEPT.id: due(CONCEPT, "wrong", "wrong"), TWO.id: due(TWO, "said")}, plan_of(TWO.id, HARD.id)
    )
    found = suggest((HARD, CONCEPT, TWO), tried, days_of(tried), in_step)
    assert found is not None
    assert found.question_id == TWO.id
    lost = wanted({CONCEPT.id: due(CONCEPT, "wrong")}, plan_of(HARD.id))
    found = suggest((HARD, CONCEPT, TWO), tried, days_of(tried), lost)
    assert found is not None
    assert found.question_id == CONCEPT.id
    fresh = wanted({CONCEPT.id: due(CONCEPT, "said")}, plan_of(HARD.id))
    found = suggest((HARD, CONCEPT, TWO), tried, days_of(tried), fresh)
    assert found is not None
    assert (found.question_id, found.why) == (HARD.id, "in today's step")
    over = wanted({}, plan_of(behind=(TWO.id,)))
    found = suggest((HARD, CONCEPT, TWO), tried, days_of(tried), over)
    assert found is not None
    assert (found.question_id, found.why) == (TWO.id, "left over from an earlier step")


def test_a_role_decides_what_to_try_first() -> None:
    found = suggest((CONCEPT, HARD, TWO), {}, {}, wanted({}, drill=(HARD.id,)))
    assert found is not None
    assert found.question_id == HARD.id


def test_whatever_calls_there_is_always_a_next_question() -> None:
    only = {CONCEPT.id: standing(CONCEPT.id, 90, 0)}
    found = suggest((CONCEPT,), only, days_of(only), wanted({CONCEPT.id: due(CONCEPT, "wrong")}))
    assert found is not None
    assert found.question_id == CONCEPT.id


def test_where_everything_was_only_drilled_the_one_that_rested_longest_is_next() -> None:
    drilled = {CONCEPT.id: TODAY, TWO.id: TODAY - timedelta(days=2)}
    found = suggest((CONCEPT, TWO), {}, drilled, wanted({}))
    assert found is not None
    assert (found.question_id, found.why) == (TWO.id, "practised the longest ago")
