"""What freed memory costs: heaps of the C library, in a process of its own."""

import platform
import subprocess
import sys

import pytest

from voicecoach.memory import HEAPS

BUSY_THREADS = """
import ctypes, sys, threading
from pathlib import Path
from voicecoach.config import Paths, Settings
from voicecoach.wiring import WiredEngines

if sys.argv[1] == "bounded":
    WiredEngines(Settings(), Paths(Path("s.toml"), Path("data"), Path("cache")))
together = threading.Barrier(8)

def work():
    held = [bytearray(5_000) for _ in range(1_000)]
    together.wait()
    del held

threads = [threading.Thread(target=work) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
ctypes.CDLL(None).malloc_stats()
"""


def heaps(mode: str) -> int:
    done = subprocess.run(
        [sys.executable, "-c", BUSY_THREADS, mode], capture_output=True, text=True, check=True, timeout=120
    )
    return done.stderr.count("Arena ")


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="heaps per thread are glibc's")
def test_busy_threads_share_a_few_heaps() -> None:
    assert heaps("unbounded") > HEAPS
    assert 1 <= heaps("bounded") <= HEAPS
