"""The part of the evidence filed to an order that is about that order: nothing else may get into its explanation."""

from collections.abc import Iterator
from dataclasses import replace

from bot.domain.case import CaseOrder
from bot.domain.context import CaseContext
from bot.domain.evidence import Evidence, Facts, Message, TimeRole
from bot.domain.parcel import bare, own_numbers
from bot.domain.text import same_text

# Of a period or a product, or of several orders of one buyer on purpose.
_WHOLE = frozenset({"activity_page", "sla_proof", "product_page", "order_comparison", "buyer_history"})


def own_evidence(context: CaseContext, order: CaseOrder) -> tuple[Evidence, ...]:
    """The active evidence filed to the order, each piece with only those facts that are about this order. Where a
    page, a log or a conversation names another order too, facts that cannot be told to be this one's are left out."""
    filed = [item for item in context.filed_to(order) if not _of_another(order, item)]
    return tuple(replace(item, facts=_own(context, order, item)) for item in filed)


def _of_another(order: CaseOrder, item: Evidence) -> bool:
    """Whether a paper names orders but not this one: no other rule asks whose a certificate or a translation is."""
    named = item.facts.order_ids
    return item.kind in ("delay_certificate", "translation") and bool(named) and order.order_id not in named


def _own(context: CaseContext, order: CaseOrder, item: Evidence) -> Facts:
    facts = item.facts
    if item.kind in _WHOLE:
        return facts
    if not _names_another(context, order, facts):
        events = (event for event in facts.log_events if event.order_id in ("", order.order_id))
        return replace(facts, log_events=tuple(events))
    record, own = context.orders.get(order.order_id), own_numbers(context, order)
    return replace(
        facts,
        tracking_numbers=tuple(number for number in facts.tracking_numbers if bare(number.value) in own),
        order_ids=tuple(name for name in facts.order_ids if name == order.order_id),
        timestamps=facts.times(TimeRole.CAPTURED),
        buyers=tuple(buyer for buyer in facts.buyers if record and same_text(buyer, record.buyer)),
        messages=tuple(_own_messages(order, facts)),
        log_events=tuple(event for event in facts.log_events if event.order_id == order.order_id),
        words="",
        period=None,
    )


def _names_another(context: CaseContext, order: CaseOrder, facts: Facts) -> bool:
    """Whether the facts contain another order's id, or the tracking number of another order of the case."""
    named = {name for name in facts.order_ids if facts.surely("order_ids", name)} - {order.order_id}
    others = {bare(record.tracking_number) for name, record in context.orders.items() if name != order.order_id}
    shown = {bare(number.value) for number in facts.tracking_numbers}
    in_log = {event.order_id for event in facts.log_events} - {"", order.order_id}
    return bool(named or in_log or shown & (others - {""} - own_numbers(context, order)))


def _own_messages(order: CaseOrder, facts: Facts) -> Iterator[Message]:
    """The messages of a conversation except those between a mention of another order and the next mention of this
    one."""
    about_another = False
    for message in facts.messages:
        said = bare(message.words)
        if named := [name for name in facts.order_ids if name in said]:
            about_another = order.order_id not in named
        if not about_another:
            yield message
