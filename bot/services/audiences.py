"""Knows who reads the channels, tells when that changes, and has what is shown there drawn anew."""

import logging
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress

from bot.domain.audience import Audience
from bot.domain.orders import Shop
from bot.domain.refusal import Refusal
from bot.ports.clock import Clock
from bot.ports.store import Unit, UnitFactory
from bot.services.notifying import Notifier
from bot.services.readers import Readers
from bot.services.timeline import cause

log = logging.getLogger(__name__)


class Audiences:
    """Remembers for each channel ("platform:channel") who reads it. `ask(channel)` asks its platform and raises
    OSError when that does not tell, and `list_readers(channel)` the accounts of those who do; `homes(shop)` gives the
    channels to which a shop belongs."""

    def __init__(
        self,
        units: UnitFactory,
        clock: Clock,
        ask: Callable[[str], Audience],
        homes: Callable[[Shop], Sequence[str]],
        notifier: Notifier,
        list_readers: Callable[[str], Collection[str]],
        readers: Readers,
    ) -> None:
        self.units, self.clock, self.ask, self.homes, self.notifier = units, clock, ask, homes, notifier
        self.list_readers, self.readers = list_readers, readers

    def of(self, channel: str) -> Audience:
        """Who reads the channel, as far as is known."""
        with self.units(read_only=True) as unit:
            return unit.records.audience(channel)

    def now(self, channel: str) -> Audience:
        """Who reads the channel at present. Raises Refusal when its platform does not tell."""
        try:
            found = self.ask(channel)
        except OSError as error:
            raise Refusal("audience_unknown", cause=str(error)) from error
        self.learn(channel, found)
        return found

    def soon(self, channel: str) -> Audience:
        """Who reads the channel at present, as far as its platform tells at once."""
        with suppress(Refusal):
            return self.now(channel)
        return self.of(channel)

    def look(self) -> None:
        """Ask about every channel that is bound to a shop. One that cannot be asked about stays as it was."""
        for channel in self._bound():
            try:
                self.learn(channel, self.ask(channel))
            except OSError as error:
                log.warning("who reads %s is not known anew: %s", channel, error)

    def compare(self) -> None:
        """Look again, after people or accounts of teams have changed, who beyond a team reads its channels; where
        somebody does now or nobody does any more, the cards of active cases are drawn anew."""
        for channel in self._bound():
            self._count(channel)

    def _bound(self) -> list[str]:
        with self.units(read_only=True) as unit:
            return list(dict.fromkeys(channel for shop in unit.shops.all() for channel in shop.channels))

    def learn(self, channel: str, audience: Audience) -> None:
        """Note who reads the channel. When evidence may be shown there no more, or again, its shops' channels are
        told, and the cards of their active cases are drawn anew."""
        self._count(channel)
        with self.units() as unit:
            before = unit.records.audience(channel)
            if audience in (before, Audience.UNKNOWN):
                return
            unit.records.save_audience(channel, audience)
            shops = [shop for shop in unit.shops.all() if channel in shop.channels]
            if shops and before.wide != audience.wide:
                self._renew(unit, channel)
                self._tell(unit, channel, audience, shops)

    def _count(self, channel: str) -> None:
        """Where it matters, note whose accounts read the channel. When people beyond a team begin or cease to read
        it, or have done so since its cards were drawn, the cards of its active cases are drawn anew."""
        with self.units(read_only=True) as unit:
            counted = self.readers.counted(self.readers.rosters.of(unit), unit, channel)
            if not counted and not unit.records.beyond(channel):
                return
        accounts = self._accounts(channel) if counted else None
        with self.units() as unit:
            if accounts is not None:
                unit.records.save_readers(channel, accounts)
            now = ",".join(self.readers.seen_beyond(unit, channel))
            if now != unit.records.beyond(channel):
                unit.records.save_beyond(channel, now)
                self._renew(unit, channel)

    def _accounts(self, channel: str) -> Collection[str] | None:
        """Whose accounts read the channel; None when its platform does not tell."""
        try:
            return self.list_readers(channel)
        except OSError as error:
            log.warning("whose accounts read %s is not known anew: %s", channel, error)
            return None

    def _renew(self, unit: Unit, channel: str) -> None:
        shops = [shop.id for shop in unit.shops.all() if channel in shop.channels]
        unit.messages.renew(channel, [case.id for case in unit.cases.listed(shops)], self.clock.now())

    def _tell(self, unit: Unit, channel: str, audience: Audience, shops: Sequence[Shop]) -> None:
        names = unit.records.channel_names()
        card = self.notifier.worded(lambda texts, language: texts.audience(language, channel, audience, shops, names))
        told = f"audience:{channel}:{audience}:{cause() or self.clock.now().isoformat()}"
        places = dict.fromkeys([channel, *(home for shop in shops for home in self.homes(shop))])
        self.notifier.notify(unit, list(places), "", lambda place: f"{told}@{place}", card)
