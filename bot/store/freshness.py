"""The rows that tell how new the data of shops are, what people said about that, and which messages tell of it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.domain.freshness import Delivery, Pause, Way, way_of
from bot.ports.freshness import StaleNotice
from bot.store.changing import AuditedRows
from bot.store.tables import data_pauses, from_ms, imports, orders, reaches, stale_notices
from bot.store.upsert import insert_once, replace

_DAYS = 31
"""How many days before the newest one of a delivery its newest order is looked for."""


class FreshnessTable:
    """Implements ports.freshness.FreshnessRows on one connection."""

    def __init__(self, rows: AuditedRows) -> None:
        self.rows, self.connection = rows, rows.connection

    def newest_orders(self, shops: Sequence[str]) -> dict[str, datetime]:
        """The instant until which each shop's orders are known: its newest order, near the end of what its deliveries
        cover, or a later instant at which somebody says that a file of orders was exported."""
        last = sa.func.max(reaches.c.last_day)
        query = sa.select(reaches.c.shop, last).where(reaches.c.shop.in_(shops), reaches.c.source == "orders")
        ends = self.connection.execute(query.group_by(reaches.c.shop)).all()
        found = {shop: self._newest_order(shop, day) for shop, day in ends}
        files = self._exported(shops)
        return {shop: from_ms(max(at, files.get(shop, at))) for shop, at in found.items() if at is not None}

    def _exported(self, shops: Sequence[str]) -> dict[str, int]:
        mine = imports.c.shop.in_(shops) & (imports.c.kind == "orders") & imports.c.undone_at.is_(None)
        query = sa.select(imports.c.shop, sa.func.max(imports.c.as_of)).where(mine).group_by(imports.c.shop)
        return {row.shop: row[1] for row in self.connection.execute(query)}

    def _newest_order(self, shop: str, day: int) -> int | None:
        # Each named day is a look-up in the index, which begins with the day.
        days = orders.c.created_day.in_(range(day - _DAYS, day + 2))
        at: int | None = self.connection.scalar(
            sa.select(sa.func.max(orders.c.created_at)).where(orders.c.shop == shop, days)
        )
        return at

    def deliveries(self, shops: Sequence[str]) -> dict[str, Delivery]:
        """The delivery by which each shop's orders, else its other data, are known farthest."""
        first = sa.case((reaches.c.source == "orders", 1), else_=0)
        query = sa.select(reaches.c.shop, reaches.c.origin).where(reaches.c.shop.in_(shops))
        rows = self.connection.execute(query.order_by(first, reaches.c.last_day, reaches.c.id))
        origins = {row.shop: row.origin for row in rows}
        files = self._files({origin for origin in origins.values() if way_of(origin) is Way.FILE})
        return {shop: files.get(origin) or Delivery(origin, way_of(origin)) for shop, origin in origins.items()}

    def _files(self, origins: Collection[str]) -> dict[str, Delivery]:
        query = sa.select(imports).where(imports.c.id.in_([int(origin) for origin in origins]))
        rows = self.connection.execute(query)
        return {str(row.id): Delivery(str(row.id), Way.FILE, row.at, row.taken_by, row.file) for row in rows}

    def pauses(self, now: datetime) -> dict[str, Pause]:
        """The pauses in force, by shop."""
        query = sa.select(data_pauses).where(data_pauses.c.until > now, data_pauses.c.ended_at.is_(None))
        rows = self.connection.execute(query.order_by(data_pauses.c.id))
        return {row.shop: Pause(row.shop, row.until, row.said_by, row.said_at) for row in rows}

    def pause(self, shop: str, until: datetime, by: str, now: datetime) -> None:
        """Pause telling of the shop's missing data; an earlier pause ends."""
        self.resume(shop, by, now)
        values: dict[str, Any] = {"shop": shop, "until": until, "said_by": by, "said_at": now, "ended_by": ""}
        self.rows.insert(data_pauses, **values)

    def resume(self, shop: str, by: str, now: datetime) -> bool:
        """End the shop's pause; False when none is in force."""
        running = (data_pauses.c.shop == shop) & data_pauses.c.ended_at.is_(None) & (data_pauses.c.until > now)
        return self.rows.update(data_pauses, running, ended_at=now, ended_by=by) > 0

    def notices(self) -> dict[str, StaleNotice]:
        """The messages that tell of missing data, by channel."""
        rows = self.connection.execute(sa.select(stale_notices))
        return {row.channel: StaleNotice(row.channel, row.opened_at, row.shops) for row in rows}

    def notice(self, channel: str) -> StaleNotice | None:
        """The channel's message, locked until the transaction ends; None while there is none."""
        query = sa.select(stale_notices).where(stale_notices.c.channel == channel).with_for_update()
        row = self.connection.execute(query).first()
        return StaleNotice(row.channel, row.opened_at, row.shops) if row else None

    def open_notice(self, notice: StaleNotice) -> bool:
        """Add the channel's message; False when it has one."""
        return insert_once(self.connection, stale_notices, **_values(notice))

    def save_notice(self, notice: StaleNotice) -> None:
        """Overwrite the channel's message."""
        replace(self.connection, stale_notices, **_values(notice))

    def end_notice(self, channel: str) -> None:
        """Forget the channel's message."""
        self.connection.execute(stale_notices.delete().where(stale_notices.c.channel == channel))


def _values(notice: StaleNotice) -> dict[str, Any]:
    return {"channel": notice.channel, "opened_at": notice.opened_at, "shops": dict(notice.shops)}
