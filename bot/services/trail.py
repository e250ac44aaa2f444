"""Who causes what is changed now, and reading the audit trail (domain.md §7)."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import replace
from datetime import datetime
from uuid import uuid4

from bot.domain.trail import Actor, AuditLine
from bot.ports.clock import Clock
from bot.ports.store import UnitFactory
from bot.ports.trail import TrailQuery

AT_ONCE = 500
"""How many acts are read in one transaction when all are wanted."""

_actor: ContextVar[Actor | None] = ContextVar("actor", default=None)


@contextmanager
def acting(actor: Actor) -> Iterator[None]:
    """Inside the block, everything that is changed is noted in the trail as caused by `actor`."""
    token = _actor.set(actor)
    try:
        yield
    finally:
        _actor.reset(token)


def at_console(person: str, address: str, what: str) -> AbstractContextManager[None]:
    """Inside the block, what is changed is noted as done by the person on a page of the console."""
    return acting(Actor(person, address=f"console {address}", what=what, act=uuid4().hex))


@contextmanager
def starting() -> Iterator[None]:
    """Inside the block, what is changed is the settings': the program does it, from wherever it is started."""
    with acting(Actor(address=(_actor.get() or Actor()).address, what="settings", act=uuid4().hex)):
        yield


class Actors:
    """Tells the store, in each transaction, when it is and who causes what is changed; the program itself does
    what nobody else does."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock

    def __call__(self) -> tuple[datetime, Actor]:
        """The instant (UTC), and who acts."""
        return self.clock.now(), _actor.get() or Actor()


class Trail:
    """Reads the trail, as far as whoever asks may see."""

    def __init__(self, units: UnitFactory) -> None:
        self.units = units

    def page(self, query: TrailQuery) -> list[AuditLine]:
        """The newest lines that fit, oldest first."""
        with self.units(read_only=True) as unit:
            return unit.trail.listed(query)

    def all(self, query: TrailQuery) -> Iterator[AuditLine]:
        """Every line that fits, newest first, however many there are."""
        wanted = replace(query, limit=AT_ONCE)
        while lines := self.page(wanted):
            yield from reversed(lines)
            wanted = replace(wanted, before=lines[0].id)
