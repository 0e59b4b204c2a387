"""Work on a history, killed before each step that it takes in the file system, one run for each."""

import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path

STEPS = ("open", "os.rename", "os.link", "os.remove", "os.chmod", "sqlite3.connect")
"""Names of Python's audit events: what changes a folder or opens something in it."""


def killed_at_every_step(
    file: Path, work: Callable[[Path], object], check: Callable[[Path, bool], None]
) -> int:
    """Run some work on copies of a folder until a run ends by itself.

    Call it in a process that has no threads: it forks.

    Args:
        file: A history; its whole folder is copied for each run.
        work: What is killed; called with the copied history.
        check: Called after each run with the copied history and whether the run was killed.

    Returns:
        How many runs were killed.
    """
    kills = 0
    while True:
        copied = file.parent.with_name(f"killed-at-{kills + 1}") / file.name
        shutil.copytree(file.parent, copied.parent)
        status = _run(copied, work, kills + 1)
        if status not in (0, -signal.SIGKILL):
            raise AssertionError(f"run {kills + 1} failed with {status}")
        check(copied, status != 0)
        if status == 0:
            return kills
        kills += 1


def _run(file: Path, work: Callable[[Path], object], kill_at: int) -> int:
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    seen = 0

    def count(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal seen
        if event in STEPS and str(file.parent) in str(arguments):
            seen += 1
            if seen == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    status = 1
    try:
        work(file)
        status = 0
    finally:
        os._exit(status)
