import numpy as np

from voicecoach.scoring.card import ClauseNote, Quote
from voicecoach.scoring.cutting import runs, said_again

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
    assert said_again(cut, told, quotes) == (quotes[0], None)


def test_nothing_is_said_again_in_an_answer_without_clauses() -> None:
    assert said_again(np.ones((2, 3), np.float32), np.empty((0, 3), np.float32), ()) == (None, None)
