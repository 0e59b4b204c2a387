"""Two runs of a whole session: one watched, one in a network namespace with nothing in it."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.support.missing import missing
from tests.support.sounds import save
from voicecoach.audio.decode import decode
from voicecoach.clip import AudioClip

REPOSITORY = Path(__file__).parents[2]
WATCH = Path(__file__).parent / "watch"
DEMO_ANSWER = REPOSITORY / "voicecoach" / "demo" / "answer.ogg"
RECORDED_S = 16
WORDS = (
    "Imbalanced data means that one class is very rare, like a zanzibar marmalade among ten thousand jars. "
    "Accuracy is misleading, because a model that always predicts the majority class is right almost always."
)
"""A typed answer; nobody but a person would put its odd words anywhere."""
ODD_WORDS = ("zanzibar", "marmalade")


@dataclass(frozen=True)
class Session:
    """What a whole session left behind.

    Attributes:
        home: The person's home folder, where the program's own folders are.
        temporary: Where TMPDIR pointed, with its time of change in ns before and after.
        report: From `whole_session`.
        watched: Lines of the watch, in order.
        traced: Lines of strace; None where it cannot be used.
        stderr: Of the process as a whole.
    """

    home: Path
    temporary: tuple[Path, int, int]
    report: dict[str, Any]
    watched: list[dict[str, Any]] = field(default_factory=list)
    traced: list[str] | None = None
    stderr: str = ""

    def told(self, what: str) -> list[dict[str, Any]]:
        """Lines of the watch of one kind."""
        return [line for line in self.watched if line["what"] == what]

    def command(self, *start: str) -> dict[str, Any]:
        """What became of the command that begins so."""
        found = [each for each in self.report["commands"] if each["arguments"][: len(start)] == list(start)]
        assert len(found) == 1, start
        return dict(found[0])


def bare_environment(home: Path, **more: str) -> dict[str, str]:
    """A person's environment without anything that could switch something off for us.

    CI would: onnxruntime, for one, reports nothing where a variable of a CI service is set.
    """
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
        "PYTHONPATH": str(REPOSITORY),
        "VOICECOACH_ENGINE": "pocketsphinx",
        "VOICECOACH_VOICE": "espeak",
        # What a person may have set for other programs.
        "HF_HUB_DISABLE_TELEMETRY": "0",
        "ORT_DISABLE_TELEMETRY": "0",
        **more,
    }


def strace_command(log: Path) -> list[str]:
    """strace of the network and of files that are made, or nothing where it is not allowed."""
    program = shutil.which("strace")
    if program is None:
        return []
    command = [program, "-f", "--seccomp-bpf", "-qq", "-e", "trace=%network,open,openat,creat,mkdir,mkdirat"]
    command += ["-e", "signal=none", "-o", str(log)]
    tried = subprocess.run([*command, "true"], capture_output=True, check=False)
    return command if tried.returncode == 0 else []


def run_session(
    folder: Path, prefix: Sequence[str], environment: Mapping[str, str], *command: str
) -> Session:
    """Run a whole session in a home of its own, with no umask to hide behind.

    Args:
        folder: Everything is in it.
        prefix: What runs the session.
        environment: Besides a bare one.
        command: One more command of the program for the session's end.
    """
    home, temporary, work, run = (folder / name for name in ("home", "tmp", "work", "run"))
    for each in (home, temporary, work, run):
        each.mkdir(mode=0o700)
    # Every desktop has such a folder; without one, the sound system puts its own things into the home folder.
    places = {"TMPDIR": str(temporary), "XDG_RUNTIME_DIR": str(run)}
    clip = decode(DEMO_ANSWER)
    recording = save(work / "answer.wav", AudioClip(clip.samples[: RECORDED_S * clip.rate], clip.rate))
    (work / "answer.txt").write_text(WORDS, "utf-8")
    before = temporary.stat().st_mtime_ns
    given = (recording, work / "answer.txt", work / "demo", work / "report.json")
    done = subprocess.run(
        [*prefix, sys.executable, "-m", "tests.privacy.whole_session", *map(str, given), *command],
        cwd=work,
        env={**bare_environment(home, **places, PYTHONDONTWRITEBYTECODE="1"), **environment},
        capture_output=True,
        text=True,
        check=False,
        umask=0,
    )
    assert done.returncode == 0, done.stderr
    report = json.loads((work / "report.json").read_text("utf-8"))
    after = temporary.stat().st_mtime_ns
    return Session(home, (temporary, before, after), report, stderr=done.stderr)


@pytest.fixture(scope="session")
def watched_session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    """A session under the audit hook, and under strace where there is one."""
    folder = tmp_path_factory.mktemp("watched")
    log, trace = folder / "watch.jsonl", folder / "strace.txt"
    strace = strace_command(trace)
    more = {"PYTHONPATH": f"{WATCH}{os.pathsep}{REPOSITORY}", "WATCH_LOG": str(log)}
    session = run_session(folder, strace, more)
    return Session(
        session.home,
        session.temporary,
        session.report,
        [json.loads(line) for line in log.read_text("utf-8").splitlines()],
        joined_lines(trace.read_text("utf-8", "replace")) if strace else None,
        session.stderr,
    )


def joined_lines(trace: str) -> list[str]:
    """Calls of a trace; those that another thread interrupted are put together."""
    calls: list[str] = []
    begun: dict[str, str] = {}
    for line in trace.splitlines():
        thread, _, call = line.partition(" ")
        if call.endswith("<unfinished ...>"):
            begun[thread] = call.removesuffix("<unfinished ...>")
        elif resumed := re.match(r"\s*<\.\.\. \w+ resumed>(.*)", call):
            calls.append(begun.pop(thread, "") + resumed.group(1))
        else:
            calls.append(call.strip())
    return calls + list(begun.values())


@pytest.fixture(scope="session")
def empty_network() -> list[str]:
    """A command that runs another one in a network namespace without any network, not even loopback."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    command = ["unshare", "--net"] if is_root else ["unshare", "--map-root-user", "--net"]
    if shutil.which("unshare") is None:
        reason = "there is no unshare"
    else:
        tried = subprocess.run([*command, "true"], capture_output=True, text=True, check=False)
        reason = tried.stderr.strip() if tried.returncode else ""
    if reason:
        message = f"no empty network namespace: {reason}"
        if is_root:
            missing(message)
        pytest.skip(message)
    return command


@pytest.fixture(scope="session")
def lonely_session(tmp_path_factory: pytest.TempPathFactory, empty_network: list[str]) -> Session:
    """A session where no network is."""
    folder = tmp_path_factory.mktemp("lonely")
    return run_session(folder, empty_network, {}, "models", "download", "small.en")
