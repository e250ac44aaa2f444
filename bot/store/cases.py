"""Rows of cases, their orders and their timeline."""

from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.case import AppealStatus, Case, CaseOrder, CaseStatus, TimelineEvent
from bot.domain.orders import DefectType
from bot.ports.cases import CaseQuery, OwnedCase
from bot.ports.store import Sight
from bot.store.case_search import sorted_by, wanted
from bot.store.changing import AuditedRows, Concern
from bot.store.tables import case_orders, cases, timeline

_IDS_AT_ONCE = 5_000
ACTIVE = (CaseStatus.OPEN.value, CaseStatus.SUBMITTED.value)


def case_number(case_id: str) -> int:
    """The row's number of a case id such as C12; -1 for anything else, which no row has."""
    return int(case_id[1:]) if case_id[:1] == "C" and case_id[1:].isdecimal() and len(case_id) < 12 else -1


def within_sight(sight: Sight | None) -> sa.ColumnElement[bool]:
    """The condition that a case is within sight; no condition when `sight` is None."""
    return sa.true() if sight is None else cases.c.shop.in_(sight.shops)


def _due(now: datetime, latest: datetime) -> sa.ColumnElement[bool]:
    return (cases.c.refresh_at <= now) | (cases.c.refresh_at > latest)


def _case_values(case: Case) -> dict[str, Any]:
    values = {key: value for key, value in asdict(case).items() if key not in ("id", "orders")}
    return values | {"status": case.status.value}


def _order_values(order: CaseOrder) -> dict[str, Any]:
    values = asdict(order) | {"case_id": case_number(order.case_id), "appeal": order.appeal.value}
    return values | {"defect_types": [kind.value for kind in order.defect_types]}


def _to_order(row: sa.RowMapping) -> CaseOrder:
    kinds = [DefectType(kind) for kind in row["defect_types"]]
    own = {"case_id": f"C{row['case_id']}", "defect_types": kinds, "appeal": AppealStatus(row["appeal"])}
    return CaseOrder(**{**row, **own})


def _to_case(row: sa.RowMapping, orders: list[CaseOrder]) -> Case:
    own = {"id": f"C{row['id']}", "status": CaseStatus(row["status"]), "orders": orders}
    return Case(**{**{name: value for name, value in row.items() if name != "refresh_at"}, **own})


class CaseTable:
    """Implements ports.cases.CaseRows on one connection, limited to what is in `sight`. `touched` collects the
    cases that changed in this transaction."""

    def __init__(self, rows: AuditedRows, sight: Sight | None = None) -> None:
        self.rows, self.connection = rows, rows.connection
        self.seen = within_sight(sight)
        self.touched: dict[str, None] = {}
        self._noted: dict[str, TimelineEvent] = {}

    def get(self, case_id: str, lock: bool = False) -> Case | None:
        """The case, or None; with `lock` other transactions cannot change it until this one ends."""
        query = sa.select(cases).where(cases.c.id == case_number(case_id))
        found = self._load(query.with_for_update() if lock else query)
        return found[0] if found else None

    def those(self, case_ids: Collection[str]) -> list[Case]:
        """The cases with these ids, by number."""
        numbers = [case_number(each) for each in case_ids]
        return self._load(sa.select(cases).where(cases.c.id.in_(numbers)).order_by(cases.c.id))

    def of_shops(self, case_id: str, shops: Collection[str]) -> Case | None:
        """The case, if it is of one of the shops, or None."""
        found = self._load(sa.select(cases).where(cases.c.id == case_number(case_id), cases.c.shop.in_(shops)))
        return found[0] if found else None

    def add(self, case: Case) -> Case:
        """Store a new case; it comes back with its id."""
        case.id = f"C{self.rows.insert(cases, **_case_values(case))}"
        for order in case.orders:
            order.case_id = case.id
        self._save_orders(case)
        self.touched[case.id] = None
        return case

    def save(self, case: Case) -> None:
        """Store the case with its orders."""
        row = case_number(case.id)
        self.rows.update(cases, cases.c.id == row, **_case_values(case))
        self.rows.delete(case_orders, case_orders.c.case_id == row)
        self._save_orders(case)
        self.touched[case.id] = None

    def _save_orders(self, case: Case) -> None:
        self.rows.insert_all(case_orders, [_order_values(order) for order in case.orders])

    def open_of(self, shop: str) -> Case | None:
        """The shop's newest open case, locked, or None."""
        query = sa.select(cases).where(cases.c.shop == shop, cases.c.status == CaseStatus.OPEN.value)
        found = self._load(query.order_by(cases.c.id.desc()).limit(1).with_for_update())
        return found[0] if found else None

    def newest_of(self, shop: str) -> Case | None:
        """The shop's newest case in any state, or None."""
        query = sa.select(cases).where(cases.c.shop == shop).order_by(cases.c.id.desc()).limit(1)
        found = self._load(query)
        return found[0] if found else None

    def holding(self, shop: str, order_ids: Collection[str]) -> dict[str, set[str]]:
        """The ids of the shop's cases, in any state, that hold these orders, by order id; absent for one in none."""
        joined = sa.select(case_orders.c.order_id, cases.c.id).join(cases, cases.c.id == case_orders.c.case_id)
        asked = sorted(order_ids)
        found: dict[str, set[str]] = {}
        for start in range(0, len(asked), _IDS_AT_ONCE):
            part = asked[start : start + _IDS_AT_ONCE]
            query = joined.where(cases.c.shop == shop, case_orders.c.order_id.in_(part))
            for order_id, number in self.connection.execute(query):
                found.setdefault(order_id, set()).add(f"C{number}")
        return found

    def listed(self, shops: Collection[str], active: bool = True) -> list[Case]:
        """The shops' cases, nearest deadline first; `active` leaves out the finished ones."""
        query = sa.select(cases).where(cases.c.shop.in_(shops)).order_by(cases.c.deadline, cases.c.id)
        return self._load(query.where(cases.c.status.in_(ACTIVE)) if active else query)

    def active_of(self, shops: Collection[str]) -> dict[str, str]:
        """The ids of the shops' active cases, by shop."""
        query = sa.select(cases.c.shop, cases.c.id).where(cases.c.shop.in_(shops), cases.c.status.in_(ACTIVE))
        rows = self.connection.execute(query.where(self.seen).order_by(cases.c.deadline, cases.c.id))
        return {shop: f"C{number}" for shop, number in rows}

    def found(self, query: CaseQuery, limit: int, start: int = 0) -> list[Case]:
        """A part of the cases that are looked for, in their order."""
        found = sa.select(cases).where(wanted(query)).order_by(*sorted_by(query.sorting))
        return self._load(found.limit(limit).offset(start))

    def count(self, query: CaseQuery) -> int:
        """How many cases are looked for."""
        counted = sa.select(sa.func.count()).select_from(cases).where(wanted(query), self.seen)
        return int(self.connection.scalar(counted) or 0)

    def owners(self, shops: Collection[str]) -> list[str]:
        """The owners of the shops' cases."""
        owned = sa.select(cases.c.owner).where(cases.c.shop.in_(shops), cases.c.owner != "", self.seen)
        return list(self.connection.scalars(owned.distinct().order_by(cases.c.owner)))

    def with_order(self, order_id: str) -> list[Case]:
        """Active cases that hold an order whose id ends with `order_id`."""
        ending = case_orders.c.order_id.endswith(order_id, autoescape=True)
        ids = sa.select(case_orders.c.case_id).where(ending)
        return self._load(sa.select(cases).where(cases.c.id.in_(ids), cases.c.status.in_(ACTIVE)))

    def owned(self) -> list[OwnedCase]:
        """The cases with an owner, by number."""
        query = sa.select(cases.c.id, cases.c.owner, cases.c.shop).where(cases.c.owner != "").order_by(cases.c.id)
        return [OwnedCase(f"C{row.id}", row.owner, row.shop) for row in self.connection.execute(query)]

    def overdue(self, now: datetime) -> list[str]:
        """Ids of open cases whose deadline lies before `now`."""
        query = sa.select(cases.c.id).where(cases.c.status == CaseStatus.OPEN.value, cases.c.deadline < now)
        return [f"C{number}" for number in self.connection.scalars(query.order_by(cases.c.id))]

    def closed_early(self, now: datetime) -> list[str]:
        """Ids of expired cases whose deadline has not passed: a clock that was ahead closed them."""
        query = sa.select(cases.c.id).where(cases.c.status == CaseStatus.EXPIRED.value, cases.c.deadline >= now)
        return [f"C{number}" for number in self.connection.scalars(query.order_by(cases.c.id))]

    def plan_refreshes(self, planned: Mapping[str, datetime | None]) -> None:
        """Set when the cases' countdowns are next drawn anew; None for never."""
        at = sa.bindparam("at", type_=cases.c.refresh_at.type)
        change = cases.update().where(cases.c.id == sa.bindparam("number"), cases.c.refresh_at.is_distinct_from(at))
        if rows := [{"number": case_number(case_id), "at": at} for case_id, at in planned.items()]:
            self.connection.execute(change.values(refresh_at=at), rows)

    def refresh_due(self, now: datetime, latest: datetime, limit: int) -> list[str]:
        """Ids of cases whose countdown is to be drawn anew, longest due first. A refresh that is planned after
        `latest` was planned by a clock that was ahead, and is due too."""
        query = sa.select(cases.c.id).where(_due(now, latest)).order_by(cases.c.refresh_at).limit(limit)
        return [f"C{number}" for number in self.connection.scalars(query)]

    def take_refreshes(self, case_ids: Collection[str], now: datetime, latest: datetime) -> list[str]:
        """Claim the refreshes that are due of these, and that no other process has claimed."""
        here = cases.c.id.in_([case_number(each) for each in case_ids]) & _due(now, latest)
        claim = cases.update().where(here).values(refresh_at=None).returning(cases.c.id)
        taken = [f"C{number}" for number in sorted(self.connection.scalars(claim))]
        self.touched.update(dict.fromkeys(taken))
        return taken

    def excluded_orders(self, shops: Collection[str] | None = None) -> dict[str, set[str]]:
        """The orders that the platform excluded from the statistic, by shop (domain.md §1)."""
        query = (
            sa.select(cases.c.shop, case_orders.c.order_id)
            .join(cases, cases.c.id == case_orders.c.case_id)
            .where(case_orders.c.appeal == AppealStatus.EXCLUDED.value, self.seen)
        )
        found: dict[str, set[str]] = {}
        for shop, order_id in self.connection.execute(
            query if shops is None else query.where(cases.c.shop.in_(shops))
        ):
            found.setdefault(shop, set()).add(order_id)
        return found

    def outcomes(self) -> list[tuple[str, str]]:
        """(root cause, outcome) of every decided appeal, for the outlook (domain.md §6)."""
        decided = [AppealStatus.EXCLUDED.value, AppealStatus.REJECTED.value]
        query = sa.select(case_orders.c.root_cause, case_orders.c.appeal).join(cases)
        query = query.where(case_orders.c.appeal.in_(decided), self.seen)
        return [(cause, outcome) for cause, outcome in self.connection.execute(query)]

    def note(self, event: TimelineEvent) -> None:
        """Append to the timeline, unless a turn that is run again after a crash has noted the same before."""
        values = asdict(event) | {"case_id": case_number(event.case_id)}
        del values["id"]
        self._noted[event.case_id] = event
        if not self._is_noted(values):
            self.connection.execute(timeline.insert().values(**values))
            about, told = Concern(case=values["case_id"]), {event.what: event.params}
            self.rows.note(about, event.case_id, told, alone=True)

    def last_noted(self, case_id: str) -> TimelineEvent | None:
        """The event that was noted last for the case in this transaction, or None."""
        return self._noted.get(case_id)

    def _is_noted(self, values: dict[str, Any]) -> bool:
        if not values["message_id"]:
            return False
        same = [timeline.c[name] == values[name] for name in ("case_id", "message_id", "who", "what")]
        return values["params"] in self.connection.scalars(sa.select(timeline.c.params).where(*same)).all()

    def caused(self, message_id: str) -> list[str]:
        """The cases in whose timeline the message stands."""
        query = sa.select(timeline.c.case_id).join(cases).where(timeline.c.message_id == message_id, self.seen)
        return [f"C{number}" for number in self.connection.scalars(query.distinct())] if message_id else []

    def timeline(self, case_id: str) -> list[TimelineEvent]:
        """The case's timeline, oldest first."""
        query = sa.select(timeline).join(cases).where(timeline.c.case_id == case_number(case_id), self.seen)
        query = query.order_by(timeline.c.id)
        return [TimelineEvent(**{**row, "case_id": case_id}) for row in self.connection.execute(query).mappings()]

    def _load(self, query: "sa.Select[Any]") -> list[Case]:
        rows = self.connection.execute(query.where(self.seen)).mappings().all()
        members: dict[int, list[CaseOrder]] = {row["id"]: [] for row in rows}
        own = (
            sa.select(case_orders)
            .where(case_orders.c.case_id.in_(members))
            .order_by(case_orders.c.occurred_at, case_orders.c.order_id)
        )
        for row in self.connection.execute(own).mappings() if members else ():
            members[row["case_id"]].append(_to_order(row))
        return [_to_case(row, members[row["id"]]) for row in rows]
