"""The answer's length against the question's own window, and what an early interruption would have caught."""

from voicecoach.scoring.card import Interruption, PointResult, Timing
from voicecoach.scoring.coverage import CREDIT
from voicecoach.transcript import Transcript

INTERRUPTIONS_S = (15.0, 30.0, 60.0)

QUIET_END_S = 2.0
"""So long after the last word an answer still lasts; more is silence, and no part of it."""


def answered_s(transcript: Transcript) -> float:
    """How long an answer lasts: the take, but for silence at its end."""
    if not transcript.words:
        return transcript.duration_s
    return min(transcript.duration_s, transcript.words[-1].end_s + QUIET_END_S)


def words_per_minute(transcript: Transcript) -> float:
    """Words over the time from the first to the last word; 0 for fewer than two words."""
    if len(transcript.words) < 2:
        return 0.0
    seconds = transcript.words[-1].end_s - transcript.words[0].start_s
    return 60 * len(transcript.words) / seconds if seconds > 0 else 0.0


def judge_timing(
    transcript: Transcript, target_s: tuple[float, float], points: tuple[PointResult, ...], wasted_s: float
) -> Timing:
    """Length against the window.

    Args:
        transcript: What was heard.
        target_s: Shortest and longest, in seconds.
        points: Judged points, for the interruptions.
        wasted_s: Seconds that added nothing; they do not help a short answer to reach its window.
    """
    shortest, longest = target_s
    duration = answered_s(transcript)
    useful = max(0.0, duration - wasted_s)
    if duration > longest:
        score = max(0.0, 100 * (1 - (duration - longest) / longest))
        # Padding never pays: an answer that is too short without its padding scores as the short one it is.
        score = min(score, 100 * min(1.0, useful / shortest))
    else:
        score = 100 * min(1.0, useful / shortest)
    caught = tuple(Interruption(at, _covered_by(points, at)) for at in INTERRUPTIONS_S if at < duration)
    return Timing(score, duration, target_s, words_per_minute(transcript), caught)


def _covered_by(points: tuple[PointResult, ...], at_s: float) -> float:
    total = sum(p.weight for p in points)
    said = sum(p.weight * CREDIT[p.state] for p in points if p.end_s is not None and p.end_s <= at_s)
    return said / total if total else 0.0
