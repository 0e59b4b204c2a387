import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.questions import CONCEPT
from voicecoach.content.model import Bank
from voicecoach.errors import EvaluationError
from voicecoach.practice.evaluation.labelled import LabelledSet, read_labelled

BANK = Bank((CONCEPT,), (CONCEPT.structure,), ())
ANSWER = {
    "id": "one",
    "question": CONCEPT.id,
    "style": "strong",
    "text": "Of all alarms, how many were real.",
    "duration_s": 30,
}
LABELS = {"id": "one", "labels": {"precision": "said", "threshold": "partly"}, "contradicted": ["threshold"]}


def write(folder: Path, name: str, *lines: Any) -> None:
    (folder / name).write_text("".join(f"{json.dumps(line)}\n" for line in lines), "utf-8")


def read(folder: Path, answer: Any = ANSWER, labels: Any = LABELS) -> LabelledSet:
    write(folder, "answers.jsonl", answer)
    write(folder, "labels.jsonl", labels)
    return read_labelled(folder, BANK)


def test_an_answer_comes_with_its_labels(tmp_path: Path) -> None:
    (one,) = read(tmp_path).answers

    assert one.question == CONCEPT
    assert one.said == {"precision": 1.0, "threshold": 0.5}
    assert one.contradicted == {"threshold"}
    assert (one.style, one.group, one.duration_s, one.again) == ("strong", "development", 30.0, None)


def test_a_second_pass_and_the_part_of_the_set_are_read_where_they_are(tmp_path: Path) -> None:
    second = {"precision": "not", "threshold": "not"}
    write(tmp_path, "labels-second.jsonl", {**LABELS, "labels": second})

    (one,) = read(tmp_path, {**ANSWER, "set": "test", "duration_s": None}).answers

    assert (one.group, one.again, one.duration_s) == ("test", second, None)


def test_blank_lines_and_a_byte_order_mark_are_passed_over(tmp_path: Path) -> None:
    read(tmp_path)
    (tmp_path / "answers.jsonl").write_text(f"\n{json.dumps(ANSWER)}\r\n\n", "utf-8-sig")

    assert len(read_labelled(tmp_path, BANK).answers) == 1


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"id": 7}, "answers.jsonl: line 1: id: must be text, and not empty."),
        ({"question": "nonsense"}, "answers.jsonl: line 1: question: names none in the bank: 'nonsense'."),
        ({"style": ""}, "answers.jsonl: line 1: style: must be text, and not empty."),
        ({"text": "um ..."}, "answers.jsonl: line 1: text: has no words."),
        ({"text": "a \ud800"}, "answers.jsonl: line 1: text: holds half of a surrogate pair."),
        ({"text": "a" * 200_000}, "answers.jsonl: line 1: text: is longer than 100000 characters."),
        ({"duration_s": 0}, "answers.jsonl: line 1: duration_s: must be a number of seconds, above 0"),
        ({"duration_s": float("nan")}, "answers.jsonl: line 1: duration_s: must be a number of seconds"),
        ({"duration_s": True}, "answers.jsonl: line 1: duration_s: must be a number of seconds"),
        ({"set": "dev"}, """answers.jsonl: line 1: set: must be "development" or "test", not 'dev'."""),
        ({"id": "two"}, "labels.jsonl: line 1: id: is 'one', which no answer in answers.jsonl has."),
    ],
)
def test_a_bad_answer_is_told_with_file_line_and_key(
    change: dict[str, object], told: str, tmp_path: Path
) -> None:
    with pytest.raises(EvaluationError) as found:
        read(tmp_path, {**ANSWER, **change})

    assert f"{tmp_path}/{told}" in found.value.message


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"labels": {"precision": "said"}}, "labels: lacks the point 'threshold' of 'precision-vs-recall'."),
        (
            {"labels": {**LABELS["labels"], "recall": "said"}},  # type: ignore[dict-item]
            "labels: names no point of 'precision-vs-recall': 'recall'.",
        ),
        (
            {"labels": {"precision": "yes", "threshold": "said"}},
            "labels: precision must be labelled one of said, partly, not, wrong, not 'yes'.",
        ),
        ({"labels": []}, "labels: must be an object with a label for each point."),
        ({"contradicted": ["recall"]}, "contradicted: names no point of 'precision-vs-recall': 'recall'."),
        ({"contradicted": "recall"}, "contradicted: must be a list of the points' ids."),
    ],
)
def test_a_bad_label_is_told_with_file_line_and_key(
    change: dict[str, object], told: str, tmp_path: Path
) -> None:
    with pytest.raises(EvaluationError) as found:
        read(tmp_path, labels={**LABELS, **change})

    assert found.value.message == f"{tmp_path}/labels.jsonl: line 1: {told}"


def test_missing_repeated_and_unlabelled_answers_are_told(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"answers.jsonl: there is no such file"):
        read_labelled(tmp_path, BANK)
    write(tmp_path, "answers.jsonl")
    with pytest.raises(EvaluationError, match=r"answers.jsonl: has no answers\."):
        read_labelled(tmp_path, BANK)
    write(tmp_path, "answers.jsonl", ANSWER, ANSWER)
    with pytest.raises(EvaluationError, match=r"line 2: id: is 'one' a second time"):
        read_labelled(tmp_path, BANK)
    write(tmp_path, "answers.jsonl", ANSWER, {**ANSWER, "id": "two"})
    write(tmp_path, "labels.jsonl", LABELS)
    with pytest.raises(EvaluationError, match=r"line 2: id: is 'two', which has no line in labels.jsonl"):
        read_labelled(tmp_path, BANK)
    write(tmp_path, "labels.jsonl", LABELS, LABELS)
    with pytest.raises(EvaluationError, match=r"labels.jsonl: line 2: id: is 'one' a second time"):
        read_labelled(tmp_path, BANK)
    del (without := dict(LABELS))["contradicted"]
    write(tmp_path, "labels.jsonl", without)
    with pytest.raises(EvaluationError, match=r"line 1: contradicted: is missing"):
        read_labelled(tmp_path, BANK)


@pytest.mark.parametrize("content", [b"{", b"[1]", b"[" * 100_000, b"\xff", b'{"id": ' + b"9" * 5000 + b"}"])
def test_what_is_no_json_object_is_told_with_its_line(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "answers.jsonl").write_bytes(b"\n" + content)

    with pytest.raises(EvaluationError, match=r"answers.jsonl: .*line 2") as found:
        read_labelled(tmp_path, BANK)

    assert "\n" not in str(found.value)
