"""How new the data of shops are: what each was fed with, what lacks, and for which shops telling of it is paused
(domain.md §1a)."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from bot.domain.day_state import Reach
from bot.domain.freshness import (
    LONGEST_PAUSE,
    ONE_DAY,
    Expectation,
    Pause,
    ShopData,
    Way,
    lacking,
    overdue,
)
from bot.domain.imports import ORDERS
from bot.domain.odr import day_number, day_of
from bot.domain.orders import Shop
from bot.domain.refusal import Refusal
from bot.ports.clock import Clock
from bot.ports.store import Unit, UnitFactory

WATCHED = "data_watch"
"""The runs that say since which UTC day a shop without any data is watched."""


class Freshness:
    """Says how new shops' data are, and keeps what people say about that."""

    def __init__(self, units: UnitFactory, clock: Clock, expected: Expectation, window: int) -> None:
        """`window` is the number of UTC days that are looked back at."""
        self.units, self.clock, self.expected, self.window = units, clock, expected, timedelta(days=window)

    def look(self, shop_ids: Sequence[str]) -> list[ShopData]:
        """How new the data of these shops are, by shop id."""
        with self.units(read_only=True) as unit:
            return self.of(unit, [shop for shop in unit.shops.all() if shop.id in shop_ids])

    def of(self, unit: Unit, shops: Sequence[Shop]) -> list[ShopData]:
        """How new the data of these shops are, read in the caller's transaction."""
        ids = [shop.id for shop in shops]
        reaches, newest, since = unit.orders.reaches(ids), self._orders_until(unit, ids), self._since(unit)
        deliveries, pauses = unit.freshness.deliveries(ids), unit.freshness.pauses(self.clock.now())
        found = []
        for shop in shops:
            known = ShopData(shop, newest.get(shop.id), deliveries.get(shop.id), pause=pauses.get(shop.id))
            found.append(self._judged(known, reaches.get(shop.id, ()), since.get(shop.id)))
        return found

    @staticmethod
    def _orders_until(unit: Unit, ids: Sequence[str]) -> dict[str, datetime]:
        # An API that was read to its end is known until then, also where nobody has ordered since.
        known = dict(unit.freshness.newest_orders(ids))
        for state in unit.feeds.states(ids):
            if state.source == ORDERS and state.polled_at:
                known[state.shop] = max(state.polled_at, known.get(state.shop, state.polled_at))
        return known

    @staticmethod
    def _since(unit: Unit) -> dict[str, date]:
        return {shop: date.fromisoformat(day) for shop, day in unit.records.last_runs(WATCHED).items()}

    def _judged(self, known: ShopData, reaches: Sequence[Reach], begun: date | None) -> ShopData:
        now = self.clock.now()
        first = day_of(min(reach.first for reach in reaches)) if reaches else begun
        if first is None or not known.shop.active:
            return known
        by_api = known.delivery is not None and known.delivery.way is Way.API
        since = max(first, now.date() - self.window)
        days = overdue(known.shop, reaches, by_api, since, self.expected, now)
        sources = lacking(day_number(days[-1]), reaches, known.shop.sources) if days else ()
        return ShopData(known.shop, known.orders_until, known.delivery, days, sources, known.pause)

    def watch(self) -> None:
        """Note for shops that have never had any data since when they are watched, so that these are missed too."""
        with self.units(read_only=True) as unit:
            new = [shop.id for shop in unit.shops.all() if shop.id not in unit.records.last_runs(WATCHED)]
        now = self.clock.now()
        for shop in new:
            with self.units() as unit:
                unit.records.take_run(WATCHED, shop, now.date().isoformat(), now)

    def pause(self, unit: Unit, shop: Shop, until: date, by: str) -> Pause:
        """Pause telling of the shop's missing data before the local day `until` of the team. Raises Refusal for a
        day that is not to come, or too far away."""
        now, end = self.clock.now(), self.expected.morning(until)
        if not now < end <= now + LONGEST_PAUSE + ONE_DAY:
            raise Refusal("bad_pause", until=until.isoformat(), days=LONGEST_PAUSE.days)
        running = unit.freshness.pauses(now).get(shop.id)
        if running and running.until == end:
            return running
        unit.freshness.pause(shop.id, end, by, now)
        return Pause(shop.id, end, by, now)

    def resume(self, unit: Unit, shop: Shop, by: str) -> None:
        """End the pause of the shop; raises Refusal when there is none."""
        if not unit.freshness.resume(shop.id, by, self.clock.now()):
            raise Refusal("not_paused", shop=shop.id)
