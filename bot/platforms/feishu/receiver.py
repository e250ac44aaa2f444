"""Passes what arrives by webhook or connection to its handler and returns the answer; messages are stored in
batches."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor

from bot.messaging.batching import Batcher
from bot.platforms.feishu.events import MESSAGE, Events
from bot.platforms.feishu.interactions import PRESSED, Interactions
from bot.platforms.feishu.markup import Json


class Receiver:
    """Receives payloads and handles them in threads of `pool`, because the event loop that brings them must not
    wait."""

    def __init__(self, events: Events, interactions: Interactions, pool: Executor) -> None:
        self.takers: dict[str, Callable[[Json, Json], Json]] = {**events.takers, PRESSED: interactions.take}
        self._pool = pool
        self._messages = Batcher(events.keep, pool)

    async def receive(self, payload: Json) -> Json:
        """The answer, once the event is stored. Raises what kept it out, so that Feishu sends it again."""
        header = payload.get("header")
        if isinstance(header, dict) and header.get("event_type") == MESSAGE:
            return await self._messages.take(payload)
        return await asyncio.get_running_loop().run_in_executor(self._pool, self.take, payload)

    def take(self, payload: Json) -> Json:
        """The answer to an event that is no message. An unknown event is answered too, because Feishu would repeat
        it for hours."""
        header, event = payload.get("header"), payload.get("event")
        if not isinstance(header, dict) or not isinstance(event, dict):
            return {}
        taker = self.takers.get(str(header.get("event_type")))
        return taker(header, event) if taker else {}
