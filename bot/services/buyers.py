"""What is known of the buyers of cases, to keep it from people beyond the team (domain.md §5, `privacy`; §7)."""

from collections.abc import Callable, Collection

from bot.domain.case import Case
from bot.domain.personal import shortener, told_by
from bot.ports.store import Unit


def buyers_hidden(unit: Unit, channel: str, case_id: str = "") -> Callable[[str], str]:
    """What shortens in a text the data of the buyers of a case; without a case, of those of all active cases of the
    shops that are bound to the channel."""
    values: set[str] = set()
    said: set[str] = set()
    for case in _cases(unit, channel, case_id):
        shown, spoken = told_by(unit.evidence.of_case(case.id))
        known = unit.orders.by_ids(case.shop, [order.order_id for order in case.orders])
        values.update(shown, (order.buyer for order in known.values()))
        said.update(spoken)
    return shortener(values, said)


def _cases(unit: Unit, channel: str, case_id: str) -> list[Case]:
    heard = [shop.id for shop in unit.shops.all() if channel in shop.channels]
    case = case_shown(unit, heard, case_id)
    return [case] if case else unit.cases.listed(heard)


def case_shown(unit: Unit, heard: Collection[str], case_id: str) -> Case | None:
    """The case to which a card in a channel belongs. In a channel that is bound to the shops `heard`, the thread of
    another shop's case is nobody's; a channel that is bound to none shows what reached no other."""
    if not case_id:
        return None
    return unit.cases.of_shops(case_id, heard) if heard else unit.cases.get(case_id)
