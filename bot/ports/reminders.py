"""What the core needs of the rows of reminders and of the rota."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.domain.reminder import Watch
from bot.domain.rota import Shift


class ReminderRows(Protocol):
    """What reminders look at in the active cases (open or submitted), and what people said about them."""

    def watched(self, robot: str, case_ids: Collection[str]) -> list[Watch]:
        """Those of the cases that are active, nearest deadline first, then by number. `robot` is the person id whose
        events touch no case."""
        ...

    def active(self) -> list[str]:
        """The ids of the active cases, in no promised order."""
        ...

    def changed(self, since: int) -> tuple[set[str], int]:
        """The ids of the cases that got events in their timeline after the event numbered `since`, and the newest
        event's number (0 before the first), for the next call. No ids for `since` 0: the caller looks at all."""
        ...

    def set(self, case_id: str, **changes: Any) -> None:
        """Keep what somebody said about the case's reminders: `off` (bool), `snoozed_until` (UTC or None), `acked`
        (the step's key or ""). What is not named stays."""
        ...

    def sent(self, case_ids: Collection[str]) -> Mapping[str, Mapping[str, datetime]]:
        """The keys of the steps that were sent, with their instants (UTC), by case; a case without any is absent."""
        ...


@dataclass(frozen=True)
class OnCallChange:
    """A change of the rota: who made it, when (UTC), by which message."""

    shift: Shift
    by: str
    at: datetime
    message_id: str = ""


class OnCallRows(Protocol):
    """Changes of the rota by command."""

    def add(self, change: OnCallChange) -> None:
        """Keep a change. Once: a message that is worked on again after a crash, for the same shop, person and end, is
        kept already. Changes without a message are always kept."""
        ...

    def ending_after(self, at: datetime) -> Sequence[Shift]:
        """The changed shifts that end after that instant (UTC), in the order in which they were added: of two that
        overlap the later one holds."""
        ...
