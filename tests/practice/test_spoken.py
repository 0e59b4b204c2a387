"""A text spoken at a natural pace, measured on the sound and heard by a recogniser."""

from pathlib import Path

import numpy as np
import pytest
import soxr

from voicecoach.audio.silero import SileroActivity
from voicecoach.clip import SPEECH_RATE, AudioClip
from voicecoach.content.loader import find_bank_folders, load_bank
from voicecoach.content.model import Bank
from voicecoach.errors import AudioError, EngineError
from voicecoach.practice.spoken import NATURAL_PACE, replay, sentences, speak
from voicecoach.scoring.text import content_stems
from voicecoach.speech.sphinx import PocketSphinxTranscriber
from voicecoach.speech.transcriber import TranscriptionDone, transcribe
from voicecoach.voice.espeak import EspeakVoice
from voicecoach.voice.system import system_voice

SPOKEN_AT = pytest.approx(NATURAL_PACE, abs=5)
"""150 to 160 words a minute."""


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Bank:
    return load_bank(find_bank_folders(None, tmp_path_factory.mktemp("own")))


def test_every_tenth_model_answer_is_spoken_at_a_natural_pace(bank: Bank) -> None:
    for question in bank.questions[::10]:
        spoken = speak(EspeakVoice(), question.model_answer)
        assert 60 * len(question.model_answer.split()) / spoken.clip.duration_s == SPOKEN_AT, question.id
        assert spoken.words_per_minute == SPOKEN_AT


def test_the_systems_voice_is_brought_to_the_same_pace(bank: Bank, tmp_path: Path) -> None:
    voice = system_voice(tmp_path)
    if voice is None:
        pytest.skip("this system brings no voice of its own")
    question = bank.find("define-recall")
    assert question is not None
    assert speak(voice, question.model_answer).words_per_minute == pytest.approx(NATURAL_PACE, abs=10)


def test_what_is_spoken_is_what_is_written(bank: Bank) -> None:
    """PocketSphinx makes out three in ten words of this voice; by chance it would be one in ten."""
    question, other = bank.find("imbalanced-data"), bank.find("monitor-and-retrain")
    assert question is not None
    assert other is not None
    spoken = speak(EspeakVoice(), question.model_answer).clip
    clip = AudioClip(soxr.resample(spoken.samples, spoken.rate, SPEECH_RATE), SPEECH_RATE)
    *_, last = transcribe(PocketSphinxTranscriber(), clip, SileroActivity().speech(clip))
    assert isinstance(last, TranscriptionDone)
    heard = set(content_stems(last.transcript.text))
    mine, others = (set(content_stems(each.model_answer)) for each in (question, other))
    assert len(heard & mine) / len(mine) > 2 * len(heard & others) / len(others)


def test_each_line_stands_where_its_sentence_sounds() -> None:
    spoken = speak(EspeakVoice(), 'First this. Then "that."\n\nAnd a new paragraph? Yes!')
    texts = [line.text for line in spoken.lines]
    assert texts == ["First this.", 'Then "that."', "And a new paragraph?", "Yes!"]
    sound = spoken.clip.as_float32()
    for before, line in zip(spoken.lines, spoken.lines[1:], strict=False):
        between = sound[round(before.end_s * spoken.clip.rate) : round(line.start_s * spoken.clip.rate)]
        assert not between.any()
        assert line.end_s > line.start_s >= before.end_s
    first, second, third, _ = spoken.lines
    assert third.start_s - second.end_s > second.start_s - first.end_s, "a paragraph pauses longer"
    for line in spoken.lines:
        said = sound[round(line.start_s * spoken.clip.rate) : round(line.end_s * spoken.clip.rate)]
        assert np.sqrt(np.mean(said**2)) > 0.02


def test_a_pace_that_no_voice_reaches_is_come_near_to() -> None:
    slow, fast = (speak(EspeakVoice(), "Recall is what was found.", pace) for pace in (1.0, 5_000.0))
    assert slow.words_per_minute < NATURAL_PACE - 30
    assert fast.words_per_minute > NATURAL_PACE + 30


@pytest.mark.parametrize("text", ["", " \n\n ", "... !"])
def test_text_without_words_is_one_line(text: str) -> None:
    assert sentences(text) == ()
    with pytest.raises(EngineError, match="nothing to speak"):
        speak(EspeakVoice(), text)


def test_a_take_without_a_recording_is_one_line() -> None:
    with pytest.raises(AudioError, match="There is no recording"):
        replay(None, ())
