"""The rows of orders and defects: counts by day, look-ups, and how far each delivery reaches."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.domain.day_state import Reach
from bot.domain.odr import Tally
from bot.domain.orders import DayEvents, Defect, DefectType, Order
from bot.store.among import among
from bot.store.tables import defects, from_ms, orders, reaches, to_ms
from bot.store.writing import OrderTableWriter, in_parts

Days = dict[str, dict[int, Tally]]
Rows = Sequence[Any]
_tally: Callable[[int, int, int, int], Tally] = lru_cache(maxsize=100_000)(Tally)
_NOTHING = Tally()
_times = sa.select(orders.c.id, orders.c.updated_at)


class OrderTable(OrderTableWriter):
    """Implements ports.orders.OrderRows on one connection and inside its transaction."""

    def day_counts(
        self,
        shop_ids: Sequence[str] | None,
        first: int,
        last: int,
        count: str,
        dated_by: str,
        excluded: Collection[str],
    ) -> Mapping[str, Mapping[int, Tally]]:
        """Counts by shop and UTC day number, `first` to `last` included; days without anything have no entry.

        `shop_ids` None means all. `count` and `dated_by` are those of the policy's measuring (domain.md §1); dated
        by order, defects of orders that were never imported have no day and are left out. `excluded` order ids are
        out on both sides.
        """
        window = (shop_ids, first, last)
        per_order = count == "per_order"
        found: Days = {}
        for shop, day, known, all_orders in self._order_counts(*window):
            found.setdefault(shop, {})[day] = _tally(0, all_orders, 0, all_orders - known)
        for shop, day, all_defects, defective in self._defect_counts(*window, dated_by):
            days = found.setdefault(shop, {})
            here = days.get(day, _NOTHING)
            days[day] = _tally(defective if per_order else all_defects, here.orders, defective, here.unknown)
        for part in in_parts(list(excluded)):
            for shop, day, known, all_orders in self._order_counts(*window, part):
                _take_out(found[shop], day, Tally(0, all_orders, 0, all_orders - known))
            for shop, day, all_defects, defective in self._defect_counts(*window, dated_by, part):
                _take_out(found[shop], day, Tally(defective if per_order else all_defects, 0, defective))
        return found

    def day_events(self, shop: str, day: int) -> DayEvents:
        """Instants of the orders that are valid, of those that may be, and of the counted defects, of one UTC day
        number."""
        created = sa.select(orders.c.created_at, orders.c.valid).where(
            orders.c.shop == shop, orders.c.created_day == day, orders.c.valid.is_not(False)
        )
        occurred = sa.select(defects.c.occurred_at, defects.c.timed).where(
            defects.c.shop == shop, defects.c.occurred_day == day, defects.c.counted
        )
        made = self.connection.execute(created.order_by(orders.c.created_at)).all()
        found = self.connection.execute(occurred.order_by(defects.c.occurred_at)).all()
        return DayEvents(
            tuple(from_ms(at) for at, valid in made if valid),
            tuple(from_ms(at) for at, _ in found),
            all(timed for _, timed in found),
            tuple(from_ms(at) for at, valid in made if not valid),
        )

    def defects_between(self, shop: str, start: datetime, end: datetime) -> list[Defect]:
        """Counted defects that occurred from `start` up to, not including, `end` (UTC), in time order."""
        first, last = to_ms(start), to_ms(end)
        query = sa.select(defects).where(
            defects.c.shop == shop,
            defects.c.counted,
            defects.c.occurred_day.between(first // 86_400_000, last // 86_400_000),
            defects.c.occurred_at >= first,
            defects.c.occurred_at < last,
        )
        ordered = query.order_by(defects.c.occurred_at, defects.c.order_id, defects.c.defect_type)
        return [_defect(row) for row in self.connection.execute(ordered)]

    def by_ids(self, shop: str, ids: Collection[str]) -> dict[str, Order]:
        """The shop's orders with these ids, by id; unknown ids are absent."""
        found = {}
        for part in in_parts(list(ids)):
            here = sa.and_(orders.c.shop == shop, among(self.connection, orders.c.id, part))
            for row in self.connection.execute(sa.select(orders).where(here)):
                found[row.id] = _order(row)
        return found

    def of_shops(self, ids: Mapping[str, Collection[str]]) -> dict[tuple[str, str], Order]:
        """Orders of several shops, by shop and order id."""
        found = {}
        for part in in_parts(sorted({each for wanted in ids.values() for each in wanted})):
            here = orders.c.shop.in_(ids) & orders.c.id.in_(part)
            for row in self.connection.execute(sa.select(orders).where(here)):
                if row.id in ids[row.shop]:
                    found[row.shop, row.id] = _order(row)
        return found

    def update_times(self, shop: str, ids: Collection[str]) -> dict[str, int]:
        """When an API says that these orders were updated last, by id; 0 for one that came in a file."""
        found: dict[str, int] = {}
        for part in in_parts(list(ids)):
            here = sa.and_(orders.c.shop == shop, among(self.connection, orders.c.id, part))
            found |= {row.id: row.updated_at for row in self.connection.execute(_times.where(here))}
        return found

    def owners(self, shops: Collection[str], ids: Collection[str]) -> dict[str, int]:
        """How many of these order ids each of these shops has."""
        found: dict[str, set[str]] = {}
        for part in in_parts(list(ids)):
            for table, column in ((orders, orders.c.id), (defects, defects.c.order_id)):
                here = sa.and_(table.c.shop.in_(shops), among(self.connection, column, part))
                for shop, order_id in self.connection.execute(sa.select(table.c.shop, column).where(here)):
                    found.setdefault(shop, set()).add(order_id)
        return {shop: len(known) for shop, known in found.items()}

    def reached(self, shop: str, reach: Reach, origin: str) -> None:
        """Note the UTC days that a delivery covers; when it is noted again, the days are joined."""
        insert = postgresql.insert if self.connection.dialect.name == "postgresql" else sqlite.insert
        statement = insert(reaches).values(
            shop=shop, source=reach.source, first_day=reach.first, last_day=reach.last, origin=origin
        )
        new = statement.excluded
        first = sa.case((new.first_day < reaches.c.first_day, new.first_day), else_=reaches.c.first_day)
        last = sa.case((new.last_day > reaches.c.last_day, new.last_day), else_=reaches.c.last_day)
        self.connection.execute(
            statement.on_conflict_do_update(
                index_elements=["shop", "source", "origin"], set_={"first_day": first, "last_day": last}
            )
        )

    def unreached(self, shop: str, origin: str) -> None:
        """Forget which days a delivery covered, because it was undone."""
        self.connection.execute(reaches.delete().where(reaches.c.shop == shop, reaches.c.origin == origin))

    def reaches(self, shops: Sequence[str] | None) -> Mapping[str, list[Reach]]:
        """The days that each delivery covers, by shop; `shops` None means all."""
        query = sa.select(reaches.c.shop, reaches.c.source, reaches.c.first_day, reaches.c.last_day)
        found: dict[str, list[Reach]] = {}
        if shops is not None:
            query = query.where(reaches.c.shop.in_(shops))
        for shop, *values in self.connection.execute(query):
            found.setdefault(shop, []).append(Reach(*values))
        return found

    def _order_counts(
        self, shop_ids: Sequence[str] | None, first: int, last: int, ids: Sequence[str] | None = None
    ) -> Rows:
        """Shop, day, number of valid orders, and the same with those of unknown status."""
        day = orders.c.created_day
        counts = (sa.func.count(orders.c.valid), sa.func.count())
        query = sa.select(orders.c.shop, day, *counts).where(orders.c.valid.is_not(False))
        query = _window(query, orders.c.shop, day, shop_ids, first, last)
        if ids is not None:
            query = query.where(orders.c.id.in_(ids))
        return self._plain(query.group_by(day, orders.c.shop))

    def _defect_counts(
        self, shop_ids: Sequence[str] | None, first: int, last: int, dated_by: str, ids: Sequence[str] | None = None
    ) -> Rows:
        """Shop, day, number of counted defects and of the distinct orders that have them."""
        by_order = dated_by == "order"
        day = orders.c.created_day if by_order else defects.c.occurred_day
        distinct = sa.func.count(sa.distinct(defects.c.order_id))
        query = sa.select(defects.c.shop, day, sa.func.count(), distinct).where(defects.c.counted)
        if by_order:
            same = sa.and_(orders.c.shop == defects.c.shop, orders.c.id == defects.c.order_id)
            # A defect does not come before its order, save for the day that a date without a time may be off.
            query = query.select_from(defects.join(orders, same)).where(defects.c.occurred_day >= first - 1)
        query = _window(query, defects.c.shop, day, shop_ids, first, last)
        if ids is not None:
            query = query.where(defects.c.order_id.in_(ids))
        return self._plain(query.group_by(day, defects.c.shop))

    def _plain(self, query: "sa.Select[Any]") -> Rows:
        """The rows as the driver returns them. Texts and numbers need no conversion by SQLAlchemy, and a check
        reads very many."""
        cursor = self.connection.execute(query).cursor
        return cursor.fetchall() if cursor else ()


def _window(
    query: "sa.Select[Any]",
    shop: "sa.Column[str]",
    day: "sa.Column[int]",
    shop_ids: Sequence[str] | None,
    first: int,
    last: int,
) -> "sa.Select[Any]":
    if shop_ids is None:
        return query.where(day.between(first, last))
    # The index begins with the day: naming the days makes each a direct look-up of the shop.
    return query.where(shop.in_(shop_ids), day.in_(range(first, last + 1)))


def _take_out(days: dict[int, Tally], day: int, less: Tally) -> None:
    have = days[day]
    days[day] = Tally(
        have.defects - less.defects,
        have.orders - less.orders,
        have.defective_orders - less.defective_orders,
        have.unknown - less.unknown,
    )


def _order(row: Any) -> Order:
    return Order(row.id, row.shop, from_ms(row.created_at), row.valid, row.tracking_number, row.carrier, row.buyer)


def _defect(row: Any) -> Defect:
    at = from_ms(row.occurred_at)
    return Defect(row.order_id, row.shop, DefectType(row.defect_type), at, row.timed, row.counted, row.text)
