"""Answers that nobody planned for: half an hour, one word, another language, noise alone."""

import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
import soxr

from tests.support.practising import HEARD, Practice, one_line, practising
from tests.support.sounds import joined, noise, silence, tone
from voicecoach.clip import SPEECH_RATE, AudioClip
from voicecoach.config import Settings
from voicecoach.errors import NoSpeechError
from voicecoach.practice.events import UNKEPT
from voicecoach.voice.espeak import EspeakVoice

MINUTES = 30
SPEAKS_EVERY_MINUTES = 5


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Practice]:
    """Heard by the recogniser that is always there."""
    with practising(tmp_path, Settings(engine="pocketsphinx")) as begun:
        yield begun


def spoken(text: str, language: str = "en-us") -> AudioClip:
    """A synthetic voice, with a moment of quiet around it."""
    clip = EspeakVoice(language).synthesize(text)
    samples = soxr.resample(clip.samples, clip.rate, SPEECH_RATE)
    return joined(silence(0.5), AudioClip(samples, SPEECH_RATE), silence(0.7))


def test_half_an_hour_becomes_a_card_in_the_memory_of_a_few_minutes(
    practice: Practice, speech: AudioClip
) -> None:
    quiet = noise(60.0, level=0.0005)
    talking = joined(speech, AudioClip(quiet.samples[len(speech.samples) :], SPEECH_RATE))
    practice.coach.warm(practice.question())

    def peak_bytes(minutes: int) -> int:
        """Record so long, have it judged, and return the most memory that it took."""
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        recording = practice.begin()
        for minute in range(minutes):
            practice.say(quiet if minute % SPEAKS_EVERY_MINUTES else talking)
        attempt = practice.judge(recording.stop())
        assert attempt.card.notices == ()
        assert attempt.transcript.duration_s == pytest.approx(60 * minutes)
        words = len(HEARD.split()) * -(-minutes // SPEAKS_EVERY_MINUTES)
        assert len(attempt.transcript.words) == words
        return tracemalloc.get_traced_memory()[1] - before

    tracemalloc.start()
    try:
        peak_bytes(1)
        in_some_minutes = peak_bytes(SPEAKS_EVERY_MINUTES)
        in_half_an_hour = peak_bytes(MINUTES)
    finally:
        tracemalloc.stop()
    of_the_rest = (MINUTES - SPEAKS_EVERY_MINUTES) * 60 * SPEECH_RATE * 2
    assert in_half_an_hour - in_some_minutes < of_the_rest / 8


@pytest.mark.parametrize("word", ["recall", "precision"])
def test_one_spoken_word_is_judged(embedded: Practice, word: str) -> None:
    attempt = embedded.judge(embedded.record(spoken(word)))
    assert attempt.id != UNKEPT
    assert 1 <= len(attempt.transcript.words) <= 3
    assert not any(point.state == "covered" for point in attempt.card.points)


@pytest.mark.parametrize("word", ["Recall", "yes", "42", "naïve"])
def test_one_typed_word_is_judged(practice: Practice, word: str) -> None:
    attempt = practice.typed(word)
    assert attempt.id != UNKEPT
    assert attempt.card.overall < 50


GERMAN = (
    "Die Genauigkeit sagt, wie viele der Treffer wirklich richtig sind. "
    "Ich würde zuerst fragen, was ein falscher Alarm kostet."
)


def test_an_answer_in_another_language_covers_little(embedded: Practice) -> None:
    attempt = embedded.judge(embedded.record(spoken(GERMAN, "de")))
    assert attempt.id != UNKEPT
    assert attempt.transcript.words, "it hears English, whatever is spoken"
    assert not any(point.state == "covered" for point in attempt.card.points)
    assert attempt.card.overall < 50


@pytest.mark.parametrize(
    "clip",
    [silence(3.0), noise(3.0, level=0.02), noise(3.0, level=0.3), tone(440, 3.0)],
    ids=["silence", "hiss", "loud noise", "a tone"],
)
def test_without_speech_one_line_says_so_and_the_take_is_offered(
    practice: Practice, speech: AudioClip, clip: AudioClip
) -> None:
    take = practice.record(clip)
    with pytest.raises(NoSpeechError) as caught:
        practice.judge(take)
    assert one_line(caught.value)
    assert caught.value.hint or "microphone" in caught.value.message
    assert practice.coach.unfinished_takes() == (take,)
    assert practice.coach.attempts() == ()
    # The next one is judged as ever.
    assert practice.judge(practice.record(speech)).transcript.text == HEARD
