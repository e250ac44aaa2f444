"""Events on their way to the desk, by either way in: messages gather, what wants an answer goes by itself."""

import asyncio
from concurrent.futures import Executor

from bot.messaging.batching import Gathering
from bot.platforms.feishu.events import MESSAGE, Desk
from bot.platforms.feishu.events_contents import Json


class Taking:
    """Hands events to the desk in `pool`: the loop that brings them must not wait."""

    def __init__(self, desk: Desk, pool: Executor) -> None:
        self._desk, self._pool = desk, pool
        self._messages = Gathering(desk.keep, pool)

    async def take(self, event: Json) -> Json:
        """The answer, once the event is kept; raises what keeps it out."""
        header = event.get("header")
        if isinstance(header, dict) and header.get("event_type") == MESSAGE:
            return await self._messages.take(event)
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._desk.take, event)
