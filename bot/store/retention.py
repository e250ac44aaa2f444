"""Deletes what a finished case kept, once the retention period is over."""

from datetime import datetime

import sqlalchemy as sa

from bot.domain.case import TimelineEvent
from bot.ports.retention import Purged
from bot.store.cases import ACTIVE, case_number
from bot.store.evidence import COPIES
from bot.store.tables import EPOCH, Instant, acts, case_orders, cases, console_entries, evidence, messages, timeline

_PURGED = "purged"


class RetentionTable:
    """Implements ports.retention.RetentionRows on one connection."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection

    def lock(self) -> None:
        """Keep other transactions from adding evidence until this one ends. SQLite has one writer at a time
        anyway."""
        if self.connection.dialect.name == "postgresql":
            self.connection.execute(sa.text("LOCK TABLE evidence IN SHARE ROW EXCLUSIVE MODE"))

    def over(self, closed_before: datetime) -> list[str]:
        """Ids of finished cases that are not on hold, were closed before that instant and have not been purged
        since, oldest first."""
        purged = sa.select(sa.func.max(timeline.c.at)).where(
            timeline.c.case_id == cases.c.id, timeline.c.what == _PURGED
        )
        query = sa.select(cases.c.id).where(
            cases.c.status.not_in(ACTIVE),
            sa.not_(cases.c.hold),
            cases.c.closed_at < closed_before,
            sa.func.coalesce(purged.correlate(cases).scalar_subquery(), sa.literal(EPOCH, Instant()))
            < cases.c.closed_at,
        )
        return [f"C{number}" for number in self.connection.scalars(query.order_by(cases.c.closed_at, cases.c.id))]

    def purge(self, case_id: str) -> Purged:
        """Delete the evidence's records, what people wrote and what was shown in the case's thread. The case, its
        outcome and its timeline stay. The result names the files that the caller may delete from the vault."""
        number = case_number(case_id)
        mine = set(self.connection.scalars(sa.select(evidence.c.sha256).where(evidence.c.case_id == number)))
        shared = set(
            self.connection.scalars(
                sa.select(evidence.c.sha256).where(
                    evidence.c.sha256.in_(mine),
                    sa.or_(evidence.c.case_id.is_(None), evidence.c.case_id != number),
                )
            )
        )
        packages = self._packages(number) | self._crops(number, shared)
        ids = self.connection.scalars(sa.select(evidence.c.id).where(evidence.c.case_id == number)).all()
        self.connection.execute(evidence.delete().where(evidence.c.case_id == number))
        emptied = case_orders.update().where(case_orders.c.case_id == number).values(draft="", draft_by="", text="")
        self.connection.execute(emptied)
        self.connection.execute(acts.delete().where(acts.c.case_id == number))
        for table in (messages, console_entries):
            self.connection.execute(table.delete().where(table.c.thread == case_id))
        gone = tuple(sorted((mine - shared) | packages))
        return Purged(gone, len(shared), len(ids), tuple(f"E{each}" for each in sorted(ids)))

    def _crops(self, number: int, shared: set[str]) -> set[str]:
        """The SHA-256 of the pictures of parts of the originals that are deleted."""
        query = sa.select(evidence.c.sha256, evidence.c.facts).where(evidence.c.case_id == number)
        found = [facts for sha256, facts in self.connection.execute(query) if sha256 not in shared]
        return {spot["crop"] for facts in found for spot in facts.get("spots", ()) if spot.get("crop")}

    def _packages(self, number: int) -> set[str]:
        exported = sa.select(timeline.c.params).where(timeline.c.case_id == number, timeline.c.what.in_(COPIES))
        return {str(params["sha256"]) for params in self.connection.scalars(exported)}

    def noted(self, event: TimelineEvent) -> None:
        """Append to the timeline without having the case's cards made anew."""
        values = {"at": event.at, "who": event.who, "what": event.what, "params": event.params, "message_id": ""}
        self.connection.execute(timeline.insert().values(case_id=case_number(event.case_id), **values))
