"""Shops, orders and defects: what the order defect rate is computed from."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from bot.domain.text import folded


class DefectType(StrEnum):
    """Kinds of defect, in the order of the formula (A, B, C)."""

    RETURN_REFUND = "return_refund"
    NEGATIVE_REVIEW = "negative_review"
    SERVICE_RATING = "service_rating"


@dataclass
class Shop:
    """A shop on one site.

    `timezone` is the IANA zone in which Seller Center writes the shop's exports; `channels` are the
    chat channels ("platform:channel") that hear of its anomalies; `sources` are where its data are expected from
    (domain.md §1a); `tiktok` is its id on TikTok Shop, where its API is read.
    """

    id: str
    name: str
    site: str
    timezone: str
    category: str = ""
    high_risk: bool = False
    opened_on: date | None = None
    entity: str = "CN"
    active: bool = True
    channels: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=lambda: ["orders", "returns"])
    tiktok: str = ""

    def called(self, text: str) -> bool:
        """Whether the text is the shop's id or its name."""
        return folded(text) in (folded(self.id), folded(self.name))

    def described(self, text: str) -> bool:
        """Whether the text is part of the shop's id, name or site; an empty text describes every shop."""
        return folded(text) in folded(f"{self.id} {self.name} {self.site}")


@dataclass(frozen=True, slots=True)
class Order:
    """One order of a shop; `created_at` is UTC with zone. `valid` is None while nobody has said what its status
    means (domain.md §1a)."""

    id: str
    shop: str
    created_at: datetime
    valid: bool | None = True
    tracking_number: str = ""
    carrier: str = ""
    buyer: str = ""


@dataclass(frozen=True, slots=True)
class Defect:
    """One defect of an order; `occurred_at` is UTC with zone, `timed` says whether the source gave a time of day.

    `counted` is False for a return that was rejected or cancelled afterwards: kept, not measured.
    """

    order_id: str
    shop: str
    defect_type: DefectType
    occurred_at: datetime
    timed: bool = True
    counted: bool = True
    text: str = ""


@dataclass(frozen=True)
class DayEvents:
    """What happened in one UTC day of a shop, in time order: the instants of its valid `orders`, of its defects,
    and of the orders whose status is `unknown`. `timed` is False when a defect carries no time of day."""

    orders: tuple[datetime, ...]
    defects: tuple[datetime, ...]
    timed: bool
    unknown: tuple[datetime, ...] = ()
