"""The database's shape, step by step.

A step is never changed once released; a new shape is a new step at the end. `PRAGMA user_version` holds how
many steps a database has had, and is written in the same transaction as the step itself.
"""

import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from voicecoach.errors import HistoryError
from voicecoach.history.copies import back_up

Migration = tuple[str, ...]
"""Statements that run in one transaction."""

# Last and best are looked up by the indexes of the first step, so that adding and deleting take as long after
# 100,000 attempts as after ten. Of an attempt only its number and its cue ever change, by corrections.
_LAST_AND_BEST = """
    (SELECT overall FROM attempts WHERE question_id = {row}.question_id
     ORDER BY started_at DESC, id DESC LIMIT 1),
    (SELECT MAX(overall) FROM attempts WHERE question_id = {row}.question_id),
    (SELECT MAX(started_at) FROM attempts WHERE question_id = {row}.question_id)
"""

STANDINGS = f"""
    SELECT asked.question_id, asked.attempts, {_LAST_AND_BEST.format(row="asked")}
    FROM (SELECT question_id, COUNT(*) AS attempts FROM attempts GROUP BY question_id) asked
"""  # noqa: S608 - fixed text
"""The rows of the table standings, as reading every attempt says."""

WHOLE_ID = "substr({id}, 1, instr({id} || '#', '#') - 1)"
"""The id of the whole question, for one that names some of its points (content.model.whole_id)."""

_NEW, _OLD = WHOLE_ID.format(id="NEW.question_id"), WHOLE_ID.format(id="OLD.question_id")
_AT_ONCE = "ON CONFLICT DO UPDATE SET not_before = '' WHERE not_before <> ''"
"""What is noted already is not written again: a burst of attempts costs no more than one."""

# A repair may put in a card that is no JSON, to see later whether it can be read.
_CORRECTIONS = """
    INSERT OR REPLACE INTO corrections (attempt_id, corrections)
    SELECT NEW.attempt_id, json_extract(NEW.card, '$.corrections')
    WHERE CASE WHEN json_valid(NEW.card) THEN json_type(NEW.card, '$.corrections') = 'object' END;
"""

MIGRATIONS: tuple[Migration, ...] = (
    (
        # What lists and standings need stands here, so that they never open a card.
        # started_at: ISO 8601 in UTC with microseconds, so that text order is time order.
        """
        CREATE TABLE attempts (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            question_id TEXT NOT NULL,
            take_id TEXT,
            started_at TEXT NOT NULL,
            engine TEXT NOT NULL,
            duration_s REAL NOT NULL,
            overall REAL NOT NULL,
            cue TEXT NOT NULL
        )
        """,
        "CREATE INDEX attempts_by_time ON attempts (started_at, id)",
        "CREATE INDEX attempts_by_question ON attempts (question_id, started_at, id, overall)",
        "CREATE INDEX attempts_by_score ON attempts (question_id, overall, started_at, id)",
        "CREATE INDEX attempts_by_take ON attempts (take_id) WHERE take_id IS NOT NULL",
        # words: JSON [[text, start_s, end_s, probability], ...]; speech: JSON [[start_s, end_s], ...].
        """
        CREATE TABLE transcripts (
            attempt_id INTEGER PRIMARY KEY REFERENCES attempts (id) ON DELETE CASCADE,
            language TEXT NOT NULL,
            duration_s REAL NOT NULL,
            engine_model TEXT NOT NULL,
            engine_note TEXT NOT NULL,
            words TEXT NOT NULL,
            speech TEXT NOT NULL
        )
        """,
        # card: as scoring.contract writes it.
        """
        CREATE TABLE cards (
            attempt_id INTEGER PRIMARY KEY REFERENCES attempts (id) ON DELETE CASCADE,
            card TEXT NOT NULL
        )
        """,
    ),
    (
        # One row a question that has attempts, kept true by the triggers below, so that nothing counts them.
        """
        CREATE TABLE standings (
            question_id TEXT PRIMARY KEY NOT NULL,
            attempts INTEGER NOT NULL,
            last REAL NOT NULL,
            best REAL NOT NULL,
            last_at TEXT NOT NULL
        ) WITHOUT ROWID
        """,
        f"""
        CREATE TRIGGER standings_after_adding AFTER INSERT ON attempts BEGIN
            INSERT OR REPLACE INTO standings (question_id, attempts, last, best, last_at) SELECT
                NEW.question_id,
                1 + IFNULL((SELECT attempts FROM standings WHERE question_id = NEW.question_id), 0),
                {_LAST_AND_BEST.format(row="NEW")};
        END
        """,  # noqa: S608 - fixed text
        f"""
        CREATE TRIGGER standings_after_deleting AFTER DELETE ON attempts BEGIN
            DELETE FROM standings WHERE question_id = OLD.question_id AND attempts = 1;
            UPDATE standings SET attempts = attempts - 1, (last, best, last_at) = (
                SELECT {_LAST_AND_BEST.format(row="OLD")}
            ) WHERE question_id = OLD.question_id;
        END
        """,  # noqa: S608 - fixed text
        f"INSERT INTO standings (question_id, attempts, last, best, last_at) {STANDINGS}",
    ),
    (
        # Made from the attempts (sqlite_schedule.py). question_id: of the whole question; days: ISO 8601.
        """
        CREATE TABLE schedule (
            question_id TEXT NOT NULL,
            point TEXT NOT NULL,
            due_on TEXT NOT NULL,
            reviewed_on TEXT NOT NULL,
            grade TEXT NOT NULL,
            PRIMARY KEY (question_id, point)
        ) WITHOUT ROWID
        """,
        # Questions to schedule anew; not_before: as attempts.started_at, empty for at once.
        """
        CREATE TABLE unscheduled (
            question_id TEXT PRIMARY KEY NOT NULL,
            not_before TEXT NOT NULL
        ) WITHOUT ROWID
        """,
        f"""
        CREATE TRIGGER unscheduled_after_adding AFTER INSERT ON attempts BEGIN
            INSERT INTO unscheduled VALUES ({_NEW}, '') {_AT_ONCE};
        END
        """,  # noqa: S608 - fixed text
        f"""
        CREATE TRIGGER unscheduled_after_judging_anew AFTER UPDATE OF card ON cards BEGIN
            INSERT INTO unscheduled SELECT {WHOLE_ID.format(id="question_id")}, '' FROM attempts
            WHERE id = NEW.attempt_id {_AT_ONCE};
        END
        """,  # noqa: S608 - fixed text
        # What is forgotten leaves nothing behind, not even for a moment.
        f"""
        CREATE TRIGGER unscheduled_after_deleting AFTER DELETE ON attempts BEGIN
            DELETE FROM schedule WHERE question_id = {_OLD};
            DELETE FROM unscheduled WHERE question_id = {_OLD};
            INSERT INTO unscheduled SELECT {_OLD}, '' WHERE EXISTS (
                SELECT 1 FROM attempts WHERE question_id = {_OLD}
                OR (question_id > {_OLD} || '#' AND question_id < {_OLD} || '$')
            );
        END
        """,  # noqa: S608 - fixed text
        f"""
        INSERT INTO unscheduled SELECT DISTINCT {WHOLE_ID.format(id="question_id")}, '' FROM standings
        """,  # noqa: S608 - fixed text
    ),
    (
        # Rounds as they were held (rounds.py). Times as in attempts; ended_at is NULL while a round can be
        # gone on with. A repair tells rows by the kinds of their values: no other table has these.
        """
        CREATE TABLE rounds (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            round_id TEXT NOT NULL,
            started_at TEXT NOT NULL,
            ended_at TEXT
        )
        """,
        """
        CREATE TABLE round_answers (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            run_id INTEGER NOT NULL REFERENCES rounds (id) ON DELETE CASCADE,
            place INTEGER NOT NULL,
            asked_as TEXT NOT NULL,
            question_id TEXT NOT NULL,
            take_id TEXT,
            attempt_id INTEGER REFERENCES attempts (id) ON DELETE CASCADE,
            is_passed INTEGER NOT NULL DEFAULT 0
        )
        """,
        # A repair tells entries of indexes by their kinds, too: the last column of two of these is there for
        # nothing but that they cannot be taken for entries about attempts.
        "CREATE INDEX rounds_by_time ON rounds (started_at, id, round_id)",
        "CREATE INDEX round_answers_by_run ON round_answers (run_id, place, id)",
        "CREATE INDEX round_answers_by_take ON round_answers (take_id, asked_as) WHERE take_id IS NOT NULL",
        "CREATE INDEX round_answers_by_attempt ON round_answers (attempt_id) WHERE attempt_id IS NOT NULL",
        # Whoever judges a take, even after a crash: its attempt is the answer it was recorded for.
        """
        CREATE TRIGGER round_answers_after_judging AFTER INSERT ON attempts WHEN NEW.take_id IS NOT NULL BEGIN
            UPDATE round_answers SET attempt_id = NEW.id WHERE take_id = NEW.take_id;
        END
        """,
        """
        CREATE TRIGGER rounds_after_the_last_answer AFTER DELETE ON round_answers
        WHEN NOT EXISTS (SELECT 1 FROM round_answers WHERE run_id = OLD.run_id) BEGIN
            DELETE FROM rounds WHERE id = OLD.run_id;
        END
        """,
    ),
    (
        # What speakers have set right, out of their cards and kept true by triggers, so that nothing opens
        # every card to find the few that have corrections. corrections: JSON, as on the card.
        """
        CREATE TABLE corrections (
            attempt_id INTEGER PRIMARY KEY NOT NULL,
            corrections TEXT NOT NULL
        ) WITHOUT ROWID
        """,
        f"CREATE TRIGGER corrections_after_adding AFTER INSERT ON cards BEGIN {_CORRECTIONS} END",
        f"""
        CREATE TRIGGER corrections_after_changing AFTER UPDATE ON cards BEGIN
            DELETE FROM corrections WHERE attempt_id = OLD.attempt_id;
            {_CORRECTIONS}
        END
        """,  # noqa: S608 - fixed text
        """
        CREATE TRIGGER corrections_after_deleting AFTER DELETE ON cards BEGIN
            DELETE FROM corrections WHERE attempt_id = OLD.attempt_id;
        END
        """,
        f"""
        CREATE TRIGGER standings_after_changing AFTER UPDATE OF overall ON attempts BEGIN
            UPDATE standings SET (last, best, last_at) = (
                SELECT {_LAST_AND_BEST.format(row="NEW")}
            ) WHERE question_id = NEW.question_id;
        END
        """,  # noqa: S608 - fixed text
    ),
)


def migrate(connection: sqlite3.Connection, file: Path, migrations: Sequence[Migration] = MIGRATIONS) -> None:
    """Bring a database to the newest shape; safe when several processes do it at once.

    One that holds anything is copied first, to a backup beside it (see copies.back_up).

    Args:
        connection: In autocommit mode (isolation_level None).
        file: Named in errors.
        migrations: Every step from an empty database on.

    Raises:
        HistoryError: The database was written by a newer voicecoach, or there is no room for a backup; it is
            left as it is.
        sqlite3.Error: A step failed and was rolled back; the steps before it stay.
    """
    is_backed_up = False
    while _version(connection, file, migrations) < len(migrations):
        connection.execute("BEGIN IMMEDIATE")
        try:
            # Another process may have taken this step while this one waited for the lock.
            done = _version(connection, file, migrations)
            if done < len(migrations):
                if not is_backed_up and _holds_anything(connection):
                    back_up(file, len(migrations))
                    is_backed_up = True
                for statement in migrations[done]:
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {done + 1}")
        except BaseException:
            # What failed may have ended the transaction by itself.
            with suppress(sqlite3.OperationalError):
                connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")


def _holds_anything(connection: sqlite3.Connection) -> bool:
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    return any(
        connection.execute(f'SELECT 1 FROM "{name}" LIMIT 1').fetchone()  # noqa: S608 - of the schema itself
        for (name,) in tables
        if not name.startswith("sqlite_")
    )


def _version(connection: sqlite3.Connection, file: Path, migrations: Sequence[Migration]) -> int:
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > len(migrations):
        raise HistoryError(
            f"{file}: this history was written by a newer voicecoach "
            f"(version {version}; this one knows {len(migrations)}).",
            "Update voicecoach; the file is left as it is.",
        )
    return version
