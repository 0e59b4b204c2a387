from hypothesis import given
from hypothesis import strategies as st

from voicecoach.practice.evaluation.noise import misheard, vocabulary_of

WORDS = "the share of the predicted positives that are really positive".split()


def test_the_vocabulary_has_each_word_once() -> None:
    assert vocabulary_of(["Um, the Share.", "the model"]) == ("model", "share", "the")


def test_nothing_is_misheard_without_errors() -> None:
    assert misheard(WORDS, 0.0, ("x",), "seed") == WORDS


def test_the_same_state_gives_the_same_errors() -> None:
    assert misheard(WORDS, 0.5, ("x",), "seed") == misheard(WORDS, 0.5, ("x",), "seed")


def test_about_as_many_words_are_misheard_as_asked_for_a_third_of_each_kind() -> None:
    words = [f"w{i}" for i in range(30_000)]
    heard = misheard(words, 0.09, ("x",), "seed")

    left = [word for word in heard if word != "x"]
    assert left == [word for word in words if word in set(left)]
    missing, others = len(words) - len(left), heard.count("x")
    # Drops and swaps take a word away, swaps and insertions bring another.
    assert abs(missing / len(words) - 0.06) < 0.006
    assert abs(others / len(words) - 0.06) < 0.006


@given(st.lists(st.text(min_size=1), min_size=1), st.text())
def test_something_is_always_heard(words: list[str], seed: str) -> None:
    assert misheard(words, 1.0, ("x",), seed)
