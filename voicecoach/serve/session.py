"""One browser window's app: a process that ends with its window."""

import asyncio
import os
import signal
from asyncio.subprocess import PIPE, Process
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from pathlib import Path

from textual_serve.app_service import AppService
from textual_serve.download_manager import DownloadManager

from voicecoach.serve import WEB_DRIVER

GRACE_S = 10.0
"""For an app to leave by itself. Takes are on disk as they are recorded: one that is killed loses none."""

LARGEST = 400
"""Columns or rows of any window; a 4K screen in small print has fewer."""

PACKAGE_HOME = Path(__file__).resolve().parents[2]


class AppSession(AppService):
    """Starts the app without a shell, and leaves no process behind.

    Args:
        arguments: The app's command line, program first.
        write_bytes: Sends to the browser.
        write_str: Sends to the browser.
        close: Closes the connection.
        downloads: Files on their way to the browser.
    """

    def __init__(
        self,
        arguments: Sequence[str],
        *,
        write_bytes: Callable[[bytes], Awaitable[None]],
        write_str: Callable[[str], Awaitable[None]],
        close: Callable[[], Awaitable[object]],
        downloads: DownloadManager,
    ) -> None:
        async def close_connection() -> None:
            await close()

        super().__init__(
            "",
            write_bytes=write_bytes,
            write_str=write_str,
            close=close_connection,
            download_manager=downloads,
        )
        self._arguments = tuple(arguments)
        self._stopping = asyncio.Lock()

    async def set_terminal_size(self, width: int, height: int) -> None:
        """Tell the app, within bounds."""
        if isinstance(width, int) and isinstance(height, int):
            await super().set_terminal_size(_bounded(width), _bounded(height))

    async def run(self) -> None:
        """Carry what the app draws until it ends, however it ends; then close the connection."""
        await super().run()
        await self.remote_close()

    async def stop(self) -> None:
        """Ask the app to leave, and see that it has left."""
        async with self._stopping:
            process = self._process
            if process is None:
                return
            leaving = asyncio.create_task(self._leave(process))
            _, late = await asyncio.wait({leaving}, timeout=GRACE_S)
            if late:
                _kill(process)
            await leaving

    async def _leave(self, process: Process) -> None:
        await super().stop()
        # What nobody reads would keep the app from ending.
        await asyncio.gather(*(stream.read() for stream in (process.stdout, process.stderr) if stream))
        await process.wait()

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        environment = self._build_environment(_bounded(width), _bounded(height))
        environment["TEXTUAL_DRIVER"] = WEB_DRIVER
        # The same voicecoach as this one, whatever lies in the current folder.
        paths = [str(PACKAGE_HOME), *environment.get("PYTHONPATH", "").split(os.pathsep)]
        environment["PYTHONPATH"] = os.pathsep.join(path for path in paths if path)
        process = await asyncio.create_subprocess_exec(
            *self._arguments,
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env=environment,
            # Ctrl-C in the terminal is for the server, which then asks the app to leave.
            start_new_session=True,
        )
        self._process = process
        self._stdin = process.stdin
        return process


def _bounded(cells: int) -> int:
    return min(max(cells, 1), LARGEST)


def _kill(process: Process) -> None:
    """End an app that does not leave, and whatever it has started."""
    with suppress(ProcessLookupError):
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
