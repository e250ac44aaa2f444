"""What is known of an order's parcel: its own tracking numbers, and its journey as the evidence shows it."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.domain.case import CaseOrder
from bot.domain.context import CaseContext
from bot.domain.evidence import Evidence, Facts, TimeRole
from bot.domain.policy import Policy, Requirement
from bot.domain.text import folded, unified

SYSTEM_KINDS = frozenset({"order_detail", "erp_log", "api_log", "status_comparison"})


_NOT_SHIPPED = re.compile(
    r"not shipped|unshipped|awaiting (?:shipment|collection)|to ship\b|未发货|待发货|待揽收", re.I
)


_NOT_RECEIVED = re.compile(
    r"(?:not|never|n't) (?:yet )?(?:received?|got|arrived?|come)"
    r"|没收到|没有收到|未收到|还没到|chưa nhận|belum terima",
    re.I,
)


def says_not_shipped(words: str) -> bool:
    """Whether the words of an order page or a log say that the order is not shipped yet."""
    return bool(_NOT_SHIPPED.search(folded(words)))


def says_not_received(words: str) -> bool:
    """Whether a buyer's words say that the parcel has not arrived."""
    return bool(_NOT_RECEIVED.search(folded(words)))


def bare(number: str) -> str:
    """A number in the form in which numbers are compared: capitals and digits only."""
    return re.sub(r"[\W_]+", "", unified(number)).upper()


def own_numbers(context: CaseContext, order: CaseOrder) -> frozenset[str]:
    """The order's own tracking numbers, bare: from its record, and from system evidence that is about it alone."""
    record = context.orders.get(order.order_id)
    found = {bare(record.tracking_number)} if record and record.tracking_number else set()
    for item in context.filed_to(order):
        if item.kind in SYSTEM_KINDS and set(item.facts.order_ids) == {order.order_id}:
            found |= {bare(number.value) for number in item.facts.tracking_numbers if number.legible}
    return frozenset(found)


def first(facts: Facts, *roles: TimeRole) -> datetime | None:
    """The earliest UTC instant among the timestamps with one of `roles`; None when there is none."""
    return min((stamp.at for stamp in facts.times(*roles) if stamp.at), default=None)


def long_on_the_way(facts: Facts, policy: Policy, now: datetime) -> bool:
    """Whether the parcel was delivered, or is still on its way at `now`, more than the profile's days after
    pick-up (domain.md §4 S1)."""
    picked_up, delivered = first(facts, TimeRole.PICKED_UP), first(facts, TimeRole.DELIVERED)
    if picked_up is None or (delivered is None and facts.times(TimeRole.DELIVERED)):
        return False
    return (delivered or now) - picked_up > timedelta(days=policy.evidence.on_the_way_days)


def was_read(item: Evidence) -> bool:
    """Whether anything is known of the content: read in the file, or stated by a person. A bare link is not read."""
    return item.facts.readable and not (item.link and item.facts == Facts())


def meets(context: CaseContext, order: CaseOrder, requirement: Requirement, item: Evidence) -> bool | None:
    """Whether the item meets the requirement; None when that cannot be told because nobody read or stated it."""
    if item.kind not in requirement.kinds:
        return False
    if not was_read(item):
        return None
    match requirement.shows:
        case "pickup":
            return bool(item.facts.times(TimeRole.PICKED_UP))
        case "delay":
            return _shows_delay(context, order, item)
        case _:
            return True


def _shows_delay(context: CaseContext, order: CaseOrder, item: Evidence) -> bool:
    """Whether the item shows an exception, a long way, or is a certificate that names the order's parcel or a date
    of its journey."""
    if item.kind != "delay_certificate":
        delayed = long_on_the_way(item.facts, context.policy, context.now)
        return delayed or bool(item.facts.times(TimeRole.EXCEPTION))
    named = {bare(number.value) for number in item.facts.tracking_numbers}
    return bool(named & own_numbers(context, order)) or _names_a_day(context, order, item.facts)


def _names_a_day(context: CaseContext, order: CaseOrder, facts: Facts) -> bool:
    record = context.orders.get(order.order_id)
    start = record.created_at if record else order.occurred_at - timedelta(days=context.policy.measuring.rolling_days)
    return any(start.date() <= at.date() <= context.now.date() for at in _instants(facts))


def _instants(facts: Facts) -> Iterable[datetime]:
    return (stamp.at for stamp in facts.timestamps if stamp.at and stamp.role is not TimeRole.CAPTURED)
