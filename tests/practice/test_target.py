import stat
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.practising import one_line, practising
from voicecoach.config import Settings
from voicecoach.content.loader import find_bank_folders, load_bank
from voicecoach.content.model import Bank
from voicecoach.errors import DocumentError
from voicecoach.practice.forgetting import Forgetter
from voicecoach.practice.job_match import match_job
from voicecoach.practice.projects import Projects
from voicecoach.practice.target import MOST_CHARACTERS, TargetFile, look_at_target, name_of

FRAUD = """Senior Machine Learning Engineer, Fraud & Risk
You will own the models that decide in real time which transactions are blocked, with highly imbalanced data
and delayed labels (chargebacks). You set thresholds with the operations team and reduce false positives.
We offer remote work and a great team. 5+ years of Python."""

LLM = """AI Engineer
You will design retrieval-augmented generation (RAG) over our help centre, evaluate prompts, measure
hallucination, and tune embeddings and rerankers."""


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Bank:
    return load_bank(find_bank_folders(None, tmp_path_factory.mktemp("none")))


def first(bank: Bank, job: str, count: int) -> list[str]:
    matches = match_job(bank.questions, job)
    return sorted(matches, key=lambda each: -matches[each].score)[:count]


@pytest.mark.parametrize(
    ("job", "wanted"),
    [
        (FRAUD, {"design-fraud-detection", "fraud-auc-blocks-good-users", "imbalanced-data"}),
        (LLM, {"design-rag-support", "reduce-hallucination", "define-reranking"}),
        ("Data Scientist, Demand Forecasting", {"design-demand-forecasting"}),
    ],
)
def test_what_a_job_names_comes_first(bank: Bank, job: str, wanted: set[str]) -> None:
    assert wanted <= set(first(bank, job, 6))


def test_the_words_are_the_jobs_own_and_none_that_every_job_has(bank: Bank) -> None:
    words = match_job(bank.questions, FRAUD)["design-fraud-detection"].words
    assert "fraud" in words
    every = {word for match in match_job(bank.questions, FRAUD).values() for word in match.words}
    assert not every & {"team", "python", "engineer", "offer", "5"}


def test_a_single_letter_names_nothing_but_in_an_ab_test(bank: Bank) -> None:
    assert not any(match.words for match in match_job(bank.questions, "R, C++ and B. Sc.").values())

    words = {word for match in match_job(bank.questions, "A/B tests").values() for word in match.words}

    assert words == {"ab", "tests"}


def test_a_job_that_names_nothing_leaves_the_order(bank: Bank) -> None:
    assert all(match.words == () for match in match_job(bank.questions, "Pastry chef, Lyon").values())
    assert all(match.score == 0 for match in match_job(bank.questions, "").values())


def test_it_is_kept_by_itself_and_read_back(tmp_path: Path) -> None:
    file = TargetFile(tmp_path / "data" / "target.txt")
    assert file.read() == ""
    file.write("  ML engineer\x1b[2J\ud800\r\nfraud  \n")
    assert file.read() == "ML engineer [2J\nfraud\n"
    assert stat.S_IMODE((tmp_path / "data" / "target.txt").stat().st_mode) == 0o600
    assert list((tmp_path / "data").iterdir()) == [tmp_path / "data" / "target.txt"]
    file.write(" \n")
    assert not file.clear()


def test_what_cannot_be_kept_or_read_is_one_line(tmp_path: Path, bank: Bank) -> None:
    path = tmp_path / "target.txt"
    with pytest.raises(DocumentError, match="more than 50,000 characters"):
        TargetFile(path).write("x" * (MOST_CHARACTERS + 1))
    path.write_bytes(b"\xff\xff")
    with pytest.raises(DocumentError, match="target --clear"):
        look_at_target(path, bank.questions)
    assert TargetFile(path).clear()


def test_its_name_is_its_first_line() -> None:
    assert name_of(FRAUD) == "Senior Machine Learning Engineer, Fraud & Risk"
    assert len(name_of("word " * 100)) == 60


def test_the_overview_is_in_its_order_after_ones_own_projects(tmp_path: Path) -> None:
    with practising(tmp_path, Settings()) as practice:
        projects = Projects(practice.coach)
        saved = projects.save(projects.blank(), "Churn", {"problem": "It cost 2 million."})
        own = projects.published(saved.project.id).id
        before = [row.question.id for row in practice.coach.overview().rows]
        TargetFile(practice.paths.target_file).write(FRAUD)
        overview = practice.coach.overview()
        ids = [row.question.id for row in overview.rows]
        assert overview.target is not None
        assert overview.target.name.startswith("Senior Machine")
        assert ids[0] == own
        assert set(ids[1:6]) >= {"design-fraud-detection", "fraud-auc-blocks-good-users"}
        unnamed = [each for each in ids if not overview.target.words(each) and each != own]
        assert unnamed == [each for each in before if each in unnamed]


def test_a_job_that_cannot_be_read_orders_nothing_and_hides_nothing(tmp_path: Path) -> None:
    with practising(tmp_path, Settings()) as practice:
        practice.typed("Well it is a number that people like.")
        practice.coach.schedule.catch_up()
        practice.clock.now += timedelta(days=1)
        before = practice.coach.overview()
        practice.paths.target_file.write_bytes(b"\xff\xff")
        overview = practice.coach.overview()
        assert overview.due_points
        assert (overview.rows, overview.target) == (before.rows, None)
        assert overview.trouble is not None
        assert "target --clear" in one_line(overview.trouble)


def test_forgetting_everything_forgets_the_job_and_a_day_does_not(tmp_path: Path) -> None:
    with practising(tmp_path, Settings()) as practice:
        file = TargetFile(practice.paths.target_file)
        file.write(FRAUD)
        forgetter = Forgetter(practice.engines, lambda: practice.coach.bank, practice.paths.takes)
        assert not forgetter.forget(forgetter.find("define-recall", None)).target
        assert file.read()
        assert forgetter.forget(forgetter.find(None, None)).target
        assert file.read() == ""
