"""Writing orders and defects: bulk upsert, keeping what each row was before an import changed it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.domain.imports import Difference
from bot.ports.orders import NO_TIMES
from bot.ports.sources import DefectRow, OrderRow
from bot.store.among import among, pair_among
from bot.store.tables import defects, defects_before, imports, orders, orders_before, shops
from bot.store.upsert import Target, upsert
from bot.store.versions import Versions

T = TypeVar("T")
IDS_AT_ONCE = 5_000
LOOKED_UP = 200_000
"""How many pairs of order and other shop are looked up for one batch: of more, every second or third order."""
_DAY_MS = 86_400_000
_LATER_LINE = {
    "created_at": "CASE WHEN excluded.{c} < {t}.{c} THEN excluded.{c} ELSE {t}.{c} END",
    "created_day": "CASE WHEN excluded.{c} < {t}.{c} THEN excluded.{c} ELSE {t}.{c} END",
    "valid": "{t}.{c} OR excluded.{c}",
    "tracking_number": "CASE WHEN {t}.{c} = '' THEN excluded.{c} ELSE {t}.{c} END",
    "carrier": "CASE WHEN {t}.{c} = '' THEN excluded.{c} ELSE {t}.{c} END",
    "buyer": "CASE WHEN {t}.{c} = '' THEN excluded.{c} ELSE {t}.{c} END",
    "words": "{t}.{c}",
}


class OrderTableWriter:
    """Implements ports.imports.ImportWriter on one connection and inside its transaction.

    With `import_id`, every row that it writes names that import, and every row that it changes is first copied as
    it was. `same` counts rows known before that stay on their day, `moved` those that leave it
    (bot/domain/dateorder.py)."""

    def __init__(self, connection: sa.Connection, import_id: int = 0) -> None:
        self.connection, self.import_id = connection, import_id
        self.same = self.moved = 0
        self._unclear: dict[str, set[str]] = {}

    @cached_property
    def versions(self) -> Versions:
        """Compares what is written with what another source has said."""
        times = self.connection.execute(sa.select(imports.c.id, imports.c.as_of).where(imports.c.as_of > 0)).all()
        found: dict[int, int] = {row.id: row.as_of for row in times}
        return Versions(lambda import_id: found.get(import_id, 0))

    @property
    def differences(self) -> Sequence[Difference]:
        """What was said differently by another source."""
        return self.versions.differences

    def upsert_orders(self, shop: str, rows: Sequence[OrderRow], updated: Mapping[str, int] = NO_TIMES) -> None:
        """Add or update orders, each at most once in `rows`; a row that already has the new values is not written.
        `updated` are the times of an API's rows by id; what another source knows newer stays."""
        times = dict(updated)
        written, changing = self._known_orders(shop, rows, times)
        if changing:
            self.keep_orders(shop, changing)
        self._write_orders(shop, written, times)
        if unclear := self._unclear_ids(shop):
            ids = [row[0] for row in rows if row[0] in unclear]
            self._settle(shop, [order_id for order_id in ids if (shop, order_id) not in self.versions.left])

    def _write_orders(self, shop: str, rows: Sequence[OrderRow], times: Mapping[str, int]) -> None:
        """Write the rows; those with a time are an API's."""
        timed = [(*row, times[row[0]]) for row in rows if row[0] in times] if times else []
        upsert(self.connection, Target(orders, shop, ("", self.import_id)), timed)
        rest = [row for row in rows if row[0] not in times] if times else rows
        upsert(self.connection, Target(orders, shop, (0, "", self.import_id)), rest)

    def settle(self, at: int) -> None:
        """Write what a file says differently from an API and knows newer: `at` (epoch milliseconds UTC) is how new
        the file is."""
        held_orders, held_defects = self.versions.settle(at)
        for shop, rows in held_orders.items():
            self.keep_orders(shop, [row[0] for row in rows])
            self._write_orders(shop, rows, NO_TIMES)
        for shop, pairs in held_defects.items():
            self._keep_defects(shop, [pair for pair, _ in pairs])
            upsert(self.connection, Target(defects, shop, (0, self.import_id)), [row for _, row in pairs if row])
            self._uncount(shop, [pair for pair, row in pairs if row is None], 0)

    def merge_orders(self, shop: str, rows: Sequence[OrderRow]) -> None:
        """Add further lines of orders: created at the earlier time; valid if any line is, else unknown if any is
        unknown; of each text the first that is not empty."""
        if self.import_id and rows:
            rows = [row for row in rows if self.versions.later_line(shop, row)]
            self.keep_orders(shop, [row[0] for row in rows])
        upsert(self.connection, Target(orders, shop, (0, "", self.import_id), _LATER_LINE), rows)
        if unclear := self._unclear_ids(shop):
            self._settle(shop, [row[0] for row in rows if row[0] in unclear and row[3]])

    def explain(self, shop: str, words: Iterable[tuple[str, str]]) -> None:
        """Keep for orders, by id, the encoded status words that leave their validity open."""
        left = self.versions.left if self.import_id else ()
        pairs = [{"i": order_id, "w": text} for order_id, text in words if (shop, order_id) not in left]
        if not pairs:
            return
        self.keep_orders(shop, [pair["i"] for pair in pairs])
        text: sa.BindParameter[str] = sa.bindparam("w")
        here = sa.and_(orders.c.shop == shop, orders.c.id == sa.bindparam("i"), orders.c.words != text)
        change = sa.update(orders).where(here).values(words=text, import_id=self.import_id)
        self.connection.execute(change, pairs)
        self._unclear_ids(shop).update(pair["i"] for pair in pairs)

    def upsert_defects(
        self, shop: str, rows: Sequence[DefectRow], updated: Mapping[tuple[str, str], int] = NO_TIMES
    ) -> None:
        """Add or update defects, each (order, type) at most once in `rows`. `updated` are the times of an API's rows
        by order id and type; what another source knows newer stays."""
        rows = self._known_defects(shop, rows, updated)
        if updated:
            timed = [(*row, updated[row[0], row[1]]) for row in rows]
            upsert(self.connection, Target(defects, shop, (self.import_id,)), timed)
        else:
            upsert(self.connection, Target(defects, shop, (0, self.import_id)), rows)

    def clear_defects(
        self, shop: str, pairs: Sequence[tuple[str, str]], updated: Mapping[tuple[str, str], int] = NO_TIMES
    ) -> None:
        """Stop counting these (order id, defect type) pairs where they are known. `updated` are the times at which an
        API says so; what another source knows newer stays."""
        for part in in_parts(pairs):
            query = sa.select(defects).where(self._counted(shop, part))
            found = self.connection.execute(query).all()
            chosen = [
                (old.order_id, old.defect_type)
                for old in found
                if self.versions.cleared(old, updated.get((old.order_id, old.defect_type), 0))
            ]
            self._keep_defects(shop, chosen)
            for pair in chosen:
                self._uncount(shop, [pair], updated.get(pair, 0))

    def _uncount(self, shop: str, pairs: Sequence[tuple[str, ...]], updated: int) -> None:
        values = {"counted": False, "import_id": self.import_id, "updated_at": updated}
        if pairs:
            self.connection.execute(sa.update(defects).where(self._counted(shop, pairs)).values(values))

    def _counted(self, shop: str, pairs: Sequence[tuple[str, ...]]) -> "sa.ColumnElement[bool]":
        here = pair_among(self.connection, (defects.c.order_id, defects.c.defect_type), pairs)
        return sa.and_(defects.c.shop == shop, defects.c.counted, here)

    def _keep_defects(self, shop: str, pairs: Sequence[tuple[str, ...]]) -> None:
        """Copy these defects as they are, before this import changes them."""
        if pairs:
            here = pair_among(self.connection, (defects.c.order_id, defects.c.defect_type), pairs)
            self._keep(defects, defects_before, sa.and_(defects.c.shop == shop, here))

    def elsewhere(self, shop: str, ids: Sequence[str]) -> dict[str, list[str]]:
        """Those of these order ids that other shops have, by shop."""
        return other_shops_have(self.connection, shop, ids)

    def move(self, shop: str, other: str, ids: Sequence[str]) -> set[int]:
        """Give these orders of another shop and their defects to `shop`; returns the UTC day numbers from which
        the other shop loses something."""
        days: set[int] = set()
        for part in in_parts(ids):
            here = sa.and_(orders.c.shop == other, among(self.connection, orders.c.id, part))
            theirs = sa.and_(defects.c.shop == other, among(self.connection, defects.c.order_id, part))
            days.update(self.connection.scalars(sa.select(orders.c.created_day).where(here)))
            days.update(self.connection.scalars(sa.select(defects.c.occurred_day).where(theirs)))
            for table, before, chosen in ((orders, orders_before, here), (defects, defects_before, theirs)):
                self._keep(table, before, chosen)
                self._copy(table, table, chosen, {"shop": shop, "import_id": self.import_id})
                self.connection.execute(sa.delete(table).where(chosen))
        return days

    def keep_orders(self, shop: str, ids: Collection[str]) -> None:
        """Copy these orders as they are, before this import changes them."""
        for part in in_parts(list(ids)):
            here = sa.and_(orders.c.shop == shop, among(self.connection, orders.c.id, part))
            self._keep(orders, orders_before, here)

    def _keep(self, table: sa.Table, before: sa.Table, here: "sa.ColumnElement[bool]") -> None:
        """Copy rows as they were before the first change by this import; rows that the import itself added are not
        copied."""
        if self.import_id:
            chosen = sa.and_(here, table.c.import_id != self.import_id)
            self._copy(table, before, chosen, {"changed_by": self.import_id})

    def _copy(self, table: sa.Table, into: sa.Table, here: "sa.ColumnElement[bool]", new: dict[str, Any]) -> None:
        """Copy rows to a table with the same columns, with new values for the columns in `new`; existing copies
        stay."""
        names = [column.name for column in into.columns]
        values = [sa.literal(new[name]).label(name) if name in new else table.c[name] for name in names]
        insert = postgresql.insert if self.connection.dialect.name == "postgresql" else sqlite.insert
        copied = insert(into).from_select(names, sa.select(*values).where(here))
        self.connection.execute(copied.on_conflict_do_nothing())

    def _known_orders(
        self, shop: str, rows: Sequence[OrderRow], times: dict[str, int]
    ) -> tuple[Sequence[OrderRow], list[str]]:
        """The rows that are to be written, and the ids of known orders that they change; counts those that stay on
        their day. `times` are the update times of an API's rows; those of rows that stay an API's are added."""
        if not self.import_id or not rows:
            return rows, []
        ids = [row[0] for row in rows]
        if not self._any_between(shop, min(ids), max(ids)):
            return rows, []
        given: dict[str, OrderRow] = {row[0]: row for row in rows}
        changing: list[str] = []
        for part in in_parts(ids):
            query = sa.select(orders).where(orders.c.shop == shop, among(self.connection, orders.c.id, part))
            for old in self.connection.execute(query):
                self._count(abs(old.created_at - given[old.id][1]))
                updated = times.get(old.id, 0)
                new = self.versions.order(old, given[old.id], updated)
                if new and (new != tuple(old)[1:8] or (updated and not old.updated_at)):
                    given[old.id] = new
                    changing.append(old.id)
                    if (shop, old.id) in self.versions.left:
                        times[old.id] = old.updated_at
                else:
                    del given[old.id]
            self._note_times(shop, [order_id for order_id in part if order_id not in given], times)
        return list(given.values()), changing

    def _note_times(self, shop: str, ids: Sequence[str], updated: Mapping[str, int]) -> None:
        """Note when an API's orders were updated, where nothing else of them has changed."""
        pairs = [{"i": order_id, "u": updated[order_id]} for order_id in ids if order_id in updated]
        if not pairs:
            return
        time: sa.BindParameter[int] = sa.bindparam("u")
        here = sa.and_(orders.c.shop == shop, orders.c.id == sa.bindparam("i"))
        newer = sa.and_(orders.c.updated_at > 0, orders.c.updated_at < time)
        self.connection.execute(sa.update(orders).where(here, newer).values(updated_at=time), pairs)

    def _any_between(self, shop: str, first: str, last: str) -> bool:
        """Whether the shop has any order id in the range. Ids grow with time, so a file of new orders usually
        meets none, and nothing needs to be looked up."""
        query = sa.select(orders.c.id).where(orders.c.shop == shop, orders.c.id >= first, orders.c.id <= last)
        return self.connection.execute(query.limit(1)).first() is not None

    def _known_defects(
        self, shop: str, rows: Sequence[DefectRow], updated: Mapping[tuple[str, str], int]
    ) -> Sequence[DefectRow]:
        """The rows that are to be written; known defects that they change are copied before."""
        if not self.import_id:
            return rows
        given: dict[tuple[str, str], DefectRow] = {(row[0], row[1]): row for row in rows}
        for part in in_parts(list(given)):
            here = pair_among(self.connection, (defects.c.order_id, defects.c.defect_type), part)
            changing = []
            for old in self.connection.execute(sa.select(defects).where(defects.c.shop == shop, here)).all():
                key = (old.order_id, old.defect_type)
                self._count(abs(old.occurred_at - given[key][2]))
                new = self.versions.defect(old, given[key], updated.get(key, 0))
                if new and (new != tuple(old)[1:8] or (key in updated and not old.updated_at)):
                    changing.append(key)
                else:
                    del given[key]
            self._keep_defects(shop, changing)
        return list(given.values())

    def _count(self, shifted_ms: int) -> None:
        if shifted_ms < _DAY_MS:
            self.same += 1
        else:
            self.moved += 1

    def _unclear_ids(self, shop: str) -> set[str]:
        """The ids of the shop's orders with status words, read once; usually there are none."""
        if shop not in self._unclear:
            query = sa.select(orders.c.id).where(orders.c.shop == shop, sa.text("words <> ''"))
            self._unclear[shop] = set(self.connection.scalars(query))
        return self._unclear[shop]

    def _settle(self, shop: str, ids: Sequence[str]) -> None:
        """Delete the status words of these orders, because their new rows have clear ones."""
        self.keep_orders(shop, ids)
        for part in in_parts(ids):
            here = sa.and_(orders.c.shop == shop, among(self.connection, orders.c.id, part), orders.c.words != "")
            self.connection.execute(sa.update(orders).where(here).values(words="", import_id=self.import_id))


def in_parts(items: Sequence[T]) -> Iterable[Sequence[T]]:
    """The items in groups that one statement can take."""
    return (items[start : start + IDS_AT_ONCE] for start in range(0, len(items), IDS_AT_ONCE))


def other_shops_have(connection: sa.Connection, shop: str, ids: Sequence[str]) -> dict[str, list[str]]:
    """Those of these order ids that other shops than `shop` have, by shop; of very many a sample is looked up."""
    others = [each for each in connection.scalars(sa.select(shops.c.id)) if each != shop]
    found: dict[str, list[str]] = {}
    for part in in_parts(ids[:: 1 + len(ids) * len(others) // LOOKED_UP]) if others else ():
        here = sa.and_(orders.c.shop.in_(others), among(connection, orders.c.id, part))
        for other, order_id in connection.execute(sa.select(orders.c.shop, orders.c.id).where(here)):
            found.setdefault(other, []).append(order_id)
    return found
