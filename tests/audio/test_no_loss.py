"""Nothing that was said is lost: not while the engines have both cores, and not at the last key press."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Event

import numpy as np
import numpy.typing as npt
import pytest
import soxr

from tests.support.scripted_whisper import build_scripted_whisper
from tests.support.sounds import noise, offsets, save
from tests.support.virtual_microphone import VirtualMicrophone, hears, wait_until
from voicecoach.audio.decode import decode
from voicecoach.audio.library import PORTAUDIO, Device
from voicecoach.audio.portaudio import CaptureForm, PortAudioRecorder, PortAudioRecording
from voicecoach.audio.takes import Take, TakeStore
from voicecoach.clip import SPEECH_RATE, AudioClip
from voicecoach.embedding.minilm import MiniLmEmbedder
from voicecoach.speech.sphinx import PocketSphinxTranscriber
from voicecoach.speech.whisper import WhisperTranscriber

pytestmark = pytest.mark.audio

SPOKEN_ANSWER = Path(__file__).parents[2] / "voicecoach" / "demo" / "answer.ogg"

HASTY = CaptureForm(48_000, 32)
"""PulseAudio keeps 4 MB for a reader that is late. That is two minutes of what the app asks for, in which
nothing could ever be lost, but little over a second of this."""

MOMENT = SPEECH_RATE // 100


@pytest.fixture
def take(tmp_path: Path) -> Take:
    return TakeStore(tmp_path / "takes").create("fraud-auc", datetime.now(UTC))


def default_device() -> Device:
    device = PORTAUDIO.choose("input", "")
    assert device is not None
    return device


def unlike_itself(seconds: float) -> AudioClip:
    """Noise of which every hundredth of a second can be told, in the band that resamplers pass unchanged."""
    return AudioClip(soxr.resample(noise(seconds, 8_000).samples, 8_000, 48_000), 48_000)


def likeness_by_moment(played: AudioClip, recorded: AudioClip) -> npt.NDArray[np.float64]:
    """How alike (-1..1) the recording is to each hundredth of a second of what was played, at its place."""
    wanted = AudioClip(soxr.resample(played.samples, played.rate, SPEECH_RATE), SPEECH_RATE)
    first, *_ = offsets(wanted, recorded)[0]
    there = recorded.samples[first : first + len(wanted.samples)]
    assert len(there) == len(wanted.samples), "the end is missing"
    before, after = (samples.astype(np.float64).reshape(-1, MOMENT) for samples in (wanted.samples, there))
    scale = np.linalg.norm(before, axis=1) * np.linalg.norm(after, axis=1)
    likeness: npt.NDArray[np.float64] = (before * after).sum(axis=1) / np.maximum(scale, 1.0)
    return likeness


@contextmanager
def engines_at_work(folder: Path) -> Iterator[None]:
    """Meanwhile do what the app does while someone speaks, in threads of this process, over and over."""
    sound = decode(SPOKEN_ANSWER).samples
    stretch = AudioClip(sound[: 5 * SPEECH_RATE], SPEECH_RATE)
    clause = "recall is the share of real frauds that we found"
    model = build_scripted_whisper(folder / "scripted.en", clause)
    whispers = [WhisperTranscriber(model, "scripted.en", "en") for _ in range(2)]
    sphinx = PocketSphinxTranscriber()
    work: list[Callable[[], object]] = [
        # A new one each time: loading holds Python's lock the longest.
        lambda: MiniLmEmbedder().encode([clause] * 32),
        lambda: sphinx.hear(stretch),
        *(partial(whisper.hear, stretch) for whisper in whispers),
    ]
    for once in work:
        once()
    enough = Event()

    def repeat(once: Callable[[], object]) -> None:
        while not enough.is_set():
            once()

    with ThreadPoolExecutor(len(work)) as pool:
        jobs = [pool.submit(repeat, once) for once in work]
        try:
            yield
        finally:
            enough.set()
        for job in jobs:
            job.result()


@pytest.mark.parametrize("form", [CaptureForm(SPEECH_RATE, 1), HASTY], ids=["as-recorded", "hasty"])
def test_nothing_is_lost_while_the_engines_have_every_core(
    microphone: VirtualMicrophone, take: Take, tmp_path: Path, form: CaptureForm
) -> None:
    played = unlike_itself(10.0)
    with engines_at_work(tmp_path):
        recording = PortAudioRecording(take, default_device(), form)
        hears(recording, 0.3)
        microphone.speak(save(tmp_path / "noise.wav", played))
        hears(recording, 0.5)
        recording.stop()
    status, recorded = recording.status(), decode(take.audio)
    assert (status.problem, status.overflows) == (None, 0)
    assert status.elapsed_s == pytest.approx(recorded.duration_s)
    likeness = likeness_by_moment(played, recorded)
    lost = np.flatnonzero(likeness < 0.9)
    assert not len(lost), f"lost or repeated at {lost[0] / 100:.2f} s of {played.duration_s:.0f} s"


def test_what_was_said_until_the_key_press_is_kept(
    microphone: VirtualMicrophone, take: Take, tmp_path: Path
) -> None:
    other = tmp_path / "overheard.raw"
    recording = PortAudioRecorder("").start(take)
    with (
        microphone.overheard(other),
        microphone.speaking(save(tmp_path / "noise.wav", unlike_itself(4.0))),
    ):
        hears(recording, 1.5)
        # Half-way between two of the device's blocks, when the last words are still on their way.
        now = other.stat().st_size
        wait_until(lambda: other.stat().st_size >= now + SPEECH_RATE // 10, "more")
        heard = other.read_bytes()
        recording.stop()
    said = np.frombuffer(heard, "<i2", count=len(heard) // 2)
    last_words = AudioClip(said[-SPEECH_RATE // 2 :], SPEECH_RATE)
    _, likeness = offsets(last_words, decode(take.audio))
    assert min(likeness) > 0.99


def test_an_overflow_that_the_device_reports_is_counted(microphone: VirtualMicrophone, take: Take) -> None:
    recording = PortAudioRecording(take, default_device(), CaptureForm(SPEECH_RATE, 1))
    hears(recording, 1.0)
    assert recording.status().overflows == 0
    # PulseAudio never reports one, so PortAudio's callback is called as PortAudio would call it.
    with PORTAUDIO.locked() as sounddevice:
        block = sounddevice._ffi.new("int16_t[]", MOMENT)
        recording._stream._callback(
            block,
            sounddevice._ffi.NULL,
            MOMENT,
            sounddevice._ffi.NULL,
            sounddevice._lib.paInputOverflow,
            sounddevice._ffi.NULL,
        )
    recording.stop()
    assert recording.status().overflows == 1
