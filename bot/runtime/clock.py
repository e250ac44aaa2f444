"""Implementations of the Clock port: the system's time, and a frozen time for rehearsals and examples."""

from dataclasses import dataclass
from datetime import UTC, datetime


class SystemClock:
    """The clock of this machine."""

    def now(self) -> datetime:
        """The present instant, UTC with zone."""
        return datetime.now(UTC)


@dataclass
class FrozenClock:
    """A clock that stands still at `at` (UTC with zone) until somebody sets it to another instant."""

    at: datetime

    def now(self) -> datetime:
        """The instant to which the clock is set."""
        return self.at.astimezone(UTC)
