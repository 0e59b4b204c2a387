"""Sound that keeps coming, heard by a real Whisper of a small shape."""

import tracemalloc
from itertools import pairwise
from pathlib import Path

import pytest

from tests.support.marked_speech import mark_speech
from tests.support.sounding_whisper import SHAPES, build_sounding_whisper
from tests.support.sounds import silence
from voicecoach.audio.decode import decode
from voicecoach.audio.silero import SileroActivity
from voicecoach.clip import SPEECH_RATE, AudioClip
from voicecoach.speech.live import LiveHearing
from voicecoach.speech.whisper import WhisperTranscriber
from voicecoach.transcript import Word

SPOKEN = Path(__file__).parents[2] / "voicecoach" / "demo" / "answer.ogg"
BLOCK = SPEECH_RATE // 2


@pytest.fixture(scope="module")
def transcriber(tmp_path_factory: pytest.TempPathFactory) -> WhisperTranscriber:
    folder = build_sounding_whisper(tmp_path_factory.mktemp("whisper") / "model", SHAPES["test"])
    return WhisperTranscriber(folder, "sounding", "en")


@pytest.fixture(scope="module")
def detector() -> SileroActivity:
    return SileroActivity()


@pytest.fixture(scope="module")
def marked(detector: SileroActivity) -> tuple[AudioClip, tuple[Word, ...]]:
    clip = decode(SPOKEN)
    return mark_speech(AudioClip(clip.samples[: 40 * clip.rate], clip.rate), detector.speech)


def texts(words: tuple[Word, ...]) -> list[str]:
    return [word.text for word in words]


def test_what_was_heard_as_if_it_were_the_end_is_heard_again_when_it_was_not(
    transcriber: WhisperTranscriber, detector: SileroActivity, marked: tuple[AudioClip, tuple[Word, ...]]
) -> None:
    clip, said = marked
    ear, hearing = detector.follow(), LiveHearing(transcriber)
    so_far: list[int] = []
    for start in range(0, len(clip.samples), BLOCK):
        ear.add(clip.samples[start : start + BLOCK])
        hearing.add(clip.samples[start : start + BLOCK])
        while hearing.hear_finished(ear.spans, ear.quiet_s):
            pass
        if ear.quiet_s:
            hearing.hear_last(ear.spans, ear.quiet_s)
            assert not hearing.hear_last(ear.spans, ear.quiet_s)
            # All that was said until this pause has been heard, and nothing twice.
            ended = [word for word in said if word.end_s <= ear.spans[-1].end_s + 0.05]
            assert texts(hearing.words) == texts(tuple(ended))
            assert hearing.heard_s == pytest.approx(ear.spans[-1].end_s, abs=0.25)
            so_far.append(len(ended))
    assert len(set(so_far)) > 5
    assert all(before <= after for before, after in pairwise(so_far))


def test_hearing_needs_no_more_memory_for_a_longer_recording(
    transcriber: WhisperTranscriber, detector: SileroActivity, marked: tuple[AudioClip, tuple[Word, ...]]
) -> None:
    sentence = AudioClip(marked[0].samples[: 5 * SPEECH_RATE], SPEECH_RATE)
    quiet = silence(25.0)

    def peak(minutes: int) -> int:
        ear, hearing = detector.follow(), LiveHearing(transcriber)
        tracemalloc.start()
        for part in (sentence, quiet) * (2 * minutes):
            for start in range(0, len(part.samples), BLOCK):
                ear.add(part.samples[start : start + BLOCK])
                hearing.add(part.samples[start : start + BLOCK])
                while hearing.hear_finished(ear.spans, ear.quiet_s):
                    pass
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert len(hearing.words) > 10 * minutes
        return size

    peak(1)
    # Half an hour of sound is 58 MB; its words are some kilobytes.
    assert peak(30) < peak(2) + 1_000_000
