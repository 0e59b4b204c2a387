"""Disks that are really full, and permissions that hold back even root."""

import ctypes
import os
import shutil
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

import pytest

_CAPABILITY_VERSION = 0x20080522
_OVERRIDES_PERMISSIONS = 1 << 1 | 1 << 2
"""CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH."""


class Disk(Protocol):
    """A folder whose disk can be filled."""

    @property
    def folder(self) -> Path:
        """Empty at first."""
        ...

    def full(self, leaving: int = 0) -> AbstractContextManager[None]:
        """Meanwhile nothing can be written but, in all or for each file, so many bytes."""
        ...


class SmallDisk:
    """A disk of its own in memory: only root can mount one.

    Args:
        folder: Where it is mounted.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def full(self, leaving: int = 0) -> Iterator[None]:
        """Meanwhile a file takes all the room but some."""
        filler = self.folder / "filler"
        with filler.open("wb") as file:
            while (room := shutil.disk_usage(self.folder).free - leaving) > 0:
                os.posix_fallocate(file.fileno(), file.seek(0, os.SEEK_END), room)
        try:
            yield
        finally:
            filler.unlink()


class LimitedFiles:
    """A folder in which files cannot grow, which any user may ask the system for.

    Args:
        folder: Any.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def full(self, leaving: int = 0) -> Iterator[None]:
        """Meanwhile no file of this process can be written beyond so many bytes."""
        import resource  # noqa: PLC0415 - Windows has no such module

        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (leaving, before[1]))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Disk]:
    """Mount a small disk; skips the test where that is not allowed."""
    folder.mkdir()
    options = f"size={megabytes}m,mode=700"
    mount, umount = shutil.which("mount"), shutil.which("umount")
    if sys.platform != "linux" or os.geteuid() != 0 or mount is None or umount is None:
        pytest.skip("only root on Linux can mount a small disk")
    if subprocess.run([mount, "-t", "tmpfs", "-o", options, "tmpfs", folder], check=False).returncode:
        pytest.skip("this root may not mount a small disk")
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run([umount, "--lazy", folder], check=True)


@contextmanager
def permissions_hold() -> Iterator[None]:
    """Meanwhile the permissions of files hold back this thread and those it starts, even where it is root's.

    A process that only root's capabilities raise above permissions lays those down for a while.
    """
    if sys.platform != "linux" or os.geteuid() != 0:
        yield
        return
    library = ctypes.CDLL(None, use_errno=True)
    header = ctypes.create_string_buffer(struct.pack("=Ii", _CAPABILITY_VERSION, 0))
    held = ctypes.create_string_buffer(24)
    _checked(library.capget(header, held))
    words = list(struct.unpack("=6I", held.raw))
    words[0] &= ~_OVERRIDES_PERMISSIONS
    _checked(library.capset(header, ctypes.create_string_buffer(struct.pack("=6I", *words))))
    try:
        yield
    finally:
        _checked(library.capset(header, held))


@contextmanager
def mode(path: Path, bits: int) -> Iterator[None]:
    """Meanwhile a file or folder has these permissions, and they hold."""
    before = path.stat().st_mode & 0o777
    path.chmod(bits)
    try:
        with permissions_hold():
            yield
    finally:
        path.chmod(before)


def _checked(status: int) -> None:
    if status != 0:
        raise OSError(ctypes.get_errno(), "the capabilities of this thread cannot be changed")
