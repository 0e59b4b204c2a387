import tomllib
from pathlib import Path

import pytest

from voicecoach.content.check import lint
from voicecoach.content.loader import load_bank
from voicecoach.content.model import Bank, Structure
from voicecoach.content.skeleton import USUAL, prompt_skeleton, rubric_skeleton

STRUCTURES = Path(__file__).resolve().parents[2] / "rubrics" / "structures.toml"


def bank_with(folder: Path, prompt: str, rubric: str) -> Bank:
    for room, text in {"prompts": prompt, "rubrics": rubric}.items():
        (folder / room).mkdir(exist_ok=True)
        (folder / room / "mine.toml").write_text(text, "utf-8")
    (folder / "rubrics" / "structures.toml").write_bytes(STRUCTURES.read_bytes())
    return load_bank([folder])


@pytest.fixture
def structures(tmp_path: Path) -> dict[str, Structure]:
    shipped = tomllib.loads(STRUCTURES.read_text("utf-8"))["structures"]
    any_bank = load_bank([STRUCTURES.parents[1]])
    assert [structure.id for structure in any_bank.structures] == [each["id"] for each in shipped]
    return {structure.id: structure for structure in any_bank.structures}


@pytest.mark.parametrize("name", USUAL)
def test_it_loads_with_a_point_for_each_beat_and_only_placeholders_to_mend(
    tmp_path: Path, structures: dict[str, Structure], name: str
) -> None:
    structure = structures[name]
    bank = bank_with(tmp_path, prompt_skeleton("mine", structure), rubric_skeleton("mine", structure))
    (question,) = bank.questions

    findings = lint(bank)

    assert question.is_definition == (name == "definition")
    assert [point.beat for point in question.points] == [beat.id for beat in structure.beats]
    assert {finding.severity for finding in findings} == {"error"}
    assert all("is a placeholder still (TODO); write here: " in finding.message for finding in findings)
    assert [finding.key for finding in findings[:5]] == [
        *("title", "question", "hint", "model_answer", "follow_ups[0].ask")
    ]
    # A label and the phrasings of each point; a definition has a contrast besides.
    assert len(findings) == 5 + 2 * len(structure.beats) + (2 if question.is_definition else 0)


def test_every_structure_that_ships_has_its_usual_kind(structures: dict[str, Structure]) -> None:
    assert set(USUAL) == set(structures)


def test_the_contrast_that_is_commented_out_is_well_formed(structures: dict[str, Structure]) -> None:
    rubric = rubric_skeleton("mine", structures["star"])
    lines = rubric.splitlines()
    start = lines.index("# [[points.contrasts]]")
    lines[start : start + 7] = [line.removeprefix("# ") for line in lines[start : start + 7]]

    first, *others = tomllib.loads("\n".join(lines))["points"]

    assert len(first["contrasts"][0]["phrasings"]) == 3
    assert "TODO" in first["contrasts"][0]["why"]
    assert not any("contrasts" in point for point in others)


def test_a_title_may_hold_anything_that_is_text(tmp_path: Path, structures: dict[str, Structure]) -> None:
    title = 'The "naïve" one \\ C:\\new # {0} 100 %'
    structure = structures["concept"]
    bank = bank_with(tmp_path, prompt_skeleton("mine", structure, title), rubric_skeleton("mine", structure))

    assert bank.questions[0].title == title


def test_no_line_is_long(structures: dict[str, Structure]) -> None:
    for structure in structures.values():
        text = prompt_skeleton("mine", structure) + rubric_skeleton("mine", structure)
        assert max(len(line) for line in text.splitlines()) <= 120
