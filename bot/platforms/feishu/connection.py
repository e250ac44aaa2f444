"""The long connection, for which no public address is needed. It has a thread and an event loop of its own."""

import asyncio
import json
import logging
import random
import re
import threading
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any

from bot.domain.backoff import pause
from bot.platforms.feishu.api import Api
from bot.platforms.feishu.markup import Json

log = logging.getLogger(__name__)

_TICKET = re.compile(r"\?\S+")

ENDING_SECONDS = 5.0


class LongConnection:
    """Keeps one connection of the SDK's client open, and opens it again whatever ends it. `take(event)` stores an
    event and returns the answer without blocking the client's loop."""

    def __init__(self, api: Api, take: Callable[[Json], Awaitable[Json]]) -> None:
        self.api, self.take = api, take
        self.state, self.fault = "closed", ""
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ended = threading.Event()
        self._stop: asyncio.Event | None = None

    def begin(self) -> None:
        """Connect in a thread of its own."""
        if self._thread is None:
            self._ended.clear()
            self._thread = threading.Thread(target=self._run, name="feishu-connection", daemon=True)
            self._thread.start()

    def end(self) -> None:
        """Close the connection and end its thread."""
        self._ended.set()
        if self._loop and self._stop:
            try:
                self._loop.call_soon_threadsafe(self._stop.set)
            except RuntimeError:
                log.debug("the connection had ended by itself")
        if self._thread:
            self._thread.join(ENDING_SECONDS)
            self._thread = None

    def _run(self) -> None:
        asyncio.run(self._keep())

    async def _keep(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        failures = 0
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
            failures = 1 if monotonic() - began > self.api.limits.steady else failures + 1
            seconds = pause(failures, self.api.limits.longest_pause)
            if not self._ended.is_set():
                await _either(self._stop.wait(), asyncio.sleep(seconds * random.uniform(0.5, 1)))  # noqa: S311

    async def _once(self, stop: asyncio.Event) -> None:
        """One connection until it breaks or is to end."""
        connection = (await asyncio.to_thread(_client))(self.api, self._answer)
        try:
            await connection.open()
            self.state, self.fault = "connected", ""
            await _either(stop.wait(), connection.broken.wait())
        finally:
            await connection.shut()
        if not stop.is_set():
            raise ConnectionError("the connection broke")

    async def _answer(self, payload: bytes) -> Json:
        event = json.loads(payload)
        return await self.take(event) if isinstance(event, dict) else {}


async def _either(*waits: Any) -> None:
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()


def _client() -> Any:
    """The SDK's client, which is loaded only when a connection is wanted."""
    from bot.platforms.feishu.connection_client import Client

    return Client
