"""The open API over HTTP: who asks, how often, for what; answers as Feishu gives them."""

import asyncio
import json
import re
import urllib.parse
from collections.abc import Callable
from typing import Any

from starlette.formparsers import MultiPartParser
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from tests.feishu.fake.chats import Chats
from tests.feishu.fake.faults import Faults
from tests.feishu.fake.files import Files
from tests.feishu.fake.limits import Rates
from tests.feishu.fake.messages import Messages
from tests.feishu.fake.refusal import Refused, invalid
from tests.feishu.fake.tokens import Tokens
from tests.feishu.fake.world import Call, File, Json, World

SEND = ("im:message:send_as_bot",)
CHAT = ("im:chat", "im:chat:readonly")
PAGE = (
    "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>"
)


class Api:
    """An ASGI application. Header names are written as Feishu writes them: its own kits look for that."""

    def __init__(self, world: World) -> None:
        self.world, self.tokens, self.rates, self.faults = world, Tokens(world), Rates(world.clock), Faults()
        self.messages, self.files, self.chats = Messages(world, self.rates), Files(world), Chats(world)
        self.routes: list[tuple[str, re.Pattern[str], Callable[..., Any]]] = []
        for method, path, answer in self._table():
            pattern = re.compile("/open-apis" + re.sub(r":(\w+)", r"(?P<\1>[^/]+)", path))
            self.routes.append((method, pattern, answer))

    def _table(self) -> list[tuple[str, str, Callable[..., Any]]]:
        return [
            ("GET", "/bot/v3/info", self._bot),
            ("GET", "/application/v6/scopes", self._scopes),
            ("POST", "/im/v1/messages", self._create),
            ("POST", "/im/v1/messages/:message_id/reply", self._reply),
            ("PATCH", "/im/v1/messages/:message_id", self._patch),
            ("GET", "/im/v1/messages/:message_id", self._message),
            ("DELETE", "/im/v1/messages/:message_id", self._recall),
            ("PATCH", "/im/v1/messages/:message_id/urgent_app", self._ring),
            ("GET", "/im/v1/messages/:message_id/resources/:key", self._resource),
            ("POST", "/im/v1/files", self._upload),
            ("POST", "/im/v1/images", self._upload_image),
            ("POST", "/im/v1/pins", self._pin),
            ("DELETE", "/im/v1/pins/:message_id", self._unpin),
            ("GET", "/im/v1/chats", self._listed),
            ("GET", "/im/v1/chats/:chat_id", self._chat),
            ("GET", "/im/v1/chats/:chat_id/members", self._members),
            ("GET", "/im/v1/chats/:chat_id/members/is_in_chat", self._is_in),
            ("GET", "/contact/v3/users/:user_id", self._user),
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        request = Request(scope, receive)
        path, method = request.url.path, request.method
        fault = self.faults.next(method, path)
        if fault and fault.hang:
            while not fault.hang.is_set():
                await asyncio.sleep(0.01)
        if fault and fault.page:
            self._record(method, path, 502, None)
            await respond(502, PAGE.encode(), "text/html")(scope, receive, send)
            return
        body = await request.body()
        try:
            if fault and fault.code:
                raise fault.refusal()
            answer = await self._answer(request, body)
        except Refused as refused:
            answer = self._said({"code": refused.code, "msg": refused.msg}, refused.status, refused.headers)
            self._record(method, path, refused.code, _loaded(body))
        else:
            self._record(method, path, 0, _loaded(body))
        if fault and fault.after:
            raise ConnectionAbortedError("arranged: the answer is lost")
        await answer(scope, receive, send)

    def _record(self, method: str, path: str, code: int, body: Any) -> None:
        with self.world.changed:
            self.world.calls.append(Call(method, path, code, self.world.clock.seconds(), body))
            self.world.changed.notify_all()

    async def _answer(self, request: Request, body: bytes) -> Response:
        path = request.url.path
        if path.startswith("/open-apis/auth/v3/") and request.method == "POST":
            given = _loaded(body) or {}
            return self._said(self.tokens.give(given.get("app_id", ""), given.get("app_secret", "")))
        for method, pattern, answer in self.routes:
            if method == request.method and (found := pattern.fullmatch(path)):
                self.tokens.check(request.headers.get("authorization", ""))
                self.rates.api(f"{method} {pattern.pattern}")
                parts = {name: urllib.parse.unquote(value) for name, value in found.groupdict().items()}
                form = await _form(request, body)
                with self.world.lock:
                    result = answer(query=request.query_params, body=form, size=len(body), **parts)
                return result if isinstance(result, Response) else self._said(_data(result))
        return self._said({"code": 404, "msg": "404 page not found"}, 404)

    @staticmethod
    def _said(data: Json, status: int = 200, headers: dict[str, str] | None = None) -> Response:
        return respond(status, json.dumps(data).encode(), "application/json; charset=utf-8", headers)

    def _bot(self, **_: Any) -> Response:
        bot = {"activate_status": 2, "app_name": "odr-bot", "open_id": self.world.bot, "ip_white_list": []}
        return self._said({"code": 0, "msg": "ok", "bot": bot})

    def _scopes(self, **_: Any) -> Json:
        granted = [{"scope_name": name, "grant_status": 1, "scope_type": "tenant"} for name in self.world.scopes]
        return {"scopes": granted}

    def _create(self, query: Any, body: Json, size: int) -> Json:
        self.tokens.need(*SEND)
        return self.messages.create(query.get("receive_id_type", ""), body, size)

    def _reply(self, message_id: str, body: Json, size: int, **_: Any) -> Json:
        self.tokens.need(*SEND)
        return self.messages.reply(message_id, body, size)

    def _patch(self, message_id: str, body: Json, size: int, **_: Any) -> None:
        self.tokens.need(*SEND)
        self.messages.patch(message_id, body, size)

    def _message(self, message_id: str, **_: Any) -> Json:
        self.tokens.need("im:message", "im:message:readonly")
        return {"items": [self.messages.described(self.messages.get(message_id))]}

    def _recall(self, message_id: str, **_: Any) -> None:
        self.tokens.need(*SEND)
        self.messages.recall(message_id)

    def _ring(self, message_id: str, query: Any, body: Json, **_: Any) -> Json:
        self.tokens.need("im:message.urgent")
        if query.get("user_id_type") != "open_id" or not isinstance(body.get("user_id_list"), list):
            raise invalid("user_id_type")
        return self.messages.ring(message_id, body["user_id_list"])

    def _resource(self, message_id: str, key: str, query: Any, **_: Any) -> Response:
        self.tokens.need("im:resource", "im:message:readonly")
        file = self.files.resource(message_id, key, query.get("type", ""))
        return _bytes(file)

    def _upload(self, body: Json, **_: Any) -> Json:
        self.tokens.need("im:resource")
        return self.files.upload(body.get("file_type", ""), body.get("file_name", ""), body.get("file", b""))

    def _upload_image(self, body: Json, **_: Any) -> Json:
        self.tokens.need("im:resource")
        return self.files.upload_image(body.get("image_type", ""), body.get("image", b""))

    def _pin(self, body: Json, **_: Any) -> Json:
        self.tokens.need(*SEND, "im:message.pins:write_only")
        return self.messages.pin(body.get("message_id", ""), True)

    def _unpin(self, message_id: str, **_: Any) -> None:
        self.messages.pin(message_id, False)

    def _listed(self, **_: Any) -> Json:
        self.tokens.need(*CHAT)
        return self.chats.listed()

    def _chat(self, chat_id: str, **_: Any) -> Json:
        self.tokens.need(*CHAT)
        return self.chats.get(chat_id)

    def _members(self, chat_id: str, **_: Any) -> Json:
        self.tokens.need(*CHAT)
        return self.chats.members(chat_id)

    def _is_in(self, chat_id: str, **_: Any) -> Json:
        self.tokens.need(*CHAT)
        return self.chats.is_in(chat_id)

    def _user(self, user_id: str, query: Any, **_: Any) -> Json:
        if query.get("user_id_type") != "open_id":
            raise invalid("user_id_type")
        self.tokens.need("contact:contact.base:readonly")
        return self.chats.user(user_id, "contact:user.base:readonly" in self.world.scopes)


def respond(status: int, content: bytes, kind: str, headers: dict[str, str] | None = None) -> Response:
    """An answer whose header names are not lower-cased."""
    response = Response(content, status)
    named = {"Content-Type": kind, "Content-Length": str(len(content)), "X-Tt-Logid": "log"} | (headers or {})
    response.raw_headers = [(name.encode(), value.encode()) for name, value in named.items()]
    return response


def _bytes(file: File) -> Response:
    name = urllib.parse.quote(file.name)
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"} if name else {}
    return respond(200, file.data, "application/octet-stream", headers)


def _data(result: Any) -> Json:
    return {"code": 0, "msg": "success", "data": result or {}}


def _loaded(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


async def _form(request: Request, body: bytes) -> Json:
    """The fields of a request, whether JSON or parts; bytes for files."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return _loaded(body) or {}

    async def stream() -> Any:
        yield body

    parts = await MultiPartParser(request.headers, stream(), max_part_size=2**30).parse()
    return {name: value if isinstance(value, str) else await value.read() for name, value in parts.items()}
