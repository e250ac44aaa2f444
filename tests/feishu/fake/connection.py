"""The long connection: tickets, pings, events in parts to one random client of several."""

import asyncio
import base64
import json
import random
import time
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLate
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from tests.feishu.fake.api import respond
from tests.feishu.fake.frames import Frame
from tests.feishu.fake.webhook import Ack
from tests.feishu.fake.world import Json, World

SERVICE = 123
MOST_CONNECTIONS = 50
PATIENCE_SECONDS = 60
CONTROL, DATA = 0, 1


class Line:
    """One client's connection."""

    def __init__(self, socket: WebSocket, loop: asyncio.AbstractEventLoop) -> None:
        self.socket, self.loop = socket, loop
        self.waiting: dict[str, Future[Frame]] = {}
        self.brought: list[Json] = []


class Connections:
    """All connections of the app. `part_bytes` is how much goes into one frame; `config` is what clients are told
    of pings and reconnecting."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.lines: list[Line] = []
        self.tickets: set[str] = set()
        self.pings = 0
        self.part_bytes = 8192
        self.config = {"ReconnectCount": -1, "ReconnectInterval": 1, "ReconnectNonce": 0, "PingInterval": 120}
        self.chance = random.Random(7)
        self.address = ""

    async def endpoint(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Where a client learns its address."""
        given = await Request(scope, receive).json()
        await self._told(given)(scope, receive, send)

    def _told(self, given: Json) -> Response:
        if (given.get("AppID"), given.get("AppSecret")) != (self.world.app_id, self.world.app_secret):
            return _json({"code": 1000040345, "msg": "app_id or app_secret is wrong"})
        if len(self.lines) >= MOST_CONNECTIONS:
            return _json({"code": 1000040350, "msg": "the number of connections exceeded the limit"})
        ticket = self.world.new_id("ticket")
        self.tickets.add(ticket)
        url = f"{self.address.replace('http', 'ws', 1)}/ws?device_id={ticket}&service_id={SERVICE}&ticket={ticket}"
        return _json({"code": 0, "msg": "", "data": {"URL": url, "ClientConfig": self.config}})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One connection, from greeting to end."""
        socket = WebSocket(scope, receive, send)
        if socket.query_params.get("ticket") not in self.tickets:
            await socket.close(4003)
            return
        self.tickets.remove(socket.query_params["ticket"])
        await socket.accept()
        line = Line(socket, asyncio.get_running_loop())
        self._changed(line, here=True)
        try:
            while True:
                await self._heard(line, Frame.decode(await socket.receive_bytes()))
        except (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            self._changed(line, here=False)

    def _changed(self, line: Line, here: bool) -> None:
        with self.world.changed:
            self.lines = [*self.lines, line] if here else [each for each in self.lines if each is not line]
            self.world.changed.notify_all()

    async def _heard(self, line: Line, frame: Frame) -> None:
        if frame.method == DATA:
            if waiting := line.waiting.pop(frame.headers.get("message_id", ""), None):
                waiting.set_result(frame)
        elif frame.headers.get("type") == "ping":
            with self.world.changed:
                self.pings += 1
                self.world.changed.notify_all()
            pong = Frame(0, 0, frame.service, CONTROL, {"type": "pong"}, json.dumps(self.config).encode())
            await line.socket.send_bytes(pong.encode())

    def bring(self, event: Json, limit: float) -> Ack:
        """Send the event to one client by chance; what it answers within `limit` seconds counts."""
        began = time.monotonic()
        if not self.lines:
            return Ack(0, None, 0)
        line = self.chance.choice(self.lines)
        line.brought.append(event)
        message_id = self.world.new_id("frame")
        waiting: Future[Frame] = Future()
        line.waiting[message_id] = waiting
        asyncio.run_coroutine_threadsafe(self._sent(line, message_id, event), line.loop)
        try:
            answered = waiting.result(limit)
        except TooLate:
            line.waiting.pop(message_id, None)
            return Ack(0, None, time.monotonic() - began)
        return _ack(answered, time.monotonic() - began)

    async def _sent(self, line: Line, message_id: str, event: Json) -> None:
        payload = json.dumps(event, ensure_ascii=False).encode()
        parts = [payload[at : at + self.part_bytes] for at in range(0, len(payload), self.part_bytes)]
        for number, part in enumerate(parts):
            headers = {"type": "event", "message_id": message_id, "sum": str(len(parts)), "seq": str(number)}
            frame = Frame(number, 0, SERVICE, DATA, headers | {"trace_id": message_id}, part)
            await line.socket.send_bytes(frame.encode())

    def cut(self) -> None:
        """End every connection, as Feishu does now and then; nothing is brought over one that is being ended."""
        for line in list(self.lines):
            self._changed(line, here=False)
            asyncio.run_coroutine_threadsafe(line.socket.close(), line.loop).result(PATIENCE_SECONDS)


def _ack(frame: Frame, seconds: float) -> Ack:
    told: dict[str, Any] = json.loads(frame.payload)
    if "biz_rt" not in frame.headers and told["code"] == 200:
        return Ack(500, "no biz_rt", seconds)
    data = told.get("data")
    return Ack(told["code"], json.loads(base64.b64decode(data)) if data else None, seconds)


def _json(data: Json) -> Response:
    return respond(200, json.dumps(data).encode(), "application/json; charset=utf-8")
