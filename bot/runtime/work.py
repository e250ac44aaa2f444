"""Who runs what is begun: this process alone, until the durable engine takes over."""

from collections.abc import Callable, Mapping
from typing import Protocol

import sqlalchemy as sa

from bot.messaging.inbox import in_thread


class Durable(Protocol):
    """What finishes work although the program crashes in between."""

    def enqueue(self, connection: sa.Connection, touched: Mapping[str, tuple[str, bool]]) -> None:
        """Have the channels sent what waits for them, once the connection's transaction is committed. `touched` are
        the channels, each with the name of a new card and whether it only refreshes one."""
        ...

    def begin(self, event_id: str) -> Callable[[], None]:
        """Start a kept event's turn; what it returns waits for the end and raises what went wrong."""
        ...


class Work:
    """Passes on what is to be done. Without an engine a turn runs in a thread, and what waits for channels that keep
    a pace stays in its rows."""

    def __init__(self) -> None:
        self._durable: Durable | None = None

    @property
    def durable(self) -> bool:
        """Whether an engine has taken over."""
        return self._durable is not None

    def hand_over(self, durable: Durable | None) -> None:
        """Leave to an engine what is begun from now on; None takes it back."""
        self._durable = durable

    def enqueue(self, connection: sa.Connection, touched: Mapping[str, tuple[str, bool]]) -> None:
        """Have the engine send."""
        if self._durable:
            self._durable.enqueue(connection, touched)

    def begin(self, event_id: str, run: Callable[[str], None]) -> Callable[[], None]:
        """Start the turn of a kept event; `run(event_id)` is what runs it here."""
        return self._durable.begin(event_id) if self._durable else in_thread(event_id, run)
