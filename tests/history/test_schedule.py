"""The schedule: whatever is added, deleted or judged anew, it is what reading every attempt says."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.history.samples import START, new_attempt
from voicecoach.history.migrations import MIGRATIONS, migrate
from voicecoach.history.records import NewAttempt
from voicecoach.history.schedule import (
    MOST_ANSWERS,
    PastAnswer,
    PointVerdict,
    ScheduledPoint,
)
from voicecoach.history.sqlite import SqliteHistory
from voicecoach.history.sqlite_schedule import SqliteSchedule
from voicecoach.practice.spacing import schedule_points
from voicecoach.scoring.card import Contradiction, PointResult, PointState

LATER = START + timedelta(days=400)


def judged(
    question_id: str = "define-recall",
    minutes: float = 0,
    wrong: Sequence[str] = (),
    **states: PointState,
) -> NewAttempt:
    """An attempt whose card says this of its points."""
    attempt = new_attempt(question_id, minutes=minutes)
    points = tuple(
        PointResult(name, name.title(), "state", 1.0, state, 0.5, None, None, "")
        for name, state in states.items()
    )
    accused = tuple(Contradiction(point, "the other way round", 1.0, 2.0, "It is not.") for point in wrong)
    accuracy = replace(attempt.card.accuracy, contradictions=accused, check=())
    return replace(attempt, card=replace(attempt.card, points=points, accuracy=accuracy))


def expected(history: SqliteHistory, now: datetime) -> dict[str, tuple[ScheduledPoint, ...]]:
    """What reading every attempt says."""
    answers: dict[str, list[PastAnswer]] = {}
    for row in sorted(history.rows(), key=lambda row: (row.started_at, row.id)):
        attempt = history.get(row.id)
        assert attempt is not None
        if attempt.started_at > now + timedelta(days=1):
            continue
        accused = {each.point for each in attempt.card.accuracy.contradictions}
        verdicts = tuple(
            PointVerdict(each.id, each.state, each.probability, each.id in accused)
            for each in attempt.card.points
        )
        answers.setdefault(row.question_id.split("#")[0], []).append(PastAnswer(attempt.started_at, verdicts))
    found = {}
    for question_id, its in answers.items():
        points = schedule_points(its[-MOST_ANSWERS:])
        if points:
            found[question_id] = tuple(sorted(points, key=lambda each: each.point))
    return found


def schedule_of(history: SqliteHistory) -> SqliteSchedule:
    return SqliteSchedule(history.database)


def test_nothing_is_scheduled_before_anybody_looks(history: SqliteHistory) -> None:
    schedule = schedule_of(history)
    history.add(judged(trap="missing"))
    assert schedule.points() == {}
    assert schedule.catch_up(schedule_points, LATER) == 1
    (trap,) = schedule.points()["define-recall"]
    assert (trap.point, trap.grade) == ("trap", "missed")
    assert trap.due_on == trap.reviewed_on + timedelta(days=1)
    assert schedule.catch_up(schedule_points, LATER) == 0, "what has been looked at is not looked at again"


def test_a_narrowed_answer_reviews_only_what_it_asked_for(history: SqliteHistory) -> None:
    schedule = schedule_of(history)
    history.add(judged(trap="missing", fix="covered"))
    history.add(judged("define-recall#trap", minutes=4320, trap="covered"))
    history.add(judged("define-recall-at-k", minutes=1, trap="partly"))
    schedule.catch_up(schedule_points, LATER)
    points = {each.point: each for each in schedule.points()["define-recall"]}
    assert points["trap"].grade == "said"
    assert points["trap"].reviewed_on > points["fix"].reviewed_on
    assert schedule.points() == expected(history, LATER)


def test_what_is_wrong_counts_as_wrong_even_where_the_point_was_covered(history: SqliteHistory) -> None:
    history.add(judged(wrong=["trap"], trap="covered"))
    schedule = schedule_of(history)
    schedule.catch_up(schedule_points, LATER)
    assert schedule.points()["define-recall"][0].grade == "wrong"


def test_a_question_that_is_forgotten_leaves_nothing(history: SqliteHistory, file: Path) -> None:
    schedule = schedule_of(history)
    kept = [history.add(judged(trap="missing")), history.add(judged("define-recall#trap", trap="covered"))]
    schedule.catch_up(schedule_points, LATER)
    history.delete(kept[0].id)
    assert schedule.points() == {}, "what was said is not shown for a moment longer"
    schedule.catch_up(schedule_points, LATER)
    assert schedule.points() == expected(history, LATER) != {}
    history.delete(kept[1].id)
    assert schedule.points() == {}
    with closing(sqlite3.connect(file)) as connection:
        for table in ("schedule", "unscheduled"):
            assert connection.execute(f"SELECT COUNT(*) FROM {table}").fetchone() == (0,)  # noqa: S608 - fixed


def test_a_card_that_is_judged_anew_schedules_its_points_anew(history: SqliteHistory) -> None:
    schedule = schedule_of(history)
    kept = history.add(judged(trap="missing"))
    schedule.catch_up(schedule_points, LATER)
    history.correct(kept, replace(kept.card, points=(replace(kept.card.points[0], state="covered"),)))
    assert schedule.catch_up(schedule_points, LATER) == 1
    assert schedule.points()["define-recall"][0].grade == "said"


def test_an_answer_from_a_wrong_clock_waits_until_its_time_has_come(history: SqliteHistory) -> None:
    schedule = schedule_of(history)
    now = START + timedelta(hours=1)
    history.add(judged(trap="missing"))
    history.add(judged(minutes=60 * 24 * 365, trap="covered"))
    schedule.catch_up(schedule_points, now)
    assert schedule.points()["define-recall"][0].grade == "missed"
    assert schedule.catch_up(schedule_points, now) == 0
    assert schedule.catch_up(schedule_points, LATER) == 1
    assert schedule.points()["define-recall"][0].grade == "said"
    assert schedule.catch_up(schedule_points, now) == 1, "the clock has gone back"
    assert schedule.points()["define-recall"][0].grade == "missed"
    assert schedule.points() == expected(history, now)


def test_what_another_window_does_is_seen(history: SqliteHistory, file: Path) -> None:
    schedule = schedule_of(history)
    with closing(SqliteHistory(file)) as other:
        theirs = other.add(judged(trap="partly"))
        assert schedule_of(other).catch_up(schedule_points, LATER) == 1
        assert schedule.points() == expected(history, LATER) != {}
        other.delete(theirs.id)
        assert schedule.points() == {}


def test_a_card_that_cannot_be_read_is_passed_over(history: SqliteHistory) -> None:
    schedule = schedule_of(history)
    broken = history.add(judged(trap="covered"))
    history.add(judged(minutes=1, fix="missing"))
    with history.database.telling(), history.database.transaction() as connection:
        connection.execute("UPDATE cards SET card = '{\"points\": 7' WHERE attempt_id = ?", (broken.id,))
    schedule.catch_up(schedule_points, LATER)
    assert [each.point for each in schedule.points()["define-recall"]] == ["fix"]


@pytest.mark.parametrize(
    "spoil",
    [
        "UPDATE cards SET card = CAST(x'7b22ff' AS TEXT) WHERE attempt_id = 1",
        "UPDATE attempts SET started_at = CAST(x'ff' || started_at AS TEXT) WHERE id = 1",
        "UPDATE attempts SET started_at = CAST('2026-03' || x'ff' AS TEXT) WHERE id = 1",
        "UPDATE attempts SET question_id = CAST('define-recall#' || x'ff' AS TEXT) WHERE id = 1",
        "UPDATE unscheduled SET question_id = CAST(x'ff' AS TEXT) WHERE question_id = 'define-recall'",
    ],
)
def test_a_byte_that_is_no_text_keeps_no_other_question_from_its_schedule(
    history: SqliteHistory, spoil: str
) -> None:
    schedule = schedule_of(history)
    history.add(judged(trap="missing"))
    history.add(judged("imbalanced-data", metric="missing"))
    history.database.connection.execute(spoil)
    schedule.catch_up(schedule_points, LATER)
    assert [each.point for each in schedule.points()["imbalanced-data"]] == ["metric"]
    assert schedule.catch_up(schedule_points, LATER) == 0


@pytest.mark.parametrize("column", ["due_on", "reviewed_on", "grade"])
def test_a_schedule_that_cannot_be_read_is_made_again(history: SqliteHistory, column: str) -> None:
    schedule = schedule_of(history)
    history.add(judged("define-recall#trap", trap="missing"))
    schedule.catch_up(schedule_points, LATER)
    with history.database.telling(), history.database.transaction() as connection:
        connection.execute(f"UPDATE schedule SET {column} = 'soon'")  # noqa: S608 - fixed names
    assert schedule.points() == {}
    assert schedule.catch_up(schedule_points, LATER) == 1
    assert schedule.points() == expected(history, LATER) != {}


def test_a_rule_that_fails_loses_no_mark(history: SqliteHistory) -> None:
    schedule = schedule_of(history)
    history.add(judged(trap="missing"))

    def failing(_answers: Sequence[PastAnswer]) -> Sequence[ScheduledPoint]:
        raise RuntimeError("as if the process had been killed here")

    with pytest.raises(RuntimeError):
        schedule.catch_up(failing, LATER)
    assert schedule.catch_up(schedule_points, LATER) == 1
    assert schedule.points() != {}


def test_only_the_latest_answers_count(history: SqliteHistory) -> None:
    schedule = schedule_of(history)
    history.add(judged(minutes=-1, once="covered"))
    for minute in range(MOST_ANSWERS):
        history.add(judged("define-recall#trap" if minute % 2 else "define-recall", minute, trap="partly"))
    schedule.catch_up(schedule_points, LATER)
    assert [each.point for each in schedule.points()["define-recall"]] == ["trap"]
    assert schedule.points() == expected(history, LATER)


def test_a_history_of_the_version_before_is_scheduled(
    tmp_path: Path, file: Path, history: SqliteHistory
) -> None:
    history.add(judged("define-recall#trap", trap="missing"))
    history.add(judged("imbalanced-data", metric="covered"))
    before = next(at for at, step in enumerate(MIGRATIONS) if any("TABLE schedule" in each for each in step))
    old = tmp_path / "old.sqlite3"
    with closing(sqlite3.connect(old, isolation_level=None)) as connection:
        migrate(connection, old, MIGRATIONS[:before])
        connection.execute("ATTACH ? AS today", (str(file),))
        for table in ("attempts", "transcripts", "cards"):
            connection.execute(f"INSERT INTO {table} SELECT * FROM today.{table}")  # noqa: S608 - fixed names
    with closing(SqliteHistory(old)) as brought_along:
        schedule = schedule_of(brought_along)
        assert schedule.catch_up(schedule_points, LATER) == 2
        assert schedule.points() == expected(history, LATER) != {}


def test_the_latest_attempt_before_a_moment(history: SqliteHistory) -> None:
    schedule = schedule_of(history)
    assert schedule.last_attempt_before(LATER) is None
    for minutes in (0, 5, 9):
        history.add(new_attempt(minutes=minutes))
    assert schedule.last_attempt_before(LATER) == START + timedelta(minutes=9)
    assert schedule.last_attempt_before(START + timedelta(minutes=9)) == START + timedelta(minutes=5)
    assert schedule.last_attempt_before(START) is None


@pytest.mark.parametrize(
    "spoilt", ["'2026-03-02'", "'2026-03-01T18:35x'", "CAST('2026-03' || x'ff' AS TEXT)"]
)
def test_the_latest_attempt_is_the_latest_that_can_be_read(history: SqliteHistory, spoilt: str) -> None:
    for minutes in (0, 5):
        broken = history.add(new_attempt(minutes=minutes))
    history.database.connection.execute(
        f"UPDATE attempts SET started_at = {spoilt} WHERE id = ?",  # noqa: S608 - fixed text
        (broken.id,),
    )
    assert schedule_of(history).last_attempt_before(LATER) == START


STATES: st.SearchStrategy[PointState] = st.sampled_from(
    ["covered", "partly", "missing", "contradicted", "unsure"]
)
ADD = st.builds(
    judged,
    st.sampled_from(["define-recall", "define-recall#trap+fix", "imbalanced-data"]),
    st.sampled_from([0, 30, 1500, 3000, 9000, 60 * 24 * 900]),
    trap=STATES,
    fix=STATES,
)
DELETE = st.integers(0, 20)
"""Which of the attempts that are there, counted round."""
JUDGE_ANEW = st.tuples(DELETE, STATES)
LOOK = st.just("look")


@settings(max_examples=40, deadline=None)
@given(st.lists(ADD | DELETE | JUDGE_ANEW | LOOK, max_size=20))
def test_catching_up_step_by_step_is_what_reading_every_attempt_says(
    steps: list[NewAttempt | int | tuple[int, PointState] | str],
) -> None:
    with TemporaryDirectory() as folder, closing(SqliteHistory(Path(folder) / "history.sqlite3")) as history:
        schedule = schedule_of(history)
        for step in steps:
            rows = history.rows()
            match step:
                case NewAttempt():
                    history.add(step)
                case "look":
                    schedule.catch_up(schedule_points, LATER)
                    assert schedule.points() == expected(history, LATER)
                case int() if rows:
                    history.delete(rows[step % len(rows)].id)
                case (place, state) if rows:
                    kept = history.get(rows[place % len(rows)].id)
                    assert kept is not None
                    points = (replace(kept.card.points[0], state=state), *kept.card.points[1:])
                    history.correct(kept, replace(kept.card, points=points))
        schedule.catch_up(schedule_points, LATER)
        assert schedule.points() == expected(history, LATER)
        schedule.rebuild()
        schedule.catch_up(schedule_points, LATER)
        assert schedule.points() == expected(history, LATER)
