from pathlib import Path

import pytest

from tests.content.files import PROMPT, RUBRIC, write_bank
from voicecoach.content.check import Finding, Vector, lint, lint_vectors
from voicecoach.content.loader import load_bank
from voicecoach.content.model import Bank
from voicecoach.embedding.minilm import MiniLmEmbedder
from voicecoach.scoring.evidence import rubric_texts

LISTED = '["one huge value drags it along"]'


def bank_of(folder: Path, prompt: str = PROMPT, rubric: str = RUBRIC) -> Bank:
    return load_bank([write_bank(folder, prompt, rubric)])


def findings_at(bank: Bank, key: str) -> list[Finding]:
    return [finding for finding in lint(bank) if finding.key == key]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Is 5 % a lot?", "%"),
        ("Is a > b, or a = b?", "= >"),
        ("What does `fit` do?", "`"),
        ("What is TPRFNR?", "TPRFNR"),
    ],
)
def test_a_question_that_a_voice_misreads_is_found(tmp_path: Path, text: str, named: str) -> None:
    (finding,) = findings_at(bank_of(tmp_path, PROMPT.replace("What is the mean?", text)), "question")

    assert finding.severity == "warning"
    assert finding.place == "prompts/mean.toml"
    assert named in finding.message


def test_a_follow_up_is_voiced_too(tmp_path: Path) -> None:
    bank = bank_of(tmp_path, PROMPT.replace("And the median?", "And the 50 % point?"))

    assert findings_at(bank, "follow_ups[0].ask")


def test_usual_abbreviations_and_marks_are_sayable(tmp_path: Path) -> None:
    text = "Is AUC, in an ML API, a good metric (say, 0.8)? I'd like to hear."

    assert not findings_at(bank_of(tmp_path, PROMPT.replace("What is the mean?", text)), "question")


@pytest.mark.parametrize(("words", "found"), [(24, True), (25, False), (70, False), (71, True), (0, False)])
def test_a_definition_has_25_to_70_words(tmp_path: Path, words: int, found: bool) -> None:
    bank = bank_of(tmp_path, PROMPT.replace("The sum over the count.", " ".join(["word"] * words)))

    assert bool(findings_at(bank, "model_answer")) is found


@pytest.mark.parametrize(("words", "found"), [(149, True), (150, False), (225, False), (226, True)])
def test_a_long_answer_fits_its_window(tmp_path: Path, words: int, found: bool) -> None:
    prompt = PROMPT.replace('"definition"', '"fundamentals"').replace("[10, 30]", "[60, 90]")
    bank = bank_of(tmp_path, prompt.replace("The sum over the count.", " ".join(["word"] * words)))

    assert bool(findings_at(bank, "model_answer")) is found


def with_points(count: int) -> str:
    more = [RUBRIC.split("[[points]]")[2].replace("outliers", f"more-{i}") for i in range(count - 2)]
    return "[[points]]".join([RUBRIC.rstrip() + "\n\n", *more])


@pytest.mark.parametrize(
    ("kind", "points", "found"),
    [
        ("definition", 2, True),
        ("definition", 3, False),
        ("definition", 4, False),
        ("definition", 5, True),
        ("data", 4, True),
        ("data", 5, False),
        ("data", 9, False),
        ("data", 10, True),
    ],
)
def test_the_number_of_points_fits_the_time(tmp_path: Path, kind: str, points: int, found: bool) -> None:
    bank = bank_of(tmp_path, PROMPT.replace('"definition"', f'"{kind}"'), with_points(points))

    assert bool(findings_at(bank, "points")) is found


def test_a_beat_that_no_point_uses_is_found(tmp_path: Path) -> None:
    bank = bank_of(tmp_path, rubric=with_points(3).replace('beat = "use"', 'beat = "what"'))

    assert findings_at(bank, "points") == [
        Finding("warning", "rubrics/mean.toml", "points", "no point belongs to use of the structure 'short'")
    ]


def test_few_phrasings_and_long_labels_are_found(tmp_path: Path) -> None:
    rubric = RUBRIC.replace("Define it", "x" * 49).replace(LISTED, '["a b", "c d", "e f", "g h"]')
    bank = bank_of(tmp_path, rubric=rubric)

    assert [finding.severity for finding in findings_at(bank, "points[0].label")] == ["warning"]
    assert findings_at(bank, "points[0].phrasings")
    assert not findings_at(bank, "points[1].label")
    assert not findings_at(bank, "points[1].phrasings")


@pytest.mark.parametrize(
    ("old", "copy", "key"),
    [
        (LISTED, '["The sum, divided by the count."]', "points[1].phrasings[0]"),
        (LISTED, '["the value in the middle"]', "points[1].phrasings[0]"),
        (
            '["the value in the middle"]',
            '["the median", "the sum divided by the count"]',
            "points[0].contrasts[0].phrasings[1]",
        ),
    ],
)
def test_a_copied_phrasing_is_an_error(tmp_path: Path, old: str, copy: str, key: str) -> None:
    (finding,) = findings_at(bank_of(tmp_path, rubric=RUBRIC.replace(old, copy)), key)

    assert finding.severity == "error"
    assert "says the same as points[0]." in finding.message


def vectors_of(bank: Bank) -> dict[str, Vector]:
    texts = [text for question in bank.questions for text in rubric_texts(question)]
    return dict(zip(texts, MiniLmEmbedder().encode(texts), strict=True))


def test_a_phrasing_under_the_wrong_heading_is_found(tmp_path: Path) -> None:
    rubric = RUBRIC.replace('by how many there are"]', 'by how many there are", "the middle value"]')
    bank = bank_of(tmp_path, rubric=rubric)

    (finding,) = lint_vectors(bank, vectors_of(bank))

    assert (finding.severity, finding.key) == ("warning", "points[0].phrasings[2]")
    assert "'the value in the middle'" in finding.message


def test_points_that_mean_the_same_are_found(tmp_path: Path) -> None:
    same = '["the sum divided by the number of values", "divide the sum by how many there are"]'
    bank = bank_of(tmp_path, rubric=RUBRIC.replace(LISTED, same))

    (finding,) = lint_vectors(bank, vectors_of(bank))

    assert finding.key == "points[1]"
    assert "'exact' and 'outliers' mean nearly the same" in finding.message


@pytest.mark.parametrize(
    ("old", "new", "key", "task"),
    [
        ("Say how it is worked out.", "TODO: a nudge", "hint", "a nudge"),
        ("Define it", "Define the TODO", "points[0].label", "the text"),
        ("the sum divided by the count", "TODO: as in a book", "points[0].phrasings", "as in a book"),
        ("That is the median", "TODO: say why", "points[0].contrasts[0].why", "say why"),
    ],
)
def test_what_is_not_written_yet_is_an_error_that_says_what_to_write(
    tmp_path: Path, old: str, new: str, key: str, task: str
) -> None:
    bank = bank_of(tmp_path, PROMPT.replace(old, new), RUBRIC.replace(old, new))

    (finding,) = lint(bank)

    assert (finding.severity, finding.key) == ("error", key)
    assert f"write here: {task}" in finding.message


def test_placeholders_of_a_list_are_told_together(tmp_path: Path) -> None:
    bank = bank_of(
        tmp_path, rubric=RUBRIC.replace(LISTED, '["TODO: by name", "in full", "TODO: by example"]')
    )

    (finding,) = lint(bank)

    assert finding.key == "points[1].phrasings"
    assert finding.message.endswith("write here: by name; by example")


def test_a_to_do_list_is_no_placeholder(tmp_path: Path) -> None:
    bank = bank_of(tmp_path, PROMPT.replace("Say how it is worked out.", "Think of your todo list."))

    assert not any("placeholder" in finding.message for finding in lint(bank))
