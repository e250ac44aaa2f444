"""Work that is done after Slack got its acknowledgement: opening dialogs, waiting for turns."""

import logging
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from threading import BoundedSemaphore
from typing import TypeVar

from bot.conversation.events import Incoming
from bot.messaging.card import Card
from bot.platforms.slack.api import SlackError
from bot.ports.chat import TryLater
from bot.ports.host import Inbox

log = logging.getLogger(__name__)
T = TypeVar("T")
Pools = Callable[[int, str], Executor]

THREADS, WATCHED = 8, 64
TURN_SECONDS = 10.0


class Background:
    """Runs that work in three thread pools, so that opening a dialog never waits behind waiting for a turn.
    `pool(threads, name)` makes one."""

    def __init__(self, inbox: Inbox, pool: Pools = ThreadPoolExecutor) -> None:
        self.inbox = inbox
        self._workers = pool(THREADS, "slack")
        # Workers wait for these, so they must not stand behind workers.
        self._readers = pool(THREADS, "slack-reader")
        self._watchers = pool(THREADS, "slack-watcher")
        self._watching = BoundedSemaphore(WATCHED)

    def end(self) -> None:
        """Finish the work that was begun."""
        for pool in (self._watchers, self._workers, self._readers):
            pool.shutdown(wait=True)

    def soon(self, do: Callable[[], object]) -> None:
        """Run `do` now in another thread, so that the acknowledgement to Slack does not wait for it."""
        self._workers.submit(_logged, do)

    def read(self, what: Callable[[], T]) -> "Future[T]":
        """Run `what` in another thread; the result is waited for with the returned future."""
        return self._readers.submit(what)

    def after(self, event: Incoming, do: Callable[[list[Card]], object]) -> None:
        """Call `do` with the answers of the event's turn, if they come within TURN_SECONDS. When many events come
        at once this is skipped: the outbox shows the same changes a little later."""
        if self._watching.acquire(blocking=False):
            self._watchers.submit(self._watch, event.id, do)

    def _watch(self, event_id: str, do: Callable[[list[Card]], object]) -> None:
        try:
            cards = self.inbox.answers(event_id, TURN_SECONDS)
            if cards is not None:
                _logged(lambda: do(cards))
        finally:
            self._watching.release()


def _logged(do: Callable[[], object]) -> None:
    try:
        do()
    except (SlackError, TryLater, OSError) as error:
        log.warning("not shown: %s", error)
    except Exception:
        log.exception("not shown")
