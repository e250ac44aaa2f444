"""Rules on screenshots: their date, their age, their site and whose order they show (domain.md §5)."""

from collections.abc import Iterator
from datetime import timedelta

from bot.domain.case import CaseOrder
from bot.domain.context import CaseContext
from bot.domain.evidence import CaptureSource, Evidence
from bot.domain.matching import names_order
from bot.domain.parcel import own_numbers
from bot.rules.kinds import SHARED, is_screenshot
from bot.rules.registry import Answer, content_rule, fault, unsure, warning


@content_rule("watermark", absent="", unclear="shown", exif="captured", stated="captured")
def watermark(context: CaseContext, order: CaseOrder, item: Evidence) -> Iterator[Answer]:
    """A screenshot carries the date of its capture (domain.md §5 `watermark`). EXIF or a person's word is second
    best, with a warning. A date of which day and month are not settled is a question."""
    captured, source = item.facts.captured_at, item.facts.captured_from
    if not is_screenshot(item) or (captured and source is CaptureSource.VISIBLE):
        return
    if shown := item.facts.unsettled_captures if source is not CaptureSource.STATED else ():
        yield unsure("unclear", shown=shown)
    elif captured is None:
        yield fault("absent")
    else:
        yield warning("exif" if source is CaptureSource.EXIF else "stated", captured=captured.date())


@content_rule("freshness", stale="captured days", expiring="captured days recapture", future="captured", undated="")
def freshness(context: CaseContext, order: CaseOrder, item: Evidence) -> Iterator[Answer]:
    """A logistics screenshot is no older than the profile's number of days, now and when the window closes
    (domain.md §5 `freshness`)."""
    if item.kind != "tracking_page":
        return
    captured, days = item.facts.captured_at, context.policy.evidence.fresh_days
    if captured is None:
        # `watermark` already asks for the date, unless the profile has switched it off.
        if "watermark" not in context.policy.rules:
            yield unsure("undated")
        return
    best_before = captured + timedelta(days=days)
    if captured > context.now + timedelta(days=1):
        yield unsure("future", captured=captured.date())
    elif context.now > best_before:
        yield fault("stale", captured=captured.date(), days=days)
    elif context.case.deadline > best_before:
        yield warning("expiring", captured=captured.date(), days=days, recapture=best_before)


# Evidence that names no site passes: `order_match` ties it to the order, and an order has one site.
@content_rule("site_match", other="shown own")
def site_match(context: CaseContext, order: CaseOrder, item: Evidence) -> Iterator[Answer]:
    """The evidence is of the order's own site (domain.md §5 `site_match`)."""
    if item.facts.site and item.facts.site != context.shop.site:
        yield fault("other", shown=item.facts.site, own=context.shop.site)


# A person who states the facts of a picture has also said whose it is, by filing it.
@content_rule("order_match", other="shown", uncertain="shown", unnamed="", buyer_unknown="buyers")
def order_match(context: CaseContext, order: CaseOrder, item: Evidence) -> Iterator[Answer]:
    """The evidence names this order, its tracking number or its buyer (domain.md §5 `order_match`). Order ids have
    no check digit: one that is hardly legible may be this order's."""
    facts = item.facts
    if item.kind in SHARED or names_order(context, order, item.facts):
        return
    numbers = tuple(number.value for number in facts.tracking_numbers)
    record = context.orders.get(order.order_id)
    if facts.order_ids and not any(facts.surely("order_ids", order_id) for order_id in facts.order_ids):
        yield unsure("uncertain", shown=facts.order_ids)
    elif facts.order_ids or (numbers and own_numbers(context, order)):
        yield fault("other", shown=facts.order_ids or numbers)
    elif facts.buyers and record and record.buyer:
        yield fault("other", shown=facts.buyers)
    elif facts.buyers:
        yield unsure("buyer_unknown", buyers=facts.buyers)
    elif not facts.stated and not numbers:
        yield fault("unnamed")
