"""The present instant, as the core is given it."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The only source of the present."""

    def now(self) -> datetime:
        """The present instant, UTC with zone."""
        ...
