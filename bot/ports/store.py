"""What the core needs of a database: transactions over rows, which are described by subject in the files beside.

What every row method promises unless it says otherwise:

- Instants are UTC and carry their zone; a store gives back the same instant to the millisecond. Days are UTC.
- Ids are strings as people see them (case C12, evidence E7); one that does not exist is not found, and writing to it
  changes nothing. It is no error.
- What was written is there for every later read through the same unit, and for others when the unit has ended.
- Objects that are given out are the caller's own: changing one changes nothing stored.
- What is out of sight is as if it did not exist.
- A database that is locked, full, read-only, damaged or out of reach is raised as DatabaseError
  out of the unit's block, and nothing of the unit was written.
"""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from bot.ports.acts import ActRows
from bot.ports.cases import CaseRows
from bot.ports.evidence import EvidenceRows
from bot.ports.imports import ImportRows, StatusRows
from bot.ports.messages import MessageRows
from bot.ports.orders import OrderRows, ShopRows
from bot.ports.records import RecordRows
from bot.ports.reminders import OnCallRows, ReminderRows
from bot.ports.retention import RetentionRows


class DatabaseError(Exception):
    """The database cannot be used: says why and what to do. `fault` names the wording
    refusals.database_<fault>; "" when only the words here say it."""

    def __init__(self, words: str, fault: str = "") -> None:
        super().__init__(words)
        self.fault = fault


@dataclass(frozen=True)
class Sight:
    """What somebody sees from where they ask (domain.md §7): the cases, orders and evidence of `shops`, and the
    evidence that waits in `channels` for its case. Everything else is as if it did not exist."""

    shops: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()


class Unit(Protocol):
    """One transaction: everything written through it is there together or not at all."""

    @property
    def shops(self) -> ShopRows:
        """The shops."""
        ...

    @property
    def orders(self) -> OrderRows:
        """Orders and defects."""
        ...

    @property
    def imports(self) -> ImportRows:
        """Imported files."""
        ...

    @property
    def statuses(self) -> StatusRows:
        """Status words and their meaning."""
        ...

    @property
    def cases(self) -> CaseRows:
        """Cases."""
        ...

    @property
    def evidence(self) -> EvidenceRows:
        """Evidence."""
        ...

    @property
    def messages(self) -> MessageRows:
        """Outgoing messages."""
        ...

    @property
    def records(self) -> RecordRows:
        """Small records."""
        ...

    @property
    def reminders(self) -> ReminderRows:
        """Reminders."""
        ...

    @property
    def oncall(self) -> OnCallRows:
        """Changes of the rota."""
        ...

    @property
    def acts(self) -> ActRows:
        """What people's acts changed."""
        ...

    @property
    def retention(self) -> RetentionRows:
        """Finished cases whose time is over."""
        ...


class UnitFactory(Protocol):
    """Opens transactions."""

    def __call__(self, read_only: bool = False) -> AbstractContextManager[Unit]:
        """One transaction: leaving the block commits it, an exception rolls it back and goes on. The cards of the
        cases that changed are made and queued inside of it, just before the commit. A `read_only` one takes no lock
        and waits for no writer; nothing may be written through it. Raises DatabaseError (see above)."""
        ...
