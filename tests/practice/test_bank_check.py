from collections.abc import Callable
from pathlib import Path

import pytest

from voicecoach.config import Settings, find_paths
from voicecoach.content.check import Finding
from voicecoach.content.loader import load_bank
from voicecoach.content.skeleton import prompt_skeleton, rubric_skeleton
from voicecoach.practice.bank_check import check_bank
from voicecoach.wiring import assemble

CHECKOUT = Path(__file__).resolve().parents[2]
ROOMS = ("prompts", "rubrics")
Check = Callable[[], list[Finding]]
RECALL = "define-recall"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    """One shipped definition with the structures, to break one thing at a time."""
    for room in ROOMS:
        (tmp_path / room).mkdir()
        (tmp_path / room / f"{RECALL}.toml").write_bytes((CHECKOUT / room / f"{RECALL}.toml").read_bytes())
    structures = Path("rubrics", "structures.toml")
    (tmp_path / structures).write_bytes((CHECKOUT / structures).read_bytes())
    return tmp_path


@pytest.fixture
def check(bank: Path, home: Path) -> Check:
    def run() -> list[Finding]:
        engines = assemble(Settings(), find_paths({"VOICECOACH_HOME": str(home)})).engines
        return [found for findings in check_bank(load_bank([bank]), engines) for found in findings]

    return run


def answer_with(bank: Path, text: str) -> None:
    """Put another model answer into the prompt."""
    prompt = bank / "prompts" / f"{RECALL}.toml"
    before, _, rest = prompt.read_text("utf-8").partition('model_answer = """')
    prompt.write_text(f'{before}model_answer = """\n{text}\n"""{rest.partition(chr(34) * 3)[2]}', "utf-8")


def model_answer_findings(check: Check) -> list[str]:
    return [finding.message for finding in check() if finding.key == "model_answer"]


def test_a_good_model_answer_gives_no_finding(check: Check) -> None:
    assert model_answer_findings(check) == []


def test_the_points_that_a_model_answer_misses_are_listed(bank: Path, check: Check) -> None:
    answer_with(
        bank,
        "My grandmother keeps bees in a garden behind the house, and every summer we help her to bring in "
        "the honey. It is hot work, and the bees do not care for visitors at all.",
    )
    (question,) = load_bank([bank]).questions

    (message,) = model_answer_findings(check)

    assert f"does not cover {len(question.points)} points" in message.replace("is not judged to", "does not")
    assert all(repr(point.label) in message for point in question.points)


def test_a_model_answer_that_its_own_rubric_calls_wrong_is_told(bank: Path, check: Check) -> None:
    (question,) = load_bank([bank]).questions
    contrast = question.points[0].contrasts[0]
    answer_with(bank, ". ".join(text.capitalize() for text in contrast.phrasings) + ".")

    wrong = [text for text in model_answer_findings(check) if "is judged to say something wrong" in text]

    assert any(contrast.why in text for text in wrong)


def test_no_model_answer_is_nothing_to_judge(bank: Path, check: Check) -> None:
    answer_with(bank, "")

    assert model_answer_findings(check) == []


def test_words_spelling_and_meaning_are_all_looked_at(bank: Path, check: Check) -> None:
    rubric = bank / "rubrics" / f"{RECALL}.toml"
    (question,) = load_bank([bank]).questions
    point = question.points[0]
    wrong = point.contrasts[0].phrasings[0]
    text = rubric.read_text("utf-8").replace("question =", "# Mine\nquestion =", 1)
    text = text.replace(f'"{point.phrasings[0]}"', f'"{wrong} there", "{point.phrasings[1]}"', 1)
    rubric.write_text(text.replace(point.label, point.label + " recieve"), "utf-8")

    found = {(finding.key, finding.severity): finding.message for finding in check()}

    assert "is nearer the wrong statement" in found["points[0].phrasings[0]", "warning"]
    assert "says the same as points[0].phrasings[1]" in found["points[0].phrasings[2]", "error"]
    assert "is 'receive' meant?" in found["points[0].label", "warning"]


def test_of_a_skeleton_only_the_placeholders_are_told(bank: Path, check: Check) -> None:
    structure = next(each for each in load_bank([bank]).structures if each.id == "definition")
    (bank / "prompts" / "mine.toml").write_text(prompt_skeleton("mine", structure), "utf-8")
    (bank / "rubrics" / "mine.toml").write_text(rubric_skeleton("mine", structure), "utf-8")

    mine = [finding for finding in check() if "mine.toml" in finding.place]

    assert mine
    assert all("placeholder" in finding.message for finding in mine)


def test_a_second_check_needs_no_model(bank: Path, check: Check, home: Path) -> None:
    first = check()
    kept = sorted((home / "cache" / "vectors").iterdir())

    assert check() == first
    assert sorted((home / "cache" / "vectors").iterdir()) == kept
    assert kept
