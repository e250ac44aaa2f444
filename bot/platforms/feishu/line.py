"""The long connection: no public address is needed. It has a thread and a loop of its own."""

import asyncio
import base64
import json
import logging
import random
import re
import threading
from collections.abc import Callable
from concurrent.futures import Executor
from functools import cache
from time import monotonic
from typing import Any

from bot.platforms.feishu import sdk
from bot.platforms.feishu.api import Api, Call

log = logging.getLogger(__name__)

Json = dict[str, Any]

_TICKET = re.compile(r"\?\S+")

ENDPOINT = "/callback/ws/endpoint"
LONGEST_PAUSE_SECONDS = 120.0
STEADY_SECONDS = 60.0
ENDING_SECONDS = 5.0


class Line:
    """Keeps one connection of the SDK's client open, and opens it again whatever ends it. `take` keeps an event and
    gives the answer; it runs in `pool`, for the client's loop must not wait."""

    def __init__(self, api: Api, take: Callable[[Json], Json], pool: Executor) -> None:
        self.api, self.take, self.pool = api, take, pool
        self.state, self.fault = "closed", ""
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ended = threading.Event()
        self._stop: asyncio.Event | None = None

    def begin(self) -> None:
        """Connect in a thread of its own."""
        if self._thread is None:
            self._ended.clear()
            self._thread = threading.Thread(target=self._run, name="feishu-line", daemon=True)
            self._thread.start()

    def end(self) -> None:
        """Close the connection."""
        self._ended.set()
        if self._loop and self._stop:
            try:
                self._loop.call_soon_threadsafe(self._stop.set)
            except RuntimeError:
                log.debug("the line had ended by itself")
        if self._thread:
            self._thread.join(ENDING_SECONDS)
            self._thread = None

    def _run(self) -> None:
        asyncio.run(self._keep())

    async def _keep(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        pause = 1.0
        while not self._ended.is_set():
            began = monotonic()
            self.state = "connecting"
            try:
                await self._once(self._stop)
            except Exception as error:
                # An address in an error would show its ticket.
                self.fault = _TICKET.sub("?…", str(error)) or type(error).__name__
                log.warning("the long connection to Feishu is down: %s", self.fault)
            self.state = "closed"
            pause = 1.0 if monotonic() - began > STEADY_SECONDS else min(pause * 2, LONGEST_PAUSE_SECONDS)
            if not self._ended.is_set():
                await _either(self._stop.wait(), asyncio.sleep(pause * random.uniform(0.5, 1)))  # noqa: S311

    async def _once(self, stop: asyncio.Event) -> None:
        """One connection until it breaks or is to end."""
        client = await asyncio.to_thread(_client_class)
        connection = client(self.api, self._answer)
        try:
            await connection.open()
            self.state, self.fault = "connected", ""
            await _either(stop.wait(), connection.broken.wait())
        finally:
            await connection.shut()
        if not stop.is_set():
            raise ConnectionError("the connection broke")

    async def _answer(self, payload: bytes) -> Json:
        return await asyncio.get_running_loop().run_in_executor(self.pool, self._taken, payload)

    def _taken(self, payload: bytes) -> Json:
        event = json.loads(payload)
        return self.take(event) if isinstance(event, dict) else {}


async def _either(*waits: Any) -> None:
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()


@cache
def _client_class() -> Any:
    """The SDK's client, told to leave reconnecting to us, to ask for its address with a time limit and to answer
    frames without holding up its loop. Made when it is first needed: the SDK is not loaded before."""
    ws, levels = sdk.load(sdk.CONNECTION), sdk.load("lark_oapi.core.enum").LogLevel

    class Client(ws.Client):  # type: ignore[misc, name-defined]
        def __init__(self, api: Api, answer: Callable[[bytes], Any]) -> None:
            settings = api.settings
            secret = settings.app_secret.get_secret_value()
            # Its own log prints the address with its ticket.
            quiet = {"log_level": levels.CRITICAL, "auto_reconnect": False}
            super().__init__(settings.app_id, secret, domain=api.base, **quiet)
            self.api, self.answer = api, answer
            self.broken = asyncio.Event()
            self.pinging: asyncio.Task[None] | None = None

        async def open(self) -> None:
            self.address = await asyncio.to_thread(self._ask_address)
            await self._connect()
            self.pinging = asyncio.ensure_future(self._ping_loop())

        async def shut(self) -> None:
            if self.pinging:
                self.pinging.cancel()
            await self._disconnect()

        def _ask_address(self) -> str:
            secret = {"AppID": self._app_id, "AppSecret": self._app_secret}
            given = self.api.open_call(Call("POST", ENDPOINT, {}, body=secret))
            wanted = given.get("ClientConfig")
            if isinstance(wanted, dict) and isinstance(wanted.get("PingInterval"), int):
                self._configure(ws.ClientConfig(wanted))
            return str(given["URL"])

        def _get_conn_url(self) -> str:
            return self.address

        async def _receive_message_loop(self) -> None:
            try:
                await super()._receive_message_loop()
            except Exception as error:
                log.info("the long connection ended: %s", type(error).__name__)
            finally:
                self.broken.set()

        async def _handle_data_frame(self, frame: Any) -> None:
            named = {header.key: header.value for header in frame.headers}
            payload = frame.payload
            if (parts := int(named.get("sum", 1))) > 1:
                payload = self._combine(named["message_id"], parts, int(named["seq"]), payload)
            if payload is None or named.get("type") != "event":
                return
            began = monotonic()
            frame.payload = json.dumps(await self._reply(payload)).encode()
            took = frame.headers.add()
            took.key, took.value = "biz_rt", str(int((monotonic() - began) * 1000))
            await self._write_message(frame.SerializeToString())

        async def _reply(self, payload: bytes) -> Json:
            try:
                answer = json.dumps(await self.answer(payload), ensure_ascii=False).encode()
            except Exception:
                log.exception("an event could not be kept; Feishu will send it again")
                return {"code": 500}
            return {"code": 200, "data": base64.b64encode(answer).decode()}

    return Client
