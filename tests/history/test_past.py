"""What an attempt is compared with: the one before it and the best of the others."""

from dataclasses import replace
from datetime import timedelta

from tests.history.samples import new_attempt
from voicecoach.history.records import History

NOT_KEPT = 0


def test_the_first_attempt_has_nothing_to_compare_with(history: History) -> None:
    history.add(new_attempt("imbalanced-data", minutes=-1))
    only = history.add(new_attempt())
    assert history.before(only) is None
    assert history.best_of_others(only) is None


def test_before_is_the_newest_of_the_older_on_the_same_question(history: History) -> None:
    second = history.add(new_attempt(minutes=2))
    first = history.add(new_attempt(minutes=1))
    third = history.add(new_attempt(minutes=3))
    history.add(new_attempt("imbalanced-data", minutes=2.5))
    assert history.before(third) == second
    assert history.before(second) == first
    assert history.before(first) is None


def test_of_the_same_instant_the_one_kept_earlier_is_before(history: History) -> None:
    first, second = history.add(new_attempt()), history.add(new_attempt())
    assert history.before(second) == first
    assert history.before(first) is None


def test_an_attempt_that_could_not_be_kept_is_newer_than_those_of_its_instant(history: History) -> None:
    kept = history.add(new_attempt())
    history.add(new_attempt(minutes=1))
    assert history.before(replace(kept, id=NOT_KEPT)) == kept
    earlier = replace(kept, id=NOT_KEPT, started_at=kept.started_at - timedelta(microseconds=1))
    assert history.before(earlier) is None


def test_best_is_the_highest_and_the_newest_of_equals(history: History) -> None:
    history.add(new_attempt(overall=80, minutes=1))
    newest = history.add(new_attempt(overall=80, minutes=2))
    low = history.add(new_attempt(overall=10, minutes=3))
    history.add(new_attempt("imbalanced-data", overall=99))
    assert history.best_of_others(low) == newest
    assert history.best_of_others(replace(low, id=NOT_KEPT)) == newest


def test_the_best_is_compared_with_the_next_best(history: History) -> None:
    best = history.add(new_attempt(overall=90))
    next_best = history.add(new_attempt(overall=70, minutes=5))
    history.add(new_attempt(overall=60, minutes=9))
    assert history.best_of_others(best) == next_best
