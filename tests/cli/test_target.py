from pathlib import Path

from tests.cli.conftest import Program
from tests.support.office_files import pdf


def test_a_job_is_set_shown_and_cleared(program: Program, tmp_path: Path) -> None:
    assert b"There is no target job" in program("target").stderr
    shown = program("target", "ML engineer, fraud detection").stdout.decode()
    assert shown.startswith("ML engineer, fraud detection\n  ")
    assert "design-fraud-detection: fraud" in shown
    assert program("target").stdout.decode() == shown
    assert b"deleted" in program("target", "--clear").stderr
    assert program("target").stdout == b""


def test_a_description_comes_from_a_file_or_stdin(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "job.pdf"
    path.write_bytes(pdf(["AI Engineer", "Retrieval augmented generation, hallucination, rerankers"]))
    assert "reduce-hallucination" in program("target", "--file", str(path)).stdout.decode()
    assert (
        "design-demand-forecasting"
        in program("target", "--file", "-", stdin=b"Demand forecasting").stdout.decode()
    )


def test_a_job_that_is_no_text_leaves_the_one_that_is_set(program: Program) -> None:
    shown = program("target", "ML engineer, fraud detection").stdout
    for stdin, told in (
        (b"fraud \xff\xfe", b"stdin: is not UTF-8 text (line 1)"),
        (b"x" * 2_000_000, b"1 MB"),
    ):
        refused = program("target", "--file", "-", stdin=stdin)
        assert (refused.returncode, told in refused.stderr) == (3, True), refused.stderr
    assert program("target").stdout == shown


def test_wrong_ways_of_asking_are_one_line(program: Program, tmp_path: Path) -> None:
    assert program("target", "fraud", "--clear").returncode == 2
    assert program("target", "--file", "-", stdin=b" \n").returncode == 2
    finished = program("target", "--file", str(tmp_path / "none.pdf"))
    assert (finished.returncode, b"no such file" in finished.stderr) == (3, True)
