"""Of two sources that speak of one order, the one that knows newer things is believed (domain.md §1a)."""

from collections.abc import Callable
from typing import Any

from bot.domain.imports import Difference
from bot.domain.statuses import either
from bot.ports.sources import DefectRow, OrderRow

ORDER = "order"
Key = tuple[str, ...]


class Versions:
    """Compares the rows of a source with what is stored. Rows of an API carry the time of their last update; a file
    is as new as its newest row, which is known when it was read to its end: until then what it says differently is
    held back. `file_time(import id)` gives the time of an earlier file. All times are epoch milliseconds UTC."""

    def __init__(self, file_time: Callable[[int], int]) -> None:
        self.file_time = file_time
        self.differences: list[Difference] = []
        self.held_orders: dict[tuple[str, str], tuple[int, bool | None, OrderRow]] = {}
        self.held_defects: dict[Key, tuple[int, bool, DefectRow | None]] = {}
        self.left: set[tuple[str, str]] = set()
        """The (shop, order id) of rows that stay what the other source has made of them."""

    def order(self, old: Any, row: OrderRow, updated: int) -> OrderRow | None:
        """The row to write over the stored one, None to leave that. `updated` is 0 for a file."""
        if bool(updated) == bool(old.updated_at):
            return None if updated and updated < old.updated_at else row
        stored: OrderRow = tuple(old)[1:8]
        if not updated:
            self.left.add((old.shop, old.id))
        if old.valid == row[3] or not (updated or row[3] is not None):
            return _filled(row, stored) if updated else _filled(stored, row)
        if not updated:
            self.held_orders[old.shop, old.id] = (old.updated_at, old.valid, row)
            return None
        wins = updated >= self.file_time(old.import_id)
        self._tell(old.id, ORDER, old.valid, row[3], wins)
        if wins:
            return row
        self.left.add((old.shop, old.id))
        return None

    def later_line(self, shop: str, row: OrderRow) -> bool:
        """Whether a further line of an order may be written; the line of one that is held back is kept with it."""
        if held := self.held_orders.get((shop, row[0])):
            first = held[2]
            self.held_orders[shop, row[0]] = (*held[:2], (*first[:3], either(first[3], row[3]), *first[4:]))
        return (shop, row[0]) not in self.left

    def defect(self, old: Any, row: DefectRow, updated: int) -> DefectRow | None:
        """The row to write over the stored one, None to leave that. `updated` is 0 for a file."""
        if bool(updated) == bool(old.updated_at):
            return row
        if old.counted == row[5]:
            return row if updated else None
        if not updated:
            self.held_defects[old.shop, old.order_id, old.defect_type] = (old.updated_at, old.counted, row)
            return None
        wins = updated >= self.file_time(old.import_id)
        self._tell(old.order_id, old.defect_type, old.counted, row[5], wins)
        return row if wins else None

    def cleared(self, old: Any, updated: int) -> bool:
        """Whether the stored defect, which is counted, is one no longer."""
        if bool(updated) == bool(old.updated_at):
            return True
        if not updated:
            self.held_defects[old.shop, old.order_id, old.defect_type] = (old.updated_at, True, None)
            return False
        wins = updated >= self.file_time(old.import_id)
        self._tell(old.order_id, old.defect_type, True, False, wins)
        return wins

    def settle(self, at: int) -> tuple[dict[str, list[OrderRow]], dict[str, list[tuple[Key, DefectRow | None]]]]:
        """What was held back of a file and is newer than the API's: orders and defects to write, by shop; None for
        a defect that is one no longer. `at` is the time of the file."""
        orders: dict[str, list[OrderRow]] = {}
        defects: dict[str, list[tuple[Key, DefectRow | None]]] = {}
        for (shop, order_id), (updated, valid, row) in self.held_orders.items():
            self._tell(order_id, ORDER, row[3], valid, at <= updated)
            if at > updated:
                orders.setdefault(shop, []).append(row)
        for (shop, order_id, kind), (updated, counted, defect) in self.held_defects.items():
            self._tell(order_id, kind, not counted, counted, at <= updated)
            if at > updated:
                defects.setdefault(shop, []).append(((order_id, kind), defect))
        self.held_orders.clear()
        self.held_defects.clear()
        return orders, defects

    def _tell(self, order_id: str, subject: str, file: bool | None, api: bool | None, api_wins: bool) -> None:
        self.differences.append(Difference(order_id, subject, file, api, "api" if api_wins else "file"))


def _filled(row: OrderRow, other: OrderRow) -> OrderRow:
    """The row, with the texts that it lacks from another."""
    return (*row[:4], row[4] or other[4], row[5] or other[5], row[6] or other[6])
