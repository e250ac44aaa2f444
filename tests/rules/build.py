"""A small complete case to break in one place at a time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.case import Case, CaseOrder
from bot.domain.context import CaseContext
from bot.domain.evidence import (
    CaptureSource,
    Evidence,
    Facts,
    LogEvent,
    Message,
    TimeRole,
    Timestamp,
    TrackingNumber,
)
from bot.domain.finding import Finding
from bot.domain.orders import DefectType, Order, Shop
from bot.rules import Review, review
from tests.domain.profile import CATALOGUE, LEXICONS, POLICY

NOW = datetime(2026, 11, 19, 6, tzinfo=UTC)
ONSET = datetime(2026, 11, 18, tzinfo=UTC)
ORDER, OTHER = "576461413038785752", "576461413038785999"
TRACKING = "1Z999AA10123456784"
PICKED_UP, EXCEPTION = datetime(2026, 11, 2, 3, 5, tzinfo=UTC), datetime(2026, 11, 6, 8, tzinfo=UTC)
DELIVERED = datetime(2026, 11, 17, 11, tzinfo=UTC)
SAID_AT = datetime(2026, 11, 17, 13, 20, tzinfo=UTC)
SAID = "I ordered twice by mistake, I want to return one"
DRAFT = (
    f"UPS picked up parcel {TRACKING} on 2026-11-02 03:05 UTC and delivered it on 2026-11-17 11:00 UTC, "
    "15 days after pick-up."
)


def stamp(at: datetime, role: TimeRole) -> Timestamp:
    return Timestamp(f"{at:%Y-%m-%d %H:%M}", at, role)


def evidence(kind: str, **facts: Any) -> Evidence:
    """One piece filed to the order; media type PNG unless said otherwise."""
    return Evidence(
        id=f"E-{kind}",
        case_id="C1",
        sha256="0" * 64,
        size=1,
        file_name=f"{kind}.png",
        uploader="li",
        uploaded_at=NOW,
        facts=Facts(**{"media_type": "image/png", **facts}),
        kind=kind,
        order_ids=[ORDER],
    )


def dated(days_ago: float = 0.5) -> dict[str, Any]:
    return {"captured_at": NOW - timedelta(days=days_ago), "captured_from": CaptureSource.VISIBLE}


JOURNEY = (
    stamp(PICKED_UP, TimeRole.PICKED_UP),
    stamp(EXCEPTION, TimeRole.EXCEPTION),
    stamp(DELIVERED, TimeRole.DELIVERED),
)
TRACKING_PAGE = evidence(
    "tracking_page", tracking_numbers=(TrackingNumber(TRACKING, "UPS"),), timestamps=JOURNEY, **dated()
)
CONVERSATION = evidence(
    "conversation",
    buyers=("maya88",),
    messages=(Message("buyer", SAID_AT, SAID), Message("seller", SAID_AT + timedelta(minutes=4), "We will check.")),
    **dated(),
)
ORDER_DETAIL = evidence("order_detail", order_ids=(ORDER,), words=f"Order ID {ORDER} Completed", **dated())
ERP_LOG = evidence(
    "erp_log",
    media_type="text/plain",
    order_ids=(ORDER,),
    log_events=(LogEvent(EXCEPTION, ORDER, "push status", "timeout after 30 s"),),
)
SHOP = Shop("us1", "Lumen Home", "US", "America/Los_Angeles", opened_on=datetime(2024, 1, 1, tzinfo=UTC).date())
RECORD = Order(ORDER, "us1", datetime(2026, 11, 1, 9, tzinfo=UTC), True, TRACKING, "UPS", "maya88")


def case_order(**changes: Any) -> CaseOrder:
    order = CaseOrder("C1", ORDER, [DefectType.RETURN_REFUND], ONSET + timedelta(hours=3))
    order.scenario, order.root_cause, order.draft = "S1", "Carrier Delay", DRAFT
    return replace(order, **changes)


def context(
    *items: Evidence,
    order: CaseOrder | None = None,
    case: dict[str, Any] | None = None,
    shop: dict[str, Any] | None = None,
    **changes: Any,
) -> CaseContext:
    """The complete case; `items` replace the shipped evidence of the same kind, or are added."""
    kinds = {item.kind for item in items}
    kept = [item for item in (TRACKING_PAGE, CONVERSATION, ORDER_DETAIL) if item.kind not in kinds]
    opened = Case(
        "C1", "us1", NOW, ONSET, False, ONSET + timedelta(hours=72), "2026-11-18", ["single_day"], orders=[]
    )
    opened = replace(opened, **{"orders": [order or case_order()], **(case or {})})
    whole = CaseContext(
        POLICY, CATALOGUE, LEXICONS, NOW, replace(SHOP, **(shop or {})), opened, {ORDER: RECORD}, (*kept, *items)
    )
    return replace(whole, **changes)


def changed(item: Evidence, *, name: str = "", **facts: Any) -> Evidence:
    """The piece with other facts, perhaps under another id."""
    return replace(item, id=name or item.id, facts=replace(item.facts, **facts))


def linked(item: Evidence, link: str, state: Any) -> Evidence:
    return replace(item, link=link, link_state=state)


def found(whole: CaseContext, rule: str) -> list[Finding]:
    return [finding for finding in review(whole).findings if finding.rule == rule]


def variants(whole: CaseContext, rule: str) -> list[str]:
    return [finding.variant for finding in found(whole, rule)]


def judged(whole: CaseContext) -> Review:
    return review(whole)
