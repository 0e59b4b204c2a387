"""What `voicecoach doctor --repair` mends: permissions, the history, and what interruptions have left."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from voicecoach.cli.doctor import Finding, failed
from voicecoach.cli.session import Session
from voicecoach.cli.talk import counted
from voicecoach.config import Paths
from voicecoach.errors import VoicecoachError

if TYPE_CHECKING:
    from voicecoach.history.repair import LostAttempt, Repair


def mend(session: Session, say: Callable[[str], None]) -> Iterator[Finding]:
    """Mend what can be mended, going on after a fault, and tell of each what was done.

    Args:
        session: Where the folders come from; no engine and no setting is needed.
        say: Told what is looked at next, since a large history takes a while.
    """
    paths = session.paths
    try:
        paths.data.stat()
    except FileNotFoundError:
        yield Finding("data folder", "ok", f"nothing to mend: there is no {paths.data} yet")
        return
    except OSError as error:
        yield failed("data folder", error)
        return
    # Files that are closed to their owner would keep the history from being read.
    for name, step in (("permissions", _permissions), ("history", _history), ("leftovers", _leftovers)):
        say(f"Looking at: {name}")
        try:
            yield step(paths)
        except (VoicecoachError, OSError) as error:
            yield failed(name, error)


def _permissions(paths: Paths) -> Finding:
    from voicecoach.practice.mending import has_permissions, mend_permissions  # noqa: PLC0415 - --help needs none

    if not has_permissions():
        return Finding("permissions", "ok", "nothing to mend: the system keeps them")
    done = mend_permissions(paths.data)
    if done.failed:
        named = ", ".join(str(path) for path in done.failed)
        return Finding(
            "permissions",
            "fail",
            f"{counted(done.mended, 'file or folder', 'files and folders')} mended; not these: {named}",
            "They may belong to somebody else: give them to yourself with chown, or delete them.",
        )
    if done.mended:
        what = counted(done.mended, "file or folder", "files and folders")
        return Finding("permissions", "ok", f"{what} mended: nobody but you can read them now")
    return Finding("permissions", "ok", f"nothing to mend: nobody but you can read {paths.data}")


def _history(paths: Paths) -> Finding:
    from voicecoach.history.repair import repair  # noqa: PLC0415 - brings sqlite3

    file = paths.database
    done = repair(file, datetime.now(UTC))
    if done is not None:
        return _repaired(done, file)
    if file.exists():
        return Finding("history", "ok", f"nothing to mend in {file}")
    return Finding("history", "ok", "nothing to mend: nothing is kept yet")


def _repaired(done: "Repair", file: Path) -> Finding:
    told = [f"it was damaged ({done.damage})", f"{counted(done.saved, 'attempt')} saved in {file}"]
    if done.from_copies:
        told.append(f"{done.from_copies} of them from a copy beside it")
    if done.lost:
        named = ", ".join(map(_named, done.lost))
        told.append(f"{counted(len(done.lost), 'attempt')} could not be read: {named}")
    remedies = []
    if done.lost:
        remedies.append("The app offers the recordings of attempts that were lost, to be judged again.")
    if done.set_aside is not None:
        told.append(f"the damaged file is kept as {done.set_aside.name}")
        remedies.append(
            "The damaged file goes as soon as you delete or forget an attempt, since its words are in it too."
        )
    return Finding("history", "warn", "; ".join(told), " ".join(remedies))


def _named(lost: "LostAttempt") -> str:
    known = " ".join(part for part in (lost.question_id, lost.started_at[:16].replace("T", " ")) if part)
    return f"{lost.id} ({known})" if known else str(lost.id)


def _leftovers(paths: Paths) -> Finding:
    from voicecoach.practice.mending import sweep  # noqa: PLC0415 - --help needs none

    done = sweep(paths, datetime.now(UTC))
    if not done.partials and not done.takes:
        return Finding("leftovers", "ok", "nothing to sweep away")
    partials = counted(done.partials, "half-written file")
    takes = counted(done.takes, "take without sound", "takes without sound")
    return Finding("leftovers", "ok", f"{partials} and {takes} swept away")
