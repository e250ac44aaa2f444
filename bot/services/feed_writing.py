"""Storing what an API brought: portion by portion, each in one transaction with the place where reading goes on."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from bot.domain.day_state import SOURCES, Reach
from bot.domain.feeds import FeedState
from bot.domain.freshness import API
from bot.domain.imports import MOVED, Difference
from bot.domain.odr import day_number, day_of
from bot.domain.orders import DefectType
from bot.ports.clock import Clock
from bot.ports.imports import ImportWriter
from bot.ports.sources import DefectRow, OrderRow
from bot.ports.store import Unit, UnitFactory
from bot.ports.tiktok import FeedEvent, Portion
from bot.services.importing import DataChange
from bot.services.timeline import ROBOT

FILE = "TikTok Shop API"
"""What stands for the file's name where an API was read."""
DAY_SECONDS, DAY_MS = 86_400, 86_400_000
NEW_DAYS = 3
KINDS = {
    "returns": DefectType.RETURN_REFUND,
    "reviews": DefectType.NEGATIVE_REVIEW,
    "ratings": DefectType.SERVICE_RATING,
}


@dataclass(frozen=True)
class StoredPortion:
    """What became of a portion: the new state of its feed, how many of its rows were new or changed, and the orders
    that have to be asked for `again`."""

    state: FeedState
    new: int = 0
    again: Sequence[str] = ()


@dataclass
class _Change:
    """The rows of one transaction: the import to which they go, and the UTC day numbers that change."""

    state: FeedState
    writer: ImportWriter
    days: set[int] = field(default_factory=set)


class FeedWriter:
    """Stores portions. Whenever data change, the days concerned are measured again in the same transaction."""

    def __init__(self, units: UnitFactory, clock: Clock, measure: Callable[[Unit, DataChange], None]) -> None:
        self.units, self.clock, self.measure = units, clock, measure

    def store(self, shop: str, state: FeedState, portion: Portion) -> StoredPortion:
        """Store a portion with the state that its feed has after it. What is known already changes nothing."""
        with self.units() as unit:
            times = unit.orders.update_times(shop, list(portion.updated))
            orders = [row for row in portion.orders if times.get(row[0], -1) < portion.updated[row[0]]]
            events = self._new_events(unit, shop, state.source, portion.events)
            unknown = tuple(sorted({*state.unknown, *portion.unknown}))[:50]
            state = replace(state.cleared(), unknown=unknown)
            if orders or (events and state.source in KINDS):
                change = self._change(unit, shop, state)
                self._claim(unit, change, shop, list({row[0] for row in orders} | {each.order_id for each in events}))
                self._write_orders(change, shop, portion, orders)
                self._write_events(unit, change, shop, events)
                self._close(unit, change, shop, len(orders) + len(events))
                state = change.state
            elif events:
                # A cancellation changes no rate: what it says of its order the order says too.
                unit.feeds.save_events(shop, events)
            unit.feeds.save_deadlines(shop, portion.asked, portion.deadlines)
            self._reach(unit, shop, state)
            unit.feeds.save_state(state)
            again = self._again(unit, shop, events)
        return StoredPortion(state, len(orders) + len(events), again)

    def _new_events(self, unit: Unit, shop: str, source: str, events: Sequence[FeedEvent]) -> list[FeedEvent]:
        latest: dict[str, FeedEvent] = {}
        for event in events:
            if event.id not in latest or latest[event.id].updated_at <= event.updated_at:
                latest[event.id] = event
        known = unit.feeds.events(shop, source, list(latest))
        return [event for event in latest.values() if known.get(event.id) != event]

    def _change(self, unit: Unit, shop: str, state: FeedState) -> _Change:
        """The import to which rows go: one for each feed and UTC day, so that a day can be undone."""
        now = self.clock.now()
        found = unit.imports.get(state.import_id) if state.import_id else None
        if found and not found.undone_at and (found.at.date() == now.date() or not state.filled):
            return _Change(state, unit.imports.go_on(state.import_id))
        writer = unit.imports.begin(shop, state.source, FILE, ROBOT, now)
        return _Change(replace(state, import_id=writer.import_id), writer)

    def _claim(self, unit: Unit, change: _Change, shop: str, ids: Sequence[str]) -> None:
        """Move orders here that a file gave to another shop, and tell it: whose an order is the platform knows."""
        for other, theirs in change.writer.elsewhere(shop, ids).items():
            lost = change.writer.move(shop, other, theirs)
            moved = [Difference(order_id, MOVED, False, True, "api") for order_id in theirs]
            unit.feeds.add_differences(shop, moved, self.clock.now())
            self._measure(unit, other, lost, change.state)

    def _write_orders(self, change: _Change, shop: str, portion: Portion, orders: Sequence[OrderRow]) -> None:
        change.writer.upsert_orders(shop, orders, portion.updated)
        written = {row[0] for row in orders}
        change.writer.explain(shop, [pair for pair in portion.words.items() if pair[0] in written])
        change.days.update(row[2] for row in orders)

    def _write_events(self, unit: Unit, change: _Change, shop: str, events: Sequence[FeedEvent]) -> None:
        """Write the defects that follow from all events of the orders concerned: one of a type for each order."""
        if not events:
            return
        source = events[0].kind
        earlier = unit.feeds.events(shop, source, [event.id for event in events])
        unit.feeds.save_events(shop, events)
        touched = {event.order_id for event in (*events, *earlier.values())} - {""}
        by_order: dict[str, list[FeedEvent]] = {order_id: [] for order_id in touched}
        for event in unit.feeds.of_orders(shop, source, touched):
            by_order[event.order_id].append(event)
        self._write_defects(change, shop, source, by_order)
        change.days.update(event.occurred_at // DAY_MS for event in (*events, *earlier.values()))
        change.days.update(each.occurred_at // DAY_MS for found in by_order.values() for each in found)

    def _write_defects(self, change: _Change, shop: str, source: str, by_order: dict[str, list[FeedEvent]]) -> None:
        kind = KINDS[source]
        rows: list[DefectRow] = []
        cleared: list[tuple[str, str]] = []
        updated: dict[tuple[str, str], int] = {}
        for order_id, events in by_order.items():
            key = (order_id, kind.value)
            updated[key] = max((event.updated_at for event in events), default=1)
            row = _defect(order_id, kind, events)
            # A return that counts no longer is kept; a review that turned good never was a defect.
            if row and (row[5] or kind is DefectType.RETURN_REFUND):
                rows.append(row)
            else:
                cleared.append(key)
        change.writer.upsert_defects(shop, rows, updated)
        change.writer.clear_defects(shop, cleared, updated)

    def _close(self, unit: Unit, change: _Change, shop: str, rows: int) -> None:
        unit.imports.add(change.writer.import_id, rows, change.days)
        unit.feeds.add_differences(shop, change.writer.differences, self.clock.now())
        self._measure(unit, shop, change.days, change.state)

    def _measure(self, unit: Unit, shop: str, days: Iterable[int], state: FeedState) -> None:
        changed = frozenset(day_of(day) for day in days)
        if changed:
            self.measure(unit, DataChange(shop, changed, ROBOT, f"API {state.source}"))

    def _again(self, unit: Unit, shop: str, events: Sequence[FeedEvent]) -> list[str]:
        """The orders of cancellations that were carried out, which are stored as valid all the same."""
        ids = [event.order_id for event in events if event.kind == "cancellations" and event.counted]
        return [order.id for order in unit.orders.by_ids(shop, ids).values() if order.valid]

    def _reach(self, unit: Unit, shop: str, state: FeedState) -> None:
        """Note how far a feed that is being filled has come: the days before its position are whole."""
        if state.source in SOURCES and not state.filled and state.position:
            reach = Reach(state.source, state.since // DAY_SECONDS, state.position // DAY_SECONDS)
            unit.orders.reached(shop, reach, API)

    def caught_up(self, shop: str, state: FeedState) -> None:
        """Note that a feed was read to the end of what there is: it reaches the present day, also where nothing new
        has come. Days that are whole by it are measured again."""
        now = self.clock.now()
        today = day_number(now.date())
        with self.units() as unit:
            if state.source in SOURCES:
                unit.orders.reached(shop, Reach(state.source, state.since // DAY_SECONDS, today), API)
                before = day_number((state.polled_at or now - timedelta(days=NEW_DAYS)).date())
                if before < today:
                    self._measure(unit, shop, range(before, today + 1), state)
            unit.feeds.save_state(replace(state.cleared(), polled_at=now))


def _defect(order_id: str, kind: DefectType, events: Sequence[FeedEvent]) -> DefectRow | None:
    """The defect that an order has by its events: the earliest that counts, else the earliest."""
    if not events:
        return None
    first = min(events, key=lambda event: (not event.counted, event.occurred_at, event.id))
    at = first.occurred_at
    return (order_id, kind.value, at, at // DAY_MS, True, first.counted, first.text)
