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

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

from bot.domain.people import Role
from bot.ports.acts import ActRows
from bot.ports.cases import CaseRows
from bot.ports.evidence import EvidenceRows
from bot.ports.feeds import FeedRows, GrantRows
from bot.ports.freshness import FreshnessRows
from bot.ports.imports import ImportRows, StatusRows
from bot.ports.members import MemberRows
from bot.ports.messages import MessageRows
from bot.ports.names import NameRows
from bot.ports.orders import OrderRows, ShopRows
from bot.ports.previews import PreviewRows
from bot.ports.records import RecordRows
from bot.ports.reminders import OnCallRows, ReminderRows
from bot.ports.retention import RetentionRows
from bot.ports.sign_in import SessionRows, SignInRows
from bot.ports.trail import TrailRows


class DatabaseError(Exception):
    """The database cannot be used. The message says why and what to do. `fault` names the text
    `refusals.database_<fault>` for people; it is "" when there is no such text and only the message explains it."""

    def __init__(self, words: str, fault: str = "") -> None:
        super().__init__(words)
        self.fault = fault


@dataclass(frozen=True)
class Sight:
    """What a person may see from the place where they ask (domain.md §7): the cases, orders and evidence of
    `shops`, and the evidence in `channels` that is not assigned to a case yet. Everything else behaves as if it
    did not exist. `roles` are the person's roles by shop, `teams` those by team wherever they ask, and `role` is the
    one that counts where nothing is seen."""

    shops: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()
    roles: Mapping[str, Role] = field(default_factory=dict, hash=False)
    teams: Mapping[str, Role] = field(default_factory=dict, hash=False)
    role: Role = Role.MEMBER


class Unit(Protocol):
    """One transaction (unit of work): either everything written through it is stored, or nothing is."""

    @property
    def shops(self) -> ShopRows:
        """The rows of shops and of the channels bound to them."""
        ...

    @property
    def orders(self) -> OrderRows:
        """The rows of orders and defects, and how far each source reaches."""
        ...

    @property
    def imports(self) -> ImportRows:
        """The rows of imported files."""
        ...

    @property
    def previews(self) -> PreviewRows:
        """The rows of received exports that wait for a decision or for their import."""
        ...

    @property
    def statuses(self) -> StatusRows:
        """The rows of status words and of what people said they mean."""
        ...

    @property
    def grants(self) -> GrantRows:
        """The rows of sellers' authorisations and of the shops that they cover."""
        ...

    @property
    def feeds(self) -> FeedRows:
        """The rows of how far an API was read, and of what it brought beside orders and defects."""
        ...

    @property
    def cases(self) -> CaseRows:
        """The rows of cases, their orders and their timelines."""
        ...

    @property
    def evidence(self) -> EvidenceRows:
        """The rows of evidence."""
        ...

    @property
    def messages(self) -> MessageRows:
        """The rows of outgoing messages."""
        ...

    @property
    def records(self) -> RecordRows:
        """The rows of events, measurements, people, channels and scheduled runs."""
        ...

    @property
    def reminders(self) -> ReminderRows:
        """What is needed to find due reminders, and what people said about them."""
        ...

    @property
    def oncall(self) -> OnCallRows:
        """The changes of the on-call rota that people made by command."""
        ...

    @property
    def acts(self) -> ActRows:
        """The rows of what people did, kept so that it can be undone."""
        ...

    @property
    def members(self) -> MemberRows:
        """The rows of who belongs to which team, and of people's accounts."""
        ...

    @property
    def freshness(self) -> FreshnessRows:
        """How new the data of shops are, and what people said about that."""
        ...

    @property
    def retention(self) -> RetentionRows:
        """Deletes what finished cases kept, once the retention period is over."""
        ...

    @property
    def sign_in(self) -> SignInRows:
        """The links that sign in to the console once, and the attempts that were wrong."""
        ...

    @property
    def sessions(self) -> SessionRows:
        """The browsers that are signed in to the console."""
        ...

    @property
    def names(self) -> NameRows:
        """Deletes the names of people who ask for it."""
        ...

    @property
    def trail(self) -> TrailRows:
        """The audit trail. Nobody needs to write to it: what is changed through the other rows leaves its line."""
        ...


class UnitFactory(Protocol):
    """Opens transactions (units of work) on the store."""

    def __call__(self, read_only: bool = False) -> AbstractContextManager[Unit]:
        """One transaction: leaving the block commits it, an exception rolls it back and goes on. The cards of the
        cases that changed are made and queued inside of it, just before the commit. A `read_only` one takes no lock
        and waits for no writer; nothing may be written through it. Raises DatabaseError (see above)."""
        ...
