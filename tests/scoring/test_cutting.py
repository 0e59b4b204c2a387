from dataclasses import replace

import numpy as np

from tests.cli.samples import CARD
from voicecoach.scoring.card import ClauseNote, Quote, Repeat
from voicecoach.scoring.cutting import repeated, runs, said_again

CLAUSES = tuple(ClauseNote(f"clause {i}", float(i), i + 1.0, "context", "", "") for i in range(4))


def test_a_sentence_may_have_become_any_run_of_up_to_three_clauses() -> None:
    found = runs(CLAUSES)
    assert len(found) == 4 + 3 + 2
    assert found[0] == Quote("clause 0", 0.0, 1.0)
    assert Quote("clause 1 clause 2 clause 3", 1.0, 4.0) in found


def test_a_sentence_is_said_again_where_something_near_enough_is_said() -> None:
    cut = np.array([[1.0, 0.0], [0.0, 1.0]], np.float32)
    told = np.array([[0.9, 0.4359], [0.6, -0.8]], np.float32)
    quotes = (Quote("near", 3.0, 4.0), Quote("far", 5.0, 6.0))
    assert said_again(cut, (False, False), told, quotes) == (quotes[0], None)


def test_what_was_said_twice_may_be_said_once() -> None:
    cut = np.array([[1.0, 0.0]], np.float32)
    once, overlapping, twice = Quote("a", 3.0, 4.0), Quote("a b", 3.0, 5.0), Quote("a", 9.0, 10.0)
    told = np.array([[1.0, 0.0], [0.95, 0.3122], [0.99, 0.141]], np.float32)
    assert said_again(cut, (True,), told[:2], (once, overlapping)) == (None,)
    assert said_again(cut, (True,), told, (once, overlapping, twice)) == (twice,)


def test_a_cut_sentence_that_holds_a_repeat_only_repeats() -> None:
    rambling = CARD.rambling
    first, second = Quote("one", 10.0, 14.0), Quote("two", 14.0, 18.0)
    repeat = Repeat("two", 15.0, 17.0, "two", 3.0)
    assert repeated(replace(rambling, cut=(first, second), repeats=(repeat,))) == (False, True)


def test_nothing_is_said_again_in_an_answer_without_clauses() -> None:
    nothing = np.empty((0, 3), np.float32)
    assert said_again(np.ones((2, 3), np.float32), (False, False), nothing, ()) == (None, None)
