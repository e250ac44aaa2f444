"""Live updates: one poll of the change counter serves all open pages."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import suppress

from starlette.concurrency import run_in_threadpool

log = logging.getLogger(__name__)
KEEP_ALIVE_SECONDS = 5.0
"""So often a stream without news says that it is there, and looks whether its session is."""


class ChangePoller:
    """Polls the change counter while any page is watching; `wake` makes it look at once."""

    def __init__(self, latest: Callable[[], int], seconds: float = 0.5) -> None:
        self._latest, self._seconds = latest, seconds
        self._seen = 0
        self._watchers = 0
        self.closed = False
        self._poll: asyncio.Task[None] | None = None
        self._hint = asyncio.Event()
        self._news = asyncio.Condition()

    def wake(self) -> None:
        """Look at the counter now instead of after the next interval; to be called on the event loop."""
        self._hint.set()

    async def close(self) -> None:
        """End every stream, because the server stops."""
        async with self._news:
            self.closed = True
            self._news.notify_all()

    async def beyond(self, change: int, seconds: float = KEEP_ALIVE_SECONDS) -> bool:
        """Wait until the counter is beyond `change`; False after `seconds` without news."""
        self._watchers += 1
        if self._poll is None or self._poll.done():
            self._poll = asyncio.create_task(self._watch())
        try:
            async with asyncio.timeout(seconds), self._news:
                await self._news.wait_for(lambda: self.closed or self._seen > change)
            return True
        except TimeoutError:
            return False
        finally:
            self._watchers -= 1

    async def _watch(self) -> None:
        while self._watchers and not self.closed:
            await self._look()
            with suppress(TimeoutError):
                async with asyncio.timeout(self._seconds):
                    await self._hint.wait()
            self._hint.clear()

    async def _look(self) -> None:
        try:
            seen = await run_in_threadpool(self._latest)
        except Exception:
            log.exception("cannot read the console's change counter; trying again")
            return
        async with self._news:
            self._seen = seen
            self._news.notify_all()


def event(name: str, data: object, change: int | None = None) -> str:
    """One server-sent event; `change` becomes its id, so that a page can resume there."""
    head = "" if change is None else f"id: {change}\n"
    return f"{head}event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


async def feed(
    poller: ChangePoller,
    since: int,
    hello: str,
    read: Callable[[int], Iterable[tuple[int, str]]],
    lives: Callable[[], bool] = lambda: True,
) -> AsyncIterator[str]:
    """The text of one stream: `hello`, then the events that `read(change)` gives for everything after `since`, ""
    for what the reader does not see. It ends once `lives()` says that its session has ended, before anything more is
    told."""
    yield hello
    while not poller.closed:
        news = await poller.beyond(since)
        if not await run_in_threadpool(lives):
            yield event("ended", {})
            return
        if not news:
            yield ": still here\n\n"
            continue
        for change, text in await run_in_threadpool(lambda: list(read(since))):  # noqa: B023 - awaited at once
            since = change
            if text:
                yield text
