import json
from pathlib import Path

import pytest

from voicecoach.cli.main import run
from voicecoach.cli.talk import ExitCode
from voicecoach.practice.evaluation.labelled import shipped_set
from voicecoach.practice.evaluation.targets import TARGETS

RIGHT = (
    "Recall is the share of the real positives that the model finds, so true positives over true positives "
    "plus false negatives."
)
WRONG = "Recall is the share of the cases the model flags as positive that really are positive."
VAGUE = "Recall is a really important number that everybody looks at to see how good it is."
PLAIN = "Of everything that was really there, it is how much of it the model managed to find."


@pytest.fixture
def points() -> tuple[str, ...]:
    """The points of the question, whatever they are called in the bank."""
    from voicecoach.content.loader import find_bank_folders, load_bank  # noqa: PLC0415 - one fixture's own

    question = load_bank(find_bank_folders(None, Path("none"))).find("define-recall")
    assert question is not None
    return tuple(point.id for point in question.points)


@pytest.fixture
def folder(tmp_path: Path, points: tuple[str, ...]) -> Path:
    """Four answers to one question, one of them in the test part, two of them labelled twice."""
    made = tmp_path / "labelled"
    made.mkdir()
    answers, labels = [], []
    for style, text, said in (
        ("right1", RIGHT, "said"),
        ("wrong1", WRONG, "wrong"),
        ("vague", VAGUE, "not"),
        ("plain", PLAIN, "said"),
    ):
        entry = {"id": style, "question": "define-recall", "style": style, "text": text, "duration_s": 9}
        answers.append(entry | ({"set": "test"} if style == "plain" else {}))
        labels.append(
            {
                "id": style,
                "labels": dict.fromkeys(points, "not") | {points[0]: said},
                "contradicted": [points[0]] if said == "wrong" else [],
            }
        )
    for name, lines in (("answers", answers), ("labels", labels), ("labels-second", labels[:2])):
        text = "".join(f"{json.dumps(line)}\n" for line in lines)
        (made / f"{name}.jsonl").write_text(text, "utf-8")
    return made


def test_figures_come_as_json_and_the_same_in_each_run(
    folder: Path, home: Path, points: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["eval", str(folder), "--json"]) == ExitCode.FINE
    first = json.loads(capsys.readouterr().out)
    assert run(["eval", str(folder), "--json"]) == ExitCode.FINE
    second = json.loads(capsys.readouterr().out)

    development, test = first["groups"]
    assert (development["name"], development["answers"], test["name"], test["answers"]) == (
        *("development", 3),
        *("test", 1),
    )
    assert development["points"]["every"]["points"] == 3 * len(points)
    assert set(development["points"]["every"]) == {"points", "judge", "keyword_overlap", "window_cosine"}
    assert development["points"]["second"]["labels_kappa"] == 1.0
    assert sum(development["definitions"]["wrong"].values()) == 1
    assert sum(test["definitions"]["right"].values()) == 1
    assert first["misheard"]["flipped"]["of"] == 4 * len(points)
    assert first["heard"] is None
    assert first["times"]["with_embedding_ms"] > first["times"]["judging_ms"] > 0
    assert {each["figure"] for each in first["targets"]} == set(TARGETS) - {"flipped_heard"}
    assert {**first, "times": None, "targets": None} == {**second, "times": None, "targets": None}
    # Someone may have said these answers: only the vectors of the rubric are kept.
    assert len(list(home.rglob("*.npy"))) == 1


def test_the_table_has_every_figure_and_what_a_recogniser_does_to_verdicts(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--engine", "pocketsphinx", "--voice", "espeak", "eval", str(folder)]

    assert run([*arguments, "--spoken", "--limit", "1"]) == ExitCode.FINE
    out, err = capsys.readouterr()

    for line in (
        "test: 1 answer to 1 question",
        "  F1",
        "  Cohen's kappa",
        "    of what was labelled twice",
        "  AUC",
        "  without jargon (",
        "  calibration error",
        "  right1",
        "  right ones judged right",
        "  wrong long answers: one found",
        "  structure: strong > disordered",
        "  at 9% random word error",
        "  spoken and heard, 1 answers",
        "    espeak-ng",
        "  all of it, with embedding",
    ):
        assert f"\n{line}" in out
    assert max(map(len, out.splitlines())) <= 100
    assert "targets met" in out
    assert "Judging 4 answers" in err


def test_a_missed_target_stands_with_the_errors_behind_it(
    folder: Path, points: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    labels = folder / "labels.jsonl"
    labels.write_text(labels.read_text("utf-8").replace(f'"{points[0]}": "said"', f'"{points[0]}": "not"', 1))

    assert run(["eval", str(folder)]) == ExitCode.FINE
    out = capsys.readouterr().out

    missed = out[out.index("\nmissed (development): f1 ") :]
    assert missed.startswith("\nmissed (development): f1 0.000 (≥ 0.90), kappa ")
    assert f"\n  define-recall, right1: {points[0]}: label not, judged covered (" in missed
    assert "\n    “Recall is the share of the real positives" in missed
    assert "f1_plain" not in missed


def test_a_fault_in_the_labels_is_one_line(
    folder: Path, points: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    labels = folder / "labels.jsonl"
    labels.write_text(labels.read_text("utf-8").replace(f'"{points[0]}": "said"', '"nonsense": "said"', 1))

    assert run(["eval", str(folder)]) == ExitCode.FAILED
    err = capsys.readouterr().err

    assert err == (
        f"voicecoach: {labels}: line 1: labels: lacks the point '{points[0]}' of 'define-recall'.\n"
    )


def test_a_limit_is_for_spoken_answers(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["eval", str(folder), "--limit", "3"]) == ExitCode.USAGE
    assert "--limit is for --spoken." in capsys.readouterr().err


def test_the_checkout_brings_labelled_answers() -> None:
    assert shipped_set() == Path(__file__).resolve().parents[1] / "data"
