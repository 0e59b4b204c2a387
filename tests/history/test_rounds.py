"""Rounds kept beside the attempts."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.history.damage import blank, root_page
from tests.history.samples import new_attempt
from voicecoach.errors import HistoryError
from voicecoach.history.repair import repair
from voicecoach.history.rounds import RoundRun
from voicecoach.history.sqlite import SqliteHistory
from voicecoach.history.sqlite_rounds import SqliteRounds

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
ASKED = ("imbalanced-data", "choose-a-metric", "my-contribution")


@pytest.fixture
def rounds(history: SqliteHistory) -> SqliteRounds:
    return SqliteRounds(history.database)


def again(rounds: SqliteRounds, run: RoundRun) -> RoundRun:
    found = rounds.get(run.id)
    assert found is not None
    return found


def test_a_round_is_kept_question_by_question_with_its_follow_ups_behind(
    history: SqliteHistory, rounds: SqliteRounds
) -> None:
    run = rounds.begin("technical-screening", ASKED, NOW)
    assert [(each.place, each.asked_as, each.question_id) for each in run.answers] == [
        (place, "question", question_id) for place, question_id in enumerate(ASKED)
    ]
    assert all(each.is_waiting for each in run.answers)

    attempt = history.add(new_attempt(ASKED[0]))
    rounds.judge(run.answers[0].id, attempt.id)
    rounds.pass_over(run.answers[1].id)
    more = rounds.add(run.id, 0, "follow-up", f"{ASKED[0]}#baseline")
    rounds.end(run.id, NOW + timedelta(minutes=9))

    kept = again(rounds, run)
    assert [each.question_id for each in kept.answers] == [ASKED[0], f"{ASKED[0]}#baseline", *ASKED[1:]]
    assert [each.is_waiting for each in kept.answers] == [False, True, False, True]
    assert (kept.answers[0].attempt_id, kept.answers[1]) == (attempt.id, more)
    assert (kept.started_at, kept.ended_at) == (NOW, NOW + timedelta(minutes=9))
    assert rounds.runs() == (kept,)


def test_the_newest_rounds_come_first(rounds: SqliteRounds) -> None:
    first, second = (rounds.begin("mixed-mock", ASKED, NOW + timedelta(days=day)) for day in range(2))
    assert rounds.runs() == (second, first)
    assert rounds.runs(limit=1) == (second,)
    assert rounds.get(99) is None


def test_whoever_judges_a_take_gives_the_round_its_attempt(
    history: SqliteHistory, rounds: SqliteRounds
) -> None:
    run = rounds.begin("mixed-mock", ASKED, NOW)
    rounds.take(run.answers[1].id, "20261121-take")
    attempt = history.add(new_attempt(ASKED[1], take_id="20261121-take"))
    other = history.add(new_attempt(ASKED[0], take_id="20261121-other"))
    assert [each.attempt_id for each in again(rounds, run).answers] == [None, attempt.id, None]
    assert other.id != attempt.id

    rounds.take(run.answers[0].id, "silence")
    rounds.take(run.answers[0].id, None)
    assert again(rounds, run).answers[0].is_waiting


def test_an_attempt_that_is_deleted_takes_its_answer_along_and_the_last_one_the_round(
    history: SqliteHistory, rounds: SqliteRounds
) -> None:
    run = rounds.begin("mixed-mock", ASKED[:2], NOW)
    attempts = [history.add(new_attempt(each.question_id)) for each in run.answers]
    for answer, attempt in zip(run.answers, attempts, strict=True):
        rounds.judge(answer.id, attempt.id)
    history.delete(attempts[0].id)
    assert [each.attempt_id for each in again(rounds, run).answers] == [attempts[1].id]
    history.delete(attempts[1].id)
    assert rounds.runs() == ()


def test_rounds_can_be_forgotten_whole_or_in_part(history: SqliteHistory, rounds: SqliteRounds) -> None:
    first, second = rounds.begin("mixed-mock", ASKED, NOW), rounds.begin("mixed-mock", ASKED, NOW)
    attempt = history.add(new_attempt(ASKED[0]))
    rounds.judge(first.answers[0].id, attempt.id)
    rounds.delete([first.id], [second.answers[0].id])
    assert [each.id for each in rounds.runs()] == [second.id]
    assert [each.question_id for each in again(rounds, second).answers] == list(ASKED[1:])
    assert history.get(attempt.id) is not None
    rounds.clear()
    assert rounds.runs() == ()
    with closing(sqlite3.connect(history.database.file)) as connection:
        assert connection.execute("SELECT COUNT(*) FROM round_answers").fetchone() == (0,)


def test_a_round_that_has_gone_is_told(rounds: SqliteRounds) -> None:
    run = rounds.begin("mixed-mock", ASKED, NOW)
    rounds.delete([run.id])
    for change in (
        lambda: rounds.take(run.answers[0].id, "take"),
        lambda: rounds.judge(run.answers[0].id, 1),
        lambda: rounds.pass_over(run.answers[0].id),
        lambda: rounds.end(run.id, NOW),
        lambda: rounds.add(run.id, 0, "again", ASKED[0]),
    ):
        with pytest.raises(HistoryError):
            change()


def test_a_round_that_cannot_be_read_is_passed_over(history: SqliteHistory, rounds: SqliteRounds) -> None:
    run, sound = rounds.begin("mixed-mock", ASKED, NOW), rounds.begin("mixed-mock", ASKED, NOW)
    with closing(sqlite3.connect(history.database.file)) as connection:
        connection.execute("UPDATE rounds SET started_at = 'soon' WHERE id = ?", (run.id,))
        connection.commit()
    assert rounds.runs() == (sound,)
    with pytest.raises(HistoryError, match=f"round {run.id} cannot be read"):
        rounds.get(run.id)


def test_a_repair_keeps_rounds_with_the_attempts_that_are_whole(file: Path) -> None:
    with closing(SqliteHistory(file)) as history:
        rounds = SqliteRounds(history.database)
        run = rounds.begin("mixed-mock", ASKED, NOW)
        attempts = [
            history.add(new_attempt(question_id, take_id=f"take-{question_id}", said="word " * 900))
            for question_id in ASKED[:2]
        ]
        for answer, attempt in zip(run.answers, attempts, strict=False):
            rounds.take(answer.id, f"take-{answer.question_id}")
            rounds.judge(answer.id, attempt.id)
        rounds.end(run.id, NOW + timedelta(minutes=9))
        kept = again(rounds, run)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE transcripts SET words = 'no JSON' WHERE attempt_id = ?", (attempts[1].id,))
        connection.commit()

    done = repair(file, NOW)

    assert done is not None
    assert [each.id for each in done.lost] == [attempts[1].id]
    with closing(SqliteHistory(file)) as history:
        saved = again(SqliteRounds(history.database), run)
        assert (saved.started_at, saved.ended_at) == (kept.started_at, kept.ended_at)
        assert [(each.id, each.question_id, each.take_id) for each in saved.answers] == [
            (each.id, each.question_id, each.take_id) for each in kept.answers
        ]
        assert [each.attempt_id for each in saved.answers] == [attempts[0].id, None, None]
        assert SqliteRounds(history.database).begin("mixed-mock", ASKED, NOW).id > run.id


def test_a_repair_of_a_damaged_page_saves_what_other_pages_hold_of_a_round(file: Path) -> None:
    with closing(SqliteHistory(file)) as history:
        run = SqliteRounds(history.database).begin("mixed-mock", ASKED, NOW)
        history.add(new_attempt(ASKED[0]))
    blank(file, root_page(file, "round_answers_by_run"))
    assert repair(file, NOW) is not None
    with closing(SqliteHistory(file)) as history:
        assert SqliteRounds(history.database).get(run.id) == run
