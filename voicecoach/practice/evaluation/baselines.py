"""What the judge is held against: two ways to tell whether a point was said that anyone would try first."""

from voicecoach.scoring.evidence import Answer, Statements, Vectors


def keyword_overlap(answer: Answer, point: Statements) -> float:
    """Share of a phrasing's content words anywhere in the answer, of the phrasing that has most; 0..1."""
    said = {stem for stems in answer.stems for stem in stems}
    return max(len(said & set(stems)) / max(1, len(set(stems))) for stems in point.stems)


def window_cosine(windows: Vectors, phrasings: Vectors) -> float:
    """Best cosine between any window and any phrasing, both as plain MiniLM places them; 0 without windows.

    Args:
        windows: Shape (windows, d).
        phrasings: Shape (phrasings, d).
    """
    return float((windows @ phrasings.T).max()) if len(windows) else 0.0
