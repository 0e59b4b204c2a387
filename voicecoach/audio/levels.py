"""What is wrong with the sound of a recording, in one line."""

import numpy as np

from voicecoach.clip import AudioClip, Samples

NOISE_FLOOR = 10 ** (-50 / 20)
"""Peak below which nothing was said, as a fraction of full scale (-50 dBFS)."""

FULL_SCALE = 32_700
"""A sample as loud as this, either way, is taken for one cut off."""

CLIPPED_RUN = 3
"""So many cut-off samples in a row are clipping; a single one is only loud."""


CLIPPED_SHARE = 0.0005
"""The share of cut-off samples from which a finished recording is worth a word."""


def clipped_runs(samples: Samples) -> int:
    """How many samples end a run of cut-off ones. Samples have shape (n,)."""
    if len(samples) < CLIPPED_RUN:
        return 0
    loud = (samples >= FULL_SCALE) | (samples <= -FULL_SCALE)
    run = loud[CLIPPED_RUN - 1 :]
    for shift in range(1, CLIPPED_RUN):
        run = run & loud[CLIPPED_RUN - 1 - shift : len(loud) - shift]
    return int(np.count_nonzero(run))


class SoundCheck:
    """Looks at a recording piece by piece, for what is wrong with its sound."""

    def __init__(self) -> None:
        self._samples = 0
        self._loudest = 0
        self._clipped = 0

    def add(self, samples: Samples) -> None:
        """Look at what comes next, shape (n,)."""
        if len(samples):
            self._samples += len(samples)
            self._loudest = max(self._loudest, int(samples.max()), -int(samples.min()))
            self._clipped += clipped_runs(samples)

    def problem(self) -> str:
        """One line on what is wrong so far, or "" where nothing is."""
        if not self._samples:
            return "The recording is empty."
        if self._loudest / 32768 < NOISE_FLOOR:
            return "The recording is silent: check that the right microphone is chosen and not muted."
        if self._clipped > CLIPPED_SHARE * self._samples:
            return "The recording is clipped: turn the microphone's level down or move back a little."
        return ""


def sound_problem(clip: AudioClip) -> str:
    """One line on what is wrong with a finished clip, or "" where nothing is."""
    check = SoundCheck()
    check.add(clip.samples)
    return check.problem()
