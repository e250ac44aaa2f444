"""The present instant, as the core is given it."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The only source of the present instant for the core, so that tests and rehearsals can set it."""

    def now(self) -> datetime:
        """The present instant, UTC with zone."""
        ...
