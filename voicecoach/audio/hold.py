"""A lock on a take that is being recorded or judged, so that another window does not offer it as crashed.

The operating system drops the lock when its process ends, however it ends.
"""

import errno
import os
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from voicecoach.errors import HistoryError

LOCK_NAME = "live.lock"
_TAKEN = {errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES}
"""What the system answers where another holds the lock."""
_PATIENCE_S = 1.0
"""How long to wait for a lock that `is_live` of another process may be trying for an instant."""


class TakeHold:
    """Holds a take until `release`, or until the process ends.

    Args:
        folder: The take's; it must exist.

    Raises:
        HistoryError: Another holder has it, or the folder cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        path = folder / LOCK_NAME
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except FileNotFoundError as error:
            raise HistoryError(
                f"{folder}: the take is gone: somebody has deleted it.", "Record the answer again."
            ) from error
        except OSError as error:
            raise HistoryError(
                f"{path}: cannot be written: {error.strerror}.",
                "Check the disk space and the folder's permissions.",
            ) from error
        deadline = time.monotonic() + _PATIENCE_S
        while not _lock(descriptor):
            if time.monotonic() > deadline:
                os.close(descriptor)
                raise HistoryError(
                    f"{folder}: the take is in use by another voicecoach.",
                    "Finish or close it there first.",
                )
            time.sleep(0.02)
        self._descriptor: int | None = descriptor

    def release(self) -> None:
        """Let go. A second call changes nothing."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.release()


def is_held(folder: Path) -> bool:
    """Whether anyone, this process included, holds the take in a folder."""
    try:
        descriptor = os.open(folder / LOCK_NAME, os.O_RDWR)
    except OSError:
        return False
    try:
        return not _lock(descriptor)
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> bool:
    """Try to lock an open file; False where another holds the lock. Closing the file unlocks it."""
    try:
        _ask_for_lock(descriptor)
    except OSError as error:
        # Some file systems know no locks (NFS without its lock service, SMB, some of FUSE). There a take is
        # recorded without one: another window may offer it early, which is better than no recording at all.
        return error.errno not in _TAKEN
    return True


if sys.platform == "win32":
    import msvcrt

    def _ask_for_lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _ask_for_lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
