"""Writing orders and defects: bulk upsert, keeping what each row was before an import changed it."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.ports.sources import DefectRow, OrderRow
from bot.store.tables import defects, defects_before, orders, orders_before, shops
from bot.store.upsert import Target, upsert

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

    def upsert_orders(self, shop: str, rows: Sequence[OrderRow]) -> None:
        """Add or update orders, each at most once in `rows`; a row that already has the new values is not written."""
        if changing := self._known_orders(shop, rows):
            self.keep_orders(shop, changing)
        upsert(self.connection, Target(orders, shop, ("", self.import_id)), rows)
        if unclear := self._unclear_ids(shop):
            self._settle(shop, [row[0] for row in rows if row[0] in unclear])

    def merge_orders(self, shop: str, rows: Sequence[OrderRow]) -> None:
        """Add further lines of orders: created at the earlier time; valid if any line is, else unknown if any is
        unknown; of each text the first that is not empty."""
        if self.import_id and rows:
            self.keep_orders(shop, [row[0] for row in rows])
        upsert(self.connection, Target(orders, shop, ("", self.import_id), _LATER_LINE), rows)
        if unclear := self._unclear_ids(shop):
            self._settle(shop, [row[0] for row in rows if row[0] in unclear and row[3]])

    def explain(self, shop: str, words: Iterable[tuple[str, str]]) -> None:
        """Keep for orders, by id, the encoded status words that leave their validity open."""
        pairs = [{"i": order_id, "w": text} for order_id, text in words]
        if not pairs:
            return
        self.keep_orders(shop, [pair["i"] for pair in pairs])
        text: sa.BindParameter[str] = sa.bindparam("w")
        here = sa.and_(orders.c.shop == shop, orders.c.id == sa.bindparam("i"), orders.c.words != text)
        change = sa.update(orders).where(here).values(words=text, import_id=self.import_id)
        self.connection.execute(change, pairs)
        self._unclear_ids(shop).update(pair["i"] for pair in pairs)

    def upsert_defects(self, shop: str, rows: Sequence[DefectRow]) -> None:
        """Add or update defects, each (order, type) at most once in `rows`."""
        self._keep_changing_defects(shop, rows)
        upsert(self.connection, Target(defects, shop, (self.import_id,)), rows)

    def clear_defects(self, shop: str, pairs: Sequence[tuple[str, str]]) -> None:
        """Stop counting these (order id, defect type) pairs where they are known."""
        for part in in_parts(pairs):
            here = sa.and_(
                defects.c.shop == shop,
                defects.c.counted,
                sa.tuple_(defects.c.order_id, defects.c.defect_type).in_(part),
            )
            self._keep(defects, defects_before, here)
            self.connection.execute(sa.update(defects).where(here).values(counted=False, import_id=self.import_id))

    def elsewhere(self, shop: str, ids: Sequence[str]) -> dict[str, list[str]]:
        """Those of these order ids that other shops have, by shop."""
        others = [each for each in self.connection.scalars(sa.select(shops.c.id)) if each != shop]
        if not others or not ids:
            return {}
        found: dict[str, list[str]] = {}
        for part in in_parts(ids[:: 1 + len(ids) * len(others) // LOOKED_UP]):
            query = sa.select(orders.c.shop, orders.c.id).where(orders.c.shop.in_(others), orders.c.id.in_(part))
            for other, order_id in self.connection.execute(query):
                found.setdefault(other, []).append(order_id)
        return found

    def move(self, shop: str, other: str, ids: Sequence[str]) -> set[int]:
        """Give these orders of another shop and their defects to `shop`; returns the UTC day numbers from which
        the other shop loses something."""
        days: set[int] = set()
        for part in in_parts(ids):
            here = sa.and_(orders.c.shop == other, orders.c.id.in_(part))
            theirs = sa.and_(defects.c.shop == other, defects.c.order_id.in_(part))
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
            self._keep(orders, orders_before, sa.and_(orders.c.shop == shop, orders.c.id.in_(part)))

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

    def _known_orders(self, shop: str, rows: Sequence[OrderRow]) -> list[str]:
        """The ids of known orders that these rows change; counts those that stay on their day."""
        if not self.import_id or not rows:
            return []
        ids = [row[0] for row in rows]
        if not self._any_between(shop, min(ids), max(ids)):
            return []
        given = {row[0]: row for row in rows}
        changing = []
        for part in in_parts(ids):
            query = sa.select(orders).where(orders.c.shop == shop, orders.c.id.in_(part))
            for old in self.connection.execute(query):
                row = given[old.id]
                self._count(abs(old.created_at - row[1]))
                if tuple(old)[1:8] != row:
                    changing.append(old.id)
        return changing

    def _any_between(self, shop: str, first: str, last: str) -> bool:
        """Whether the shop has any order id in the range. Ids grow with time, so a file of new orders usually
        meets none, and nothing needs to be looked up."""
        query = sa.select(orders.c.id).where(orders.c.shop == shop, orders.c.id >= first, orders.c.id <= last)
        return self.connection.execute(query.limit(1)).first() is not None

    def _keep_changing_defects(self, shop: str, rows: Sequence[DefectRow]) -> None:
        if not self.import_id:
            return
        given = {row[:2]: row for row in rows}
        for part in in_parts(list(given)):
            here = sa.tuple_(defects.c.order_id, defects.c.defect_type).in_(part)
            known = self.connection.execute(sa.select(defects).where(defects.c.shop == shop, here)).all()
            for old in known:
                self._count(abs(old.occurred_at - given[old.order_id, old.defect_type][2]))
            changing = [tuple(old)[1:3] for old in known if tuple(old)[1:8] != given[old.order_id, old.defect_type]]
            changed = sa.tuple_(defects.c.order_id, defects.c.defect_type).in_(changing)
            self._keep(defects, defects_before, sa.and_(defects.c.shop == shop, changed))

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
            here = sa.and_(orders.c.shop == shop, orders.c.id.in_(part), orders.c.words != "")
            self.connection.execute(sa.update(orders).where(here).values(words="", import_id=self.import_id))


def in_parts(items: Sequence[T]) -> Iterable[Sequence[T]]:
    """The items in groups that one statement can take."""
    return (items[start : start + IDS_AT_ONCE] for start in range(0, len(items), IDS_AT_ONCE))
