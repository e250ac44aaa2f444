"""Who may talk to the console: bound address, Host, same origin, token, and the headers of every answer."""

import hmac
import ipaddress
from collections.abc import Iterable
from hashlib import sha256
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SESSION_COOKIE = "odr_session"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
OPEN_PATHS = ("/login", "/static/")
HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


class UnsafeBinding(ValueError):
    """The console would be open to the network without a token."""


def is_loopback(host: str) -> bool:
    """Whether an address or name (without port) means this machine itself."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.rstrip(".").lower() == "localhost"


def check_binding(host: str, token: str) -> None:
    """Raises UnsafeBinding for an address other machines can reach when there is no token."""
    if not token.strip() and not is_loopback(host):
        raise UnsafeBinding(
            f"console.host = {host!r} can be reached from other machines. Set console.token to a long secret, "
            "or use console.host = '127.0.0.1'."
        )


def session_of(token: str) -> str:
    """The value of the session cookie, which proves that its holder knows the token without containing it."""
    return hmac.new(token.encode(), b"odr-bot console session", sha256).hexdigest()


def token_matches(given: str, token: str) -> bool:
    """Whether the given token is the right one, compared in constant time."""
    return hmac.compare_digest(given.encode(), token.encode())


class AccessGuard:
    """Refuses unknown Host names (DNS rebinding), requests from other origins (CSRF) and people who are not signed
    in; adds the security headers to every answer."""

    def __init__(self, app: ASGIApp, token: str = "", hosts: Iterable[str] = ()) -> None:
        self._app, self._token = app, token
        self._hosts = frozenset(host.lower() for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; only HTTP is served."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            answer = self._refusal(scope) or self._app
            await answer(scope, receive, _with_headers(send))

    def _refusal(self, scope: Scope) -> ASGIApp | None:
        headers = Headers(scope=scope)
        if not self._known_host(headers.get("host", "")):
            return PlainTextResponse("This address is not served here. Open http://127.0.0.1 instead.", 421)
        if scope["method"] not in SAFE_METHODS and not _same_origin(headers):
            return PlainTextResponse("Refused: the request comes from another site.", 403)
        if self._token and not self._known_person(scope):
            if scope["method"] == "GET" and "text/html" in headers.get("accept", ""):
                return RedirectResponse("/login", 303)
            return PlainTextResponse("Sign in first.", 401)
        return None

    def _known_host(self, value: str) -> bool:
        try:
            host = urlsplit(f"//{value}").hostname or ""
        except ValueError:
            return False
        return is_loopback(host) or host in self._hosts or (bool(self._token) and _is_address(host))

    def _known_person(self, scope: Scope) -> bool:
        if scope["path"].startswith(OPEN_PATHS):
            return True
        given = HTTPConnection(scope).cookies.get(SESSION_COOKIE, "")
        return token_matches(given, session_of(self._token))


def _is_address(host: str) -> bool:
    # An address cannot be rebound to another machine by DNS; a name can.
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _same_origin(headers: Headers) -> bool:
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is None and origin is None:
        return False
    if site is not None and site != "same-origin":
        return False
    return origin is None or urlsplit(origin).netloc.lower() == headers.get("host", "").lower()


def _with_headers(send: Send) -> Send:
    async def wrapped(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return wrapped
