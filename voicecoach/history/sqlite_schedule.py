"""The schedule in SQLite, beside the attempts it follows from.

Everything here can be made again from the attempts. Triggers (migrations.py) note which questions have
changed: an attempt was added, deleted or judged anew. `catch_up` schedules those again, one transaction a
question, so that nothing depends on who kept an attempt, and a crash in between loses nothing. Deleting an
attempt also deletes what was scheduled from it at once, so that nothing forgotten survives.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime
from functools import lru_cache
from typing import Any, get_args

from voicecoach.history.database import Database
from voicecoach.history.migrations import WHOLE_ID
from voicecoach.history.schedule import (
    CLOCK_SLACK,
    MOST_ANSWERS,
    Grade,
    PastAnswer,
    PointVerdict,
    ScheduledPoint,
    ScheduleRule,
)
from voicecoach.history.values import (
    MAX_VALUE_BYTES,
    UNREADABLE,
    read_number,
    read_text,
    read_time,
    text_if_any,
    time_text,
)
from voicecoach.scoring.card import PointState

_KNOWN_STATES = frozenset(get_args(PointState))
_KNOWN_GRADES = frozenset(get_args(Grade))

_WHOLE_IDS = WHOLE_ID.format(id="question_id")

_ALL_AGAIN = f"INSERT OR REPLACE INTO unscheduled SELECT DISTINCT {_WHOLE_IDS}, '' FROM standings"  # noqa: S608 - fixed text

_UNSCHEDULED = "SELECT question_id FROM unscheduled WHERE not_before <= ? ORDER BY question_id"

# Two lookups, each by its index: asked whole, and narrowed to some points ("#" is followed by "$").
_ANSWERS = """
    SELECT a.started_at, c.card FROM (
        SELECT * FROM (
            SELECT id, started_at FROM attempts WHERE question_id = :whole AND started_at <= :latest
            ORDER BY started_at DESC, id DESC LIMIT :most
        ) UNION ALL SELECT * FROM (
            SELECT id, started_at FROM attempts
            WHERE question_id > :whole || '#' AND question_id < :whole || '$' AND started_at <= :latest
            ORDER BY started_at DESC, id DESC LIMIT :most
        ) ORDER BY started_at DESC, id DESC LIMIT :most
    ) a JOIN cards c ON c.attempt_id = a.id ORDER BY a.started_at, a.id
"""

_WAIT_FOR_LATER = """
    INSERT INTO unscheduled SELECT :whole, started_at FROM attempts WHERE started_at > :latest
    AND (question_id = :whole OR (question_id > :whole || '#' AND question_id < :whole || '$'))
    ORDER BY started_at LIMIT 1
"""

_BACKWARDS = "SELECT started_at FROM attempts WHERE started_at < ? ORDER BY started_at DESC"


class SqliteSchedule:
    """The schedule in the history's database (see ScheduleStore).

    Args:
        database: The history's, open.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        # Home asks whenever it shows, mostly when nothing has changed.
        self._points: dict[str, tuple[ScheduledPoint, ...]] = {}
        self._points_version: tuple[int, int] | None = None

    def points(self) -> Mapping[str, tuple[ScheduledPoint, ...]]:
        """Every scheduled point by the id of its whole question, as far as `catch_up` has come."""
        with self._database.telling():
            connection = self._database.connection
            # The first changes when another connection writes, the second when this one does.
            version = connection.execute("PRAGMA data_version").fetchone()[0], connection.total_changes
            if version != self._points_version:
                try:
                    self._points = self._read_points()
                except (TypeError, ValueError):
                    # Somebody else has written here; the attempts still know better.
                    self.rebuild()
                    return {}
                self._points_version = version
            return self._points

    def catch_up(self, rule: ScheduleRule, now: datetime) -> int:
        """Schedule the questions anew whose attempts have changed; returns how many there were."""
        latest = time_text(now + CLOCK_SLACK)
        with self._database.telling():
            self._doubt_the_future(now)
            marked = self._database.connection.execute(_UNSCHEDULED, (latest,)).fetchall()
        # A mark that cannot be read keeps no other question waiting.
        waiting = [text for (marked_id,) in marked if (text := text_if_any(marked_id)) is not None]
        for question_id in waiting:
            # The lock is given back between two questions: nobody waits for all of them.
            with self._database.telling():
                self._schedule(question_id, rule, latest)
        return len(waiting)

    def rebuild(self) -> None:
        """Forget the schedule; the next `catch_up` makes all of it again."""
        with self._database.telling(), self._database.transaction() as connection:
            connection.execute("DELETE FROM schedule")
            connection.execute(_ALL_AGAIN)

    def last_attempt_before(self, moment: datetime) -> datetime | None:
        """When the latest attempt that began before a moment began, in UTC, or None."""
        with self._database.telling():
            for (started_at,) in self._database.connection.execute(_BACKWARDS, (time_text(moment),)):
                # One that cannot be read hides no earlier one.
                with suppress(*UNREADABLE):
                    return read_time(started_at)
            return None

    def _doubt_the_future(self, now: datetime) -> None:
        """What was scheduled from answers that are still to come was scheduled by a wrong clock."""
        connection = self._database.connection
        # A day more than the slack, whatever the calendar of the time zone.
        latest = (now + 2 * CLOCK_SLACK).date().isoformat()
        where = "FROM schedule WHERE reviewed_on > ?"
        if connection.execute(f"SELECT 1 {where} LIMIT 1", (latest,)).fetchone():
            connection.execute(
                f"INSERT OR REPLACE INTO unscheduled SELECT DISTINCT question_id, '' {where}",
                (latest,),
            )

    def _schedule(self, question_id: str, rule: ScheduleRule, latest: str) -> None:
        asked = {"whole": question_id, "latest": latest, "most": MOST_ANSWERS}
        # Read and written in one transaction: an attempt that another process keeps meanwhile waits for it.
        with self._database.transaction() as connection:
            rows = connection.execute(_ANSWERS, asked)
            answers = [answer for row in rows if (answer := _answer(*row)) is not None]
            connection.execute("DELETE FROM schedule WHERE question_id = ?", (question_id,))
            connection.executemany(
                "INSERT INTO schedule VALUES (?, ?, ?, ?, ?)",
                [
                    (
                        question_id,
                        each.point,
                        each.due_on.isoformat(),
                        each.reviewed_on.isoformat(),
                        each.grade,
                    )
                    for each in rule(answers)
                ],
            )
            connection.execute("DELETE FROM unscheduled WHERE question_id = ?", (question_id,))
            connection.execute(_WAIT_FOR_LATER, asked)

    def _read_points(self) -> dict[str, tuple[ScheduledPoint, ...]]:
        found: dict[str, list[ScheduledPoint]] = {}
        for question_id, point, due_on, reviewed_on, grade in self._database.connection.execute(
            "SELECT question_id, point, due_on, reviewed_on, grade FROM schedule ORDER BY question_id, point"
        ):
            found.setdefault(read_text(question_id), []).append(_point(point, due_on, reviewed_on, grade))
        return {question_id: tuple(points) for question_id, points in found.items()}


@lru_cache(maxsize=4096)  # most rows are what they were when they were read before
def _point(point: object, due_on: object, reviewed_on: object, grade: object) -> ScheduledPoint:
    if grade not in _KNOWN_GRADES:
        raise ValueError("a grade that nothing gives")
    return ScheduledPoint(
        read_text(point),
        date.fromisoformat(read_text(due_on)),
        date.fromisoformat(read_text(reviewed_on)),
        grade,  # type: ignore[arg-type]  # one of Grade's words
    )


def _answer(started_at: object, card: object) -> PastAnswer | None:
    """An attempt's verdicts; None where its card cannot be read, which `doctor --repair` tells of."""
    try:
        read: Any = json.loads(read_text(card, MAX_VALUE_BYTES))
        contradicted = {each["point"] for each in read["accuracy"]["contradictions"]}
        doubted = {each["point"] for each in read["accuracy"]["check"]}
        return PastAnswer(
            read_time(started_at),
            tuple(
                PointVerdict(
                    read_text(each["id"]),
                    _state(each["state"]),
                    read_number(each["probability"]),
                    each["id"] in contradicted,
                    each["id"] in doubted,
                )
                for each in read["points"]
            ),
        )
    except (TypeError, ValueError, KeyError, RecursionError):
        return None


def _state(value: object) -> PointState:
    if value not in _KNOWN_STATES:
        raise ValueError("a state that no card has")
    return value  # type: ignore[return-value]  # one of PointState's words
