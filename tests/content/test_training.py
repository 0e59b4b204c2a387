"""Rounds, roles, plans and warning rules: what a bank holds beside its questions."""

import shutil
from pathlib import Path

import pytest

from tests.content.files import PROMPT, problems_of, write_bank
from voicecoach.content.loader import load_bank
from voicecoach.content.model import Plan, PlanStep, RoleGuide, Round, Slot, WarningRule

TRAINING = """
[[rounds]]
id = "short"
label = "Short"
about = "One question."
slots = [{ ask = 1, questions = ["mean", "average"] }]

[[roles]]
id = "mle"
label = "Engineer"
about = "Means."
drill = ["mean"]

[[plans]]
id = "two-days"
label = "Two days"
about = "In a hurry."

[[plans.steps]]
label = "Learn"
task = "Say it."
days = [1, 1]
questions = ["mean"]

[[plans.steps]]
label = "Rest"
task = "Sleep."
days = [2, 2]
"""

WARNINGS = """
[[warnings]]
id = "no-unit"
message = "Name the unit."
kinds = ["definition", "story"]
when = ["mean"]
unless = ["metre*"]
unless_beats = ["use"]

[[warnings]]
id = "we"
message = "Say I."
kinds = ["story"]
when = ["we"]
times = 3
unless_own_work = true
"""


def write(folder: Path, training: str = TRAINING, warnings: str = WARNINGS) -> Path:
    """The small bank with a second question "average"."""
    write_bank(folder)
    (folder / "prompts/average.toml").write_text(PROMPT.replace('id = "mean"', 'id = "average"'), "utf-8")
    rubric = (folder / "rubrics/mean.toml").read_text("utf-8")
    (folder / "rubrics/average.toml").write_text(
        rubric.replace('question = "mean"', 'question = "average"'), "utf-8"
    )
    (folder / "prompts/training.toml").write_text(training, "utf-8")
    (folder / "rubrics/warnings.toml").write_text(warnings, "utf-8")
    return folder


def test_everything_in_the_file_reaches_the_bank(tmp_path: Path) -> None:
    bank = load_bank([write(tmp_path)])

    assert bank.rounds == (Round("short", "Short", "One question.", (Slot(1, ("mean", "average")),)),)
    assert bank.roles == (RoleGuide("mle", "Engineer", "Means.", ("mean",)),)
    steps = (PlanStep("Learn", "Say it.", 1, ("mean",)), PlanStep("Rest", "Sleep.", 2, ()))
    assert bank.plans == (Plan("two-days", "Two days", "In a hurry.", steps),)
    assert bank.plans[0].days == 2
    assert [question.id for question in bank.questions] == ["average", "mean"]


def test_a_rule_reaches_the_questions_of_its_kinds(tmp_path: Path) -> None:
    question = load_bank([write(tmp_path)]).questions[0]

    assert question.warnings == (
        WarningRule(
            "no-unit", "Name the unit.", ("definition", "story"), ("mean",), 1, ("metre*",), ("use",)
        ),
    )


def test_a_bank_needs_neither_file(tmp_path: Path) -> None:
    bank = load_bank([write_bank(tmp_path)])

    assert (bank.rounds, bank.roles, bank.plans) == ((), (), ())
    assert bank.questions[0].warnings == ()


def test_a_later_folder_overrides_by_id(tmp_path: Path) -> None:
    own = write(
        tmp_path / "own",
        TRAINING.replace('about = "One question."', 'about = "Mine."'),
        WARNINGS.replace("Name the unit.", "In metres?"),
    )
    shutil.copytree(write(tmp_path / "shipped"), tmp_path / "bank")

    bank = load_bank([tmp_path / "bank", own])

    assert [each.about for each in bank.rounds] == ["Mine."]
    assert [rule.message for rule in bank.questions[0].warnings] == ["In metres?"]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            '["mean", "average"]',
            '["mean", "median"]',
            "rounds 'short': slots[0].questions: there is no question 'median'",
        ),
        ("ask = 1", "ask = 3", "rounds 'short': slots[0].ask: asks 3 of 2 questions"),
        ("ask = 1", "ask = 0", "rounds[0].slots[0].ask: must not be below 1"),
        ('["mean", "average"]', '["mean", "mean"]', "rounds 'short': slots[0].questions: names 'mean' twice"),
        ('drill = ["mean"]', 'drill = ["mode"]', "roles 'mle': drill: there is no question 'mode'"),
        ('id = "mle"', 'id = "boss"', "roles[0].id: 'boss' is not one of"),
        ("days = [2, 2]", "days = [3, 3]", "plans[0].steps: day 3 must follow on day 1: no gap, no overlap"),
        ("days = [1, 1]", "days = [0, 1]", "plans[0].steps[0].days: must be two day numbers"),
        ("days = [1, 1]", 'days = ["a"]', "plans[0].steps[0].days[0]: must be a whole number"),
        ("drill =", "dril =", "roles[0].dril: is not a key that is known here (is 'drill' meant?)"),
    ],
)
def test_a_mistake_in_the_training_file_is_told_with_its_key(
    tmp_path: Path, old: str, new: str, problem: str
) -> None:
    assert old in TRAINING

    found = problems_of(write(tmp_path, TRAINING.replace(old, new)))

    assert any(told.startswith(f"prompts/training.toml: {problem}") for told in found)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("times = 3", "times = 0", "warnings[1].times: must not be below 1"),
        ('id = "we"', 'id = "no-unit"', "warnings[1].id: 'no-unit' is there more than once"),
        ('message = "Say I."', "", "warnings[1].message: is missing"),
        ("unless =", "except =", "warnings[0].except: is not a key that is known here"),
    ],
)
def test_a_mistake_in_the_rules_is_told_with_its_key(
    tmp_path: Path, old: str, new: str, problem: str
) -> None:
    found = problems_of(write(tmp_path, warnings=WARNINGS.replace(old, new)))

    assert any(told.startswith(f"rubrics/warnings.toml: {problem}") for told in found)


@pytest.mark.parametrize("name", ["warnings", "structures"])
def test_a_question_cannot_take_the_name_of_a_file_that_holds_something_else(
    tmp_path: Path, name: str
) -> None:
    write(tmp_path)
    (tmp_path / f"prompts/{name}.toml").write_text(PROMPT.replace('id = "mean"', f'id = "{name}"'), "utf-8")

    assert any("take another id" in told for told in problems_of(tmp_path))
