"""What a whole session connects to, writes and unpickles. The watch itself is tested first."""

import re
import stat
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.privacy.conftest import (
    ODD_WORDS,
    REPOSITORY,
    WATCH,
    Session,
    bare_environment,
    joined_lines,
    strace_command,
)
from voicecoach.telemetry import SWITCHES

pytestmark = [
    pytest.mark.timeout(900),
    pytest.mark.skipif(sys.platform == "win32", reason="folders, umask and modes are those of POSIX"),
]

MISBEHAVE = """
import os, pickle, socket, tempfile
with socket.socket() as server, socket.socket() as client:
    server.bind(("127.0.0.1", 0))
    server.listen()
    client.connect(server.getsockname())
socket.getaddrinfo("localhost", 80)
with tempfile.NamedTemporaryFile():
    pass
open("written", "w").close()
pickle.loads(pickle.dumps(os.path.join))
import tokenizers
"""


def own_folders(home: Path) -> set[Path]:
    return {home / ".config/voicecoach", home / ".local/share/voicecoach", home / ".cache/voicecoach"}


def watched(code: str, folder: Path) -> str:
    log = folder / "watch.jsonl"
    environment = bare_environment(folder, TMPDIR=str(folder), WATCH_LOG=str(log))
    environment["PYTHONPATH"] = f"{WATCH}:{REPOSITORY}"
    subprocess.run([sys.executable, "-c", code], cwd=folder, env=environment, check=True)
    return log.read_text("utf-8")


def test_the_watch_sees_what_it_is_there_for(tmp_path: Path) -> None:
    log = watched(MISBEHAVE, tmp_path)

    assert '"event": "socket.connect", "family": "AF_INET", "address": "(\'127.0.0.1\'' in log
    assert '"event": "socket.bind"' in log
    assert '"event": "socket.getaddrinfo", "family": "None", "address": "localhost"' in log
    assert f'"path": "{tmp_path / "tmp"}' in log
    assert f'"path": "{tmp_path}/written"' in log
    assert '"what": "pickle", "name": "posixpath.join"' in log
    assert '"library": "tokenizers", "switches": {"HF_HUB_DISABLE_TELEMETRY": "0"' in log


def test_python_reaches_for_nothing_but_local_sockets(watched_session: Session) -> None:
    assert watched_session.report["app"] == 0
    assert [line for line in watched_session.told("network") if line["family"] != "AF_UNIX"] == []


ADDRESSED = re.compile(r"^(?:connect|bind|sendto|sendmsg|sendmmsg)\(.*sa_family=(\w+)")
INSIDE_THE_MACHINE = {"AF_UNIX", "AF_NETLINK"}
"""The second is how programs ask the kernel."""


def test_no_library_reaches_for_anything_else_either(watched_session: Session) -> None:
    if watched_session.traced is None:
        pytest.skip("no strace, or it may not trace here: the empty network namespace shows what it can")
    calls = [call for call in watched_session.traced if ADDRESSED.match(call)]
    outward = [call for call in calls if ADDRESSED.findall(call)[0] not in INSIDE_THE_MACHINE]
    assert outward == []
    assert any("socketpair(AF_UNIX" in call for call in watched_session.traced), "the app's own loop has one"


def test_a_trace_shows_connections(tmp_path: Path) -> None:
    strace = strace_command(tmp_path / "trace")
    if not strace:
        pytest.skip("no strace, or it may not trace here")
    subprocess.run([*strace, sys.executable, "-c", MISBEHAVE], cwd=tmp_path, check=True)
    calls = joined_lines((tmp_path / "trace").read_text("utf-8"))
    assert {family for call in calls for family in ADDRESSED.findall(call)} >= {"AF_INET"}
    assert any("O_CREAT" in call and '"written"' in call for call in calls)


def test_telemetry_is_off_before_any_library_is_imported(watched_session: Session) -> None:
    imported = watched_session.told("import")
    libraries = {line["library"] for line in imported}
    assert {"huggingface_hub", "onnxruntime", "sentence_transformers", "torch"} <= libraries
    assert [line for line in imported if line["switches"] != SWITCHES] == []


def test_only_the_owner_can_read_anything(watched_session: Session) -> None:
    home = watched_session.home
    written = [path for path in home.rglob("*") if path not in own_folders(home)]
    found = {path.name for path in written}

    assert {"history.sqlite3", "settings.toml", "audio.wav", "take.json", "my-project.toml"} <= found
    assert any(name.endswith(".npy") for name in found)
    wrong = {
        str(path.relative_to(home)): oct(stat.S_IMODE(path.lstat().st_mode))
        for path in home.rglob("*")
        if stat.S_IMODE(path.lstat().st_mode) != (0o700 if path.is_dir() else 0o600)
    }
    assert wrong == {}


def programs(session: Session) -> set[str]:
    return {Path(line["arguments"][0]).name for line in session.told("program")}


def elsewhere(session: Session, paths: Iterable[Path]) -> list[Path]:
    """Those that are neither in the program's own folders nor where the session was told to write."""
    folder = session.home.parent
    # What belongs to the sound system and to this test; the kernel's devices.
    others = (folder / "work", folder / "run", folder / "watch.jsonl", Path("/dev"))
    inside = (*own_folders(session.home), *others)
    return [path for path in paths if not any(map(path.is_relative_to, inside))]


def test_nothing_is_written_but_in_the_own_folders(watched_session: Session) -> None:
    if "gcc" in programs(watched_session):
        pytest.skip("PortAudio is missing: Python looks for it with a compiler, which has temporary files")
    folder, before, after = watched_session.temporary
    told = [Path(line["path"]) for line in watched_session.told("write")]
    assert elsewhere(watched_session, told) == []
    assert len(told) > 10
    assert list(folder.iterdir()) == []
    assert after == before, "something was made in TMPDIR and deleted again"
    files = (path for path in watched_session.home.rglob("*") if path.is_file())
    assert elsewhere(watched_session, files) == []


MADE = re.compile(r'^(?:open|openat|creat)\((?:AT_FDCWD, )?"([^"]+)".*O_CREAT.* = \d')
MADE_FOLDER = re.compile(r'^mkdir(?:at)?\((?:AT_FDCWD, )?"([^"]+)".* = 0')


def test_no_library_writes_elsewhere_either(watched_session: Session) -> None:
    if watched_session.traced is None:
        pytest.skip("no strace, or it may not trace here")
    if "gcc" in programs(watched_session):
        pytest.skip("PortAudio is missing: see above")
    home = watched_session.home
    made = [
        home.parent / "work" / found.group(1)
        for call in watched_session.traced
        if (found := MADE.match(call) or MADE_FOLDER.match(call))
    ]
    # The folders above its own are made when they are missing, as on a new account.
    above = {parent for each in own_folders(home) for parent in each.parents}
    assert set(elsewhere(watched_session, made)) <= above
    assert home / ".local/share/voicecoach/history.sqlite3" in made


def test_nothing_is_unpickled(watched_session: Session) -> None:
    assert watched_session.told("pickle") == []


def test_no_other_program_is_run(watched_session: Session) -> None:
    # This is how Python looks for PortAudio.
    assert programs(watched_session) <= {"ldconfig", "gcc", "cc", "ld", "objdump"}


def test_words_are_in_the_history_and_nowhere_else(watched_session: Session) -> None:
    home = watched_session.home
    holding = {
        path.name
        for path in home.rglob("*")
        if path.is_file() and any(word.encode() in path.read_bytes().lower() for word in ODD_WORDS)
    }
    assert holding
    assert holding <= {"history.sqlite3", "history.sqlite3-wal"}
    assert not any(word in watched_session.stderr.lower() for word in ODD_WORDS)
