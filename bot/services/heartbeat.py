"""Tells a watcher outside after each day's checks that they ran, or that they failed, so that the program's own
silence is noticed too (domain.md §1a)."""

import logging
from collections.abc import Callable
from time import sleep

from bot.domain.backoff import pause
from bot.ports.clock import Clock
from bot.ports.heartbeat import HeartbeatCaller, HeartbeatError
from bot.ports.store import DatabaseError, UnitFactory
from bot.services.monitoring import DAILY

log = logging.getLogger(__name__)

JOBS = {True: "heartbeat", False: "heartbeat_fail"}
"""The runs of the calls by what they tell; each is made once for a UTC day, by one of the replicas."""
EVERYBODY = "team"
"""The subject of these runs: all shops together."""
ATTEMPTS = 3


class Heartbeat:
    """Calls once when the checks of a UTC day are done for all active shops, and once a day when checks fail; after
    a failure that this replica told also when they work again. What the watcher did not take is told again at every
    tick. If the replica dies before, the watcher raises its alarm, which is right."""

    def __init__(
        self, units: UnitFactory, clock: Clock, caller: HeartbeatCaller, wait: Callable[[float], object] = sleep
    ) -> None:
        self.units, self.clock, self.caller, self.wait = units, clock, caller, wait
        self._failed = self._down = False
        self._owed: bool | None = None
        self._alone = ""

    def heard(self, ok: bool) -> None:
        """Note how a run of the checks ended. Returns at once: the call itself is made by `tick`."""
        self._failed = not ok

    def tick(self) -> None:
        """Make the call that is due, if any. To be called by a job of its own: it may wait for the watcher."""
        if self._failed:
            if not self._down and self._claim(False, self.clock.now().date().isoformat()):
                self._owed = False
            self._down = True
        elif self._down or self._claim(True, self._checked()):
            self._down, self._owed = False, True
        if self._owed is not None and self._told(self._owed):
            self._owed = None

    def _checked(self) -> str:
        """The newest UTC day (ISO) of which every active shop has been checked; "" for none."""
        with self.units(read_only=True) as unit:
            runs = unit.records.last_runs(DAILY)
            return min((runs.get(shop.id, "") for shop in unit.shops.all() if shop.active), default="")

    def _claim(self, ok: bool, day: str) -> bool:
        """Whether it is for this replica to call for that day, or any day after it."""
        try:
            with self.units(read_only=True) as unit:
                if day <= unit.records.last_runs(JOBS[ok]).get(EVERYBODY, ""):
                    return False
            with self.units() as unit:
                return unit.records.take_run(JOBS[ok], EVERYBODY, day, self.clock.now())
        except DatabaseError:
            # Nobody can be asked whether it was told: better once by every replica than by none.
            first, self._alone = not ok and self._alone != day, day
            return first

    def _told(self, ok: bool) -> bool:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                self.caller.call(ok)
            except HeartbeatError as error:
                log.warning("check.heartbeat_url was not told: %s", error)
            else:
                return True
            if attempt < ATTEMPTS:
                self.wait(pause(attempt, longest=10))
        return False
