import wave
from pathlib import Path

import pytest

from tests.cli.conftest import Program
from voicecoach.audio.decode import decode
from voicecoach.cli.commands.demo import ANSWER as DEMO_ANSWER
from voicecoach.cli.main import run
from voicecoach.cli.talk import ExitCode
from voicecoach.content.loader import find_bank_folders, load_bank
from voicecoach.scoring.contract import from_json

ANSWER = (
    "Imbalanced data means that one class is very rare. Accuracy is misleading, because a model that always "
    "predicts the majority class is right almost every time. I look at precision and recall of that class."
)


@pytest.fixture
def spoken(tmp_path: Path) -> Path:
    """The first sentences of the answer that ships, as another program would have recorded them."""
    clip = decode(DEMO_ANSWER)
    path = tmp_path / "answer.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(clip.rate)
        file.writeframes(clip.samples[: 21 * clip.rate].tobytes())
    return path


def test_typed_text_from_stdin_is_scored(program: Program, home: Path) -> None:
    done = program(
        "score",
        "--text",
        "-",
        "--question",
        "imbalanced-data",
        "--duration",
        "20",
        "--json",
        stdin=ANSWER.encode(),
    )
    card = from_json(done.stdout.decode("utf-8"))
    states = {point.id: point.state for point in card.points}

    assert done.returncode == ExitCode.FINE
    assert done.stdout.count(b"\n") == 1
    assert card.engine.name == "text"
    assert card.duration_s == 20
    assert states["what-it-is"] == "covered"
    assert states["accuracy-misleads"] == "covered"
    assert states["threshold-by-cost"] == "missing"
    assert not (home / "data").exists()


def test_a_recording_is_heard_and_scored(program: Program, spoken: Path, home: Path) -> None:
    done = program(
        "--engine", "pocketsphinx", "score", str(spoken), "--question", "imbalanced-data", NO_COLOR="1"
    )
    out = done.stdout.decode("utf-8")

    assert done.returncode == ExitCode.FINE
    assert out.splitlines()[0] == "Handling imbalanced data  (imbalanced-data)"
    assert out.splitlines()[2].endswith(" of 100")
    assert "Heard by pocketsphinx" in out
    assert '"' in out.partition("Coverage:")[2].partition("Accuracy:")[0], "no point has a quote"
    assert b"Scoring " in done.stderr
    assert not (home / "data").exists()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\xff\xfe", "is not UTF-8 text (line 1)"),
        (b"fine\nno\xff", "is not UTF-8 text (line 2)"),
        (b"x" * ((1 << 20) + 1), "is larger than 1 MB"),
        (b"", "There are no words to judge."),
        (b" \n\t", "There are no words to judge."),
    ],
)
def test_text_that_is_no_answer_is_one_line(
    content: bytes, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "answer.txt"
    file.write_bytes(content)

    assert run(["score", "--text", str(file), "--question", "imbalanced-data"]) == ExitCode.FAILED
    out, err = capsys.readouterr()
    assert out == ""
    assert told in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("source", ["--text", "audio"])
@pytest.mark.parametrize("name", ["missing.wav", "folder", "text.wav"])
def test_a_file_that_cannot_be_read_is_one_line(
    source: str, name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "text.wav").write_bytes(b"\xffnot sound")
    given = [source] if source == "--text" else []

    arguments = ["score", *given, str(tmp_path / name), "--question", "imbalanced-data"]
    assert run(arguments) == ExitCode.FAILED
    out, err = capsys.readouterr()
    assert out == ""
    assert name in err
    assert err.count("\n") == 1


def test_the_demo_shows_the_whole_way(program: Program, tmp_path: Path, home: Path) -> None:
    done = program("--engine", "pocketsphinx", "demo", NO_COLOR="1")
    out = tmp_path / "build" / "demo"
    card = from_json((out / "card.json").read_text("utf-8"))
    question = load_bank(find_bank_folders(None, home)).find("imbalanced-data")
    assert question is not None

    assert done.returncode == ExitCode.FINE
    assert done.stdout.decode("utf-8") == (out / "card.txt").read_text("utf-8")
    assert question.text in done.stderr.decode("utf-8")
    with wave.open(str(out / "question.wav")) as sound:
        assert sound.getnframes() / sound.getframerate() > 3
    assert card.engine.name == "pocketsphinx"
    assert "covered" in {point.state for point in card.points}
    assert card.accuracy.verdict == "wrong"
    assert card.accuracy.contradictions + card.accuracy.check
    assert card.rambling.off_point
    assert card.delivery.measured_pauses
    assert card.delivery.long_pauses
    assert not (home / "data").exists()


def test_a_demo_folder_that_cannot_be_made_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()

    assert run(["demo", "--out", str(tmp_path / "file" / "demo")]) == ExitCode.FAILED
    assert "cannot be written to" in capsys.readouterr().err
