"""The look back when a shop's data come for the first time: which days would have fired (domain.md §2)."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta

from bot.domain.addresses import NoticeKey
from bot.domain.anomaly import onset
from bot.domain.deadline import deadline
from bot.domain.freshness import Way
from bot.domain.lookback import LookBack, ReplayedDay
from bot.domain.odr import day_number
from bot.domain.orders import Shop
from bot.messaging.card import Card
from bot.ports.store import Unit
from bot.services.measuring import Counts, Measurer, ShopCheck
from bot.services.notifying import Notifier

REPLAY = "replay"
"""The runs that say for which shops the look back was shown, and the cause of its message."""


class Replay:
    """Looks back at a shop's last `days` UTC days. That opens no case and alerts nobody: days whose entry is still
    open are the daily measuring's, which has opened their case before."""

    def __init__(self, measurer: Measurer, notifier: Notifier, days: int) -> None:
        self.measurer, self.notifier, self.days = measurer, notifier, timedelta(days=days)
        self.clock, self.policy = measurer.clock, measurer.policy

    def first(self, unit: Unit, shop_id: str) -> bool:
        """Show the look back in the shop's channels once in its life: as soon as all sources that it is set to have
        brought something. To be called in the transaction in which data have come, after they were measured. Returns
        whether it was shown now."""
        shop = unit.shops.get(shop_id)
        if shop is None or shop_id in unit.records.last_runs(REPLAY) or not self._fed(unit, shop):
            return False
        if not unit.records.take_run(REPLAY, shop_id, "first", self.clock.now()):
            return False
        card = self.card(unit, shop)
        self.notifier.notify(unit, shop.channels, "", NoticeKey.of(shop_id, REPLAY), card)
        return True

    def _fed(self, unit: Unit, shop: Shop) -> bool:
        reaches = unit.orders.reaches([shop.id]).get(shop.id, ())
        delivery = unit.freshness.deliveries([shop.id]).get(shop.id)
        if delivery and delivery.way is Way.API:
            # The first filling brings weeks bit by bit: it is looked back at when it has come to the present.
            reaches = [reach for reach in reaches if reach.last >= day_number(self.clock.now().date())]
        return set(shop.sources) <= {reach.source for reach in reaches}

    def card(self, unit: Unit, shop: Shop) -> Card:
        """The look back as a message in every language."""
        found = self.look(unit, shop)
        return self.notifier.worded(lambda texts, language: texts.replay(language, found))

    def look(self, unit: Unit, shop: Shop) -> LookBack:
        """The days up to today that would have fired with the data as they are now, read in the caller's
        transaction. A day fires by its own defects: one that only carries on what earlier days brought is left
        out."""
        today = self.clock.now().date()
        first = today - self.days
        counts = self.measurer.counts(unit, first, today, [shop.id])
        checks = [counts.check(shop, first + timedelta(days=step)) for step in range(self.days.days + 1)]
        fired = [each for each in checks if each.detection.triggers and each.detection.measurement.daily.defects]
        unknown = sum(not each.known.complete for each in checks[:-1])
        return LookBack(shop, first, today, tuple(self._replayed(unit, counts, fired)), unknown)

    def _replayed(self, unit: Unit, counts: Counts, fired: Sequence[ShopCheck]) -> Iterator[ReplayedDay]:
        """The days with their deadlines, oldest first. While the entry of an anomaly is open, further days belong to
        it, as they would have to its case (domain.md §2)."""
        until = None
        for check in fired:
            measured = check.detection.measurement
            if until is None or until <= datetime.combine(measured.day, time(), UTC):
                until = self._deadline(unit, counts, check)
            case = unit.cases.open_of(check.shop.id) if until >= self.clock.now() else None
            shown = (case.deadline, case.id) if case else (until, "")
            yield ReplayedDay(measured.day, measured.daily, check.detection.triggers, *shown)

    def _deadline(self, unit: Unit, counts: Counts, check: ShopCheck) -> datetime:
        shop, days = check.shop, counts.adjusted.get(check.shop.id, {})
        events = unit.orders.day_events(shop.id, day_number(check.detection.measurement.day))
        return deadline(onset(check.detection, events, days, self.policy, shop.high_risk).at, self.policy)
