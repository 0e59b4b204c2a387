import os
import struct
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest

from tests.support.disks import LimitedFiles
from tests.support.sounds import tone
from voicecoach.audio.wav import WavWriter, is_take_wav, read_wav, write_wav
from voicecoach.clip import AudioClip
from voicecoach.errors import UnreadableAudioError


def test_the_file_is_whole_after_every_append(tmp_path: Path) -> None:
    path, sound = tmp_path / "a.wav", tone(440, 1.0).samples
    writer = WavWriter(path)
    for end in range(0, len(sound), 1_600):
        writer.append(sound[end : end + 1_600])
        with wave.open(str(path)) as file:
            assert file.getparams()[:3] == (1, 2, 16_000)
            heard = np.frombuffer(file.readframes(file.getnframes()), np.int16)
        assert np.array_equal(heard, sound[: end + 1_600])
    assert writer.seconds == 1.0
    writer.close()
    writer.close()
    assert np.array_equal(read_wav(path).samples, sound)


def test_an_empty_recording_is_a_valid_file(tmp_path: Path) -> None:
    WavWriter(tmp_path / "a.wav").close()
    with wave.open(str(tmp_path / "a.wav")) as file:
        assert file.getnframes() == 0
    assert read_wav(tmp_path / "a.wav").duration_s == 0.0


def test_an_existing_recording_is_never_overwritten(tmp_path: Path) -> None:
    write_wav(tmp_path / "a.wav", tone(440, 0.1))
    with pytest.raises(FileExistsError):
        WavWriter(tmp_path / "a.wav")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limits on the size of files")
def test_a_file_whose_header_cannot_be_written_is_not_left_behind(tmp_path: Path) -> None:
    with LimitedFiles(tmp_path).full(), pytest.raises(OSError, match="File too large"):
        WavWriter(tmp_path / "a.wav")
    assert list(tmp_path.iterdir()) == []


_WRITE_FOR_EVER = """
import sys
import numpy as np
from pathlib import Path
from voicecoach.audio.wav import WavWriter
writer, number = WavWriter(Path(sys.argv[1])), 0
while True:
    writer.append(np.full(160, number % 30000, np.int16))
    number += 1
    if number == 20:
        print("going", flush=True)
"""


@pytest.mark.parametrize("attempt", range(5))
def test_a_killed_writer_leaves_a_valid_file(tmp_path: Path, attempt: int) -> None:
    path = tmp_path / "a.wav"
    process = subprocess.Popen([sys.executable, "-c", _WRITE_FOR_EVER, str(path)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    process.kill()
    process.wait()
    process.stdout.close()
    with wave.open(str(path)) as file:
        promised = file.getnframes()
        heard = np.frombuffer(file.readframes(promised), np.int16)
    assert len(heard) == promised >= 20 * 160
    assert np.array_equal(heard[::160], np.arange(len(heard) // 160) % 30_000)
    assert len(read_wav(path).samples) >= promised


def test_sound_that_the_header_does_not_know_of_yet_is_read(tmp_path: Path) -> None:
    path, sound = tmp_path / "a.wav", tone(440, 0.5)
    write_wav(path, sound)
    with path.open("ab") as file:
        file.write(sound.samples.tobytes() + b"\x01")
    assert np.array_equal(read_wav(path).samples, np.tile(sound.samples, 2))


def test_a_header_that_promises_too_much_is_not_believed(tmp_path: Path) -> None:
    path, sound = tmp_path / "a.wav", tone(440, 0.5)
    write_wav(path, sound)
    os.truncate(path, 44 + 2 * 1_000 + 1)
    assert np.array_equal(read_wav(path).samples, sound.samples[:1_000])


def test_what_other_programs_put_after_the_sound_is_not_heard(tmp_path: Path) -> None:
    path, sound = tmp_path / "a.wav", tone(440, 0.5)
    write_wav(path, sound)
    with path.open("r+b") as file:
        file.seek(0, os.SEEK_END)
        file.write(b"LIST" + struct.pack("<I", 100) + bytes(100))
        length = file.tell()
        file.seek(4)
        file.write(struct.pack("<I", length - 8))
    assert np.array_equal(read_wav(path).samples, sound.samples)


def test_another_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(b"RIFF")
    assert not is_take_wav(tmp_path / "a.wav")
    with pytest.raises(UnreadableAudioError, match="not a recording"):
        read_wav(tmp_path / "a.wav")
    with pytest.raises(UnreadableAudioError, match="cannot be read"):
        read_wav(tmp_path / "none.wav")


def test_a_clip_of_another_rate_is_a_mistake_of_the_caller(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="8000"):
        write_wav(tmp_path / "a.wav", AudioClip(np.zeros(10, np.int16), 8_000))
    assert not (tmp_path / "a.wav").exists()
