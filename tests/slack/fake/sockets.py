"""Socket Mode: several connections, each payload to any one of them, until one acknowledges it."""

import asyncio
import itertools
import json
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from starlette.websockets import WebSocket, WebSocketDisconnect

from tests.slack.fake.world import APP

Json = dict[str, Any]
MOST = 10
WAITING_SECONDS = 60


@dataclass
class Sockets:
    """The open connections. `choose` picks the connection of the next payload by its number."""

    choose: Callable[[int], int] = lambda count: 0
    links: list[WebSocket] = field(default_factory=list)
    used: list[int] = field(default_factory=list)
    _tickets: set[str] = field(default_factory=set)
    _waiting: "dict[str, Future[Json]]" = field(default_factory=dict)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _loop: asyncio.AbstractEventLoop | None = None
    _turns: "itertools.count[int]" = field(default_factory=itertools.count)

    def ticket(self, home: str) -> str:
        """An address for one connection."""
        name = uuid4().hex
        self._tickets.add(name)
        return f"{home.replace('http', 'ws', 1)}/link?ticket={name}&app_id={APP}"

    async def serve(self, link: WebSocket) -> None:
        """One connection, from hello to its end."""
        ticket = link.query_params.get("ticket", "")
        await link.accept()
        if ticket not in self._tickets or len(self.links) >= MOST:
            await link.close(4000)
            return
        self._tickets.discard(ticket)
        self._loop = asyncio.get_running_loop()
        await link.send_json(self._hello())
        self._change(lambda: self.links.append(link))
        try:
            while True:
                self._take(json.loads(await link.receive_text()))
        except WebSocketDisconnect:
            pass
        finally:
            self._left(link)

    def _hello(self) -> Json:
        debug = {"host": "applink", "build_number": 1, "approximate_connection_time": 18_060}
        about = {"num_connections": len(self.links) + 1, "connection_info": {"app_id": APP}}
        return {"type": "hello", **about, "debug_info": debug}

    def _change(self, change: Callable[[], object]) -> None:
        with self._changed:
            change()
            self._changed.notify_all()

    def _left(self, link: WebSocket) -> None:
        self._change(lambda: self.links.remove(link) if link in self.links else None)

    def _take(self, acknowledged: Json) -> None:
        if waiting := self._waiting.pop(acknowledged.get("envelope_id", ""), None):
            waiting.set_result(acknowledged)

    def wait(self, count: int, seconds: float = WAITING_SECONDS) -> None:
        """Wait until so many connections are open."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.links) == count, seconds), f"{len(self.links)} connections"

    def deliver(self, kind: str, payload: Json, retry: int = 0, seconds: float = WAITING_SECONDS) -> Json:
        """Give a payload to a connection; what it acknowledged with. Raises TimeoutError when it does not."""
        envelope = {"envelope_id": uuid4().hex, "type": kind, "payload": payload, "accepts_response_payload": True}
        if kind == "events_api":
            reason = "timeout" if retry else ""
            envelope |= {"accepts_response_payload": False, "retry_attempt": retry, "retry_reason": reason}
        done: Future[Json] = Future()
        self._waiting[str(envelope["envelope_id"])] = done
        self._send(envelope)
        return done.result(seconds)

    def _send(self, envelope: Json) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: bool(self.links), WAITING_SECONDS), "nobody is connected"
            number = self.choose(next(self._turns)) % len(self.links)
            link = self.links[number]
        self.used.append(number)
        self._run(link.send_json(envelope))

    def _run(self, step: Any) -> None:
        assert self._loop
        asyncio.run_coroutine_threadsafe(step, self._loop).result(WAITING_SECONDS)

    def refresh(self, number: int = 0, reason: str = "refresh_requested") -> None:
        """Ask a connection to come again, as Slack does every few hours; wait until the old one is left."""
        link = self.links[number]
        self._run(link.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "applink"}}))
        with self._changed:
            assert self._changed.wait_for(lambda: link not in self.links, WAITING_SECONDS), "it did not come again"

    def cut(self, number: int = 0) -> None:
        """End a connection without a word; nothing is brought over it any more."""
        link = self.links[number]
        self._left(link)
        self._run(link.close(1012))

    def forget(self) -> None:
        """Begin again with who is connected."""
        self.used.clear()
        self.choose, self._turns = (lambda count: 0), itertools.count()

    def close(self) -> None:
        """End them all."""
        for link in list(self.links):
            self._run(link.close())
