"""The dead man's switch: tells people, once per channel, of the shops whose data should have come and did not
(domain.md §1a)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.domain.addresses import Slot
from bot.domain.freshness import Pause, ShopData
from bot.domain.orders import Shop
from bot.ports.clock import Clock
from bot.ports.freshness import StaleNotice
from bot.ports.store import Unit, UnitFactory
from bot.services.freshness import Freshness
from bot.services.notifying import Notifier

STALE = "stale"
"""Names the slots of the messages that tell of missing data, and begins the state of a shop in one."""


@dataclass(frozen=True)
class _Plan:
    """What a channel's message says next: the shops in it, and whether it tells of some for the first time."""

    shops: Mapping[str, str]
    louder: bool


class StaleWatch:
    """Has one message in a channel as long as data of its shops are missing: opened in working hours, updated when
    anything changes, moved to the end of the conversation for a further shop, ended by new data or a pause."""

    def __init__(self, units: UnitFactory, clock: Clock, freshness: Freshness, notifier: Notifier) -> None:
        self.units, self.clock, self.freshness, self.notifier = units, clock, freshness, notifier

    def tick(self) -> list[str]:
        """Bring the messages of all channels up to date. It may be called as often as one likes, in several
        replicas. Returns the channels whose message changed."""
        self.freshness.watch()
        with self.units(read_only=True) as unit:
            shops, notices = unit.shops.all(), unit.freshness.notices()
            data = self.freshness.of(unit, shops)
        due = [channel for channel in _channels(shops, notices) if self._plan(channel, data, notices.get(channel))]
        return [channel for channel in due if self._tell_alone(channel)]

    def _tell_alone(self, channel: str) -> bool:
        with self.units() as unit:
            return self._tell(unit, channel)

    def changed(self, unit: Unit, shop_id: str) -> None:
        """Bring the messages that tell of the shop up to date, because its data or its pause changed, in the
        caller's transaction. It opens none."""
        shop = unit.shops.get(shop_id)
        for channel in shop.channels if shop else ():
            if channel in unit.freshness.notices():
                self._tell(unit, channel)

    def pause(self, shops: Sequence[Shop], until: date, by: str) -> list[Pause]:
        """Pause telling of these shops' missing data before that local day of the team, all or none. Raises Refusal
        for a day that is not to come, or too far away."""
        with self.units() as unit:
            pauses = [self.freshness.pause(unit, shop, until, by) for shop in shops]
            for shop in shops:
                self.changed(unit, shop.id)
        return pauses

    def resume(self, shop: Shop, by: str) -> None:
        """Tell of the shop's missing data again; raises Refusal when that is not paused."""
        with self.units() as unit:
            self.freshness.resume(unit, shop, by)
            self.changed(unit, shop.id)

    def _tell(self, unit: Unit, channel: str) -> bool:
        notice = unit.freshness.notice(channel)
        data = self.freshness.of(unit, [shop for shop in unit.shops.all() if channel in shop.channels])
        plan = self._plan(channel, data, notice)
        if plan is None:
            return False
        opened = replace(notice, shops=plan.shops) if notice else StaleNotice(channel, self.clock.now(), plan.shops)
        if notice is None and not unit.freshness.open_notice(opened):
            return False
        self._show(unit, opened, [each for each in data if each.shop.id in plan.shops], plan.louder)
        if any(_is_stale(words) for words in plan.shops.values()):
            unit.freshness.save_notice(opened)
        else:
            unit.freshness.end_notice(channel)
        return True

    def _plan(self, channel: str, data: Sequence[ShopData], notice: StaleNotice | None) -> _Plan | None:
        """What the channel's message says next; None while it stays as it is."""
        here = {each.shop.id: each for each in data if channel in each.shop.channels}
        told = notice.shops if notice else {}
        new = {shop for shop, each in here.items() if each.alarming and not _is_stale(told.get(shop, ""))}
        may_tell = self.freshness.expected.may_tell(self.clock.now())
        if new and not may_tell and (notice is None or new & told.keys()):
            # What is told again must be heard: it waits for working hours, and with it the rest.
            return None
        shown = {shop: _words(here[shop]) for shop in sorted({*told, *(new if may_tell else ())} & here.keys())}
        return None if shown == dict(told) else _Plan(shown, bool(new and may_tell))

    def _show(self, unit: Unit, notice: StaleNotice, data: Sequence[ShopData], louder: bool) -> None:
        slot = str(Slot(STALE, f"{notice.opened_at:%Y%m%dT%H%M%S}"))
        card = self.notifier.worded(lambda texts, language: replace(texts.stale(language, data), slot=slot))
        self.notifier.notify(unit, [notice.channel], "", lambda channel: "", card, bump=louder)


def _channels(shops: Sequence[Shop], notices: Collection[str]) -> list[str]:
    return list(dict.fromkeys([*(channel for shop in shops for channel in shop.channels), *notices]))


def _is_stale(words: str) -> bool:
    return words.startswith(STALE)


def _words(each: ShopData) -> str:
    """Everything that a shop's line in the message depends on."""
    if each.pause and each.stale:
        return f"paused {each.pause.until:%Y%m%dT%H%M} {each.pause.by}"
    until = f"{each.orders_until:%Y%m%dT%H%M}" if each.orders_until else ""
    if each.stale:
        return " ".join((STALE, f"{each.overdue[0]}", str(len(each.overdue)), *each.lacking, until))
    return f"here {until}"
