"""A stand-in for the Hugging Face hub on the loopback interface, with the faults of real networks."""

import gzip
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asked for.

    Attributes:
        file: Name within the repository.
        first_byte: Of its Range header; 0 without one.
        authorization: Of the header of that name; empty without one.
    """

    file: str
    first_byte: int
    authorization: str


@dataclass
class Faults:
    """What goes wrong; may be changed while the hub runs.

    Attributes:
        cuts: Bytes of model.bin after which its next answers break off, one answer each.
        refused: Status with which every file is refused; 0 for none.
        altered: Files whose last byte comes out wrong.
        ignores_ranges: Whether a Range header is answered with the whole file.
        page: A web page with which every file is answered, as a proxy's login does; empty for none.
        misplaced: Bytes by which the answer to a Range header begins too early.
        compresses: Whether whole files come compressed, whatever was asked for.
        unsized: Whether answers come without their length.
    """

    cuts: list[int] = field(default_factory=list)
    refused: int = 0
    altered: set[str] = field(default_factory=set)
    ignores_ranges: bool = False
    page: bytes = b""
    misplaced: int = 0
    compresses: bool = False
    unsized: bool = False


class LoopbackHub:
    """Serves /REPOSITORY/resolve/REVISION/FILE, model.bin through a redirect as the hub's CDN does.

    Args:
        repository: "owner/name".
        revision: The one commit that exists.
        files: Content by name.
    """

    def __init__(self, repository: str, revision: str, files: Mapping[str, bytes]) -> None:
        self.faults = Faults()
        self.requests: list[Request] = []
        self.files = dict(files)
        self.prefix = f"/{repository}/resolve/{revision}/"
        hub = self

        class Handler(_Handler):
            pass

        Handler.hub = hub
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    @property
    def url(self) -> str:
        """What HF_ENDPOINT should be."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    hub: LoopbackHub

    def do_GET(self) -> None:
        hub = self.hub
        name = self.path.rpartition("/")[2]
        on_cdn = self.path == f"/cdn/{name}"
        if not on_cdn and not self.path.startswith(hub.prefix):
            self.send_error(404)
            return
        if name == "model.bin" and not on_cdn and not hub.faults.refused:
            self.send_response(302)
            self.send_header("Location", f"/cdn/{name}")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        wanted = self.headers.get("Range", "bytes=0-").removeprefix("bytes=").partition("-")[0]
        first = 0 if hub.faults.ignores_ranges else int(wanted)
        hub.requests.append(Request(name, int(wanted), self.headers.get("Authorization", "")))
        if hub.faults.refused:
            self.send_error(hub.faults.refused)
            return
        if name not in hub.files:
            self.send_error(404)
            return
        self._send(name, first)

    def _send(self, name: str, first: int) -> None:
        faults, content = self.hub.faults, self.hub.files[name]
        if name in faults.altered:
            content = content[:-1] + bytes([content[-1] ^ 1])
        if faults.page:
            content, first = faults.page, 0
        first = max(0, first - faults.misplaced)
        body = content[first:]
        self.send_response(206 if first else 200)
        if faults.page:
            self.send_header("Content-Type", "text/html; charset=utf-8")
        if first:
            self.send_header("Content-Range", f"bytes {first}-{len(content) - 1}/{len(content)}")
        elif faults.compresses:
            self.send_header("Content-Encoding", "gzip")
            body = gzip.compress(body)
        if not faults.unsized:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if name == "model.bin" and faults.cuts:
            body = body[: faults.cuts.pop(0)]
        self.wfile.write(body)
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server names it
        """Say nothing."""
