"""The rows of how far feeds were read, and of what they brought beside orders and defects."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.domain.feeds import FeedState, NoticedDifference, OpenDeadline
from bot.domain.imports import Difference
from bot.domain.orders import DefectType
from bot.ports.tiktok import FeedDeadline, FeedEvent
from bot.store.among import among, pair_among
from bot.store.tables import (
    counted_orders,
    defects,
    feed_deadlines,
    feed_differences,
    feed_events,
    feed_states,
    from_ms,
    to_ms,
)
from bot.store.upsert import replace
from bot.store.writing import in_parts

MOST_DIFFERENCES = 5_000
_OWN = (feed_states, feed_events, feed_deadlines, counted_orders)
_EVENT = [column for column in feed_events.columns if column.name != "shop"]


class FeedTable:
    """Implements ports.feeds.FeedRows on one connection."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection

    def states(self, shops: Collection[str] | None = None) -> list[FeedState]:
        """The states of these shops' feeds, by shop and source."""
        query = sa.select(feed_states).order_by(feed_states.c.shop, feed_states.c.source)
        if shops is not None:
            query = query.where(feed_states.c.shop.in_(shops))
        rows = self.connection.execute(query).mappings()
        return [FeedState(**{**row, "unknown": tuple(row["unknown"])}) for row in rows]

    def save_state(self, state: FeedState) -> None:
        """Add the state of a feed or overwrite it."""
        replace(self.connection, feed_states, **{**asdict(state), "unknown": list(state.unknown)})

    def forget(self, shop: str) -> None:
        """Forget how far the feeds of a shop were read, and what they brought."""
        for table in _OWN:
            self.connection.execute(sa.delete(table).where(table.c.shop == shop))

    def undone(self, import_id: int) -> list[str]:
        """The shops whose feeds wrote that import; their feeds begin anew."""
        here = feed_states.c.import_id == import_id
        shops = list(self.connection.scalars(sa.select(feed_states.c.shop).where(here).distinct()))
        for shop in shops if import_id else ():
            self.forget(shop)
        return shops if import_id else []

    def events(self, shop: str, source: str, ids: Collection[str]) -> dict[str, FeedEvent]:
        """The events with these ids, by id."""
        found = {}
        for part in in_parts(list(ids)):
            for event in self._events(shop, source, among(self.connection, feed_events.c.id, part)):
                found[event.id] = event
        return found

    def of_orders(self, shop: str, source: str, order_ids: Collection[str]) -> list[FeedEvent]:
        """All events of these orders."""
        parts = (among(self.connection, feed_events.c.order_id, part) for part in in_parts(list(order_ids)))
        return [each for which in parts for each in self._events(shop, source, which)]

    def _events(self, shop: str, source: str, which: "sa.ColumnElement[bool]") -> list[FeedEvent]:
        here = sa.and_(feed_events.c.shop == shop, feed_events.c.source == source, which)
        return [_event(row) for row in self.connection.execute(sa.select(*_EVENT).where(here))]

    def save_events(self, shop: str, events: Iterable[FeedEvent]) -> None:
        """Add events or overwrite them, unless what is stored was updated later."""
        rows = [{**asdict(event), "shop": shop} for event in events]
        for row in rows:
            row["source"] = row.pop("kind")
        if not rows:
            return
        insert = postgresql.insert if self.connection.dialect.name == "postgresql" else sqlite.insert
        statement = insert(feed_events)
        keys = [column.name for column in feed_events.primary_key]
        new = {column.name: statement.excluded[column.name] for column in _EVENT if column.name not in keys}
        newer = feed_events.c.updated_at <= statement.excluded.updated_at
        self.connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=new, where=newer), rows)

    def unattributed(self, shops: Collection[str]) -> list[tuple[str, FeedEvent]]:
        """The counted events whose order nobody knows, newest first, each with its shop."""
        here = sa.and_(feed_events.c.shop.in_(shops), feed_events.c.order_id == "", feed_events.c.counted)
        query = sa.select(feed_events).where(here).order_by(feed_events.c.occurred_at.desc(), feed_events.c.id)
        return [(row.shop, _event(row)) for row in self.connection.execute(query)]

    def save_deadlines(
        self, shop: str, asked: Collection[tuple[str, str]], deadlines: Collection[FeedDeadline]
    ) -> None:
        """Of the subjects asked, only these deadlines are open now."""
        table = feed_deadlines
        wanted = {(each.kind, each.id): each for each in deadlines}
        known: dict[tuple[str, str], Any] = {}
        for part in in_parts(list(asked)):
            here = sa.and_(table.c.shop == shop, pair_among(self.connection, (table.c.kind, table.c.id), part))
            known |= {(row.kind, row.id): row.due_at for row in self.connection.execute(sa.select(table).where(here))}
        gone = [pair for pair in known if pair not in wanted]
        for part in in_parts(gone):
            here = sa.and_(table.c.shop == shop, pair_among(self.connection, (table.c.kind, table.c.id), part))
            self.connection.execute(sa.delete(table).where(here))
        for pair, each in wanted.items():
            due = from_ms(each.due_at)
            if known.get(pair) != due:
                values = {"order_id": each.order_id, "due_at": due, "told": 0}
                replace(self.connection, table, shop=shop, kind=each.kind, id=each.id, **values)

    def deadlines(self, shops: Collection[str], start: datetime, end: datetime) -> list[OpenDeadline]:
        """The open deadlines after `start` and up to `end`, earliest first."""
        table = feed_deadlines
        here = sa.and_(table.c.shop.in_(shops), table.c.due_at > start, table.c.due_at <= end)
        query = sa.select(table).where(here).order_by(table.c.due_at, table.c.kind, table.c.id)
        return [OpenDeadline(**row) for row in self.connection.execute(query).mappings()]

    def told(self, deadlines: Collection[OpenDeadline], hours: int) -> None:
        """Note that these deadlines were told."""
        table = feed_deadlines
        for each in deadlines:
            here = sa.and_(table.c.shop == each.shop, table.c.kind == each.kind, table.c.id == each.id)
            self.connection.execute(sa.update(table).where(here).values(told=hours))

    def add_differences(self, shop: str, found: Iterable[Difference], now: datetime) -> None:
        """Keep what a file and the API said differently."""
        table = feed_differences
        latest = {(each.order_id, each.subject): each for each in found}
        rows = [{**asdict(each), "shop": shop, "at": now} for each in latest.values()]
        if not rows:
            return
        for part in in_parts(list(latest)):
            same = pair_among(self.connection, (table.c.order_id, table.c.subject), part)
            self.connection.execute(sa.delete(table).where(table.c.shop == shop, same))
        self.connection.execute(sa.insert(table), rows[-MOST_DIFFERENCES:])
        newest = sa.select(table.c.id).where(table.c.shop == shop).order_by(table.c.id.desc())
        oldest = self.connection.scalar(newest.offset(MOST_DIFFERENCES).limit(1))
        if oldest is not None:
            self.connection.execute(sa.delete(table).where(table.c.shop == shop, table.c.id <= oldest))

    def differences(self, shops: Collection[str]) -> list[NoticedDifference]:
        """What files and the API said differently, newest first."""
        columns = [column for column in feed_differences.columns if column.name != "id"]
        query = sa.select(*columns).where(feed_differences.c.shop.in_(shops)).order_by(feed_differences.c.id.desc())
        return [NoticedDifference(**row) for row in self.connection.execute(query).mappings()]

    def save_counted(self, shop: str, counted: Mapping[DefectType, Collection[str]]) -> None:
        """Note the orders that the platform counts against a shop."""
        for kind, ids in counted.items():
            here = sa.and_(counted_orders.c.shop == shop, counted_orders.c.defect_type == kind.value)
            self.connection.execute(sa.delete(counted_orders).where(here))
            rows = [{"shop": shop, "defect_type": kind.value, "order_id": each} for each in {*ids, ""}]
            self.connection.execute(sa.insert(counted_orders), rows)

    def counted(self, shop: str) -> dict[DefectType, set[str]]:
        """The orders that the platform counts against a shop, by defect type."""
        found: dict[DefectType, set[str]] = {}
        for row in self.connection.execute(sa.select(counted_orders).where(counted_orders.c.shop == shop)):
            found.setdefault(DefectType(row.defect_type), set()).update({row.order_id} - {""})
        return found

    def counted_defects(self, shop: str, kind: DefectType, since: datetime) -> set[str]:
        """The orders with a counted defect of that type since then."""
        here = sa.and_(defects.c.shop == shop, defects.c.defect_type == kind.value, defects.c.counted)
        recent = sa.select(defects.c.order_id).where(here, defects.c.occurred_at >= to_ms(since))
        return set(self.connection.scalars(recent))


def _event(row: Any) -> FeedEvent:
    times = (row.occurred_at, row.updated_at)
    return FeedEvent(row.source, row.id, row.order_id, *times, row.counted, row.buyer, row.status, row.text)
