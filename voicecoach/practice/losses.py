"""What is missing from a recording and why: said on its card, since nobody may see it happen."""

from collections.abc import Iterator

from voicecoach.audio.recorder import RecordingStatus

SOUND_LOST = "Sound was lost while recording: the computer was too busy to take it in. Close other programs."

WORTH_TELLING_S = 0.5
"""Less sound than this is missing after a crash at most, and says nothing."""


def what_was_lost(status: RecordingStatus | None, promised_s: float, there_s: float) -> Iterator[str]:
    """One line for each thing that went wrong.

    Args:
        status: How the recording ended; None where this program did not record it.
        promised_s: Seconds of sound that the file's header tells of.
        there_s: Seconds of sound that the file has.
    """
    recorded_s = promised_s
    if status is not None:
        recorded_s = status.elapsed_s
        if status.problem is not None:
            yield f"{status.problem.message} What was recorded until then is judged."
        if status.overflows:
            yield SOUND_LOST
    missing_s = recorded_s - there_s
    if missing_s >= WORTH_TELLING_S:
        yield f"The last {missing_s:.1f} s that were recorded are missing from the take's file."
