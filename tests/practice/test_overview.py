"""What comes next, over a real history in which terms were drilled and projects told."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.practising import Practice, practising
from voicecoach.config import Settings
from voicecoach.content.model import Bank
from voicecoach.practice.overview import Overview, look_over
from voicecoach.practice.plan import NO_PLAN, PlanChoice
from voicecoach.practice.terms import all_terms

BESIDE_IT = "I have never come across that one, so I would have to look it up."


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    with practising(tmp_path, Settings(engine="pocketsphinx")) as running:
        yield running


def drill(practice: Practice, definition: str) -> None:
    """Answer the first step of a term with something else."""
    term = next(each for each in all_terms(practice.coach.bank) if each.id == definition)
    assert term.first.id != definition
    list(practice.coach.judge_text(term.first, BESIDE_IT, None))
    practice.coach.schedule.catch_up()


def overview(practice: Practice, bank: Bank, choice: PlanChoice = NO_PLAN) -> Overview:
    return look_over(practice.engines, bank, practice.coach.schedule, choice)


def test_a_term_that_was_drilled_today_has_had_its_turn(practice: Practice) -> None:
    today = practice.coach.schedule.today()
    tomorrow = PlanChoice(today + timedelta(days=1), start=today)
    drill(practice, "define-precision")
    found = overview(practice, practice.coach.bank, tomorrow)
    assert "define-precision" in {row.question.id for row in found.rows if row.due}
    assert found.plan is not None
    assert (found.suggested, found.why) == (found.plan.today[0], "in today's step")


def test_a_term_that_was_drilled_is_not_new(practice: Practice) -> None:
    bank = practice.coach.bank
    drilled, never = (practice.question(each) for each in ("define-precision", "define-recall"))
    two = replace(bank, questions=(drilled, never))
    drill(practice, drilled.id)
    found = overview(practice, two)
    assert (found.suggested, found.why) == (never.id, "not tried yet")
    list(practice.coach.judge_text(never, BESIDE_IT, None))
    practice.coach.schedule.catch_up()
    found = overview(practice, two)
    assert found.suggested == never.id
    assert found.why.startswith("your lowest last score")


def test_the_walkthrough_is_not_new_to_whoever_told_a_project_of_their_own(practice: Practice) -> None:
    general, other = (practice.question(each) for each in ("project-walkthrough", "define-recall"))
    told = tuple(replace(point, statement="18 % fewer late parcels") for point in general.points)
    own = replace(general, id="my-parcels", points=told)
    bank = replace(practice.coach.bank, questions=(general, own, other))
    assert overview(practice, bank).suggested == own.id
    list(practice.coach.judge_text(own, BESIDE_IT, None))
    found = overview(practice, bank)
    assert (found.suggested, found.why) == (other.id, "not tried yet")
