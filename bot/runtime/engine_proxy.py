"""Chooses who runs turns and sending: this process, until the durable engine has started."""

from collections.abc import Callable, Mapping
from typing import Protocol

import sqlalchemy as sa

from bot.messaging.inbox import in_thread


class DurableEngine(Protocol):
    """An engine that finishes work even when the process crashes in between."""

    def enqueue(self, connection: sa.Connection, touched: Mapping[str, tuple[str, bool]]) -> None:
        """Have waiting messages of the touched channels sent once the connection's transaction is committed.
        `touched` maps each channel to the key of a new card and whether that card only updates one that is shown."""
        ...

    def begin(self, event_id: str) -> Callable[[], None]:
        """Start the turn of a stored event. Returns a function that waits for the end of the turn and raises what
        went wrong."""
        ...


class EngineProxy:
    """Passes work on to the engine. Without an engine, turns run in a thread of this process, and messages for
    channels that keep a pace wait in the database."""

    def __init__(self) -> None:
        self._durable: DurableEngine | None = None

    @property
    def durable(self) -> bool:
        """Whether the durable engine has taken over."""
        return self._durable is not None

    def hand_over(self, durable: DurableEngine | None) -> None:
        """Pass all work that begins from now on to an engine; None returns it to this process."""
        self._durable = durable

    def enqueue(self, connection: sa.Connection, touched: Mapping[str, tuple[str, bool]]) -> None:
        """Have the engine send waiting messages of the touched channels; without an engine they wait."""
        if self._durable:
            self._durable.enqueue(connection, touched)

    def begin(self, event_id: str, run: Callable[[str], None]) -> Callable[[], None]:
        """Start the turn of a stored event; `run(event_id)` runs it in this process when there is no engine."""
        return self._durable.begin(event_id) if self._durable else in_thread(event_id, run)
