"""Draft explanations: facts from accepted evidence, and the fullest wording that fits the form (domain.md §5)."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from bot.domain.case import CaseOrder
from bot.domain.context import CaseContext
from bot.domain.conversation import ConversationPiece, stitch
from bot.domain.evidence import Evidence, Facts, LogEvent, Message, TimeRole
from bot.domain.own_evidence import own_evidence
from bot.domain.parcel import bare, first, own_numbers, says_not_received, says_not_shipped
from bot.domain.text import form_length, same_text, unified

DOUBTFUL = "picture_words_doubtful"
"""The reader's warning that many words of a picture were read with little confidence."""
QUOTE_LONGEST = 70
"""Characters; longer sayings leave no room for time and context in the form's field."""
_TELLING = re.compile(
    r"return|refund|order|twice|double|mistake|need|receiv|arriv|deliver|退|重复|多拍|拍错|下错|收到|不想要", re.I
)


@dataclass(frozen=True)
class DraftFacts:
    """The facts a wording may use, as ready strings by name; a fact that is not known is not among them.

    Times read `2026-11-20 08:00 UTC`, or `2026-11-20` where only the day is known. Names:
    order, created, occurred, review; carrier, tracking, picked_up, exception, delivered, days (pick-up to delivery),
    tracked_at (capture of a page that shows no end); quote, quote_at; denial, denial_at (the buyer on not having
    received); other_order; log_at, log_error; unshipped_at (capture of an order page that says so after pick-up);
    signed_at (the platform's sign-off, where it differs from delivered), signed_before; promotion_from, promotion_to,
    placed_in and occurred_in (created and occurred, where they fall between them); translator.
    signed_before, certificate, translation, activity, sla and product_page are "yes" when they hold.
    """

    scenario: str
    values: Mapping[str, str]


def choose(candidates: Iterable[str], most: int) -> tuple[str, int]:
    """The first candidate of at most `most` characters, which is the fullest, and its position; "" and their number
    when none fits. Those behind it are not made. Nothing is ever cut."""
    place = -1
    for place, text in enumerate(candidates):
        if text and form_length(text) <= most:
            return text, place
    return "", place + 1


def facts_for(context: CaseContext, order: CaseOrder) -> DraftFacts:
    """The facts that the order's evidence in `context` and its records give; pass a context with accepted evidence
    only."""
    items = own_evidence(context, order)
    found = {
        **_records(context, order),
        **_journey(context, order, items),
        **_saying(items),
        **_orders(context, order, items),
        **_log(order, items),
        **_platform(items),
        **_promotion(context, order, items),
        **_papers(items),
    }
    found |= _sign_off(items, found["delivered"])
    return DraftFacts(order.scenario, {name: value for name, value in found.items() if value})


def _utc(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else ""


def _day(at: datetime | None) -> str:
    """An instant whose source may know the day only, written as a day when it is midnight."""
    return f"{at:%Y-%m-%d}" if at and at.time() == time() else _utc(at)


def _of(items: Iterable[Evidence], *kinds: str) -> list[Facts]:
    return [item.facts for item in items if item.kind in kinds]


def _records(context: CaseContext, order: CaseOrder) -> dict[str, str]:
    record = context.orders.get(order.order_id)
    return {
        "order": order.order_id,
        "created": _utc(record.created_at) if record else "",
        "occurred": _day(order.occurred_at),
        "review": " ".join(order.text.split()) if _quotable(order.text) else "",
    }


def _journey(context: CaseContext, order: CaseOrder, items: Sequence[Evidence]) -> dict[str, str]:
    shown = _of(items, "tracking_page", "pickup_proof", "delivery_proof")
    times = {
        role: min((at for facts in shown if (at := first(facts, role))), default=None)
        for role in (TimeRole.PICKED_UP, TimeRole.EXCEPTION, TimeRole.DELIVERED)
    }
    picked_up, delivered = times[TimeRole.PICKED_UP], times[TimeRole.DELIVERED]
    days = (delivered - picked_up).days if picked_up and delivered else 0
    tracked = max((facts.captured_at for facts in _of(items, "tracking_page") if facts.captured_at), default=None)
    return {
        **_parcel(context, order, shown),
        "picked_up": _utc(picked_up),
        "exception": _utc(times[TimeRole.EXCEPTION]),
        "delivered": _utc(delivered),
        "days": str(days) if days > 1 else "",
        "tracked_at": "" if delivered else _day(tracked),
    }


def _parcel(context: CaseContext, order: CaseOrder, shown: Sequence[Facts]) -> dict[str, str]:
    """The order's own tracking number as accepted evidence shows it, with the carrier's name."""
    own, record = own_numbers(context, order), context.orders.get(order.order_id)
    numbers = [number for facts in shown for number in facts.tracking_numbers if bare(number.value) in own]
    carriers = [number.carrier for number in numbers if number.carrier]
    carrier = carriers[0] if carriers else record.carrier if record and numbers else ""
    return {"tracking": numbers[0].value if numbers else "", "carrier": carrier}


def _saying(items: Sequence[Evidence]) -> dict[str, str]:
    """The buyer's most telling words, and those that deny the receipt. Words that were read with doubt are not
    quoted; a message that one screenshot cuts off is taken from the next."""
    read = [facts for facts in _of(items, "conversation") if DOUBTFUL not in facts.warnings]
    whole = stitch([ConversationPiece("", facts.messages) for facts in read])
    said = [
        message
        for message in whole.messages
        if message.speaker == "buyer" and message.at and _quotable(message.words)
    ]
    denied = [message for message in said if says_not_received(message.words)]
    return {
        **_quoted("quote", max(said, key=_telling, default=None)),
        **_quoted("denial", denied[-1] if denied else None),
    }


def _quoted(name: str, message: Message | None) -> dict[str, str]:
    return {name: " ".join(message.words.split()), f"{name}_at": _utc(message.at)} if message else {}


def _quotable(words: str) -> bool:
    return 0 < form_length(words) <= QUOTE_LONGEST and not set('"“”') & set(words)


def _telling(message: Message) -> tuple[bool, float]:
    """The sort key of messages to quote: those about the return or the order first, of these the latest."""
    return bool(_TELLING.search(unified(message.words))), message.at.timestamp() if message.at else 0.0


def _orders(context: CaseContext, order: CaseOrder, items: Sequence[Evidence]) -> dict[str, str]:
    """The other order that a comparison shows, unless it is known to be another buyer's."""
    compared = _of(items, "order_comparison", "buyer_history")
    others = [number for facts in compared for number in facts.order_ids if number != order.order_id]
    return {"other_order": next((number for number in others if not _of_another(context, order, number)), "")}


def _of_another(context: CaseContext, order: CaseOrder, number: str) -> bool:
    own, other = context.orders.get(order.order_id), context.orders.get(number)
    return bool(own and other and own.buyer and other.buyer and not same_text(own.buyer, other.buyer))


def _log(order: CaseOrder, items: Sequence[Evidence]) -> dict[str, str]:
    events = [event for facts in _of(items, "api_log", "erp_log") for event in facts.log_events]
    faults = [event for event in events if event.error and event.at]
    worst = min(faults, key=lambda event: (event.order_id != order.order_id, event.at), default=None)
    return {"log_at": _utc(worst.at), "log_error": _fault_words(worst)} if worst else {}


def _fault_words(event: LogEvent) -> str:
    words = " ".join(event.error.split())
    return words if _quotable(words) else ""


def _platform(items: Sequence[Evidence]) -> dict[str, str]:
    picked_up = min((at for item in items if (at := first(item.facts, TimeRole.PICKED_UP))), default=None)
    unshipped = [
        facts.captured_at
        for facts in _of(items, "order_detail", "status_comparison")
        if facts.captured_at and picked_up and facts.captured_at > picked_up and says_not_shipped(facts.words)
    ]
    return {"unshipped_at": _day(min(unshipped, default=None))}


def _sign_off(items: Sequence[Evidence], delivered: str) -> dict[str, str]:
    """The platform's sign-off time where it contradicts the carrier's delivery; such strings sort like their
    times."""
    found = [
        at
        for facts in _of(items, "signoff_contradiction")
        if (at := first(facts, TimeRole.DELIVERED, TimeRole.EVENT))
    ]
    signed = _utc(min(found, default=None))
    if signed == delivered:
        return {}
    return {"signed_at": signed, "signed_before": "yes" if "" < signed < delivered else ""}


def _promotion(context: CaseContext, order: CaseOrder, items: Sequence[Evidence]) -> dict[str, str]:
    """The first and last day on the activity page (its capture date left out), and the dates of the order within
    them."""
    days = [
        stamp.at.date()
        for facts in _of(items, "activity_page")
        for stamp in facts.timestamps
        if stamp.at and stamp.role is not TimeRole.CAPTURED
    ]
    if not days:
        return {}
    record = context.orders.get(order.order_id)
    placed = record.created_at if record and min(days) <= record.created_at.date() <= max(days) else None
    occurred = order.occurred_at if min(days) <= order.occurred_at.date() <= max(days) else None
    return {
        "promotion_from": f"{min(days):%Y-%m-%d}",
        "promotion_to": f"{max(days):%Y-%m-%d}",
        "placed_in": _utc(placed),
        "occurred_in": _day(occurred),
    }


def _papers(items: Sequence[Evidence]) -> dict[str, str]:
    """Which papers are attached, and who translated where that could be read."""
    named = {
        "certificate": "delay_certificate",
        "translation": "translation",
        "activity": "activity_page",
        "sla": "sla_proof",
        "product_page": "product_page",
    }
    there = {name: "yes" for name, kind in named.items() if _of(items, kind)}
    issuers = [facts.issuer for facts in _of(items, "translation") if facts.issuer]
    return {**there, "translator": issuers[0] if issuers else ""}
