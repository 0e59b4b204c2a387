from dataclasses import replace

import pytest

from tests.scoring.test_clauses import evenly
from voicecoach.scoring.delivery import judge_delivery
from voicecoach.scoring.timing import QUIET_END_S
from voicecoach.transcript import EngineInfo, Span, Transcript, Word


@pytest.mark.parametrize(
    "text",
    [
        "it runs like a cheetah across the field",
        "models like gradient boosting do well",
        "you know what the label means",
        "the kind of the model matters",
        "I like simple baselines",
        "it feels like the data moved",
        "Dropout is a kind of regularization.",
        "It depends on what kind of error costs more.",
        "This kind of error is worse than that kind of error",
        "That sort of drift is slow.",
        "it is a different kind of model",
        "By recall I mean the share of the cases that were found",
        "by the recall of a class i mean the share that was found",
        "When I say drift, I mean a change of the inputs",
        "What I mean is the share",
        "How do you know it works?",
        "as you know it was slow",
        "check before you know it works",
        "We use an ER diagram",
        "We trained an HMM, and it was slow",
        "a 5 mm gap",
        "a 5mm gap",
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
        ("it was kind of slow", "kind of"),
        ("we sort of guessed", "sort of"),
        ("the model, kind of, failed", "kind of"),
        ("it is, you know, slow", "you know"),
        ("I mean it worked", "i mean"),
        ("er we did", "er"),
        ("Er, we did", "er"),
        ("mm yes", "mm"),
        ("we took 5, mm, labels", "mm"),
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


def test_noise_before_the_first_and_after_the_last_word_makes_no_pause() -> None:
    said = evenly("first I looked at the labels then I checked the split", 0.5)
    late = replace(
        said, words=tuple(replace(w, start_s=w.start_s + 5, end_s=w.end_s + 5) for w in said.words)
    )
    noises = (Span(0.2, 0.4), Span(5.0, 10.5), Span(15.0, 15.3))
    delivery = judge_delivery(late, noises)
    assert (delivery.pauses, delivery.long_pauses) == (0, ())


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


def test_silence_after_the_answer_thins_no_fillers_out() -> None:
    told = evenly("um we had labels from the shop " * 20)
    speech = tuple(Span(i * 14.0, i * 14.0 + 12.0) for i in range(4))
    stopped, late = (
        judge_delivery(replace(told, duration_s=told.duration_s + silence_s), speech)
        for silence_s in (QUIET_END_S, 180.0)
    )
    assert late.fillers_per_minute == pytest.approx(20 / (58 / 60))
    assert len(late.long_pauses) == 3
    assert late == stopped


def heard(*words: tuple[str, float, float]) -> Transcript:
    told = tuple(Word(*word) for word in words)
    return Transcript(told, "en", 60.0, EngineInfo("whisper", "small.en"))


TOLD = heard(
    ("First", 0.7, 1.0), ("I", 1.0, 1.1), ("looked", 1.1, 1.5), ("at", 3.0, 3.1), ("labels", 3.1, 3.6)
)


def filled(transcript: Transcript, *speech: Span) -> list[tuple[str, float, float]]:
    found = judge_delivery(transcript, speech).filled_pauses
    return [(quote.quote, quote.start_s, quote.end_s) for quote in found]


def test_speech_without_a_word_is_a_filled_pause() -> None:
    assert filled(TOLD, Span(0.2, 2.0), Span(2.2, 2.6), Span(3.0, 3.6)) == [
        ("…", 0.2, 0.7),
        ("First I looked", 1.5, 2.0),
        ("First I looked", 2.2, 2.6),
    ]


@pytest.mark.parametrize(
    "speech",
    [
        (),
        (Span(0.45, 1.75), Span(2.8, 3.6)),
        (Span(0.7, 2.9), Span(3.0, 3.6)),
        (Span(0.7, 1.5), Span(3.0, 4.2), Span(4.5, 5.0)),
    ],
    ids=["typed", "word times drift", "words were missed", "after the last word"],
)
def test_other_speech_without_a_word_is_none(speech: tuple[Span, ...]) -> None:
    assert filled(TOLD, *speech) == []


def test_filled_pauses_without_a_word_count_beside_the_fillers() -> None:
    words = [("um" if i % 20 == 7 else "label", i * 0.5, i * 0.5 + 0.4) for i in range(120)]
    told = heard(*(word for i, word in enumerate(words) if i % 20 != 13))
    without = judge_delivery(told, tuple(Span(w.start_s, w.end_s) for w in told.words))
    spoken = judge_delivery(told, tuple(Span(start_s, end_s) for _, start_s, end_s in words))
    assert spoken.fillers == 6
    assert spoken.fillers_per_minute == pytest.approx(6)
    assert len(spoken.filled_pauses) == 6
    assert without.filled_pauses == ()
    assert spoken.score < without.score, "12 a minute do harm, 6 hardly any"
