"""Numbers of many attempts at once, picked out of their cards by SQLite: no card is opened for them.

Only attempts on whole questions count: a retry of one missed point is no answer to the question. Which
attempts these are is settled before a card is looked at, so that it takes as long after 100,000 attempts as
after as many as are asked for.
"""

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, TypeVar

from voicecoach.content.model import FOCUS
from voicecoach.history.database import Database
from voicecoach.history.records import TYPED_ENGINE, TakeMeasures
from voicecoach.history.values import (
    MAX_VALUE_BYTES,
    read_number,
    read_text,
    read_time,
    read_words,
    time_text,
)
from voicecoach.transcript import EngineInfo, Transcript

_OWN_SCORES = ("structure", "rambling", "timing", "delivery", "proof")
"""Parts that have a section on the card with a score of their own, in the order in which it is read below."""

ReadT = TypeVar("ReadT")

_NEWEST = """
    WITH newest AS MATERIALIZED (
        SELECT id, question_id, started_at, engine, overall FROM attempts
        WHERE instr(question_id, ?) = 0 {further}
        ORDER BY started_at DESC, id DESC LIMIT ?
    )
"""

_MEASURES = """
    SELECT a.id, a.question_id, a.started_at, a.engine, t.engine_model, a.overall,
           CASE WHEN json_valid(c.card) THEN json_extract(
               c.card, '$.parts', '$.structure.score', '$.rambling.score', '$.timing.score',
               '$.delivery.score', '$.proof.score', '$.timing.duration_s', '$.timing.target_s',
               '$.delivery.words_per_minute', '$.delivery.fillers_per_minute', '$.delivery.pauses',
               '$.delivery.measured_pauses') END
    FROM newest a JOIN cards c ON c.attempt_id = a.id JOIN transcripts t ON t.attempt_id = a.id
    ORDER BY a.started_at DESC, a.id DESC
"""

_HEARD = """
    SELECT a.engine, t.language, t.duration_s, t.engine_model, t.engine_note, t.words
    FROM newest a JOIN transcripts t ON t.attempt_id = a.id ORDER BY a.started_at DESC, a.id DESC
"""


def read_measures(
    database: Database, limit: int, question_ids: Sequence[str] | None, since: datetime | None
) -> tuple[TakeMeasures, ...]:
    """The newest attempts' numbers (see records.History.measures)."""
    further: list[tuple[str, object]] = []
    if question_ids is not None:
        further.append(("AND question_id IN (SELECT value FROM json_each(?))", json.dumps(question_ids)))
    if since is not None:
        further.append(("AND started_at >= ?", time_text(since)))
    newest = _NEWEST.format(further=" ".join(clause for clause, _ in further))
    values = (FOCUS, *(value for _, value in further), limit)
    with database.telling():
        found = database.connection.execute(newest + _MEASURES, values).fetchall()
    return _readable(_measures, found)


def read_heard(database: Database, limit: int) -> tuple[Transcript, ...]:
    """What was heard in the newest spoken attempts (see records.History.heard)."""
    newest = _NEWEST.format(further="AND engine <> ?")
    with database.telling():
        found = database.connection.execute(newest + _HEARD, (FOCUS, TYPED_ENGINE, limit)).fetchall()
    return _readable(_transcript, found)


def _readable(read: Callable[[tuple[Any, ...]], ReadT], rows: Sequence[tuple[Any, ...]]) -> tuple[ReadT, ...]:
    """What can be read: one damaged attempt, which the lists show as such, must not hide all others."""
    found = []
    for row in rows:
        with suppress(ValueError, TypeError, AttributeError, OverflowError, RecursionError):
            found.append(read(row))
    return tuple(found)


def _measures(row: tuple[Any, ...]) -> TakeMeasures:
    attempt_id, question_id, started_at, engine, model, overall, numbers = row
    parts, *found = json.loads(read_text(numbers, MAX_VALUE_BYTES))
    own = dict(zip(_OWN_SCORES, found, strict=False))
    duration_s, target_s, pace, fillers, pauses, measured = found[len(_OWN_SCORES) :]
    shortest, longest = target_s
    names = [read_text(part.get("name")) for part in parts]
    scores = [own.get(name, part.get("score")) for name, part in zip(names, parts, strict=True)]
    return TakeMeasures(
        attempt_id=attempt_id,
        question_id=read_text(question_id),
        started_at=read_time(started_at),
        engine=read_text(engine),
        model=read_text(model),
        duration_s=read_number(duration_s),
        overall=read_number(overall),
        skills=tuple(zip(names, map(read_number, scores), strict=True)),
        target_s=(read_number(shortest), read_number(longest)),
        words_per_minute=read_number(pace),
        fillers_per_minute=read_number(fillers),
        pauses=int(read_number(pauses)) if measured else None,
    )


def _transcript(row: tuple[Any, ...]) -> Transcript:
    engine, language, duration_s, engine_model, engine_note, words = row
    return Transcript(
        words=read_words(words),
        language=read_text(language),
        duration_s=read_number(duration_s),
        engine=EngineInfo(read_text(engine), read_text(engine_model), read_text(engine_note)),
    )
