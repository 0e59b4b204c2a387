"""Attacks on a real server, over plain sockets."""

import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.serve.conftest import Serving, StartServing, servers
from voicecoach.cli.talk import ExitCode


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """One server for all attacks: none of them may harm it."""
    with servers(tmp_path_factory.mktemp("home")) as start:
        yield start()


UPGRADE = (
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
)

TRAVERSALS = (
    "/static/../../../../../../../../etc/passwd",
    "/static/..%2f..%2f..%2f..%2f..%2f..%2f..%2fetc/passwd",
    "/static/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "/static/%2e%2e%2f%2e%2e%2fserver.py",
    "/static/..%5c..%5cserver.py",
    "/static/..\\..\\server.py",
    "/static/%252e%252e%252fserver.py",
    "/static/....//....//server.py",
    "/static/..;/server.py",
    "/static//etc/passwd",
    "/static/%2fetc%2fpasswd",
    "/static/file:///etc/passwd",
    "/static/js/..%00/server.py",
    "/static/%c0%ae%c0%ae/server.py",
    "/static/．．/server.py",
    "/static/js/../../server.py",
    "/../../../../etc/passwd",
    "/download/../../../../etc/passwd",
    "/download/..%2f..%2fserver.py",
    "/page.js",
    "/app_index.html",
)


def test_the_address_is_loopback_with_a_random_token(start_serving: StartServing) -> None:
    one, other = start_serving(), start_serving()

    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/\?token=[\w-]{43}", one.address)
    assert one.token != other.token
    assert one.port != other.port


def test_nobody_else_can_reach_it(serving: Serving) -> None:
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    rows += [line.split() for line in Path("/proc/net/tcp6").read_text().splitlines()[1:]]
    listening = [row[1] for row in rows if row[3] == "0A" and row[1].endswith(f":{serving.port:04X}")]
    assert listening == [f"0100007F:{serving.port:04X}"]


def test_the_token_is_changed_for_a_cookie(serving: Serving) -> None:
    answer = serving.ask(f"/?token={serving.token}")

    cookie = answer.header("Set-Cookie")
    room = answer.header("Location")
    assert answer.status == 303
    assert re.fullmatch(r"/[\w-]{43}/", room)
    assert serving.token not in room
    assert cookie.partition(";")[0] != f"voicecoach={serving.token}"
    assert {"HttpOnly", "SameSite=Strict", f"Path={room}"} <= set(cookie.split("; "))
    assert serving.ask(room, f"Cookie: {cookie.partition(';')[0]}").status == 200


@pytest.mark.parametrize(
    "query", ["", "?token=", "?token=wrong", "?token={token}x", "?token={short}", "?Token={token}"]
)
def test_without_the_token_there_is_no_way_in(serving: Serving, query: str) -> None:
    asked = query.format(token=serving.token, short=serving.token[:-1])
    answer = serving.ask(f"/{asked}")

    assert answer.status == 403
    assert answer.header("Set-Cookie") == ""
    assert answer.body == b"Open the address that `voicecoach serve` has printed.\n"


@pytest.mark.parametrize(
    "cookie", ["", "Cookie: voicecoach=", "Cookie: voicecoach=wrong", "Cookie: voicecoach={token}"]
)
@pytest.mark.parametrize("path", ["", "ws", "static/js/textual.js", "static/", "nothing"])
def test_behind_the_door_everything_needs_the_cookie(serving: Serving, cookie: str, path: str) -> None:
    room, _ = serving.enter()
    headers = [cookie.format(token=serving.token)] if cookie else []
    assert serving.ask(room + path, f"Origin: {serving.origin}", *headers).status in (403, 404)
    assert serving.ask(f"{room}{path}?token={serving.token}", *headers).status in (403, 404)


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:{port}", "localhost:{port}", "127.0.0.1", "127.0.0.1:1", "0.0.0.0:{port}",
     "[::1]:{port}", "127.0.0.1:{port}.evil.example", "127.0.0.1:{port}@evil.example", "127.1:{port}",
     "2130706433:{port}"],
)  # fmt: skip
def test_another_name_is_refused(serving: Serving, host: str) -> None:
    """DNS rebinding: the page's own name leads here, and the browser writes it into Host."""
    room, cookie = serving.enter()
    strange = host.format(port=serving.port)

    for path in (f"/?token={serving.token}", room, f"{room}ws", f"{room}static/js/textual.js"):
        answer = serving.ask(path, f"Cookie: {cookie}", host=strange)
        assert answer.status in (400, 403), path
        assert answer.header("Set-Cookie") == ""


def test_no_host_or_two_are_refused(serving: Serving) -> None:
    wanted = f"GET /?token={serving.token} HTTP/1.1\r\n"
    assert serving.raw(f"{wanted}Connection: close\r\n\r\n".encode()).status in (400, 403)
    both = f"{wanted}Host: {serving.host}\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
    assert serving.raw(both.encode()).status in (400, 403)
    assert serving.raw(f"GET /?token={serving.token} HTTP/1.0\r\n\r\n".encode()).status == 403


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://localhost:{port}", "https://127.0.0.1:{port}", "http://127.0.0.1",
               "http://127.0.0.1:1", "http://127.0.0.1:{port}.evil.example", "HTTP://127.0.0.1:{port}/", ""]
)  # fmt: skip
def test_another_sites_page_is_refused(serving: Serving, origin: str) -> None:
    """A page of another site that opens a websocket here, or asks for something."""
    room, cookie = serving.enter()
    strange = f"Origin: {origin.format(port=serving.port)}"

    for path, headers in ((f"{room}ws", UPGRADE), (room, ()), (f"/?token={serving.token}", ())):
        assert serving.ask(path, strange, f"Cookie: {cookie}", *headers).status == 403, path


def test_a_websocket_without_an_origin_is_refused(serving: Serving) -> None:
    room, cookie = serving.enter()
    assert serving.ask(f"{room}ws", f"Cookie: {cookie}", *UPGRADE).status == 403


@pytest.mark.parametrize("path", TRAVERSALS)
def test_no_file_but_the_pages_own_comes_out(serving: Serving, path: str) -> None:
    room, cookie = serving.enter()

    for asked in (room.rstrip("/") + path, path):
        request = (
            f"GET {asked} HTTP/1.1\r\nHost: {serving.host}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n"
        )
        answer = serving.raw(request.encode())
        assert answer.status in (0, 400, 403, 404), asked
        assert b"root:" not in answer.body
        assert b"import" not in answer.body


@pytest.mark.parametrize(
    "folder", ["static", "static/", "static/js", "static/js/", "static/fonts/", "static/."]
)
def test_no_folder_is_listed(serving: Serving, folder: str) -> None:
    room, cookie = serving.enter()
    answer = serving.ask(room + folder, f"Cookie: {cookie}")
    assert answer.status in (403, 404)
    assert b"textual" not in answer.body
    assert b"Roboto" not in answer.body


def test_every_answer_forbids_what_it_can(serving: Serving) -> None:
    room, cookie = serving.enter()
    for answer in (serving.ask(room, f"Cookie: {cookie}"), serving.ask("/"), serving.ask("/nothing")):
        policy = answer.header("Content-Security-Policy")
        assert policy.startswith("default-src 'none'; script-src 'self' 'sha256-")
        assert "frame-ancestors 'none'" in policy
        assert answer.header("Referrer-Policy") == "no-referrer"
        assert answer.header("Cache-Control") == "no-store"
        assert answer.header("X-Content-Type-Options") == "nosniff"
        assert answer.header("Access-Control-Allow-Origin") == ""


def test_the_pages_own_files_come_out(serving: Serving) -> None:
    room, cookie = serving.enter()
    for path in ("js/textual.js", "css/xterm.css", "fonts/RobotoMono-VariableFont_wght.ttf"):
        assert serving.ask(f"{room}static/{path}", f"Cookie: {cookie}").status == 200


def test_the_page_names_nothing_elsewhere(serving: Serving) -> None:
    room, cookie = serving.enter()
    page = serving.ask(room, f"Cookie: {cookie}").body.decode()

    named = re.findall(r"(?:https?|wss?)://[^\"'\s]+", page)
    assert named
    assert all(each.startswith((serving.origin + room, f"ws://{serving.host}{room}")) for each in named)


@pytest.mark.parametrize(
    "method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "PROPFIND", "NONSENSE"]
)
def test_nothing_can_be_sent(serving: Serving, method: str) -> None:
    room, cookie = serving.enter()
    for path in (f"/?token={serving.token}", room, f"{room}static/js/textual.js", "/download/x"):
        assert serving.ask(path, f"Cookie: {cookie}", method=method).status in (0, 400, 403, 404, 405)


def test_a_download_needs_a_key_that_an_app_has_made(serving: Serving) -> None:
    _, cookie = serving.enter()
    for key in ("x", "0" * 32, "%00", "a" * 5_000):
        assert serving.ask(f"/download/{key}", f"Cookie: {cookie}").status in (400, 404)


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"GET /" + b"a" * 1_000_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 1_000_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: a\r\n" * 100_000 + b"\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 20000000\r\n\r\n" + b"a" * 20_000_000,
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 500,
        b"\x00" * 100_000,
        b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
        b"GET http://169.254.169.254/ HTTP/1.1\r\nHost: x\r\n\r\n",
        b"\r\n" * 50_000,
        b"",
    ],
    ids=range(13),
)
def test_what_is_out_of_measure_is_refused_and_the_server_goes_on(
    serving: Serving, request_bytes: bytes
) -> None:
    answer = serving.raw(request_bytes)

    assert answer.status in (0, 400, 403, 404, 405, 413, 431)
    assert b"Traceback" not in answer.body
    assert serving.ask(f"/?token={serving.token}").status == 303


def test_many_that_say_nothing_hold_nobody_up(serving: Serving) -> None:
    silent = [socket.create_connection(("127.0.0.1", serving.port)) for _ in range(200)]
    try:
        assert serving.ask(f"/?token={serving.token}").status == 303
    finally:
        for each in silent:
            each.close()


def test_a_taken_port_is_one_line(serving: Serving, start_serving: StartServing) -> None:
    second = start_serving("--port", str(serving.port))

    assert second.process.wait(60) == ExitCode.FAILED
    assert second.address == ""
    assert second.process.stderr
    assert second.process.stderr.read() == (
        f"voicecoach: Port {serving.port} of 127.0.0.1 cannot be had: Address already in use. "
        "Name another with --port, or none.\n"
    )


def test_what_is_asked_is_logged_nowhere(start_serving: StartServing, home: Path) -> None:
    serving = start_serving()
    serving.ask("/nothing?token=secret-thing")
    serving.ask(f"/?token={serving.token}")
    assert serving.end() == ExitCode.FINE
    assert serving.process.stderr
    assert serving.process.stdout
    told = serving.process.stderr.read() + serving.process.stdout.read()
    assert "secret-thing" not in told
    assert serving.token not in told
    assert len(told.splitlines()) == 2
    assert not home.exists() or "secret-thing" not in "".join(map(str, home.rglob("*")))
