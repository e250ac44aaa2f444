"""Which channels are bound to which shops, by the settings or by command."""

from collections.abc import Callable, Sequence

from bot.domain.orders import Shop
from bot.domain.refusal import Refusal
from bot.ports.clock import Clock
from bot.ports.store import Unit, UnitFactory
from bot.services.notifying import Notifier
from bot.services.timeline import cause


class Bindings:
    """Binds channels ("platform:channel") to shops. `homes(shop)` gives the channels to which a shop belongs."""

    def __init__(
        self,
        units: UnitFactory,
        clock: Clock,
        homes: Callable[[Shop], Sequence[str]],
        notifier: Notifier,
    ) -> None:
        self.units, self.clock, self.homes, self.notifier = units, clock, homes, notifier

    def bind(self, shop: Shop, channel: str, person: str) -> int:
        """Bind the channel to the shop. The shop's active cases are shown there at once, and the channels to which
        the shop belongs are told. Returns the number of those cases."""
        with self.units() as unit:
            if channel not in shop.channels and unit.shops.bind(shop.id, channel, person, self.clock.now()):
                self._tell(unit, shop, channel, person)
            return self._show(unit, shop)

    def _tell(self, unit: Unit, shop: Shop, channel: str, person: str) -> None:
        names, known = unit.records.channel_names(), unit.records.person(person)
        by = (known and known.name) or person
        card = self.notifier.worded(lambda texts, language: texts.bound(language, shop, channel, names, by))
        told = f"bound:{shop.id}:{channel}:{cause() or self.clock.now().isoformat()}"
        self.notifier.notify(unit, self.homes(shop), "", lambda home: f"{told}@{home}", card)

    @staticmethod
    def _show(unit: Unit, shop: Shop) -> int:
        cases = unit.cases.listed([shop.id])
        for case in cases:
            unit.cases.save(case)
        return len(cases)

    def returned(self, channel: str) -> None:
        """Show what the channel has refused of active cases, because the bot can write there again."""
        with self.units() as unit:
            shops = [shop.id for shop in unit.shops.all() if channel in shop.channels]
            unit.messages.again(channel, [case.id for case in unit.cases.listed(shops)], self.clock.now())

    def redraw(self, channel: str, case_id: str) -> None:
        """Draw the case's cards in the channel anew; what was deleted there is posted again."""
        with self.units() as unit:
            unit.messages.renew(channel, [case_id], self.clock.now())

    def unbind(self, shop: Shop, channel: str) -> None:
        """Remove the channel's binding; waiting messages about the shop's cases are dropped there. Raises Refusal
        when the settings bind the channel, or it is not bound."""
        with self.units() as unit:
            if not unit.shops.unbind(shop.id, channel):
                raise Refusal("bound_by_settings" if channel in shop.channels else "not_bound", shop=shop.id)
            unit.messages.withdraw(channel, [case.id for case in unit.cases.listed([shop.id], active=False)])
