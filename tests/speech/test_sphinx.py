import functools

import numpy as np
import pytest
import soxr

from tests.support.words import word_errors
from voicecoach.clip import SPEECH_RATE, AudioClip
from voicecoach.errors import EngineError
from voicecoach.speech.sphinx import PocketSphinxTranscriber
from voicecoach.speech.transcriber import (
    TranscriptionDone,
    TranscriptionEvent,
    TranscriptionProgress,
    transcribe,
)
from voicecoach.transcript import Span, Transcript
from voicecoach.voice.espeak import EspeakVoice

SENTENCES = (
    "I split the data by time so that nothing from the future is in the training set.",
    "The model predicts the price of the house from the size and the age.",
    "We measured precision and recall on the test set.",
)
PAUSE_S = 1.0
QUIET = 8.0
"""Standard deviation of the noise between sentences, of 32,768: rooms are never digitally silent."""


@functools.cache
def answer() -> tuple[AudioClip, tuple[Span, ...]]:
    """The sentences with a second of quiet around each, and where each is spoken."""
    # PocketSphinx was trained on people, and of the embedded voices it hears this one best.
    voice = EspeakVoice("en-us+klatt4", 175)
    quiet = np.zeros(round(PAUSE_S * SPEECH_RATE), np.float32)
    parts, spans, at_s = [quiet], [], PAUSE_S
    for sentence in SENTENCES:
        clip = voice.synthesize(sentence)
        spoken = soxr.resample(clip.as_float32(), clip.rate, SPEECH_RATE) * 32767
        spans.append(Span(at_s, at_s + len(spoken) / SPEECH_RATE))
        parts += [spoken, quiet]
        at_s = spans[-1].end_s + PAUSE_S
    sound = np.concatenate(parts)
    sound += np.random.default_rng(0).normal(0, QUIET, len(sound))
    samples = np.clip(sound, -32768, 32767).astype(np.int16)
    return AudioClip(samples, SPEECH_RATE), tuple(spans)


@pytest.fixture(scope="module")
def transcriber() -> PocketSphinxTranscriber:
    return PocketSphinxTranscriber()


@pytest.fixture(scope="module")
def events(transcriber: PocketSphinxTranscriber) -> list[TranscriptionEvent]:
    return list(transcribe(transcriber, *answer()))


def transcript_of(events: list[TranscriptionEvent]) -> Transcript:
    last = events[-1]
    assert isinstance(last, TranscriptionDone)
    return last.transcript


def test_it_hears_more_than_half_of_a_synthetic_voice(events: list[TranscriptionEvent]) -> None:
    reference = " ".join(SENTENCES).lower().replace(".", "").split()
    heard = [word.text for word in transcript_of(events).words]
    assert word_errors(reference, heard) / len(reference) < 0.5


def test_words_are_plain_and_lie_where_they_were_spoken(events: list[TranscriptionEvent]) -> None:
    clip, spans = answer()
    transcript = transcript_of(events)
    assert (transcript.language, transcript.duration_s) == ("en", clip.duration_s)
    starts = [word.start_s for word in transcript.words]
    assert starts == sorted(starts)
    for word in transcript.words:
        assert word.text.replace("'", "").replace("-", "").replace(".", "").isalpha()
        assert 0 <= word.probability <= 1
        assert word.start_s <= word.end_s
        assert any(span.start_s <= word.start_s and word.end_s <= span.end_s for span in spans)
    for span in spans:
        assert any(span.start_s <= word.start_s < span.end_s for word in transcript.words)


def test_progress_grows_utterance_by_utterance(events: list[TranscriptionEvent]) -> None:
    clip, spans = answer()
    progress = [event for event in events if isinstance(event, TranscriptionProgress)]
    assert progress == events[:-1]
    seconds = [event.done_s for event in progress]
    assert seconds == sorted(seconds)
    assert (seconds[0], seconds[-1]) == (0.0, clip.duration_s)
    assert all(any(span.end_s <= second < span.end_s + PAUSE_S / 2 for second in seconds) for span in spans)
    assert {event.total_s for event in progress} == {clip.duration_s}


def test_the_same_take_is_heard_the_same_again(
    transcriber: PocketSphinxTranscriber, events: list[TranscriptionEvent]
) -> None:
    clip, spans = answer()
    list(transcribe(transcriber, AudioClip(clip.samples[::-1].copy(), clip.rate), spans))
    assert list(transcribe(transcriber, clip, spans)) == events


def test_a_quiet_microphone_is_heard_as_well(
    transcriber: PocketSphinxTranscriber, events: list[TranscriptionEvent]
) -> None:
    clip, spans = answer()
    quiet = AudioClip((clip.samples // 10).astype(np.int16), clip.rate)
    heard = transcript_of(list(transcribe(transcriber, quiet, spans))).words
    reference = [word.text for word in transcript_of(events).words]
    assert word_errors(reference, [word.text for word in heard]) / len(reference) < 0.25


def test_the_note_says_that_a_better_one_can_be_had(events: list[TranscriptionEvent]) -> None:
    engine = transcript_of(events).engine
    assert (engine.name, engine.model) == ("pocketsphinx", "en-us")
    assert "voicecoach models download small.en" in engine.note


def test_closing_cancels_and_leaves_it_usable(
    transcriber: PocketSphinxTranscriber, events: list[TranscriptionEvent]
) -> None:
    clip, spans = answer()
    running = transcribe(transcriber, clip, spans)
    seen = [next(running) for _ in range(2)]
    running.close()  # type: ignore[attr-defined]  # transcribe is a generator
    assert all(isinstance(event, TranscriptionProgress) for event in seen)
    assert list(transcribe(transcriber, clip, spans)) == events


@pytest.mark.parametrize("samples", [0, 1, 400, 1600])
def test_next_to_nothing_gives_no_words(transcriber: PocketSphinxTranscriber, samples: int) -> None:
    clip = AudioClip(np.zeros(samples, np.int16), SPEECH_RATE)
    events = list(transcribe(transcriber, clip, (Span(0.0, samples / SPEECH_RATE),)))
    assert transcript_of(events).words == ()


def test_no_speech_gives_no_words(transcriber: PocketSphinxTranscriber) -> None:
    assert transcript_of(list(transcribe(transcriber, answer()[0], ()))).words == ()


def test_another_rate_is_refused(transcriber: PocketSphinxTranscriber) -> None:
    with pytest.raises(EngineError, match="44100 Hz"):
        transcriber.hear(AudioClip(np.zeros(10, np.int16), 44_100))
