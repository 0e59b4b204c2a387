"""Windows of the app: a websocket session, an app process for each, and none of them left behind."""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

import aiohttp
import pytest

from tests.serve.conftest import Serving, StartServing, children_of, is_running, wait_for_end
from voicecoach.cli.talk import ExitCode
from voicecoach.serve.server import LARGEST_MESSAGE, MOST_SESSIONS

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes come from /proc")


class Window:
    """What a browser's page does, without its drawing."""

    def __init__(self, socket: "aiohttp.ClientWebSocketResponse") -> None:
        self.socket = socket
        self.drawn = b""
        self.told: list[list[str]] = []

    async def wait_for(self, text: str) -> None:
        """Read until the app has drawn a text."""
        while text.encode() not in self.drawn:
            await self.wait_for_more()

    async def wait_for_more(self) -> None:
        """Read one message."""
        message = await self.socket.receive(timeout=120)
        kinds = (aiohttp.WSMsgType.BINARY, aiohttp.WSMsgType.TEXT)
        assert message.type in kinds, (message, self.drawn[-500:])
        if message.type is aiohttp.WSMsgType.BINARY:
            self.drawn += message.data
        else:
            self.told.append(json.loads(message.data))

    async def press(self, keys: str) -> None:
        await self.socket.send_json(["stdin", keys])

    async def wait_for_end(self) -> None:
        while not self.socket.closed:
            await self.socket.receive(timeout=60)


class Browser:
    """Enters, and opens windows."""

    def __init__(self, serving: Serving) -> None:
        self.serving = serving
        self.room, self.cookie = serving.enter()

    async def open(self, client: aiohttp.ClientSession) -> Window:
        headers = {"Cookie": self.cookie, "Origin": self.serving.origin}
        url = f"ws://{self.serving.host}{self.room}ws?width=100&height=30"
        return Window(await client.ws_connect(url, headers=headers))


async def test_the_app_opens_takes_keys_and_ends_with_its_window(serving: Serving) -> None:
    async with aiohttp.ClientSession() as client:
        window = await Browser(serving).open(client)
        await window.wait_for("Handling imbalanced data")
        apps = children_of(serving.process.pid)
        assert len(apps) == 1
        await window.press("?")
        await window.wait_for("practise the highlighted question")
        await window.socket.close()
        await asyncio.to_thread(wait_for_end, apps)
    assert serving.ask(f"/?token={serving.token}").status == 303


async def test_a_file_that_the_app_delivers_comes_out_once(serving: Serving) -> None:
    """The command palette's screenshot."""
    async with aiohttp.ClientSession() as client:
        window = await Browser(serving).open(client)
        await window.wait_for("Handling imbalanced data")
        await window.press("\x10")
        await window.wait_for("Search for commands")
        await window.press("screensh")
        # The lists of the first letters hold it too, below others, and Enter takes the first that stands
        # then. Letters found are drawn one by one, so the name's rest is whole in the last list only.
        await window.wait_for("mot\x1b")
        await window.press("\r")
        while not window.told:
            await window.wait_for_more()
        kind, key = window.told[0]
        assert kind == "deliver_file_start"
        answer = await asyncio.to_thread(serving.ask, f"/download/{key}")
        assert answer.status == 200
        assert b"<svg" in answer.body
        assert answer.header("Content-Disposition").startswith("attachment")
        assert answer.header("Content-Security-Policy").startswith("default-src 'none'")
        again = await asyncio.to_thread(serving.ask, f"/download/{key}")
        assert again.status == 404


async def test_quitting_the_app_closes_its_window(serving: Serving) -> None:
    async with aiohttp.ClientSession() as client:
        window = await Browser(serving).open(client)
        await window.wait_for("Handling imbalanced data")
        apps = children_of(serving.process.pid)
        await window.press("\x11")
        await window.wait_for_end()
        await asyncio.to_thread(wait_for_end, apps)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
async def test_ctrl_c_leaves_no_process_behind(serving: Serving, number: int) -> None:
    async with aiohttp.ClientSession() as client:
        browser = Browser(serving)
        windows = [await browser.open(client) for _ in range(2)]
        for window in windows:
            await window.wait_for("Handling imbalanced data")
        apps = children_of(serving.process.pid)
        assert len(apps) == 2
        ending = asyncio.create_task(asyncio.to_thread(serving.end, number))
        for window in windows:
            await window.wait_for_end()
        assert await ending == ExitCode.FINE
    assert not any(map(is_running, apps))
    assert serving.process.stderr
    assert len(serving.process.stderr.read().splitlines()) == 2


async def test_a_server_that_is_killed_takes_its_apps_along(serving: Serving, home: Path) -> None:
    async with aiohttp.ClientSession() as client:
        window = await Browser(serving).open(client)
        await window.wait_for("Handling imbalanced data")
        apps = children_of(serving.process.pid)
        serving.process.kill()
        await asyncio.to_thread(wait_for_end, apps)
    assert not list(home.rglob("crash.log"))


async def test_an_app_that_hangs_is_ended_all_the_same(serving: Serving) -> None:
    async with aiohttp.ClientSession() as client:
        window = await Browser(serving).open(client)
        await window.wait_for("Handling imbalanced data")
        (app,) = children_of(serving.process.pid)
        os.kill(app, signal.SIGSTOP)
        assert await asyncio.to_thread(serving.end) == ExitCode.FINE
    assert not is_running(app)


async def test_there_are_not_too_many_windows(serving: Serving) -> None:
    async with aiohttp.ClientSession() as client:
        browser = Browser(serving)
        for _ in range(MOST_SESSIONS):
            await browser.open(client)
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await browser.open(client)
        assert refused.value.status == 503


@pytest.mark.parametrize(
    "message",
    [
        "not json",
        "[]",
        "{}",
        '["stdin", 7]',
        '["stdin"]',
        '["resize", {"width": 1}]',
        json.dumps(["stdin", "\ud800"]),
        "[" * 100_000,
        "x" * (LARGEST_MESSAGE + 1),
    ],
    ids="text list object number short half surrogate nested large".split(),
)
async def test_a_strange_message_ends_its_window_alone(serving: Serving, message: str) -> None:
    async with aiohttp.ClientSession() as client:
        window = await Browser(serving).open(client)
        await window.wait_for("Handling imbalanced data")
        apps = children_of(serving.process.pid)
        await window.socket.send_str(message)
        await window.wait_for_end()
        await asyncio.to_thread(wait_for_end, apps)
    assert serving.end() == ExitCode.FINE
    assert serving.process.stderr
    assert "Traceback" not in serving.process.stderr.read()


@pytest.mark.parametrize("size", [(10**9, 10**9), (-5, 0), ("wide", None)])
async def test_no_size_is_out_of_measure(serving: Serving, size: tuple[object, object]) -> None:
    async with aiohttp.ClientSession() as client:
        window = await Browser(serving).open(client)
        await window.wait_for("Handling imbalanced data")
        await window.socket.send_json(["resize", {"width": size[0], "height": size[1]}])
        await window.socket.send_json(["resize", {"width": 90, "height": 28}])
        await window.press("?")
        await window.wait_for("practise the highlighted question")


async def test_the_global_options_hold_for_the_app(start_serving: StartServing, home: Path) -> None:
    serving = start_serving(before=("--engine", "pocketsphinx"))
    async with aiohttp.ClientSession() as client:
        window = await Browser(serving).open(client)
        await window.wait_for("Handling imbalanced data")
        (app,) = children_of(serving.process.pid)
        command = Path(f"/proc/{app}/cmdline").read_bytes().split(b"\0")
        assert command[-4:] == [b"voicecoach", b"--engine", b"pocketsphinx", b""]
