"""Which words of the answer a claim of the card rests on."""

from voicecoach.scoring.card import PointResult, Quote, ScoreCard


def evidence(card: ScoreCard, point: PointResult) -> Quote | None:
    """What was said about a point: for a contradicted one, the words that contradict it."""
    if point.state == "contradicted":
        for wrong in card.accuracy.contradictions:
            if wrong.point == point.id:
                return Quote(wrong.quote, wrong.start_s, wrong.end_s)
    if point.start_s is None or point.end_s is None:
        return None
    return Quote(point.quote, point.start_s, point.end_s)
