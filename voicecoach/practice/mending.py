"""What may go wrong around the history: permissions that let others read, and what interruptions leave."""

import os
import stat
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from voicecoach.audio.takes import TakeStore
from voicecoach.config import Paths
from voicecoach.errors import HistoryError

SWEEP_AFTER = timedelta(minutes=1)
"""What is younger may still be in the making."""


@dataclass(frozen=True, slots=True)
class Permissions:
    """What was done about permissions.

    Attributes:
        mended: How many files and folders were open to others, or closed to their owner.
        failed: Those that could not be changed or looked into.
    """

    mended: int
    failed: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Swept:
    """What was deleted.

    Attributes:
        partials: Files that were written halfway.
        takes: Folders of takes without any sound.
    """

    partials: int
    takes: int


def mend_permissions(folder: Path) -> Permissions:
    """Give a folder and all in it to the owner alone: folders 0700, files 0600.

    Links are not followed, so that nothing outside the folder changes.
    """
    mended, failed = 0, []
    waiting = [folder.resolve()]
    while waiting:
        path = waiting.pop()
        try:
            mode = path.lstat().st_mode
            if not stat.S_ISDIR(mode) and not stat.S_ISREG(mode):
                continue
            wanted = 0o700 if stat.S_ISDIR(mode) else 0o600
            if stat.S_IMODE(mode) != wanted:
                path.chmod(wanted)
                mended += 1
            if stat.S_ISDIR(mode):
                waiting += path.iterdir()
        except FileNotFoundError:
            # Another window has deleted it meanwhile.
            continue
        except OSError:
            failed.append(path)
    return Permissions(mended, tuple(sorted(failed)))


def sweep(paths: Paths, now: datetime) -> Swept:
    """Delete what interruptions have left: files that were written halfway, and takes without any sound.

    Takes with sound stay, with an attempt or without. So does a history that is only halfway repaired, and so
    do model downloads, which go on from where they stopped.

    Args:
        paths: Where things live.
        now: Aware.

    Raises:
        HistoryError: The folder of takes cannot be read.
        OSError: Another folder cannot be read, as the system gave it.
    """
    before = now - SWEEP_AFTER
    places = (
        paths.settings_file.with_name(paths.settings_file.name + ".partial"),
        *(each for each in paths.data.glob("*.partial") if each.stem != paths.database.name),
        *paths.takes.glob("*/*.partial"),
        *paths.vectors.glob("*.partial"),
    )
    partials = sum(_delete_old(place, before) for place in places)
    return Swept(partials, _sweep_takes(TakeStore(paths.takes), before))


def _delete_old(file: Path, before: datetime) -> bool:
    try:
        if not file.is_file() or file.is_symlink() or file.stat().st_mtime >= before.timestamp():
            return False
        file.unlink()
    except OSError:
        return False
    return True


def _sweep_takes(store: TakeStore, before: datetime) -> int:
    ids = store.ids()
    takes = store.read(ids)
    for take in takes:
        if store.seconds(take) == 0 and take.started_at < before and not store.is_live(take):
            with suppress(HistoryError):
                store.delete(take)
    store.sweep(set(ids) - {take.id for take in takes}, before)
    return len(set(ids) - set(store.ids()))


def has_permissions() -> bool:
    """Whether files have such permissions here; Windows keeps a person's folders private by itself."""
    return os.name == "posix"
