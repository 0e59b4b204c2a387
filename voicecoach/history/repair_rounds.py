"""What a repair saves of the rounds: which attempts belonged together, and what is still to be asked."""

import sqlite3
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from voicecoach.history.pages import Value
from voicecoach.history.rounds import ASKED_AS
from voicecoach.history.values import read_text, read_time

LARGEST_ID = 1 << 32
"""Nobody makes so many attempts or holds so many rounds: a row with a greater id is damaged."""


@dataclass
class FoundRounds:
    """Rows of both tables as the sources have them; the first source that has a row is believed.

    Attributes:
        rounds: By id: round_id, started_at, ended_at.
        answers: By id: run_id, place, asked_as, question_id, take_id, attempt_id, is_passed.
    """

    rounds: dict[int, tuple[Value, ...]] = field(default_factory=dict)
    answers: dict[int, tuple[Value, ...]] = field(default_factory=dict)

    def see(self, row_id: int, values: tuple[Value, ...]) -> None:
        """Look at a row of any table; the first column is the row id itself, and empty on disk."""
        if row_id > LARGEST_ID:
            return
        match values:
            case (None, str(), str(began), None | str() as ended) if _is_time(began) and (
                ended is None or _is_time(ended)
            ):
                self.rounds.setdefault(row_id, values[1:])
            case (None, int(), int(), str(asked_as), str(), None | str(), None | int(), int()) if (
                asked_as in ASKED_AS
            ):
                self.answers.setdefault(row_id, values[1:])

    def write(self, connection: sqlite3.Connection, attempts: AbstractSet[int]) -> None:
        """Put them into the new database.

        Args:
            connection: To the new database, its attempts in place.
            attempts: Those that are whole. An answer whose attempt is lost waits for its take to be judged
                again, or for another answer.
        """
        connection.execute("BEGIN")
        held = set()
        for row_id, (run_id, place, asked_as, question_id, take_id, attempt_id, is_passed) in sorted(
            self.answers.items()
        ):
            if run_id in self.rounds:
                held.add(run_id)
                kept = attempt_id if attempt_id in attempts else None
                row = (row_id, run_id, place, asked_as, question_id, take_id, kept, is_passed)
                connection.execute("INSERT INTO round_answers VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        for row_id, values in sorted(self.rounds.items()):
            if row_id in held:
                connection.execute("INSERT INTO rounds VALUES (?, ?, ?, ?)", (row_id, *values))
        connection.execute("COMMIT")


def _is_time(text: str) -> bool:
    try:
        read_time(read_text(text))
    except (ValueError, TypeError):
        return False
    return True
