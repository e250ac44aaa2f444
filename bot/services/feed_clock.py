"""Reading shops on the clock, and telling deadlines that come near."""

import logging
import threading
from collections.abc import Callable, Collection, Sequence
from datetime import timedelta

from bot.domain.feeds import OpenDeadline
from bot.domain.orders import Shop
from bot.ports.clock import Clock
from bot.ports.store import Unit, UnitFactory
from bot.services.feeding import Feeding, ProgramEnds
from bot.services.notifying import Notifier

log = logging.getLogger(__name__)
AT_ONCE = 4
"""How many shops a process reads at once: the first reading of one takes long and keeps no other waiting."""


class FeedClock:
    """Reads every connected shop every so often. Whose turn it is stands in the database; a shop that another process
    reads is left to it."""

    def __init__(self, feeding: Feeding, every: timedelta, stopping: Callable[[], bool]) -> None:
        self.feeding, self.every, self.stopping = feeding, every, stopping
        self._running: set[str] = set()
        self._free = threading.BoundedSemaphore(AT_ONCE)
        self._lock = threading.Lock()

    def tick(self) -> None:
        """Begin to read the shops whose turn it is, as many as may be read at once."""
        for shop in self.feeding.due(self.every):
            if self.stopping() or not self._take(shop.id):
                continue
            # A thread that the end of the program may cut off: what it has stored is whole, and the rest comes again.
            threading.Thread(target=self._pull, args=(shop.id,), name=f"feed-{shop.id}", daemon=True).start()

    def _take(self, shop_id: str) -> bool:
        with self._lock:
            if shop_id in self._running or not self._free.acquire(blocking=False):
                return False
            self._running.add(shop_id)
            return True

    def _pull(self, shop_id: str) -> None:
        try:
            self.feeding.pull(shop_id)
        except ProgramEnds:
            pass
        except Exception:
            log.exception("shop %s could not be read; it is tried again in %s", shop_id, self.every)
        finally:
            with self._lock:
                self._running.discard(shop_id)
            self._free.release()


class DeadlineWarnings:
    """Tells deadlines of orders and returns in the channels of their shop when so many `hours` are left; each once
    for each of the hours."""

    def __init__(self, units: UnitFactory, clock: Clock, notifier: Notifier, hours: Collection[int]) -> None:
        self.units, self.clock, self.notifier, self.hours = units, clock, notifier, sorted(hours)

    def tick(self) -> None:
        """Tell what has come near since the last look, in one message for each shop."""
        if not self.hours:
            return
        now = self.clock.now()
        with self.units(read_only=True) as unit:
            shops = {shop.id: shop for shop in unit.shops.all() if shop.tiktok and shop.channels}
            near = unit.feeds.deadlines(list(shops), now, now + timedelta(hours=self.hours[-1]))
        late = [each for each in near if not each.told or self._stage(each) < each.told]
        for shop_id in dict.fromkeys(each.shop for each in late):
            self._tell(shops[shop_id], [each for each in late if each.shop == shop_id])

    def _stage(self, deadline: OpenDeadline) -> int:
        """The least of the hours within which the deadline ends."""
        left = deadline.due_at - self.clock.now()
        return next(hours for hours in self.hours if left <= timedelta(hours=hours))

    def _tell(self, shop: Shop, deadlines: Sequence[OpenDeadline]) -> None:
        by_stage: dict[int, list[OpenDeadline]] = {}
        for each in deadlines:
            by_stage.setdefault(self._stage(each), []).append(each)
        with self.units() as unit:
            for hours, found in sorted(by_stage.items()):
                self._say(unit, shop, hours, found)
                unit.feeds.told(found, hours)

    def _say(self, unit: Unit, shop: Shop, hours: int, found: Sequence[OpenDeadline]) -> None:
        card = self.notifier.worded(lambda texts, language: texts.due_soon(language, shop, hours, found))
        key = f"due:{shop.id}:{hours}:{self.clock.now().isoformat()}"
        self.notifier.notify(unit, shop.channels, "", lambda channel: f"{key}@{channel}", card)
