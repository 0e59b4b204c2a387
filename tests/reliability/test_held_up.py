"""A program stopped for a while, a microphone that comes back as another, no room for a header."""

import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.disks import LimitedFiles
from tests.support.installation import REPOSITORY
from tests.support.practising import HEARD, SPOKEN, one_line
from tests.support.scripted_whisper import build_scripted_whisper
from tests.support.sounds import joined, main_frequency, noise, offsets, save, tone
from tests.support.virtual_microphone import VirtualMicrophone, hears, wait_until
from voicecoach.audio.decode import decode
from voicecoach.audio.portaudio import PortAudioRecorder
from voicecoach.audio.takes import TakeStore
from voicecoach.audio.wav import read_wav
from voicecoach.clip import AudioClip
from voicecoach.errors import AudioError, DeviceLostError

pytestmark = pytest.mark.audio


RECORD_UNTIL_TOLD = """
import json, sys
from pathlib import Path
from threading import Event, Thread
from voicecoach.config import Paths, Settings
from voicecoach.practice.events import Judged
from voicecoach.wiring import assemble
home, model = sys.argv[1:]
home = Path(home)
wired = assemble(Settings(model=model), Paths(home / "settings.toml", home / "data", home / "cache"))
coach = wired.coach
question = coach.question("define-precision")
coach.warm(question)
recording = coach.start_recording(question)
enough = Event()
Thread(target=lambda: (sys.stdin.readline(), enough.set()), daemon=True).start()
while not enough.wait(0.05):
    print(recording.status().elapsed_s, flush=True)
*_, last = coach.judge_take(recording.stop())
assert isinstance(last, Judged)
attempt, status = last.attempt, recording.status()
print(json.dumps({
    "take": attempt.take_id, "text": attempt.transcript.text, "notices": attempt.card.notices,
    "problem": str(status.problem or ""), "overflows": status.overflows,
}))
wired.engines.history().close()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGSTOP")
def test_what_is_said_while_the_program_is_stopped_is_heard_when_it_goes_on(
    microphone: VirtualMicrophone, tmp_path: Path
) -> None:
    model = build_scripted_whisper(tmp_path / "model", HEARD)
    speech = decode(SPOKEN)
    marked = noise(1.5)
    answer = joined(AudioClip(speech.samples[: 3 * speech.rate], speech.rate), marked)
    file = save(tmp_path / "answer.wav", answer)
    program = subprocess.Popen(
        [sys.executable, "-c", RECORD_UNTIL_TOLD, str(tmp_path / "home"), str(model)],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert program.stdout
    try:
        recorded_s = 0.0
        while recorded_s < 0.3:
            recorded_s = float(program.stdout.readline())
        os.kill(program.pid, signal.SIGSTOP)
        microphone.speak(file)
        os.kill(program.pid, signal.SIGCONT)
        enough_s = recorded_s + answer.duration_s + 0.5
        while recorded_s < enough_s:
            recorded_s = float(program.stdout.readline())
        printed = program.communicate("enough\n")[0]
    finally:
        program.kill()
        program.wait()
    told = json.loads(printed.splitlines()[-1])
    assert (told["problem"], told["overflows"], told["notices"]) == ("", 0, [])
    assert told["text"].startswith(HEARD)
    sound = read_wav(tmp_path / "home" / "data" / "takes" / told["take"] / "audio.wav")
    found, likeness = offsets(marked, sound)
    assert min(likeness) > 0.9
    assert max(found) - min(found) <= 2, "a block was lost or repeated"


@pytest.mark.parametrize(("before", "after"), [(48_000, 44_100), (16_000, 96_000)])
def test_a_microphone_that_comes_back_with_another_rate_sounds_the_same(
    microphone: VirtualMicrophone, tmp_path: Path, before: int, after: int
) -> None:
    store, recorder = TakeStore(tmp_path / "takes"), PortAudioRecorder("")
    sound = save(tmp_path / "tone.wav", tone(440, 1.0, 48_000))
    microphone.unplug()
    microphone.plug(before)
    try:
        takes = []
        for rate in (before, after):
            take = store.create("define-precision", datetime.now(UTC))
            recording = recorder.start(take)
            hears(recording, 0.2)
            microphone.speak(sound)
            hears(recording, 0.2)
            if rate == before:
                microphone.unplug()
                wait_until(lambda now=recording: now.status().problem is not None, "the loss")  # type: ignore[misc]
                assert isinstance(recording.status().problem, DeviceLostError)
                microphone.plug(after)
            else:
                assert recording.status().problem is None
            recording.stop()
            takes.append(take)
        for take in takes:
            assert main_frequency(read_wav(take.audio).samples) == pytest.approx(440, abs=2)
    finally:
        microphone.unplug()
        microphone.plug()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limits on the size of files")
def test_a_recording_without_room_for_its_header_is_not_begun(
    microphone: VirtualMicrophone, tmp_path: Path
) -> None:
    store = TakeStore(tmp_path / "takes")
    take = store.create("define-precision", datetime.now(UTC))
    with LimitedFiles(tmp_path).full(), pytest.raises(AudioError, match="cannot be written") as caught:
        PortAudioRecorder("").start(take)
    assert str(take.audio) in one_line(caught.value)
    assert not store.is_live(take)
    store.delete(take)
    again = store.create("define-precision", datetime.now(UTC))
    recording = PortAudioRecorder("").start(again)
    hears(recording, 0.1)
    recording.stop()
