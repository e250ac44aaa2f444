"""Batching of bursts of events: events that arrive while a group is being stored are stored together afterwards."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import Any, Generic, TypeVar

Answer = TypeVar("Answer")
Json = dict[str, Any]

Kept = Callable[[Sequence[Answer | BaseException]], None]
"""Told once all is decided: for each event the answer to it, or what keeps it out."""

MOST, WORKERS = 64, 2
"""Events kept together, and how many such groups at a time: one that has to ask somebody holds up no other."""


class Batcher(Generic[Answer]):
    """Stores events in groups, because one thread for each event would cost more than storing it. `keep(events,
    kept)` runs in `pool` (None: the loop's default executor) and calls `kept` with one answer for each event. What
    it does afterwards, such as starting turns, delays nobody."""

    def __init__(self, keep: Callable[[list[Json], Kept[Answer]], None], pool: Executor | None = None) -> None:
        self._keep, self._pool = keep, pool
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting: list[tuple[Json, asyncio.Future[Answer]]] = []
        self._workers: set[asyncio.Task[None]] = set()
        self._working = 0

    async def take(self, event: Json) -> Answer:
        """Returns the answer once the event is stored, or raises what kept it out. Events are grouped per event
        loop; events left over from a loop that has ended are dropped, because nobody waits for them."""
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            self._loop, self._waiting, self._working = loop, [], 0
        answered: asyncio.Future[Answer] = loop.create_future()
        self._waiting.append((event, answered))
        if self._working < WORKERS:
            self._working += 1
            task = loop.create_task(self._work())
            # A loop holds its tasks only weakly.
            self._workers.add(task)
            task.add_done_callback(self._workers.discard)
        return await answered

    async def _work(self) -> None:
        try:
            while self._waiting:
                # What has come in the meantime is read first, and goes with it.
                await asyncio.sleep(0)
                group, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                if group:
                    await self._hand_on(group)
        finally:
            # Not when the task is seen to be over: whoever comes in between would wait for nobody.
            self._working -= 1

    async def _hand_on(self, group: "list[tuple[Json, asyncio.Future[Answer]]]") -> None:
        loop = asyncio.get_running_loop()
        told: asyncio.Future[Sequence[Answer | BaseException]] = loop.create_future()

        def tell(answers: Sequence[Answer | BaseException]) -> None:
            loop.call_soon_threadsafe(_settle, told, list(answers))

        work = loop.run_in_executor(self._pool, self._keep, [event for event, _ in group], tell)
        await asyncio.wait((told, work), return_when=asyncio.FIRST_COMPLETED)
        fault = (work.exception() if work.done() else None) or RuntimeError("not told")
        answers = told.result() if told.done() else [fault] * len(group)
        for (_, answered), answer in zip(group, answers, strict=True):
            _answer(answered, answer)


def _answer(answered: "asyncio.Future[Answer]", answer: Answer | BaseException) -> None:
    if answered.done():
        return
    if isinstance(answer, BaseException):
        answered.set_exception(answer)
    else:
        answered.set_result(answer)


def _settle(told: "asyncio.Future[Any]", answers: Any) -> None:
    if not told.done():
        told.set_result(answers)
