"""What an interview round shows otherwise than practice does."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content

from voicecoach.minutes import length
from voicecoach.report.wording import window
from voicecoach.scoring.card import ScoreCard
from voicecoach.tui.widgets.answering import Answering
from voicecoach.tui.wording import MUTED

CUTS_SHOWN = 4
"""Of the sentences to leave out: more cannot be kept in mind."""


class InterviewAnswering(Answering):
    """Asks and records; the answer is not judged before the person's eyes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "skip", "Skip the reading"),
        Binding("space", "record", "Record"),
        Binding("space", "finish", "Stop"),
    ]


def what_to_leave_out(card: ScoreCard) -> Content:
    """How long it was, and the person's own sentences that can go."""
    head = f"It took {length(card.timing.duration_s)}, and {window(card.timing.target_s)} is the window."
    cut = card.rambling.cut
    if not cut:
        note = card.rambling.cut_note or "No sentence can go without losing a point: say each one shorter."
        return Content.assemble((head, "bold"), f" {note}")
    lines = [f"  “{each.quote}”" for each in cut[:CUTS_SHOWN]]
    if len(cut) > CUTS_SHOWN:
        lines.append(f"  and {len(cut) - CUTS_SHOWN} more")
    return Content.assemble(
        (f"{head} Once more, without this:\n", "bold"),
        "\n".join(lines),
        (f"\n{card.rambling.cut_note}", MUTED),
    )
