import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import soxr

from tests.support.disks import LimitedFiles
from tests.support.sounds import joined, main_frequency, noise, offsets, save, silence, tone
from tests.support.virtual_microphone import VirtualMicrophone, hears, wait_until
from voicecoach.audio.decode import decode
from voicecoach.audio.levels import sound_problem
from voicecoach.audio.library import PORTAUDIO
from voicecoach.audio.portaudio import CaptureForm, PortAudioRecorder, PortAudioRecording
from voicecoach.audio.recorder import Recording
from voicecoach.audio.takes import Take, TakeStore
from voicecoach.clip import SPEECH_RATE, AudioClip
from voicecoach.errors import AudioError, DeviceLostError, HistoryError, NoMicrophoneError

pytestmark = pytest.mark.audio


@pytest.fixture
def store(tmp_path: Path) -> TakeStore:
    return TakeStore(tmp_path / "takes")


@pytest.fixture
def take(store: TakeStore) -> Take:
    return store.create("fraud-auc", datetime.now(UTC))


def assert_all_there(played: AudioClip, recorded: AudioClip) -> None:
    wanted = AudioClip(soxr.resample(played.samples, played.rate, SPEECH_RATE), SPEECH_RATE)
    found, likeness = offsets(wanted, recorded)
    assert min(likeness) > 0.9
    assert max(found) - min(found) <= 2, "a block was lost or repeated"


@pytest.mark.parametrize(
    "form",
    [None, CaptureForm(16_000, 1), CaptureForm(44_100, 2), CaptureForm(48_000, 2), CaptureForm(48_000, 1)],
)
def test_the_take_holds_every_block_whatever_the_device_delivers(
    microphone: VirtualMicrophone, take: Take, tmp_path: Path, form: CaptureForm | None
) -> None:
    played = noise(4.0, 48_000)
    recording: Recording
    if form is None:
        recording = PortAudioRecorder("").start(take)
    else:
        device = PORTAUDIO.choose("input", "")
        assert device is not None
        recording = PortAudioRecording(take, device, form)
    hears(recording, 0.2)
    microphone.speak(save(tmp_path / "noise.wav", played))
    hears(recording, 0.5)
    finished = recording.stop()
    assert finished == take
    recorded = decode(take.audio)
    assert recorded.rate == SPEECH_RATE
    assert recording.status().elapsed_s == pytest.approx(recorded.duration_s)
    assert recording.status().problem is None
    # The resampled forms lose the band above 8 kHz, and so does the reference.
    assert_all_there(played, recorded)


def test_what_the_status_counts_is_on_disk(
    microphone: VirtualMicrophone, store: TakeStore, take: Take, tmp_path: Path
) -> None:
    recording = PortAudioRecorder("").start(take)
    with microphone.speaking(save(tmp_path / "tone.wav", tone(440, 2.0))):
        for _ in range(10):
            hears(recording, 0.1)
            counted = recording.status().elapsed_s
            assert store.seconds(take) >= counted > 0
            assert decode(take.audio).duration_s >= counted
    recording.stop()
    recording.stop()
    assert main_frequency(decode(take.audio).samples) == pytest.approx(440, abs=2)


def test_a_take_is_live_while_it_is_recorded(
    microphone: VirtualMicrophone, store: TakeStore, take: Take
) -> None:
    recording = PortAudioRecorder("").start(take)
    assert store.is_live(take)
    with pytest.raises(HistoryError, match="in use"):
        store.delete(take)
    recording.stop()
    assert not store.is_live(take)


_RECORD_FOR_EVER = """
import sys
from datetime import datetime, UTC
from pathlib import Path
from voicecoach.audio.portaudio import PortAudioRecorder
from voicecoach.audio.takes import TakeStore
from threading import Event

recording = PortAudioRecorder("").start(TakeStore(Path(sys.argv[1])).create("fraud-auc", datetime.now(UTC)))
while True:
    print(recording.status().elapsed_s, flush=True)
    Event().wait(0.05)
"""


def test_a_killed_recording_is_found_again_with_what_was_said(
    microphone: VirtualMicrophone, store: TakeStore, tmp_path: Path
) -> None:
    recorder = subprocess.Popen(
        [sys.executable, "-c", _RECORD_FOR_EVER, str(tmp_path / "takes")], stdout=subprocess.PIPE, text=True
    )
    assert recorder.stdout is not None
    counted = 0.0
    spoken = joined(tone(440, 1.0), tone(1_000, 1.0))
    try:
        while counted < 0.2:
            counted = float(recorder.stdout.readline())
        before = counted
        (take,) = store.read(store.ids())
        assert store.is_live(take)
        microphone.speak(save(tmp_path / "tones.wav", spoken))
        while counted < before + spoken.duration_s + 0.5:
            counted = float(recorder.stdout.readline())
    finally:
        os.kill(recorder.pid, signal.SIGKILL)
        recorder.wait()
        recorder.stdout.close()
    (take,) = store.read(store.ids())
    assert take.question_id == "fraud-auc"
    assert not store.is_live(take)
    recorded = decode(take.audio)
    assert store.seconds(take) == pytest.approx(recorded.duration_s)
    assert recorded.duration_s >= counted
    loud = np.flatnonzero(np.abs(recorded.samples) > 1_000)
    heard = recorded.samples[loud[0] : loud[-1]]
    assert len(heard) / SPEECH_RATE == pytest.approx(spoken.duration_s, abs=0.1)
    assert main_frequency(heard[:14_000]) == pytest.approx(440, abs=2)
    assert main_frequency(heard[-14_000:]) == pytest.approx(1_000, abs=2)


def test_an_unplugged_device_keeps_what_was_said(
    microphone: VirtualMicrophone, store: TakeStore, take: Take, tmp_path: Path
) -> None:
    recording = PortAudioRecorder("").start(take)
    hears(recording, 0.2)
    with microphone.speaking(save(tmp_path / "tone.wav", tone(440, 1.0))):
        pass
    microphone.unplug()
    wait_until(lambda: recording.status().problem is not None, "the loss to be noticed")
    problem = recording.status().problem
    assert isinstance(problem, DeviceLostError)
    assert "kept" in problem.hint
    assert recording.stop() == take
    assert not store.is_live(take)
    assert main_frequency(decode(take.audio).samples) == pytest.approx(440, abs=2)


def test_a_device_that_falls_silent_without_a_word_is_lost(microphone: VirtualMicrophone, take: Take) -> None:
    recording = PortAudioRecorder("").start(take)
    hears(recording, 0.3)
    microphone.suspend(suspended=True)
    try:
        wait_until(lambda: recording.status().problem is not None, "the loss to be noticed")
    finally:
        microphone.suspend(suspended=False)
    assert isinstance(recording.status().problem, DeviceLostError)
    recording.stop()
    assert decode(take.audio).duration_s >= 0.3


def test_recording_works_again_after_the_device_came_back(
    microphone: VirtualMicrophone, store: TakeStore, take: Take
) -> None:
    recorder = PortAudioRecorder("")
    first = recorder.start(take)
    hears(first, 0.2)
    microphone.unplug()
    wait_until(lambda: first.status().problem is not None, "the loss to be noticed")
    first.stop()
    microphone.plug()
    assert recorder.devices()
    second = recorder.start(store.create("fraud-auc", datetime.now(UTC)))
    hears(second, 0.2)
    assert second.status().problem is None
    second.stop()


def test_silence_and_loudness_show_while_recording(
    microphone: VirtualMicrophone, take: Take, tmp_path: Path
) -> None:
    recording = PortAudioRecorder("").start(take)
    hears(recording, 0.6)
    status = recording.status()
    assert status.peak == status.rms == 0.0
    assert status.silent_s == pytest.approx(status.elapsed_s)
    assert not status.clipped
    assert "silent" in sound_problem(decode(take.audio))
    with microphone.speaking(save(tmp_path / "tone.wav", tone(440, 1.5, level=0.5))):
        wait_until(lambda: recording.status().peak > 0.4, "the tone")
        hears(recording, 0.3)
        status = recording.status()
    assert status.peak == pytest.approx(0.5, abs=0.05)
    assert status.rms == pytest.approx(0.5 / np.sqrt(2), abs=0.05)
    assert status.silent_s == 0.0
    assert not status.clipped
    recording.stop()
    assert sound_problem(decode(take.audio)) == ""


def test_clipping_shows_for_two_seconds(microphone: VirtualMicrophone, take: Take, tmp_path: Path) -> None:
    square = AudioClip(np.sign(tone(100, 0.5, 48_000).samples).astype(np.int16) * 32_767, 48_000)
    recording = PortAudioRecorder("").start(take)
    with microphone.speaking(save(tmp_path / "square.wav", joined(square, silence(0.2, 48_000)))):
        wait_until(lambda: recording.status().clipped, "clipping")
    assert "clipped" in sound_problem(decode(take.audio))
    hears(recording, 2.5)
    assert not recording.status().clipped
    recording.stop()


def test_the_default_device_is_listed_first(microphone: VirtualMicrophone) -> None:
    names = PortAudioRecorder("").devices()
    assert names[0] == next(device.name for device in PORTAUDIO.devices("input") if device.is_default)


def test_a_device_is_chosen_by_its_name(microphone: VirtualMicrophone, take: Take) -> None:
    name = PortAudioRecorder("").devices()[0]
    recording = PortAudioRecorder(name).start(take)
    hears(recording, 0.1)
    recording.stop()


def test_an_unknown_microphone_is_named_with_those_there_are(
    microphone: VirtualMicrophone, take: Take
) -> None:
    with pytest.raises(NoMicrophoneError, match="no microphone named Blue Yeti") as caught:
        PortAudioRecorder("Blue Yeti").start(take)
    assert "default" in caught.value.hint
    assert not take.audio.exists()


def test_a_machine_without_a_device_says_so(
    microphone: VirtualMicrophone, monkeypatch: pytest.MonkeyPatch, take: Take, tmp_path: Path
) -> None:
    nothing = tmp_path / "asound.conf"
    nothing.write_text("pcm.!default { type hw card 31 }\n", "utf-8")
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(nothing))
    recorder = PortAudioRecorder("")
    assert recorder.devices() == ()
    with pytest.raises(NoMicrophoneError, match="There is no microphone"):
        recorder.start(take)
    assert not take.audio.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limits on the size of files")
def test_a_disk_that_is_full_at_the_first_write_is_told_and_no_device_is_blamed(
    microphone: VirtualMicrophone, store: TakeStore, take: Take
) -> None:
    with (
        LimitedFiles(take.folder).full(),
        pytest.raises(AudioError, match=r"audio\.wav: cannot be written: File too large") as caught,
    ):
        PortAudioRecorder("").start(take)
    assert "disk space" in caught.value.hint
    assert not take.audio.exists()
    assert not store.is_live(take)


def test_a_device_that_cannot_be_opened_leaves_no_file(
    microphone: VirtualMicrophone, store: TakeStore, take: Take
) -> None:
    microphone.unplug()
    with pytest.raises(AudioError) as caught:
        PortAudioRecorder("").start(take)
    assert caught.value.hint
    assert not take.audio.exists()
    assert not store.is_live(take)
