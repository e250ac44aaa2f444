"""Bursts of events: while some are being kept, those that arrive gather and are kept together, by one thread."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager

from anyio import to_thread
from slack_bolt import BoltResponse

from bot.platforms.slack.words import Json

MOST, WORKERS = 64, 2
"""Events kept together, and how many such groups at a time: one that has to ask Slack something holds up no other."""


class Bursts:
    """Takes events in groups. `together` is a block at whose end everything is kept that was taken inside it."""

    def __init__(
        self, take: Callable[[Json], BoltResponse], together: Callable[[], AbstractContextManager[None]]
    ) -> None:
        self._take, self._together = take, together
        self._waiting: list[tuple[Json, asyncio.Future[BoltResponse]]] = []
        self._working: set[asyncio.Task[None]] = set()

    async def take(self, payload: Json) -> BoltResponse:
        """The answer for Slack, once the event is kept; raises what keeps its group out."""
        answered: asyncio.Future[BoltResponse] = asyncio.get_running_loop().create_future()
        self._waiting.append((payload, answered))
        if len(self._working) < WORKERS:
            task = asyncio.create_task(self._work())
            self._working.add(task)
            task.add_done_callback(self._working.discard)
        return await answered

    async def _work(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            try:
                answers = await to_thread.run_sync(self._taken, [payload for payload, _ in group])
            except Exception as error:
                for _, answered in group:
                    if not answered.done():
                        answered.set_exception(error)
            else:
                for (_, answered), answer in zip(group, answers, strict=True):
                    if not answered.done():
                        answered.set_result(answer)

    def _taken(self, payloads: list[Json]) -> list[BoltResponse]:
        with self._together():
            return [self._take(payload) for payload in payloads]
