"""The fake's time: it runs with the machine's and can be moved forward, so that nobody waits for it."""

import threading
import time
from datetime import UTC, datetime, timedelta


class Advanced:
    """A clock that is ahead by what tests added."""

    def __init__(self, start: datetime | None = None) -> None:
        self.start, self._began = start or datetime.now(UTC), time.monotonic()
        self._ahead, self._stopped = 0.0, False

    def stop(self) -> None:
        """From now on time passes only when tests say so: to try what may happen within a second."""
        self._ahead, self._stopped = self.seconds(), True

    def seconds(self) -> float:
        """Seconds since the start."""
        return self._ahead + (0.0 if self._stopped else time.monotonic() - self._began)

    def now(self) -> datetime:
        """The instant, UTC."""
        return self.start + timedelta(seconds=self.seconds())

    def advance(self, seconds: float) -> None:
        """Let time pass at once."""
        self._ahead += seconds


class Pauses(threading.Event):
    """Stands for the event on which sending pauses: a pause moves the clock instead of taking time."""

    def __init__(self, clock: Advanced) -> None:
        super().__init__()
        self.clock = clock

    def wait(self, timeout: float | None = None) -> bool:
        """Let the pause pass."""
        self.clock.advance(timeout or 0)
        return self.is_set()
