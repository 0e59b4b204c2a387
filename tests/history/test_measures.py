"""Numbers of many attempts at once: the same as on their cards."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.history.samples import START, new_attempt
from voicecoach.history.records import History, NewAttempt, TakeMeasures
from voicecoach.transcript import EngineInfo


def typed(attempt: NewAttempt) -> NewAttempt:
    return replace(attempt, transcript=replace(attempt.transcript, engine=EngineInfo("text", "")))


def test_the_numbers_are_those_of_the_card(history: History) -> None:
    kept = history.add(new_attempt(overall=61.7))
    card = kept.card
    assert [(part.name, part.score) for part in card.parts] == [
        ("coverage", 60.0),
        ("accuracy", 64.0),
        ("proof", 0.0),
    ]
    assert card.proof.score == 30.0, "its own, which counts less while little is covered"

    assert history.measures(10) == (
        TakeMeasures(
            attempt_id=kept.id,
            question_id="define-recall",
            started_at=START,
            engine="whisper",
            model="small.en",
            duration_s=card.timing.duration_s,
            overall=card.overall,
            skills=(("coverage", 60.0), ("accuracy", 64.0), ("proof", card.proof.score)),
            target_s=card.timing.target_s,
            words_per_minute=card.delivery.words_per_minute,
            fillers_per_minute=card.delivery.fillers_per_minute,
            pauses=card.delivery.pauses,
        ),
    )


def test_pauses_that_were_not_measured_are_none(history: History) -> None:
    new = new_attempt()
    delivery = replace(new.card.delivery, measured_pauses=False)
    history.add(replace(new, card=replace(new.card, delivery=delivery)))
    assert history.measures(1)[0].pauses is None


def test_the_newest_come_first_of_those_that_are_asked_for(history: History) -> None:
    for minutes, question_id in ((5, "define-recall"), (1, "imbalanced-data"), (3, "define-recall")):
        history.add(new_attempt(question_id, minutes=minutes))

    def minutes_of(found: tuple[TakeMeasures, ...]) -> list[float]:
        return [(each.started_at - START) / timedelta(minutes=1) for each in found]

    assert minutes_of(history.measures(10)) == [5, 3, 1]
    assert minutes_of(history.measures(2)) == [5, 3]
    assert minutes_of(history.measures(10, ["define-recall"])) == [5, 3]
    assert minutes_of(history.measures(1, ["imbalanced-data", "unknown"])) == [1]
    assert minutes_of(history.measures(10, since=START + timedelta(minutes=3))) == [5, 3]
    assert minutes_of(history.measures(10, ["define-recall"], START + timedelta(minutes=4))) == [5]
    assert history.measures(10, []) == ()


def test_retries_of_single_points_are_left_out(history: History) -> None:
    history.add(new_attempt("define-recall#trap"))
    whole = history.add(new_attempt("define-recall"))
    assert [each.attempt_id for each in history.measures(10)] == [whole.id]
    assert len(history.heard(10)) == 1


def test_what_was_heard_is_the_newest_spoken_transcripts(history: History) -> None:
    history.add(new_attempt(minutes=1, said="you know the first"))
    history.add(typed(new_attempt(minutes=2, said="typed you know")))
    history.add(new_attempt(minutes=3, said="you know the last"))

    assert [each.text for each in history.heard(10)] == ["you know the last", "you know the first"]
    assert [each.text for each in history.heard(1)] == ["you know the last"]


@pytest.mark.parametrize("card", ["no json", "{}", '{"parts": 5}', "[1, 2]", '{"timing": {"target_s": 7}}'])
def test_a_card_that_cannot_be_read_does_not_hide_the_others(history: History, file: Path, card: str) -> None:
    bad, good = history.add(new_attempt(minutes=2)), history.add(new_attempt(minutes=1))
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE cards SET card = ? WHERE attempt_id = ?", (card, bad.id))
    assert [each.attempt_id for each in history.measures(5)] == [good.id]


@pytest.mark.parametrize("words", ["no json", "[[1, 2, 3, 4]]", "[5]"])
def test_a_transcript_that_cannot_be_read_does_not_hide_the_others(
    history: History, file: Path, words: str
) -> None:
    bad = history.add(new_attempt(minutes=2))
    history.add(new_attempt(minutes=1, said="you know"))
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE transcripts SET words = ? WHERE attempt_id = ?", (words, bad.id))
    assert [each.text for each in history.heard(5)] == ["you know"]
