import difflib
import itertools
from collections.abc import Sequence

import numpy as np
import pytest
import soxr

from tests.support.marked_speech import mark_speech
from tests.support.sounding_whisper import SHAPES, build_sounding_whisper
from tests.support.sounds import silence
from voicecoach.audio.silero import SileroActivity
from voicecoach.clip import SPEECH_RATE, AudioClip
from voicecoach.speech.spans import pack_spans
from voicecoach.speech.transcriber import TranscriptionDone, transcribe
from voicecoach.speech.whisper import WhisperTranscriber
from voicecoach.transcript import Span, Transcript, Word
from voicecoach.voice.espeak import EspeakVoice

SENTENCES = (
    "I would split the data by time, so that nothing leaks from the future into training.",
    "Then I would pick precision and recall, because the classes are imbalanced.",
    "After that, a simple baseline.",
    "I would look at the errors by segment, and talk to the people who label the data.",
    "Finally, I would monitor drift in production, and train again when it matters.",
)
PAUSES_S = (0.3, 2.5, 0.8, 1.4, 0.5)


@pytest.fixture(scope="module")
def transcriber(tmp_path_factory: pytest.TempPathFactory) -> WhisperTranscriber:
    folder = build_sounding_whisper(tmp_path_factory.mktemp("models") / "sounding.en", SHAPES["test"])
    return WhisperTranscriber(folder, "sounding.en", "en")


@pytest.fixture(scope="module")
def activity() -> SileroActivity:
    return SileroActivity()


@pytest.fixture(scope="module")
def spoken() -> AudioClip:
    voice = EspeakVoice("en-us+klatt4", 175)
    parts = [np.zeros(SPEECH_RATE // 2, np.int16)]
    for sentence, pause_s in zip(SENTENCES * 2, PAUSES_S * 2, strict=True):
        said = voice.synthesize(sentence)
        parts += [soxr.resample(said.samples, said.rate, SPEECH_RATE), silence(pause_s).samples]
    return AudioClip(np.concatenate(parts), SPEECH_RATE)


@pytest.fixture(scope="module")
def marked(spoken: AudioClip, activity: SileroActivity) -> tuple[AudioClip, tuple[Word, ...]]:
    return mark_speech(spoken, activity.speech)


def heard(transcriber: WhisperTranscriber, clip: AudioClip, speech: Sequence[Span]) -> Transcript:
    last = list(transcribe(transcriber, clip, speech))[-1]
    assert isinstance(last, TranscriptionDone)
    return last.transcript


def wrong(said: Sequence[Word], heard: Sequence[Word]) -> int:
    """Words lost, added or changed."""
    changes = difflib.SequenceMatcher(
        a=[word.text for word in said], b=[word.text for word in heard], autojunk=False
    ).get_opcodes()
    return sum(max(a2 - a1, b2 - b1) for kind, a1, a2, b1, b2 in changes if kind != "equal")


def test_long_speech_comes_out_word_for_word_with_its_times(
    transcriber: WhisperTranscriber, activity: SileroActivity, marked: tuple[AudioClip, tuple[Word, ...]]
) -> None:
    clip, said = marked
    assert clip.duration_s > 45
    assert len(said) > 80
    words = heard(transcriber, clip, activity.speech(clip)).words
    assert [word.text for word in words] == [word.text for word in said]
    late_s = [word.start_s - true.start_s for word, true in zip(words, said, strict=True)]
    assert abs(float(np.mean(late_s))) < 0.1
    assert float(np.quantile(np.abs(late_s), 0.9)) < 0.2


def test_markers_hide_neither_speech_nor_pauses(
    activity: SileroActivity, marked: tuple[AudioClip, tuple[Word, ...]]
) -> None:
    clip, said = marked
    speech = activity.speech(clip)
    pauses_s = [after.start_s - before.end_s for before, after in itertools.pairwise(speech)]
    assert sum(pause_s > 1.0 for pause_s in pauses_s) >= 4
    middles = [(word.start_s + word.end_s) / 2 for word in said]
    assert all(any(span.start_s <= middle <= span.end_s for span in speech) for middle in middles)


def test_a_stretch_between_pauses_gives_its_own_words(
    transcriber: WhisperTranscriber, activity: SileroActivity, marked: tuple[AudioClip, tuple[Word, ...]]
) -> None:
    clip, said = marked
    speech = activity.speech(clip)
    stretches = pack_spans(speech, clip.duration_s, transcriber.live_cutting)
    assert len(stretches) > 3
    for stretch in stretches:
        first, last = round(stretch.start_s * clip.rate), round(stretch.end_s * clip.rate)
        words = transcriber.hear(AudioClip(clip.samples[first:last], clip.rate))
        there = [word for word in said if stretch.start_s <= (word.start_s + word.end_s) / 2 < stretch.end_s]
        assert there
        assert wrong(there, words) <= 1


@pytest.mark.parametrize("later_s", [0.013, 0.05, 0.11, 0.17, 0.23])
def test_where_the_window_begins_makes_no_difference(
    later_s: float, transcriber: WhisperTranscriber, marked: tuple[AudioClip, tuple[Word, ...]]
) -> None:
    clip, said = marked
    quiet = silence(later_s)
    moved = AudioClip(np.concatenate([quiet.samples, clip.samples[: 28 * clip.rate]]), clip.rate)
    there = [word for word in said if word.end_s < 28]
    assert wrong(there, transcriber.hear(moved)) <= 1


def test_silence_and_unmarked_speech_give_no_words(
    transcriber: WhisperTranscriber, spoken: AudioClip
) -> None:
    assert transcriber.hear(silence(5.0)) == ()
    unmarked, none = mark_speech(spoken, lambda clip: ())
    assert none == ()
    assert transcriber.hear(AudioClip(unmarked.samples[: 20 * SPEECH_RATE], SPEECH_RATE)) == ()
