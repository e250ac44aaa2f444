"""What the core needs to tell a watcher outside that the program is alive."""

from typing import Protocol


class HeartbeatError(Exception):
    """The watcher could not be told. The message says why without naming the address, which is a secret."""


class HeartbeatCaller(Protocol):
    """Calls the address of a service that raises an alarm when nobody calls it (domain.md §1a)."""

    def call(self, ok: bool) -> None:
        """Tell that the day's checks ran, or, when not `ok`, that they failed. Takes a few seconds at most; raises
        HeartbeatError when the service did not take it."""
        ...
