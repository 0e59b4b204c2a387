"""The whole card from top to bottom."""

from voicecoach.tui.card import below, top
from voicecoach.tui.card.lines import CardLine, CardView

SECTIONS = (
    top.coverage,
    top.axis,
    top.transcript,
    below.accuracy,
    below.warnings,
    below.comparison,
    below.structure,
    below.rambling,
    below.timing,
    below.delivery,
    below.proof,
    below.number,
)


def card_lines(view: CardView, width: int) -> list[CardLine]:
    """Every line of the card, fitted to a width in cells."""
    return [line for section in SECTIONS for line in section(view, width)]
