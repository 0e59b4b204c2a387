"""Corrected cards: kept whole, found without opening every card, and gone when their attempt goes."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.history.samples import new_attempt
from voicecoach.errors import HistoryError
from voicecoach.history.records import Attempt
from voicecoach.history.repair import repair
from voicecoach.history.sqlite import CORRECTED, SqliteHistory
from voicecoach.scoring.card import Corrections, Ruling, ScoreCard, WordFix

RULING = Ruling("definition", "covered", "missing", 0.3, None, "2026-11-21T20:00:00.000000+00:00")
FIX = WordFix(0, ("found",), ("bound",))


def corrected(attempt: Attempt, overall: float = 80.0) -> ScoreCard:
    made = Corrections((RULING,), (FIX,))
    return replace(attempt.card, overall=overall, cue="Keep it.", corrections=made, judged=attempt.card)


def test_a_corrected_card_stands_in_lists_standings_and_by_itself(history: SqliteHistory) -> None:
    first = history.add(new_attempt(minutes=1))
    other = history.add(new_attempt(overall=50))
    assert history.standings()["define-recall"].best == 61.7

    kept = history.correct(first, corrected(first))

    assert kept == history.get(first.id)
    assert kept.card == corrected(first)
    assert kept.transcript.words[0].text == "bound"
    assert kept.heard == first.transcript
    assert [(row.overall, row.cue, row.corrected) for row in history.rows()] == [
        (80.0, "Keep it.", True),
        (50.0, other.card.cue, False),
    ]
    standing = history.standings()["define-recall"]
    assert (standing.attempts, standing.last, standing.best) == (2, 80.0, 80.0)
    (found,) = history.corrected()
    assert (found.id, found.question_id, found.started_at) == (first.id, "define-recall", first.started_at)
    assert found.corrections == Corrections((RULING,), (FIX,))


def test_undoing_gives_back_the_attempt_as_it_was(history: SqliteHistory) -> None:
    first = history.add(new_attempt())
    kept = history.correct(first, corrected(first))
    assert kept.card.judged is not None

    assert history.correct(kept, kept.card.judged) == first
    assert history.corrected() == ()
    assert not history.rows()[0].corrected
    assert history.standings()["define-recall"].last == first.card.overall


def test_another_window_sees_the_new_number(history: SqliteHistory, file: Path) -> None:
    first = history.add(new_attempt())
    with closing(SqliteHistory(file)) as other:
        assert other.standings()["define-recall"].last == first.card.overall
        history.correct(first, corrected(first))
        assert other.standings()["define-recall"].last == 80.0


def test_of_two_windows_the_later_does_not_undo_what_it_has_not_seen(history: SqliteHistory) -> None:
    first = history.add(new_attempt())
    history.correct(first, corrected(first))

    with pytest.raises(HistoryError, match="corrected in another window"):
        history.correct(first, corrected(first, 10.0))
    history.delete(first.id)
    with pytest.raises(HistoryError, match="deleted in another window"):
        history.correct(first, corrected(first, 10.0))


def test_corrections_go_with_their_attempt(history: SqliteHistory, file: Path) -> None:
    first = history.add(new_attempt())
    history.correct(first, corrected(first))
    history.delete(first.id)
    history.close()

    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT * FROM corrections").fetchall() == []
    assert not any(b"bound" in each.read_bytes() for each in file.parent.iterdir())


def test_a_repair_keeps_corrections(history: SqliteHistory, file: Path) -> None:
    first = history.add(new_attempt())
    kept = history.correct(first, corrected(first))
    history.close()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("DROP TABLE corrections")
        connection.commit()

    done = repair(file, datetime.now(UTC))

    assert done is not None
    assert (done.saved, done.lost) == (1, ())
    with closing(SqliteHistory(file)) as mended:
        assert mended.get(first.id) == kept
        assert [each.id for each in mended.corrected()] == [first.id]


def test_corrections_that_cannot_be_read_keep_nobody_from_the_others(
    history: SqliteHistory, file: Path
) -> None:
    damaged, whole = (history.add(new_attempt(minutes=minute)) for minute in range(2))
    for each in (damaged, whole):
        history.correct(each, corrected(each))
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE corrections SET corrections = '[]' WHERE attempt_id = ?", (damaged.id,))
        connection.commit()

    assert [each.id for each in history.corrected()] == [whole.id]


def test_a_fix_that_does_not_fit_its_transcript_is_told_of_its_attempt(history: SqliteHistory) -> None:
    first = history.add(new_attempt())
    strange = Corrections(fixes=(WordFix(400, ("found",), ()),))

    with pytest.raises(HistoryError, match=f"attempt {first.id} cannot be read"):
        history.correct(first, replace(first.card, corrections=strange))


def test_corrections_are_found_without_opening_other_cards(history: SqliteHistory, file: Path) -> None:
    history.close()
    with closing(sqlite3.connect(file)) as connection:
        plan = connection.execute(f"EXPLAIN QUERY PLAN {CORRECTED}").fetchall()

    scanned, searched, *_ = (step[3] for step in plan)
    assert scanned == "SCAN c"
    assert searched.startswith("SEARCH a USING INTEGER PRIMARY KEY")
