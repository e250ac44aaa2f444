"""Who did what, when, by which message: every change of a case is noted through here."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from bot.domain.case import TimelineEvent
from bot.ports.clock import Clock
from bot.ports.store import Unit

ROBOT = "odr-bot"
_message: ContextVar[str] = ContextVar("message", default="")


@contextmanager
def caused_by(message_id: str) -> Iterator[None]:
    """Whatever is noted inside the block was caused by that message."""
    token = _message.set(message_id)
    try:
        yield
    finally:
        _message.reset(token)


def cause() -> str:
    """The id of the message that causes what happens now; "" when it is the clock."""
    return _message.get()


def note(unit: Unit, clock: Clock, case_id: str, who: str, what: str, **params: str) -> None:
    """Append to the case's timeline; a message that is worked on again after a crash notes nothing twice."""
    unit.cases.note(TimelineEvent(case_id, clock.now(), who, what, params, cause()))


def changed_before(unit: Unit, case_id: str) -> bool:
    """Whether the message at work has changed the case already."""
    return bool(cause()) and any(event.message_id == cause() for event in unit.cases.timeline(case_id))


def noted(unit: Unit, case_id: str, what: str, **params: str) -> bool:
    """Whether the message at work has noted that already: a crash cut its turn off after the change, and the turn
    that is run again gives the answer it would have given then."""
    return bool(cause()) and any(
        event.message_id == cause() and event.what == what and params.items() <= event.params.items()
        for event in unit.cases.timeline(case_id)
    )
