import pytest

from tests.scoring.test_clauses import evenly
from voicecoach.scoring.delivery import judge_delivery
from voicecoach.transcript import Span


@pytest.mark.parametrize(
    "text",
    [
        "it runs like a cheetah across the field",
        "models like gradient boosting do well",
        "you know what the label means",
        "the kind of the model matters",
        "I like simple baselines",
        "it feels like the data moved",
    ],
)
def test_words_that_are_meant_are_no_fillers(text: str) -> None:
    assert judge_delivery(evenly(text), ()).fillers == 0


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("so um the model was fine", "um"),
        ("Uh, I would check the labels", "uh"),
        ("it was, like, really slow", "like"),
        ("the model is you know quite large", "you know"),
        ("it was I mean a large table", "i mean"),
        ("basically it ran every night", "basically"),
    ],
)
def test_fillers_are_heard_in_context(text: str, word: str) -> None:
    delivery = judge_delivery(evenly(text), ())
    assert [(f.word, f.count) for f in delivery.filler_words] == [(word, 1)]


def test_pauses_come_from_the_waveform() -> None:
    said = evenly("first I looked at the labels then I checked the split", 0.5)
    speech = (Span(0.0, 1.0), Span(1.1, 2.9), Span(4.9, 5.5))
    delivery = judge_delivery(said, speech)
    assert delivery.pauses == 1, "0.1 s is no pause"
    assert [(p.start_s, p.end_s) for p in delivery.long_pauses] == [(2.9, 4.9)]
    assert delivery.long_pauses[0].quote == "first I looked at the labels"
    assert delivery.measured_pauses
    assert not judge_delivery(said, ()).measured_pauses


def test_pace_counts_from_the_first_to_the_last_word() -> None:
    assert judge_delivery(evenly("one two three four five six", 0.4), ()).words_per_minute == pytest.approx(
        150
    )


def test_a_good_pace_beats_a_rush_and_a_crawl() -> None:
    text = "first I looked at the labels then I checked the split and the metric code"
    good, rush, crawl = (judge_delivery(evenly(text, step), ()).score for step in (0.4, 0.25, 1.0))
    assert good == 100
    assert rush < good
    assert crawl < good


def test_five_fillers_a_minute_do_no_harm_and_twelve_do() -> None:
    plain = "we had labels from the shop " * 25
    five, twelve = plain + "um " * 5, plain + "um " * 12
    assert judge_delivery(evenly(five, 60 / len(five.split())), ()).score >= 98
    assert judge_delivery(evenly(twelve, 60 / len(twelve.split())), ()).score <= 70
