import io
import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Program
from tests.support.sounds import noise
from voicecoach.audio.wav import write_wav
from voicecoach.cli.batch import MAX_LINE_BYTES, score_lines
from voicecoach.cli.main import run
from voicecoach.cli.session import Session
from voicecoach.cli.talk import ExitCode

GOOD = (
    b'{"id": "good", "question": "imbalanced-data", "duration_s": 30, "label": 2, '
    b'"text": "Accuracy is misleading, since always saying no is right almost always."}'
)


def results(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


@pytest.mark.parametrize(
    ("line", "line_id", "told"),
    [
        (b"nonsense", None, "is not JSON: Expecting value (column 1)"),
        (b"[1, 2]", None, "is not a JSON object"),
        (b"\xff\xfe{}", None, "is not UTF-8 text (byte 1)"),
        (b"[" * 200_000, None, "is not JSON: nested too deeply"),
        (b'{"id": ' + b"9" * 5_000 + b"}", None, "is not JSON: nested too deeply, or a number too long"),
        (b'{"id": "' + b"x" * MAX_LINE_BYTES + b'"}', None, "is longer than 1 MB"),
        (b'{"question": "imbalanced-data", "text": "a"}', None, 'has no "id"'),
        (b'{"id": null}', None, '"id" must be text or a whole number'),
        (b'{"id": true}', None, '"id" must be text or a whole number'),
        (b'{"id": {"a": 1}}', None, '"id" must be text or a whole number'),
        (b'{"id": 7}', 7, 'has no "question"'),
        (b'{"id": "a", "question": 3}', "a", '"question" must be text'),
        (b'{"id": "a", "question": "x"}', "a", 'must have one of "text" and "audio"'),
        (
            b'{"id": "a", "question": "x", "text": "y", "audio": "z"}',
            "a",
            'must have one of "text" and "audio"',
        ),
        (b'{"id": "a", "question": "x", "text": ["y"]}', "a", '"text" must be text'),
        (b'{"id": "a", "question": "x", "text": "\\ud800"}', "a", '"text" holds half of a surrogate pair'),
        (b'{"id": "a", "question": "x", "audio": ""}', "a", '"audio" names no file'),
        (b'{"id": "a", "question": "x", "audio": "a\\u0000b"}', "a", '"audio" names no file'),
        (
            b'{"id": "a", "question": "x", "text": "y", "duration_s": "9"}',
            "a",
            '"duration_s" must be a number',
        ),
        (
            b'{"id": "a", "question": "x", "text": "y", "duration_s": true}',
            "a",
            '"duration_s" must be a number',
        ),
        (
            b'{"id": "a", "question": "x", "text": "y", "duration_s": NaN}',
            "a",
            '"duration_s" must be above 0',
        ),
        (b'{"id": "a", "question": "x", "text": "y", "duration_s": 0}', "a", '"duration_s" must be above 0'),
        (
            b'{"id": "a", "question": "x", "text": "y", "duration_s": 1e400}',
            "a",
            '"duration_s" must be above 0',
        ),
        (b'{"id": "a", "question": "imbalanced", "text": "y"}', "a", "Did you mean imbalanced-data"),
        (
            b'{"id": "a", "question": "imbalanced-data", "audio": "no.wav"}',
            "a",
            "no.wav: there is no such file",
        ),
    ],
)
def test_a_bad_line_becomes_an_error_of_its_own(
    line: bytes, line_id: object, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    failed = score_lines(Session(None, {}), io.BytesIO(b"\n" + line + b"\n"), tmp_path)
    (result,) = results(capsys.readouterr().out)

    assert failed == 1
    assert list(result) == ["id", "error"]
    assert result["id"] == line_id
    assert result["error"].startswith("line 2: ")
    assert told in result["error"]


def test_a_lone_surrogate_in_an_id_comes_back_as_it_was(capsys: pytest.CaptureFixture[str]) -> None:
    score_lines(Session(None, {}), io.BytesIO(b'{"id": "\\ud800"}'), Path())

    assert results(capsys.readouterr().out)[0]["id"] == "\ud800"


def test_what_follows_a_line_that_is_too_long_is_read_as_lines(capsys: pytest.CaptureFixture[str]) -> None:
    stream = io.BytesIO(
        b"x" * (3 * MAX_LINE_BYTES + 5) + b"\n" + b'{"id": 2}\n' + b"x" * (MAX_LINE_BYTES + 1)
    )

    assert score_lines(Session(None, {}), stream, Path()) == 3
    assert [r["error"].partition(":")[0] for r in results(capsys.readouterr().out)] == [
        "line 1",
        "line 2",
        "line 3",
    ]


def test_good_and_bad_lines_come_back_in_order(program: Program, tmp_path: Path) -> None:
    lines = (b"\xef\xbb\xbf" + GOOD, b"", b"nonsense", b"   ", GOOD.replace(b'"good"', b"5"), b'{"id": "x"}')
    (tmp_path / "answers.jsonl").write_bytes(b"\r\n".join(lines))

    done = program("score", "--batch", "answers.jsonl")
    first, bad, second, empty = results(done.stdout.decode("utf-8"))

    assert done.returncode == ExitCode.FOUND
    assert next(iter(first)) == "id"
    assert (first["id"], second["id"]) == ("good", 5)
    assert first["question"] == "imbalanced-data"
    assert first["duration_s"] == 30
    assert {**first, "id": 5} == second
    assert bad == {"id": None, "error": "line 3: is not JSON: Expecting value (column 1)"}
    assert empty["error"] == 'line 6: has no "question"'
    assert b"2 lines could not be scored" in done.stderr
    assert not (tmp_path / "home" / "data" / "history.sqlite3").exists()


def test_a_missing_batch_and_an_empty_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.touch()

    assert run(["score", "--batch", str(empty)]) == ExitCode.FINE
    assert capsys.readouterr().out == ""
    assert run(["score", "--batch", str(tmp_path / "none.jsonl")]) == ExitCode.FAILED
    assert "none.jsonl: cannot be read: No such file or directory." in capsys.readouterr().err


def test_a_name_with_spaces_of_any_kind_is_a_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = "Recording at 9.41\u202fAM\u00a0\u3000.wav"
    write_wav(tmp_path / name, noise(0.5))
    line = json.dumps({"id": "a", "question": "imbalanced-data", "audio": name}).encode()

    score_lines(Session(None, {"engine": "pocketsphinx"}), io.BytesIO(line), tmp_path)
    (result,) = results(capsys.readouterr().out)

    assert "No speech was heard in" in result["error"], "the file was found and read"
