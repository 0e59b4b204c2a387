from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from tests.support.sounds import joined, main_frequency, noise, offsets, tone
from tests.support.virtual_microphone import VirtualMicrophone, wait_until
from voicecoach.audio.decode import decode
from voicecoach.audio.library import PORTAUDIO
from voicecoach.audio.portaudio import PortAudioPlayer, PortAudioRecorder
from voicecoach.audio.recorder import Recording
from voicecoach.audio.takes import TakeStore
from voicecoach.clip import SPEECH_RATE, AudioClip
from voicecoach.errors import AudioError

pytestmark = pytest.mark.audio


@pytest.fixture
def recording(microphone: VirtualMicrophone, tmp_path: Path) -> Recording:
    """What the loudspeaker plays comes back through the microphone."""
    running = PortAudioRecorder("").start(TakeStore(tmp_path / "takes").create("q", datetime.now(UTC)))
    wait_until(lambda: running.status().elapsed_s > 0.1, "the microphone")
    return running


def heard(recording: Recording) -> AudioClip:
    until = recording.status().elapsed_s + 0.5
    wait_until(lambda: recording.status().elapsed_s > until, "the rest")
    return decode(recording.stop().audio)


def loud_part(clip: AudioClip) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    loud = np.flatnonzero(np.abs(clip.samples) > 1_000)
    return clip.samples[loud[0] : loud[-1] + 1]


def test_a_clip_is_played_whole(recording: Recording) -> None:
    played = noise(2.0)
    playback = PortAudioPlayer("").play(played)
    assert playback.wait(10)
    assert playback.position_s == pytest.approx(2.0)
    found, likeness = offsets(played, heard(recording))
    assert min(likeness) > 0.9
    assert max(found) - min(found) <= 2


@pytest.mark.parametrize("rate", [22_050, 48_000])
def test_a_clip_of_any_rate_keeps_its_pitch(recording: Recording, rate: int) -> None:
    assert PortAudioPlayer("").play(tone(440, 1.0, rate)).wait(10)
    sound = loud_part(heard(recording))
    assert main_frequency(sound) == pytest.approx(440, abs=2)
    assert len(sound) / SPEECH_RATE == pytest.approx(1.0, abs=0.05)


def test_a_stretch_is_played_alone(recording: Recording) -> None:
    clip = joined(tone(440, 1.0), tone(1_000, 1.0), tone(2_000, 1.0))
    playback = PortAudioPlayer("").play(clip, 1.0, 2.0)
    assert playback.wait(10)
    assert playback.position_s == pytest.approx(2.0)
    sound = loud_part(heard(recording))
    assert main_frequency(sound) == pytest.approx(1_000, abs=2)
    assert len(sound) / SPEECH_RATE == pytest.approx(1.0, abs=0.05)


@pytest.mark.parametrize(("start_s", "end_s"), [(5.0, None), (1.0, 1.0), (2.0, 1.0)])
def test_a_stretch_that_is_empty_ends_at_once(
    microphone: VirtualMicrophone, start_s: float, end_s: float | None
) -> None:
    assert PortAudioPlayer("").play(tone(440, 2.0), start_s, end_s).wait(10)


def test_stopping_is_immediate_and_may_be_repeated(recording: Recording) -> None:
    playback = PortAudioPlayer("").play(tone(440, 30.0))
    wait_until(lambda: recording.status().peak > 0.1, "the tone")
    assert not playback.wait(0)
    playback.stop()
    playback.stop()
    assert playback.wait(0)
    assert 0 < playback.position_s < 5
    # What PulseAudio holds is dropped too: hardly more is heard than was handed over.
    assert len(loud_part(heard(recording))) / SPEECH_RATE <= playback.position_s + 0.05


def test_a_new_clip_stops_the_one_before(recording: Recording) -> None:
    player = PortAudioPlayer("")
    first = player.play(tone(440, 30.0))
    wait_until(lambda: recording.status().peak > 0.1, "the tone")
    second = player.play(tone(1_000, 1.0))
    assert first.wait(0)
    assert second.wait(10)
    assert main_frequency(loud_part(heard(recording))[-12_000:]) == pytest.approx(1_000, abs=2)


def test_playback_ends_when_the_loudspeaker_goes(microphone: VirtualMicrophone) -> None:
    playback = PortAudioPlayer("").play(tone(440, 30.0))
    wait_until(lambda: playback.position_s > 0, "playback")
    microphone.unplug()
    assert playback.wait(20)
    assert playback.position_s < 30


def test_where_its_loudspeaker_has_gone_it_looks_for_another(
    microphone: VirtualMicrophone, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    devices = tmp_path / "asound.conf"
    # The only one that PortAudio sees is one that the sound server does not have any more.
    devices.write_text(
        'pcm.headset { type pulse device "unplugged" }\npcm.!default { type hw card 31 }\n', "utf-8"
    )
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(devices))
    player = PortAudioPlayer("")
    assert player.devices() == ("headset",)
    with pytest.raises(AudioError, match="headset: the device cannot be opened"):
        player.play(tone(440, 0.2))
    devices.write_text("pcm.!default { type pulse }\n", "utf-8")
    assert player.play(tone(440, 0.2)).wait(10)


def test_an_unknown_loudspeaker_is_named_with_those_there_are(microphone: VirtualMicrophone) -> None:
    with pytest.raises(AudioError, match="no loudspeaker named Sonos") as caught:
        PortAudioPlayer("Sonos").play(tone(440, 1.0))
    assert "default" in caught.value.hint


def test_a_machine_without_a_loudspeaker_says_so(
    microphone: VirtualMicrophone, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    nothing = tmp_path / "asound.conf"
    nothing.write_text("pcm.!default { type hw card 31 }\n", "utf-8")
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(nothing))
    PORTAUDIO.refresh()
    with pytest.raises(AudioError, match="There is no loudspeaker"):
        PortAudioPlayer("").play(tone(440, 1.0))
