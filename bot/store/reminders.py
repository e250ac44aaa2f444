"""The state of reminders of many cases at once, what people said about them, and changes of the on-call rota."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.case import AppealStatus, CaseStatus
from bot.domain.reminder import Watch
from bot.domain.rota import Shift
from bot.ports.reminders import OnCallChange
from bot.store.cases import ACTIVE, case_number
from bot.store.changing import AuditedRows
from bot.store.tables import case_orders, cases, oncall_changes, reminders, runs, shops, timeline

JOB = "reminder"
_active = cases.c.status.in_(ACTIVE)
_PENDING = (AppealStatus.SUBMITTED.value, AppealStatus.RECEIVED.value)


def _latest(condition: "sa.ColumnElement[bool]") -> "sa.ScalarSelect[Any]":
    """The instant of the case's last event of that kind, as a subquery."""
    query = sa.select(sa.func.max(timeline.c.at)).where(timeline.c.case_id == cases.c.id, condition)
    return query.correlate(cases).scalar_subquery()


class ReminderTable:
    """Implements ports.reminders.ReminderRows on one connection."""

    def __init__(self, rows: AuditedRows) -> None:
        self.rows, self.connection = rows, rows.connection

    def active(self) -> list[str]:
        """The ids of the active cases."""
        return [f"C{number}" for number in self.connection.scalars(sa.select(cases.c.id).where(_active))]

    def changed(self, since: int) -> tuple[set[str], int]:
        """The cases with timeline events after the event numbered `since`, and the newest number; no cases for 0."""
        newest = self.connection.scalar(sa.select(sa.func.max(timeline.c.id))) or 0
        if newest <= since or not since:
            return set(), newest
        query = sa.select(timeline.c.case_id).where(timeline.c.id > since).distinct()
        return {f"C{number}" for number in self.connection.scalars(query)}, newest

    def watched(self, robot: str, case_ids: Collection[str]) -> list[Watch]:
        """The reminder state of those of the cases that are active, nearest deadline first; events of `robot` do
        not count as somebody's work."""
        pending = (
            sa.select(sa.func.min(case_orders.c.appeal_at))
            .where(case_orders.c.case_id == cases.c.id, case_orders.c.appeal.in_(_PENDING))
            .correlate(cases)
            .scalar_subquery()
        )
        unsubmitted = case_orders.c.appeal == AppealStatus.NONE.value
        asked = (
            sa.select(sa.func.min(case_orders.c.certificate_asked_at))
            .where(case_orders.c.case_id == cases.c.id, unsubmitted, ~case_orders.c.skipped)
            .correlate(cases)
            .scalar_subquery()
        )
        query = (
            sa.select(
                *(cases.c[name] for name in ("id", "shop", "status", "owner", "claimed_at", "opened_at", "deadline")),
                sa.func.coalesce(_latest(timeline.c.what == "released"), cases.c.opened_at).label("free_since"),
                sa.func.coalesce(_latest(timeline.c.who != robot), cases.c.opened_at).label("touched_at"),
                pending.label("pending_since"),
                asked.label("asked_since"),
                shops.c.site,
                *(reminders.c[name] for name in ("off", "snoozed_until", "acked")),
            )
            .select_from(cases.join(shops, shops.c.id == cases.c.shop).outerjoin(reminders))
            .where(_active, cases.c.id.in_([case_number(case_id) for case_id in case_ids]))
            .order_by(cases.c.deadline, cases.c.id)
        )
        return [_to_watch(row) for row in self.connection.execute(query).mappings()]

    def set(self, case_id: str, **changes: Any) -> None:
        """Store what somebody said about reminders: `off`, `snoozed_until` or `acked`."""
        number = case_number(case_id)
        row = self.connection.execute(sa.select(reminders).where(reminders.c.case_id == number)).mappings().first()
        before = row or {"case_id": number, "off": False, "snoozed_until": None, "acked": ""}
        self.rows.replace(reminders, **{**before, **changes})

    def sent(self, case_ids: Collection[str]) -> Mapping[str, Mapping[str, datetime]]:
        """The keys of the steps that were sent, with their instants, by case."""
        query = sa.select(runs).where(runs.c.job == JOB, runs.c.subject.in_(case_ids))
        found: dict[str, dict[str, datetime]] = {}
        for row in self.connection.execute(query):
            found.setdefault(row.subject, {})[row.due] = row.done_at
        return found


def _to_watch(row: sa.RowMapping) -> Watch:
    own: dict[str, Any] = {name: value for name, value in row.items() if name != "id"}
    own |= {"status": CaseStatus(row["status"]), "off": bool(row["off"]), "acked": row["acked"] or ""}
    return Watch(case_id=f"C{row['id']}", **own)


class OnCallTable:
    """Implements ports.reminders.OnCallRows on one connection."""

    def __init__(self, rows: AuditedRows) -> None:
        self.rows, self.connection = rows, rows.connection

    def add(self, change: OnCallChange) -> None:
        """Store a change, unless a turn that is run again after a crash has stored it before."""
        values = {
            "shop": change.shift.shop,
            "person": change.shift.person,
            "starts": change.shift.starts,
            "ends": change.shift.ends,
            "changed_by": change.by,
            "message_id": change.message_id,
        }
        # The start may be "now" and so another one the second time; what ends alike by one message is the same.
        same = [oncall_changes.c[name] == values[name] for name in ("shop", "person", "ends", "message_id")]
        if not change.message_id or self.connection.scalar(sa.select(oncall_changes.c.id).where(*same)) is None:
            self.rows.insert(oncall_changes, changed_at=change.at, **values)

    def ending_after(self, at: datetime) -> Sequence[Shift]:
        """The changes that are not over at `at`, oldest first."""
        query = sa.select(oncall_changes).where(oncall_changes.c.ends > at).order_by(oncall_changes.c.id)
        return [Shift(row.person, row.starts, row.ends, row.shop) for row in self.connection.execute(query)]
