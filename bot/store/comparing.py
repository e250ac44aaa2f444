"""Compares the rows of a file with what is stored, and writes nothing."""

from collections.abc import Sequence

import sqlalchemy as sa

from bot.ports.sources import DefectRow, OrderRow
from bot.store.among import among, pair_among
from bot.store.tables import defects, orders
from bot.store.writing import in_parts, other_shops_have

_DAY_MS = 86_400_000


class RowComparison:
    """Implements ports.imports.ComparedRows on one connection."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection
        self.same = self.moved = self.changed = 0

    def compare(self, shop: str, order_rows: Sequence[OrderRow], defect_rows: Sequence[DefectRow]) -> None:
        """Count those of the rows that are known."""
        if order_rows and self._any_between(shop, order_rows):
            self._orders(shop, {row[0]: row for row in order_rows})
        self._defects(shop, {row[:2]: row for row in defect_rows})

    def elsewhere(self, shop: str, ids: Sequence[str]) -> dict[str, list[str]]:
        """Those of these order ids that other shops have, by shop."""
        return other_shops_have(self.connection, shop, ids)

    def _any_between(self, shop: str, rows: Sequence[OrderRow]) -> bool:
        """Whether the shop has any order id in the range of these: those of new orders are greater than all."""
        ids = [row[0] for row in rows]
        query = sa.select(orders.c.id).where(orders.c.shop == shop, orders.c.id.between(min(ids), max(ids)))
        return self.connection.execute(query.limit(1)).first() is not None

    def _orders(self, shop: str, given: dict[str, OrderRow]) -> None:
        for part in in_parts(list(given)):
            query = sa.select(orders).where(orders.c.shop == shop, among(self.connection, orders.c.id, part))
            for old in self.connection.execute(query):
                row = given[old.id]
                self._count(abs(old.created_at - row[1]), tuple(old)[1:8] != row)

    def _defects(self, shop: str, given: dict[tuple[str, str], DefectRow]) -> None:
        for part in in_parts(list(given)):
            here = pair_among(self.connection, (defects.c.order_id, defects.c.defect_type), part)
            for old in self.connection.execute(sa.select(defects).where(defects.c.shop == shop, here)):
                row = given[old.order_id, old.defect_type]
                self._count(abs(old.occurred_at - row[2]), tuple(old)[1:8] != row)

    def _count(self, shifted_ms: int, changed: bool) -> None:
        self.changed += changed
        if shifted_ms < _DAY_MS:
            self.same += 1
        else:
            self.moved += 1
