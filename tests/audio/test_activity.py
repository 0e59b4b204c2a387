import tracemalloc
from itertools import pairwise

import numpy as np
import pytest

from tests.support.sounds import joined, noise, silence, tone
from voicecoach.audio.activity import SpeechFollower
from voicecoach.audio.silero import SileroActivity
from voicecoach.clip import AudioClip
from voicecoach.transcript import Span
from voicecoach.voice.espeak import EspeakVoice

SENTENCES = (
    "Accuracy is misleading when one class is rare.",
    "So I look at precision and recall instead.",
    "Then I choose the threshold that the business can afford.",
)


def spoken(text: str) -> AudioClip:
    """A sentence at 16 kHz without the silence around it."""
    import soxr  # noqa: PLC0415 - only this test resamples

    clip = EspeakVoice().synthesize(text)
    samples = soxr.resample(clip.samples, clip.rate, 16_000)
    loud = np.flatnonzero(np.abs(samples) > 200)
    return AudioClip(samples[loud[0] : loud[-1] + 1], 16_000)


@pytest.fixture(scope="module")
def detector() -> SileroActivity:
    return SileroActivity()


@pytest.fixture(scope="module")
def sentences() -> list[AudioClip]:
    return [spoken(text) for text in SENTENCES]


def pauses(spans: tuple[Span, ...]) -> list[float]:
    return [after.start_s - before.end_s for before, after in pairwise(spans)]


def assert_well_formed(spans: tuple[Span, ...], clip: AudioClip) -> None:
    edges = [edge for span in spans for edge in (span.start_s, span.end_s)]
    assert edges == sorted(edges)
    assert edges[0] >= 0
    assert edges[-1] <= clip.duration_s


@pytest.mark.parametrize("pause_s", [0.5, 0.8, 2.0, 3.5])
def test_pauses_are_as_long_as_they_are(
    detector: SileroActivity, sentences: list[AudioClip], pause_s: float
) -> None:
    first, second, third = sentences
    clip = joined(silence(1.0), first, silence(pause_s), second, silence(pause_s), third, silence(1.0))
    spans = detector.speech(clip)
    assert_well_formed(spans, clip)
    longest = sorted(pauses(spans))[-2:]
    assert longest == pytest.approx([pause_s, pause_s], abs=0.2)
    assert spans[0].start_s == pytest.approx(1.0, abs=0.15)
    assert spans[-1].end_s == pytest.approx(clip.duration_s - 1.0, abs=0.2)


def test_running_speech_is_not_torn_apart(detector: SileroActivity, sentences: list[AudioClip]) -> None:
    spans = detector.speech(sentences[0])
    assert sum(span.duration_s for span in spans) > 0.8 * sentences[0].duration_s


@pytest.mark.parametrize(
    "clip",
    [silence(0.0), silence(5.0), noise(5.0, level=0.01), tone(440, 5.0)],
    ids=["empty", "silence", "noise", "hum"],
)
def test_what_is_not_speech_has_no_speech_in_it(detector: SileroActivity, clip: AudioClip) -> None:
    assert detector.speech(clip) == ()


def test_speech_in_a_noisy_room_is_heard(detector: SileroActivity, sentences: list[AudioClip]) -> None:
    clip = joined(silence(1.0), sentences[0], silence(2.0), sentences[1], silence(1.0))
    room = noise(clip.duration_s, level=0.003)
    noisy = AudioClip(clip.samples + room.samples[: len(clip.samples)], 16_000)
    assert max(pauses(detector.speech(noisy))) == pytest.approx(2.0, abs=0.25)


def test_a_long_clip_is_heard_like_a_short_one(detector: SileroActivity, sentences: list[AudioClip]) -> None:
    round_of_them = joined(*(part for clip in sentences for part in (clip, silence(1.3))))
    times = int(700 / round_of_them.duration_s) + 1
    clip = joined(*[round_of_them] * times)
    spans = detector.speech(clip)
    assert_well_formed(spans, clip)
    long_pauses = [pause for pause in pauses(spans) if pause > 0.9]
    assert len(long_pauses) == 3 * times - 1
    assert long_pauses == pytest.approx([1.3] * len(long_pauses), abs=0.25)


def test_speech_without_a_pause_goes_on_across_the_window(
    detector: SileroActivity, sentences: list[AudioClip]
) -> None:
    voice = joined(*[sentences[0]] * (int(620 / sentences[0].duration_s) + 1))
    spans = detector.speech(voice)
    assert_well_formed(spans, voice)
    assert sum(span.duration_s for span in spans) > 0.9 * voice.duration_s
    assert max(pauses(spans), default=0.0) < 0.5


def test_another_rate_is_a_mistake_of_the_caller(detector: SileroActivity) -> None:
    with pytest.raises(ValueError, match="44100"):
        detector.speech(tone(440, 1.0, 44_100))


def followed(detector: SileroActivity, clip: AudioClip, block_s: float) -> SpeechFollower:
    follower = detector.follow()
    block = round(block_s * clip.rate)
    for start in range(0, len(clip.samples), block):
        follower.add(clip.samples[start : start + block])
    return follower


@pytest.mark.parametrize("block_s", [0.01, 0.37, 4.0])
def test_it_makes_no_difference_how_the_sound_comes(
    detector: SileroActivity, sentences: list[AudioClip], block_s: float
) -> None:
    first, second, third = sentences
    clip = joined(silence(2.0), first, silence(0.6), second, silence(3.0), third, silence(0.7))
    follower = followed(detector, clip, block_s)
    assert follower.spans == detector.speech(clip)
    assert follower.quiet_s == pytest.approx(clip.duration_s - follower.spans[-1].end_s)


def test_the_spans_are_those_of_the_library(detector: SileroActivity, sentences: list[AudioClip]) -> None:
    from faster_whisper.vad import VadOptions, get_speech_timestamps  # noqa: PLC0415 - heavy

    clip = joined(*(part for sentence in sentences * 2 for part in (sentence, silence(0.45))))
    options = VadOptions(min_speech_duration_ms=60, min_silence_duration_ms=200, speech_pad_ms=32)
    theirs = [
        (s["start"] / 16_000, s["end"] / 16_000) for s in get_speech_timestamps(clip.as_float32(), options)
    ]
    ours = [(span.start_s, span.end_s) for span in detector.speech(clip)]
    assert len(ours) >= 6
    assert ours == theirs


def test_a_pause_counts_from_where_speech_ends_and_ends_with_the_next_word(
    detector: SileroActivity, sentences: list[AudioClip]
) -> None:
    follower = detector.follow()
    assert (follower.spans, follower.quiet_s) == ((), 0.0)
    follower.add(sentences[0].samples)
    assert (len(follower.spans), follower.quiet_s) == (1, 0.0)
    follower.add(silence(0.5).samples)
    assert follower.quiet_s == pytest.approx(0.5, abs=0.15)
    follower.add(sentences[1].samples[:8_000])
    assert (len(follower.spans), follower.quiet_s) == (2, 0.0)


def test_speech_without_a_pause_is_parted_where_it_is_quietest(
    detector: SileroActivity, sentences: list[AudioClip]
) -> None:
    endless = joined(*(sentences[index % 3] for index in range(24)))
    assert endless.duration_s > 60
    spans = followed(detector, endless, 0.25).spans
    assert max(span.duration_s for span in spans) < 26
    assert sum(span.duration_s for span in spans) > 0.8 * endless.duration_s


def test_following_needs_no_more_memory_for_a_longer_recording(
    detector: SileroActivity, sentences: list[AudioClip]
) -> None:
    minute = joined(*(part for sentence in sentences * 6 for part in (sentence, silence(0.6))))

    def peak(repeats: int) -> int:
        follower = detector.follow()
        tracemalloc.start()
        for _ in range(repeats):
            for start in range(0, len(minute.samples), 16_000):
                follower.add(minute.samples[start : start + 16_000])
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return size

    peak(1)
    assert peak(6) < 1.2 * peak(1)
