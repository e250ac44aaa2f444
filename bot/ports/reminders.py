"""What the core needs of the rows of reminders and of the rota."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.domain.reminder import Watch
from bot.domain.rota import Shift


class ReminderRows(Protocol):
    """What is needed to decide which reminders of active cases (open or submitted) are due, and what people said
    about them."""

    def watched(self, robot: str, case_ids: Collection[str]) -> list[Watch]:
        """The reminder state of those of the cases that are active, nearest deadline first, then by number.
        `robot` is the person id of the program: its timeline events do not count as somebody working on the case."""
        ...

    def active(self) -> list[str]:
        """The ids of the active cases, in no promised order."""
        ...

    def changed(self, since: int) -> tuple[set[str], int]:
        """The ids of the cases with timeline events after the event numbered `since`, and the number of the newest
        event (0 before the first) to pass at the next call. For `since` 0 no ids are returned: the caller then
        looks at all cases."""
        ...

    def set(self, case_id: str, **changes: Any) -> None:
        """Store what somebody said about the case's reminders: `off` (bool), `snoozed_until` (UTC or None),
        `acked` (the key of the acknowledged step or ""). What is not given stays."""
        ...

    def sent(self, case_ids: Collection[str]) -> Mapping[str, Mapping[str, datetime]]:
        """The keys of the steps that were sent, each with its instant (UTC), by case; a case without any is
        absent."""
        ...


@dataclass(frozen=True)
class OnCallChange:
    """A change of the rota: who made it, when (UTC), by which message."""

    shift: Shift
    by: str
    at: datetime
    message_id: str = ""


class OnCallRows(Protocol):
    """The rows of changes of the on-call rota that people made by command."""

    def add(self, change: OnCallChange) -> None:
        """Store a change. When a turn is run again after a crash, the change with the same message, shop, person
        and end is stored already and not added again. Changes without a message are always stored."""
        ...

    def ending_after(self, at: datetime) -> Sequence[Shift]:
        """The changed shifts that end after that instant (UTC), in the order in which they were added. Where two
        overlap, the later one counts."""
        ...
