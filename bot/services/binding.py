"""Which channels hear of which shops: by the settings, and by command."""

from collections.abc import Callable, Sequence

from bot.domain.orders import Shop
from bot.domain.refusal import Refusal
from bot.messaging.card import Card
from bot.ports.clock import Clock
from bot.ports.store import Unit, UnitFactory
from bot.services.timeline import cause

TellBound = Callable[[str, Unit, Shop, str, str], Card]
"""(language, unit, shop, the channel that hears of it now, who bound it) -> the card for those that heard before"""


class Bindings:
    """Binds channels ("platform:channel") to shops. `homes` are the channels to which a shop belongs."""

    def __init__(
        self,
        units: UnitFactory,
        clock: Clock,
        homes: Callable[[Shop], Sequence[str]],
        bound: TellBound,
        language: str,
    ) -> None:
        self.units, self.clock, self.homes, self.bound, self.language = units, clock, homes, bound, language

    def bind(self, shop: Shop, channel: str, person: str) -> int:
        """Let the channel hear of the shop; its active cases are shown there at once, and the channels to which it
        belongs already are told. Returns how many cases those are."""
        with self.units() as unit:
            if channel not in shop.channels and unit.shops.bind(shop.id, channel, person, self.clock.now()):
                self._tell(unit, shop, channel, person)
            return self._show(unit, shop)

    def _tell(self, unit: Unit, shop: Shop, channel: str, person: str) -> None:
        for home in self.homes(shop):
            card = self.bound(unit.records.channel_language(home) or self.language, unit, shop, channel, person)
            key = f"bound:{shop.id}:{channel}:{cause() or self.clock.now().isoformat()}@{home}"
            unit.messages.put(home, "", key, card, self.clock.now())

    @staticmethod
    def _show(unit: Unit, shop: Shop) -> int:
        cases = unit.cases.listed([shop.id])
        for case in cases:
            unit.cases.save(case)
        return len(cases)

    def unbind(self, shop: Shop, channel: str) -> None:
        """Let the channel hear no more of the shop; what waits to be shown there of its cases is not. Raises Refusal
        when the settings name it, or it is not bound."""
        with self.units() as unit:
            if not unit.shops.unbind(shop.id, channel):
                raise Refusal("bound_by_settings" if channel in shop.channels else "not_bound", shop=shop.id)
            unit.messages.withdraw(channel, [case.id for case in unit.cases.listed([shop.id], active=False)])
