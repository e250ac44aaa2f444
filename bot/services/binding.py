"""Which channels hear of which shops: by the settings, and by command."""

from bot.domain.orders import Shop
from bot.domain.refusal import Refusal
from bot.ports.clock import Clock
from bot.ports.store import Unit, UnitFactory


class Bindings:
    """Binds channels ("platform:channel") to shops."""

    def __init__(self, units: UnitFactory, clock: Clock) -> None:
        self.units, self.clock = units, clock

    def bind(self, shop: Shop, channel: str, person: str) -> int:
        """Let the channel hear of the shop; its active cases are shown there at once. Returns how many those are."""
        with self.units() as unit:
            if channel not in shop.channels:
                unit.shops.bind(shop.id, channel, person, self.clock.now())
            return self._show(unit, shop)

    @staticmethod
    def _show(unit: Unit, shop: Shop) -> int:
        cases = unit.cases.listed([shop.id])
        for case in cases:
            unit.cases.save(case)
        return len(cases)

    def unbind(self, shop: Shop, channel: str) -> None:
        """Let the channel hear no more of the shop. Raises Refusal when the settings name it, or it is not bound."""
        with self.units() as unit:
            if not unit.shops.unbind(shop.id, channel):
                raise Refusal("bound_by_settings" if channel in shop.channels else "not_bound", shop=shop.id)
