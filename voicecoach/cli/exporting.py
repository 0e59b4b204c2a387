"""Attempts as JSON and CSV for other programs."""

import csv
import io
import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

from voicecoach.cli.render import plain
from voicecoach.practice.progress import SPOKEN_SKILLS
from voicecoach.practice.typed import TYPED
from voicecoach.scoring.overall import LONG_WEIGHTS, own_scores

if TYPE_CHECKING:
    from voicecoach.history.records import Attempt

Cell = str | int | float | bool | None

PARTS = tuple(LONG_WEIGHTS)

ATTEMPT_COLUMNS = (
    *("attempt", "started_at", "question", "engine", "model", "duration_s", "target_from_s", "target_to_s"),
    *("overall", *PARTS, "verdict", "points_covered", "points", "words_per_minute", "fillers_per_minute"),
    *("long_pauses", "off_point_s", "cue", "transcript", "corrected"),
)

POINT_COLUMNS = (
    *("attempt", "started_at", "question", "point", "label", "beat", "weight", "state", "probability"),
    *("start_s", "end_s", "quote", "corrected"),
)

FORMULA_STARTS = tuple("=+-@\t\r\n＝＋－＠")
"""What a spreadsheet takes for the beginning of a formula (OWASP, "CSV Injection")."""


def as_dict(attempt: "Attempt") -> dict[str, object]:
    """One attempt as plain JSON values; `card` is the documented contract (docs/card.md)."""
    from voicecoach.scoring.contract import to_dict  # noqa: PLC0415 - brings pydantic, which --help does without

    transcript = attempt.transcript
    return {
        "attempt": attempt.id,
        "question": attempt.question_id,
        "started_at": attempt.started_at.isoformat(),
        "take": attempt.take_id,
        "transcript": {
            "language": transcript.language,
            "duration_s": round(transcript.duration_s, 3),
            "words": [
                {
                    "text": word.text,
                    "start_s": round(word.start_s, 3),
                    "end_s": round(word.end_s, 3),
                    "probability": round(word.probability, 3),
                }
                for word in transcript.words
            ],
        },
        "speech": [
            {"start_s": round(span.start_s, 3), "end_s": round(span.end_s, 3)} for span in attempt.speech
        ],
        "card": to_dict(attempt.card),
    }


def attempt_row(attempt: "Attempt") -> tuple[Cell, ...]:
    """One row of ATTEMPT_COLUMNS."""
    card, delivery = attempt.card, attempt.card.delivery
    scores = own_scores(card)
    is_spoken = card.engine.name != TYPED.name
    return (
        attempt.id,
        attempt.started_at.isoformat(),
        attempt.question_id,
        card.engine.name,
        card.engine.model,
        card.duration_s,
        *card.timing.target_s,
        card.overall,
        *(scores.get(name) if is_spoken or name not in SPOKEN_SKILLS else None for name in PARTS),
        card.accuracy.verdict,
        sum(point.state == "covered" for point in card.points),
        len(card.points),
        delivery.words_per_minute if is_spoken else None,
        delivery.fillers_per_minute if is_spoken else None,
        len(delivery.long_pauses) if delivery.measured_pauses else None,
        card.rambling.seconds_off_point,
        card.cue,
        attempt.transcript.text,
        _is_corrected(attempt),
    )


def point_rows(attempt: "Attempt") -> list[tuple[Cell, ...]]:
    """A row of POINT_COLUMNS for each point."""
    head = (attempt.id, attempt.started_at.isoformat(), attempt.question_id)
    return [
        (
            *(*head, point.id, point.label, point.beat, point.weight, point.state, point.probability),
            *(point.start_s, point.end_s, point.quote, _is_corrected(attempt)),
        )
        for point in attempt.card.points
    ]


def _is_corrected(attempt: "Attempt") -> bool:
    """Whether the speaker has set something right on its card, as `history --json` has it."""
    return attempt.card.corrections is not None


def csv_line(cells: Iterable[Cell]) -> str:
    """One line of CSV: text in quotes, on one line, and never a formula for the spreadsheet that opens it."""
    line = io.StringIO()
    csv.writer(line, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n").writerow(map(_cell, cells))
    return line.getvalue()


def _cell(value: Cell) -> Cell:
    if isinstance(value, bool):
        return json.dumps(value)  # Python's own "True", without quotes, is neither text nor a number
    if isinstance(value, float):
        return round(value, 3)
    if not isinstance(value, str):
        return value
    # Looked at before and after white space is taken away: neither a tab nor what it hides may lead.
    shown = plain(value)
    return f"'{shown}" if value.startswith(FORMULA_STARTS) or shown.startswith(FORMULA_STARTS) else shown
