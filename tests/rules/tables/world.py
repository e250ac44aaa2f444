"""One invented order with everything that is true of it, and evidence that shows it well; tables break one thing."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from bot.domain.case import Case, CaseOrder
from bot.domain.context import CaseContext
from bot.domain.evidence import CaptureSource, Evidence, Facts, Message, TimeRole, Timestamp, TrackingNumber
from bot.domain.orders import DefectType, Order, Shop
from tests.accuracy.carriers import CARRIERS, order_id
from tests.domain.profile import CATALOGUE, LEXICONS, POLICY

SITES = ("US", "UK", "MY", "TH", "PH", "VN", "SA", "AE")
ASKED_BY = {
    "tracking_page": "S1",
    "conversation": "S1",
    "order_detail": "S1",
    "order_comparison": "S2",
    "review_screenshot": "S3",
    "pickup_proof": "S4",
    "delivery_proof": "S5",
    "activity_page": "S6",
    "status_comparison": "S7",
}
"""A scenario that needs the kind: what nothing asks for does no harm, however flawed (it is only told)."""
ZONES = {"US": "America/Los_Angeles", "UK": "Europe/London", "MY": "Asia/Kuala_Lumpur", "TH": "Asia/Bangkok"}
SAYINGS = (
    "I ordered twice by mistake, I want to return one",
    "The parcel has not arrived yet",
    "我不小心拍了两单，想退一个",
    "Saya belum terima barang ini",
)
WHOLE = timedelta(hours=72)


@dataclass(frozen=True)
class Labelled:
    """A case for one rule and the severity it must be reported at; "" when the rule has nothing to say."""

    context: CaseContext
    truth: str
    about: str


class World:
    """What is true. All times UTC, to the minute, and no two of them alike in their time of day."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.site = random.choice(SITES)
        self.now = datetime(2026, random.randint(2, 12), random.randint(1, 28), random.randint(0, 23), 17, tzinfo=UTC)
        self.onset = self.now - timedelta(hours=random.randint(2, 60), minutes=13)
        self.order_id, self.other_id = order_id(random), order_id(random)
        carrier, other = random.sample(CARRIERS, 2)
        self.carrier, self.tracking, self.other_tracking = carrier.name, carrier.make(random), other.make(random)
        self.buyer, self.other_buyer = random.sample(("maya88", "john_d", "ain.s", "minh_t", "noura", "tom w"), 2)
        self.created = self.now - timedelta(days=24, hours=random.randint(0, 20), minutes=3)
        self.picked_up = self.created + timedelta(days=1, hours=random.randint(1, 6), minutes=8)
        self.delivered = self.picked_up + timedelta(days=15, hours=random.randint(1, 9), minutes=6)
        self.exception = self.picked_up + timedelta(days=5, hours=random.randint(1, 9), minutes=4)
        self.said_at = self.delivered + timedelta(days=2, hours=random.randint(1, 9), minutes=9)
        self.saying = random.choice(SAYINGS)
        self.captured = self.now - timedelta(hours=random.randint(1, 40))
        self.shop = Shop("s1", "Lumen Home", self.site, ZONES.get(self.site, "UTC"), opened_on=date(2024, 1, 1))
        self.record = Order(self.order_id, "s1", self.created, True, self.tracking, self.carrier, self.buyer)

    @property
    def deadline(self) -> datetime:
        return self.onset + WHOLE

    def stamp(self, at: datetime, role: TimeRole) -> Timestamp:
        """A time as some page prints it."""
        prints = self.random.choice(("%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M", "%b %d, %Y %H:%M"))
        return Timestamp(at.strftime(prints), at, role)

    def evidence(self, kind: str, **facts: Any) -> Evidence:
        """A readable piece of a kind, filed to the order."""
        given = {"media_type": "image/png", "captured_at": self.captured, "captured_from": CaptureSource.VISIBLE}
        return Evidence(
            id=f"E-{kind}",
            case_id="C1",
            sha256="0" * 64,
            size=1,
            file_name=f"{kind}.png",
            uploader="li",
            uploaded_at=self.now,
            facts=Facts(**{**given, **facts}),
            kind=kind,
            order_ids=[self.order_id],
        )

    def page(self, **facts: Any) -> Evidence:
        """The carrier's page."""
        journey = (
            self.stamp(self.picked_up, TimeRole.PICKED_UP),
            self.stamp(self.exception, TimeRole.EXCEPTION),
            self.stamp(self.delivered, TimeRole.DELIVERED),
        )
        shown = {"tracking_numbers": (TrackingNumber(self.tracking, self.carrier),), "timestamps": journey}
        return self.evidence("tracking_page", **{**shown, **facts})

    def chat(self, **facts: Any) -> Evidence:
        """The conversation."""
        messages = (
            Message("buyer", self.said_at, self.saying, f"{self.said_at:%H:%M}"),
            Message("seller", self.said_at + timedelta(minutes=2), "We will check.", ""),
        )
        return self.evidence("conversation", **{"buyers": (self.buyer,), "messages": messages, **facts})

    def order_page(self, **facts: Any) -> Evidence:
        """Seller Center's page of the order."""
        shown = {"order_ids": (self.order_id,), "site": self.site, "words": f"Order ID {self.order_id} Completed"}
        return self.evidence("order_detail", **{**shown, **facts})

    def order(self, **changes: Any) -> CaseOrder:
        """The case order, appealed as a carrier's delay."""
        order = CaseOrder("C1", self.order_id, [DefectType.RETURN_REFUND], self.onset + timedelta(minutes=30))
        order.scenario, order.root_cause = "S1", "Carrier Delay"
        order.draft = f"{self.carrier} picked up {self.tracking} on {self.picked_up:%Y-%m-%d %H:%M} UTC."
        return replace(order, **changes)

    def case(self, order: CaseOrder, **changes: Any) -> Case:
        """The case of that order."""
        opened = Case("C1", "s1", self.now, self.onset, True, self.deadline, f"{self.onset:%Y-%m-%d}", ["single_day"])
        return replace(opened, **{"orders": [order], **changes})

    def context(self, *items: Evidence, order: CaseOrder | None = None, **changes: Any) -> CaseContext:
        """Everything well shown, `items` in place of their kinds."""
        kinds = {item.kind for item in items}
        kept = [item for item in (self.page(), self.chat(), self.order_page()) if item.kind not in kinds]
        case = self.case(order or self.order())
        records = {self.order_id: self.record}
        whole = CaseContext(POLICY, CATALOGUE, LEXICONS, self.now, self.shop, case, records, (*kept, *items))
        return replace(whole, **changes)

    def asked(self, item: Evidence, **changes: Any) -> CaseContext:
        """Nothing but this piece, in a scenario that needs it."""
        return self.alone(item, order=self.order(scenario=ASKED_BY[item.kind]), **changes)

    def alone(self, *items: Evidence, **changes: Any) -> CaseContext:
        """Nothing but these pieces."""
        return replace(self.context(**changes), evidence=items)


def changed(item: Evidence, **changes: Any) -> Evidence:
    """The piece with other attributes."""
    return replace(item, **changes)
