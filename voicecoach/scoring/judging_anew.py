"""A corrected card: judged by the same judge from the fixed words, with the speaker's rulings standing."""

from dataclasses import replace

from voicecoach.scoring.card import Corrections, ScoreCard
from voicecoach.scoring.corrections import up_to_date
from voicecoach.scoring.evidence import Answer, Rubric, Terms
from voicecoach.scoring.judge import judge
from voicecoach.scoring.thresholds import SHIPPED

SAME_NUMBER = 0.5
"""Two cards whose numbers differ by less show the same number, give or take its rounding."""


def corrected(
    rubric: Rubric, as_heard: Answer, as_said: Answer, first: ScoreCard, corrections: Corrections
) -> ScoreCard:
    """The card with corrections: judged again by the thresholds of the first time.

    Args:
        rubric: The question's rubric.
        as_heard: The answer in the words as heard, which tells whether the judge is still the same.
        as_said: The answer in the fixed words.
        first: The card as first judged.
        corrections: What the speaker has set right. What a ruling says of the judge is brought up to date.
    """
    if not corrections.rulings and not corrections.fixes:
        return first
    thresholds = first.thresholds or SHIPPED
    # Who says a point was made answered this question: what is learned is how likely its words say it.
    is_meant = any(ruling.state in ("covered", "partly") for ruling in corrections.rulings)
    unruled = judge(rubric, as_said, Terms(thresholds, is_meant=is_meant))
    rulings = tuple(up_to_date(ruling, unruled) for ruling in corrections.rulings)
    ruled = {ruling.point: ruling.state for ruling in rulings}
    card = judge(rubric, as_said, Terms(thresholds, ruled, is_meant))
    notices = first.notices
    if not _is_same_judgement(judge(rubric, as_heard, Terms(thresholds)), first):
        notices += (
            f"The rubric or the judge has changed since this answer first got its {first.overall:.0f}: with "
            "your corrections all of it is judged as of today.",
        )
    return replace(card, notices=notices, corrections=replace(corrections, rulings=rulings), judged=first)


def _is_same_judgement(now: ScoreCard, then: ScoreCard) -> bool:
    """Whether two cards say the same; the last digits of vectors are not always the same."""
    states = [[(point.id, point.state) for point in card.points] for card in (now, then)]
    return states[0] == states[1] and abs(now.overall - then.overall) < SAME_NUMBER
