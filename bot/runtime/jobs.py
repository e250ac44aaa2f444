"""Scheduled work. APScheduler, in memory, only triggers at intervals; what is due is read from the database."""

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import time

from apscheduler.schedulers.background import BackgroundScheduler

from bot.messaging.outbox import Outbox
from bot.ports.clock import Clock
from bot.ports.store import UnitFactory
from bot.services.monitoring import Monitoring
from bot.services.publishing import Publisher

log = logging.getLogger(__name__)

CHECK_SECONDS, SWEEP_SECONDS, DELIVERY_SECONDS = 60, 20, 5
DEFAULTS = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
"""A job that comes late on a busy machine is run all the same: what it finds due is read from the database."""


class Jobs:
    """The jobs that run at intervals: the daily check, closing cases after their deadline, updating countdowns,
    and sending messages that a crash or a fault left unsent."""

    def __init__(
        self,
        units: UnitFactory,
        clock: Clock,
        monitoring: Monitoring,
        outbox: Outbox,
        publisher: Publisher,
        at: time,
        catch_up_days: int,
        others: Sequence[tuple[Callable[[], object], int]] = (),
        heard: Callable[[bool], None] = lambda ok: None,
    ) -> None:
        """`at` and `catch_up_days` are those of the daily check; `others` are further jobs with their intervals in
        seconds; `heard` is told whether each run of the daily check went well."""
        self.units, self.clock, self.monitoring, self.outbox = units, clock, monitoring, outbox
        self.publisher = publisher
        self.at, self.catch_up_days, self.others, self.heard = at, catch_up_days, others, heard

    def daily_check(self) -> list[tuple[str, str]]:
        """Check what is due in each shop's zone, missed days included, each once. Returns (shop, day) pairs."""
        try:
            done = self.monitoring.check_due(self.at, self.catch_up_days)
        except Exception:
            self.heard(False)
            raise
        self.heard(True)
        return done

    def start(self) -> BackgroundScheduler:
        """Run the jobs in the background until the scheduler is shut down."""
        scheduler = BackgroundScheduler(timezone="UTC", job_defaults=DEFAULTS)
        jobs: list[tuple[Callable[[], object], int]] = [
            (self.daily_check, CHECK_SECONDS),
            (self.monitoring.close_overdue, SWEEP_SECONDS),
            (self.publisher.refresh_due, SWEEP_SECONDS),
            (self.outbox.deliver, DELIVERY_SECONDS),
            *self.others,
        ]
        for job, seconds in jobs:
            schedule(scheduler, job, seconds)
        scheduler.start()
        return scheduler


def schedule(scheduler: BackgroundScheduler, job: Callable[[], object], seconds: int) -> None:
    """Run the job now, to catch up on what was missed while the program was down, and then every `seconds`."""
    run = _logged(job)
    scheduler.add_job(run, "date")
    scheduler.add_job(run, "interval", seconds=seconds)


def _logged(job: Callable[[], object]) -> Callable[[], None]:
    failing = threading.Event()

    def run() -> None:
        # The next tick reads the same rows again: nothing is lost. The log has the cause once, not once a second.
        try:
            job()
        except Exception:
            log.log(logging.DEBUG if failing.is_set() else logging.ERROR, "job %s failed", job, exc_info=True)
            failing.set()
        else:
            if failing.is_set():
                log.info("job %s works again", job)
            failing.clear()

    return run
