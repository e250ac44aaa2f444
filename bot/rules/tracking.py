"""Rules on logistics evidence: the number, whose it is, and the times it shows (domain.md §5)."""

from collections.abc import Iterator

from bot.domain.case import CaseOrder
from bot.domain.context import CaseContext
from bot.domain.evidence import Evidence, Facts, TimeRole
from bot.domain.parcel import bare, long_on_the_way, own_numbers
from bot.rules.kinds import PARCEL
from bot.rules.registry import Answer, content_rule, fault, unsure, warning


@content_rule("tracking_number", absent="", blurred="numbers", uncertain="numbers")
def tracking_number(context: CaseContext, order: CaseOrder, item: Evidence) -> Iterator[Answer]:
    """Logistics evidence shows a legible tracking number; a blurred one is unreadable, not absent (domain.md §5
    `tracking_number`). In a text nothing is blurred: there the order's own number counts even with a wrong check
    digit."""
    numbers = item.facts.tracking_numbers
    own = set() if item.facts.media_type.startswith("image/") else own_numbers(context, order)
    printed = (number for number in numbers if number.legible is False and bare(number.value) in own)
    if item.kind not in PARCEL or any(number.legible for number in numbers) or any(printed):
        return
    shown = tuple(number.value for number in numbers)
    if not numbers:
        yield fault("absent")
    elif any(number.legible is None for number in numbers):
        yield unsure("uncertain", numbers=shown)
    else:
        yield fault("blurred", numbers=shown)


@content_rule("tracking_match", other="shown own", unknown="shown", uncertain="shown own")
def tracking_match(context: CaseContext, order: CaseOrder, item: Evidence) -> Iterator[Answer]:
    """The tracking number shown is the order's own (domain.md §5 `tracking_match`)."""
    numbers = [number for number in item.facts.tracking_numbers if number.legible is not False]
    if item.kind not in PARCEL or not numbers:
        return
    own, shown = own_numbers(context, order), tuple(number.value for number in numbers)
    if not own and order.order_id not in item.facts.order_ids:
        yield unsure("unknown", shown=shown)
    elif own and not own & {bare(number) for number in shown}:
        answer = fault if any(number.legible for number in numbers) else unsure
        yield answer("other" if answer is fault else "uncertain", shown=shown, own=tuple(sorted(own)))


@content_rule("timestamps", no_pickup="", no_end="", in_transit="", unclear="", unsettled="shown")
def timestamps(context: CaseContext, order: CaseOrder, item: Evidence) -> Iterator[Answer]:
    """Pick-up and delivery or exception times are visible (domain.md §5 `timestamps`). A parcel that is long
    overdue and still on its way has no end yet: a warning, not a fault. Steps of which no day is settled are a
    question."""
    facts = item.facts
    picked_up = bool(facts.times(TimeRole.PICKED_UP))
    ended = bool(facts.times(TimeRole.DELIVERED, TimeRole.EXCEPTION))
    no_pickup = item.kind in ("tracking_page", "pickup_proof") and not picked_up
    no_end = item.kind in ("tracking_page", "delivery_proof") and not ended
    if (no_pickup or no_end) and facts.times(TimeRole.UNKNOWN):
        yield unsure("unclear")
    elif no_pickup:
        yield fault("no_pickup")
    elif no_end and picked_up and long_on_the_way(facts, context.policy, context.now):
        yield warning("in_transit")
    elif no_end:
        yield fault("no_end")
    elif item.kind in PARCEL and (shown := tuple(_undated(facts))):
        yield unsure("unsettled", shown=shown)


def _undated(facts: Facts) -> Iterator[str]:
    """The pick-up and the end as printed, where the day of each time that is shown of them is unclear."""
    for roles in ((TimeRole.PICKED_UP,), (TimeRole.DELIVERED, TimeRole.EXCEPTION)):
        if not any(stamp.at for stamp in facts.times(*roles)):
            yield from (stamp.text for stamp in facts.unsettled_steps if stamp.role in roles)
