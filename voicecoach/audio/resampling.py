"""Sound at another rate."""

from voicecoach.clip import AudioClip


def resampled(clip: AudioClip, rate: int) -> AudioClip:
    """The clip at another rate, in samples a second; the same clip where it has that already."""
    if clip.rate == rate:
        return clip
    import soxr  # noqa: PLC0415 - only some devices need it

    return AudioClip(soxr.resample(clip.samples, clip.rate, rate), rate)
