"""The rows of imported files, and undoing an import as a whole."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.domain.imports import Import
from bot.store.changing import AuditedRows
from bot.store.comparing import RowComparison
from bot.store.orders import OrderTable
from bot.store.tables import defects, defects_before, imports, orders, orders_before

Days = dict[str, set[int]]
"""UTC day numbers by shop."""
_TABLES = ((orders, orders_before, "created_day"), (defects, defects_before, "occurred_day"))


class ImportTable:
    """Implements ports.imports.ImportRows on one connection."""

    def __init__(self, rows: AuditedRows) -> None:
        self.rows, self.connection = rows, rows.connection

    def begin(self, shop: str, kind: str, file: str, by: str, now: datetime, running: bool = False) -> OrderTable:
        """A new import; the rows written through the result belong to it."""
        values = {"shop": shop, "kind": kind, "file": file, "taken_by": by, "at": now, "rows": 0}
        values |= {"dates": "", "undone_by": "", "running": running}
        return OrderTable(self.connection, self.rows.insert(imports, **values))

    def compared(self) -> RowComparison:
        """Compares rows with what is stored."""
        return RowComparison(self.connection)

    def running(self, shop: str) -> Import | None:
        """The import of the shop that is being written."""
        query = sa.select(imports).where(imports.c.shop == shop, imports.c.running)
        row = self.connection.execute(query).first()
        return _import(row) if row else None

    def finish(self, import_id: int, rows: int, days: Collection[int], dates: str, as_of: int = 0) -> None:
        """Note what the import contained: the number of rows, their UTC day numbers, the order of its dates, and how
        new it is, epoch milliseconds."""
        found: dict[str, Any] = {"first_day": min(days, default=None), "last_day": max(days, default=None)}
        self.rows.update(
            imports, imports.c.id == import_id, rows=rows, dates=dates, as_of=as_of, running=False, **found
        )

    def go_on(self, import_id: int) -> OrderTable:
        """Write further rows of an import that is not finished in one transaction."""
        return OrderTable(self.connection, import_id)

    def add(self, import_id: int, rows: int, days: Collection[int]) -> None:
        """Note further rows of an import, and the UTC day numbers that they are of."""
        first, last = imports.c.first_day, imports.c.last_day
        values: dict[str, Any] = {"rows": imports.c.rows + rows}
        if days:
            least, most = min(days), max(days)
            values["first_day"] = sa.case((first.is_(None), least), (first > least, least), else_=first)
            values["last_day"] = sa.case((last.is_(None), most), (last < most, most), else_=last)
        self.connection.execute(sa.update(imports).where(imports.c.id == import_id).values(values))

    def get(self, import_id: int) -> Import | None:
        """The import with that id, or None."""
        row = self.connection.execute(sa.select(imports).where(imports.c.id == import_id)).first()
        return _import(row) if row else None

    def listed(self, shops: Collection[str] | None = None) -> list[Import]:
        """The imports of these shops (all when None), newest first."""
        query = sa.select(imports).order_by(imports.c.id.desc())
        if shops is not None:
            query = query.where(imports.c.shop.in_(shops))
        return [_import(row) for row in self.connection.execute(query)]

    def newest_day(self, shop: str) -> int | None:
        """The UTC day number of the shop's newest order."""
        days = sa.select(orders.c.created_day).where(orders.c.shop == shop)
        return self.connection.scalar(days.order_by(orders.c.created_day.desc()).limit(1))

    def undo(self, import_id: int, by: str, now: datetime) -> Days:
        """Restore every row to what it was before the import; returns the UTC day numbers whose data change, by
        shop."""
        found: Days = {}
        for table, before, day in _TABLES:
            self._note_days(found, sa.select(table.c.shop, table.c[day]).where(table.c.import_id == import_id))
            self._note_days(found, sa.select(before.c.shop, before.c[day]).where(before.c.changed_by == import_id))
            self._restore(import_id, table, before)
        self.rows.update(imports, imports.c.id == import_id, undone_at=now, undone_by=by, running=False)
        return found

    def _note_days(self, found: Days, query: "sa.Select[Any]") -> None:
        for shop, day in self.connection.execute(query.distinct()):
            found.setdefault(shop, set()).add(day)

    def _restore(self, import_id: int, table: sa.Table, before: sa.Table) -> None:
        mine = before.c.changed_by == import_id
        keys = [column.name for column in table.primary_key]
        kept = sa.select(*(before.c[name] for name in keys)).where(mine)
        self.connection.execute(sa.delete(table).where(table.c.import_id == import_id))
        self.connection.execute(sa.delete(table).where(sa.tuple_(*(table.c[name] for name in keys)).in_(kept)))
        names = [column.name for column in table.columns]
        rows = sa.select(*(before.c[name] for name in names)).where(mine)
        insert = postgresql.insert if self.connection.dialect.name == "postgresql" else sqlite.insert
        # A row that was moved away may have come back by a later import of its shop: that one stays.
        self.connection.execute(insert(table).from_select(names, rows).on_conflict_do_nothing())
        self.connection.execute(sa.delete(before).where(mine))


def _import(row: Any) -> Import:
    return Import(
        str(row.id),
        row.shop,
        row.kind,
        row.file,
        row.at,
        row.taken_by,
        row.dates,
        row.rows,
        row.first_day,
        row.last_day,
        row.undone_at,
        row.undone_by,
        row.running,
    )
