"""Clocks: the system's, and a frozen one for rehearsals and examples."""

from dataclasses import dataclass
from datetime import UTC, datetime


class SystemClock:
    """The present."""

    def now(self) -> datetime:
        """The present instant, UTC with zone."""
        return datetime.now(UTC)


@dataclass
class FrozenClock:
    """Stands still until somebody sets `at` (UTC with zone)."""

    at: datetime

    def now(self) -> datetime:
        """The instant it was set to."""
        return self.at.astimezone(UTC)
