"""Progress as read from a real history."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.history.samples import new_attempt
from tests.tui.samples import BANK
from voicecoach.config import Paths, Settings
from voicecoach.history.records import NewAttempt
from voicecoach.practice import progress as progress_module
from voicecoach.practice.progress import MOST_TAKES, SKILLS, ProgressReader
from voicecoach.practice.progress_words import period_words, skill_words, trend_words
from voicecoach.practice.usual import Spread
from voicecoach.scoring.card import Part
from voicecoach.transcript import EngineInfo
from voicecoach.wiring import WiredEngines

NOW = datetime(2026, 11, 20, 18, 30, tzinfo=UTC)


@pytest.fixture
def engines(tmp_path: Path) -> Iterator[WiredEngines]:
    made = WiredEngines(Settings(), Paths(tmp_path / "settings.toml", tmp_path / "data", tmp_path / "cache"))
    yield made
    made.history().close()


@pytest.fixture
def reader(engines: WiredEngines) -> ProgressReader:
    return ProgressReader(engines, BANK, lambda: NOW)


def take(
    question_id: str, days_ago: float, coverage: float, engine: str = "whisper", model: str = ""
) -> NewAttempt:
    new = new_attempt(question_id)
    return replace(
        new,
        started_at=NOW - timedelta(days=days_ago),
        transcript=replace(new.transcript, engine=EngineInfo(engine, model)),
        card=replace(new.card, parts=(Part("coverage", coverage, 0.9), Part("delivery", 70.0, 0.1))),
    )


def test_an_empty_history_claims_nothing(reader: ProgressReader) -> None:
    progress = reader.read()
    assert [skill.skill for skill in progress.skills] == list(SKILLS)
    assert all(not skill.takes and skill.usual.missing == 5 for skill in progress.skills)
    assert progress.crutches.missing == 5
    assert reader.areas() == ()
    assert skill_words(progress.skill("coverage")) == ("No take with a score for coverage in this period.",)


def test_takes_come_oldest_first_with_a_line_of_daily_medians(
    engines: WiredEngines, reader: ProgressReader
) -> None:
    for minutes, coverage in enumerate((10, 20, 30, 40, 50, 99)):
        engines.history().add(take("define-recall", 3 - minutes / 1440, coverage))
    engines.history().add(take("define-recall", 2, 60))
    engines.history().add(take("define-recall", 1, 70))
    skill = reader.read().skill("coverage")
    assert [each.score for each in skill.takes] == [10, 20, 30, 40, 50, 99, 60, 70]
    assert [(each.at.day, each.score) for each in skill.line] == [(17, 35), (18, 50), (19, 60)]


def test_before_five_takes_there_is_no_line(engines: WiredEngines, reader: ProgressReader) -> None:
    for days_ago in (4, 3, 2, 1):
        engines.history().add(take("define-recall", days_ago, 50))
    assert reader.read().skill("coverage").line == ()


def test_a_skill_that_a_card_lacks_has_no_takes(engines: WiredEngines, reader: ProgressReader) -> None:
    engines.history().add(take("define-recall", 1, 50))
    progress = reader.read()
    assert progress.skill("structure").takes == ()
    assert len(progress.skill("overall").takes) == len(progress.skill("coverage").takes) == 1


def test_an_area_has_its_own_questions_and_a_period_its_own_takes(
    engines: WiredEngines, reader: ProgressReader
) -> None:
    for question_id, days_ago in (("define-recall", 1), ("define-recall", 40), ("project-walkthrough", 2)):
        engines.history().add(take(question_id, days_ago, 50))
    engines.history().add(take("left-the-bank", 3, 50))

    def counts(*asked: object) -> int:
        return len(reader.read(*asked).skill("coverage").takes)  # type: ignore[arg-type]  # as given below

    assert reader.areas() == ("behavioural", "evaluation")
    assert counts(None, None) == 4
    assert counts(None, timedelta(days=30)) == 3
    assert counts("evaluation", None) == 2
    assert counts("evaluation", timedelta(days=30)) == 1
    assert counts("systems", None) == 0


def test_what_is_usual_does_not_depend_on_the_period(engines: WiredEngines, reader: ProgressReader) -> None:
    for days_ago in (40, 41, 42, 43, 44):
        engines.history().add(take("define-recall", days_ago, 50))
    progress = reader.read(None, timedelta(days=30))
    assert progress.skill("coverage").takes == ()
    assert progress.skill("coverage").usual.missing == 0
    assert progress.speech.words_per_minute.missing == 0


def test_silence_at_the_end_of_a_take_makes_no_answer_longer(
    engines: WiredEngines, reader: ProgressReader
) -> None:
    for days_ago in range(1, 6):
        new = take("define-recall", days_ago, 50)
        timing = replace(new.card.timing, duration_s=20.0)
        delivery = replace(new.card.delivery, pauses=6, measured_pauses=True)
        card = replace(new.card, duration_s=80.0, timing=timing, delivery=delivery)
        engines.history().add(replace(new, card=card))
    speech = reader.read().speech
    assert [each.length.spread for each in speech.lengths] == [Spread(20.0, 20.0, 20.0)]
    assert speech.pauses_per_minute.spread == Spread(18.0, 18.0, 18.0)


def test_retries_of_single_points_do_not_count(engines: WiredEngines, reader: ProgressReader) -> None:
    for days_ago in range(9):
        engines.history().add(take("imbalanced-data#rare", days_ago, 90 - 5 * days_ago))
    progress = reader.read()
    assert progress.skill("coverage").takes == ()
    assert reader.areas() == ()


def test_typed_answers_have_no_delivery(engines: WiredEngines, reader: ProgressReader) -> None:
    engines.history().add(take("define-recall", 1, 50, engine="text"))
    progress = reader.read()
    assert len(progress.skill("coverage").takes) == 1
    assert progress.skill("delivery").takes == ()


def test_a_better_recogniser_is_no_progress(engines: WiredEngines, reader: ProgressReader) -> None:
    for days_ago in range(12):
        engine = "pocketsphinx" if days_ago > 5 else "whisper"
        engines.history().add(take("define-recall", days_ago, 30 if days_ago > 5 else 80, engine))
    assert reader.read().skill("coverage").trend.direction == "unclear"


def test_a_better_model_of_the_same_recogniser_is_no_progress(
    engines: WiredEngines, reader: ProgressReader
) -> None:
    for days_ago in range(12):
        model, coverage = ("tiny.en", 30) if days_ago > 5 else ("small.en", 80)
        engines.history().add(take("define-recall", days_ago, coverage, model=model))
    assert reader.read().skill("coverage").trend.direction == "unclear"


def test_getting_better_at_each_question_is_a_rise_in_words(
    engines: WiredEngines, reader: ProgressReader
) -> None:
    for question in BANK.questions:
        for days_ago in (6, 4, 2):
            engines.history().add(take(question.id, days_ago, 80 - 5 * days_ago))
    skill = reader.read().skill("coverage")
    assert skill_words(skill) == (
        "12 takes from 14 Nov to 18 Nov.",
        "Rising: of 12 pairs of takes on the same question, the later scored higher in 12 and lower in 0; it "
        "was typically 10 points higher.",
        "Your usual now: 60, half of your takes between 50 and 70.",
    )


def test_takes_of_two_years_tell_theirs(engines: WiredEngines, reader: ProgressReader) -> None:
    for days_ago in (365, 0):
        engines.history().add(take("define-recall", days_ago, 50))
    (when, *_) = skill_words(reader.read().skill("coverage"))
    assert when == "2 takes from 20 Nov 2025 to 20 Nov 2026."
    (alone, *_) = skill_words(reader.read(period=timedelta(days=30)).skill("coverage"))
    assert alone == "1 take on 20 Nov."


def test_a_seesaw_is_called_unclear_in_words(engines: WiredEngines, reader: ProgressReader) -> None:
    for days_ago in range(10):
        engines.history().add(take("define-recall", days_ago, 40 + 30 * (days_ago % 2)))
    assert trend_words(reader.read().skill("coverage").trend).startswith("No clear trend: of 45 pairs")


def test_of_many_takes_the_newest_are_looked_at(
    engines: WiredEngines, reader: ProgressReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert MOST_TAKES == 1000
    monkeypatch.setattr(progress_module, "MOST_TAKES", 7)
    for days_ago in range(9):
        engines.history().add(take("define-recall", days_ago, days_ago))
    progress = reader.read()
    assert [each.score for each in progress.skill("coverage").takes] == [6, 5, 4, 3, 2, 1, 0]
    assert period_words(progress) == "the newest 1,000 takes"
