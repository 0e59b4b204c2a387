"""Bad input for the command line, batches and typed answers."""

import contextlib
import io
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hypothesis import strategies as st

from tests.support.bad_input.probe import (
    QUESTION_ID,
    REPOSITORY,
    Prepared,
    assert_line,
)
from tests.support.mutations import (
    ODD_TEXTS,
    Content,
    Special,
    json_bombs,
    json_of,
    odd_texts,
    place,
    spoilt_bytes,
    spoilt_tree,
    toml_bombs,
)
from voicecoach.errors import VoicecoachError


@contextmanager
def _streams() -> Iterator[tuple[io.BytesIO, io.StringIO]]:
    """What the program writes to standard output and standard error."""
    out, err = io.BytesIO(), io.StringIO()
    told = io.TextIOWrapper(out, "utf-8", write_through=True)
    with contextlib.redirect_stdout(told), contextlib.redirect_stderr(err):
        yield out, err
    told.detach()  # or it would close what it wrote to


@contextmanager
def _home(folder: Path) -> Iterator[None]:
    """The program's folders, and nothing of this machine's settings or models."""
    kept = dict(os.environ)
    for name in [name for name in os.environ if name.startswith("VOICECOACH_")]:
        del os.environ[name]
    # No recogniser is there, so that recordings are refused before minutes are spent on hearing them.
    os.environ.update(
        VOICECOACH_HOME=str(folder / "home"), VOICECOACH_ENGINE="whisper", HF_HUB_CACHE=str(folder / "none")
    )
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(kept)


LINES = (
    {"id": "a", "question": QUESTION_ID, "duration_s": 30, "text": "Accuracy is misleading."},
    {"id": 7, "question": QUESTION_ID, "text": "One class is much rarer than the other."},
    {"id": "c", "question": QUESTION_ID, "audio": "missing.wav"},
)


def batch(folder: Path) -> Prepared:
    """Lines of `score --batch`."""
    from voicecoach.cli.batch import score_lines  # noqa: PLC0415 - a probe's own
    from voicecoach.cli.session import Session  # noqa: PLC0415 - a probe's own

    (folder / "text.wav").write_text("no sound", "utf-8")
    with _home(folder):
        session = Session(None, {})
        session.assembly  # noqa: B018 - built while the home is known

    def probe(batch: bytes) -> None:
        with _home(folder), _streams() as (out, err):
            failed = score_lines(session, io.BytesIO(batch), folder)
        results = [json.loads(line) for line in out.getvalue().splitlines()]
        assert "unexpected" not in out.getvalue().decode()
        assert "Traceback" not in err.getvalue()
        assert sum("error" in result for result in results) == failed
        for result in results:
            assert_line(result.get("error", ""))
        if failed:
            raise VoicecoachError("Lines could not be scored.")

    whole = [json_of(line) + b"\n" for line in LINES]
    lines = spoilt_bytes([*whole, b"".join(whole)]) | spoilt_tree(LINES).map(json_of)
    bombs = [bomb for bomb in json_bombs() if isinstance(bomb, bytes)]
    for key in LINES[0]:
        bombs += [json_of({**LINES[0], key: text}) for text in ODD_TEXTS]
    bombs += [json_of({**LINES[2], "audio": text}) for text in (*ODD_TEXTS, "text.wav", ".", "/dev/zero")]
    return lines, bombs, probe


COMMANDS = ("score", "show", "list", "history", "new", "check", "models", "forget", "practice", "doctr", "")
OPTIONS = (
    *("--bank", "--engine", "--model", "--language", "--voice", "--version", "--help", "-h", "--json", "--"),
    *("--text", "--question", "--duration", "--batch", "--structure", "--title", "--day", "--everything"),
)


def command_line(folder: Path) -> Prepared:
    """What stands behind `voicecoach`."""
    from voicecoach.cli.main import run  # noqa: PLC0415 - a probe's own
    from voicecoach.cli.talk import ExitCode  # noqa: PLC0415 - a probe's own

    (folder / "text.txt").write_text("Accuracy is misleading.", "utf-8")
    (folder / "lines.jsonl").write_bytes(json_of(LINES[2]))
    (folder / "pipe").unlink(missing_ok=True)
    os.mkfifo(folder / "pipe")
    files = [str(folder / name) for name in ("text.txt", "lines.jsonl", "missing", "")]
    words = st.sampled_from([*files, QUESTION_ID, "1", "nan", "whisper", "en", "2026-01-01"]) | odd_texts()
    # "check" without a path would compare the meanings of the whole bank each time.
    known = st.sampled_from([name for name in COMMANDS if name != "check"])

    def probe(arguments: list[str]) -> None:
        with _home(folder), contextlib.chdir(folder), _streams() as (out, err):
            code = run(arguments)
        told = out.getvalue().decode("utf-8", "replace") + err.getvalue()
        assert code in (ExitCode.FINE, ExitCode.FOUND, ExitCode.USAGE, ExitCode.FAILED), (code, told[:500])
        assert "Traceback" not in told
        for line in err.getvalue().splitlines():
            assert_line(line)
        if code != ExitCode.FINE:
            assert told.strip()
            raise VoicecoachError("The command line was refused.")

    cases = st.tuples(
        st.lists(st.sampled_from(OPTIONS) | words, max_size=2),
        st.lists(known, max_size=1),
        st.lists(st.sampled_from(OPTIONS) | words, max_size=5),
    ).map(lambda parts: [*parts[0], *parts[1], *parts[2]])
    bombs = [[name, text] for name in COMMANDS for text in (*ODD_TEXTS, "x" * 1_000_000)]
    bombs += [[*before, text] for before in _TAKES_WORD for text in (*ODD_TEXTS, "x" * 1_000_000)]
    bombs += [["score", str(folder / "pipe"), "--question", QUESTION_ID], ["--bank", str(folder / "pipe")]]
    bombs += [["score", "--text", "/dev/zero", "--question", QUESTION_ID], ["score", "--batch", "/dev/zero"]]
    return cases, bombs, probe


_TAKES_WORD = (
    *(["--model"], ["--language"], ["--bank"], ["--model", "x", "score", "a", "--question"]),
    *(["new", "x", "--title"], ["new", "x", "--structure"], ["forget", "--yes", "--question"]),
    *(["forget", "--yes", "--day"], ["score", "--question", QUESTION_ID, "--text"], ["score", "--batch"]),
    *(["score", "--question", QUESTION_ID, "--duration"], ["models", "download"], ["check"]),
)


def typed_answer(folder: Path) -> Prepared:
    """The file of `score --text`."""
    from voicecoach.cli.commands.score import read_text  # noqa: PLC0415 - a probe's own
    from voicecoach.practice.typed import transcript_of  # noqa: PLC0415 - a probe's own
    from voicecoach.scoring.clauses import split_clauses  # noqa: PLC0415 - a probe's own

    path = folder / "answer.txt"
    whole = (REPOSITORY / "voicecoach" / "demo" / "answer.txt").read_bytes()

    def probe(content: Content) -> None:
        place(path, content)
        split_clauses(transcript_of(read_text(path), None), ())

    bombs = [bomb for bomb in (*toml_bombs(), *json_bombs()) if bomb is not Special.PIPE]
    bombs += [b"word " * 200_000, b"a" * 1_000_000, b". " * 500_000, "\u0301".encode() * 400_000]
    return spoilt_bytes([whole]) | odd_texts().map(_utf8), bombs, probe


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
