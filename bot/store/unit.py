"""The unit of work: one transaction over all tables, in which everything that a change causes is written too."""

import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import cache

import sqlalchemy as sa

from bot.domain.trail import Actor
from bot.ports.store import Sight, Unit
from bot.store.acts import ActTable
from bot.store.cases import CaseTable
from bot.store.changing import AuditedRows
from bot.store.database import explained
from bot.store.evidence import EvidenceTable
from bot.store.feeds import FeedTable
from bot.store.freshness import FreshnessTable
from bot.store.grants import GrantTable
from bot.store.imports import ImportTable
from bot.store.members import MemberTable
from bot.store.messages import MessageTable
from bot.store.names import NameTable
from bot.store.orders import OrderTable
from bot.store.previews import PreviewTable
from bot.store.records import RecordTable, ShopTable
from bot.store.reminders import OnCallTable, ReminderTable
from bot.store.retention import RetentionTable
from bot.store.sign_in import SessionTable, SignInTable
from bot.store.statuses import StatusTable
from bot.store.trail import TrailTable

Publish = Callable[[Unit, Collection[str]], None]
Enqueue = Callable[[sa.Connection, Mapping[str, tuple[str, bool]]], None]
"""(connection, by channel: the name of a new card and whether it only refreshes) -> sending is enqueued"""


class _Unit:
    def __init__(self, connection: sa.Connection, sight: Sight | None) -> None:
        rows = AuditedRows(connection)
        self.shops = ShopTable(rows, sight)
        self.orders = OrderTable(connection)
        self.imports = ImportTable(rows)
        self.previews = PreviewTable(rows, sight)
        self.statuses = StatusTable(rows)
        self.grants = GrantTable(rows)
        self.feeds = FeedTable(connection)
        self.cases = CaseTable(rows, sight)
        self.evidence = EvidenceTable(rows, self.cases.touched, sight)
        self.messages = MessageTable(connection)
        self.records = RecordTable(rows)
        self.reminders = ReminderTable(rows)
        self.oncall = OnCallTable(rows)
        self.acts = ActTable(connection)
        self.members = MemberTable(rows)
        self.freshness = FreshnessTable(rows)
        self.retention = RetentionTable(connection)
        self.sign_in = SignInTable(rows)
        self.sessions = SessionTable(rows)
        self.trail = TrailTable(rows, sight)
        self.names = NameTable(rows)


class Store:
    """Opens units of work. `publish(unit, case_ids)` runs before the commit for the cases that changed, so that
    the messages a change causes are in the same transaction, then the line of the audit trail is written, and then
    `enqueue` runs for the channels with new messages; `committed()` runs after it."""

    def __init__(
        self,
        engine: sa.Engine,
        publish: Publish = lambda unit, case_ids: None,
        enqueue: Enqueue = lambda connection, touched: None,
        committed: Callable[[], None] = lambda: None,
        actor: Callable[[], tuple[datetime, Actor]] = lambda: (datetime.now(UTC), Actor()),
    ) -> None:
        """`actor()` tells the instant (UTC), and who causes what is changed now."""
        self.engine, self._actor = engine, actor
        self._publish, self._enqueue, self._committed = publish, enqueue, committed
        self._own = threading.local()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """What this thread reads inside the block it reads in one transaction, whatever the sight; it is opened when
        it is first needed."""
        with ExitStack() as opened:
            self._own.shared = cache(lambda: opened.enter_context(self._transaction(read_only=True)))
            try:
                yield
            finally:
                self._own.shared = None

    def _shared(self) -> Callable[[], sa.Connection] | None:
        return getattr(self._own, "shared", None)

    @contextmanager
    def _transaction(self, read_only: bool) -> Iterator[sa.Connection]:
        connected = self.engine.connect().execution_options(read_only=read_only)
        with connected as connection, connection.begin():
            yield connection

    @contextmanager
    def unit(self, read_only: bool = False, sight: Sight | None = None) -> Iterator[Unit]:
        """One transaction: leaving the block commits, an exception rolls back. What is outside of `sight` is not
        there; None is for the program itself, which sees everything.

        Raises DatabaseError when the database is locked, full, read-only, damaged or out of reach.
        """
        if read_only and (shared := self._shared()):
            with explained():
                yield _Unit(shared(), sight)
            return
        with explained(), self._transaction(read_only) as connection:
            unit = _Unit(connection, sight)
            yield unit
            if unit.cases.touched and not read_only:
                self._publish(unit, list(unit.cases.touched))
            if not read_only:
                unit.trail.keep(*self._actor())
            if unit.messages.touched:
                self._enqueue(connection, unit.messages.touched)
        if not read_only:
            self._committed()
