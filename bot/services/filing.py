"""Where evidence belongs: where a person said, else where the facts read in it say so; when unsure, nowhere."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.case import Case
from bot.domain.evidence import STEPS, Evidence, Facts
from bot.domain.matching import Naming, Verdict, match, naming
from bot.domain.orders import Order
from bot.domain.parcel import bare
from bot.domain.pieces import KINDS, TRACKING_PAGE, are_one
from bot.ports.store import Unit

ALIKE = 0.6
"""Share of common long numbers from which two pictures show the same page."""
_LONG = re.compile(r"\d{10,}")
_FEWEST, _LOOKED_AT = 2, 50


@dataclass(frozen=True)
class Wanted:
    """Where the person said that the evidence belongs; "" for what they did not say."""

    case_id: str = ""
    order_id: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Assignment:
    """The case and orders to which evidence belongs; both empty when a person must say it."""

    case: Case | None = None
    orders: tuple[str, ...] = ()


@dataclass(frozen=True)
class NamedOrders:
    """The orders of a case that a content names: `surely` by order id or tracking number, `perhaps` by the buyer
    alone. `others` says that it names an order or a parcel that is not among them."""

    surely: tuple[str, ...] = ()
    perhaps: tuple[str, ...] = ()
    others: bool = False

    @property
    def orders(self) -> tuple[str, ...]:
        """The orders that the evidence is certainly about; a picture may show several. Two orders of one buyer are
        not certain."""
        return self.surely or (self.perhaps if len(self.perhaps) == 1 else ())


def place(unit: Unit, item: Evidence, wanted: Wanted, shops: Sequence[str]) -> Assignment:
    """Where a piece of evidence belongs. Never a guess."""
    cases = _candidates(unit, item, wanted, shops)
    named = {case.id: orders_named(case, _records(unit, case), item.facts) for case in cases}
    sure = [case for case in cases if named[case.id].surely]
    fitting = sure or [case for case in cases if named[case.id].perhaps] or cases
    if len(fitting) != 1:
        return Assignment()
    case, said = fitting[0], item.case_id or wanted.case_id
    if not said and not (named[case.id].surely or named[case.id].perhaps):
        return Assignment()
    return Assignment(case, _orders(case, named[case.id], wanted))


def _candidates(unit: Unit, item: Evidence, wanted: Wanted, shops: Sequence[str]) -> list[Case]:
    if case_id := item.case_id or wanted.case_id:
        case = unit.cases.get(case_id)
        return [case] if case else []
    return unit.cases.listed(shops)


def _records(unit: Unit, case: Case) -> Mapping[str, Order]:
    return unit.orders.by_ids(case.shop, [order.order_id for order in case.orders])


def _orders(case: Case, named: NamedOrders, wanted: Wanted) -> tuple[str, ...]:
    if wanted.order_id:
        return (wanted.order_id,)
    if named.orders or named.perhaps or named.others:
        return named.orders
    only = case.appealed
    return (only[0].order_id,) if len(only) == 1 else ()


def orders_named(case: Case, records: Mapping[str, Order], facts: Facts) -> NamedOrders:
    """The orders of the case that the content names."""
    own = {order.order_id: records.get(order.order_id) for order in case.appealed}
    tracked = {order_id: bare(record.tracking_number) for order_id, record in own.items() if record}
    how = {
        order_id: naming(facts, order_id, (tracked.get(order_id, ""),), record.buyer if record else "")
        for order_id, record in own.items()
    }
    surely = tuple(order_id for order_id in own if how[order_id] is Naming.SURELY)
    perhaps = tuple(order_id for order_id in own if how[order_id] in (Naming.BUYER, Naming.PERHAPS))
    numbers = {bare(number.value) for number in facts.tracking_numbers}
    seen = (match(number, facts.candidates).candidate for number in tracked.values())
    like = {candidate.value for candidate in seen if candidate}
    strangers = set(facts.order_ids) - set(own)
    unknown = numbers - like - set(tracked.values()) if len(tracked) == len(own) and all(tracked.values()) else set()
    return NamedOrders(surely, perhaps, bool(strangers or unknown))


def kind_of(unit: Unit, item: Evidence) -> str:
    """The kind that the content shows with certainty, "" when a person must say it. A carrier's page is recognised
    by two independent signs: a number like that of one of its orders, and steps of a parcel's journey."""
    facts = item.facts
    if facts.kind_certain or facts.kind not in ("", TRACKING_PAGE) or not item.case_id:
        return facts.kind if facts.kind_certain else ""
    case = unit.cases.get(item.case_id)
    records = _records(unit, case).values() if case else ()
    own = any(match(record.tracking_number, facts.candidates).verdict is not Verdict.NO for record in records)
    return TRACKING_PAGE if own and facts.times(*STEPS) else ""


def page_of(unit: Unit, item: Evidence) -> Evidence | None:
    """The filed carrier's or order's page of the same case of which the picture is a piece; None when nothing shows
    that. A piece need not show the number."""
    if item.facts.page:
        return None
    filed = (other for other in unit.evidence.of_case(item.case_id) if other.active and other.filed)
    pages = [other for other in filed if other.kind in KINDS and other.id != item.id]
    alike = (page for page in pages if _may_be_a_piece(item.facts, page))
    return next((page for page in alike if are_one(item.facts, page.facts, page.kind)), None)


def _may_be_a_piece(facts: Facts, page: Evidence) -> bool:
    """Whether the kind that was read allows it: an order's page has in common with its parcel's page what is told of
    the parcel."""
    nameless = not facts.kind and (page.kind == TRACKING_PAGE or not facts.times(*STEPS))
    return facts.kind == page.kind or nameless


def own_numbers_of(unit: Unit, wanted: Wanted, shops: Sequence[str]) -> tuple[str, ...]:
    """The tracking numbers of the orders of the case that a person named, else of the shops' open cases."""
    named = unit.cases.get(wanted.case_id) if wanted.case_id else None
    cases = [named] if named else unit.cases.listed(shops)
    records = (record for case in cases for record in _records(unit, case).values())
    return tuple(dict.fromkeys(record.tracking_number for record in records if record.tracking_number))


def seen_before(unit: Unit, item: Evidence) -> tuple[str, ...]:
    """The ids of other orders' evidence of other cases that shows the same picture: the same pixels, or mostly the
    same long numbers. Perceptual likeness is not used, because all pages of a carrier look alike."""
    facts = item.facts
    if not facts.pixels_sha256:
        return ()
    tokens = set(_LONG.findall(facts.words))
    keys = [facts.pixels_sha256, *sorted(tokens, key=len, reverse=True)[:5]]
    others = unit.evidence.showing(keys, item.case_id, _LOOKED_AT)
    return tuple(other.id for other in others if _same_page(item, tokens, other))


def _same_page(item: Evidence, tokens: set[str], other: Evidence) -> bool:
    if not other.active or set(other.order_ids) & set(item.order_ids):
        return False
    if other.facts.pixels_sha256 == item.facts.pixels_sha256:
        return True
    return overlap(tokens, _LONG.findall(other.facts.words)) >= ALIKE


def overlap(tokens: set[str], others: Iterable[str]) -> float:
    """The share (0 to 1) of common numbers in the smaller of two sets; 0.0 when there are too few to tell."""
    more = set(others)
    smaller = min(len(tokens), len(more))
    return len(tokens & more) / smaller if smaller >= _FEWEST else 0.0
