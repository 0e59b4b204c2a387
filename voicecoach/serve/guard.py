"""Who may ask: whoever has the token, or the cookie it was changed for, by this machine's own address."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from secrets import token_urlsafe

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

ADDRESS = "127.0.0.1"
"""The loopback address, and never a name: names are what a rebinding attack changes."""

COOKIE = "voicecoach"

ASK_AGAIN = "Open the address that `voicecoach serve` has printed.\n"


@dataclass(frozen=True, slots=True)
class Keys:
    """What opens the door.

    Attributes:
        token: In the printed address; it is changed for the cookie, so that it does not stay in addresses.
        cookie: What a browser holds afterwards.
        room: First part of every path behind the door. Browsers send a cookie to every port of an address;
            one bound to a path that nobody else can know is sent to nobody else.
    """

    token: str
    cookie: str
    room: str

    @staticmethod
    def fresh() -> "Keys":
        """New random keys, 256 bits each."""
        return Keys(token_urlsafe(32), token_urlsafe(32), token_urlsafe(32))

    def has_token(self, request: web.Request) -> bool:
        """Whether a request brings the token."""
        return _same(request.query.get("token", ""), self.token)

    def has_cookie(self, request: web.Request) -> bool:
        """Whether a request brings the cookie."""
        return _same(request.cookies.get(COOKIE, ""), self.cookie)

    def hand_over(self, response: web.StreamResponse) -> None:
        """Give a browser the cookie."""
        response.set_cookie(COOKIE, self.cookie, path=f"/{self.room}/", httponly=True, samesite="Strict")


def host_of(port: int) -> str:
    """What a browser on this machine writes into Host."""
    return f"{ADDRESS}:{port}"


def origin_of(port: int) -> str:
    """What a page from here has as its Origin."""
    return f"http://{host_of(port)}"


def refuse_strangers(port: int) -> Middleware:
    """Refuse requests that came by another name, or from another site's page.

    A page of another site can have a browser on this machine ask us (cross-origin), and can make its own name
    lead to this machine (DNS rebinding); neither can choose what the browser writes into Host and Origin.
    """

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.headers.getall("Host", []) != [host_of(port)]:
            raise web.HTTPForbidden(text=ASK_AGAIN)
        if any(origin != origin_of(port) for origin in request.headers.getall("Origin", [])):
            raise web.HTTPForbidden(text="This page may not ask here.\n")
        return await handler(request)

    return middleware


def refuse_without_cookie(keys: Keys) -> Middleware:
    """Refuse requests without the cookie."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not keys.has_cookie(request):
            raise web.HTTPForbidden(text=ASK_AGAIN)
        return await handler(request)

    return middleware


def policy(port: int, script_hash: str) -> Mapping[str, str]:
    """Headers of every answer: nothing is loaded from elsewhere, framed, cached or passed on."""
    return {
        "Content-Security-Policy": (
            f"default-src 'none'; script-src 'self' '{script_hash}'; font-src 'self'; img-src 'self' data:; "
            # xterm.js writes its own style elements.
            "style-src 'self' 'unsafe-inline'; "
            f"connect-src 'self' ws://{host_of(port)}; "
            "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        ),
        "Cache-Control": "no-store",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }


def _same(given: str, expected: str) -> bool:
    """Compared in a time that tells nothing of how much of it is right."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())
