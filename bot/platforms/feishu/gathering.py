"""Bursts of messages: while some are on their way to the disk, those that arrive wait for the next transaction."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import Any

Json = dict[str, Any]
Kept = Callable[[Sequence[BaseException | None]], None]
"""Told once all is decided: for each event None, or why it could not be kept."""


class Gathering:
    """Hands events on in batches, one batch at a time: a thread for each event would cost more than keeping it.
    `keep(events, kept)` runs in `pool`; on one event loop."""

    def __init__(self, keep: Callable[[list[Json], Kept], None], pool: Executor) -> None:
        self.keep, self.pool = keep, pool
        self._waiting: list[tuple[Json, asyncio.Future[None]]] = []
        self._working: asyncio.Task[None] | None = None

    async def take(self, event: Json) -> None:
        """Returns once the event is kept; raises what keeps it out."""
        kept: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((event, kept))
        if self._working is None:
            self._working = asyncio.ensure_future(self._work())
        await kept

    async def _work(self) -> None:
        while self._waiting:
            # What has come in the meantime is read first, and goes with it.
            await asyncio.sleep(0)
            batch, self._waiting = self._waiting, []
            await self._hand_on(batch)
        self._working = None

    async def _hand_on(self, batch: "list[tuple[Json, asyncio.Future[None]]]") -> None:
        loop = asyncio.get_running_loop()
        told: asyncio.Future[Sequence[BaseException | None]] = loop.create_future()

        def tell(outcome: Sequence[BaseException | None]) -> None:
            loop.call_soon_threadsafe(_settle, told, outcome)

        work = loop.run_in_executor(self.pool, self.keep, [event for event, _ in batch], tell)
        # What comes after keeping, the beginning of turns, holds nobody up.
        await asyncio.wait((told, work), return_when=asyncio.FIRST_COMPLETED)
        faults = told.result() if told.done() else [work.exception() or RuntimeError("not told")] * len(batch)
        for (_, kept), fault in zip(batch, faults, strict=True):
            if kept.cancelled():
                continue
            if fault is None:
                kept.set_result(None)
            else:
                kept.set_exception(fault)


def _settle(told: "asyncio.Future[Any]", outcome: Any) -> None:
    if not told.done():
        told.set_result(outcome)
