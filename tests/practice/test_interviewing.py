"""Rounds over a real history and real takes: what an earlier sitting left."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.practising import SPOKEN, Practice, practising
from tests.support.scripted_whisper import build_scripted_whisper
from voicecoach.audio.decode import decode
from voicecoach.audio.takes import Take
from voicecoach.clip import AudioClip
from voicecoach.config import Settings
from voicecoach.errors import HistoryError
from voicecoach.history.rounds import RoundRun
from voicecoach.practice.interviewing import Interviewer


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    model = build_scripted_whisper(tmp_path / "model", "i would look at the recall of the rare class")
    with practising(tmp_path, Settings(model=str(model))) as started:
        yield started


def answered(practice: Practice, seconds: float) -> tuple[Interviewer, RoundRun, Take]:
    """A round to whose first question so much was said, which nobody has judged yet."""
    interviewer = Interviewer(practice.coach)
    run = interviewer.begin("technical-screening")
    clip = decode(SPOKEN)
    recording = practice.coach.start_recording(practice.question(run.answers[0].question_id))
    practice.say(AudioClip(clip.samples[: int(seconds * clip.rate)], clip.rate))
    take = recording.stop()
    interviewer.recorded(run.answers[0], take)
    return interviewer, kept(practice, run), take


def kept(practice: Practice, run: RoundRun) -> RoundRun:
    found = practice.engines.rounds().get(run.id)
    assert found is not None
    return found


def test_an_answer_that_is_still_being_judged_is_neither_judged_twice_nor_asked_again(
    practice: Practice,
) -> None:
    interviewer, run, take = answered(practice, 4.0)
    judging = practice.coach.judge_take(take)
    next(judging)
    assert interviewer.left_over(run) == ()
    assert kept(practice, run).answers[0].take_id == take.id
    list(judging)
    assert interviewer.left_over(run) == ()
    assert kept(practice, run).answers[0].attempt_id is not None


def test_an_answer_that_nobody_judges_any_more_is_left_over_until_its_take_is_deleted(
    practice: Practice,
) -> None:
    interviewer, run, take = answered(practice, 4.0)
    assert interviewer.left_over(run) == ((run.answers[0], take),)
    practice.coach.discard_take(take)
    assert interviewer.left_over(run) == ()
    assert kept(practice, run).answers[0].is_waiting


def test_a_round_whose_answers_nobody_has_judged_yet_says_where_they_are(practice: Practice) -> None:
    interviewer, run, _ = answered(practice, 4.0)
    came_to = interviewer.report(run.id)
    assert came_to.questions[0].outcome == "unjudged"
    assert came_to.cue == (
        "No answer to a whole question has been judged yet: u on the home screen offers the recordings, "
        "unless they were deleted."
    )
    interviewer.pass_over(run.answers[1])
    interviewer.end(run.id)
    assert interviewer.report(run.id).cue == came_to.cue


def test_a_round_begun_anew_asks_what_the_last_one_never_came_to(practice: Practice) -> None:
    interviewer = Interviewer(practice.coach)
    first = interviewer.begin("technical-screening")
    interviewer.pass_over(first.answers[0])
    asked = [each.question_id for each in first.answers]

    for _ in range(2):  # the second time after a round to which nothing was said
        anew = [each.question_id for each in interviewer.begin("technical-screening").answers]
        assert anew[0] != asked[0]
        assert anew[1:] == asked[1:]


def test_a_follow_up_that_is_left_of_a_deleted_answer_is_no_answered_question(practice: Practice) -> None:
    interviewer, rounds = Interviewer(practice.coach), practice.engines.rounds()
    run = interviewer.begin("technical-screening")
    main = run.answers[0]
    follow_up = rounds.add(run.id, main.place, "follow-up", f"{main.question_id}#point")
    said, followed_up = (practice.typed("Of all that it flagged, how many were positive.") for _ in range(2))
    rounds.judge(main.id, said.id)
    rounds.judge(follow_up.id, followed_up.id)
    interviewer.end(run.id)
    assert interviewer.past()[0].answered == interviewer.report(run.id).answered == 1
    practice.coach.delete_attempt(said)

    assert interviewer.past()[0].answered == interviewer.report(run.id).answered == 0


def test_an_answer_with_next_to_no_sound_is_asked_again(practice: Practice) -> None:
    interviewer, run, _ = answered(practice, 0.2)
    assert interviewer.left_over(run) == ()
    assert kept(practice, run).answers[0].is_waiting


def half_answered(practice: Practice, card: bytes = b"no card") -> tuple[Interviewer, RoundRun]:
    """A round whose first two questions were answered, the first with a card that cannot be read."""
    interviewer, rounds = Interviewer(practice.coach), practice.engines.rounds()
    run = interviewer.begin("technical-screening")
    for answer in run.answers[:2]:
        rounds.judge(answer.id, practice.typed("Of all that it flagged, how many were positive.").id)
    run = kept(practice, run)
    with closing(sqlite3.connect(practice.paths.database)) as connection, connection:
        connection.execute(
            "UPDATE cards SET card = CAST(? AS TEXT) WHERE attempt_id = ?", (card, run.answers[0].attempt_id)
        )
    return interviewer, run


@pytest.mark.parametrize("card", [b"no card", b"no text \xff"])
def test_a_card_that_cannot_be_read_keeps_nobody_from_the_rest_of_the_round(
    practice: Practice, card: bytes
) -> None:
    interviewer, run = half_answered(practice, card)
    following = interviewer.go_on(run.id, frozenset(), frozenset())
    assert following.question is not None
    assert following.number >= 2
    came_to = interviewer.report(run.id)
    assert [each.outcome for each in came_to.questions[:3]] == ["unreadable", "judged", "not asked"]
    assert (came_to.questions[0].overall, came_to.questions[0].attempt_id) == (None, None)
    assert came_to.answered == 1


def test_a_round_with_nothing_but_a_card_that_cannot_be_read_was_answered(practice: Practice) -> None:
    interviewer, run = half_answered(practice)
    practice.engines.rounds().delete(answer_ids=[run.answers[1].id])
    assert "Nothing was answered" not in interviewer.report(run.id).cue


def test_a_history_whose_cards_cannot_be_read_at_all_is_told(practice: Practice) -> None:
    interviewer, run = half_answered(practice)
    with closing(sqlite3.connect(practice.paths.database)) as connection, connection:
        connection.execute("ALTER TABLE cards RENAME TO gone")
    for use in (
        lambda: interviewer.report(run.id),
        lambda: interviewer.go_on(run.id, frozenset(), frozenset()),
    ):
        with pytest.raises(HistoryError, match="the history"):
            use()
