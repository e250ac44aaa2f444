"""Who may talk to the console: bound address, Host, same origin, session, and the headers of every answer."""

import hmac
from collections.abc import Callable, Collection
from hashlib import sha256
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.domain.links import is_loopback
from bot.domain.sign_in import Visitor
from bot.platforms.console.security_client import Client, Surroundings
from bot.ports.door import Door

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
BY_ITSELF = frozenset({"/stream", "/sidebar"})
"""What an open page asks for without anybody doing anything: it keeps no session alive."""

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
CLIENT, VISITOR = "odr_bot.client", "odr_bot.visitor"
"""Where a request's scope holds who sends it, and whose session that is."""


class UnsafeBinding(ValueError):
    """The console would be open to the network without a token."""


def check_binding(host: str, token: str, proxies: Collection[str] = ()) -> None:
    """Raises UnsafeBinding for an address that other machines can reach when there is neither a token nor a proxy
    that alone is answered."""
    if not token.strip() and not proxies and not is_loopback(host):
        raise UnsafeBinding(
            f"console.host = {host!r} can be reached from other machines. Set console.token to a long secret, "
            "or name the proxy before it in console.trusted_proxies, or use console.host = '127.0.0.1'."
        )


def pass_of(token: str) -> str:
    """What shows that its holder knows the token, without containing it."""
    return hmac.new(token.encode(), b"odr-bot console session", sha256).hexdigest()


def token_matches(given: str, token: str) -> bool:
    """Whether the given token is the right one, compared in constant time."""
    return hmac.compare_digest(given.encode(), token.encode())


class Cookie:
    """One of the console's cookies. Over TLS its name says that no other site of the same domain can have set it;
    else the name holds the port, because browsers keep the cookies of all ports of a machine together."""

    def __init__(self, name: str) -> None:
        self.name = name

    def called(self, client: Client) -> str:
        """The cookie's name for that client."""
        if client.secure:
            return f"__Host-{self.name}"
        return f"{self.name}_{urlsplit(client.origin).port or 80}"

    def read(self, connection: HTTPConnection) -> str:
        """The value that the browser sends; "" for none."""
        return connection.cookies.get(self.called(connection.scope[CLIENT]), "")

    def write(self, response: Response, client: Client, value: str, seconds: int | None = None) -> None:
        """Give the browser a value, until it is closed or for so many seconds. Another site's page cannot read it
        and cannot send requests with it, except by leading somebody here."""
        name, secure = self.called(client), client.secure
        response.set_cookie(name, value, max_age=seconds, httponly=True, samesite="lax", secure=secure)

    def remove(self, response: Response, client: Client) -> None:
        """Let the browser forget the cookie."""
        response.delete_cookie(self.called(client), httponly=True, samesite="lax", secure=client.secure)


SESSION, PASS = Cookie("odr_session"), Cookie("odr_pass")
"""The secret of a session; and that somebody knew the token, which opens nothing but the page for signing in."""


class AccessGuard:
    """Refuses unknown Host names (DNS rebinding), requests from other origins (CSRF), and everybody without a
    session, who gets the same answer whatever they ask for. Adds the security headers to every answer."""

    def __init__(self, app: ASGIApp, door: Door, surroundings: Surroundings, is_open: Callable[[str], bool]) -> None:
        """`is_open(path)` says what is answered without a session."""
        self._app, self._door, self._surroundings, self._open = app, door, surroundings, is_open

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; only HTTP is served."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            answer = self._refusal(scope) or await self._entered(scope)
            await answer(scope, receive, _with_headers(scope, send, self._seconds))

    @property
    def _seconds(self) -> int:
        return int(self._door.sessions.longest.total_seconds())

    def _refusal(self, scope: Scope) -> ASGIApp | None:
        headers = Headers(scope=scope)
        if not self._surroundings.welcomes(scope):
            return PlainTextResponse("Refused: this console is reached through its proxy.", 403)
        client = self._surroundings.client(scope)
        if client is None:
            return PlainTextResponse("This address is not served here. Open http://127.0.0.1 instead.", 421)
        if scope["method"] not in SAFE_METHODS and not _same_origin(headers, client):
            return PlainTextResponse("Refused: the request comes from another site.", 403)
        scope[CLIENT] = client
        return None

    async def _entered(self, scope: Scope) -> ASGIApp:
        """The application, once the session is known or none is needed; else what everybody gets without one."""
        connection = HTTPConnection(scope)
        if secret := SESSION.read(connection):
            used = scope["path"] not in BY_ITSELF
            enter = self._door.sessions.enter
            scope[VISITOR] = await run_in_threadpool(enter, secret, scope[CLIENT].address, used)
        if scope.get(VISITOR) or self._open(scope["path"]):
            return self._app
        if scope["method"] == "GET" and "text/html" in connection.headers.get("accept", "text/html"):
            return RedirectResponse("/login", 303)
        return PlainTextResponse("Sign in first.", 401)


def client_of(connection: HTTPConnection) -> Client:
    """Who sends the request."""
    client: Client = connection.scope[CLIENT]
    return client


def visitor_of(connection: HTTPConnection) -> Visitor | None:
    """Whose session the request is of; None without one."""
    visitor: Visitor | None = connection.scope.get(VISITOR)
    return visitor


def _same_origin(headers: Headers, client: Client) -> bool:
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is None and origin is None:
        return False
    if site is not None and site != "same-origin":
        return False
    return origin is None or origin.lower() == client.origin


def _with_headers(scope: Scope, send: Send, seconds: int) -> Send:
    async def wrapped(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            _renew(scope, headers, seconds)
        await send(message)

    return wrapped


def _renew(scope: Scope, headers: MutableHeaders, seconds: int) -> None:
    visitor = scope.get(VISITOR)
    if visitor is None or not visitor.renewed or "set-cookie" in headers:
        return
    given = Response()
    SESSION.write(given, scope[CLIENT], visitor.renewed, seconds)
    headers["set-cookie"] = given.headers["set-cookie"]
