import sys
import tracemalloc
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from tests.support.sounds import joined, main_frequency, noise, silence, tone
from tests.support.virtual_microphone import wait_until
from voicecoach.audio.intake import Block, Intake, Meter
from voicecoach.audio.levels import sound_problem
from voicecoach.audio.wav import BYTES_PER_SECOND, WavWriter, read_wav
from voicecoach.clip import AudioClip
from voicecoach.errors import AudioError, DeviceLostError


def blocks(clip: AudioClip, channels: int, frames: int = 777) -> list[Block]:
    """A clip as a device delivers it, the same in every channel."""
    shaped = np.repeat(clip.samples[:, np.newaxis], channels, axis=1)
    return [shaped[start : start + frames] for start in range(0, len(shaped), frames)]


@pytest.mark.parametrize("rate", [8_000, 16_000, 22_050, 44_100, 48_000, 96_000])
@pytest.mark.parametrize("channels", [1, 2, 6])
def test_every_rate_and_channel_count_becomes_16_khz_mono(tmp_path: Path, rate: int, channels: int) -> None:
    path = tmp_path / "a.wav"
    intake = Intake(WavWriter(path), rate, channels, "mic")
    intake.begin()
    for block in blocks(tone(440, 2.0, rate, level=0.5), channels):
        intake.push(block)
    intake.stop()
    recorded = read_wav(path)
    assert recorded.duration_s == pytest.approx(2.0, abs=0.002)
    assert intake.status.elapsed_s == pytest.approx(recorded.duration_s)
    assert main_frequency(recorded.samples) == pytest.approx(440, abs=1)
    assert np.abs(recorded.samples).max() / 32_767 == pytest.approx(0.5, abs=0.03)


def test_channels_are_averaged_rather_than_dropped(tmp_path: Path) -> None:
    path, sound = tmp_path / "a.wav", tone(440, 0.5).samples
    intake = Intake(WavWriter(path), 16_000, 2, "mic")
    intake.begin()
    intake.push(np.stack([np.zeros_like(sound), sound], axis=1))
    intake.stop()
    assert np.abs(read_wav(path).samples - sound / 2).max() <= 1


def test_blocks_that_came_before_the_thread_are_kept(tmp_path: Path) -> None:
    intake = Intake(WavWriter(tmp_path / "a.wav"), 16_000, 1, "mic")
    intake.push(blocks(tone(440, 0.04), 1)[0])
    intake.begin()
    intake.stop()
    assert read_wav(tmp_path / "a.wav").duration_s == pytest.approx(0.04)


def test_a_device_that_ends_unasked_is_lost_and_its_sound_kept(tmp_path: Path) -> None:
    intake = Intake(WavWriter(tmp_path / "a.wav"), 48_000, 1, "Blue Yeti")
    intake.begin()
    for block in blocks(tone(440, 1.0, 48_000), 1):
        intake.push(block)
    intake.end()
    wait_until(lambda: intake.status.problem is not None, "the end")
    assert isinstance(intake.status.problem, DeviceLostError)
    assert "Blue Yeti" in intake.status.problem.message
    intake.push(blocks(tone(440, 1.0, 48_000), 1)[0])
    intake.stop()
    assert read_wav(tmp_path / "a.wav").duration_s == pytest.approx(1.0, abs=0.002)


def test_an_end_that_was_asked_for_is_no_problem(tmp_path: Path) -> None:
    intake = Intake(WavWriter(tmp_path / "a.wav"), 16_000, 1, "mic")
    intake.begin()
    intake.expect_end()
    intake.end()
    intake.stop()
    assert intake.status.problem is None


def test_overflows_are_counted_once_the_device_has_settled(tmp_path: Path) -> None:
    intake = Intake(WavWriter(tmp_path / "a.wav"), 48_000, 2, "mic")
    intake.begin()
    tenths = blocks(tone(440, 1.0, 48_000), 2, frames=4_800)
    # What a device throws away as it starts was never said.
    for block in tenths[:5]:
        intake.push(block, overflowed=True)
    wait_until(lambda: intake.status.elapsed_s > 0.4, "the first half second")
    assert intake.status.overflows == 0
    for block, overflowed in zip(tenths[5:], (False, True, False, True, False), strict=True):
        intake.push(block, overflowed=overflowed)
    wait_until(lambda: intake.status.overflows > 0, "the overflows")
    intake.stop()
    assert intake.status.overflows == 2
    assert intake.status.problem is None


@pytest.mark.parametrize(("rate", "channels"), [(16_000, 1), (48_000, 2)])
def test_half_an_hour_needs_no_more_memory_than_a_minute(tmp_path: Path, rate: int, channels: int) -> None:
    path = tmp_path / "a.wav"
    intake = Intake(WavWriter(path), rate, channels, "mic")
    intake.begin()
    quarter_minute = blocks(noise(15.0, rate), channels, frames=rate // 10)

    def peak_bytes(from_s: int, to_s: int) -> int:
        tracemalloc.reset_peak()
        for end_s in range(from_s + 15, to_s + 1, 15):
            for block in quarter_minute:
                intake.push(block.copy())
            # The resampler holds a moment back.
            written = partial(lambda end_s: intake.status.elapsed_s > end_s - 0.1, end_s)
            wait_until(written, "what was pushed")
        return tracemalloc.get_traced_memory()[1]

    tracemalloc.start()
    try:
        in_a_minute = peak_bytes(0, 60)
        in_half_an_hour = peak_bytes(60, 1_800)
    finally:
        tracemalloc.stop()
    intake.stop()
    assert path.stat().st_size == pytest.approx(1_800 * BYTES_PER_SECOND, abs=1_000)
    a_batch = sum(block.nbytes for block in quarter_minute)
    assert in_half_an_hour < in_a_minute + a_batch


@pytest.mark.skipif(sys.platform == "win32", reason="file size limits are set through resource")
def test_a_full_disk_is_told_and_what_fitted_is_kept(tmp_path: Path) -> None:
    import resource  # noqa: PLC0415 - Windows has no such module

    path = tmp_path / "a.wav"
    intake = Intake(WavWriter(path), 16_000, 1, "mic")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, before[1]))
    try:
        intake.begin()
        for block in blocks(tone(440, 2.0), 1):
            intake.push(block)
        wait_until(lambda: intake.status.problem is not None, "the full disk")
        intake.stop()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    problem = intake.status.problem
    assert isinstance(problem, AudioError)
    assert "cannot be written any more" in problem.message
    assert "kept" in problem.hint
    kept = read_wav(path).samples
    assert len(kept) == (40_000 - 44) // 2
    assert np.array_equal(kept, tone(440, 2.0).samples[: len(kept)])


def test_the_meter_follows_the_last_tenth_of_a_second() -> None:
    meter = Meter()
    meter.add(tone(440, 1.0, level=0.8).samples, clipped=True)
    loud = meter.status(None)
    assert loud.peak == pytest.approx(0.8, abs=0.01)
    assert loud.rms == pytest.approx(0.8 / np.sqrt(2), abs=0.01)
    assert (loud.silent_s, loud.clipped) == (0.0, True)
    meter.add(silence(1.5).samples, clipped=False)
    quiet = meter.status(None)
    assert (quiet.peak, quiet.rms, quiet.silent_s, quiet.clipped) == (0.0, 0.0, 1.5, True)
    meter.add(silence(0.5).samples, clipped=False)
    assert not meter.status(None).clipped
    assert meter.status(None).elapsed_s == 3.0


def test_the_loudest_negative_sample_is_full_scale() -> None:
    meter = Meter()
    meter.add(np.array([-32_768], np.int16), clipped=False)
    assert meter.status(None).peak == 1.0


def test_a_finished_clip_is_told_silent_clipped_or_fine() -> None:
    assert "empty" in sound_problem(silence(0.0))
    assert "silent" in sound_problem(silence(2.0))
    assert "silent" in sound_problem(tone(50, 2.0, level=0.002))
    assert sound_problem(tone(440, 2.0, level=0.02)) == ""
    assert sound_problem(tone(440, 2.0, level=0.99)) == ""
    cut_off = AudioClip(
        np.clip(tone(440, 2.0, level=1.0).samples * 1.5, -32768, 32767).astype(np.int16), 16_000
    )
    assert "clipped" in sound_problem(cut_off)
    assert sound_problem(joined(silence(60.0), AudioClip(cut_off.samples[:200], 16_000))) == ""
