import errno
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.practising import Practice, practising
from voicecoach.config import Settings
from voicecoach.errors import AuthoringError, ContentError, UnknownQuestionError
from voicecoach.practice.bank_check import check_bank
from voicecoach.practice.coach import Coach
from voicecoach.practice.project_times import TotalTime
from voicecoach.practice.projects import Projects
from voicecoach.practice.reading import read_rubric, reader_of
from voicecoach.practice.typed import transcript_of
from voicecoach.scoring.evidence import Answer, Rubric, Terms
from voicecoach.scoring.judge import judge
from voicecoach.transcript import Transcript

SAID = {"problem": "Churn cost 2 million a year."}


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    with practising(tmp_path, Settings()) as practice:
        yield practice


def check(practice: Practice, project_id: str) -> int:
    """Check one question as `voicecoach check` does; returns how many files of vectors there are then."""
    alone = replace(practice.coach.bank, questions=(practice.question(project_id),))
    list(check_bank(alone, practice.engines))
    return len(list(practice.paths.vectors.glob("*.npy")))


def test_vectors_of_a_deleted_project_go_with_it_those_of_its_script_too(practice: Practice) -> None:
    projects = Projects(practice.coach)
    saved = projects.save(projects.blank(), "Churn", SAID)
    projects.published(saved.project.id)
    assert check(practice, saved.project.id) == 2

    projects.delete(saved.project.id)

    assert list(practice.paths.vectors.iterdir()) == []


def test_what_is_due_follows_the_projects_of_this_session(practice: Practice) -> None:
    projects, schedule = Projects(practice.coach), practice.coach.schedule
    saved = projects.save(projects.blank(), "Churn", SAID)
    own = projects.published(saved.project.id)
    list(practice.coach.judge_text(own, "I like to talk about the weather and the sea.", None))
    schedule.catch_up()
    practice.clock.now += timedelta(days=1)
    assert set(schedule.due()) == {own.id}

    projects.delete(own.id)

    assert schedule.due() == {}


def test_vectors_of_what_was_reworded_go(practice: Practice) -> None:
    projects = Projects(practice.coach)
    saved = projects.save(projects.blank(), "Churn", SAID)
    projects.published(saved.project.id)
    assert check(practice, saved.project.id) == 2

    projects.save(saved, "Churn", {"problem": "Churn cost 3 million a year."})

    assert list(practice.paths.vectors.iterdir()) == []


def test_two_windows_begin_a_project_of_the_same_title_and_neither_is_lost(practice: Practice) -> None:
    here = Projects(practice.coach)
    elsewhere = Projects(Coach(practice.engines, practice.coach.bank, practice.paths.takes, practice.clock))
    first = here.save(here.blank(), "Churn", SAID)
    second = elsewhere.save(elsewhere.blank(), "Churn", {"problem": "Parcels came late."})

    assert first.project.id != second.project.id
    here.published(second.project.id)
    assert [project.statements for project in here.all()] == [
        ("Churn cost 2 million a year.",),
        ("Parcels came late.",),
    ]


def files_of(folder: Path, project_id: str) -> tuple[Path, Path]:
    return folder / "prompts" / f"{project_id}.toml", folder / "rubrics" / f"{project_id}.toml"


def test_a_project_with_a_mistake_in_it_is_told_with_it_and_the_next_of_its_name_is_another(
    practice: Practice,
) -> None:
    projects = Projects(practice.coach)
    saved = projects.published(projects.save(projects.blank(), "Churn", SAID).project.id)
    prompt, _ = files_of(practice.paths.own_bank, saved.id)
    prompt.write_text(prompt.read_text("utf-8").replace('"medium"', '"absurd"'), "utf-8")

    with pytest.raises(ContentError, match=f"{saved.id}.toml: level: 'absurd' is not one of"):
        projects.open(saved.id)
    with pytest.raises(ContentError, match="level"):
        projects.question(saved.id)

    assert projects.all() == ()
    assert projects.save(projects.blank(), "Churn", SAID).project.id != saved.id


def test_a_project_whose_files_are_gone_is_unknown(practice: Practice) -> None:
    projects = Projects(practice.coach)
    saved = projects.published(projects.save(projects.blank(), "Churn", SAID).project.id)
    for path in files_of(practice.paths.own_bank, saved.id):
        path.unlink()

    with pytest.raises(UnknownQuestionError, match="no project"):
        projects.open(saved.id)


def test_a_project_of_a_bank_that_was_asked_for_is_saved_and_deleted_there(
    practice: Practice, tmp_path: Path
) -> None:
    projects = Projects(practice.coach)
    saved = projects.save(projects.blank(), "Churn", SAID).project
    named = tmp_path / "named"
    for path, there in zip(
        files_of(named, saved.id), files_of(practice.paths.own_bank, saved.id), strict=True
    ):
        path.parent.mkdir(parents=True)
        there.rename(path)
    practice.coach.bank = replace(practice.coach.bank, sources=(*practice.coach.bank.sources, named))

    opened = projects.open(saved.id)
    projects.save(opened, "Churn", {"problem": "Churn cost 3 million a year."})

    assert projects.open(saved.id).project.statements == ("Churn cost 3 million a year.",)
    assert not any(path.exists() for path in files_of(practice.paths.own_bank, saved.id))
    fresh = projects.published(projects.save(projects.blank(), "Tickets", SAID).project.id)
    assert all(path.exists() for path in files_of(practice.paths.own_bank, fresh.id))
    projects.delete(saved.id)
    assert not any(path.exists() for path in files_of(named, saved.id))
    assert [project.id for project in projects.all()] == [fresh.id]


@pytest.mark.parametrize("moved", [0, 1])
def test_a_project_whose_files_lie_in_two_banks_is_neither_written_over_nor_deleted(
    practice: Practice, tmp_path: Path, moved: int
) -> None:
    projects = Projects(practice.coach)
    opened = projects.save(projects.blank(), "Churn", SAID)
    own = files_of(practice.paths.own_bank, opened.project.id)
    there = files_of(tmp_path / "named", opened.project.id)[moved]
    there.parent.mkdir(parents=True)
    own[moved].rename(there)
    practice.coach.bank = replace(
        practice.coach.bank,
        sources=(*practice.coach.bank.sources, practice.paths.own_bank, tmp_path / "named"),
    )
    before = there.read_bytes(), own[1 - moved].read_bytes()

    for refused in (
        lambda: projects.open(opened.project.id),
        lambda: projects.save(opened, "Churn", {"problem": "Another."}),
        lambda: projects.delete(opened.project.id),
    ):
        with pytest.raises(AuthoringError, match="lie in two bank folders"):
            refused()

    assert (there.read_bytes(), own[1 - moved].read_bytes()) == before


def test_a_copy_that_is_left_out_for_a_mistake_is_told_and_not_the_one_that_it_replaced(
    practice: Practice, tmp_path: Path
) -> None:
    projects = Projects(practice.coach)
    opened = projects.save(projects.blank(), "Churn", SAID)
    project_id = opened.project.id
    named = files_of(tmp_path / "named", project_id)
    for own, copy in zip(files_of(practice.paths.own_bank, project_id), named, strict=True):
        copy.parent.mkdir(parents=True)
        copy.write_text(own.read_text("utf-8").replace('"medium"', '"absurd"'), "utf-8")
    practice.coach.bank = replace(
        practice.coach.bank,
        sources=(*practice.coach.bank.sources, practice.paths.own_bank, tmp_path / "named"),
    )

    for refused in (projects.open, projects.question):
        with pytest.raises(ContentError, match="level: 'absurd' is not one of"):
            refused(project_id)


def test_a_folder_that_cannot_be_listed_is_told_when_a_project_is_begun(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    projects = Projects(practice.coach)

    def broken(_folder: Path, _pattern: str) -> Iterator[Path]:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(Path, "glob", broken)
    with pytest.raises(AuthoringError, match="cannot be read: Input/output error"):
        projects.save(projects.blank(), "Churn", SAID)


def test_a_closed_room_is_told_when_a_project_is_saved(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    projects = Projects(practice.coach)
    opened = projects.save(projects.blank(), "Churn", SAID)

    def closed(_path: Path) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "exists", closed)  # what a folder without its x bit does to all but root
    with pytest.raises(AuthoringError, match="cannot be read: Permission denied"):
        projects.save(opened, "Churn", {"problem": "Another."})


def test_what_a_project_takes_is_held_against_its_own_window(practice: Practice) -> None:
    projects = Projects(practice.coach)
    saved = projects.published(projects.save(projects.blank(), "Churn", SAID).project.id)
    before = projects.open(saved.id)
    prompt, _ = files_of(practice.paths.own_bank, saved.id)
    prompt.write_text(prompt.read_text("utf-8").replace("[60, 90]", "[120, 180]"), "utf-8")

    opened = projects.open(saved.id)

    text = SAID["problem"]
    assert opened.time_of("problem", text).budget_s == 2 * before.time_of("problem", text).budget_s
    assert opened.total_time([text]).target_s == (120, 180)
    assert not TotalTime(180.3, (120, 180)).is_long
    assert TotalTime(180.8, (120, 180)).is_long


def read(practice: Practice, rubric: Rubric, heard: Transcript) -> Answer:
    return reader_of(practice.engines).read(rubric, heard)


def test_who_says_what_the_project_holds_has_answered_without_naming_it(practice: Practice) -> None:
    projects = Projects(practice.coach)
    beats = {
        "problem": "Chargebacks cost the shop 300,000 euros a year.",
        "modelling": "I trained gradient boosting on card history.",
        "lesson": "I would talk to the analysts sooner.",
    }
    saved = projects.save(projects.blank(), "Fraud detection at PayCo", beats)
    projects.published(saved.project.id)
    question = practice.question(saved.project.id)
    said = (
        "I built something against fraud. Chargebacks cost the shop three hundred thousand euros each year. "
        "I trained gradient boosting on the history of the cards. I would talk to the analysts sooner."
    )
    rubric = read_rubric(question, practice.engines.rubric_vectors)
    astray = "It rained all day. We stayed in bed."

    card, off = (judge(rubric, read(practice, rubric, transcript_of(text, 35.0))) for text in (said, astray))

    assert card.rambling.relevance == 100.0
    assert "what was asked" not in card.cue
    assert off.rambling.relevance == 0.0


def test_a_statement_said_with_another_number_counts_half_unless_its_owner_rules_otherwise(
    practice: Practice,
) -> None:
    projects = Projects(practice.coach)
    beats = {"impact": "It cut chargebacks by 40 percent.", "lesson": "I would talk to the analysts sooner."}
    saved = projects.save(projects.blank(), "Fraud", beats)
    projects.published(saved.project.id)
    question = practice.question(saved.project.id)
    rubric = read_rubric(question, practice.engines.rubric_vectors)
    said = "It cut chargebacks by {} percent. I would talk to the analysts sooner."
    right, wrong = (
        read(practice, rubric, transcript_of(said.format(number), 15.0)) for number in ("forty", "four")
    )
    impact, lesson = (point.id for point in question.points)

    as_planned, otherwise = judge(rubric, right), judge(rubric, wrong)
    ruled = judge(rubric, wrong, Terms(ruled={impact: "covered"}))

    assert [point.state for point in as_planned.points] == ["covered", "covered"]
    assert {point.id: point.state for point in otherwise.points} == {impact: "partly", lesson: "covered"}
    assert otherwise.overall < as_planned.overall
    assert [point.state for point in ruled.points] == ["covered", "covered"]
