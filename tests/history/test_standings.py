"""How someone stands on each question: kept with the attempts, equal to what reading all of them says."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.history.samples import START, new_attempt
from voicecoach.errors import HistoryError
from voicecoach.history.migrations import MIGRATIONS, migrate
from voicecoach.history.records import AttemptRow, History, Standing
from voicecoach.history.sqlite import SqliteHistory


def standings_of(rows: Iterable[AttemptRow]) -> dict[str, Standing]:
    """What a full scan says."""
    by_question: dict[str, list[AttemptRow]] = {}
    for row in rows:
        by_question.setdefault(row.question_id, []).append(row)
    found = {}
    for question_id, its in by_question.items():
        last = max(its, key=lambda row: (row.started_at, row.id))
        best = max(row.overall for row in its)
        found[question_id] = Standing(question_id, len(its), last.overall, best, last.started_at)
    return found


def test_standings_give_last_and_best(history: History) -> None:
    assert history.standings() == {}
    history.add(new_attempt(overall=80, minutes=1))
    history.add(new_attempt(overall=50, minutes=3))
    history.add(new_attempt(overall=70, minutes=2))
    history.add(new_attempt("imbalanced-data", overall=0))
    assert history.standings() == {
        "define-recall": Standing("define-recall", 3, 50, 80, START + timedelta(minutes=3)),
        "imbalanced-data": Standing("imbalanced-data", 1, 0, 0, START),
    }


def test_what_was_asked_last_before_a_moment(history: SqliteHistory, file: Path) -> None:
    moment = START + timedelta(minutes=3)
    assert history.last_before(moment) == {}
    for minutes in (2, 1, 3, 4):
        history.add(new_attempt(minutes=minutes))
    history.add(new_attempt("imbalanced-data", minutes=3))
    history.add(new_attempt("define-precision#what"))
    known = {"define-recall": START + timedelta(minutes=2), "define-precision#what": START}
    assert history.last_before(moment) == known
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("UPDATE attempts SET started_at = '' WHERE question_id = 'imbalanced-data'")
    assert history.last_before(moment) == known, "one that cannot be read hides no other"


def test_of_two_at_the_same_instant_the_one_added_later_is_the_last(history: History) -> None:
    history.add(new_attempt(overall=80))
    later = history.add(new_attempt(overall=50))
    assert history.standings()["define-recall"].last == 50
    history.delete(later.id)
    assert history.standings()["define-recall"].last == 80


@pytest.mark.parametrize(
    ("deleted", "last", "best", "minutes"),
    [("last", 70, 80, 2), ("best", 50, 80, 3), ("neither", 50, 80, 3)],
)
def test_standings_after_deleting(
    history: History, deleted: str, last: float, best: float, minutes: float
) -> None:
    kept = {
        "best": history.add(new_attempt(overall=80, minutes=1)),
        "equally good": history.add(new_attempt(overall=80, minutes=-1)),
        "last": history.add(new_attempt(overall=50, minutes=3)),
        "neither": history.add(new_attempt(overall=70, minutes=2)),
    }
    history.delete(kept[deleted].id)
    expected = Standing("define-recall", 3, last, best, START + timedelta(minutes=minutes))
    assert history.standings() == {"define-recall": expected}


def test_the_only_best_is_deleted(history: History) -> None:
    history.add(new_attempt(overall=30, minutes=1))
    best = history.add(new_attempt(overall=90))
    history.delete(best.id)
    assert history.standings()["define-recall"].best == 30


def test_a_question_whose_only_attempt_is_deleted_is_new_again(history: History) -> None:
    stays = history.add(new_attempt("imbalanced-data"))
    history.delete(history.add(new_attempt()).id)
    assert set(history.standings()) == {stays.question_id}
    history.delete(stays.id)
    history.delete(stays.id)
    assert history.standings() == {}
    history.add(new_attempt(overall=12))
    assert history.standings()["define-recall"].attempts == 1


def test_what_another_window_adds_and_deletes_is_seen(history: History, file: Path) -> None:
    mine = history.add(new_attempt(overall=40))
    with closing(SqliteHistory(file)) as other:
        assert other.standings() == history.standings()
        theirs = other.add(new_attempt(overall=90, minutes=1))
        other.add(new_attempt("imbalanced-data"))
        history.add(new_attempt("define-precision"))
        assert other.standings() == history.standings() == standings_of(history.rows())
        history.delete(theirs.id)
        other.delete(mine.id)
        assert other.standings() == history.standings() == standings_of(history.rows())
        assert set(history.standings()) == {"imbalanced-data", "define-precision"}


def test_the_standings_handed_out_are_the_callers_own(history: History) -> None:
    history.add(new_attempt())
    history.standings().clear()
    assert set(history.standings()) == {"define-recall"}


def test_what_was_not_kept_does_not_count(history: History) -> None:
    history.add(new_attempt(overall=40))
    assert history.standings()["define-recall"].best == 40
    too_good = new_attempt(overall=90)
    with pytest.raises(HistoryError):
        history.add(replace(too_good, card=replace(too_good.card, cue="\udcff")))
    assert history.standings()["define-recall"].best == 40


def test_a_history_of_the_first_version_is_brought_along(
    tmp_path: Path, file: Path, history: History
) -> None:
    for number, question_id in enumerate(["define-recall", "imbalanced-data", "define-recall"] * 3):
        history.add(new_attempt(question_id, overall=37 * number % 100, minutes=7 * number % 5))
    old = tmp_path / "old.sqlite3"
    with closing(sqlite3.connect(old, isolation_level=None)) as connection:
        migrate(connection, old, MIGRATIONS[:1])
        connection.execute("ATTACH ? AS today", (str(file),))
        for table in ("attempts", "transcripts", "cards"):
            connection.execute(f"INSERT INTO {table} SELECT * FROM today.{table}")  # noqa: S608 - fixed names
    with closing(SqliteHistory(old)) as brought_along:
        assert brought_along.rows() == history.rows()
        assert brought_along.standings() == history.standings() == standings_of(history.rows())
        brought_along.delete(brought_along.rows()[0].id)
        brought_along.add(new_attempt("define-precision"))
        assert brought_along.standings() == standings_of(brought_along.rows())


ADD = st.builds(
    new_attempt,
    st.sampled_from(["define-recall", "define-precision", "imbalanced-data"]),
    st.sampled_from([0, 41.5, 41.501, 80, 100]),
    st.sampled_from([0, 1, 2]),
)
DELETE = st.integers(0, 20)
"""Which of the attempts that are there, counted round."""


@settings(max_examples=50, deadline=None)
@given(st.lists(ADD | DELETE, max_size=20))
def test_standings_are_what_reading_every_attempt_says(steps: list[object]) -> None:
    with TemporaryDirectory() as folder, closing(SqliteHistory(Path(folder) / "history.sqlite3")) as history:
        for step in steps:
            if not isinstance(step, int):
                history.add(step)  # type: ignore[arg-type]  # ADD builds nothing else
            elif rows := history.rows():
                history.delete(rows[step % len(rows)].id)
            assert history.standings() == standings_of(history.rows())


@pytest.mark.parametrize(
    "spoil",
    [
        "attempts = ''",
        "attempts = 0",
        "best = 'much'",
        "last_at = 'soon'",
        "question_id = CAST(x'ff' AS TEXT)",
    ],
)
def test_a_spoilt_standing_is_made_again_from_the_attempts(
    history: SqliteHistory, file: Path, spoil: str
) -> None:
    for minutes, overall in enumerate((40, 90, 70)):
        history.add(new_attempt(overall=overall, minutes=minutes))
    history.add(new_attempt("imbalanced-data"))
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute(f"UPDATE standings SET {spoil} WHERE question_id = 'define-recall'")  # noqa: S608 - fixed
    assert history.standings() == standings_of(history.rows())
    history.add(new_attempt(minutes=4))
    assert history.standings() == standings_of(history.rows()), "what is counted on from is right again"


def test_a_spoilt_standing_is_read_while_another_window_writes(history: SqliteHistory, file: Path) -> None:
    history.add(new_attempt())
    history.database.connection.execute("PRAGMA busy_timeout = 20").fetchone()
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("UPDATE standings SET attempts = ''")
        other.execute("BEGIN IMMEDIATE")
        assert history.standings() == standings_of(history.rows())


def test_a_spoilt_score_hides_no_other_question(tmp_path: Path) -> None:
    file = tmp_path / "history.sqlite3"
    with closing(SqliteHistory(file)) as history:
        broken = history.add(replace(new_attempt(), question_id="define-recall"))
        history.add(replace(new_attempt(), question_id="define-precision"))
        other = sqlite3.connect(file, isolation_level=None)
        other.execute("UPDATE attempts SET overall = 'much' WHERE id = ?", (broken.id,))
        other.close()
        assert history.standings().keys() == {"define-precision"}
