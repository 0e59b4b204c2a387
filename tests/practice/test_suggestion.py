from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tests.support.questions import CONCEPT, STORY
from voicecoach.history.records import Standing
from voicecoach.practice.suggestion import suggest

NOW = datetime(2026, 11, 21, tzinfo=UTC)
HARD = replace(CONCEPT, id="hard-one", level="hard")


def standing(question_id: str, last: float, days_ago: int) -> Standing:
    return Standing(question_id, 1, last, last, NOW - timedelta(days=days_ago))


def test_nothing_to_suggest_from_nothing() -> None:
    assert suggest((), {}) is None


def test_what_was_never_tried_comes_before_what_was_and_easier_before_harder() -> None:
    tried = {STORY.id: standing(STORY.id, 10, 1)}
    found = suggest((HARD, CONCEPT, STORY), tried)
    assert found is not None
    assert (found.question_id, found.why) == (CONCEPT.id, "not tried yet")


def test_then_the_weakest_then_the_one_that_rested_longest() -> None:
    tried = {
        q.id: standing(q.id, last, days)
        for q, last, days in ((STORY, 70, 1), (CONCEPT, 40, 2), (HARD, 90, 9))
    }
    weakest = suggest((HARD, CONCEPT, STORY), tried)
    assert weakest is not None
    assert (weakest.question_id, weakest.why) == (CONCEPT.id, "your lowest last score, 40")
    good = {q.id: standing(q.id, 85, days) for q, days in ((STORY, 1), (CONCEPT, 2), (HARD, 9))}
    rested = suggest((HARD, CONCEPT, STORY), good)
    assert rested is not None
    assert rested.question_id == HARD.id
