"""What is asked of the console in a storm of leaks: every page with every parameter, and all that pages send."""

import asyncio
import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import httpx
from starlette.applications import Starlette

from bot.platforms.console.platform import PAGES
from tests.console.conftest import SAME_ORIGIN
from tests.security.leaks.asking import FIELDS, FIXED, HANDLERS, VALUES, Asking
from tests.security.leaks.world import EVERYBODY, TEAMS, Asker, Things, belongs

HTML = {"accept": "text/html"}
QUERY = {
    "channel": ("{channel}", "{own_channel}", "slack:{channel}", "{team}", "{shop}"),
    "thread": ("{case}", "{own_case}", "{number}"), "state": ("", "open", "active"), "owner": ("{person}", "{shop}"),
    "site": ("US", ""), "before": ("999999", "0"), "since": ("0", "2026-11-01", "1"), "here": ("/?thread={case}",),
    "board": ("1",), "person": ("{person}", "{who}", "local"), "who": ("{person}", "{who}"),
    "subject": ("{case}", "{shop}", "{evidence}"),
    "what": ("case", "import"), "day": ("2026-11-20",), "until": ("2026-11-21",),
    "team": ("{team}", "Team {team}ness"),
    "shop": ("{shop}", "{name}"), "q": ("{order}", "{ending}", "{name}"), "case": ("{case}",), "page": ("2",),
    "from": ("2026-11-01",), "to": ("2026-11-30",), "format": ("csv", "json"), "link": ("{sha256}.x",),
}  # fmt: skip
FORMS = {
    "channel": QUERY["channel"], "thread": QUERY["thread"], "act": ("invite", "remove"),
    "team": ("{team}", "{own_team}"),
    "who": ("{who}", "{person}"), "name": ("{who}", "{name}"), "role": ("admin", "viewer"),
    "session": ("1", "2", "all"),
    "id": ("1", "2", "3"), "next": ("/?thread={case}", "//evil.example/{case}"), "language": ("en", "zh"),
    "timezone": ("UTC", "{shop}"), "person": ("{person}",), "link": ("{sha256}.x",),
}  # fmt: skip
FILES = ("/files/{sha256}/original.txt", "/files/{package}/{case}.zip", "/files/{sha256}/..%2f..%2f{case}")
LASTING = "/stream"


@dataclass(frozen=True)
class Request:
    """One request as a pattern, in which names stand as {case}, {order} and so on."""

    asker: Asker
    method: str
    path: str
    query: Mapping[str, str]
    fields: Mapping[str, str]
    accept: str

    @property
    def names(self) -> set[str]:
        """What the request names."""
        return set(re.findall(r"\{(\w+)\}", " ".join([self.path, *self.query.values(), *self.fields.values()])))

    def __str__(self) -> str:
        return f"{self.method} {self.path} {dict(self.query)} {dict(self.fields)}"

    def about(self, things: Things) -> httpx.Request:
        """The request about these things, as a browser sends it."""
        query = {name: text.format_map(things) for name, text in self.query.items()}
        files = {name: (None, _filled(text, things)) for name, text in self.fields.items()}
        url = "http://127.0.0.1" + self.path.format_map(things)
        headers = SAME_ORIGIN | {"accept": self.accept}
        return httpx.Request(self.method, url, params=query, files=files or None, headers=headers)


def _filled(text: str, things: Things) -> str:
    """The field about these things; payloads are JSON, in which braces stand for themselves."""
    return re.sub(r"\{(\w+)\}", lambda found: things.get(found[1], found[0]), text)


class Browsing(Asking):
    """Requests to the console from a seed: everybody who can sign in, in turn, and now and then who cannot."""

    def requests(self) -> Iterator[tuple[Request, str]]:
        """Requests without end, each with the team of whose things it asks."""
        while True:
            for person in self.random.sample(EVERYBODY, len(EVERYBODY)):
                seen = belongs(person)
                hidden = [team for team in (*TEAMS, "theta") if team not in seen]
                asker = Asker(person, f"console:C{min(seen).upper()}" if seen else "console:CNOBODYS", False, seen)
                yield self._request(asker), self.random.choice(hidden)

    def _request(self, asker: Asker) -> Request:
        choose = self.random.choice
        page = choose(PAGES)
        method, path = choose(page.methods), choose(FILES) if "{" in page.path else page.path
        some = self.random.sample(sorted(QUERY), choose((1, 2, 3, 5)))
        query = {name: choose(QUERY[name]) for name in some} if method == "GET" else {}
        fields = self._fields(path, asker) if method == "POST" else {}
        return Request(asker, method, path, query, fields, choose(("text/html", "*/*")))

    def _fields(self, path: str, asker: Asker) -> dict[str, str]:
        choose = self.random.choice
        if path not in ("/say", "/press", "/submit"):
            return {name: choose(FORMS[name]) for name in self.random.sample(sorted(FORMS), choose((2, 4, 8)))}
        own = {"channel": asker.channel.partition(":")[2], "thread": choose(("", "", "{case}", "{own_case}"))}
        about = choose((own, own, own, {"channel": "{channel}", "thread": "{case}"})) | {"id": "asked-00000001"}
        if path == "/say":
            return about | {"text": self._words(choose(HANDLERS))}
        payload = {
            name: choose(FIELDS[name]) for name in self.random.sample(sorted(FIELDS), choose((1, 2, 4)))
        } | FIXED
        values = {f"value.{name}": text for name, text in VALUES.items()}
        return about | {"action": choose(HANDLERS), "payload": json.dumps(payload)} | values


def unpacked(data: bytes) -> str:
    """A file as text; of a package the names and the texts in it, without what it says of the time."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "\n".join(f"{name}\n{archive.read(name).decode(errors='replace')}" for name in archive.namelist())
    except zipfile.BadZipFile:
        return data.decode(errors="replace")


def answered(web: Starlette, request: httpx.Request, cookies: Mapping[str, str], lasting: bool = False) -> str:
    """What the console answers: status, headers that tell something, and body; of what lasts, what comes at once."""
    return asyncio.run(_answered(web, request, cookies, 0.3 if lasting else 30))


async def _answered(web: Starlette, request: httpx.Request, cookies: Mapping[str, str], seconds: float) -> str:
    body, over, sent, content = request.read(), asyncio.Event(), list[str](), bytearray()
    cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
    headers = [(name.lower().encode(), value.encode()) for name, value in request.headers.items()]
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": request.method,
        "scheme": "http", "path": request.url.path, "raw_path": request.url.raw_path.partition(b"?")[0],
        "query_string": request.url.query, "root_path": "", "headers": [*headers, (b"cookie", cookie.encode())],
        "client": ("127.0.0.1", 50000), "server": ("127.0.0.1", 80), "state": {},
    }  # fmt: skip
    incoming = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def receive() -> Mapping[str, object]:
        if given := next(incoming, None):
            return given
        await over.wait()
        return {"type": "http.disconnect"}

    async def send(message: Mapping[str, object]) -> None:
        if message["type"] == "http.response.start":
            told = [pair for pair in message["headers"] if pair[0] in (b"location", b"content-disposition")]  # type: ignore[attr-defined]
            sent.append(f"{message['status']} {told}\n")
        else:
            content.extend(bytes(message.get("body", b"")))  # type: ignore[call-overload]
            if not message.get("more_body"):
                over.set()

    running = asyncio.create_task(web(scope, receive, send))
    await asyncio.wait([running], timeout=seconds)
    over.set()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    return "".join([*sent, unpacked(bytes(content))])
