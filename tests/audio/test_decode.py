import os
import wave
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from tests.support.disks import mode
from tests.support.encoded import FORMATS, encode
from tests.support.sounds import joined, main_frequency, save, tone
from voicecoach.audio.decode import decode
from voicecoach.audio.wav import write_wav
from voicecoach.clip import AudioClip
from voicecoach.errors import UnreadableAudioError


@pytest.mark.parametrize(
    ("ending", "layout"),
    # The encoder for Vorbis that PyAV brings writes stereo alone.
    [
        (ending, layout)
        for ending in FORMATS
        for layout in ("mono", "stereo")
        if (ending, layout) != ("vorbis.ogg", "mono")
    ],
)
def test_what_people_have_is_decoded_to_16_khz_mono(tmp_path: Path, ending: str, layout: str) -> None:
    spoken = joined(tone(440, 1.0, 48_000), tone(1_000, 1.0, 48_000))
    clip = decode(encode(tmp_path / f"a.{ending}", ending, spoken, layout))
    assert clip.rate == 16_000
    assert clip.samples.dtype == np.int16
    assert clip.samples.ndim == 1
    assert clip.duration_s == pytest.approx(2.0, abs=0.1)
    assert main_frequency(clip.samples[:15_000]) == pytest.approx(440, abs=2)
    assert main_frequency(clip.samples[-15_000:]) == pytest.approx(1_000, abs=2)
    assert np.abs(clip.samples[4_000:12_000]).max() / 32_767 == pytest.approx(0.4, abs=0.05)


def test_a_16_khz_recording_comes_out_sample_for_sample(tmp_path: Path) -> None:
    sound = tone(440, 1.0)
    write_wav(tmp_path / "take.wav", sound)
    assert np.array_equal(decode(tmp_path / "take.wav").samples, sound.samples)
    assert np.array_equal(decode(save(tmp_path / "other.wav", sound)).samples, sound.samples)


@pytest.mark.parametrize("ending", ["wav24.wav", "mp3", "flac", "ogg", "webm"])
def test_of_a_file_cut_short_the_beginning_is_kept(tmp_path: Path, ending: str) -> None:
    path = encode(tmp_path / f"a.{ending}", ending, tone(440, 10.0, 48_000))
    os.truncate(path, path.stat().st_size * 6 // 10)
    clip = decode(path)
    assert 3.0 < clip.duration_s < 9.0
    assert main_frequency(clip.samples[:15_000]) == pytest.approx(440, abs=2)


@pytest.mark.parametrize("ending", ["mp3", "flac", "ogg", "m4a", "webm"])
def test_damage_in_the_middle_never_ends_in_a_traceback(tmp_path: Path, ending: str) -> None:
    path = encode(tmp_path / f"a.{ending}", ending, tone(440, 4.0, 48_000))
    whole = path.read_bytes()
    random = np.random.default_rng(3)
    decoded, refusals = 0, []
    for _ in range(20):
        damaged = bytearray(whole)
        start = int(random.integers(len(whole)))
        damaged[start : start + 200] = random.bytes(len(damaged[start : start + 200]))
        path.write_bytes(damaged)
        try:
            decoded += decode(path).duration_s > 0
        except UnreadableAudioError as error:
            refusals.append(error.message)
    assert decoded > 0
    assert all(str(path) in refusal for refusal in refusals)


def test_a_video_without_sound_has_no_audio(tmp_path: Path) -> None:
    path = tmp_path / "silent.mkv"
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream("mpeg4", rate=10)
        stream.width = stream.height = 16
        stream.pix_fmt = "yuv420p"
        for _ in range(3):
            picture = av.VideoFrame.from_ndarray(np.zeros((16, 16, 3), np.uint8), "rgb24")
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
    with pytest.raises(UnreadableAudioError, match="has no audio"):
        decode(path)


def test_each_unreadable_thing_gets_its_own_line(tmp_path: Path) -> None:
    (tmp_path / "empty.wav").touch()
    (tmp_path / "garbage.mp3").write_bytes(np.random.default_rng(1).bytes(5_000))
    (tmp_path / "text.wav").write_text("so this is not audio at all\n" * 50, "utf-8")
    write_wav(tmp_path / "no-sound.wav", AudioClip(np.zeros(0, np.int16), 16_000))
    lines = {
        "missing.wav": "there is no such file",
        "": "is a folder",
        "empty.wav": "is empty",
        "garbage.mp3": "is not a recording that can be decoded|holds no sound",
        "text.wav": "is not a recording that can be decoded",
        "no-sound.wav": "holds no sound",
    }
    for name, line in lines.items():
        with pytest.raises(UnreadableAudioError, match=line) as caught:
            decode(tmp_path / name)
        assert str(tmp_path / name) in caught.value.message
        assert caught.value.hint
        assert "\n" not in str(caught.value)


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such files")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.wav")
    with pytest.raises(UnreadableAudioError, match="not a plain file"):
        decode(tmp_path / "pipe.wav")


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such permission bits")
def test_a_forbidden_file_is_told(tmp_path: Path) -> None:
    path = save(tmp_path / "a.wav", tone(440, 0.1))
    with mode(path, 0), pytest.raises(UnreadableAudioError, match="no permission"):
        decode(path)


def test_a_playlist_leads_nowhere(tmp_path: Path) -> None:
    path = tmp_path / "a.m3u8"
    path.write_text(
        "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n", "utf-8"
    )
    with pytest.raises(UnreadableAudioError):
        decode(path)


def test_more_than_two_hours_are_refused(tmp_path: Path) -> None:
    own, other = tmp_path / "own.wav", save(tmp_path / "other.wav", tone(440, 0.1, 8_000))
    write_wav(own, tone(440, 0.1))
    # Both promise and hold 2 h 1 min; a file with a hole takes no room.
    for path, rate in ((own, 16_000), (other, 8_000)):
        size = 2 * rate * 7_260
        with path.open("r+b") as file:
            file.truncate(44 + size)
            file.seek(4)
            file.write((36 + size).to_bytes(4, "little"))
            file.seek(40)
            file.write(size.to_bytes(4, "little"))
        with pytest.raises(UnreadableAudioError, match="longer than two hours"):
            decode(path)


def test_sound_that_cannot_be_converted_is_not_said_to_be_none(tmp_path: Path) -> None:
    path = tmp_path / "interface.wav"
    with wave.open(str(path), "wb") as out:
        out.setnchannels(18)
        out.setsampwidth(2)
        out.setframerate(48_000)
        out.writeframes(np.repeat(tone(440, 1.0, 48_000).samples, 18).tobytes())
    with pytest.raises(UnreadableAudioError, match="none of its sound can be decoded") as caught:
        decode(path)
    assert "mono or stereo" in str(caught.value)
