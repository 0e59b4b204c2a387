import pytest

from voicecoach.practice.crutches import Crutch, find_crutches
from voicecoach.practice.progress_words import crutch_words
from voicecoach.transcript import EngineInfo, Transcript, Word

MINUTE = 60.0


def said(text: str, duration_s: float = MINUTE) -> Transcript:
    words = text.split()
    step = duration_s / len(words)
    return Transcript(
        tuple(Word(word, at * step, (at + 1) * step) for at, word in enumerate(words)),
        "en",
        duration_s,
        EngineInfo("whisper", "small.en"),
    )


PLAIN = said("We compare the model with a baseline and set the threshold from what a miss costs.")
BASICALLY = said("So basically we train it, and basically it works.")


def test_a_word_that_comes_up_take_after_take_is_a_crutch() -> None:
    found = find_crutches([BASICALLY] * 3 + [PLAIN] * 2)
    assert found.words == (Crutch("basically", takes=3, per_minute=6 / 5, quiet_for=0),)
    assert found.fillers_per_minute == pytest.approx(6 / 5)


def test_a_habit_that_has_gone_is_told_so() -> None:
    found = find_crutches([PLAIN] * 5 + [BASICALLY] * 5)
    assert [crutch.quiet_for for crutch in found.words] == [5]
    assert crutch_words(found) == ("basically: 1.0 a minute, in 5 of 10 takes, none of the newest 5",)


def test_a_word_of_a_single_take_is_none_however_often() -> None:
    one_bad_take = said("basically " * 60)
    assert find_crutches([one_bad_take] + [PLAIN] * 9).words == ()


def test_a_word_that_is_rare_by_the_minute_is_none() -> None:
    rarely = said("Basically this works.", duration_s=120)
    assert find_crutches([rarely] * 10).words == ()


def test_before_five_spoken_takes_nothing_is_claimed() -> None:
    found = find_crutches([BASICALLY] * 4)
    assert (found.words, found.missing) == ((), 1)
    assert find_crutches([]).missing == 5


def test_words_of_a_few_among_many_takes_are_none() -> None:
    often = said("basically " * 30)
    assert find_crutches([often] * 4 + [PLAIN] * 16).words == ()
    assert find_crutches([often] * 5 + [PLAIN] * 15).words != ()


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("It is sort of slow and sort of fine", "sort of"),
        ("well you know it fails and you know", "you know"),
        ("So um we um wait", "um"),
        ("Actually, we drop it. And actually we keep it.", "actually"),
        ("We drop it, right? And we keep it, right?", "right"),
        ("it works and stuff and it ships and stuff", "and stuff"),
    ],
)
def test_phrases_are_found(text: str, word: str) -> None:
    assert [crutch.word for crutch in find_crutches([said(text)] * 5).words] == [word]


@pytest.mark.parametrize(
    "text",
    [
        "Recall is the share of the actually positive ones, those that are actually positive, that we found.",
        "You know what the right threshold is. It is the right one.",
        "It is a kind of the model that looks like a tree, like a forest.",
    ],
)
def test_words_that_are_meant_are_none(text: str) -> None:
    assert find_crutches([said(text)] * 9).words == ()
