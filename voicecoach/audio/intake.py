"""From a device's blocks to a take on disk, in a thread of its own: the device's callback only queues."""

import time
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import Any

import numpy as np
import numpy.typing as npt

from voicecoach.audio.levels import NOISE_FLOOR, clipped_runs
from voicecoach.audio.recorder import RecordingStatus
from voicecoach.audio.wav import WavWriter
from voicecoach.clip import SPEECH_RATE, Samples
from voicecoach.errors import AudioError, DeviceLostError

SYNC_EVERY_S = 0.25
"""With the device's own buffer this keeps every block safe on disk within half a second."""

_FIRST_BLOCK_WITHIN_WAITS = 24
"""A Bluetooth headset takes seconds to open its microphone; this is six, in waits of `SYNC_EVERY_S`."""

_NEXT_BLOCK_WITHIN_WAITS = 6
"""Some systems say nothing when a device goes: its blocks just stop coming. This is 1.5 s.

Waits are counted rather than time, so that a process that was held up does not blame the device.
"""

_SETTLING_S = 0.5
"""Some systems report an overflow as a device starts: what lay in it from before. Nobody speaks yet."""

_CLIPPED_SHOWN_S = 2.0
_LEVEL_OVER_SAMPLES = SPEECH_RATE // 10

LOST_HINT = "What was said until then is kept. Plug it in again or choose another microphone."

Block = npt.NDArray[np.int16]
"""What a device delivers at a time, shape (frames, channels)."""


class _Mono:
    """Turns a device's blocks into 16 kHz mono.

    Args:
        rate: The device's samples a second.
        channels: How many it delivers; they are averaged.
    """

    def __init__(self, rate: int, channels: int) -> None:
        self._channels = channels
        self._resampler: Any = None
        if rate != SPEECH_RATE:
            import soxr  # noqa: PLC0415 - only some devices need it

            self._resampler = soxr.ResampleStream(rate, SPEECH_RATE, 1, dtype="int16")

    def convert(self, block: Block, *, last: bool = False) -> Samples:
        """The samples that are ready, shape (n,)."""
        if self._channels == 1:
            mono = np.ascontiguousarray(block[:, 0])
        else:
            mono = block.mean(axis=1, dtype=np.float32).round().astype(np.int16)
        if self._resampler is None:
            return mono
        resampled: Samples = self._resampler.resample_chunk(mono, last=last)
        return resampled

    def finish(self) -> Samples:
        """What the resampler still holds back, shape (n,)."""
        return self.convert(np.zeros((0, self._channels), np.int16), last=True)


class Meter:
    """Levels of 16 kHz mono sound as it comes."""

    def __init__(self) -> None:
        self._tail: Samples = np.zeros(0, np.int16)
        self._samples = 0
        self._last_sound = 0
        self._last_clip: int | None = None

    def add(self, samples: Samples, *, clipped: bool) -> None:
        """Take in samples, shape (n,), and whether the device cut any of them off."""
        self._samples += len(samples)
        self._tail = np.concatenate((self._tail, samples))[-_LEVEL_OVER_SAMPLES:]
        if len(samples) and int(np.abs(samples.astype(np.int32)).max()) > NOISE_FLOOR * 32768:
            self._last_sound = self._samples
        if clipped:
            self._last_clip = self._samples

    def status(self, problem: AudioError | None, overflows: int = 0) -> RecordingStatus:
        """The levels now, with what the meter cannot know; see RecordingStatus."""
        level = self._tail.astype(np.float32) / 32768
        return RecordingStatus(
            elapsed_s=self._samples / SPEECH_RATE,
            peak=min(float(np.abs(level).max(initial=0.0)), 1.0),
            rms=float(np.sqrt(np.mean(np.square(level)))) if len(level) else 0.0,
            silent_s=(self._samples - self._last_sound) / SPEECH_RATE,
            clipped=self._last_clip is not None
            and self._samples - self._last_clip < _CLIPPED_SHOWN_S * SPEECH_RATE,
            overflows=overflows,
            problem=problem,
        )


class Intake:
    """Writes what a device delivers; `push` and `end` are for the device, the rest for the person.

    Args:
        writer: Closed when the sound ends, however it ends.
        rate: The device's samples a second.
        channels: How many it delivers.
        device_name: For what a person is told.
    """

    def __init__(self, writer: WavWriter, rate: int, channels: int, device_name: str) -> None:
        self._writer = writer
        self._mono = _Mono(rate, channels)
        self._name = device_name
        self._meter = Meter()
        self._queue: SimpleQueue[Block | None] = SimpleQueue()
        self._settling_frames = round(_SETTLING_S * rate)
        self._overflows = 0
        self._stopping = Event()
        self._over = Event()
        self._synced_at = time.monotonic()
        self.status = self._meter.status(None)
        """The latest snapshot; replaced whole, so any thread may read it."""
        self._thread = Thread(target=self._run, name="take-writer", daemon=True)

    def begin(self) -> None:
        """Start to write; what was pushed before is not lost."""
        self._thread.start()

    def push(self, block: Block, *, overflowed: bool = False) -> None:
        """Queue a block that nobody will change; never blocks.

        Args:
            block: Shape (frames, channels).
            overflowed: Whether the device says that sound before this block was lost.
        """
        if self._over.is_set():
            return
        if self._settling_frames > 0:
            self._settling_frames -= len(block)
        elif overflowed:
            self._overflows += 1
        self._queue.put(block)

    def end(self) -> None:
        """The device delivers no more, whether it was asked to stop or not; never blocks."""
        self._queue.put(None)

    def expect_end(self) -> None:
        """The person stops: when the device ends now, it is not lost."""
        self._stopping.set()

    def stop(self) -> None:
        """Write and sync what is queued, then close the file. A second call changes nothing."""
        self.expect_end()
        self.end()
        self._thread.join()

    def _run(self) -> None:
        problem: AudioError | None = None
        try:
            problem = self._write_until_end()
            self._write([], self._mono.finish())
        except OSError as error:
            problem = problem or _disk_problem(error)
        try:
            self._writer.close()
        except OSError as error:
            problem = problem or _disk_problem(error)
        self.status = self._meter.status(problem, self._overflows)
        self._over.set()

    def _write_until_end(self) -> AudioError | None:
        """Write blocks as they come; returns why no more come, or None where it was asked for."""
        patience, waited = _FIRST_BLOCK_WITHIN_WAITS, 0
        while True:
            blocks, ended = self._next_blocks()
            waited += 1
            if blocks:
                patience, waited = _NEXT_BLOCK_WITHIN_WAITS, 0
                self._write(blocks, np.concatenate([self._mono.convert(block) for block in blocks]))
            if ended:
                lost = not self._stopping.is_set()
                return (
                    DeviceLostError(f"{self._name}: the microphone went away.", LOST_HINT) if lost else None
                )
            if waited >= patience:
                return DeviceLostError(f"{self._name}: the microphone delivers no more sound.", LOST_HINT)

    def _next_blocks(self) -> tuple[list[Block], bool]:
        """All that is queued, after waiting a moment for the first, and whether the device has ended."""
        blocks: list[Block] = []
        try:
            block = self._queue.get(timeout=SYNC_EVERY_S)
            while block is not None:
                blocks.append(block)
                block = self._queue.get_nowait()
        except Empty:
            return blocks, False
        return blocks, True

    def _write(self, blocks: list[Block], samples: Samples) -> None:
        self._writer.append(samples)
        # The device's own samples tell of clipping: averaging and resampling blur it.
        clipped = any(
            clipped_runs(block[:, channel]) for block in blocks for channel in range(block.shape[1])
        )
        self._meter.add(samples, clipped=clipped)
        self.status = self._meter.status(None, self._overflows)
        if time.monotonic() - self._synced_at >= SYNC_EVERY_S:
            self._writer.sync()
            self._synced_at = time.monotonic()


def _disk_problem(error: OSError) -> AudioError:
    return AudioError(
        f"The recording cannot be written any more: {error.strerror or error}.",
        "What was said until then is kept. Make room on the disk or check the folder's permissions.",
    )
