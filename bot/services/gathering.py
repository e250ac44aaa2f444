"""Everything that is known of several cases, read with a number of statements that does not depend on how many they
are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.case import Case
from bot.domain.evidence import Evidence
from bot.domain.orders import Order, Shop
from bot.ports.store import Unit


@dataclass(frozen=True)
class KnownOfCases:
    """What is known of some cases: `shops` by id, `orders` by shop and id, `evidence` by case, and the ids of the
    evidence that has been used elsewhere, by the evidence that uses it again."""

    shops: Mapping[str, Shop]
    orders: Mapping[tuple[str, str], Order]
    evidence: Mapping[str, Sequence[Evidence]]
    reused: Mapping[str, tuple[str, ...]]

    def orders_of(self, case: Case) -> dict[str, Order]:
        """The imported records of the case's orders, by id."""
        keys = ((case.shop, order.order_id) for order in case.orders)
        return {key[1]: self.orders[key] for key in keys if key in self.orders}


def gather(unit: Unit, cases: Sequence[Case]) -> KnownOfCases:
    """What is known of these cases."""
    wanted: dict[str, set[str]] = {}
    for case in cases:
        wanted.setdefault(case.shop, set()).update(order.order_id for order in case.orders)
    evidence = unit.evidence.of_cases([case.id for case in cases])
    shops = {item.id: case.shop for case in cases for item in evidence[case.id]}
    return KnownOfCases(
        unit.shops.those(wanted), unit.orders.of_shops(wanted), evidence, _reused(unit, evidence, shops)
    )


def _reused(
    unit: Unit, evidence: Mapping[str, Sequence[Evidence]], shops: Mapping[str, str]
) -> dict[str, tuple[str, ...]]:
    """The evidence whose bytes or picture other cases have used, with the ids of that evidence; "" stands for
    evidence of other shops, because everybody who sees this shop sees the case's cards, and other shops' evidence
    is not named there."""
    items = [(case, item) for case, listed in evidence.items() for item in listed]
    same = unit.evidence.same_bytes({item.sha256 for _, item in items})
    others = {
        item.id: (*(each for each, home in same.get(item.sha256, ()) if home != case), *item.facts.seen_before)
        for case, item in items
    }
    named = {each for ids in others.values() for each in ids}
    homes = unit.evidence.shops_of(named) if named else {}
    told = {
        item: tuple(dict.fromkeys(each if homes.get(each) == shops[item] else "" for each in ids))
        for item, ids in others.items()
    }
    return {item: ids for item, ids in told.items() if ids}
