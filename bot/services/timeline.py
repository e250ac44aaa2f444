"""The timeline of cases: who did what, when, by which message. Every change of a case is noted through here."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from bot.domain.case import TimelineEvent
from bot.ports.clock import Clock
from bot.ports.store import Unit

ROBOT = "odr-bot"


@dataclass(frozen=True)
class _Work:
    """What a message causes: everything until its turn is over."""

    message: str
    memory: dict[str, Any] = field(default_factory=dict)


_work: ContextVar[_Work | None] = ContextVar("work", default=None)


@contextmanager
def caused_by(message_id: str) -> Iterator[None]:
    """Inside the block, that message is the cause of everything that is noted."""
    token = _work.set(_Work(message_id))
    try:
        yield
    finally:
        _work.reset(token)


def cause() -> str:
    """The id of the message that causes what happens now; "" when a scheduled job does."""
    work = _work.get()
    return work.message if work else ""


def memory() -> dict[str, Any]:
    """What the message at work has made so far, for the rest of its turn; empty each time when it is the clock."""
    work = _work.get()
    return work.memory if work else {}


def note(unit: Unit, clock: Clock, case_id: str, who: str, what: str, **params: str) -> None:
    """Append to the case's timeline; a turn that is run again after a crash notes nothing twice."""
    unit.cases.note(TimelineEvent(case_id, clock.now(), who, what, params, cause()))


def changed_before(unit: Unit, case_id: str) -> bool:
    """Whether the message of the running turn has changed the case already."""
    return bool(cause()) and any(event.message_id == cause() for event in unit.cases.timeline(case_id))


def noted(unit: Unit, case_id: str, what: str, **params: str) -> bool:
    """Whether the message of the running turn has noted that already: a crash interrupted the turn after the
    change, and the turn that is run again gives the answer that it would have given then."""
    return bool(cause()) and any(
        event.message_id == cause() and event.what == what and params.items() <= event.params.items()
        for event in unit.cases.timeline(case_id)
    )
