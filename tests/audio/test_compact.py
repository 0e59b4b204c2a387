import io
import wave
from pathlib import Path

import numpy as np
import pytest

from tests.support.practising import SPOKEN
from voicecoach.audio import compact as module
from voicecoach.audio.compact import compact
from voicecoach.audio.decode import decode
from voicecoach.clip import SPEECH_RATE, AudioClip


def test_it_is_small_and_sounds_the_same_at_every_moment(tmp_path: Path) -> None:
    clip = decode(SPOKEN)

    small = compact(clip)

    assert small.media_type == "audio/mpeg"
    assert len(small.data) < clip.duration_s * 4_500
    file = tmp_path / "small.mp3"
    file.write_bytes(small.data)
    again = decode(file)
    assert again.duration_s == pytest.approx(clip.duration_s, abs=0.15)
    count = min(len(again.samples), len(clip.samples))
    ours, theirs = clip.as_float32()[:count], again.as_float32()[:count]
    assert np.corrcoef(ours, theirs)[0, 1] > 0.9, "a delay of some samples would spoil this"


@pytest.mark.parametrize("samples", [1, 1_151, 1_152, 1_153, SPEECH_RATE])
def test_any_length_can_be_encoded(samples: int) -> None:
    assert compact(AudioClip(np.zeros(samples, np.int16), SPEECH_RATE)).data


def test_a_long_one_gets_fewer_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    clip = AudioClip(np.zeros(20 * SPEECH_RATE, np.int16), SPEECH_RATE)
    usual = len(compact(clip).data)
    monkeypatch.setattr(module, "LONG_S", 10.0)
    assert len(compact(clip).data) == pytest.approx(0.75 * usual, rel=0.05)


def test_without_the_codec_it_is_a_wav(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CODEC", "no such codec")
    clip = AudioClip(np.arange(1_000, dtype=np.int16), SPEECH_RATE)

    plain = compact(clip)

    assert plain.media_type == "audio/wav"
    with wave.open(io.BytesIO(plain.data)) as file:
        assert (file.getnchannels(), file.getframerate(), file.getsampwidth()) == (1, SPEECH_RATE, 2)
        assert file.readframes(2_000) == clip.samples.tobytes()
