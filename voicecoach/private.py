"""Folders and files that their owner alone can read, whatever the umask."""

import os
from pathlib import Path


def make_private_folder(folder: Path) -> None:
    """Make a folder and every one above it that is missing; one that is there stays as it is.

    `Path.mkdir` would give the folders above the last one the usual permissions.

    Raises:
        OSError: As the system gave it.
    """
    missing = [each for each in folder.parents if not each.exists()]
    for each in (*reversed(missing), folder):
        each.mkdir(mode=0o700, exist_ok=True)


def private_opener(path: str, flags: int) -> int:
    """For `open(..., opener=private_opener)`: a file that is made gets mode 0600."""
    return os.open(path, flags, 0o600)
