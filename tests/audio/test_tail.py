from pathlib import Path

import numpy as np
import pytest

from tests.support.sounds import noise
from voicecoach.audio.tail import TakeTail
from voicecoach.audio.wav import WavWriter
from voicecoach.errors import UnreadableAudioError


def test_what_is_appended_is_read_once_and_in_order(tmp_path: Path) -> None:
    samples = noise(3.0, level=0.1).samples
    writer, tail = WavWriter(tmp_path / "audio.wav"), TakeTail(tmp_path / "audio.wav")
    assert len(tail.next(5.0)) == 0
    read = []
    for start in range(0, len(samples), 7_001):
        writer.append(samples[start : start + 7_001])
        read.append(tail.next(5.0))
        assert len(tail.next(5.0)) == 0
    writer.close()
    assert np.array_equal(np.concatenate(read), samples)
    assert tail.read_s == pytest.approx(3.0)


def test_a_reader_that_fell_behind_takes_no_more_than_it_asked_for(tmp_path: Path) -> None:
    samples = noise(12.0, level=0.1).samples
    writer, tail = WavWriter(tmp_path / "audio.wav"), TakeTail(tmp_path / "audio.wav")
    writer.append(samples)
    writer.close()
    lengths = []
    while len(part := tail.next(5.0)):
        lengths.append(len(part) / 16_000)
    assert lengths == [5.0, 5.0, 2.0]


def test_half_a_sample_is_left_for_the_next_look(tmp_path: Path) -> None:
    file = tmp_path / "audio.wav"
    WavWriter(file).close()
    tail = TakeTail(file)
    with file.open("ab") as stream:
        stream.write(b"\x01\x00\x02")
    assert tail.next(5.0).tolist() == [1]
    with file.open("ab") as stream:
        stream.write(b"\x00")
    assert tail.next(5.0).tolist() == [2]


def test_a_take_that_was_thrown_away_is_said_to_be_gone(tmp_path: Path) -> None:
    with pytest.raises(UnreadableAudioError, match=r"audio\.wav"):
        TakeTail(tmp_path / "audio.wav").next(5.0)
