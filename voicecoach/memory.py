"""Keeps the C library from holding a heap for every thread that was ever busy."""

import ctypes
import sys

HEAPS = 2
_M_ARENA_MAX = -8


def share_heaps() -> None:
    """Let glibc make no more than HEAPS heaps ("arenas"), instead of eight for each core.

    What a thread frees stays with its heap. The app's workers come and go, and each would leave tens of
    megabytes of freed vectors and samples behind in another. Heaps that are there already stay, so this comes
    before the threads. Source: https://man7.org/linux/man-pages/man3/mallopt.3.html
    """
    if sys.platform == "linux":
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # musl has none
        if mallopt is not None:
            mallopt(_M_ARENA_MAX, HEAPS)
