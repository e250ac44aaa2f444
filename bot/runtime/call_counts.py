"""Counts the calls of platforms that allow so many a month, and spares them when most are used."""

import logging
import threading
from collections.abc import Mapping

from bot.ports.clock import Clock
from bot.ports.store import DatabaseError
from bot.store.rates import Rates

log = logging.getLogger(__name__)

KEPT_BACK = 20
"""So many calls of a process may not be stored yet: not every call writes."""
MOST_USED = 80
"""Percent of a month's calls from which on shown cards are redrawn less often."""
PATIENCE_SECONDS = 3600.0


class CallCounts:
    """All processes on one database count together, by months in UTC. `most` says for platforms how many calls a
    month they allow; for others, and for 0, calls are not counted."""

    def __init__(self, rates: Rates, clock: Clock, most: Mapping[str, int]) -> None:
        self.rates, self.clock, self.most = rates, clock, most
        self._pending: dict[str, int] = {}
        self._known: dict[str, int] = {}
        self._counting = threading.Lock()

    def note(self, platform: str) -> None:
        """Count one call of a platform's API."""
        if not self.most.get(platform):
            return
        name = self._name(platform)
        with self._counting:
            self._pending[name] = self._pending.get(name, 0) + 1
            if self._pending[name] >= KEPT_BACK or name not in self._known:
                self._store(name)

    def used(self, platform: str) -> int:
        """How many calls of this month are known of."""
        name = self._name(platform)
        with self._counting:
            self._store(name)
            return self._known.get(name, 0) + self._pending.get(name, 0)

    def patience(self, platform: str) -> float:
        """The seconds for which a shown card waits for further changes before it is redrawn: most while few calls are
        left. What is new is never kept waiting."""
        most, name = self.most.get(platform, 0), self._name(platform)
        with self._counting:
            used = self._known.get(name, 0) + self._pending.get(name, 0)
        return PATIENCE_SECONDS if most and used * 100 >= most * MOST_USED else 0.0

    def _store(self, name: str) -> None:
        """Add what is kept back to the database; while that refuses, it is kept on."""
        try:
            self._known[name] = self.rates.count(name, self._pending.get(name, 0))
        except DatabaseError as error:
            log.warning("calls are counted later: %s", error)
        else:
            self._pending[name] = 0

    def _name(self, platform: str) -> str:
        return f"{platform}:{self.clock.now():%Y-%m}"
