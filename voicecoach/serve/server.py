"""`voicecoach serve`: textual-serve behind a door of its own, on the loopback address."""

import asyncio
import logging
import os
import signal
import socket
import sys
from base64 import b64encode
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout, suppress
from hashlib import sha256
from pathlib import Path

import aiohttp_jinja2
from aiohttp import web
from jinja2 import FileSystemLoader
from markupsafe import Markup
from textual_serve.server import Server, to_int

from voicecoach.errors import ServeError
from voicecoach.serve.guard import (
    ADDRESS,
    ASK_AGAIN,
    Keys,
    origin_of,
    policy,
    refuse_strangers,
    refuse_without_cookie,
)
from voicecoach.serve.session import AppSession

FOLDER = Path(__file__).resolve().parent

MOST_SESSIONS = 4
"""Windows at once: each is a process with models of its own."""

LARGEST_MESSAGE = 1_000_000
"""Bytes from the browser at once; pasted text is the largest."""

CLOSING_S = 3.0
"""For a browser to agree to a goodbye."""

_STRANGE = (ValueError, AssertionError, LookupError, TypeError, AttributeError)
"""What textual-serve raises at messages that no page of ours sends."""


class LoopbackServer(Server):
    """textual-serve's server without its listing of files, its fonts from elsewhere and its open door.

    Args:
        arguments: The app's command line, program first.
        port: Where it listens.
        keys: What opens it.
    """

    def __init__(self, arguments: Sequence[str], port: int, keys: Keys) -> None:
        super().__init__(
            "", host=ADDRESS, port=port, title="voicecoach", public_url=origin_of(port), templates_path=FOLDER
        )
        self._arguments = arguments
        self._keys = keys
        self._script = (FOLDER / "page.js").read_text("utf-8")
        self._sessions: set[AppSession] = set()

    def application(self) -> web.Application:
        """The door, and the room behind it."""
        digest = b64encode(sha256(self._script.encode()).digest()).decode("ascii")
        headers = policy(self.port, f"sha256-{digest}")

        async def add_headers(_: web.Request, response: web.StreamResponse) -> None:
            response.headers.update(headers)
            disposition = response.headers.get("Content-Disposition", "")
            if disposition.startswith("inline"):
                # What the app delivers is a file to keep, never a page of this origin.
                response.headers["Content-Disposition"] = "attachment" + disposition.removeprefix("inline")

        door = web.Application(middlewares=[refuse_strangers(self.port)])
        door.on_response_prepare.append(add_headers)
        door.add_routes(
            [
                web.get("/", self._enter),
                # The page asks for it here, by a random key that its app has told it and that works once.
                web.get("/download/{key}", self.handle_download),
            ]
        )
        room = web.Application(middlewares=[refuse_without_cookie(self._keys)])
        environment = aiohttp_jinja2.setup(room, loader=FileSystemLoader(FOLDER))
        environment.globals["script"] = Markup(self._script)  # noqa: S704 - a file of ours
        room.add_routes(
            [
                web.get("/", self.handle_index, name="index"),
                web.get("/ws", self.handle_websocket, name="websocket"),
                web.static("/static", self.statics_path, name="static"),
            ]
        )
        door.add_subapp(f"/{self._keys.room}", room)
        return door

    async def _enter(self, request: web.Request) -> web.StreamResponse:
        if not self._keys.has_token(request):
            raise web.HTTPForbidden(text=ASK_AGAIN)
        response = web.HTTPSeeOther(f"/{self._keys.room}/")
        self._keys.hand_over(response)
        raise response

    async def handle_websocket(self, request: web.Request) -> web.WebSocketResponse:
        """One window: an app of its own, until either ends."""
        if "Origin" not in request.headers:
            raise web.HTTPForbidden(text=ASK_AGAIN)
        if len(self._sessions) >= MOST_SESSIONS:
            raise web.HTTPServiceUnavailable(text="There are too many windows; close one.\n")
        websocket = web.WebSocketResponse(heartbeat=15, timeout=CLOSING_S, max_msg_size=LARGEST_MESSAGE)
        session = AppSession(
            self._arguments,
            write_bytes=websocket.send_bytes,
            write_str=websocket.send_str,
            close=websocket.close,
            downloads=self.download_manager,
        )
        self._sessions.add(session)
        try:
            await websocket.prepare(request)
            width, height = (to_int(request.query.get(name, ""), 80) for name in ("width", "height"))
            await session.start(width, height)
            with suppress(*_STRANGE):
                await self._process_messages(websocket, session)
        finally:
            await session.stop()
            self._sessions.discard(session)
        await websocket.close()
        return websocket

    async def end(self) -> None:
        """See every app off."""
        await asyncio.gather(*(session.stop() for session in self._sessions))


def serve(arguments: Sequence[str], port: int, announce: Callable[[str], None]) -> None:
    """Serve the app until Ctrl-C, or until the process is asked to end.

    Args:
        arguments: The app's command line, program first.
        port: Where to listen; 0 for any that is free.
        announce: Told the address to open, once it works.

    Raises:
        ServeError: The port cannot be had.
    """
    # What libraries would print holds what was typed; nothing of an answer is logged.
    for name in ("textual-serve", "aiohttp", "asyncio"):
        logging.getLogger(name).addHandler(logging.NullHandler())
        logging.getLogger(name).propagate = False
    with _listening(port) as listener, suppress(KeyboardInterrupt):
        asyncio.run(_serve(arguments, listener, announce))


async def _serve(arguments: Sequence[str], listener: socket.socket, announce: Callable[[str], None]) -> None:
    port = int(listener.getsockname()[1])
    keys = Keys.fresh()
    server = LoopbackServer(arguments, port, keys)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    with suppress(NotImplementedError):  # Windows has Ctrl-C alone, as a KeyboardInterrupt
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            loop.add_signal_handler(getattr(signal, name, signal.SIGINT), stop.set)
    runner = web.AppRunner(server.application(), access_log=None, shutdown_timeout=CLOSING_S)
    await runner.setup()
    try:
        await web.SockSite(runner, listener).start()
        announce(f"{origin_of(port)}/?token={keys.token}")
        with redirect_stdout(sys.stderr):
            await stop.wait()
    finally:
        await server.end()
        await runner.cleanup()


def _listening(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if os.name == "posix":
            # A port whose last server has just ended is free. (On Windows this would share it with others.)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((ADDRESS, port))
        listener.listen(16)
    except OSError as error:
        listener.close()
        why = os.strerror(error.errno) if error.errno else str(error)
        raise ServeError(
            f"Port {port} of {ADDRESS} cannot be had: {why}.", "Name another with --port, or none."
        ) from error
    return listener
