"""Keeps the terminal for the app alone."""

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def screen_alone() -> Iterator[None]:
    """Send what C libraries print to nowhere while the app is open.

    PortAudio, for one, tells of a lost device on file descriptor 2, which is the screen that Textual draws
    on. So the app gets a descriptor of its own, and number 2 leads nowhere until it closes. Where Textual
    draws on stdout (Windows) or there is no such descriptor, nothing changes.
    """
    if os.name != "posix":
        yield
        return
    before = (sys.stderr, sys.__stderr__)
    try:
        screen = os.dup(2)
        nowhere = os.open(os.devnull, os.O_WRONLY)
    except OSError:
        yield
        return
    file = io.TextIOWrapper(os.fdopen(screen, "wb", 0), "utf-8", write_through=True)
    sys.stderr = sys.__stderr__ = file  # type: ignore[misc]  # Textual's driver looks for it there
    os.dup2(nowhere, 2)
    os.close(nowhere)
    try:
        yield
    finally:
        os.dup2(screen, 2)
        sys.stderr, sys.__stderr__ = before  # type: ignore[misc]
        file.close()
