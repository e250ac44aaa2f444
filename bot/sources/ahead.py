"""Reading ahead: what comes next is fetched while what came before is being used."""

from collections.abc import Generator, Iterator
from concurrent.futures import Future
from contextvars import copy_context
from queue import SimpleQueue
from threading import Event, Semaphore, Thread
from typing import TypeVar

T = TypeVar("T")


def ahead(items: Iterator[T], most: int) -> Generator[T, None, None]:
    """The items in their order, fetched by a thread of its own; at most `most` of them wait to be used.

    What fetching an item raises is raised here after the items before it. Whoever ends early closes the generator:
    the item that is being fetched is dropped, and no other is fetched. The thread keeps no program from ending."""
    room, coming, closed = Semaphore(most), SimpleQueue[Future[T]](), Event()

    def fetch() -> None:
        while room.acquire() and not closed.is_set():
            item = Future[T]()
            try:
                item.set_result(next(items))
            except BaseException as error:
                closed.set()
                item.set_exception(error)
            coming.put(item)

    Thread(target=copy_context().run, args=(fetch,), name="ahead", daemon=True).start()
    try:
        while True:
            try:
                item = coming.get().result()
            except StopIteration:
                return
            room.release()
            yield item
    finally:
        closed.set()
        room.release()
