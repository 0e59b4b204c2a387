"""Spoken answers beside a rubric: the file, and where its lines go."""

from pathlib import Path

import pytest

from tests.content.files import RUBRIC, problems_of, write_bank
from voicecoach.content.loader import load_bank
from voicecoach.content.spoken import Line, SpokenAnswer, denies, read_spoken, states_alone

ANSWERS = """\
## right
[+exact] all of it over how many
[+exact +outliers] sum over count and one giant spoils it
[~outliers] watch out for big ones
[] i learned that at school

## wrong
[-exact] you sort them and look in the middle
[+outliers -exact] the middle one which a huge value drags along
[+outliers] a single rich man doubles it
[+outliers] a single rich man doubles it
"""


def spoken_bank(folder: Path, answers: str = ANSWERS) -> Path:
    bank = write_bank(folder)
    path = bank / "rubrics" / "spoken" / "mean.txt"
    path.parent.mkdir()
    path.write_text(answers, "utf-8")
    return bank


def test_a_file_is_read_answer_by_answer(tmp_path: Path) -> None:
    path = spoken_bank(tmp_path) / "rubrics" / "spoken" / "mean.txt"

    (right, wrong), problems = read_spoken(path)

    assert problems == ()
    assert right == SpokenAnswer(
        "mean",
        "right",
        (
            Line("all of it over how many", states=frozenset({"exact"})),
            Line("sum over count and one giant spoils it", states=frozenset({"exact", "outliers"})),
            Line("watch out for big ones", touches=frozenset({"outliers"})),
            Line("i learned that at school"),
        ),
    )
    assert wrong.lines[1].points == {"exact", "outliers"}


def test_a_point_has_what_states_it_alone_and_what_denies_it_once_each(tmp_path: Path) -> None:
    answers, _ = read_spoken(spoken_bank(tmp_path) / "rubrics" / "spoken" / "mean.txt")

    assert states_alone(answers, "exact") == ("all of it over how many",)
    assert states_alone(answers, "outliers") == ("a single rich man doubles it",)
    assert denies(answers, "exact") == ("you sort them and look in the middle",), "half of the other is right"
    assert denies(answers, "outliers") == ()


def test_the_lines_reach_the_points_of_the_question(tmp_path: Path) -> None:
    (question,) = load_bank([spoken_bank(tmp_path)]).questions

    exact, outliers = question.points
    assert exact.spoken == ("all of it over how many",)
    assert exact.denied == ("you sort them and look in the middle",)
    assert outliers.spoken == ("a single rich man doubles it",)
    assert question.remarks == ("i learned that at school",)


@pytest.mark.parametrize(
    "row", ["not marked", "[exact] no sign", "[+] nothing", "[+exact]", "[+exact]no space", "# mean"]
)
def test_a_line_without_proper_marks_is_named(tmp_path: Path, row: str) -> None:
    (problem,) = problems_of(spoken_bank(tmp_path, f"## right\n[] fine\n{row}\n"))
    assert "rubrics/spoken/mean.txt: line 3: " in problem
    assert row[:10] in problem


def test_a_point_that_the_rubric_lacks_is_named_once(tmp_path: Path) -> None:
    (problem,) = problems_of(spoken_bank(tmp_path, "[+exakt] one\n[-exakt] two\n"))
    assert "rubrics/spoken/mean.txt: 'exakt' is no point of" in problem
    assert "exact, outliers" in problem


def test_answers_without_a_rubric_are_named(tmp_path: Path) -> None:
    bank = spoken_bank(tmp_path)
    (bank / "rubrics" / "spoken" / "mean.txt").rename(bank / "rubrics" / "spoken" / "median.txt")
    (problem,) = problems_of(bank)
    assert "rubrics/spoken/median.txt: there is no rubrics/median.toml for it" in problem


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    bank = spoken_bank(tmp_path)
    (bank / "rubrics" / "spoken" / "mean.txt").write_bytes(b"[] a\n\xff\n")
    (problem,) = problems_of(bank)
    assert "rubrics/spoken/mean.txt: is not UTF-8 text (line 2)" in problem


def test_a_link_to_nothing_is_named(tmp_path: Path) -> None:
    bank = spoken_bank(tmp_path)
    path = bank / "rubrics" / "spoken" / "mean.txt"
    path.unlink()
    path.symlink_to(tmp_path / "nothing")
    (problem,) = problems_of(bank)
    assert "rubrics/spoken/mean.txt: is not a file that can be read" in problem


def test_a_later_rubric_takes_the_place_of_the_lines_too(tmp_path: Path) -> None:
    first, second = spoken_bank(tmp_path / "first"), tmp_path / "second"
    write_bank(second, rubric=RUBRIC)

    (question,) = load_bank([first, second]).questions

    assert not any(point.spoken or point.denied for point in question.points)
