"""What to do now for a case: each remedy once, with its orders and their tracking numbers, the worst first."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from bot.domain.case import CaseOrder
from bot.domain.finding import Finding, Severity
from bot.domain.parcel import own_numbers
from bot.messaging.card import Checklist, Copy, CopyLine, Element, Item, Mark
from bot.services.judgement import Judgement
from bot.wording.localizer import Localizer

LOGISTICS_KINDS = frozenset({"tracking_page", "pickup_proof", "delivery_proof", "delay_certificate"})
"""Evidence for which somebody has to look a parcel up by its tracking number."""
LOGISTICS_RULES = frozenset({"tracking_number", "tracking_match", "timestamps", "freshness"})
ORDERS_NAMED, REASONS_SHOWN = 8, 2
MARKS = {
    Severity.BLOCKING: Mark.MISSING,
    Severity.UNSURE: Mark.UNSURE,
    Severity.WARNING: Mark.WARNING,
    Severity.INFO: Mark.INFO,
}


@dataclass(frozen=True)
class Remedy:
    """One thing to do, for all `orders` that need it ("" stands for the whole case). `reasons` say what is the
    matter; `looked_up` that parcels have to be looked up for it."""

    severity: Severity
    words: str
    reasons: tuple[str, ...]
    orders: tuple[str, ...]
    looked_up: bool = False


def finding_texts(say: Localizer, finding: Finding) -> tuple[str, str]:
    """The message of a finding and its remedy."""
    base, params = f"findings.{finding.rule}.{finding.variant}", finding.params
    if "proposals" in params:
        params = params | {"proposals": say.proposals(params["proposals"])}
    return say(f"{base}.message", **params), say(f"{base}.remedy", **params)


def finding_item(say: Localizer, finding: Finding) -> Item:
    """A finding as a checklist line."""
    return Item(MARKS[finding.severity], *finding_texts(say, finding))


def requirement_remedy(say: Localizer, judged: Judgement, order_id: str, requirement: str) -> str:
    """How to meet a requirement, with the order's own tracking number where it helps."""
    record = judged.context.orders.get(order_id)
    return say(f"words.requirement_remedy.{requirement}", tracking=record.tracking_number if record else "")


def remedies(say: Localizer, judged: Judgement, orders: Sequence[CaseOrder]) -> list[Remedy]:
    """All that is to do for these orders and for the case itself, each thing once: what stops the submission before
    what does not, then what concerns the whole case, then what most orders need."""
    single = [remedy for order in orders for remedy in _of_order(say, judged, order)]
    single += [_of_finding(say, judged, item) for item in judged.review.findings if not item.order_id]
    joined: dict[str, Remedy] = {}
    for remedy in single:
        before = joined.get(remedy.words)
        joined[remedy.words] = _together(before, remedy) if before else remedy
    severities = list(Severity)
    shown = (remedy for remedy in joined.values() if remedy.severity is not Severity.INFO)
    return sorted(shown, key=lambda each: (severities.index(each.severity), any(each.orders), -len(each.orders)))


def _together(one: Remedy, other: Remedy) -> Remedy:
    return replace(
        one,
        severity=min(one.severity, other.severity, key=list(Severity).index),
        reasons=tuple(dict.fromkeys((*one.reasons, *other.reasons))),
        orders=tuple(dict.fromkeys((*one.orders, *other.orders))),
        looked_up=one.looked_up or other.looked_up,
    )


def _of_order(say: Localizer, judged: Judgement, order: CaseOrder) -> Iterator[Remedy]:
    own = judged.review.for_order(order.order_id)
    kinds = {need.id: set(need.kinds) for need in judged.context.catalogue.requirements(order.scenario)}
    # What was sent but is not accepted has findings that say more.
    for need in (item for item in own.missing if not item.sent):
        words = say(f"words.requirement_remedy.{need.requirement}", tracking="")
        looked_up = bool(kinds.get(need.requirement, set()) & LOGISTICS_KINDS)
        yield Remedy(Severity.BLOCKING, words, (), (order.order_id,), looked_up)
    for finding in own.findings:
        if not _follows(finding, own.points):
            yield _of_finding(say, judged, finding)


def _follows(finding: Finding, points: int) -> bool:
    """Whether the finding goes away by itself once the order's other ones are settled: the explanation is written
    from accepted evidence."""
    return (finding.rule, finding.variant) == ("form_fields", "no_explanation") and points > 1


def _of_finding(say: Localizer, judged: Judgement, finding: Finding) -> Remedy:
    message, remedy = finding_texts(say, finding)
    kind = next((item.kind for item in judged.context.evidence if item.id == finding.evidence_id), finding.kind)
    looked_up = finding.rule in LOGISTICS_RULES or (finding.rule == "watermark" and kind in LOGISTICS_KINDS)
    return Remedy(finding.severity, remedy, (message,), (finding.order_id,), looked_up)


def remedy_elements(say: Localizer, judged: Judgement, shown: Iterable[Remedy]) -> list[Element]:
    """The remedies for a card, each with its orders and the tracking numbers to look up."""
    return [element for remedy in shown for element in _shown(say, judged, remedy)]


def _shown(say: Localizer, judged: Judgement, remedy: Remedy) -> Iterator[Element]:
    orders = [order_id for order_id in remedy.orders if order_id]
    reasons = [text.rstrip("。.") for text in remedy.reasons[:REASONS_SHOWN]]
    if more := len(remedy.reasons) - REASONS_SHOWN:
        reasons += [say("work.more_reasons", count=more)] if more > 0 else []
    named = [order_names(say, judged, orders)] if orders else []
    yield Checklist((Item(MARKS[remedy.severity], remedy.words, " · ".join([*named, *reasons])),))
    if remedy.looked_up and (lines := tracking_lines(say, judged, orders)):
        yield Copy(say("work.numbers", count=len(lines)), lines)


def order_names(say: Localizer, judged: Judgement, order_ids: Sequence[str]) -> str:
    """The orders as people call them, how many there are, and the first of them."""
    names = [short_name(judged, order_id) for order_id in order_ids]
    return say("work.of_orders", count=len(names), names=names[:ORDERS_NAMED], more=len(names) > ORDERS_NAMED)


def short_name(judged: Judgement, order_id: str) -> str:
    """The last digits of an order's id, at least four, as many as tell it from the case's other orders."""
    others = [order.order_id for order in judged.case.orders if order.order_id != order_id]
    lengths = range(4, len(order_id))
    told = (length for length in lengths if not any(other.endswith(order_id[-length:]) for other in others))
    return f"…{order_id[-length:]}" if (length := next(told, 0)) else order_id


def tracking_lines(say: Localizer, judged: Judgement, order_ids: Iterable[str]) -> tuple[CopyLine, ...]:
    """The tracking numbers of the orders, each once, with the carrier's page where that is known."""
    found: dict[str, str] = {}
    for order_id in order_ids:
        record, order = judged.context.orders.get(order_id), judged.case.order(order_id)
        numbers = [record.tracking_number] if record and record.tracking_number else []
        if not numbers and order:
            numbers = sorted(own_numbers(judged.context, order))
        found |= dict.fromkeys(numbers, record.carrier if record else "")
    return tuple(say.tracking_line(carrier, number) for number, carrier in found.items())
